#!/usr/bin/env python3
"""What `cargo hone check` costs without rounds, as a ratio to one plain `cargo build --release` of the head.

  HONE=build/src/cli/cargo-hone bench/check/cost.py [NAME] [--times N] [--folder DIR] [--write]

The last two versions of NAME (see history.py) as commits of a git. In turns, each with nothing built before: the plain build, the check
against a saved base, and the check that builds the base, too. Wall time and CPU time of everything that was started; the medians of the
ratios within a turn count. --write puts the table into RESULTS.md beside this script. Fails above 1.1 and 2.1 of the CPU time.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from history import HERE, HONE, git, history, run

ALLOWED = {"against a saved base": 1.1, "the base built, too": 2.1}


def timed(argv, project):
    """(wall, CPU) seconds, from an empty target folder."""
    shutil.rmtree(project / "target", ignore_errors=True)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(argv, project)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name", nargs="?", default="hexyl")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    work = args.folder or Path(tempfile.mkdtemp())
    project, commits = history(args.name, work)
    (old, base), (new, head) = commits[-2:]
    saved = work / "base.json"
    git(project, "checkout", "-q", base)
    run([HONE, "hone", "check", "--save", str(saved), "-q"], project)
    git(project, "checkout", "-q", head)
    check = [HONE, "hone", "check", "--format", "json", "-q"]
    ways = {"against a saved base": [*check, "--against", str(saved)], "the base built, too": [*check, "--base", base]}
    turns = []
    for _ in range(args.times):
        turn = {"plain": timed(["cargo", "build", "--release", "-q", "--locked"], project)}
        for way, argv in ways.items():
            turn[way] = timed(argv, project)
        turns.append(turn)
        print({k: f"{w:.1f} s, CPU {c:.1f} s" for k, (w, c) in turn.items()}, flush=True)
    lines = ["| program | check | turns | CPU time | wall time | allowed |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    bad = []
    for way, most in ALLOWED.items():
        wall, cpu = (statistics.median(t[way][i] / t["plain"][i] for t in turns) for i in (0, 1))
        lines.append(f"| {args.name} {old} to {new} | {way} | {len(turns)} | {cpu:.3f} | {wall:.3f} | {most} |")
        if cpu > most:
            bad.append(f"{way}: {cpu:.3f} of the plain build's CPU time")
    text = "\n".join(lines) + "\n"
    print(text)
    if args.write:
        path = HERE / "RESULTS.md"
        before = path.read_text()
        start, end = before.index("<!-- cost -->"), before.index("<!-- end of cost -->")
        path.write_text(before[:start] + "<!-- cost -->\n" + text + before[end:])
    for line in bad:
        print(f"FAILED {line}")
    sys.exit(1 if bad else 0)


main()
