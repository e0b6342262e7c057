"""Commands that only look run nothing of the project's: a repository from a stranger may be looked at."""

import shutil

from harness import HONE, check

TRAP = "#!/bin/sh\necho \"$0 $*\" >>{trap}\nexit 1\n"


def test_commands_that_only_look(box):
    """hone.toml's commands, build scripts, the package's program, wrappers, linkers, runners: none is started."""
    trap = box.root / "trap"
    program = box.write("trapped", TRAP.format(trap=trap), 0o755)
    hone_toml = f"""
        [[workload]]
        name = "w"
        run = "{program} {{bin}}"
        setup = "{program} setup"
        teardown = "{program} teardown"
        [[workload]]
        name = "bench"
        kind = "bench"
        run = "{program} {{bin}}"
        """
    config = f"""
        [build]
        rustc-workspace-wrapper = "{program}"
        rustc-wrapper = "{program}"
        rustc = "{program}"
        [target.'cfg(unix)']
        linker = "{program}"
        runner = "{program}"
        """
    script = f'fn main() {{ std::process::Command::new("{program}").status().unwrap(); }}\n'
    project = box.kit(**{"hone.toml": hone_toml, ".cargo/config.toml": config, "build.rs": script})
    box.write(project / "target/release/kit", TRAP.format(trap=trap), 0o755)
    commands = (
        [],
        ["show"],
        ["explain"],
        ["explain", "lto"],
        ["history"],
        ["history", "--export"],
        ["apply", "small", "-n"],
        ["apply", "opt-level=1", "-n"],
        ["apply", "link.allocator=mimalloc", "-n"],
        ["size", HONE],
        ["size", "--diff", HONE, HONE],
    )
    for words in commands:
        box.good(project, words)
        check(not trap.exists(), f"{words} ran {trap.exists() and trap.read_text()}")
    for words in (["fastest"], ["train.pgo=on", "--train", "a"]):
        said = box.run(project, "apply", "-n", *words)
        check(not trap.exists(), f"{words} ran {trap.exists() and trap.read_text()}")
        if "needs llvm-profdata" not in said.err:
            said.expect(0, "Dry run", "is trained: its profile")


def test_what_cargo_knows_of_rustc_is_used(box):
    """cargo keeps what rustc said in target/.rustc_info.json; it does not where RUSTC_WRAPPER is set, though empty."""
    asked = box.root / "asked"
    real = shutil.which("rustc")
    box.write("bin/rustc", f'#!/bin/sh\necho "$*" >>{asked}\nexec {real} "$@"\n', 0o755)
    project = box.kit()
    env = {"PATH": f"{box.root / 'bin'}:{box.env['PATH']}"}
    box.cargo(project, "check", "--release", env=env)
    box.good(project, [], env=env)  # asks for the facts of the target by its name, which cargo has not
    for words in ([], ["show"]):
        asked.unlink(missing_ok=True)
        box.good(project, words, env=env)
        lines = asked.read_text().splitlines()
        check(not any("--crate-name" in line for line in lines), f"{words}: cargo asked rustc anew: {lines}")
