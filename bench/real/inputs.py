"""Inputs of the workloads: made from a seed, the same bytes everywhere.

Only Random.random() is used: Python promises that its sequence for a seed never changes.
"""

import os
import random
from pathlib import Path

SYLLABLES = "al be cor da en fi gra ho in jo ka li mor ne ol pre qua ri sta tor un ver wil yo ze".split()
ENDINGS = ["", "", "", "s", "ing", "ing", "ed", "ed", "ly", "ment"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, n):
        return int(self.random() * n)

    def pick(self, items):
        return items[self.below(len(items))]

    def word(self):
        word = "".join(self.pick(SYLLABLES) for _ in range(1 + self.below(3))) + self.pick(ENDINGS)
        return word.capitalize() if self.below(12) == 0 else word

    def line(self, words):
        return " ".join(self.word() for _ in range(words)) + self.pick([".", ",", ";", ""])


def text(path, megabytes=24, seed=13):
    """Lines of made words; some hold `license`. A million different words would only slow the making."""
    make = Maker(seed)
    lines = [make.line(6 + make.below(10)) for _ in range(20000)]
    with open(path, "w", encoding="ascii") as out:
        size = 0
        while size < megabytes * 1000000:
            line = make.pick(lines)
            if make.below(400) == 0:
                line = "license " + line
            size += out.write(f"{make.below(100000)} {line}\n")


def tree(path, folders=600, files=25, seed=10):
    """Empty files of mixed names in nested folders."""
    make = Maker(seed)
    made = [Path(path)]
    made[0].mkdir()
    for _ in range(folders):
        parent = make.pick(made)
        folder = parent / f"{make.word()}-{len(made)}"
        if len(folder.parts) - len(made[0].parts) > 12:
            continue
        folder.mkdir()
        made.append(folder)
        for n in range(make.below(2 * files)):
            (folder / f"{make.word()}{n}.{make.pick(['rs', 'txt', 'toml', 'c', 'h', 'md'])}").touch()


def bytes_file(path, kilobytes=1500, seed=17):
    """A file like a program's: runs of zeros, of text and of noise."""
    make = Maker(seed)
    with open(path, "wb") as out:
        while out.tell() < kilobytes * 1000:
            kind = make.below(3)
            if kind == 0:
                out.write(bytes(16 + make.below(200)))
            elif kind == 1:
                out.write(make.line(4 + make.below(20)).encode("ascii"))
            else:
                out.write(bytes(make.below(256) for _ in range(16 + make.below(200))))


def sources(path, files=900, seed=15):
    """Source files with code, comments and strings in several languages."""
    make = Maker(seed)
    styles = {
        "rs": ("//", "/*", "*/", "fn {}() {{ let {} = \"{} // no comment\"; }}"),
        "c": ("//", "/*", "*/", "static int {}(void) {{ const char *{} = \"{}\"; return 0; }}"),
        "py": ("#", '"""', '"""', "def {}({}): return '{} # no comment'"),
        "js": ("//", "/*", "*/", "function {}({}) {{ return `{}`; }}"),
    }
    Path(path).mkdir()
    for n in range(files):
        suffix = make.pick(list(styles))
        line_comment, opening, closing, code = styles[suffix]
        folder = Path(path) / f"part{n % 30}"
        folder.mkdir(exist_ok=True)
        with open(folder / f"{make.word()}{n}.{suffix}", "w", encoding="ascii") as out:
            for _ in range(40 + make.below(500)):
                kind = make.below(8)
                if kind == 0:
                    out.write("\n")
                elif kind == 1:
                    out.write(f"{line_comment} {make.line(8)}\n")
                elif kind == 2:
                    out.write(f"{opening} {make.line(6)}\n{make.line(9)}\n{closing}\n")
                else:
                    out.write(code.format(make.word(), make.word(), make.line(3)) + "\n")


def site(path, files=40, seed=12):
    """A folder to be served: pages and larger files, all with the same old date."""
    make = Maker(seed)
    Path(path).mkdir()
    for n in range(files):
        file = Path(path) / f"{make.word()}-{n}.{make.pick(['html', 'txt', 'bin'])}"
        with open(file, "w", encoding="ascii") as out:
            for _ in range(20 + make.below(600)):
                out.write(make.line(10) + "\n")
        os.utime(file, (1500000000, 1500000000))
    os.utime(path, (1500000000, 1500000000))
