#!/usr/bin/env python3
"""Four times the document must not take much more than four times the processor time.

usage: toml_linear.py DECODER

Each shape puts a different part of the parser to work. Quadratic time would be 16 times as much."""

import os
import subprocess
import sys
import tempfile

SHAPES = {
    "one long array": lambda n: "a = [" + "1, " * (n // 3) + "]\n",
    "one huge table": lambda n: "".join(f"key{i} = {i}\n" for i in range(n // 17)),
    "many tables": lambda n: "".join(f"[table.t{i}]\nx = 1\n" for i in range(n // 22)),
    "an array of tables": lambda n: "[[t]]\nx.y = 1\n" * (n // 14),
    "one inline table": lambda n: "t = {" + ", ".join(
        f"k{i}.x = {i}" for i in range(n // 19)) + "}\n",
    "one string": lambda n: 't = "' + "\\u00e9 \\n" * (n // 9) + '"\n',
    "many comments": lambda n: "# a comment\n" * (n // 12),
    "one wrong line at the end": lambda n: "a = [\n" + "1,\n" * (n // 3) + "x]\n",
}
SMALL = 1_200_000


def cpu_seconds(decoder, text):
    with tempfile.TemporaryFile() as f:
        f.write(text.encode())
        f.seek(0)
        child = subprocess.Popen([decoder], stdin=f, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"exit {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def main():
    failed = 0
    for name, make in SHAPES.items():
        small = min(cpu_seconds(sys.argv[1], make(SMALL)) for _ in range(3))
        # Other programs take caches away: what is linear shows it in one of three.
        for _ in range(3):
            large = cpu_seconds(sys.argv[1], make(4 * SMALL))
            ok = large < 10 * small + 0.1
            if ok:
                break
        failed += not ok
        verdict = "" if ok else ": FAILED"
        print(f"{name}: {small:.2f} s for 1.2 MB, {large:.2f} s for 4.8 MB{verdict}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
