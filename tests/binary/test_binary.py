#!/usr/bin/env python3
"""hone's size and strip against readelf, nm, size, strip, rustfilt and gdb, on programs that rustc and
gcc make in a scratch folder.

Exit 0: all passed; 1: not all; 77: nothing to test with. $HONE is the built cargo-hone. A judge that
is not installed is named, and its checks count as skipped."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HONE = os.environ.get("HONE", "cargo-hone")
HERE = Path(__file__).resolve().parent
BY_SYMBOL = ("crate", "instance", "function", "generic")
skipped = []
checks = 0


def check(condition, message):
    global checks
    checks += 1
    if not condition:
        raise AssertionError(message)


def run(*argv, ok=True):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          env=os.environ | {"LC_ALL": "C"})
    if ok and done.returncode != 0:
        raise AssertionError(f"{argv}: exit {done.returncode}\n{done.stderr}")
    return done


def hone(*argv, ok=True):
    return run(HONE, "hone", *argv, ok=ok)


def table(*argv):
    """A size table as JSON, with the one thing that always holds checked."""
    t = json.loads(hone("size", *argv, "--format", "json").stdout)
    check(t["schema"] == 1, "schema")
    check(sum(r["size"] for r in t["rows"]) == t["size"] == os.path.getsize(t["file"]),
          f"{argv}: the rows do not sum to the file")
    return t


def have(tool):
    if shutil.which(tool):
        return True
    if tool not in skipped:
        skipped.append(tool)
    return False


def build_programs(folder):
    """Name -> path; variants that this machine cannot build are left out, the plain one must work."""
    source = HERE / "sample.rs"
    rust = {
        "plain": [],
        "debug": ["-g"],
        "v0": ["-Csymbol-mangling-version=v0"],
        "static": ["-Ctarget-feature=+crt-static"],
        "fixed": ["-Crelocation-model=static"],
        "relr": ["-Clink-arg=-Wl,-z,pack-relative-relocs"],
        "relocs": ["-Clink-arg=-Wl,--emit-relocs"],
        "gnu": ["-Clinker-features=-lld", "-Clink-self-contained=-linker"],
        "abort": ["-Cpanic=abort", "-Clto=fat", "-Ccodegen-units=1"],
    }
    programs = {}
    for name, flags in rust.items():
        path = folder / name
        done = run("rustc", "--edition=2021", "-O", *flags, source, "-o", path, ok=name == "plain")
        if done.returncode == 0:
            programs[name] = path
        else:
            skipped.append(f"variant {name}")
    if have("gcc"):
        text = folder / "sample.c"
        text.write_text("#include <stdio.h>\nint big[9] = {1};\n"
                        "int main(void) { printf(\"%d\\n\", big[0]); return 0; }\n")
        programs["c"] = folder / "c"
        run("gcc", "-O2", "-g", text, "-o", programs["c"])
    return programs


def sections_of(path):
    """Name -> bytes in the file, summed over sections of one name, as readelf has them."""
    sizes = {}
    for line in run("readelf", "-SW", path).stdout.splitlines():
        m = re.match(r"\s*\[\s*\d+\] (\S+)\s+(\S+)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) ", line)
        if m and m[2] not in ("NOBITS", "NULL"):
            sizes[m[1]] = sizes.get(m[1], 0) + int(m[3], 16)
    return sizes


def test_sections(programs, _folder):
    for path in programs.values():
        rows = {r["name"]: r["size"] for r in table(path, "--by", "section")["rows"]}
        for name, size in sections_of(path).items():
            check(rows.get(name, 0) == size, f"{path}: {name} is {size} bytes, not {rows.get(name)}")


def test_sums_of_every_view(programs, _folder):
    for path in programs.values():
        for view in BY_SYMBOL:
            t = table(path, "--by", view)
            check(t["has_symbols"] and t["by"] == view, view)
        cut = table(path, "--by", "function", "-n", "3")
        check(len(cut["rows"]) == 4 and cut["rows"][3]["name"] == "[other rows]", "the rest is one row")
        some = table(path, "--by", "function", "--filter", "main")
        check(all("main" in r["name"] for r in some["rows"][:-1]), "filter")


def test_berkeley_size(programs, _folder):
    """`size` counts what is loaded: the same bytes as our sections with addresses."""
    for path in programs.values():
        text, data = map(int, run("size", path).stdout.splitlines()[1].split()[:2])
        loaded = 0
        for line in run("readelf", "-SW", path).stdout.splitlines():
            m = re.match(r"\s*\[\s*\d+\] (\S+)\s+(\S+)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ +(\S*A\S*) ",
                         line)
            if m and m[2] != "NOBITS":
                loaded += int(m[3], 16)
        check(text + data == loaded, f"{path}: size says {text + data}, readelf {loaded}")
        rows = {r["name"]: r["size"] for r in table(path, "--by", "section")["rows"]}
        check(sum(n for name, n in rows.items() if name in sections_of(path)) >= loaded, "sections")


def test_functions(programs, _folder):
    """Every function with an address of its own has the size that nm prints."""
    for name in ("plain", "v0", "c"):
        if name not in programs:
            continue
        by_address = {}
        for line in run("nm", "-S", "--defined-only", programs[name]).stdout.splitlines():
            m = re.match(r"([0-9a-f]+) ([0-9a-f]+) [tTwW] (\S+)$", line)
            if m:
                by_address.setdefault(int(m[1], 16), []).append((int(m[2], 16), m[3]))
        rows = {r["name"]: r for r in table(programs[name], "--by", "function", "--full")["rows"]}
        compared = 0
        for symbols in by_address.values():
            size, symbol = symbols[0]
            if len(symbols) == 1 and symbol in rows and rows[symbol]["items"] == 1:
                check(rows[symbol]["size"] == size, f"{symbol}: nm says {size}, not {rows[symbol]['size']}")
                compared += 1
        check(compared >= 1, f"{name}: nothing compared")


def test_names(programs, _folder):
    """The readable names of what has bytes are rustfilt's, with hashes and without."""
    if not have("rustfilt"):
        return
    for name in ("plain", "v0"):
        if name not in programs:
            continue
        at = {}
        for line in run("nm", "-S", "--defined-only", programs[name]).stdout.splitlines():
            fields = line.split()
            if len(fields) == 4 and fields[2] not in "bB":
                at.setdefault(int(fields[0], 16), []).append(fields[3])
        # Folded functions share one row.
        symbols = [names[0] for names in at.values()
                   if len(names) == 1 and names[0].startswith(("_R", "_ZN")) and "." not in names[0]]
        check(len(symbols) > 300, f"{name}: only {len(symbols)} names")
        for hone_flag, judge_flag in (([], []), (["--full"], ["-h"])):
            judged = subprocess.run(["rustfilt", *judge_flag], input="\n".join(symbols), capture_output=True,
                                    text=True, check=True).stdout.splitlines()
            rows = {r["name"] for r in table(programs[name], "--by", "function", *hone_flag)["rows"]}
            wrong = [(s, n) for s, n in zip(symbols, judged) if n not in rows]
            check(not wrong, f"{name}: {len(wrong)} of {len(symbols)} names are not rustfilt's: {wrong[:3]}")


