#!/usr/bin/env python3
"""What `cargo hone strip all` leaves of ELF programs, beside `strip -s` and sstrip.

usage: strip.py FILE...      $HONE: the built cargo-hone; $SSTRIP: ELFkickers' sstrip, when there is one

sstrip's rule stands below in a few lines: everything behind the last byte that a program header speaks of
goes, the section table with it, then zeros at the end. Each result is run with --version. Prints Markdown;
exit 1 when hone's is not smaller than strip -s, larger than sstrip's, or does not run as the file does."""

import os
import shutil
import struct
import subprocess
import sys
import tempfile

HONE = os.environ.get("HONE", "cargo-hone")


def sstrip(data):
    """ELF64, little-endian, as a bytearray."""
    phoff, = struct.unpack_from("<Q", data, 32)
    ehsize, phentsize, phnum = struct.unpack_from("<HHH", data, 52)
    end = max(ehsize, phoff + phentsize * phnum)
    for i in range(phnum):
        offset, = struct.unpack_from("<Q", data, phoff + i * phentsize + 8)
        size, = struct.unpack_from("<Q", data, phoff + i * phentsize + 32)
        end = max(end, offset + size)
    struct.pack_into("<Q", data, 40, 0)            # e_shoff
    struct.pack_into("<HHH", data, 58, 0, 0, 0)    # e_shentsize, e_shnum, e_shstrndx
    kept = len(bytes(data[:end]).rstrip(b"\0"))
    for i in range(phnum):                         # segments that are shorter in the file now
        at = phoff + i * phentsize
        offset, = struct.unpack_from("<Q", data, at + 8)
        size, = struct.unpack_from("<Q", data, at + 32)
        if offset + size > kept:
            struct.pack_into("<Q", data, at + 32, max(0, kept - offset))
    return bytes(data[:kept])


def version(path):
    return subprocess.run([path, "--version"], capture_output=True, check=True).stdout


def row(path, folder):
    name = os.path.basename(path)
    made = {way: os.path.join(folder, f"{name}.{way}") for way in ("strip", "sstrip", "elfkickers", "hone")}
    subprocess.run(["strip", "-s", "-o", made["strip"], path], check=True)
    with open(path, "rb") as f, open(made["sstrip"], "wb") as to:
        to.write(sstrip(bytearray(f.read())))
    shutil.copy(path, made["elfkickers"])
    if os.environ.get("SSTRIP"):
        subprocess.run([os.environ["SSTRIP"], "-z", made["elfkickers"]], check=True)
    subprocess.run([HONE, "hone", "strip", "-q", "all", path, "-o", made["hone"]], check=True)
    os.chmod(made["sstrip"], 0o755)
    size = {way: os.path.getsize(p) for way, p in made.items()}
    kickers = f"{size['elfkickers']:,}" if os.environ.get("SSTRIP") else "not installed"
    runs = version(path) == version(made["hone"])
    print(f"| {name} | {os.path.getsize(path):,} | {size['strip']:,} | {size['sstrip']:,} | {kickers} | "
          f"{size['hone']:,} | {'the same' if runs else 'DIFFERS'} |")
    return runs and size["hone"] < size["strip"] and size["hone"] <= size["sstrip"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print("| file | before | strip -s | sstrip's rule | sstrip -z (ELFkickers) | hone strip all | --version |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory(prefix="hone-strip-") as folder:
        good = [row(path, folder) for path in sys.argv[1:]]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
