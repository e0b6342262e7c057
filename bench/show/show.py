#!/usr/bin/env python3
"""How long `cargo hone` and `cargo hone show` take on a graph of 300 packages, as ratios to `cargo metadata`
alone. Runs alternate; the ratio is the median of the paired ones.

usage: show.py CARGO_HONE [--packages N] [--rounds N]
"""
import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time


def make_project(base, n):
    """A binary and n path packages in a tree with some cross edges, and a target folder, where cargo keeps what
    it knows of rustc."""
    rng = random.Random(300)
    edges = {i: sorted({2 * i + 1, 2 * i + 2, *(rng.randrange(i, n) for _ in range(3))} - {i}) for i in range(n)}

    def package(name, version, deps):
        folder = os.path.join(base, name)
        os.makedirs(os.path.join(folder, "src"))
        with open(os.path.join(folder, "Cargo.toml"), "w") as file:
            file.write(f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\n[dependencies]\n')
            file.writelines(f'c{d} = {{ path = "../c{d}" }}\n' for d in deps if d < n)
        return folder

    for i in range(n):
        folder = package(f"c{i}", f"1.{i}.0", edges[i])
        open(os.path.join(folder, "src/lib.rs"), "w").close()
    root = package("app", "0.1.0", [0])
    with open(os.path.join(root, "src/main.rs"), "w") as file:
        file.write("fn main() {}\n")
    subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=root, check=True, capture_output=True)
    subprocess.run(["cargo", "check", "--release", "--offline"], cwd=root, check=True, capture_output=True)
    return root


def seconds(command, folder):
    start = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hone")
    parser.add_argument("--packages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    hone = os.path.abspath(options.hone)
    with tempfile.TemporaryDirectory(prefix="hone-bench-") as base:
        root = make_project(base, options.packages)
        commands = {
            "cargo metadata": ["cargo", "metadata", "--format-version=1", "--offline"],
            "cargo hone": [hone, "hone"],
            "cargo hone show": [hone, "hone", "show"],
        }
        times = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                times[name].append(seconds(command, root))
    print(f"{options.packages} packages, {options.rounds} rounds; medians")
    for name, taken in times.items():
        ratio = statistics.median(t / m for t, m in zip(taken, times["cargo metadata"]))
        print(f"{name:16} {statistics.median(taken):6.3f} s  {ratio:5.2f} x cargo metadata")
    ratio = statistics.median(t / m for t, m in zip(times["cargo hone"], times["cargo metadata"]))
    return 0 if ratio <= 2 else 1


if __name__ == "__main__":
    raise SystemExit(main())
