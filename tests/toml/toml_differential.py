#!/usr/bin/env python3
"""Random TOML documents read by toml-decoder and by Python's own tomllib must mean the same.

usage: toml_differential.py DECODER [SEED] [COUNT]

Half of the documents are well-formed by construction, written in random spellings; the others are
the same with a few random bytes changed, so that most are wrong: then both have to say so.
Exit 0: no difference; 1: there is one (the document is printed); 77: skipped, no tomllib here."""

import datetime
import json
import math
import random
import subprocess
import sys

try:
    import tomllib
except ImportError:
    print("skipped: this Python has no tomllib (it came with 3.11)")
    sys.exit(77)


class Writer:
    """Writes a random document. Keys are never used twice, so that it is valid."""

    def __init__(self, rng):
        self.rng = rng
        self.n_keys = 0
        self.eol = rng.choice(["\n", "\n", "\r\n"])

    def pick(self, *choices):
        return self.rng.choice(choices)

    def blanks(self):
        return self.pick("", "", " ", "  ", "\t")

    def text(self):
        alphabet = "abc XYZ019_-.,=[]{}#'\"\\\u00e9\u65e5\U0001f600\t\n\x01\x7f"
        return "".join(self.rng.choice(alphabet) for _ in range(self.rng.randrange(8)))

    def basic(self, text, multi_line=False):
        out = []
        for c in text:
            if c == "\n" and multi_line and self.rng.random() < 0.7:
                out.append(self.eol)
            elif c in '"\\':
                out.append("\\" + c)
            elif c == "\n":
                out.append("\\n")
            elif ord(c) < 0x20 and c != "\t" or c == "\x7f" or self.rng.random() < 0.1:
                out.append(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}")
            else:
                out.append(c)
        return "".join(out)

    def string(self):
        text = self.text()
        kind = self.rng.randrange(4)
        plain = all(c == "\t" or " " <= c != "\x7f" for c in text)
        if kind == 0 and plain and "'" not in text:
            return f"'{text}'"
        if kind == 1:
            start = self.pick("", self.eol, "\\" + self.eol + "  " + self.eol)
            return f'"""{start}{self.basic(text, True)}"""'
        if kind == 2 and plain and "'" not in text:
            return f"'''{self.pick('', self.eol)}{text}{self.eol}'''"
        return f'"{self.basic(text)}"'

    def digits(self, n):
        out = str(self.rng.randrange(1, 10))
        for _ in range(n):
            out += self.pick("", "", "_") + str(self.rng.randrange(10))
        return out

    def integer(self):
        x = self.rng.choice([0, 1, 255, 2**31, 2**63 - 1, self.rng.getrandbits(62)])
        return self.pick(hex(x), oct(x), bin(x), str(x), f"-{x}", f"+{x}", f"0x{x:X}",
                         str(-2**63), self.digits(self.rng.randrange(12)))

    def float(self):
        mantissa = self.pick("0", "-0", "+1", self.digits(3), "-" + self.digits(9))
        fraction = "." + self.digits(self.rng.randrange(20))
        exponent = self.pick("e", "E") + self.pick("", "+", "-") + str(self.rng.randrange(290))
        return self.pick("inf", "-inf", "+inf", "nan", "-nan", mantissa + fraction,
                         mantissa + exponent, mantissa + fraction + exponent)

    def date(self):
        r = self.rng
        day = f"{r.randrange(1, 10000):04}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}"
        time = f"{r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02}"
        time += self.pick("", f".{r.randrange(1, 10**6)}")
        both = day + self.pick("T", "t", " ") + time
        offset = f"{self.pick('+', '-')}{r.randrange(24):02}:{r.randrange(60):02}"
        zone = self.pick("Z", "z", offset)
        return self.pick(day, time, both, both + zone)

    def key(self):
        self.n_keys += 1
        # Its number stands behind a hyphen, so that no two keys are the same.
        name = f"{self.pick('k', 'K-', '_', '9')}-{self.n_keys}"
        kind = self.rng.randrange(4)
        if kind == 0:
            return f'"{self.basic(self.text())}-{self.n_keys}"'
        if kind == 1:
            return f"'{self.pick('', ' ', '.', '#', chr(0xe9))}-{self.n_keys}'"
        return name

    def dotted(self, parts):
        return f"{self.blanks()}.{self.blanks()}".join(parts)

    def space(self):
        """What may stand between the elements of an array."""
        comment = f"# {self.pick('c', ']', ',')}{self.eol}"
        return self.pick("", "", " ", self.eol, self.blanks() + comment)

    def array(self, depth):
        out = "[" + self.space()
        n = self.rng.randrange(5)
        for i in range(n):
            out += self.value(depth + 1) + self.space()
            out += "," + self.space() if i + 1 < n or self.rng.random() < 0.3 else ""
        return out + "]"

    def inline(self, depth):
        entries = [f"{self.assignment(depth + 1)}{self.blanks()}"
                   for _ in range(self.rng.randrange(4))]
        return "{" + self.blanks() + f",{self.blanks()}".join(entries) + "}"

    def value(self, depth):
        kinds = [self.string, self.integer, self.float, self.date,
                 lambda: self.pick("true", "false")]
        if depth < 5:
            kinds += [lambda: self.array(depth), lambda: self.inline(depth)]
        return self.rng.choice(kinds)()

    def assignment(self, depth):
        key = self.dotted([self.key() for _ in range(self.pick(1, 1, 2, 3))])
        return f"{key}{self.blanks()}={self.blanks()}{self.value(depth)}"

    def entries(self):
        out = ""
        for _ in range(self.rng.randrange(4)):
            out += self.blanks() + self.assignment(0) + self.blanks()
            out += self.pick("", "# comment \u00e9") + self.eol
            out += self.pick("", "", self.eol, f"  # alone{self.eol}")
        return out

    def document(self):
        out = self.entries()
        known = []
        for _ in range(self.rng.randrange(6)):
            parts = list(self.rng.choice(known)) if known and self.rng.random() < 0.6 else []
            parts += [self.key() for _ in range(self.pick(1, 1, 2))]
            known.append(parts)
            name = f"{self.blanks()}{self.dotted(parts)}{self.blanks()}"
            if self.rng.random() < 0.3:
                for _ in range(self.rng.randrange(1, 4)):
                    out += f"{self.blanks()}[[{name}]]{self.eol}{self.entries()}"
            else:
                out += f"{self.blanks()}[{name}]{self.pick('', '#c')}{self.eol}{self.entries()}"
        return out


