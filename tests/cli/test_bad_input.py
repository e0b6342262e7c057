"""Every case of tests/bad-input.md. Each test asserts the message, the exit code, that no file of the
project changed and that no process is left (Box.bad, Box.good and Box.interrupt do)."""

import os
import re
import shutil
import signal
import subprocess

from harness import KIT_MAIN, KIT_MANIFEST, SOURCE, Skip, check, tree_hash

# What does not build with panic=abort, so that some candidates fail and others do not.
NO_ABORT = '#[cfg(panic = "abort")]\ncompile_error!("kit cannot live with panic=abort");\n' + KIT_MAIN

FAST = ("--rounds", "2")


def reason_of(result, name, status):
    trial = result.trial(name)
    check(trial["status"] == status, f"{name} is {trial['status']}, not {status}\n{result}")
    return trial["reason"]


# The project


def test_no_project(box):
    empty = box.root / "empty"
    empty.mkdir()
    for args in (["try"], ["build", "small"], ["apply", "small"], ["clean"]):
        box.bad(empty, args, 1, "could not find `Cargo.toml`", str(empty), "help:", "--manifest-path")


def test_manifest_path_to_nothing(box):
    box.bad(box.kit(), ["try", "--manifest-path", "gone/Cargo.toml"], 1, "gone/Cargo.toml")


def test_broken_toml(box):
    kit = box.kit(manifest=KIT_MANIFEST + "lto = \n")
    for args in (["try"], ["apply", "small"]):
        box.bad(kit, args, 1, "Cargo.toml", "lto = ", "8")


def test_broken_config(box):
    kit = box.kit(**{".cargo/config.toml": "[build\n"})
    for args in (["try"], ["apply", "small"]):
        box.bad(kit, args, 1, ".cargo/config.toml")


def test_several_binaries(box):
    kit = box.kit(**{"src/bin/second.rs": "fn main() {}\n"})
    for args in (["try"], ["build", "small"], ["apply", "small"]):
        box.bad(kit, args, 2, "kit", "second", "--bin")
    box.bad(kit, ["build", "baseline", "--bin", "secnod"], 2, "no bin target named `secnod`", "second")


def test_library_only(box):
    kit = box.kit(**{"src/main.rs": None, "src/lib.rs": "pub fn f() {}\n"})
    for args in (["try"], ["build", "small"], ["apply", "small"]):
        box.bad(kit, args, 1, "library only")


def test_unknown_package(box):
    box.bad(box.kit(), ["try", "-p", "kitt"], 2, "kitt", "not found", "`kit`")


def test_no_lock_with_locked(box):
    kit = box.kit(**{"Cargo.lock": None})
    box.bad(kit, ["try", "--locked"], 1, "--locked", "lock file")
    check(not (kit / "Cargo.lock").exists(), "Cargo.lock was made")


def test_apply_makes_no_lock(box):
    kit = box.kit(**{"Cargo.lock": None})
    box.run(kit, "apply", "small", "--dry-run").expect(0)
    check(not (kit / "Cargo.lock").exists(), "Cargo.lock was made by a command that does not build")


def test_strange_path(box):
    """Spaces, quotes, a backslash, letters outside ASCII."""
    kit = box.kit('a "strange" \'folder\' \\ ü; $HOME')
    result = box.good(kit, ["try", "opt-level=1", "--format", "json", "--run", "sum", *FAST])
    check(result.trial("opt-level=1")["status"] == "built", str(result))
    result = box.run(kit, "build", "opt-level=1").expect(0)
    check(os.access(result.out.strip(), os.X_OK), f"the printed path is no program\n{result}")


def test_newline_in_path(box):
    """Where cargo itself cannot build, hone says what cargo says."""
    kit = box.kit("two\nlines")
    plain = subprocess.run(["cargo", "build"], cwd=kit, env=box.env, capture_output=True, check=False)
    shutil.rmtree(kit / "target", ignore_errors=True)
    if plain.returncode == 0:
        box.good(kit, ["try", "opt-level=1", *FAST])
    else:
        box.bad(kit, ["try", "opt-level=1", *FAST], 1, "cargo")


def test_read_only_manifest(box):
    kit = box.kit()
    (kit / "Cargo.toml").chmod(0o444)
    box.bad(kit, ["apply", "small"], 1, "Cargo.toml", "read-only", "chmod u+w")
    box.good(kit, ["try", "opt-level=1", *FAST])


