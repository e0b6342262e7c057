"""Nothing is taken from a cargo, rustc or linker whose own success was not looked at: each with a fake in its place that
does its work and then dies, fails, or says only half of it. The other tools: tests/unit/test_tools.c, test_profdata.c."""

from harness import check

# What a fake cargo does where it builds; the real one's work is done by then, or as it goes.
CARGOS = (
    ('@REAL@ "$@"; kill -SEGV $$', "signal 11 (SIGSEGV)"),
    ('@REAL@ "$@"; exit 3', "exit code 3"),
    ('@REAL@ "$@" | grep -v build-finished; exit 0', "without saying that it had finished"),
    ('@REAL@ "$@" | sed "s/\\"success\\":true/\\"success\\":false/"; exit 0', "without saying that it had finished"),
    ('@REAL@ "$@" | head -c 300; exit 0', "cargo"),
)

# What a fake linker does with the file that the real one made.
LINKERS = (
    ("kill -SEGV $$", "signal: 11"),
    ("exit 3", "exit status: 3"),
    ('truncate -s 9000 "$out"', "what was linked is no program"),
    ('truncate -s 40 "$out"', "what was linked is no program"),
    (': >"$out"', "is empty"),
)

RUSTCS = (
    ("*-vV*", "@REAL@ -vV | head -n 2; exit 0", "release and host"),
    ("*-vV*", "@REAL@ -vV; kill -SEGV $$", "signal 11"),
    ("*--print=sysroot*", "exit 0", "--print=sysroot"),
)


def test_cargos_that_fail_after_their_work(box):
    kit = box.kit()
    for text, part in CARGOS:
        box.program("cargo", f'#!/bin/sh\ncase $1 in build|rustc) {text} ;; esac\nexec @REAL@ "$@"\n')
        box.bad(kit, ["build", "--no-baseline", "opt-level=1"], 1, part)


def test_linkers_that_fail_after_their_work(box):
    kit = box.kit()
    config = kit / ".cargo/config.toml"
    config.parent.mkdir()
    config.write_text(f'[target."cfg(unix)"]\nlinker = "{box.root}/linker"\n')
    for text, part in LINKERS:
        box.write("linker", f"""\
#!/bin/sh
cc "$@" || exit
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
case $out in */deps/kit-*) {text} ;; esac
""", 0o755)
        result = box.bad(kit, ["build", "--no-baseline", "opt-level=1"], 1, part)
        check(not result.out, f"a file is named\n{result}")
    # cargo took the last one for built; it is linked anew all the same.
    box.write("linker", '#!/bin/sh\nexec cc "$@"\n', 0o755)
    box.good(kit, ["build", "--no-baseline", "opt-level=1"])


def test_rustcs_that_say_half_of_it(box):
    kit = box.kit()
    for question, text, part in RUSTCS:
        box.program("rustc", f'#!/bin/sh\ncase "$*" in {question}) {text} ;; esac\nexec @REAL@ "$@"\n')
        box.bad(kit, ["build", "--no-baseline", "opt-level=1"], 1, part)
