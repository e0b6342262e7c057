"""Inputs of the workloads: a table, JSON and Lua sources, made from a seed, the same bytes everywhere (inputs.py of bench/real)."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "real"))

from inputs import Maker  # noqa: E402


def table(path, rows=120000, seed=21):
    """Rows of a number, two names, a place out of 400, an amount and a remark; some fields are empty, some are quoted."""
    make = Maker(seed)
    places = [make.word() for _ in range(400)]
    with open(path, "w", encoding="ascii") as out:
        out.write("id,first,last,place,amount,remark\n")
        for n in range(rows):
            amount = "" if make.below(20) == 0 else f"{make.below(1000000) / 100:.2f}"
            remark = make.line(1 + make.below(5))
            out.write(f'{n},{make.word()},{make.word()},{make.pick(places)},{amount},"{remark}"\n')


def entry(make, n):
    return {
        "id": n,
        "name": f"{make.word()} {make.word()}",
        "place": make.pick(["Norkin", "Albeda", "Vertora", "Qualim", "Wilzen"]) + str(make.below(40)),
        "tags": [make.word() for _ in range(make.below(6))],
        "items": [{"what": make.word(), "count": 1 + make.below(9), "price": make.below(10000) / 100} for _ in range(1 + make.below(4))],
        "remark": None if make.below(5) == 0 else make.line(3 + make.below(8)),
    }


def objects(path, n=16000, seed=22):
    """An array of objects, one a line."""
    make = Maker(seed)
    text = ",\n".join(json.dumps(entry(make, i)) for i in range(n))
    Path(path).write_text(f"[{text}]\n", encoding="ascii")


def name(make):
    return f"{make.word().lower()}_{make.below(1000)}"


def function(make):
    """A function in Lua, in the very form that StyLua gives it."""
    a, b, c = name(make), name(make), name(make)
    lines = [f"local function {name(make)}({a}, {b})", f"\tlocal {c} = {a} .. \"{make.line(4)}\""]
    for _ in range(2 + make.below(8)):
        kind, x = make.below(4), name(make)
        if kind == 0:
            lines += [f"\tif {a} == {make.below(100)} then", f"\t\treturn {b}[{make.below(9)}]", "\tend"]
        elif kind == 1:
            lines += [f"\tfor i = 1, #{b} do", f"\t\t{b}[i] = {{ {x} = i, kind = \"{make.word()}\" }}", "\tend"]
        elif kind == 2:
            lines += [f"\t-- {make.line(5)}", f"\tlocal {x} = {a} + {make.below(1000)} * #{c}"]
        else:
            lines += [f"\t{c} = {c}:gsub(\"{make.word()}\", \"{make.word()}\")"]
    return "\n".join([*lines, f"\treturn {{ {a}, {b}, {c} }}", "end", ""])


def loose(text):
    """The same as somebody writes who has no formatter."""
    return text.replace("\t", "   ").replace(" = ", "=").replace(", ", ",").replace("{ ", "{").replace(" }", "}").replace('"', "'")


def lua(path, functions=450, seed=23):
    """One file, not formatted yet."""
    make = Maker(seed)
    Path(path).write_text("\n".join(loose(function(make)) for _ in range(functions)), encoding="ascii")


def lua_files(path, files=300, seed=24):
    """Files that are formatted already."""
    make = Maker(seed)
    Path(path).mkdir()
    for n in range(files):
        text = "\n".join(function(make) for _ in range(1 + make.below(5)))
        (Path(path) / f"{make.word().lower()}{n}.lua").write_text(text, encoding="ascii")
