#!/usr/bin/env python3
"""Published programs and libraries that people ship as WebAssembly: hone's smallest beside wasm-pack's default (cargo's release profile, then
wasm-opt -O) and the recipe of the Rust-and-WebAssembly book (lto, opt-level "s" or "z", whichever is smaller, then wasm-opt -Oz).

  HONE=build/src/cli/cargo-hone bench/wasm/programs.py FOLDER [NAME...] [--write]

wasm-opt must be on the path, and rustc must have std for the targets. Sources, builds and results lie in FOLDER; what is there is not
built again. All are made by the same toolchain from the same sources, without the crate's own [profile]. Attribution of hone's module is
compared with twiggy, where `twiggy` is on the path. --write puts the table of what is in FOLDER into programs.md beside this script.
"""

import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
UNKNOWN, WASI = "wasm32-unknown-unknown", "wasm32-wasip1"
# name: version, target, options of cargo; the library is meant where there is a cdylib
PROGRAMS = {
    "dprint-plugin-json": ("0.25.2", UNKNOWN, ["--lib", "--features", "wasm"]),
    "dprint-plugin-toml": ("0.9.0", UNKNOWN, ["--lib", "--features", "wasm"]),
    "dprint-plugin-dockerfile": ("0.7.0", UNKNOWN, ["--lib", "--features", "wasm"]),
    "dprint-plugin-markdown": ("0.28.2", UNKNOWN, ["--lib", "--features", "wasm"]),
    "hexyl": ("0.17.0", WASI, ["--bin", "hexyl"]),
    "jaq": ("3.1.2", WASI, ["--bin", "jaq"]),
}
CANDIDATE = "smallest,post.wasm-opt=Oz"
RUNS = 20  # the kernel counts hundredths of a second
RECIPES = {
    "default": ({}, "-O"),
    "book, s": ({"lto": "true", "opt-level": '"s"'}, "-Oz"),
    "book, z": ({"lto": "true", "opt-level": '"z"'}, "-Oz"),
}


def run(argv, **more):
    done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def fetch(name, version, folder):
    """The unpacked crate, whose profile is cargo's own."""
    if folder.exists():
        return
    run(["sh", HERE.parent / "real/fetch.sh", name, version, folder])
    manifest = folder / "Cargo.toml"
    text = re.sub(r"(?ms)^\[profile\.[^\n]*\n.*?(?=^\[(?!profile)|\Z)", "", manifest.read_text())
    manifest.write_text(text)
    (folder / "rust-toolchain.toml").unlink(missing_ok=True)


def plain(folder, target, options, profile, level):
    """As wasm-pack does: cargo build, then wasm-opt. The bytes."""
    argv = ["cargo", "build", "--locked", "--release", "--target", target, "--message-format", "json", *options]
    for key, value in profile.items():
        argv += ["--config", f"profile.release.{key}={value}"]
    messages = [json.loads(line) for line in run(argv, cwd=folder).splitlines() if line.startswith("{")]
    (made,) = {f for m in messages if m["reason"] == "compiler-artifact" and m["manifest_path"] == str(folder / "Cargo.toml")
               for f in m["filenames"] if f.endswith(".wasm")}
    run(["wasm-opt", level, made, "-o", folder / "out.wasm"])
    return (folder / "out.wasm").read_bytes()


def sizes(data):
    row = {"size": len(data), "gzip": len(gzip.compress(data, 9, mtime=0))}
    if shutil.which("brotli"):
        row["brotli"] = len(subprocess.run(["brotli", "-q", "11", "-w", "22", "-c"], input=data, capture_output=True, check=True).stdout)
    return row


def attribute(path):
    """Bytes that get a row, by hone and by twiggy, and their user time: the mean of RUNS runs."""
    row = {"file": path.stat().st_size}
    tools = {"hone": [HONE, "hone", "size", "--by", "function", "--format", "json", path]}
    if shutil.which("twiggy"):
        tools["twiggy"] = ["twiggy", "top", "-n", "1000000", "-f", "json", path]
    for tool, argv in tools.items():
        before = os.times()
        for _ in range(RUNS):
            out = run(argv)
        row[tool + " s"] = (os.times().children_user - before.children_user) / RUNS
        rows = json.loads(out)
        row[tool] = sum(r["size"] for r in rows["rows"]) if tool == "hone" else sum(r["shallow_size"] for r in rows)
    return row


