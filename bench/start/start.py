#!/usr/bin/env python3
"""How long hone takes to start, as ratios to `cargo --help`: `cargo-hone --help` alone, and `cargo hone --help`, which
cargo starts. Runs alternate in random order; the ratio is the median of the paired ones, with its 95 % interval.

usage: start.py CARGO_HONE... [--rounds N]          each named program with both
"""
import argparse
import os
import random
import shutil
import statistics
import subprocess
import time


def seconds(command, env):
    """Wall time, and CPU time, which other programs on the machine disturb less."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command}: exit code {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def interval(values):
    """Of the median: order statistics, by the normal approximation of the binomial."""
    ordered, n = sorted(values), len(values)
    reach = 0.98 * n ** 0.5
    return ordered[max(0, int(n / 2 - reach))], ordered[min(n - 1, int(n / 2 + reach))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hone", nargs="+")
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    cargo = shutil.which("cargo")  # as one types it: rustup's, where that is first
    commands = {"cargo --help": ([cargo, "--help"], dict(os.environ))}
    for hone in map(os.path.abspath, options.hone):
        env = {**os.environ, "PATH": os.path.dirname(hone) + ":" + os.environ["PATH"]}
        commands[f"cargo-hone --help ({hone})"] = ([hone, "--help"], env)
        commands[f"cargo hone --help ({hone})"] = ([cargo, "hone", "--help"], env)
    times = {name: [] for name in commands}
    for round_ in range(options.rounds + 5):
        for name in random.sample(list(commands), len(commands)):
            t = seconds(*commands[name])
            if round_ >= 5:
                times[name].append(t)
    for kind, which in (("wall", 0), ("CPU", 1)):
        base = [t[which] for t in times["cargo --help"]]
        for name, values in times.items():
            mine = [t[which] for t in values]
            ratios = [a / b for a, b in zip(mine, base)]
            low, high = interval(ratios)
            print(f"{kind}: {name}: median {statistics.median(mine) * 1000:.2f} ms, "
                  f"ratio {statistics.median(ratios):.3f} [{low:.3f}, {high:.3f}]")


main()
