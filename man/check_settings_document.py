#!/usr/bin/env python3
"""Checks that docs/settings.md is what `cargo hone explain --format markdown` prints.

Usage: check_settings_document.py CARGO-HONE docs/settings.md
"""

import difflib
import subprocess
import sys


def main():
    hone, path = sys.argv[1:]
    want = subprocess.run([hone, "explain", "--format", "markdown"], capture_output=True, text=True, check=True)
    with open(path, encoding="utf-8") as file:
        have = file.read()
    difference = list(difflib.unified_diff(have.splitlines(), want.stdout.splitlines(), path, "explain", lineterm=""))
    print("\n".join(difference[:40]))
    if difference:
        print("Make it anew: cargo hone explain --format markdown >docs/settings.md")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
