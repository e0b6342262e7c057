#!/usr/bin/env python3
"""Sizes of WebAssembly files that others have built and that people ship: the rows of every view sum to the file.

  HONE=build/src/cli/cargo-hone bench/wasm/files.py [--write]

Takes pinned packages from npm (`npm pack`), looks at every .wasm file in them, and prints a table; --write puts it into files.md beside this script. Fails when a sum is wrong, when stripping what is stripped takes
more away, or when there are fewer than 30 different files.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NPM = """@rollup/wasm-node@4.68.4 esbuild-wasm@0.28.2 lightningcss-wasm@1.33.0 @swc/wasm-web@1.16.18 sql.js@1.17.0
@resvg/resvg-wasm@2.6.2 source-map@0.8.0 @biomejs/wasm-web@2.4.15 web-tree-sitter@0.27.2 yoga-wasm-web@0.3.3
@bytecodealliance/jco@1.35.0 brotli-wasm@3.0.1 @sqlite.org/sqlite-wasm@3.41.2 undici@8.13.1 @astrojs/compiler@4.0.0
@astral-sh/ruff-wasm-web@0.16.9 @automerge/automerge@3.5.0 @oxc-parser/wasm@0.60.0 argon2-browser@1.18.0
@jsquash/avif@2.1.1 @jsquash/oxipng@2.3.0 @jsquash/png@3.1.1 @jsquash/webp@1.5.0 @dprint/markdown@0.28.1
@dprint/json@0.24.0""".split()
VIEWS = "section", "crate", "instance", "function", "generic", "file"
HERE = Path(__file__).resolve().parent
HONE = os.environ.get("HONE", str(HERE.parents[1] / "build/src/cli/cargo-hone"))


def files_of(package, folder):
    """(package, name in it, bytes) of each .wasm file."""
    argv = ["npm", "pack", "--silent", package]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{package}: {done.stderr}")
    (path,) = folder.iterdir()
    with tarfile.open(path) as t:
        yield from ((package, m.name, t.extractfile(m).read()) for m in t if m.isfile() and m.name.endswith(".wasm"))


def hone(*args):
    return subprocess.run([HONE, "hone", *map(str, args)], capture_output=True, text=True)


def look_at(path, data):
    """What each view gives; a row of the table."""
    path.write_bytes(data)
    rows = {}
    for by in VIEWS:
        done = hone("size", "--format", "json", "--by", by, path)
        if by == "file" and "has no debug information" in done.stderr:
            continue
        assert done.returncode == 0, done.stderr
        size = json.loads(done.stdout)
        assert sum(r["size"] for r in size["rows"]) == size["size"] == len(data), f"{path} by {by}"
        rows[by] = size
    once = path.with_suffix(".once")
    done = hone("strip", "all", path, "-o", once)
    assert done.returncode == 0, done.stderr
    done = hone("strip", "all", once, "-o", path.with_suffix(".twice"))
    assert done.returncode == 0 and once.read_bytes() == path.with_suffix(".twice").read_bytes(), path
    code = sum(r["code"] for r in rows["crate"]["rows"])
    named = sum(r["code"] for r in rows["function"]["rows"] if not r["name"].startswith("["))
    return len(data), code, named, once.stat().st_size, len(rows)


def main():
    seen, lines = set(), []
    for package in NPM:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "package"
            folder.mkdir()
            for package, name, data in files_of(package, folder):
                if hashlib.sha256(data).digest() in seen:
                    continue
                seen.add(hashlib.sha256(data).digest())
                size, code, named, stripped, views = look_at(Path(root) / "a.wasm", data)
                kind = "component" if data[4:8] == b"\r\0\1\0" else "module"
                lines.append(f"| {package} | {name.split('/', 1)[-1]} | {kind} | {size:,} | {code:,} | {named:,} "
                             f"| {stripped:,} | {views} |")
                print(lines[-1], flush=True)
    print(f"{len(lines)} files, all sums exact")
    assert len(lines) >= 30, "fewer than 30 files"
    if "--write" in sys.argv:
        (HERE / "files.md").write_text(
            f"# WebAssembly files of others\n\nWritten by [files.py](files.py): {len(lines)} different files, the rows of every "
            "view sum to each file.\nNamed: code of functions that a name section or an export names. Views: six with line "
            "tables, five without.\n\n| package | file | kind | bytes | code | named | after `strip all` | views |\n"
            "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n" + "\n".join(lines) + "\n")


main()
