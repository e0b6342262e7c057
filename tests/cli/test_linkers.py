"""Who links, and what goes with it: symbols that no setting takes are not what a setting wins."""

import shutil
import subprocess
from pathlib import Path

from harness import Skip, check


def lines(result, head):
    return [line for line in result.out.splitlines() if line.startswith(head)]


def lost(box, kit, name, *others):
    """A trial that lost its symbol table without being asked to."""
    result = box.good(kit, ["try", "--rounds=1", "--format=json", name, *others])
    trial = result.trial(name)
    check(trial["unasked"] == ["symbols"] and "debug" in trial["labels"], trial)
    check(trial["size"] == trial["stripped_size"], trial)
    text = box.good(kit, ["try", "--rounds=1", name, *others])
    (mind,) = lines(text, f"Mind: {name}: ")
    check("the symbol table is gone" in mind and "with symbols stripped" in mind, mind)
    check(any(name in line and "harder to debug" in line for line in lines(text, "Labels: ")), text)
    (smallest,) = lines(text, "Smallest: ")
    check(not smallest.startswith(f"Smallest: {name},") or "when both are stripped" in smallest, smallest)
    return result, smallest


def test_mold_takes_the_symbols_with_the_debug_information(box):
    """mold 1.10.1: its --strip-debug, which cargo passes by itself, is --strip-all."""
    kit = box.kit()
    if not shutil.which("mold"):
        raise Skip("no mold")
    result = box.run(kit, "try", "--rounds=1", "--format=json", "link.linker=mold")
    if result.trial("link.linker=mold")["size"] != result.trial("link.linker=mold")["stripped_size"]:
        raise Skip("this mold keeps the symbol table")
    lost(box, kit, "link.linker=mold")
    # The one that says it is the winner.
    _, smallest = lost(box, kit, "link.linker=mold", "strip=symbols")
    check(smallest.startswith("Smallest: strip=symbols"), smallest)
    built = box.run(kit, "build", "link.linker=mold").expect(0, "Labels harder to debug", "the symbol table is gone")
    check("mold" in built.err, built)
    # The other way round.
    (kit / ".cargo").mkdir()
    (kit / ".cargo/config.toml").write_text('[build]\nrustflags = ["-Clink-arg=-fuse-ld=mold"]\n')
    box.good(kit, ["try", "--rounds=1", "opt-level=2"])


def test_a_strip_of_the_users_that_cargo_undoes(box):
    """`-s` is undone by the --strip-debug that cargo adds by itself, which any debug information turns off."""
    kit = box.kit()
    (kit / ".cargo").mkdir()
    (kit / ".cargo/config.toml").write_text('[build]\nrustflags = ["-Clink-arg=-s"]\n')
    result, smallest = lost(box, kit, "debug=1")
    check(result.trial("baseline")["size"] > result.trial("baseline")["stripped_size"], result)
    check(smallest.startswith("Smallest: baseline"), smallest)


# What rustc 1.95 makes of a linker's name; each was tried.
NAMES = (("gcc", True), ("x86_64-linux-gnu-gcc", True), ("gcc-12", True), ("/usr/bin/x86_64-linux-gnu-gcc-12", True),
         ("clang", True), ("clang++-14", True), ("./tools/gcc.sh", True), ("cc", False), ("c++", False),
         ("my-cc", False), ("gcc-wrapper.sh", False), ("./wrap", False))


def test_a_linkers_name_that_turns_lld_off(box):
    kit = box.kit()
    where = "target.x86_64-unknown-linux-gnu.linker"
    config = kit / ".cargo/config.toml"
    config.parent.mkdir()
    sysroot = subprocess.run(["rustc", "--print=sysroot"], cwd=kit, env=box.env, capture_output=True, text=True, check=True)
    if not Path(sysroot.stdout.strip(), "lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld/ld.lld").exists():
        raise Skip("this rustc has no lld of its own")
    for name, drops in NAMES:
        config.write_text(f'[target.x86_64-unknown-linux-gnu]\nlinker = "{name}"\n')
        found = [p for p in box.good(kit, ["show", "--format=json"]).json()["problems"] if p["id"] == "linker-name"]
        check(len(found) == drops, f"{name}: {found}")
        check(not found or (name in found[0]["message"] and found[0]["where"] == where), found)
    # Whoever says by what to link has said it.
    config.write_text('[target.x86_64-unknown-linux-gnu]\nlinker = "gcc"\nrustflags = "-Clink-arg=-fuse-ld=lld"\n')
    check("linker-name" not in box.good(kit, ["show"]).out, "a linker was chosen")
    # What needs lld finds it all the same, and the file says that it was lld.
    config.write_text('[target.x86_64-unknown-linux-gnu]\nlinker = "gcc"\n')
    result = box.good(kit, ["try", "--rounds=1", "--format=json", "link.linker=lld", "link.icf=all"], "GNU ld cannot merge")
    sections = []
    for trial in result.json()["trials"]:
        check(trial["status"] == "built", trial)
        sections.append(b"Linker: LLD" in open(trial["path"], "rb").read())
    check(sections == [False, True, True], sections)


