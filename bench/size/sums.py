#!/usr/bin/env python3
"""Do the rows of `cargo hone size` sum to the file's size, by every view, and those of a difference to the difference?

usage: sums.py NAME=FILE... [--diff NAME=OLD,NEW]...

$HONE: the built cargo-hone. Prints Markdown (SUMS.md is such an output); exit code 1 when any sum is off. A view that
a file has no information for (by file without debug information) is named as such."""

import argparse
import json
import os
import subprocess
import sys

HONE = os.environ.get("HONE", "cargo-hone")
VIEWS = ("section", "crate", "function", "generic", "file")


def ask(arguments, view):
    done = subprocess.run([HONE, "size", *arguments, "--by", view, "-n", "0", "--format", "json"],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout)
    if "no debug information" in done.stderr:
        return None
    sys.exit(f"sums.py: {arguments}: {done.stderr}")


def cell(found, key, expected):
    """What stands in the table, and whether it is as it has to be."""
    if found is None:
        return "no debug information", True
    total = sum(row[key] for row in found["rows"])
    return f"{len(found['rows']):,} rows, " + ("equal" if total == expected else f"**{total:,}**"), total == expected


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", metavar="NAME=FILE")
    parser.add_argument("--diff", action="append", default=[], metavar="NAME=OLD,NEW")
    args = parser.parse_args()
    fine = True
    print("# Sums of rows, beside the size of the file\n\n`bench/size/sums.py NAME=FILE... --diff NAME=OLD,NEW...`\n")
    print("| file | bytes | " + " | ".join(f"by {view}" for view in VIEWS) + " |")
    print("| --- | ---: |" + " --- |" * len(VIEWS))
    for what, key in [(f, "size") for f in args.files] + [(d, "delta") for d in args.diff]:
        name, path = what.split("=", 1)
        if key == "size":
            expected, arguments = os.path.getsize(path), [path]
        else:
            old, new = path.split(",")
            expected, arguments = os.path.getsize(new) - os.path.getsize(old), [old, "--diff", new]
        cells = [cell(ask(arguments, view), key, expected) for view in VIEWS]
        fine &= all(good for _, good in cells)
        print(f"| {name} | {expected:,} | " + " | ".join(text for text, _ in cells) + " |")
    return 0 if fine else 1


sys.exit(main())
