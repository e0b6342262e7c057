#!/usr/bin/env python3
"""Time and peak memory of `cargo hone size` beside other tools that say where the bytes are.

usage: run.py [--rounds N] [--project DIR] FILE...

Each tool reads each FILE once in every round, in random order; the medians are compared. cargo-bloat
reads no files, so it runs in --project DIR, after a first run that leaves nothing to build, and hone
is given the same binary. Tools that are not installed are named in the result, not left out in
silence. $HONE: the built cargo-hone. Prints Markdown; RESULTS.md is such an output."""

import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

HONE = os.environ.get("HONE", "cargo-hone")


def measure(argv, cwd):
    """Wall seconds and peak resident bytes of one run; None when the tool fails on this file."""
    started = time.monotonic()
    child = subprocess.Popen(argv, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env=os.environ | {"LC_ALL": "C"})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    return (wall, usage.ru_maxrss * 1024) if child.returncode == 0 else None


def tools_for(path):
    """(name, what it reads, arguments); hone's own rows first."""
    hone = [HONE, "hone", "size", path]
    return [
        ("hone by section", "headers", hone + ["--by", "section"]),
        ("hone by crate", "symbols, unwind tables, relocations", hone),
        ("hone by function", "the same, names demangled, 25 rows", hone + ["--by", "function"]),
        ("hone by function -n 0", "the same, all rows", hone + ["--by", "function", "-n", "0"]),
        ("readelf -SW", "headers", ["readelf", "-SW", path]),
        ("nm -S --size-sort", "symbols", ["nm", "-S", "--size-sort", path]),
        ("nm -S --size-sort -C", "symbols, demangled", ["nm", "-S", "--size-sort", "-C", path]),
        ("twiggy top", "symbols, demangled", ["twiggy", "top", "-n", "1000000", path]),
        ("bloaty -d symbols", "symbols, unwind tables, relocations",
         ["bloaty", "-n", "0", "-d", "symbols", path]),
    ]


def compare(tools, rounds, cwd):
    """Name -> (median seconds, median bytes), of the tools that could be run; and who could not."""
    samples, missing = {}, []
    present = []
    for name, reads, argv in tools:
        if not shutil.which(argv[0]):
            missing.append(f"{name}: not installed")
        elif measure(argv, cwd) is None:
            missing.append(f"{name}: fails on this file")
        else:
            present.append((name, reads, argv))
    for _ in range(rounds):
        for name, _, argv in random.sample(present, len(present)):
            samples.setdefault(name, []).append(measure(argv, cwd))
    result = {name: (statistics.median(s[0] for s in runs), statistics.median(s[1] for s in runs))
              for name, runs in samples.items()}
    return present, result, missing


def print_table(present, result, missing, reference):
    base_s, base_b = result[reference]
    print("| tool | reads | time | ratio | peak memory | ratio |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for name, reads, _ in present:
        wall, peak = result[name]
        print(f"| {name} | {reads} | {wall * 1000:.0f} ms | {wall / base_s:.2f} | "
              f"{peak / 1e6:.1f} MB | {peak / base_b:.2f} |")
    for line in missing:
        print(f"\n{line}.", end="")
    print()


def section_sums(path):
    """hone's sections against readelf's, and `size`'s text + data against the loaded ones."""
    rows = {r["name"]: r["size"] for r in json.loads(subprocess.run(
        [HONE, "hone", "size", path, "--by", "section", "--format", "json"],
        capture_output=True, check=True).stdout)["rows"]}
    wrong, loaded = 0, 0
    for line in subprocess.run(["readelf", "-SW", path], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        m = re.match(r"\s*\[\s*\d+\] (\S+)\s+(\S+)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ *([A-Za-z]*) ", line)
        if not m or m[2] in ("NOBITS", "NULL"):
            continue
        wrong += rows.get(m[1], 0) != int(m[3], 16)
        loaded += int(m[3], 16) if "A" in m[4] else 0
    text, data = map(int, subprocess.run(["size", path], capture_output=True, text=True,
                                         check=True).stdout.splitlines()[1].split()[:2])
    total = sum(rows.values())
    print(f"Sums: rows {total:,}, file {os.path.getsize(path):,}; sections that differ from readelf: {wrong}; "
          f"`size` text + data {text + data:,}, sections with addresses {loaded:,}.\n")
    return wrong == 0 and total == os.path.getsize(path) and text + data == loaded


def bloat_split(project, binary):
    """cargo-bloat's crates beside hone's, code only."""
    got = json.loads(subprocess.run(
        ["cargo", "bloat", "--release", "--crates", "-n", "0", "--message-format", "json"],
        cwd=project, capture_output=True, check=True).stdout)
    ours = {}
    for row in json.loads(subprocess.run([HONE, "hone", "size", binary, "--format", "json"], cwd=project,
                                         capture_output=True, check=True).stdout)["rows"]:
        name = "std" if row["kind"] == "std" else row["name"].split()[0]
        ours[name] = ours.get(name, 0) + row["code"]
    print("| crate | cargo-bloat | hone | difference |")
    print("| --- | ---: | ---: | ---: |")
    crates = {c["name"]: c["size"] for c in got["crates"]}
    for name in sorted(crates, key=crates.get, reverse=True):
        mine = ours.get(name, 0)
        print(f"| {name} | {crates[name]:,} | {mine:,} | {mine - crates[name]:+,} |")
    rest = sum(size for name, size in ours.items() if name not in crates)
    print(f"| only in hone's table (padding, PLT, glue, sections but .text) | 0 | {rest:,} | {rest:+,} |\n")


def run_project(project, rounds):
    binary_dir = os.path.join(project, "target/release")
    argv = ["cargo", "bloat", "--release", "--crates", "-n", "0"]
    if not shutil.which("cargo-bloat"):
        print("cargo-bloat: not installed.\n")
        return
    subprocess.run(argv, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    binaries = [e.path for e in os.scandir(binary_dir) if e.is_file() and os.access(e.path, os.X_OK)]
    binary = max(binaries, key=os.path.getsize)
    print(f"## {os.path.basename(binary)} as cargo-bloat builds it, {os.path.getsize(binary):,} bytes\n")
    tools = [("hone by crate", "symbols, unwind tables, relocations; asks cargo for versions",
              [HONE, "hone", "size", binary]),
             ("cargo bloat --crates", "symbols; asks cargo what to read", argv)]
    present, result, missing = compare(tools, rounds, project)
    print_table(present, result, missing, "hone by crate")
    print()
    bloat_split(project, binary)


def main():
    arguments, rounds, project, files = sys.argv[1:], 15, None, []
    while arguments:
        word = arguments.pop(0)
        if word == "--rounds":
            rounds = int(arguments.pop(0))
        elif word == "--project":
            project = os.path.abspath(arguments.pop(0))
        else:
            files.append(os.path.abspath(word))
    if not files and not project:
        sys.exit(__doc__)
    ok = True
    print(f"# bench/size: {rounds} rounds, {os.cpu_count()} cores, {platform.machine()}\n")
    for path in files:
        print(f"## {os.path.basename(path)}, {os.path.getsize(path):,} bytes\n")
        # A folder without a project, so that hone reads the file and nothing else.
        present, result, missing = compare(tools_for(path), rounds, "/")
        print_table(present, result, missing, "hone by crate")
        print()
        ok &= section_sums(path)
    if project:
        run_project(project, rounds)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