def test_read_only_folder(box):
    if os.geteuid() == 0:
        raise Skip("root may write into read-only folders")
    kit = box.kit()
    box.run(kit, "apply", "small", "--dry-run").expect(0)
    kit.chmod(0o555)
    box.undo.append(lambda: kit.chmod(0o755))
    box.bad(kit, ["apply", "small"], 1, str(kit), "denied")


def test_manifest_changed_between(box):
    """Another program writes into Cargo.toml after hone read it: seen before the rename."""
    kit = box.kit()
    env = box.preload(
        "meddle",
        """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        /* The first fsync of hone comes after it has read everything. */
        int fsync(int fd)
        {
            const char *file = getenv("MEDDLE_FILE"), *once = getenv("MEDDLE_ONCE");
            (void)fd;
            if (strcmp(program_invocation_short_name, "cargo-hone") == 0 && unlink(once) == 0) {
                int f = open(file, O_WRONLY | O_APPEND);
                if (f < 0 || write(f, "# mine\\n", 7) != 7)
                    abort();
                close(f);
            }
            return 0;
        }
        """,
    )
    once = box.write("once", "")
    env |= {"MEDDLE_FILE": str(kit / "Cargo.toml"), "MEDDLE_ONCE": str(once)}
    result = box.run(kit, "apply", "small", env=env)
    check(not once.exists(), f"nothing was meddled with\n{result}")
    result.expect_error(1, "Cargo.toml", "changed by another program", "nothing was written", "again")
    want = KIT_MANIFEST + "# mine\n"
    check((kit / "Cargo.toml").read_text() == want, f"the other program's bytes were lost\n{result}")
    check(sorted(p.name for p in kit.iterdir() if p.name != "target") == ["Cargo.lock", "Cargo.toml", "src"],
          "a temporary file is left")


# The toolchain


def test_cargo_missing(box):
    kit = box.kit()
    box.bad(kit, ["try"], 1, "cargo", "rustup.rs", env={"PATH": str(box.programs)})


def test_cargo_too_old(box):
    kit = box.kit()
    box.program("cargo", "#!/bin/sh\necho 'cargo 1.60.0 (d1fd9fe2c 2022-03-01)'\necho 'release: 1.60.0'\n")
    box.bad(kit, ["try"], 1, "cargo 1.60.0 is too old", "1.77", "rustup update")


def test_cargo_that_is_none(box):
    kit = box.kit()
    box.program("cargo", "#!/bin/sh\necho hello\n")
    box.bad(kit, ["try"], 1, "is it cargo?")


def test_cargo_that_prints_garbage(box):
    kit = box.kit()
    box.program("cargo", '#!/bin/sh\ncase $1 in metadata) echo "{]";; *) exec @REAL@ "$@";; esac\n')
    box.bad(kit, ["try"], 1, "cargo metadata", "does not understand")


def test_cargo_that_is_killed(box):
    kit = box.kit()
    box.program("cargo", '#!/bin/sh\ncase $1 in build|rustc) kill -9 $$;; *) exec @REAL@ "$@";; esac\n')
    box.bad(kit, ["try"], 1, "signal 9")


# A candidate that does not build


def test_candidate_does_not_build(box):
    kit = box.kit(main=NO_ABORT)
    args = ["try", "panic=abort", "opt-level=1", "--format", "json", *FAST]
    result = box.good(kit, args, compiler=True)
    reason = reason_of(result, "panic=abort", "failed")
    check("kit cannot live with panic=abort" in reason, f"no compiler's reason\n{result}")
    check(result.trial("opt-level=1")["status"] == "built", f"the others did not go on\n{result}")


def test_linker_dies_of_a_full_disk(box):
    """lld writes through memory: it dies of SIGBUS. That is no candidate that does not build."""
    project = box.kit()
    disk = box.small_disk("64m")
    text = "#!/bin/sh\necho 'collect2: fatal error: ld terminated with signal 7 [Bus error]' >&2\nexit 1\n"
    linker = box.write("linker", text, 0o755)
    words = ["try", "small", "--target-dir", disk, "--config", f"target.'cfg(unix)'.linker='{linker}'"]
    box.bad(project, words, 1, "the disk is full", str(disk), "--target-dir")


