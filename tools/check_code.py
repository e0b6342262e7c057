#!/usr/bin/env python3
"""check_code.py [FILE...]: the size of functions, parameter lists, structs and files in src/ (default: all of it).

A function has fewer than 80 lines and at most 7 parameters, a struct of src/cli and src/trial at most 20 fields, a
file at most 1,000 lines. What is above that and stays is listed below with its reason; one that is listed and no longer above
is a failure, too, so that the list only shrinks. The last line counts the files.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FUNCTION_LINES, PARAMETERS, FIELDS, FILE_LINES = 79, 7, 20, 1000
FEW_FIELDS = ("src/cli/", "src/trial/")

ALLOWED = {}


def blank(text):
    """The text with nothing in comments, literals and directives; lines stay where they are."""
    def keep_lines(m):
        return re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", keep_lines, text, flags=re.S)
    return re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", keep_lines, text, flags=re.M)


def parts(text, separator):
    """The text split where no bracket is open; empty parts are left out."""
    found, depth = [""], 0
    for c in text:
        depth += (c in "([{") - (c in ")]}")
        if c == separator and depth == 0:
            found.append("")
        else:
            found[-1] += c
    return [p for p in found if p.strip()]


def count_fields(body):
    """A declaration of several names counts each; one of a function or a vector counts once."""
    return sum(1 if "(" in d else len(parts(d, ",")) for d in parts(body, ";"))


def functions(text):
    """(name, parameters, lines or None for a prototype) of what begins in the first column."""
    for m in re.finditer(r"^(?!\s|typedef|return)[^;{}()=]*?\b(\w+)\(([^;{}]*?)\)\s*(?:__attribute__[^;{]*)?([{;])",
                         text, re.M):
        lines = None
        if m.group(3) == "{":
            end = text.find("\n}", m.end())
            lines = text.count("\n", m.end(), end + 1) + 1
        yield m.group(1), len(parts(m.group(2), ",")), lines


def structs(text):
    for m in re.finditer(r"\bstruct\s+(\w+)\s*\{", text):
        end, depth = m.end(), 1
        while depth:
            depth += (text[end] == "{") - (text[end] == "}")
            end += 1
        yield m.group(1), count_fields(text[m.end():end - 1])


def check(path):
    """What is above its limit: {name: words}."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        raw = f.read()
    text, wrong = blank(raw), {}
    if raw.count("\n") > FILE_LINES:
        wrong[os.path.basename(path)] = f"{raw.count(chr(10))} lines, more than {FILE_LINES}"
    for name, n, lines in functions(text):
        if lines and lines > FUNCTION_LINES:
            wrong[name] = f"{lines} lines, more than {FUNCTION_LINES}"
        if n > PARAMETERS:
            wrong[name] = f"{n} parameters, more than {PARAMETERS}"
    for name, n in structs(text):
        if n > FIELDS and path.startswith(FEW_FIELDS):
            wrong[name] = f"{n} fields, more than {FIELDS}"
    return wrong


def main():
    files = sys.argv[1:] or subprocess.run(["git", "ls-files", "src/*.c", "src/*.h"], cwd=ROOT, capture_output=True,
                                           text=True, check=True).stdout.split()
    failed, above = 0, set()
    for path in files:
        wrong = check(path)
        above |= wrong.keys()
        new = [f"{name}: {words}" for name, words in wrong.items() if name not in ALLOWED]
        for line in new:
            print(f"FAILED {path}: {line}")
        failed += bool(new)
    if len(sys.argv) == 1:
        for name in ALLOWED.keys() - above:
            print(f"FAILED tools/check_code.py: {name} is within the limits: take it out of the list")
            failed += 1
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
