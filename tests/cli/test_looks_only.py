"""Commands that only look run nothing of the project's: a repository from a stranger may be looked at."""

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
        ["size", HONE],
        ["size", "--diff", HONE, HONE],
    )
    for words in commands:
        box.good(project, words)
        check(not trap.exists(), f"{words} ran {trap.exists() and trap.read_text()}")