def test_no_candidate_builds(box):
    box.bad(box.kit(main=NO_ABORT), ["try", *FAST], 1, "kit cannot live with panic=abort")
    box.bad(box.root / "kit", ["build", "small"], 1, "kit cannot live with panic=abort")


def test_baseline_does_not_build(box):
    kit = box.kit(main="fn main() { let x: u8 = \"\"; }\n")
    result = box.bad(kit, ["try"], 1, "mismatched types", "src/main.rs")
    check("hone" not in result.err.split("error", 1)[1].replace("target/hone", "").replace(str(kit), ""),
          f"more than the compiler's own error\n{result}")


def test_linker_without_flag(box):
    """GNU ld does not know --icf."""
    if not shutil.which("ld.bfd"):
        raise Skip("no GNU ld")
    kit = box.kit(**{".cargo/config.toml": '[build]\nrustflags = ["-Clinker-features=-lld", "-Clink-arg=-fuse-ld=bfd"]\n'})
    for command in (["try", "link.icf=all", "opt-level=1", *FAST], ["build", "link.icf=all"]):
        box.bad(kit, command, 2, "link.icf", "GNU ld, which cannot merge functions", "-fuse-ld in your rustflags")


def test_unknown_candidate(box):
    kit = box.kit()
    box.bad(kit, ["try", "smal"], 2, "smal", "small")
    box.bad(kit, ["try", "opt-level=9"], 2, "opt-level", "9")
    box.bad(kit, ["apply", "small+lto=fatt"], 2, "lto", "fatt")
    box.bad(kit, ["build", "panic=abort,,"], 2)


# The workload


def test_workload_fails_on_baseline(box):
    kit = box.kit()
    box.bad(kit, ["try", "opt-level=1", "--run", "fail", *FAST], 1, "fail", "exit code 3", "kit: told to fail")


def test_workload_fails_with_many_words(box):
    """What a program complains of a thousand times is told by its first and last words."""
    kit = box.kit()
    script = "for i in $(seq 1000); do echo row $i is bad >&2; done; exit 3"
    result = box.bad(kit, ["try", "opt-level=1", "--run", f"/bin/sh -c '{script}' {{bin}}", *FAST], 1, "row 1 is bad",
                     "(992 lines left out)", "row 1000 is bad")
    check(result.err.count(" is bad\n") == 8, f"not the first three lines and the last five\n{result}")
    check("is bad" not in result.out, f"the program's own output came through\n{result}")


def test_workload_cannot_be_split(box):
    box.bad(box.kit(), ["try", "opt-level=1", "--run", "sum 'open", *FAST], 2, "--run", "quote")
    box.bad(box.root / "kit", ["try", "opt-level=1", "--check-cmd", "'open", *FAST], 2, "--check-cmd", "quote")


def test_stdin_file_missing(box):
    box.bad(box.kit(), ["try", "opt-level=1", "--run", "sum", "--stdin", "gone.txt", *FAST], 1, "gone.txt")


def test_output_differs_from_run_to_run(box):
    box.bad(box.kit(), ["try", "opt-level=1", "--run", "pid", *FAST], 1, "pid", "not do the same twice", "--no-compare")


def test_output_differs_under_candidate(box):
    kit = box.kit()
    args = ["try", "panic=abort", "opt-level=1", "--run", "panic-kind", "--format", "json", *FAST]
    result = box.good(kit, args)
    check(reason_of(result, "panic=abort", "differs"), f"no reason\n{result}")
    check(result.trial("opt-level=1")["status"] == "built", str(result))


def test_candidate_does_not_start(box):
    """Its loader is not there, or what the loader is to load."""
    gone = box.root / "libgone.so"
    subprocess.run(["cc", "-shared", "-Wl,-soname,libgone.so", "-o", gone, "-x", "c", "/dev/null"], check=True)
    box.program("rustc", f"""\
#!/bin/sh
case "$*" in
*opt-level=1*) set -- "$@" -Clink-arg=-Wl,--dynamic-linker=/nonexistent/ld.so ;;
*opt-level=3*) set -- "$@" -Clink-arg=-Wl,--no-as-needed -Clink-arg={gone} ;;
esac
exec @REAL@ "$@"
""")
    kit = box.kit()
    result = box.good(kit, ["try", "opt-level=1", "opt-level=3", "panic=abort", "--run", "sum", "--format", "json", *FAST])
    check("loader that it names does not exist" in reason_of(result, "opt-level=1", "failed"), f"no reason\n{result}")
    check("libgone.so: cannot open" in reason_of(result, "opt-level=3", "differs"), f"no loader's words\n{result}")
    check(result.trial("panic=abort")["status"] == "built", str(result))