def test_a_flag_that_wins_over_the_setting(box):
    kit = box.kit()
    config = kit / ".cargo/config.toml"
    config.parent.mkdir()
    for text in ('[build]\nrustflags = ["-Clink-arg=-fuse-ld=bfd"]\n',
                 '[build]\nrustflags = "-C link-arg=-fuse-ld=bfd"\n',
                 '[target."cfg(unix)"]\nrustflags = "-Clink-args=-fuse-ld=bfd"\n'):
        config.write_text(text)
        box.bad(kit, ["build", "link.linker=lld"], 2, 'link.linker="lld"', "-fuse-ld=bfd", "config.toml", "wins")
    config.unlink()
    box.bad(kit, ["build", "link.linker=gold"], 2, "and wins", env={"RUSTFLAGS": "-Clink-arg=-fuse-ld=bfd"})
    box.good(kit, ["build", "--no-baseline", "link.linker=gnu"], env={"RUSTFLAGS": "-Clink-arg=-fuse-ld=bfd"})
    # A wrapper that nobody can look into: the file tells.
    wrap = box.write("wrap", '#!/bin/sh\nexec cc "$@" -fuse-ld=bfd\n', 0o755)
    config.write_text(f'[target.x86_64-unknown-linux-gnu]\nlinker = "{wrap}"\n')
    box.bad(kit, ["build", "link.linker=lld"], 1, 'link.linker="lld": another linker linked it')


def test_a_strip_that_is_undone_is_said(box):
    kit = box.kit()
    for flags, fires in (("-Clink-arg=-s", True), ("-C link-arg=-s", True), ("-Clink-arg=-Wl,-s", False),
                         ("-Clink-arg=-Wl,--strip-all", False), ("-Clink-arg=-s -Cstrip=symbols", False),
                         ("-Clink-arg=-s -Clink-arg=-fuse-ld=gold", False)):
        result = box.good(kit, ["show"], env={"RUSTFLAGS": flags})
        check(("strip-undone" in result.out) == fires, f"{flags}\n{result}")


def order_of(path):
    """The functions of main.rs by their place in the file."""
    names = subprocess.run(["nm", "-n", path], capture_output=True, text=True, check=True).stdout.split()
    return [n for n in names if n in ("first", "second", "third")]


def test_functions_in_the_order_of_a_file(box):
    """Its content is part of the plan, though cargo compares arguments only; what apply writes works from below."""
    main = "".join(
        f"#[inline(never)]\n#[no_mangle]\nfn {name}(n: usize) {{ println!(\"{name} {{n}}\") }}\n"
        for name in ("first", "second", "third"))
    kit = box.kit(main=main + "fn main() { let n = std::env::args().count(); first(n); second(n); third(n) }\n")
    wish = "link.function-order=order.txt"
    box.run(kit, "build", "--no-baseline", wish).expect(2, "order.txt", "No such file", "workspace's root")
    for names in (["third", "first", "second"], ["second", "third", "first"], ["third", "first", "second"]):
        (kit / "order.txt").write_text("\n".join(names + ["nowhere"]) + "\n")
        built = box.run(kit, "build", "--no-baseline", "-o", "made", wish)
        if built.code == 2 and "there is no ld.lld" in built.err:
            raise Skip("no lld")
        built.expect(0)
        check(order_of(kit / "made") == names, f"{names}: {order_of(kit / 'made')}")
    box.run(kit, "apply", wish).expect(0, "cargo release-build")
    subprocess.run(["cargo", "-q", "release-build"], cwd=kit / "src", env=box.env, check=True)
    check((kit / "target/release/kit").read_bytes() == (kit / "made").read_bytes(), "apply gives other bytes")


def test_a_linker_of_the_users_own_is_asked(box):
    """Once for each flag, and by those commands only that build; what it does not take is left out in its own words."""
    log = box.root / "log"
    wrap = box.write("wrap", f'#!/bin/sh\necho x >>{log}\nfor a; do case $a in *icf*|*.ld) echo "wrap: unknown: $a" >&2; exit 1;; esac; done\nexec cc "$@"\n', 0o755)
    recipe = "link.icf=all,link.hash-style=sysv,link.unwind=discard,panic=abort"
    kit = box.kit(**{".cargo/config.toml": f'[target.x86_64-unknown-linux-gnu]\nlinker = "{wrap}"\n'})
    said = box.good(kit, ["apply", "-n", recipe])
    check(said.err.count("whether your linker takes it is asked before") == 3 and not log.exists(), said)
    said = box.good(kit, ["build", "--no-baseline", recipe])
    for key, words in (("link.icf", "-Wl,--icf=all"), ("link.unwind", "drop-unwind.ld")):
        check(any(f"{key} is left out: your linker does not take it: wrap: unknown: " in line and words in line for line in said.err.splitlines()), said)
    check("link.hash-style is left out" not in said.err, said)
    # What is left out risks nothing: of the labels only that of panic is there.
    labels = [line.strip() for line in said.err.splitlines() if line.strip().startswith("Labels")]
    check(labels == ["Labels changes what the program does"], labels)
    links = len(log.read_text().splitlines())
    check(links == 1 + 3 + 1, f"linked {links} times")
    # One that links nothing at all tells nothing about a flag.
    box.write("wrap", '#!/bin/sh\necho "wrap: broken" >&2\nexit 1\n', 0o755)
    said = box.bad(kit, ["build", "--no-baseline", "link.icf=all"], 1, "wrap: broken")
    check("left out" not in said.err, said)
