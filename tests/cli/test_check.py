"""`check` builds two states of a project and says what changed in size, why, and whether it may."""

import json
import shutil
import subprocess

from harness import KIT_MAIN, KIT_MANIFEST, cargos_time, check

GREW = KIT_MAIN + """
#[inline(never)]
fn grown<T: std::fmt::Debug>(x: &[T]) -> usize { format!("{x:?}{x:#?}").len() }
pub fn more() { println!("{}", grown(&[1u8]) + grown(&[2.5f64]) + grown(&["x"])); }
#[used]
static MORE: fn() = more;
#[used]
static TABLE: [u8; 5000] = [7; 5000];
"""


def git(folder, *args):
    done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *args],
                          cwd=folder, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"git {args}: {done.stderr}")
    return done.stdout.strip()


def repository(box, **files):
    kit = box.kit(**{".gitignore": "target\n", **files})
    git(kit, "init", "-q")
    commit(kit, "first")
    return kit


def commit(kit, message):
    git(kit, "add", "-A")
    git(kit, "commit", "-qm", message)


def holds_together(told):
    """Every byte of the change is in one row of each view."""
    delta = told["head"]["size"] - told["base"]["size"]
    for view in ("crates", "functions"):
        check(sum(row["delta"] for row in told[view]) == delta, f"{view} do not sum to {delta}")


@cargos_time
def test_a_commit_beside_itself(box):
    """0 bytes, with paths in the file (debug information, a build script's folder) and without."""
    manifest = KIT_MANIFEST + 'debug = "line-tables-only"\nsplit-debuginfo = "off"\n'
    script = 'fn main() { std::fs::write(format!("{}/x.txt", std::env::var("OUT_DIR").unwrap()), "x").unwrap(); }\n'
    main = KIT_MAIN + '#[used]\nstatic X: &str = concat!(env!("OUT_DIR"), include_str!(concat!(env!("OUT_DIR"), "/x.txt")), env!("CARGO_MANIFEST_DIR"));\n'
    kit = repository(box, **{"Cargo.toml": manifest, "build.rs": script, "src/main.rs": main, "hone.toml": '[hone]\nbudget = "5min"\n[budget]\nsize = "+0"\ngzip = "+5%"\n'})
    told = box.good(kit, ["check", "--base", "HEAD", "--format", "json"]).json()
    check(told["base"]["size"] == told["head"]["size"] and not told["crates"] and not told["functions"], told["crates"])
    check(told["base"]["stripped"] == told["head"]["stripped"] and not told["dependencies"] and not told["settings"], told)
    check([b["verdict"] for b in told["budgets"]] == ["within", "within"], told["budgets"])
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


def test_what_grew(box):
    """A branch beside where it left main: causes, a dependency, a setting, budgets; then what is edited counts, too."""
    kit = repository(box, **{"inner/Cargo.toml": '[package]\nname = "inner"\nversion = "0.3.0"\nedition = "2021"\n[features]\nextra = []\n', "inner/src/lib.rs": "pub fn f() {}\n"})
    git(kit, "checkout", "-qb", "work")
    (kit / "src/main.rs").write_text(GREW)
    (kit / "Cargo.toml").write_text(KIT_MANIFEST.replace("opt-level = 2 # chosen by hand", "opt-level = 1") + '[dependencies]\ninner = { path = "inner", features = ["extra"] }\n')
    (kit / "Cargo.lock").unlink()
    commit(kit, "grow")
    (kit / "hone.toml").write_text('[budget]\nsize = ["+50%", "+4 kB"]\nstripped = 100000000\ncrates = "+0"\n')
    github = {"GITHUB_STEP_SUMMARY": str(box.root / "summary.md"), "GITHUB_ACTIONS": "true"}
    told = box.run(kit, "check", "--format", "json", env=github).expect_error(4, "::error title=cargo hone check::size is", "size is", "above its budget", "crates is 2, 1 above").json()
    check((box.root / "summary.md").read_text().startswith("<!-- cargo hone check: kit -->"), "no summary")
    holds_together(told)
    names = {row["name"]: row for row in told["functions"] if row["owner"] == "kit"}
    check(names["kit::more"]["why"] == "new", names.keys())
    check(sum(row["head_items"] for name, row in names.items() if name and "grown" in name) == 3, names.keys())
    check(any(row["delta"] >= 5000 for row in told["crates"]), told["crates"])
    check([(d["name"], d["base"], d["head"]["via"], d["head"]["features"]) for d in told["dependencies"]] == [("inner", None, "kit > inner", "extra")], told["dependencies"])
    check([(s["key"], s["base"], s["head"]) for s in told["settings"]] == [("opt-level", "2", "1")], told["settings"])
    check([b["verdict"] for b in told["budgets"]] == ["within", "over", "within", "over"], told["budgets"])
    check("1 uncommitted edit" in told["head"]["what"], told["head"])
    # A comment: it begins with what finds it again, and is short.
    comment = box.run(kit / "src", "check", "--format", "markdown", "--limit", "size=+1MB", "--limit", "crates=+1").expect(0).out
    check(comment.startswith("<!-- cargo hone check: kit -->\n### kit: +") and "within budget" in comment and "<details>" in comment, comment)
    check(len(comment) < 60000 and "inner 0.3.0" in comment, comment)


