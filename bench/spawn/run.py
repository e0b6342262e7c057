#!/usr/bin/env python3
"""What one measured run costs hone beside the program itself, against hyperfine -N.

Usage: run.py BUILD_DIR [--runs N] [--rounds R] [--write]

Both start /bin/true N and 3 N times; (T(3 N) - T(N)) / 2 N is what one run takes from spawn to reap,
with all that the measuring program does around it, but without its own start. R rounds, the two in
turn, in random order; the figure is the median of the paired ratios with its order-statistic
interval. --write puts the result into RESULTS.md beside this file.
"""
import argparse
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = "/bin/true"


def timed(command):
    start = time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return time.monotonic() - start, done.stdout


class Hone:
    def __init__(self, build):
        self.program = os.path.join(build, "bench", "spawn", "measured_runs")

    def run(self, n):
        took, said = timed([self.program, str(n), PROGRAM])
        return took, float(said)


class Hyperfine:
    def run(self, n):
        with tempfile.NamedTemporaryFile() as f:
            took, _ = timed(["hyperfine", "-N", "--style", "none", "--warmup", "0", "--runs", str(n),
                             "--export-json", f.name, PROGRAM])
            return took, json.load(f)["results"][0]["mean"]


def cost(tool, n):
    """(seconds a run, mean wall time that the tool reports)"""
    few, _ = tool.run(n)
    many, mean = tool.run(3 * n)
    return (many - few) / (2 * n), mean


def interval(values, level=0.95):
    """Order statistics that enclose the median with at least that probability."""
    values, n = sorted(values), len(values)
    k, below = 0, 0.5 ** n
    while 2 * (below + math.comb(n, k + 1) * 0.5 ** n) <= 1 - level:
        k += 1
        below += math.comb(n, k) * 0.5 ** n
    return values[k], values[n - 1 - k]


def report(ratios, ours, theirs, means, args):
    low, high = interval(ratios)
    version = subprocess.run(["hyperfine", "--version"], capture_output=True, text=True, check=True)
    return f"""# What one measured run costs

`bench/spawn/run.py BUILD_DIR --runs {args.runs} --rounds {args.rounds} --write`, \
{platform.system()} {platform.release()}, {os.cpu_count()} CPUs, release build, \
{version.stdout.strip()}.

| | hone | hyperfine -N | hone / hyperfine |
| --- | --- | --- | --- |
| one run of {PROGRAM}, spawn to reap and all work around it | {ours * 1e6:.0f} us | \
{theirs * 1e6:.0f} us | **{statistics.median(ratios):.3f}** [{low:.3f}, {high:.3f}] |
| wall time of {PROGRAM} that is reported | {means[0] * 1e6:.0f} us | {means[1] * 1e6:.0f} us | \
{means[0] / means[1]:.3f} |

Medians of {len(ratios)} rounds; the interval is the 95 % order-statistic interval of the paired
ratios. Below 1: hone is cheaper.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    tools = [Hone(args.build), Hyperfine()]
    rounds = []
    for _ in range(args.rounds):
        order = random.sample(tools, 2)
        results = {id(tool): cost(tool, args.runs) for tool in order}
        rounds.append([results[id(tool)] for tool in tools])
    ratios = [r[0][0] / r[1][0] for r in rounds]
    middle = [[statistics.median(r[t][what] for r in rounds) for what in (0, 1)] for t in (0, 1)]
    text = report(ratios, middle[0][0], middle[1][0], [middle[0][1], middle[1][1]], args)
    print(text)
    if args.write:
        with open(os.path.join(HERE, "RESULTS.md"), "w", encoding="utf-8") as f:
            f.write(text)
    return 0


sys.exit(main())
