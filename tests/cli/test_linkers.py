"""Who links, and what goes with it: symbols that no setting takes are not what a setting wins."""

import shutil

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