def test_crates(programs, _folder):
    for name, path in programs.items():
        if name == "c":
            continue
        rows = {r["name"]: r for r in table(path, "--by", "crate")["rows"]}
        for crate in ("std", "core", "alloc"):
            check(rows[crate]["kind"] == "std", f"{name}: {crate}")
        check(rows["sample"]["code"] > 300, f"{name}: the program's own crate is not there")
        check(rows["[glue]"]["kind"] == "glue", "glue")
        # Code that is in no crate at all is rare in a Rust program with symbols.
        unknown = sum(r["code"] for n, r in rows.items() if r["kind"] in ("unknown", "section"))
        whole = sum(r["code"] for r in rows.values())
        limit = 0.9 if name == "static" else 0.05
        check(unknown < limit * whole, f"{name}: {unknown} of {whole} bytes of code are nobody's")
    plain = {r["name"]: r for r in table(programs["plain"], "--by", "instance")["rows"]}
    crate = {r["name"]: r for r in table(programs["plain"], "--by", "crate")["rows"]}
    check(plain["std"]["size"] > crate["std"]["size"], "std instantiates core's generics")
    # Unwind tables and relocations are charged, and never more than there is of them.
    unwind = sum(r["size"] for n, r in crate.items() if r["kind"] == "unwind")
    charged = sum(r["unwind"] for r in crate.values())
    check(0.5 * unwind < charged <= unwind, f"{charged} of {unwind} bytes of unwind tables charged")
    relocs = crate["[.rela.dyn]"]["size"]
    charged = sum(r["relocations"] for r in crate.values())
    check(0.3 * relocs < charged <= relocs, f"{charged} of {relocs} bytes of relocations charged")


