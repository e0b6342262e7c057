#!/usr/bin/env python3
"""check_code.py [FILE...]: the size of functions, parameter lists, structs and files in src/ (default: all of it), and
without files who includes whom, and what is public for nobody.

A function has fewer than 80 lines and at most 7 parameters, a struct of src/cli and src/trial at most 20 fields, a
file at most 1,000 lines. A number with a fraction that stands in src/trial, src/run or src/cli is a unit or a constant of the
method, and these are in src/stats/rules.h. No two folders include each other, through others either, nor do headers; of modules (NAME.c,
NAME.h and NAME_impl.h) only those listed below do, each with its reason. A function that a header declares is called in
another file than its own. What is above a limit and stays is listed below with its reason; one that is listed and no longer
needs to be is a failure, too, so that the lists only shrink. The last line counts the files.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FUNCTION_LINES, PARAMETERS, FIELDS, FILE_LINES = 79, 7, 20, 1000
FEW_FIELDS = ("src/cli/", "src/trial/")

ALLOWED = {}
METHOD, RULES = ("src/cli/", "src/run/", "src/trial/"), "src/stats/rules.h"
FRACTION = re.compile(r"(?<![\w.])(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?[fF]?(?![\w.])")
# Numbers that are no method's: units, and limits of what is read.
UNITS = {"1e-3", "1e3", "1e6", "1e9", "100.0", "0.0", "1.0"}
NUMBERS = {
    "bench_value.c": {"1e-18": "shorter than light needs through an atom"},
    "rounds.c": {"1e7": "rounds that are thought of at most"},
}

# Modules that include each other: a whole and a part of it that is told apart by size, of which the whole has the types and
# calls the part. Where there are more than two, the reason says what goes round.
CIRCLES = {
    "ahead cargo_run share": "results that are kept ahead are those of a run, which asks for them first",
    "allocator plan plan_files": "parts: what a plan reads of the user's files, and what it compiles",
    "build_target project": "part: the triple that is built for",
    "config config_tree": "part: the tree that values are read into",
    "object object_ops size size_advice size_memory size_model size_owner size_rows stack strip":
        "a format is a table of functions over these types, which they call",
    "profdata profdata_tool": "part: the tool itself",
    "settings settings_rows": "part: the rows",
}

def blank(text):
    """The text with nothing in comments, literals and directives; lines stay where they are."""
    def keep_lines(m):
        return re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", keep_lines, text, flags=re.S)
    return re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", keep_lines, text, flags=re.M)


def code(text):
    """The text without comments and literals, but with its directives."""
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", "", text, flags=re.S)


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
    if path.startswith(METHOD):
        found, listed = set(FRACTION.findall(code(raw))), NUMBERS.get(os.path.basename(path), {}).keys()
        for number in found - UNITS - listed:
            wrong[number] = f"a constant of the method, which {RULES} has with its source"
        for number in listed - found:
            wrong[number] = "is not there: take it out of the list"
    for name, n, lines in functions(text):
        if lines and lines > FUNCTION_LINES:
            wrong[name] = f"{lines} lines, more than {FUNCTION_LINES}"
        if n > PARAMETERS:
            wrong[name] = f"{n} parameters, more than {PARAMETERS}"
    for name, n in structs(text):
        if n > FIELDS and path.startswith(FEW_FIELDS):
            wrong[name] = f"{n} fields, more than {FIELDS}"
    return wrong


def circles(graph):
    """The strongly connected parts of {node: set of nodes} with more than one node, each sorted (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in graph.get(v, ()):
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            at = stack.index(v)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for v in sorted(graph):
        if v not in index:
            visit(v)
    return found


def check_includes(files):
    """What is wrong with who includes whom, as lines."""
    headers = {os.path.basename(f): f for f in files if f.endswith(".h")}
    of_headers, of_folders, of_modules = {}, {}, {}
    for path in files:
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            names = re.findall(r'^#include "([^"]+)"', f.read(), re.M)
        for header in (headers[os.path.basename(n)] for n in names if os.path.basename(n) in headers):
            if path.endswith(".h"):
                of_headers.setdefault(path, set()).add(header)
            if os.path.dirname(path) != os.path.dirname(header):
                of_folders.setdefault(os.path.dirname(path), set()).add(os.path.dirname(header))
            own, other = (re.sub(r"(_impl)?\.[ch]$", "", os.path.basename(p)) for p in (path, header))
            if own != other:
                of_modules.setdefault(own, set()).add(other)
    wrong = [f"these {what} include each other: {' '.join(c)}"
             for what, graph in (("headers", of_headers), ("folders", of_folders)) for c in circles(graph)]
    modules = {" ".join(c) for c in circles(of_modules)}
    wrong += [f"these modules include each other: {c}" for c in sorted(modules - CIRCLES.keys())]
    wrong += [f"{c} do not include each other: take them out of the list" for c in sorted(CIRCLES.keys() - modules)]
    return wrong


def check_public(files):
    """Functions that a header declares and nobody but their own file, or nobody at all, calls, as lines."""
    others = subprocess.run(["git", "ls-files", "tests/*.[ch]", "fuzz/*.[ch]", "packaging/*.c"], cwd=ROOT, capture_output=True,
                            text=True, check=True).stdout.split()
    words, declared, macros = {}, {}, set()
    for path in files + others:
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            raw = f.read()
        text = blank(raw)
        for name in set(re.findall(r"\bhone_\w+", text)):
            words.setdefault(name, set()).add(path)
        if path.endswith(".h") and path in files:
            declared |= {name: path for name, _, lines in functions(text) if lines is None and name.startswith("hone_")}
            macros |= {n for n in set(re.findall(r"\bhone_\w+(?=\()", text)) if len(re.findall(rf"\b{n}\(", text)) > 1}
            macros |= {n for line in re.findall(r"^#define(?:[^\n]*\\\n)*[^\n]*", raw, re.M)
                       for n in re.findall(r"\bhone_\w+", line)}
    unused = {name for name in declared.keys() - macros if len(words[name] - {declared[name]}) < 2
              and not any(p.endswith(".h") for p in words[name] - {declared[name]})}
    return [f"{declared[n]}: nobody but its own file calls {n}" for n in sorted(unused)]


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
        for line in check_includes(files) + check_public(files):
            print(f"FAILED {line}")
            failed += 1
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
