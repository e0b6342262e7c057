"""size on a project of the user's: what only the project tells."""

from harness import check

LEAF = """
/// With a body that is no constant, so that it is in the program.
#[inline(never)]
pub fn half(x: u64) -> u64 {
    std::hint::black_box(x) / 2 + if cfg!(feature = "loud") { std::hint::black_box(1) } else { 0 }
}
"""


def features_advice(box, dependency):
    """The entries about features for a program with one dependency, which lies outside its workspace."""
    leaf = box.root / "leaf"
    box.write(leaf / "Cargo.toml", '[package]\nname = "le-af"\nversion = "1.2.3"\nedition = "2021"\n'
              '[features]\ndefault = ["loud"]\nloud = []\n')
    box.write(leaf / "src/lib.rs", LEAF)
    top = box.root / "top"
    box.write(top / "Cargo.toml", '[package]\nname = "top"\nversion = "0.1.0"\nedition = "2021"\n'
              f'[dependencies]\nle-af = {{ path = "../leaf"{dependency} }}\n[workspace]\n')
    box.write(top / "src/main.rs", 'fn main() { println!("{}", le_af::half(std::env::args().count() as u64)); }\n')
    size = box.run(top, "size", "--advice", "--format", "json", "--offline").expect(0).json()
    return [a for a in size["advice"] if a["id"] == "features"], size


def test_default_features_are_advised_as_candidates(box):
    (advice,), size = features_advice(box, "")
    (row,) = [r for r in size["rows"] if r["name"] == "le_af 1.2.3"]
    check(advice["detail"] == "le_af 1.2.3: default, loud" and advice["upper_bound"], advice)
    check(advice["bytes"] == row["size"] + row["unwind"] + row["relocations"] > 0, f"{advice} {row}")
    check("default-features = false" in advice["remedy"], advice)


def test_no_advice_where_the_default_features_are_off(box):
    advice, _ = features_advice(box, ", default-features = false")
    check(advice == [], advice)
