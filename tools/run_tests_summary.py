#!/usr/bin/env python3
"""run_tests_summary.py BUILD_DIR [MESON_TEST_ARGUMENT...]: runs `meson test` and counts.

What counts is the single test: the cases of a cmocka program, those of a script that ends with
"N passed, N failed[, N skipped]", and 1 for any other program. Exit code 77 is a skipped test, shown
with its reason. What failed is shown last. The last line is "N passed, N failed, N skipped"; exit code 1 when any failed.
"""
import glob
import json
import os
import re
import subprocess
import sys

SKIPPED = 77
LINES_SHOWN = 60
CMOCKA_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test\(s\)", re.M)
CMOCKA_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test\(s\)", re.M)
COUNTED = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", re.M)


def tally(test):
    """(passed, failed, skipped) of one line of meson's log."""
    output = test.get("stdout", "") + "\n" + test.get("stderr", "")
    good = test["result"] in ("OK", "EXPECTEDFAIL")
    cmocka, counted = CMOCKA_PASSED.findall(output), COUNTED.findall(output)
    if test["returncode"] == SKIPPED or test["result"] == "SKIP":
        return 0, 0, 1
    if cmocka:
        failures = CMOCKA_FAILED.findall(output)
        result = [sum(map(int, cmocka)), sum(map(int, failures)), 0]
    elif counted:
        result = [int(n or 0) for n in counted[-1]]
    else:
        result = [int(good), int(not good), 0]
    # A crash, a failed group teardown or a time-out shows in no count of its own.
    if not good and result[1] == 0:
        result[1] = 1
    return tuple(result)


def show(test, what):
    output = (test.get("stdout", "") + test.get("stderr", "")).rstrip().splitlines()
    if what == "SKIPPED" and test["returncode"] != SKIPPED:
        # Some of its cases were: the lines that say so, each with the reason below it.
        says = [i for i, line in enumerate(output) if line.startswith("skipped")]
        output = [line for i in says for line in output[i:i + 2]]
    print(f"\n==== {what}: {test['name']} ({test['result']}, exit code {test['returncode']})")
    print("\n".join(output[-LINES_SHOWN:]), flush=True)


def main():
    build = sys.argv[1]
    # With --wrap the name of the log says with what.
    logs = os.path.join(build, "meson-logs", "testlog*.json")
    for old in glob.glob(logs):
        os.remove(old)
    status = subprocess.run(["meson", "test", "-C", build, *sys.argv[2:]], check=False).returncode
    total = [0, 0, 0]
    written = glob.glob(logs)
    if not written:
        print("meson test did not run")
        return 1
    with open(written[0], encoding="utf-8") as f:
        tests = [json.loads(line) for line in f]
    failed = []
    for test in tests:
        counts = tally(test)
        total = [a + b for a, b in zip(total, counts)]
        if counts[1]:
            failed.append(test)
        elif counts[2]:
            show(test, "SKIPPED")
    for test in failed:
        show(test, "FAILED")
    # Anything else that meson found wrong must not pass as a success.
    if status and not total[1]:
        total[1] = 1
    print("\n{} passed, {} failed, {} skipped".format(*total))
    return 1 if total[1] else 0


sys.exit(main())