def test_source_files(programs, _folder):
    if "debug" not in programs:
        return
    rows = {r["name"]: r for r in table(programs["debug"], "--by", "file")["rows"]}
    own = [r for n, r in rows.items() if n.endswith("sample.rs")]
    check(len(own) == 1 and own[0]["code"] > 300 and own[0]["kind"] == "workspace", "sample.rs")
    check(rows["library/core/src/fmt/mod.rs"]["kind"] == "std", "std's files")
    failed = hone("size", programs["plain"], "--by", "file", "--twin", programs["debug"], ok=False)
    check(failed.returncode == 1 and "not the unstripped twin" in failed.stderr, failed.stderr)


def loaded_end(path):
    """Where the last segment ends: what sstrip leaves, but for zeros at its end."""
    data = path.read_bytes()
    phoff, = struct.unpack_from("<Q", data, 32)
    n, = struct.unpack_from("<H", data, 56)
    end = 0
    for i in range(n):
        kind, = struct.unpack_from("<I", data, phoff + 56 * i)
        offset, = struct.unpack_from("<Q", data, phoff + 56 * i + 8)
        filesz, = struct.unpack_from("<Q", data, phoff + 56 * i + 32)
        if kind == 1:
            end = max(end, offset + filesz)
    return end


def test_strip(programs, folder):
    for name, path in programs.items():
        want = run(path).stdout
        out = folder / "stripped"
        sizes = []
        for level in ("none", "debuginfo", "symbols", "all"):
            hone("strip", level, path, "-o", out)
            sizes.append(out.stat().st_size)
            check(run(out).stdout == want, f"{name}: {level} changed what the program does")
            check(out.stat().st_mode == path.stat().st_mode, "mode")
            check(not run("readelf", "-aW", out).stderr, f"{name}: readelf complains at level {level}")
        check(sizes == sorted(sizes, reverse=True), f"{name}: {sizes}")
        check(sizes[3] <= loaded_end(path), f"{name}: sstrip leaves {loaded_end(path)}, all {sizes[3]}")
        for level, flag in ((1, "-g"), (2, "-s")):
            run("strip", flag, path, "-o", folder / "judge")
            judge = (folder / "judge").stat().st_size
            # GNU strip also shares the tails of names, and drops symbols that relocations use.
            slack = 64 if flag == "-s" else 0.03 * judge
            check(sizes[level] <= judge + slack, f"{name}: strip {flag} {judge}, hone {sizes[level]}")


