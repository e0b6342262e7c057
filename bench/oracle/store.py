#!/usr/bin/env python3
"""Builds what a search could build of a program, and stores what came of it.

Usage: store.py [--hone HONE] [--run ARGS] [--levels A,B,C,D] [--again N] [--seconds N] PROJECT POINTS.json

48 settings of the profile (4 levels, 3 kinds of LTO, codegen-units as it is and 1, panic as it is and "abort"), each with 12
settings of the link (packed relocations, 3 kinds of folding, separate code), all with strip="symbols": 576 files, built by
`cargo hone try` and so with the exact bytes that plain cargo gives. Stored of each: sizes, what building it cost, and of the
48 the instructions of one run of ARGS by callgrind. With --levels come the levels s, 3 and z for each of four packages besides: 81 files
with fat LTO and the best links, each with its instructions. POINTS.json is written after every try; what is in it is not built again,
and after N seconds nothing new begins.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

GLOBAL = {
    "opt-level": ["3", "2", "s", "z"],
    "lto": ["off", "thin", "fat"],
    "codegen-units": [None, "1"],
    "panic": [None, "abort"],
}
LINK = {
    "link.relr": [None, "on"],
    "link.icf": [None, "safe", "all"],
    "link.separate-code": [None, "off"],
}
FIXED = {"strip": "symbols"}
COUNTS = 6  # tries to count
AT_ONCE = 8  # candidates of a try that only counts
LEVELS = ["z", "s", "3"]  # of a package; z is that of all others
AROUND = {"opt-level": "z", "lto": "fat", "codegen-units": "1", "panic": "abort", "link.relr": "on", "link.icf": "all", **FIXED}


def combinations(space):
    """Every choice of values, as dictionaries without what is left as it is."""
    for values in itertools.product(*space.values()):
        yield {k: v for k, v in zip(space, values) if v is not None}


def levels_of(packages):
    """Settings with every choice of levels for these packages, but for z everywhere; a list for each choice of all but the last two."""
    groups = {}
    for levels in itertools.product(LEVELS, repeat=len(packages)):
        given = {f'package."{p}".opt-level': v for p, v in zip(packages, levels) if v != AROUND["opt-level"]}
        if given:
            groups.setdefault(levels[:-2], []).append({**AROUND, **given})
    return list(groups.values())


def text_of(settings):
    return ",".join(f"{k}={v}" for k, v in settings.items())


def key_of(settings):
    """One text for equal settings, whatever their order and type."""
    return ",".join(f"{k}={v}" for k, v in sorted((k, str(v)) for k, v in settings.items()))


def hone_try(hone, project, candidates, run):
    """The document of one try."""
    options = ["--callgrind", "--run", run] if run else []
    command = [hone, "hone", "try", "-q", "--format=json", "--rounds=1", *options]
    done = subprocess.run(
        [*command, *map(text_of, candidates)], cwd=project, stdout=subprocess.PIPE, timeout=3600, check=True
    )
    return json.loads(done.stdout)


def take(document, points):
    counts = {}
    for workload in document["workloads"]:
        for row in workload.get("instructions") or []:
            counts[row["name"]] = row["count"]
    for trial in document["trials"]:
        key = key_of(trial["settings"])
        point = points.setdefault(key, {"settings": trial["settings"]})
        if trial["status"] != "built":
            point["reason"] = trial["reason"]
            continue
        for name in ("size", "stripped_size", "gzip_size", "zstd_size"):
            point[name] = trial[name]
        # What was found ready cost nothing now: what it cost first stands.
        if "cpu_s" not in point:
            point["cpu_s"] = round(trial["build"]["cpu_s"], 3)
            point["units"] = trial["build"]["units"]
        # Where counts differ from run to run (by how the heap happens to lie, as glibc reads /proc/self/maps), the least counts.
        if counts.get(trial["name"]):
            point["instructions"] = min(counts[trial["name"]], point.get("instructions") or float("inf"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hone", default="cargo-hone")
    parser.add_argument("--run", default="similar --generate 400 --seed 7")
    parser.add_argument("--levels", type=lambda text: text.split(","), default=[])
    parser.add_argument("--again", type=int, default=0, help="count everything so many times more")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("project", type=Path)
    parser.add_argument("points", type=Path)
    args = parser.parse_args()
    begin = time.monotonic()
    stored = json.loads(args.points.read_text()) if args.points.exists() else {"run": args.run, "points": {}}
    points = stored["points"]

    def lacking(candidates, run):
        known = [points.get(key_of(c)) or {} for c in candidates]
        return any("reason" not in p and p.get("instructions" if run else "size") is None for p in known)

    def add(candidates, run):
        # hone gives no counts where two of the baseline differ by more than 0.1 %: others may agree.
        for _ in range(COUNTS if run else 1):
            if not lacking(candidates, run) or time.monotonic() - begin > args.seconds:
                return
            do(candidates, run)

    def do(candidates, run):
        document = hone_try(args.hone, args.project, candidates, run)
        take(document, points)
        stored.update({"hone": document["hone"], "rustc": document["toolchain"]["rustc"]})
        stored["project"] = " ".join(document["project"][k] for k in ("name", "version"))
        temporary = args.points.with_suffix(".tmp")
        temporary.write_text(json.dumps(stored, indent=0, sort_keys=True))
        os.replace(temporary, args.points)
        print(f"{len(points)} points, {time.monotonic() - begin:.0f} s", file=sys.stderr)

    # Those first that a search for size comes to; links beside what they are linked from, so that nothing is compiled twice.
    bases = list(reversed([{**c, **FIXED} for c in combinations(GLOBAL)]))
    for base in bases:
        add([{**base, **c} for c in combinations(LINK)], None)
        add([base], args.run)  # what is linked otherwise runs the same code
    for candidates in levels_of(args.levels):
        add(candidates, args.run)
    for _ in range(args.again):
        for i in range(0, len(bases), AT_ONCE):
            do(bases[i : i + AT_ONCE], args.run)


if __name__ == "__main__":
    main()
