"""`cargo hone self-check`: what is here, what else would bring, and the command that installs it."""

import os
import shutil

from harness import check


def only(box, *names, fake=()):
    """A PATH of these programs alone; fake ones do nothing."""
    folder = box.root / "-".join(("only", *names, *fake))
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(shutil.which(name))
    for name in fake:
        box.write(folder / name, "#!/bin/sh\n", 0o755)
    return {"PATH": str(folder)}


def tools(box, env):
    result = box.run(box.root, "self-check", "--format", "json", env=env)
    return result, {tool["name"]: tool for tool in result.json()["tools"]}


def test_commands_of_package_managers(box):
    """The manager that the machine has, and rustup where it is here."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    want = {
        "apt-get": ("apt", "apt-get install valgrind"),
        "dnf": ("dnf", "dnf install valgrind"),
        "pacman": ("pacman", "pacman -S valgrind"),
        "apk": ("apk", "apk add valgrind"),
    }
    for program, (name, command) in want.items():
        result, found = tools(box, only(box, "cargo", "rustc", "cc", "sh", fake=(program,)))
        check(result.json()["package_manager"] == name, f"{result}")
        check(found["valgrind"]["install"] == sudo + command, f"{result}")
        check(not found["valgrind"]["here"] and found["cargo"]["here"], f"{result}")
        check(found["cargo"]["install"] is None, "nothing is offered that is here")
        result.expect(0)
    result, found = tools(box, only(box, "cargo", "rustc", "cc", "sh"))
    check(result.json()["package_manager"] is None and found["mold"]["install"] is None, f"{result}")
    env = only(box, "cargo", "rustc", "cc", "sh", fake=("rustup", "apt-get"))
    _, found = tools(box, env)
    for name, words in (("nightly", "toolchain install nightly"), ("targets", "target add TRIPLE")):
        check(f"rustup {words}" in found[name]["install"], f"{found[name]}")
    said = box.run(box.root, "self-check", env=env).expect(0).out
    check("to have what is missing:\n" in said and "apt-get install valgrind\n" in said, said)


def test_what_is_here(box):
    """Versions, as each program tells its own."""
    box.program("valgrind", "#!/bin/sh\necho valgrind-3.99.1.GIT\n")
    box.program("wrk", "#!/bin/sh\necho 'wrk 4.77.0 [epoll] Copyright' >&2; exit 1\n")
    box.program("ld.mold", "#!/bin/sh\necho 'mold says nothing'\n")
    box.program("wasm-opt", "#!/bin/sh\nkill -9 $$\n")
    result, found = tools(box, {})
    check(found["valgrind"]["version"] == "3.99.1" and found["load generator"]["version"] == "4.77.0", f"{result}")
    check(found["mold"]["here"] and found["mold"]["version"] is None, f"{result}")
    check(found["wasm-opt"]["here"], f"{result}")
    check(found["rustc"]["note"].startswith("LLVM "), f"{result}")
    result.expect(0)
    for form, text in (("markdown", "| valgrind | 3.99.1 |"), ("csv", "valgrind,3.99.1,")):
        box.run(box.root, "self-check", "--format", form).expect(0, text)


def test_needed_tools_missing(box):
    box.bad(box.root, ["self-check"], 1, "cargo", "https://rustup.rs", env=only(box, "cc"))
    env = only(box, "cargo", "rustc", "sh", fake=("apt-get",))
    box.bad(box.root, ["self-check"], 1, "there is no C compiler here", "apt-get install gcc libc6-dev", env=env)


def test_what_a_tool_says_is_harmless(box):
    """Escapes in a version or a path do not reach the terminal."""
    box.program("valgrind", "#!/bin/sh\nprintf '\\033]0;title\\007 3.1\\033[31m'\n")
    said = box.run(box.root, "self-check").expect(0)
    check("\033" not in said.out, f"{said}")