def attributed(row, name, folder, kept):
    _, target, options = PROGRAMS[name]
    named = run([HONE, "hone", "build", "baseline", "--no-baseline", "--locked", "--target", target, *options], cwd=folder)
    row |= {"bytes": attribute(Path(named.strip())), "runs": RUNS}
    kept.write_text(json.dumps(row, indent=1))
    return row


def measure(name, top):
    version, target, options = PROGRAMS[name]
    folder = top / name
    kept = top / f"{name}.json"
    row = json.loads(kept.read_text()) if kept.exists() else {}
    if row.get("runs") == RUNS:
        return row
    if row:
        return attributed(row, name, folder, kept)
    fetch(name, version, folder)
    row = {"version": version, "target": target, "rustc": run(["rustc", "--version"]).strip(),
           "wasm-opt": run(["wasm-opt", "--version"]).strip()}
    for recipe, (profile, level) in RECIPES.items():
        row[recipe] = sizes(plain(folder, target, options, profile, level))
        print(name, recipe, row[recipe], flush=True)
    made = run([HONE, "hone", "build", CANDIDATE, "--no-baseline", "--locked", "--target", target, *options], cwd=folder)
    row["hone"] = sizes(Path(made.strip()).read_bytes())
    print(name, "hone", row["hone"], flush=True)
    return attributed(row, name, folder, kept)


def table(rows):
    keys = [k for k in ("gzip", "brotli", "size") if all(k in r["hone"] for r in rows.values())]
    lines = ["| program | " + " | ".join(f"{k}: default | book | hone | of default | of book" for k in keys) + " |",
             "| --- |" + " ---: |" * 5 * len(keys)]
    shares = {}
    for name, row in rows.items():
        cells = [f"{name} {row['version']}"]
        for k in keys:
            default, book = row["default"][k], min(row["book, s"][k], row["book, z"][k])
            own = row["hone"][k]
            shares.setdefault(k, []).append((own / default, own / book))
            cells += [f"{default:,}", f"{book:,}", f"{own:,}", f"{own / default:.3f}", f"{own / book:.3f}"]
        lines.append("| " + " | ".join(cells) + " |")
    medians = ["median"]
    for k in keys:
        medians += ["", "", ""] + [f"{statistics.median(s[i] for s in shares[k]):.3f}" for i in (0, 1)]
    return "\n".join(lines + ["| " + " | ".join(medians) + " |"])


def attribution(rows):
    lines = ["| module (release, names in it) | bytes | hone: bytes of rows | twiggy: bytes of rows | hone, user s | twiggy, user s |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, row in rows.items():
        b = row["bytes"]
        assert b["hone"] == b["file"], f"{name}: {b}"
        lines.append(f"| {name} | {b['file']:,} | {b['hone']:,} | {b.get('twiggy', 0):,} | {b['hone s']:.4f} | {b.get('twiggy s', 0):.4f} |")
    return "\n".join(lines)


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    top = Path(words[0]).resolve()
    top.mkdir(parents=True, exist_ok=True)
    for name in words[1:] or PROGRAMS:
        measure(name, top)
    rows = {name: measure(name, top) for name in PROGRAMS if (top / f"{name}.json").exists()}
    print(table(rows) + "\n\n" + attribution(rows))
    if "--write" in sys.argv:
        first = next(iter(rows.values()))
        (HERE / "programs.md").write_text(
            f"# Programs and libraries shipped as WebAssembly\n\nWritten by [programs.py](programs.py): {first['rustc']}, "
            f"{first['wasm-opt']}. default: cargo's release profile, wasm-opt -O, as wasm-pack does. book: lto, opt-level \"s\" or "
            f"\"z\" (the smaller), wasm-opt -Oz. hone: `{CANDIDATE}`. Bytes; gzip -9, brotli -11 in a window of 22 bits.\n\n"
            f"{table(rows)}\n\nAttribution by function; the sizes that twiggy counts are its rows' shallow sizes.\n\n{attribution(rows)}\n")


if __name__ == "__main__":
    main()
