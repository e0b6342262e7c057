"""Several builds at a time come to what one after another come to."""

from harness import HONE, check

CANDIDATES = ["opt-level=0", "opt-level=1", "opt-level=s", "lto=off,strip=symbols"]


def hashes(result):
    return {t["name"]: t["hash"] for t in result.json()["trials"]}


def test_same_artifacts(box):
    kit = box.kit()
    options = ["--rounds", "2", "--format", "json"]
    alone = box.run(kit, "try", *CANDIDATES, "-j1", *options).expect(0)
    box.run(kit, "clean").expect(0)
    beside = box.run(kit, "try", *CANDIDATES, "-j2", *options).expect(0)
    check(hashes(alone) == hashes(beside), f"{alone.out}\n{beside.out}")
    check([t["name"] for t in beside.json()["trials"]] == ["baseline", *CANDIDATES], "another order")
    # Each is found again where it was built, by any command.
    again = box.run(kit, "try", *CANDIDATES, "-j2", *options).expect(0)
    check(again.err.count(" Fresh ") == len(CANDIDATES) + 1 and hashes(again) == hashes(beside), again.err)
    box.run(kit, "build", CANDIDATES[-1], "--no-baseline").expect(0, "Fresh")
    # What is already someone else's jobserver is left alone.
    box.run(kit, "try", CANDIDATES[0], *options, env={"MAKEFLAGS": "-j --jobserver-auth=98,99"}).expect(0)


def test_a_build_fails(box):
    kit = box.kit(main='fn main() {\n    #[cfg(not(debug_assertions))]\n    println!("{}", 1);\n'
                       '    #[cfg(debug_assertions)]\n    compile_error!("not so");\n}\n')  # fmt: skip
    done = box.run(kit, "try", "debug-assertions=true", "opt-level=1", "-j2", "--rounds", "2", "--format", "json")
    done.expect(0, "not so")
    check(done.err.count("not so") <= 2, f"it was tried more than once\n{done}")
    check({t["name"]: t["status"] for t in done.json()["trials"]}["debug-assertions=true"] == "failed", done.out)
    check(done.trial("opt-level=1")["status"] == "built", done.out)


def test_a_compiler_is_killed(box):
    """As the kernel does where memory runs out: what it was for is built once more, alone."""
    kit = box.kit()
    killer = 'case "$*" in *opt-level=1*) [ -e "$0.done" ] || { touch "$0.done"; kill -9 $$; };; esac\nexec "$@"\n'
    mine = box.program("mine", "#!/bin/sh\n" + killer)
    done = box.run(kit, "try", "opt-level=0", "opt-level=1", "-j2", "--rounds", "2", "--format", "json",
                   env={"RUSTC_WRAPPER": str(mine)}).expect(0, "one build runs at a time")  # fmt: skip
    check(all(t["status"] == "built" for t in done.json()["trials"]), done.out)


def test_time_left_is_of_what_compiles(box):
    """What an earlier try has built takes a moment, and tells nothing of the rest."""
    kit = box.kit()
    slow = 'case "$*" in *opt-level=1*) sleep 1;; esac\nexec "$@"\n'
    env = {"RUSTC_WRAPPER": str(box.program("slow", "#!/bin/sh\n" + slow))}
    box.run(kit, "try", "opt-level=0", "-j2", "--rounds", "2", env=env).expect(0)
    script = f"'{HONE}' hone try opt-level=0 opt-level=1 -j2 --rounds 2"
    shown = box.run(kit, command=["script", "-qec", script, "/dev/null"], env=env | {"TERM": "xterm"}).expect(0).out
    # Only the line of several builds is looked at: a loaded machine shows those of one build and of rounds as well.
    lines = [line for line in shown.replace("\r", "\n").splitlines() if " to begin" in line]
    check(any("building opt-level=1" in line for line in lines), shown)
    check(not any(" left" in line for line in lines), shown)
