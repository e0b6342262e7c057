#!/usr/bin/env python3
"""Runs the tests of the command line.

Usage: run.py [-k PART] [test_FILE.py...]     (all files without any; -k: names that contain PART)
$HONE is the built cargo-hone; HONE_TESTS_LONG=1 runs what takes compilers minutes, too.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import importlib.util
import os
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import harness  # noqa: E402


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [(name, f) for name, f in vars(module).items() if name.startswith("test_") and callable(f)]
    left_out = ["cargos_time"] * harness.HONE_ALONE + ["long_time"] * (not harness.LONG)
    return [(name, f) for name, f in tests if not any(hasattr(f, mark) for mark in left_out)]


def run_one(test):
    """"passed", "failed" or "skipped", with the reason."""
    with tempfile.TemporaryDirectory(prefix="hone-test-") as folder:
        box = harness.Box(folder)
        try:
            test(box)
            return "passed", ""
        except harness.Skip as e:
            return "skipped", str(e)
        except AssertionError as e:
            line = traceback.extract_tb(e.__traceback__)[1]
            return "failed", f"{line.filename}:{line.lineno}: {e}"
        except Exception:
            return "failed", traceback.format_exc()
        finally:
            box.close()


def cpu_seconds():
    """What this process and the children that it waited for have used."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="", metavar="PART")
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    if not os.access(harness.HONE, os.X_OK):
        sys.exit(f"run.py: {harness.HONE} cannot be run: set HONE to the built cargo-hone")
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for path in args.files or sorted(HERE.glob("test_*.py")):
        for name, test in load(path):
            if args.k not in name:
                continue
            start, cpu = time.monotonic(), cpu_seconds()
            outcome, reason = run_one(test)
            took = f"{time.monotonic() - start:.1f} s, CPU {cpu_seconds() - cpu:.1f} s"
            counts[outcome] += 1
            print(f"{outcome}: {path.stem} {name} ({took})", flush=True)
            if reason:
                print("    " + reason.rstrip().replace("\n", "\n    "), flush=True)
    print(", ".join(f"{n} {outcome}" for outcome, n in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
