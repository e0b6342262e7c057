#!/usr/bin/env python3
"""What hone itself costs, as ratios.

Usage: HONE=.../cargo-hone overhead.py [--work DIR]      writes RESULTS.md beside this file

1. Own time: the share of a `cargo hone try` on the bundled example in which nothing but hone ran: neither
   cargo (nor anything below it) nor the program under measurement. Seen from outside: every few
   milliseconds the processes below hone are looked at in /proc.
2. Start: `cargo hone --help` against `cargo --help`, in turns.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples/wordmill"
RUN = "similar --generate 1000 --seed 7"
INTERVAL_S = 0.004


def children(pid):
    """Direct children of all threads of a process."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += file.read().split()
    except OSError:
        pass
    return found


def foreign(pid, own):
    """Does a process below pid run a program that is not hone's?"""
    for child in children(pid):
        try:
            program = os.readlink(f"/proc/{child}/exe")
        except OSError:
            continue  # ended, and not yet reaped
        if program not in own and "/hone/tools/" not in program:
            return True
        if foreign(child, own):
            return True
    return False


def own_share(hone, work, arguments):
    """Share of samples in which only hone ran, and hone's own report, of a try from nothing."""
    project = work / "wordmill"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("target"))
    start = time.monotonic()
    child = subprocess.Popen(
        [hone, "try", *arguments, "--format", "json"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    samples = alone = 0
    due = time.monotonic()
    while child.poll() is None:
        samples += 1
        alone += not foreign(child.pid, {str(hone)})
        due += INTERVAL_S
        time.sleep(max(0, due - time.monotonic()))
    if child.returncode:
        sys.exit(f"overhead.py: hone ended with exit code {child.returncode}")
    report = json.load(child.stdout)
    return alone / samples, samples, time.monotonic() - start, report


def timed(argv):
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def help_ratio(hone, rounds=200):
    """Median ratio of `cargo hone --help` and of `cargo-hone --help` to `cargo --help`, round by round."""
    os.environ["PATH"] = f"{hone.parent}:{os.environ['PATH']}"
    commands = {
        "cargo --help": ["cargo", "--help"],
        "cargo hone --help": ["cargo", "hone", "--help"],
        "cargo-hone --help": [str(hone), "--help"],
    }
    times = {name: [] for name in commands}
    order = list(commands)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            times[name].append(timed(commands[name]))
    base = times["cargo --help"]
    return {name: statistics.median(t / b for t, b in zip(times[name], base)) for name in list(commands)[1:]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    found = shutil.which(os.environ.get("HONE", "cargo-hone"))
    if not found:
        parser.error("set HONE to the built cargo-hone")
    hone = Path(found).resolve()
    rows = []
    with tempfile.TemporaryDirectory(dir=args.work) as folder:
        for words, arguments in (
            ("`cargo hone try`", []),
            (f'`cargo hone try --run "{RUN}"`', ["--run", RUN]),
            (f'`cargo hone try --run "{RUN}" --rounds 60`', ["--run", RUN, "--rounds", "60"]),
        ):
            share, samples, wall, report = own_share(hone, Path(folder), arguments)
            rounds = report["workloads"][0]["rounds"]
            rows.append(f"| {words} | {wall:.1f} s | {rounds} | {100 * share:.2f} % | {samples} |")
            print(rows[-1], flush=True)
    ratios = help_ratio(hone)
    lines = [
        "# What hone itself costs",
        "",
        "Written by `bench/overhead/overhead.py`.",
        "",
        "Own time: the share of a try, from an empty target folder, in which neither cargo (with all that it starts)",
        "nor the program under measurement ran. Looked at from outside, in /proc, every 4 ms.",
        "",
        "| command, on examples/wordmill | wall time | rounds | own time | looks |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        "Start, as the median of 200 paired ratios:",
        "",
        "| command | time, ratio to `cargo --help` |",
        "| --- | ---: |",
        *(f"| `{name}` | {ratio:.2f} |" for name, ratio in ratios.items()),
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines[-2:]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