def test_twin_and_diff(programs, folder):
    whole = programs["plain"]
    bare = folder / "bare"
    hone("strip", "all", whole, "-o", bare)
    check(not table(bare)["has_symbols"], "no symbols")
    rows = {r["name"]: r["code"] for r in table(bare, "--twin", whole)["rows"]}
    want = {r["name"]: r["code"] for r in table(whole)["rows"]}
    for crate in ("std", "core", "alloc"):
        check(rows[crate] == want[crate], f"{crate} through the twin")
    for view in ("section",) + BY_SYMBOL:
        d = json.loads(hone("size", whole, "--diff", bare, "--by", view, "--format", "json").stdout)
        check(d["old"] == whole.stat().st_size and d["new"] == bare.stat().st_size, "sizes")
        check(sum(r["delta"] for r in d["rows"]) == d["delta"] == d["new"] - d["old"], f"{view}: sum")
        check(all(r["new"] - r["old"] == r["delta"] for r in d["rows"]), f"{view}: rows")


def test_formats(programs, _folder):
    text = hone("size", programs["plain"], "-n", "3").stdout
    check("[other rows]" in text.replace("37 ", "") or "other rows" in text, text)
    check(hone("size", programs["plain"], "--format", "markdown", "-n", "3").stdout.count("| ---") >= 1, "md")
    csv = hone("size", programs["plain"], "--format", "csv").stdout.splitlines()
    check(csv[0].startswith("size,share,code") and csv[0].endswith(",kind,crate"), csv[0])
    import csv as reader
    total = sum(int(row["size"]) for row in reader.DictReader(csv))
    check(total == programs["plain"].stat().st_size, "the CSV sums to the file")


def test_hard_link(programs, folder):
    """cargo's cache and target/release/app are one file: the cache keeps its bytes."""
    cache, app = folder / "cache", folder / "app"
    shutil.copy2(programs["plain"], cache)
    os.link(cache, app)
    before = cache.read_bytes()
    hone("strip", "symbols", app)
    check(cache.read_bytes() == before and app.stat().st_size < len(before), "hard link")


def test_refusals(programs, folder):
    data = folder / "appended"
    data.write_bytes(programs["plain"].read_bytes() + b"payload of a self-extracting program")
    for path, words in ((data, "carries 36 bytes of data behind its last section"),
                        (HERE / "sample.rs", "in a format that hone does not know"), (folder, "regular file"),
                        (folder / "missing", "missing")):
        before = path.read_bytes() if path.is_file() else None
        done = hone("strip", "symbols", path, ok=False)
        check(done.returncode == 1 and words in done.stderr, f"{path}: {done.stderr}")
        check(before is None or path.read_bytes() == before, "changed")
    check(hone("strip", "everything", data, ok=False).returncode == 2, "usage")
    check(hone("strip", "all", programs["plain"], "-o", folder / "x", "--keep", ".nope",
               ok=False).returncode == 1, "keep")


def test_split(programs, folder):
    if "debug" not in programs or not have("gdb"):
        return
    place = folder / "split"
    place.mkdir()
    program, debug = place / "debug", place / "debug.debug"
    hone("strip", "symbols", programs["debug"], "-o", program, "--split", debug)
    check(program.stat().st_size < 0.2 * debug.stat().st_size, "the program is small")
    said = run("gdb", "-nx", "-batch", "-ex", "break sample_plain", "-ex", "run", "-ex", "bt", program,
               ok=False).stdout
    check("sample.rs" in said and "sample_plain" in said, said)
    if have("eu-unstrip"):
        whole = place / "whole"
        run("eu-unstrip", program, debug, "-o", whole)
        check(run(whole).stdout == run(programs["debug"]).stdout, "eu-unstrip puts it together again")


def main():
    if not shutil.which("rustc") or not shutil.which("readelf"):
        print("SKIPPED: rustc and binutils are needed")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hone-binary-") as temp:
        folder = Path(temp)
        programs = build_programs(folder)
        tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
        for name, test in tests:
            try:
                test(programs, folder)
            except AssertionError as e:
                failed += 1
                print(f"FAILED {name}: {e}")
    for name in skipped:
        print(f"SKIPPED: {name} is not here")
    print(f"{checks} checks on {len(programs)} programs, {len(tests) - failed} tests passed, {failed} failed, "
          f"{len(skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
