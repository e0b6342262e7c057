#!/usr/bin/env python3
"""Programs built for another machine: presets beside plain cargo, hone's smallest beside cargo-wizard's min-size.

  HONE=build/src/cli/cargo-hone bench/targets/targets.py FOLDER [NAME...] [--write]

The target is aarch64-unknown-linux-gnu with Debian's gcc-aarch64-linux-gnu; rustup has to have its std. Sizes alone: nothing is
timed. What `apply` writes for a preset is built by plain cargo in a target folder of its own, and the two files are held beside each other byte for byte.
--write puts the table of what is in FOLDER into RESULTS.md beside this script.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
TARGET = "aarch64-unknown-linux-gnu"
ENV = os.environ | {"CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER": "aarch64-linux-gnu-gcc"}
# crate: version, binary
PROGRAMS = {"hexyl": ("0.17.0", "hexyl"), "fd-find": ("10.5.0", "fd")}
PRESETS = ["small", "fast", "balanced"]
# What cargo-wizard 0.2.2 writes for its template min-size on a stable toolchain.
MIN_SIZE = "debug=false,strip=true,opt-level=z,lto=true,codegen-units=1,panic=abort"
BOLD = "smallest-bold"


def run(argv, **more):
    done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, env=ENV, **more)
    if done.returncode:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def plain(folder, recipe, binary):
    """The bytes of plain cargo with what apply wrote."""
    own = folder.parent / f"{folder.name}-plain"
    run([HONE, "hone", "apply", recipe, "--target", TARGET], cwd=folder)
    try:
        run(["cargo", "build", "--release", "--target", TARGET, "--target-dir", own], cwd=folder)
    finally:
        run([HONE, "hone", "apply", "--undo"], cwd=folder)
    return (own / TARGET / "release" / binary).read_bytes()


def measure(name, top):
    version, binary = PROGRAMS[name]
    folder, kept = top / name, top / f"{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    if not folder.exists():
        run([HERE.parent / "real/fetch.sh", name, version, folder])
    done = json.loads(run([HONE, "hone", "try", *PRESETS, BOLD, MIN_SIZE, "--target", TARGET, "--format", "json"], cwd=folder))
    trials = {trial["name"]: trial for trial in done["trials"]}
    found = {
        "rustc": done["toolchain"]["rustc"],
        "version": version,
        "size": {name: trial["size"] for name, trial in trials.items()},
        "same": {p: plain(folder, p, binary) == Path(trials[p]["path"]).read_bytes() for p in PRESETS},
    }
    shutil.rmtree(top / f"{name}-plain", ignore_errors=True)
    kept.write_text(json.dumps(found))
    return found


def report(rows):
    lines = ["# Programs for another machine", "",
             f"Written by [targets.py](targets.py) on {time.strftime('%Y-%m-%d')}: {TARGET}, rustc {next(iter(rows.values()))['rustc']}, Debian's gcc-aarch64-linux-gnu. Bytes; min-size is the recipe of",
             "cargo-wizard's template. A preset is the same if plain cargo makes the same bytes of what `apply` wrote.", "",
             "| program | baseline | small | fast | balanced | plain cargo's bytes | min-size | smallest-bold | of min-size |",
             "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |"]  # fmt: skip
    shares = []
    for name, row in rows.items():
        size = row["size"]
        shares.append(size[BOLD] / size[MIN_SIZE])
        same = "the same of all three" if all(row["same"].values()) else "others of " + ", ".join(p for p in PRESETS if not row["same"][p])
        lines.append("| " + " | ".join([f"{name} {row['version']}", *(f"{size[k]:,}" for k in ["baseline", *PRESETS]), same,
                                       f"{size[MIN_SIZE]:,}", f"{size[BOLD]:,}", f"{shares[-1]:.3f}"]) + " |")  # fmt: skip
    return "\n".join(lines) + "\n", statistics.median(shares)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    if not arguments:
        sys.exit(__doc__)
    top = Path(arguments[0]).resolve()
    top.mkdir(parents=True, exist_ok=True)
    rows = {name: measure(name, top) for name in arguments[1:] or PROGRAMS}
    text, median = report(rows)
    print(text + f"median of smallest-bold beside min-size: {median:.3f}")
    if "--write" in sys.argv:
        (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
