#!/usr/bin/env python3
"""embed.py HEADER OUTPUT.c NAME=FILE...: writes each FILE's bytes as a C array NAME and its size NAME_size.

A string literal, as compilers read it far faster than a list of numbers.
"""
import sys

BYTES_A_LINE = 32


def array(name, data):
    lines = []
    for i in range(0, len(data), BYTES_A_LINE):
        # Octal escapes take at most three digits, so none can swallow the byte after it.
        lines.append('"' + "".join(f"\\{b:03o}" for b in data[i:i + BYTES_A_LINE]) + '"')
    text = f"const unsigned char {name}[] =\n" + "\n".join(lines) + ";\n"
    return text + f"const size_t {name}_size = {len(data)};\n"


def main():
    header, output, *files = sys.argv[1:]
    with open(output, "w") as f:
        f.write(f'/* Written by tools/embed.py. */\n#include "{header}"\n\n')
        for word in files:
            name, path = word.split("=", 1)
            with open(path, "rb") as source:
                f.write(array(name, source.read()))


main()
