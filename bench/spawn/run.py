#!/usr/bin/env python3
"""What one measured run costs hone beside the program itself, against hyperfine -N.

Usage: run.py BUILD_DIR [--runs N] [--rounds R] [--write]

All start /bin/true N and 3 N times; (T(3 N) - T(N)) / 2 N is what one run takes from spawn to reap,
with all that the measuring program does around it, but without its own start. R rounds, all in
turn, in random order; the figure is the median of the paired ratios with its order-statistic
interval. hone runs as `cargo hone try` does it with a program as short as this, on one CPU, and left to the
scheduler; hyperfine as it is, and confined to the same CPU. --write puts the result into RESULTS.md beside this file.
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


CPU = str(max(os.sched_getaffinity(0)))


class Hone:
    def __init__(self, build, cpu):
        self.name = f"hone, on CPU {cpu}" if cpu != "-" else "hone, on any CPU"
        self.program = [os.path.join(build, "bench", "spawn", "measured_runs"), cpu]

    def run(self, n):
        took, said = timed([*self.program, str(n), PROGRAM])
        return took, float(said)


class Hyperfine:
    def __init__(self, cpu):
        self.name = f"hyperfine -N, on CPU {cpu}" if cpu != "-" else "hyperfine -N"
        self.before = ["taskset", "-c", cpu] if cpu != "-" else []

    def run(self, n):
        with tempfile.NamedTemporaryFile() as f:
            took, _ = timed([*self.before, "hyperfine", "-N", "--style", "none", "--warmup", "0", "--runs", str(n),
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


def report(tools, rounds, args):
    """One line a tool; hyperfine as it is comes first and is what the others are compared with, then those on one CPU."""
    version = subprocess.run(["hyperfine", "--version"], capture_output=True, text=True, check=True)
    lines = [
        "# What one measured run costs",
        "",
        f"`bench/spawn/run.py BUILD_DIR --runs {args.runs} --rounds {args.rounds} --write`, {platform.system()} "
        f"{platform.release()}, {os.cpu_count()} CPUs, release build, {version.stdout.strip()}.",
        "",
        f"| | one run of {PROGRAM}, spawn to reap and all work around it | ratio to hyperfine -N | to hyperfine on that CPU | "
        "wall time that is reported |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for i, tool in enumerate(tools):
        cells = [tool.name, f"{statistics.median(r[i][0] for r in rounds) * 1e6:.0f} us"]
        for other in (0, 1):
            ratios = [r[i][0] / r[other][0] for r in rounds]
            low, high = interval(ratios)
            cells.append("1" if i == other else f"{statistics.median(ratios):.3f} [{low:.3f}, {high:.3f}]")
        cells.append(f"{statistics.median(r[i][1] for r in rounds) * 1e6:.0f} us")
        lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        f"Medians of {len(rounds)} rounds; intervals are the 95 % order-statistic intervals of the paired ratios. Below 1: cheaper.",
        "`cargo hone try` keeps runs as short as these on one CPU where they are no slower there (docs/hone-toml.md).",
        "",
    ]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    tools = [Hyperfine("-"), Hyperfine(CPU), Hone(args.build, CPU), Hone(args.build, "-")]
    rounds = []
    for _ in range(args.rounds):
        order = random.sample(tools, len(tools))
        results = {id(tool): cost(tool, args.runs) for tool in order}
        rounds.append([results[id(tool)] for tool in tools])
    text = report(tools, rounds, args)
    print(text)
    if args.write:
        with open(os.path.join(HERE, "RESULTS.md"), "w", encoding="utf-8") as f:
            f.write(text)
    return 0


sys.exit(main())