def spoil(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(3)
        if kind == 0:
            del data[at:at + rng.randrange(1, 4)]
        elif kind == 1:
            data[at:at] = bytes([rng.choice(b"\"'[]{}=.,#\\\n \r_-+0e9tZ:\xff\x00")])
        else:
            other = rng.randrange(len(data) + 1)
            data[at:at] = data[other:other + rng.randrange(1, 12)]
    return bytes(data)


def scalar(tag, text):
    return {"type": tag, "value": text}


def time_text(x):
    return x.isoformat(timespec="microseconds")


def tagged(x):
    """The meaning that tomllib gives, in the form of the decoder."""
    if isinstance(x, dict):
        return {k: tagged(v) for k, v in x.items()}
    if isinstance(x, list):
        return [tagged(v) for v in x]
    if isinstance(x, bool):
        return scalar("bool", "true" if x else "false")
    if isinstance(x, int):
        return scalar("integer", str(x))
    if isinstance(x, float):
        return scalar("float", "nan" if math.isnan(x) else repr(x))
    if isinstance(x, datetime.datetime):
        return scalar("datetime" if x.tzinfo else "datetime-local", time_text(x))
    if isinstance(x, datetime.date):
        return scalar("date-local", x.isoformat())
    if isinstance(x, datetime.time):
        return scalar("time-local", time_text(x))
    return scalar("string", x)


def normal(node):
    """The decoder's answer with numbers and times in Python's spelling."""
    if isinstance(node, list):
        return [normal(v) for v in node]
    if set(node) != {"type", "value"} or not isinstance(node["value"], str):
        return {k: normal(v) for k, v in node.items()}
    tag, text = node["type"], node["value"]
    if tag == "float":
        text = "nan" if text == "nan" else repr(float(text))
    elif tag in ("datetime", "datetime-local", "time-local"):
        head, dot, tail = text.replace("Z", "+00:00").partition(".")
        if dot:
            n = len(tail) - len(tail.lstrip("0123456789"))
            head += "." + tail[:n][:6].ljust(6, "0") + tail[n:]
        kind = datetime.time if tag == "time-local" else datetime.datetime
        text = time_text(kind.fromisoformat(head))
    return scalar(tag, text)


class Reader:
    """tomllib, and whether it took a number that is out of TOML's range (64 bits)."""

    def __init__(self, data):
        self.out_of_range = False
        try:
            self.parsed = tomllib.loads(data.decode("utf-8"), parse_float=self.float)
        except (ValueError, RecursionError):  # TOMLDecodeError and UnicodeDecodeError are such
            self.parsed = None
        self.check_integers(self.parsed)

    def float(self, text):
        x = float(text)
        self.out_of_range |= math.isinf(x) and "inf" not in text
        return x

    def check_integers(self, x):
        if isinstance(x, (dict, list)):
            for v in x.values() if isinstance(x, dict) else x:
                self.check_integers(v)
        elif isinstance(x, int):
            self.out_of_range |= not -2**63 <= x < 2**63


def stricter_than_toml(data):
    """tomllib takes a BOM for a key, and datetime has neither leap seconds nor a year 0."""
    return data.startswith(b"\xef\xbb\xbf") or b":60" in data or b"0000-" in data


def compare(decoder, data):
    """A description of the difference, or None."""
    reader = Reader(data)
    run = subprocess.run([decoder], input=data, capture_output=True, timeout=300, check=False)
    if run.returncode not in (0, 1):
        return f"exit {run.returncode}: {run.stderr!r}"
    if reader.parsed is None and run.returncode == 0 and not stricter_than_toml(data):
        return "tomllib refuses this"
    if reader.parsed is not None and run.returncode == 1 and not reader.out_of_range:
        return f"tomllib accepts this; {run.stderr.decode()}"
    if reader.parsed is None or run.returncode == 1:
        return None
    want, got = tagged(reader.parsed), normal(json.loads(run.stdout))
    return None if want == got else f"tomllib: {want}\ndecoder: {got}"


def main():
    decoder = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    n_valid = 0
    for i in range(count):
        rng = random.Random(f"{seed}/{i}")
        data = Writer(rng).document().encode()
        spoiled = i % 2 == 1
        if spoiled:
            data = spoil(rng, data)
        problem = compare(decoder, data)
        if problem:
            print(f"FAILED seed {seed} document {i}:\n{data!r}\n{problem}")
            sys.exit(1)
        if Reader(data).parsed is not None:
            n_valid += 1
        elif not spoiled:
            sys.exit(f"seed {seed} document {i} was meant to be valid:\n{data.decode()}")
    print(f"{count} documents, {n_valid} of them valid: no difference")


if __name__ == "__main__":
    main()