def test_only_candidate_differs(box):
    box.bad(box.kit(), ["try", "panic=abort", "--run", "panic-kind", *FAST], 1, "baseline")


def test_check_command_refuses(box):
    box.program("refuse", '#!/bin/sh\n"$1" panic-kind | grep -q unwind\n')
    kit = box.kit()
    args = ["try", "panic=abort", "opt-level=1", "--run", "sum", "--check-cmd", "refuse {bin}", *FAST]
    result = box.good(kit, [*args, "--format", "json"])
    check("check command" in reason_of(result, "panic=abort", "failed"), f"no reason\n{result}")


# Ends in the middle


def hanging_build(box):
    """A build script that shows that it runs, and does not end."""
    flag = box.root / "building"
    script = f'fn main() {{ std::fs::write({str(flag)!r}, "").unwrap(); std::thread::sleep(std::time::Duration::from_secs(600)); }}\n'
    return box.kit(**{"build.rs": script.replace("'", '"')}), flag


def stopped(box, project, args, when, sig):
    before = tree_hash(project)
    result = box.interrupt(project, *args, when=when, sig=sig)
    result.expect_error(128 + sig, f"stopped by signal {int(sig)}")
    check(tree_hash(project) == before, f"files of the project were changed\n{result}")


def test_interrupt_build(box):
    kit, flag = hanging_build(box)
    stopped(box, kit, ["try"], flag, signal.SIGINT)


def test_terminate_build(box):
    kit, flag = hanging_build(box)
    stopped(box, kit, ["build", "small"], flag, signal.SIGTERM)


def test_interrupt_run(box):
    flag = box.root / "running"
    stopped(box, box.kit(), ["try", "opt-level=1", "--run", f"hang {flag}", *FAST], flag, signal.SIGINT)


def test_hang_up_run(box):
    flag = box.root / "running"
    stopped(box, box.kit(), ["try", "opt-level=1", "--run", f"hang {flag}", *FAST], flag, signal.SIGHUP)


def test_next_run_after_interrupt(box):
    kit = box.kit()
    flag = box.root / "running"
    stopped(box, kit, ["try", "opt-level=1", "--run", f"hang {flag}", *FAST], flag, signal.SIGINT)
    box.good(kit, ["try", "opt-level=1", "--run", "sum", *FAST])


