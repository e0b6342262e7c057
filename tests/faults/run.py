#!/usr/bin/env python3
"""Everything that goes wrong, at every point: operation by operation, fault by fault.

Usage: run.py [--long [--slow N] [--try N] [--kills N] [--pairs N] [--minutes N] [--skip N]] [--points N] [-k ROW] HONE INJECT
HONE is the built cargo-hone, INJECT the library of inject.c. An operation is run once to count its file-changing system
calls, then once for each of them (short form: for a few of them) with that call failing or the process killed there.
Whatever comes of it: the next run, undo for most, has to lead back to the first byte, or on to the whole result, with
nothing left beside. cargo and rustc are played back from a recording, so that a run takes milliseconds.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import concurrent.futures
import os
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import phases

# Enough to change three files: the manifest, a config file, and a file for the linker.
RECIPE = "opt-level=1,panic=abort,link.hash-style=gnu,link.unwind=discard"
MANIFEST = """# A project.
[package]
name = "kit"
version = "1.0.0"
edition = "2021"

[profile.release]
strip = 'none' # kept
lto = true
"""
MAIN = 'fn main() {\n    println!("{}", std::env::args().count());\n}\n'
VERBOSE = "HONE_FAULTS_VERBOSE" in os.environ
FAULTS = {
    "SIGKILL before": "kill",
    "SIGKILL after": "killed",
    "SIGTERM": "term",
    "ENOSPC": "28+",
    "EIO": "5",
    "EACCES": "13",
}

# Plays back what a tool said, and what it left in target/hone/build; what was not asked before is recorded.
PLAYER = """#!/bin/bash
key="${0##*/} ${*//[!a-zA-Z0-9]/_}"
at=@RECORD@
while [ ${#key} -gt 200 ]; do
  at+="/${key:0:200}"
  key="${key:200}"
done
at+="/$key"
built=@PROJECT@/target/hone/build
if [ ! -e "$at.code" ]; then
  code=0
  mkdir -p "${at%/*}"
  @REAL@/"${0##*/}" "$@" >"$at.out" 2>"$at.err" || code=$?
  case "${0##*/} $1" in "cargo build" | "cargo rustc") cp -a "$built" "$at.built" ;; esac
  echo $code >"$at.code"
elif [ -d "$at.built" ]; then
  mkdir -p "$built" && cp -a "$at.built/." "$built/"
fi
[ ! -s "$at.err" ] || cat "$at.err" >&2
[ ! -s "$at.out" ] || cat "$at.out"
read -r code <"$at.code"
exit "$code"
"""


def tree(root, leave_out=("target",)):
    """Names, kinds and bytes of everything, and modes of files."""
    found = {}
    for folder, dirs, files in os.walk(root):
        if Path(folder) == Path(root):
            dirs[:] = [d for d in dirs if d not in leave_out]
        for name in dirs + files:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            data = b""
            if stat.S_ISREG(mode):
                data = Path(path).read_bytes()
            found[os.path.relpath(path, root)] = (mode if stat.S_ISREG(mode) else stat.S_IFMT(mode), data)
    return found


def without_records(found):
    """A record names the folder that it was made in, which every copy is another one of."""
    return {k: v for k, v in found.items() if not k.startswith(".cargo/hone/undo")}


class Failed(Exception):
    pass


def check(ok, text):
    if not ok:
        raise Failed(text)


class Box:
    """A project at one path for ever, as recordings name it, and copies of it in the states that operations begin in."""

    def __init__(self, root, hone, inject, patience):
        self.root, self.hone, self.inject, self.patience = Path(root), hone, inject, patience
        self.project, self.states = self.root / "kit", self.root / "states"
        self.log = self.root / "calls"
        for name in ("record", "programs", "home", "tmp", "states"):
            (self.root / name).mkdir(parents=True)
        sysroot = subprocess.run(["rustc", "--print=sysroot"], capture_output=True, text=True, check=True).stdout.strip()
        for name in ("cargo", "rustc"):
            text = PLAYER.replace("@RECORD@", str(self.root / "record")).replace("@REAL@", f"{sysroot}/bin")
            path = self.root / "programs" / name
            path.write_text(text.replace("@PROJECT@", str(self.project)))
            path.chmod(0o755)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("CARGO", "RUST", "HONE", "FAULT"))}
        self.env |= {
            "PATH": f"{self.root}/programs:{sysroot}/bin:{os.environ['PATH']}",
            "CARGO_HOME": str(self.root / "home"),
            "CARGO_NET_OFFLINE": "true",
            "TMPDIR": str(self.root / "tmp"),
            "TERM": "dumb",
            "HONE_FAULTS_MARK": str(self.root),
        }

    def start(self, args, fault=None, at=0):
        env = self.env
        if fault is not None:
            self.log.unlink(missing_ok=True)
            env = env | {"LD_PRELOAD": self.inject, "FAULT_LOG": str(self.log), "FAULT_AT": str(at), "FAULT_DO": fault}
        return subprocess.Popen(
            [self.hone, "hone", *args], cwd=self.project, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip

    def run(self, args, fault=None, at=0):
        child = self.start(args, fault, at)
        out, err = child.communicate(timeout=900)
        return child.returncode, out + err

    def good(self, args):
        code, said = self.run(args)
        check(code == 0, f"{args}: exit code {code}\n{said}")
        return said

    def restore(self, state):
        shutil.rmtree(self.project, ignore_errors=True)
        shutil.copytree(self.states / state, self.project, symlinks=True)

    def keep(self, state):
        shutil.copytree(self.project, self.states / state, symlinks=True)

    def left(self, patience):
        """Processes that are still there, after so many seconds."""
        mark, end = f"HONE_FAULTS_MARK={self.root}".encode(), time.monotonic() + patience
        while True:
            found = []
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                        found.append(pid)
                except OSError:
                    pass
            if not found or time.monotonic() > end:
                return found
            time.sleep(0.02)

    def can_train(self):
        """Is there an llvm-profdata of rustc's LLVM?"""
        self.restore("fresh")
        return "nothing to train with" in self.run(["build", "--no-baseline", "pgo"])[1]

    def prepare(self):
        """All states, and the recordings."""
        self.project.mkdir()
        (self.project / "src").mkdir()
        (self.project / "Cargo.toml").write_text(MANIFEST)
        (self.project / "src/main.rs").write_text(MAIN)
        subprocess.run(["cargo", "generate-lockfile"], cwd=self.project, env=self.env, check=True)
        self.keep("fresh")
        self.good(["apply", RECIPE])
        self.keep("applied")
        self.good(["apply", "--undo"])
        self.restore("fresh")
        self.good(["show", "--fix"])
        self.keep("fixed")
        self.restore("fresh")
        self.good(["init"])
        self.keep("inited")
        self.restore("fresh")
        self.good(["build", "opt-level=1", "--no-baseline"])
        self.program = (self.project / "target/release/kit").read_bytes()
        self.good(TRY)
        (self.project / "target/precious").write_text("mine")
        self.keep("built")
        shutil.copy(self.project / "target/release/kit", self.states / "fresh/prog")
        self.restore("fresh")
        self.good(["strip", "symbols", "prog"])
        self.keep("stripped")
        self.restore("fresh")
        os.remove(self.states / "fresh/prog")
        self.keep("to-strip")


TRY = ["try", "opt-level=1", "--run", "a b", "--rounds", "3"]


def no_temps(box):
    left = [p for p in box.project.rglob("*.tmp") if "target/hone" not in str(p)]
    check(not left, f"left: {left}")


def undone(box, before):
    """The next undo leads back, and a second one says that there is nothing."""
    code, said = box.run(["apply", "--undo"])
    check(code in (0, 1), f"undo: exit code {code}\n{said}")
    check(code == 0 or "nothing to undo" in said, said)
    now = tree(box.project)
    check(now == before, f"undo does not lead back: {sorted(set(now) ^ set(before)) or 'bytes differ'}\n{said}")
    code, said = box.run(["apply", "--undo"])
    check(code == 1 and "nothing to undo" in said, f"a second undo: exit code {code}\n{said}")
    check(tree(box.project) == before, "a second undo changes something")


def after_write(state):
    def judge(box, code, said):
        if code == 0:
            check(without_records(tree(box.project)) == without_records(tree(box.states / state)), "not all was written")
        undone(box, tree(box.states / "fresh"))

    return judge


def after_undo(box, code, said):
    before = tree(box.states / "fresh")
    if code == 0:
        check(tree(box.project) == before, "undo says that it is done")
    undone(box, before)


def after_init(box, code, said):
    path, whole = box.project / "hone.toml", (box.states / "inited/hone.toml").read_bytes()
    check(not path.exists() or path.read_bytes() == whole, "half a file")
    check(code != 0 or path.exists(), "no file")
    box.run(["init"])
    check(tree(box.project) == tree(box.states / "inited"), "more or less than hone.toml")


def after_strip(box, code, said):
    old, new = ((box.states / s / "prog").read_bytes() for s in ("to-strip", "stripped"))
    now = (box.project / "prog").read_bytes()
    check(now in (old, new) and (code != 0 or now == new), "neither the old file nor the new one")
    box.good(["strip", "symbols", "prog"])
    check(tree(box.project) == tree(box.states / "stripped"), "the next one does not lead on")


def after_build(box, code, said):
    fresh, path = tree(box.states / "fresh"), box.project / "target/release/kit"
    check(tree(box.project) == fresh, "files of the user's were changed")
    check(not path.exists() or path.read_bytes() == box.program, "half a program")
    check(code != 0 or path.exists(), "no program")
    box.good(["build", "opt-level=1", "--no-baseline"])
    check(path.read_bytes() == box.program and tree(box.project) == fresh, "the next one makes another program")
    no_temps(box)


def after_clean(box, code, said):
    box.good(["clean"])
    hone = box.project / "target/hone"
    check(sorted(p.name for p in hone.iterdir()) == ["CACHEDIR.TAG", "hone.db", "lock"], list(hone.iterdir()))
    check((hone / "hone.db").read_bytes() == (box.states / "built/target/hone/hone.db").read_bytes(), "results")
    check((box.project / "target/precious").read_text() == "mine", "somebody else's file")


def after_try(box, code, said):
    fresh = tree(box.states / "fresh")
    check(tree(box.project) == fresh, "files of the user's were changed")
    box.good(TRY)
    with sqlite3.connect(box.project / "target/hone/hone.db") as db:
        check(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is damaged")
        check(db.execute("SELECT count(*) FROM run").fetchone()[0] >= 1, "no result is kept")
    db.close()
    check(tree(box.project) == fresh, "files of the user's were changed")


# Each with the state that it begins in, its arguments, and what must hold afterwards.
OPERATIONS = {
    "apply": ("fresh", ["apply", RECIPE], after_write("applied")),
    "undo": ("applied", ["apply", "--undo"], after_undo),
    "fix": ("fresh", ["show", "--fix"], after_write("fixed")),
    "init": ("fresh", ["init"], after_init),
    "strip": ("to-strip", ["strip", "symbols", "prog"], after_strip),
    "build": ("fresh", ["build", "opt-level=1", "--no-baseline"], after_build),
    "clean": ("built", ["clean"], after_clean),
    "try": ("fresh", TRY, after_try),
}


def right_end(fault, code, said):
    """Killed, or one clear error, or all is well: no crash and no riddle."""
    if fault.startswith("kill"):
        check(code in (-signal.SIGKILL, 0), f"exit code {code}\n{said}")
    else:
        allowed = (0, 128 + signal.SIGTERM) if fault == "term" else (0, 1)
        check(code in allowed, f"exit code {code}\n{said}")
        errors = sum(line.startswith("error:") for line in said.splitlines())
        check(errors == (code != 0), f"{errors} errors, exit code {code}\n{said}")


def inject(box, operation, fault, at):
    state, args, judge = OPERATIONS[operation]
    box.restore(state)
    code, said = box.run(args, fault, at)
    right_end(fault, code, said)
    if code == -signal.SIGKILL:
        check(not box.left(box.patience), "processes are left")
    judge(box, code, said)


def kill_at_random(box, operation, seconds):
    """From outside, at any moment of an undisturbed run's time."""
    state, args, judge = OPERATIONS[operation]
    box.restore(state)
    child = box.start(args)
    time.sleep(random.uniform(0, seconds))
    child.kill()
    said = "".join(child.communicate(timeout=900))
    check(not box.left(box.patience), "processes are left")
    judge(box, child.returncode, said)


def both(box, one, other):
    children = [box.start(args) for args in (one, other)]
    return [(child.communicate(timeout=900), child.returncode)[1] for child in children]


def pair_of_applies(box):
    box.restore("fresh")
    before = tree(box.project)
    check(both(box, ["apply", RECIPE], ["apply", "opt-level=2"]) == [0, 0], "one did not come")
    records = sorted(p.name for p in (box.project / ".cargo/hone/undo").glob("*.json"))
    check(records == ["0001.json", "0002.json"], records)
    box.good(["apply", "--undo"])
    undone(box, before)


def pair_of_apply_and_undo(box):
    """Either order is right: back and then forth, or forth and then that back."""
    box.restore("applied")
    check(both(box, ["apply", "opt-level=2"], ["apply", "--undo"]) == [0, 0], "one did not come")
    box.good(["apply", "--undo"])
    undone(box, tree(box.states / "fresh"))


def pair_of_undos(box):
    box.restore("applied")
    check(sorted(both(box, ["apply", "--undo"], ["apply", "--undo"])) == [0, 1], "not one of two")
    check(tree(box.project) == tree(box.states / "fresh"), "undo does not lead back")


def pair_of_inits(box):
    box.restore("fresh")
    check(sorted(both(box, ["init"], ["init"])) == [0, 1], "not one of two")
    check(tree(box.project) == tree(box.states / "inited"), "more or less than hone.toml")


def pair_of_fix_and_apply(box):
    box.restore("fresh")
    before = tree(box.project)
    check(both(box, ["show", "--fix"], ["apply", RECIPE]) == [0, 0], "one did not come")
    box.good(["apply", "--undo"])
    undone(box, before)


def pair_of_build_and_clean(box):
    box.restore("built")
    codes = both(box, ["build", "opt-level=1", "--no-baseline"], ["clean"])
    check(codes[0] == 0 and codes[1] in (0, 1), codes)
    after_build(box, 0, "")


def pair_of_builds(box):
    box.restore("fresh")
    check(both(box, ["build", "opt-level=1", "--no-baseline"], ["build", "opt-level=1", "--no-baseline"]) == [0, 0], "")
    after_build(box, 0, "")


def pair_of_try_and_apply(box):
    """A comparison is of one state: apply waits for its end."""
    box.restore("fresh")
    check(both(box, TRY, ["apply", RECIPE])[1] == 0, "apply did not come")
    undone(box, tree(box.states / "fresh"))


PAIRS = {
    name.removeprefix("pair_of_").replace("_", " "): function
    for name, function in list(globals().items())
    if name.startswith("pair_of_")
}


def points(n, most):
    """Numbers of calls: all, or some, the first and the last among them."""
    if n <= most:
        return list(range(1, n + 1))
    return sorted({1 + round(i * (n - 1) / (most - 1)) for i in range(most)})


class Table:
    def __init__(self):
        self.cells, self.lock = {}, threading.Lock()
        self.said = []

    def note(self, row, column, error):
        with self.lock:
            cell = self.cells.setdefault(row, {}).setdefault(column, [0, 0])
            cell[error is not None] += 1
            if error is not None and len(self.said) < 20:
                self.said.append(f"{row}, {column}: {error}")

    def print(self):
        columns = [*FAULTS, "random SIGKILL", "SIGKILL with launcher", "together"]
        rows = [["operation", *columns]]
        for row, cells in self.cells.items():
            rows.append([row, *(f"{sum(cells[c])}, {cells[c][1]} failed" if c in cells else "-" for c in columns)])
        widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
        for number, row in enumerate(rows):
            print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |")
            if not number:
                print("| " + " | ".join("-" * width for width in widths) + " |")
        for text in self.said:
            print(f"failed: {text}")
        return tuple(sum(cell[i] for cells in self.cells.values() for cell in cells.values()) for i in (0, 1))


def tried(table, row, column, function, *args):
    started, why = time.monotonic(), None
    try:
        function(*args)
    except (Failed, OSError, subprocess.SubprocessError, sqlite3.Error) as error:
        why = str(error) + f" [{args[1:]}]"
    table.note(row, column, why)
    if VERBOSE:
        print(f"{time.monotonic() - started:.1f} s: {row}, {column} {args[1:]}: {why or 'held'}", file=sys.stderr, flush=True)


# Where cargo takes part, a job takes a second instead of a tenth.
FEW = {"build": 3, "try": 2}


def wanted(options, row):
    return re.fullmatch(options.only, row) is not None


def jobs_of(box, names, options):
    """What there is to do: row, column, function, arguments."""
    for name in names:
        state, args, _ = OPERATIONS[name]
        box.restore(state)
        started = time.monotonic()
        code, said = box.run(args, "count")
        seconds = time.monotonic() - started
        check(code == 0, f"{name}: exit code {code} without a fault\n{said}")
        calls = len(box.log.read_text().splitlines())
        slow = {"build": options.slow, "try": options.tries}
        most = slow.get(name, calls) if options.long else FEW.get(name, options.points)
        for column, fault in FAULTS.items():
            for at in points(calls, most):
                yield name, column, inject, (name, fault, at)
        for _ in range(options.kills if options.long else 2):
            yield name, "random SIGKILL", kill_at_random, (name, seconds)
    for name in phases.PHASES:
        row = f"phase: {name}"
        if not wanted(options, row) or ("pgo" in " ".join(phases.PHASES[name][0]) and not box.can_train()):
            continue
        for _ in range(options.kills if options.long else 1):
            yield row, "random SIGKILL", phases.kill, (name, check)
        for _ in range(-(-options.kills // 3) if options.long else name in ("build", "rounds")):
            yield row, "SIGKILL with launcher", phases.kill_with_launcher, (name, check)
    for name, function in PAIRS.items():
        for _ in range((options.pairs if options.long else 1) if wanted(options, name) else 0):
            yield name, "together", function, ()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    parser.add_argument("-k", dest="only", default=".*", help="a regular expression for rows of the table")
    parser.add_argument("--fault", dest="column", default=".*", help="a regular expression for columns of the table")
    parser.add_argument("--points", type=int, default=5, help="calls of an operation that are tried in the short form")
    parser.add_argument("--slow", type=int, default=60, help="calls of a build that are tried in the long form")
    parser.add_argument("--try", dest="tries", type=int, default=60, help="calls of a try that are tried in the long form")
    parser.add_argument("--workers", type=int, default=2, help="at most so many at a time")
    parser.add_argument("--minutes", type=float, default=0, help="what is not begun by then is left out: of the slow rows, evenly")
    parser.add_argument("--skip", type=int, default=0, help="of the slow rows, as many as an earlier run has done")
    parser.add_argument("--kills", type=int, default=60, help="random kills of each operation and phase in the long form")
    parser.add_argument("--pairs", type=int, default=20, help="times that each pair is started in the long form")
    parser.add_argument("hone")
    parser.add_argument("inject")
    options = parser.parse_args()
    hone, library = os.path.abspath(options.hone), os.path.abspath(options.inject)
    linked = subprocess.run(["ldd", hone], capture_output=True, text=True, check=False).stdout
    if "asan" in linked or "libc.so" not in linked or not shutil.which("bash"):
        print("skipped: a library cannot be put before this program\n0 passed, 0 failed, 1 skipped")
        return 0
    names = [name for name in OPERATIONS if wanted(options, name)]
    table, workers = Table(), min(options.workers, os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="hone-faults-") as root:
        # What is killed may take its time on a busy machine: the long form, alone on one, holds it to two seconds.
        boxes = [Box(Path(root) / str(i), hone, library, 2 if options.long else 60) for i in range(workers)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(Box.prepare, boxes))
        jobs = [job for job in jobs_of(boxes[0], names, options) if re.fullmatch(options.column, job[1])]
        # The slow ones last, in an order in which any part of them is spread over all calls, faults and phases.
        late = [job for job in jobs if job[0] not in OPERATIONS or job[0] in FEW]
        random.Random(1).shuffle(late)
        jobs = [job for job in jobs if job not in late] + late[options.skip :]
        jobs.reverse()
        end = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
        lock = threading.Lock()

        def work(box):
            while True:
                with lock:
                    if not jobs or time.monotonic() > end:
                        return
                    row, column, function, args = jobs.pop()
                tried(table, row, column, function, box, *args)

        threads = [threading.Thread(target=work, args=(box,)) for box in boxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    passed, failed = table.print()
    if jobs:
        print(f"{len(jobs)} were not begun within {options.minutes:g} minutes, from `{jobs[-1][0]}, {jobs[-1][1]}` on")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
