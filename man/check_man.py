#!/usr/bin/env python3
"""Checks the man pages: mandoc finds nothing wrong with them (where it is installed), and each command
has exactly the options that its --help lists.

Usage: check_man.py CARGO-HONE PAGE...
"""

import re
import shutil
import subprocess
import sys


def sections(text, macro):
    """{title: body} of the sections that a macro begins."""
    parts = re.split(rf"^\.{macro} (.*)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def options_of_page(text):
    return sorted(re.findall(r"^\.It .*?Fl -([\w-]+)", text, flags=re.M))


def options_of_help(text):
    return sorted(re.findall(r"^  (?:-\w,|   ) --([\w-]+)", text, flags=re.M))


def help_sections(text):
    parts = re.split(r"^(\w[\w ]*):\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def main():
    hone, pages = sys.argv[1], sys.argv[2:]
    failed = 0
    for page in pages:
        if shutil.which("mandoc"):
            lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True)
            complaints = [x for x in lint.stdout.splitlines() if "referenced manual not found" not in x]
            for line in complaints:
                print(line)
                failed += 1
        else:
            print("mandoc is not installed: pages are not checked by it")

    (command_page,) = [p for p in pages if p.endswith(".1")]
    with open(command_page, encoding="utf-8") as file:
        text = file.read()
    main_help = subprocess.run([hone, "--help"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  ([\w-]+)", help_sections(main_help)["Commands"], flags=re.M)
    documented = sections(sections(text, "Sh")["COMMANDS"], "Ss")
    documented.pop("cargo hone", None)
    if list(documented) != [f"cargo hone {name}" for name in names]:
        print(f"commands of the page: {list(documented)}; of --help: {names}")
        failed += 1
    for name in names:
        words = subprocess.run([hone, name, "--help"], capture_output=True, text=True, check=True).stdout
        have = options_of_page(documented[f"cargo hone {name}"])
        want = options_of_help(help_sections(words).get("Options", ""))
        if have != want:
            print(f"options of {name} in the page: {have}; in --help: {want}")
            failed += 1
    shared = sections(text, "Sh")
    for title, heading in (("COMMON OPTIONS", "Options"), ("PROJECT OPTIONS", "Project options")):
        have, want = options_of_page(shared[title]), options_of_help(help_sections(main_help)[heading])
        if have != want or not have:
            print(f"{title}: {have}; in --help: {want}")
            failed += 1
    print(f"{len(names)} commands, {failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