def test_a_saved_base(box):
    """What was saved stands for the base, while it is whole and of the same toolchain."""
    kit = repository(box)
    saved = box.root / "base.json"
    box.run(kit, "check", "--save", saved).expect(0, "Saved")
    (kit / "src/main.rs").write_text(GREW)
    told = box.run(kit, "check", "--against", saved, "--format", "json", "--save", box.root / "head.json").expect(0).json()
    holds_together(told)
    check(told["head"]["size"] > told["base"]["size"] and told["base"]["commit"] == git(kit, "rev-parse", "HEAD"), told["base"])
    text = saved.read_text()
    other = json.loads(text) | {"rustc": "rustc 1.70.0 (old)\nhost: x"}
    saved.write_text(json.dumps(other))
    box.run(kit, "check", "--against", saved).expect_error(1, "rustc 1.70.0", "--any-toolchain")
    box.run(kit, "check", "--against", saved, "--any-toolchain").expect(0, "Toolchain", "rustc 1.70.0 (old) at base")
    for bad in ("", text[:-40], "[]", "{}", text.replace('"size":', '"size":1'), text.replace("hone-check", "x")):
        saved.write_text(bad)
        box.run(kit, "check", "--against", saved).expect_error(1, "is no file of `cargo hone check --save`")


def test_no_base(box):
    """What cannot be compared is said before anything is built."""
    kit = box.kit(**{".gitignore": "target\n"})
    box.bad(kit, ["check"], 1, "is in no git repository")
    git(kit, "init", "-q")
    box.bad(kit, ["check"], 1, "git knows no revision `HEAD`")
    commit(kit, "first")
    box.bad(kit, ["check"], 2, "HEAD is on main", "--base HEAD^")
    box.bad(kit, ["check", "--base", "gone"], 1, "git knows no revision `gone`")
    box.bad(kit, ["check", "--base", "--help"], 1, "git knows no revision `--help`")
    box.bad(kit, ["check", "--base", "HEAD", "--against", "x"], 2, "--base and --against")
    box.bad(kit, ["check", "--against", "gone.json"], 1, "gone.json")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "sizze=1"], 2, "no budget `sizze`", "did you mean `size`")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "size=10%"], 2, "this is no budget", "+1%")
    for text, said in (('sizze = 1', "did you mean `size`"), ('size = true', "no budget of size"), ('size = "12 parsecs"', "no budget of size"), ('size = -4', "no budget of size")):
        (kit / "hone.toml").write_text(f"[budget]\n{text}\n")
        box.bad(kit, ["check", "--base", "HEAD"], 1, "hone.toml:2", said)
    (kit / "hone.toml").write_text("budget = 3\n")
    box.bad(kit, ["check", "--base", "HEAD"], 1, "write [budget]")
    (kit / "hone.toml").unlink()
    shallow = box.root / "shallow"
    (kit / "README").write_text("x")
    commit(kit, "second")
    git(box.root, "clone", "-q", "--depth", "1", f"file://{kit}", str(shallow))
    box.bad(shallow, ["check", "--base", "HEAD^"], 1, "this clone is shallow: `git fetch --unshallow`")
    nowhere = box.root / "nowhere"
    nowhere.mkdir()
    for name in ("cargo", "rustc", "rustup"):
        if shutil.which(name):
            (nowhere / name).symlink_to(shutil.which(name))
    box.bad(kit, ["check"], 1, "git", env={"PATH": str(nowhere)})


def test_a_base_that_does_not_build(box):
    kit = repository(box, **{"src/main.rs": "fn main() { broken }\n"})
    (kit / "src/main.rs").write_text(KIT_MAIN)
    commit(kit, "mend")
    box.bad(kit, ["check", "--base", "HEAD^"], 1, "the base (", "broken")
    (kit / "src/main.rs").write_text("fn main() { broken }\n")
    box.bad(kit, ["check", "--base", "HEAD"], 1, "the head (", "1 uncommitted edit", "broken")
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


@cargos_time
def test_each_side_reads_its_own_files(box):
    """Config, toolchain and manifest of one side are nothing to the other; a program in a folder below is found."""
    kit = repository(box, **{".cargo/config.toml": '[build]\nrustflags = ["--cfg", "big"]\n',
                             "src/main.rs": KIT_MAIN + "#[cfg(big)]\n#[used]\nstatic BIG: [u8; 9000] = [7; 9000];\n"})
    (kit / ".cargo/config.toml").unlink()
    told = box.good(kit, ["check", "--base", "HEAD", "--format", "json"]).json()
    check(told["head"]["size"] <= told["base"]["size"] - 9000, told["head"])
    check([(s["key"], s["base"], s["head"]) for s in told["settings"]] == [("rustflags", "--cfg, big", None)], told["settings"])
    box.run(box.root, "check", "--base", "HEAD", "--manifest-path", kit / "Cargo.toml").expect(0)
