"""What the tests of the command line share: sandboxes, fake programs, and the four things that every
test of bad input asserts: one clear message, the exit code, files unchanged, no process left.

Tests are functions test_*(box) in test_*.py; run.py runs them. The built program is $HONE.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import time
import uuid
from pathlib import Path

HONE = Path(os.environ.get("HONE", "cargo-hone")).resolve()
SOURCE = Path(__file__).resolve().parents[2]

# Variables that change what cargo or hone does, so that a test sets them or nobody does.
SCRUBBED = ("CARGO", "RUSTFLAGS", "RUSTC", "RUSTDOCFLAGS", "NO_COLOR", "MAKEFLAGS", "LD_LIBRARY_PATH")
KEPT = ("CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN")


def let_signals_in():
    """What nohup, or a script's `&`, had ignored would be inherited by every hone that a test interrupts, which
    rightly leaves it ignored."""
    wanted = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)
    for sig in wanted:
        signal.signal(sig, signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)


let_signals_in()


# Set where the tests are run a second time for hone's own code (under sanitizers).
HONE_ALONE = os.environ.get("HONE_TESTS_HONE_ALONE") == "1"


def cargos_time(test):
    """Marks a test whose time is that of compilers and linkers: what hone itself does in it, other tests have it do,
    too. It is run once, and not a second time under sanitizers."""
    test.cargos_time = True
    return test


# Set where there is time for what takes compilers long (.ci/long).
LONG = os.environ.get("HONE_TESTS_LONG") == "1"


def long_time(test):
    """Marks a test that takes compilers half a minute of CPU time or more: only the long suite runs it (HONE_TESTS_LONG=1)."""
    test.long_time = True
    return test


@contextlib.contextmanager
def one_cpu():
    """For tests that count runs: where there are CPUs to choose from, hone makes more of them to choose by, but only
    where a run is short, which on a busy machine it need not be."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Skip(Exception):
    """The test cannot be run here; the reason is its text."""


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def tree_hash(root, leave_out=("target",)):
    """Names, kinds, modes and bytes of everything below root; `leave_out` names folders directly in it."""
    digest = hashlib.sha256()
    for folder, dirs, files in os.walk(root):
        if Path(folder) == Path(root):
            dirs[:] = [d for d in dirs if d not in leave_out]
        dirs.sort()
        for name in sorted(dirs + files):
            path = os.path.join(folder, name)
            info = os.lstat(path)
            digest.update(os.fsencode(os.path.relpath(path, root)) + b"\0%o\0" % info.st_mode)
            if stat.S_ISLNK(info.st_mode):
                digest.update(os.fsencode(os.readlink(path)))
            elif stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def processes_with(mark):
    """Pids whose environment holds the mark."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                if mark in file.read():
                    found.append(int(entry))
        except OSError:
            pass
    return found


class Result:
    """A finished run of hone."""

    def __init__(self, args, code, out, err, left):
        # As a shell tells it: 128 + n for an end by signal n.
        self.args, self.code = args, 128 - code if code < 0 else code
        self.out, self.err, self.left = out, err, left

    def __str__(self):
        words = " ".join(map(str, self.args))
        return f"$ {words}\nexit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}\n---"

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as e:
            raise AssertionError(f"stdout is no JSON: {e}\n{self}") from e

    def trial(self, name):
        found = [t for t in self.json()["trials"] if t["name"] == name]
        check(len(found) == 1, f"{len(found)} trials are named {name}\n{self}")
        return found[0]

    def expect(self, code, *parts):
        """The exit code, and texts that stdout or stderr holds."""
        check(self.code == code, f"exit code {self.code} where {code} was expected\n{self}")
        for part in parts:
            check(part in self.out or part in self.err, f"`{part}` is nowhere in what it printed\n{self}")
        check(not self.left, f"processes are left: {self.left}\n{self}")
        return self

    def expect_error(self, code, *parts):
        """Exactly one error, and texts that stderr holds."""
        errors = [line for line in self.err.splitlines() if line.startswith("error:")]
        check(len(errors) == 1, f"{len(errors)} errors where one clear message was expected\n{self}")
        for part in parts:
            check(part in self.err, f"`{part}` is not in stderr\n{self}")
        return self.expect(code)


class Box:
    """A folder of a test's own, with the environment that hone is run in."""

    def __init__(self, root):
        self.root = Path(root)
        self.mark = f"HONE_TEST_MARK={uuid.uuid4()}"
        self.programs = self.root / "programs"
        self.programs.mkdir()
        (self.root / "cargo-home").mkdir()
        (self.root / "tmp").mkdir()
        self.env = {
            k: v
            for k, v in os.environ.items()
            if k not in SCRUBBED and (not k.startswith("CARGO_") or k in KEPT)
        }
        home = Path(self.env.get("HOME", "/"))
        self.env.setdefault("RUSTUP_HOME", str(home / ".rustup"))
        name, value = self.mark.split("=")
        self.env |= {
            name: value,
            "PATH": f"{self.programs}:{HONE.parent}:{self.env['PATH']}",
            # No config file of the user's, no registry.
            "CARGO_HOME": str(self.root / "cargo-home"),
            "CARGO_NET_OFFLINE": "true",
            "TMPDIR": str(self.root / "tmp"),
            "TERM": "dumb",
        }
        self.undo = []

    def close(self):
        for step in reversed(self.undo):
            step()
        for pid in processes_with(self.mark.encode()):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass

    def write(self, path, text, mode=None):
        """A file below the box's folder, with the folders that it needs. Text or bytes."""
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if mode is not None:
            path.chmod(mode)
        return path

    def program(self, name, text):
        """A program that comes first on PATH. `@REAL@` stands for the one that it hides."""
        real = shutil.which(name, path=os.environ["PATH"]) or "/nonexistent"
        return self.write(f"programs/{name}", text.replace("@REAL@", real), 0o755)

    def small_disk(self, size):
        """A folder that is a file system of its own, of so many bytes."""
        disk = self.root / f"disk-{size}"
        disk.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], capture_output=True, check=False
        )
        if done.returncode:
            raise Skip("mounting a tmpfs is not allowed here")
        self.undo.append(lambda: subprocess.run(["umount", "-l", disk], check=True))
        return disk

    def mount_over(self, folder, disk):
        """The folder's own files come to lie on the disk; its folders stay where they are."""
        large = self.root / f"large-{folder.name}"
        folder.rename(large)
        folder.mkdir()
        subprocess.run(["mount", "--bind", disk, folder], check=True)
        self.undo.append(lambda: subprocess.run(["umount", "-l", folder], check=True))
        for path in large.iterdir():
            if path.is_dir():
                (folder / path.name).mkdir()
                subprocess.run(["mount", "--bind", path, folder / path.name], check=True)
            else:
                shutil.copy2(path, folder)

    def preload(self, name, text):
        """Variables by which every program has functions of a C source in place of the system's."""
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            raise Skip("no C compiler")
        source, library = self.write(f"{name}.c", text), self.root / f"{name}.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
        sanitizer = "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")
        return {"LD_PRELOAD": str(library), "ASAN_OPTIONS": sanitizer}

    def kit(self, folder="kit", main=None, manifest=None, **files):
        """A small Cargo project. Further files are given as path=text."""
        project = self.root / folder
        project.mkdir(parents=True)
        contents = {"Cargo.toml": manifest or KIT_MANIFEST, "Cargo.lock": KIT_LOCK, "src/main.rs": main or KIT_MAIN}
        for path, text in (contents | files).items():
            if text is not None:
                self.write(project / path, text)
        return project

    def wordmill(self, folder="wordmill", example="wordmill"):
        """A copy of a bundled example."""
        project = self.root / folder
        shutil.copytree(SOURCE / "examples" / example, project, ignore=shutil.ignore_patterns("target"))
        return project

    def command(self, args):
        return [str(HONE), "hone", *map(str, args)]

    def run(self, project, *args, env=None, timeout=3600, command=None):
        """Runs hone in a project's folder to its end."""
        args = command or self.command(args)
        done = subprocess.run(
            args,
            cwd=project,
            env=self.env | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout,
            check=False,
        )
        return self.result(args, done.returncode, done.stdout, done.stderr)

    def result(self, args, code, out, err):
        return Result(args, code, out.decode(errors="replace"), err.decode(errors="replace"), self.left())

    def left(self):
        """What is still there half a minute after hone has ended: a busy machine may need a moment to bury the dead."""
        end = time.monotonic() + 30
        while True:
            found = processes_with(self.mark.encode())
            if not found or time.monotonic() > end:
                return found
            time.sleep(0.02)

    def interrupt(self, project, *args, when, sig=signal.SIGINT, env=None):
        """Runs hone until the file `when` exists, sends it a signal and waits for its end."""
        args = self.command(args)
        child = subprocess.Popen(
            args,
            cwd=project,
            env=self.env | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        end = time.monotonic() + 600
        while not Path(when).exists() and child.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        started = Path(when).exists()
        child.send_signal(sig)
        try:
            out, err = child.communicate(timeout=600)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
        result = self.result(args, child.returncode, out, err)
        check(started, f"hone never came to the point where it was to be interrupted\n{result}")
        return result

    def bad(self, project, args, code, *parts, env=None, root=None):
        """Bad input: the exit code, one error with these texts, files unchanged, no process left."""
        before = tree_hash(root or project)
        result = self.run(project, *args, env=env).expect_error(code, *parts)
        check(tree_hash(root or project) == before, f"files of the project were changed\n{result}")
        return result

    def good(self, project, args, *parts, env=None, root=None, compiler=False):
        """Unusual input that works: exit code 0, no error, files unchanged, no process left. `compiler`: errors of
        the compiler may be shown, as the reason why a candidate is out."""
        before = tree_hash(root or project)
        result = self.run(project, *args, env=env).expect(0, *parts)
        check(compiler or "error:" not in result.err, f"an error although the exit code is 0\n{result}")
        check(tree_hash(root or project) == before, f"files of the project were changed\n{result}")
        return result

    def cargo(self, project, *args, env=None):
        """The real cargo, as the user would call it; a failure of it fails the test."""
        done = subprocess.run(
            ["cargo", *args],
            cwd=project,
            env=self.env | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        words = f"cargo {' '.join(args)}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        check(done.returncode == 0, f"cargo failed: {words}")
        return done.stdout.decode()


KIT_MANIFEST = """\
[package]
name = "kit"
version = "1.0.0"
edition = "2021"

[profile.release]
opt-level = 2 # chosen by hand
"""

KIT_LOCK = """\
# This file is automatically @generated by Cargo.
# It is not intended for manual editing.
version = 3

[[package]]
name = "kit"
version = "1.0.0"
"""

# What a test wants the program to do is its first argument.
KIT_MAIN = """\
use std::{env, fs, process, thread, time::Duration};

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("--version") => println!("kit 1.0.0"),
        Some("sum") => println!("{}", (0..3_000_000u64).fold(7, |h, n| (h ^ n).wrapping_mul(0x100000001b3))),
        Some("fail") => {
            eprintln!("kit: told to fail");
            process::exit(3);
        }
        Some("pid") => println!("{}", process::id()),
        Some("panic-kind") => println!("{}", if cfg!(panic = "abort") { "abort" } else { "unwind" }),
        Some("hang") => {
            fs::write(&words[1], "").unwrap();
            thread::sleep(Duration::from_secs(600));
        }
        _ => {
            eprintln!("kit: no such command");
            process::exit(2);
        }
    }
}
"""
