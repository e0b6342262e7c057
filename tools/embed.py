#!/usr/bin/env python3
"""embed.py FILE OUTPUT.c NAME: writes FILE's bytes as a C array NAME and its size NAME_size.

A string literal, as compilers read it far faster than a list of numbers.
"""
import sys

BYTES_A_LINE = 32


def main():
    source, output, name = sys.argv[1:]
    with open(source, "rb") as f:
        data = f.read()
    lines = []
    for i in range(0, len(data), BYTES_A_LINE):
        # Octal escapes take at most three digits, so none can swallow the byte after it.
        lines.append('"' + "".join(f"\\{b:03o}" for b in data[i:i + BYTES_A_LINE]) + '"')
    with open(output, "w") as f:
        f.write('/* Written by tools/embed.py. */\n#include "helper_bytes.h"\n\n')
        f.write(f"const unsigned char {name}[] =\n" + "\n".join(lines) + ";\n")
        f.write(f"const size_t {name}_size = {len(data)};\n")


main()