def test_two_at_once(box):
    kit, flag = hanging_build(box)
    before = tree_hash(kit)
    args = box.command(["try"])
    with subprocess.Popen(args, cwd=kit, env=box.env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        while not flag.exists() and first.poll() is None:
            pass
        again = [*args, "--no-wait"]
        second = subprocess.run(again, cwd=kit, env=box.env, capture_output=True, text=True, check=False)
        first.terminate()
    check(second.returncode == 1 and "another hone is at work" in second.stderr, second.stderr)
    check(tree_hash(kit) == before, "files of the project were changed")
    check(not box.left(), "processes are left")


def test_full_disk(box):
    """The target folder is a file system of 200 kB, then one of 3 MB."""
    kit = box.kit()
    for size in ("200k", "3m"):
        disk = box.small_disk(size)
        result = box.bad(kit, ["try", "opt-level=1", "--target-dir", disk], 1, str(disk))
        # The system's words, or hone's: a linker that writes by mmap dies of SIGBUS.
        said = result.err.lower()
        check("no space left" in said or "the disk is full" in said, f"the message does not say that the disk is full\n{result}")


def test_full_disk_under_manifest(box):
    """The project itself lies on a full disk: Cargo.toml stays as it is, byte for byte."""
    disk = box.small_disk("256k")
    kit = box.kit(disk / "kit")
    args = ["apply", "small", "--target-dir", box.root / "target"]
    box.run(kit, *args, "--dry-run").expect(0)
    with open(disk / "filler", "wb") as filler:
        try:
            while True:
                os.write(filler.fileno(), b"x" * 4096)
        except OSError:
            pass
    result = box.bad(kit, args, 1, "nothing was written", str(kit))
    check("no space left" in result.err.lower(), f"the message does not say that the disk is full\n{result}")


def test_output_to_full_disk(box):
    """--help and JSON into a full disk: not silently cut off."""
    kit = box.kit()
    before = tree_hash(kit)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            box.command(["--help"]), cwd=kit, env=box.env, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    check(done.returncode == 1 and "No space left" in done.stderr, f"{done.returncode} {done.stderr}")
    check(tree_hash(kit) == before, "files of the project were changed")
    check(not box.left(), "processes are left")


# What the user has set


PLACES = {
    "RUSTFLAGS": ({"RUSTFLAGS": "-Copt-level=2"}, {}),
    "CARGO_ENCODED_RUSTFLAGS": ({"CARGO_ENCODED_RUSTFLAGS": "-Copt-level=2"}, {}),
    "target.": ({}, {".cargo/config.toml": "[target.'cfg(unix)']\nrustflags = [\"-Copt-level=2\"]\n"}),
    "build.rustflags": ({}, {".cargo/config.toml": '[build]\nrustflags = ["-Copt-level=2"]\n'}),
}


def rustflags_win(box, place):
    """apply stops, as the written key would not count; try says so and measures all the same."""
    env, files = PLACES[place]
    kit = box.kit(**files)
    where = ".cargo/config.toml" if files else place
    box.bad(kit, ["apply", "opt-level=1"], 2, "opt-level", where, "--force", env=env)
    box.good(kit, ["try", "opt-level=1", *FAST], "opt-level", where, env=env)


def test_rustflags_variable(box):
    rustflags_win(box, "RUSTFLAGS")


def test_rustflags_encoded(box):
    rustflags_win(box, "CARGO_ENCODED_RUSTFLAGS")


def test_rustflags_of_target(box):
    rustflags_win(box, "target.")


def test_rustflags_of_build(box):
    rustflags_win(box, "build.rustflags")


def test_rustflags_reach_rustc(box):
    """Each place's flags are in force in hone's builds, as in cargo's."""
    main = '#[cfg(not(mine))]\ncompile_error!("the flags are lost");\n' + KIT_MAIN
    manifest = KIT_MANIFEST + '\n[lints.rust]\nunexpected_cfgs = "allow"\n'
    for n, (env, files) in enumerate(PLACES.values()):
        env = {k: "--cfg\x1fmine" if "ENCODED" in k else "--cfg mine" for k in env}
        files = {k: v.replace("-Copt-level=2", "--cfg=mine") for k, v in files.items()}
        kit = box.kit(f"kit{n}", main=main, manifest=manifest, **files)
        box.good(kit, ["try", "opt-level=1", "link.build-id=none", *FAST], env=env)


def test_graph_flags_against_variable(box):
    """target-cpu goes to the whole graph, and RUSTFLAGS would hide it."""
    env = {"RUSTFLAGS": "-Cdebuginfo=0"}
    for command in ("build", "apply"):
        box.bad(box.kit(command), [command, "rustc.target-cpu=x86-64-v2"], 2, "RUSTFLAGS", "target-cpu", env=env)


def test_own_wrapper(box):
    log = box.root / "log"
    wrapper = box.write("wrap", f'#!/bin/sh\necho "$2" >>{log}\nexec "$@"\n', 0o755)
    kit = box.kit()
    box.good(kit, ["try", "opt-level=1", *FAST], env={"RUSTC_WRAPPER": str(wrapper)})
    check(log.exists() and "--crate-name" in log.read_text(), "the user's RUSTC_WRAPPER was not called")


def test_own_wrapper_in_config(box):
    log = box.root / "log"
    wrapper = box.write("wrap", f'#!/bin/sh\necho "$2" >>{log}\nexec "$@"\n', 0o755)
    kit = box.kit(**{".cargo/config.toml": f'[build]\nrustc-wrapper = "{wrapper}"\n'})
    box.good(kit, ["try", "opt-level=1", *FAST])
    check(log.exists() and "--crate-name" in log.read_text(), "the user's rustc-wrapper was not called")


def test_own_wrapper_missing(box):
    box.bad(box.kit(), ["try"], 1, "/nonexistent/wrapper", env={"RUSTC_WRAPPER": "/nonexistent/wrapper"})


def test_own_linker(box):
    log = box.root / "log"
    linker = box.write("mylinker", f'#!/bin/sh\necho linked >>{log}\nexec cc "$@"\n', 0o755)
    host = [line[6:] for line in box.cargo(box.root, "-vV").splitlines() if line.startswith("host: ")][0]
    kit = box.kit(**{".cargo/config.toml": f'[target.{host}]\nlinker = "{linker}"\n'})
    box.good(kit, ["try", "opt-level=1", *FAST])
    check(log.exists(), "the user's linker was not called")


def test_own_linker_missing(box):
    host = [line[6:] for line in box.cargo(box.root, "-vV").splitlines() if line.startswith("host: ")][0]
    kit = box.kit(**{".cargo/config.toml": f'[target.{host}]\nlinker = "/nonexistent/linker"\n'})
    box.bad(kit, ["try"], 1, "/nonexistent/linker")


def test_build_dir_set(box):
    """The user's build-dir gets nothing of hone's."""
    theirs = box.root / "theirs"
    kit = box.kit()
    box.good(kit, ["try", "opt-level=1", *FAST], env={"CARGO_BUILD_BUILD_DIR": str(theirs)})
    check(not theirs.exists(), "hone wrote into the user's build-dir")


def test_target_dir_set(box):
    theirs = box.root / "theirs"
    kit = box.kit()
    box.good(kit, ["try", "opt-level=1", *FAST], env={"CARGO_TARGET_DIR": str(theirs)})
    check([p.name for p in theirs.iterdir() if p.name != "CACHEDIR.TAG"] == ["hone"], "more than hone/ was made")
    check(not (kit / "target").exists(), "a second target folder was made")


# The command line


def test_usage(box):
    kit = box.kit()
    box.bad(kit, ["tri"], 2, "tri", "`cargo hone try`")
    box.bad(kit, ["try", "--lockd"], 2, "--lockd", "--locked")
    box.bad(kit, ["try", "--format", "xml"], 2, "xml", "markdown")
    box.bad(kit, ["try", "--rounds", "many"], 2, "many")
    box.bad(kit, ["apply"], 2, "CANDIDATE")
    box.bad(kit, ["build"], 2, "CANDIDATE")
    box.bad(kit, ["build", "small", "fast"], 2, "fast")
    box.bad(kit, ["apply", "--undo", "small"], 2, "--undo")


def test_table_names_every_test(box):
    """tests/bad-input.md names every test of this file, and no test that does not exist."""
    folder = SOURCE / "tests/cli"
    listed = set()
    for line in (SOURCE / "tests/bad-input.md").read_text().splitlines():
        if not line.startswith("| ") or " test_" not in line:
            continue
        if "tests/packaging/" in line:  # check_packages.py runs all of its functions by itself
            continue
        unit = re.fullmatch(r" (test_\w+\.c) (\w+) ", line.rsplit("|", 2)[1])
        if unit:
            tests = (SOURCE / "tests/unit" / unit[1]).read_text()
            check(f"static void {unit[2]}(void **state)" in tests, f"{unit[1]} has no {unit[2]}")
            continue
        words = re.findall(r"\btest_\w+(?:\.py)?", line.rsplit("|", 2)[1])
        file = words.pop(0) if words[0].endswith(".py") else "test_bad_input.py"
        there = set(re.findall(r"^def (test_\w+)", (folder / file).read_text(), re.M))
        check(set(words) <= there, f"{file} has no {set(words) - there}")
        listed |= {(file, word) for word in words}
    here = {name for name in globals() if name.startswith("test_")}
    here -= {"test_table_names_every_test", "test_every_file_is_run"}
    missing = here - {word for file, word in listed if file == "test_bad_input.py"}
    check(not missing, f"the table does not name {missing}")


def test_every_file_is_run(box):
    """A file of tests that tests/cli/meson.build does not name is never run."""
    folder = SOURCE / "tests/cli"
    build = (folder / "meson.build").read_text()
    forgotten = [path.name for path in folder.glob("test_*.py") if f"'{path.stem.removeprefix('test_')}'" not in build]
    check(not forgotten, f"not in meson.build: {forgotten}")
