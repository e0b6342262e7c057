#!/usr/bin/env python3
"""Programs built for another machine: presets beside plain cargo, hone's smallest beside cargo-wizard's min-size, and both run in an emulator.

  HONE=build/src/cli/cargo-hone bench/targets/targets.py FOLDER [--write]

Published programs for aarch64-unknown-linux-gnu: sizes alone. What `apply` writes for a preset, and what `cargo wizard apply min-size`
writes, is built by plain cargo; a preset's file is held beside hone's byte for byte. The example for several machines: hone compares its behaviour in
QEMU and has its instructions counted. Wanted: rustup's std of each target, Debian's gcc-aarch64-linux-gnu, gcc-arm-linux-gnueabihf,
gcc-riscv64-linux-gnu and qemu-user, cargo-wizard 0.2.3 on the path. --write puts the tables of what is in FOLDER into RESULTS.md beside this script.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
TARGET = "aarch64-unknown-linux-gnu"
# target: C compiler, emulator with the folder of that machine's C library
MACHINES = {
    TARGET: ("aarch64-linux-gnu-gcc", "qemu-aarch64 -L /usr/aarch64-linux-gnu"),
    "aarch64-unknown-linux-musl": ("aarch64-linux-gnu-gcc", "qemu-aarch64 -L /"),
    "armv7-unknown-linux-gnueabihf": ("arm-linux-gnueabihf-gcc", "qemu-arm -L /usr/arm-linux-gnueabihf"),
    "riscv64gc-unknown-linux-gnu": ("riscv64-linux-gnu-gcc", "qemu-riscv64 -L /usr/riscv64-linux-gnu"),
}
ENV = os.environ | {f"CARGO_TARGET_{target.upper().replace('-', '_')}_LINKER": cc for target, (cc, _) in MACHINES.items()}
EXAMPLE = HERE.parents[1] / "examples/wordmill"
WORK = "similar --generate 60 --seed 7"
# crate: version, binary
PROGRAMS = {"hexyl": ("0.17.0", "hexyl"), "fd-find": ("10.5.0", "fd")}
PRESETS = ["small", "fast", "balanced"]
BOLD = "smallest-bold"


def run(argv, **more):
    done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, env=ENV, **more)
    if done.returncode:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def plain(folder, binary):
    """The bytes that plain cargo makes."""
    own = folder.parent / f"{folder.name}-plain"
    run(["cargo", "build", "--release", "--target", TARGET, "--target-dir", own], cwd=folder)
    return (own / TARGET / "release" / binary).read_bytes()


def applied(folder, recipe, binary):
    run([HONE, "hone", "apply", recipe, "--target", TARGET], cwd=folder)
    try:
        return plain(folder, binary)
    finally:
        run([HONE, "hone", "apply", "--undo"], cwd=folder)


def wizard(folder, binary):
    """The size of what cargo-wizard's min-size makes, whose file stays as it was."""
    manifest = folder / "Cargo.toml"
    before = manifest.read_bytes()
    run(["cargo-wizard", "wizard", "apply", "min-size", "release"], cwd=folder)
    try:
        return len(plain(folder, binary))
    finally:
        manifest.write_bytes(before)


def kept(path, make):
    """What an earlier call has found, or what is made now."""
    if not path.exists():
        path.write_text(json.dumps(make()))
    return json.loads(path.read_text())


def measure(name, top):
    version, binary = PROGRAMS[name]
    folder = top / name
    if not folder.exists():
        run([HERE.parent / "real/fetch.sh", name, version, folder])
    done = json.loads(run([HONE, "hone", "try", *PRESETS, BOLD, "--target", TARGET, "--format", "json"], cwd=folder))
    trials = {trial["name"]: trial for trial in done["trials"]}
    return {
        "rustc": done["toolchain"]["rustc"],
        "version": version,
        "size": {name: trial["size"] for name, trial in trials.items()},
        "same": {p: applied(folder, p, binary) == Path(trials[p]["path"]).read_bytes() for p in PRESETS},
        "min-size": wizard(folder, binary),
    }


def emulated(target, top):
    """The example in an emulator; a candidate that does something else than the baseline is out, and hone ends with an error."""
    folder = top / "wordmill"
    if not folder.exists():
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("target"))
    words = f"{MACHINES[target][1]} {{bin}} {WORK}"
    done = json.loads(run([HONE, "hone", "try", BOLD, "--target", target, "--run", words, "--rounds", 3, "--format", "json"], cwd=folder))
    (counted,) = [m for m in done["workloads"][0]["metrics"] if m["metric"] == "emulated"]
    return {"size": [t["size"] for t in done["trials"]], "ratio": counted["trials"][1]["ratio"]}


def report(rows, machines):
    lines = ["# Programs for another machine", "",
             f"Written by [targets.py](targets.py) on {time.strftime('%Y-%m-%d')}, rustc {next(iter(rows.values()))['rustc']}. Bytes.", "",
             f"{TARGET}, by Debian's gcc-aarch64-linux-gnu; min-size is cargo-wizard 0.2.3's. A preset is the same if plain cargo makes the same bytes of what `apply` wrote.", "",
             "| program | baseline | small | fast | balanced | plain cargo's bytes | min-size | smallest-bold | of min-size |",
             "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |"]  # fmt: skip
    for name, row in rows.items():
        size, least = row["size"], row["min-size"]
        same = "the same of all three" if all(row["same"].values()) else "others of " + ", ".join(p for p in PRESETS if not row["same"][p])
        lines.append("| " + " | ".join([f"{name} {row['version']}", *(f"{size[k]:,}" for k in ["baseline", *PRESETS]), same,
                                       f"{least:,}", f"{size[BOLD]:,}", f"{size[BOLD] / least:.3f}"]) + " |")  # fmt: skip
    lines += ["", f"`{WORK}` of examples/wordmill, its output compared in QEMU's user emulation, where instructions are counted (their ratio is no time):", "",
              "| target | baseline | smallest-bold | ratio | instructions, ratio |", "| --- | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for target, row in machines.items():
        old, new = row["size"]
        lines.append(f"| {target} | {old:,} | {new:,} | {new / old:.3f} | {row['ratio']:.3f} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    top = Path(arguments[0]).resolve()
    top.mkdir(parents=True, exist_ok=True)
    machines = {target: kept(top / f"{target}.json", lambda target=target: emulated(target, top)) for target in MACHINES}
    rows = {name: kept(top / f"{name}.json", lambda name=name: measure(name, top)) for name in PROGRAMS}
    text = report(rows, machines)
    print(text)
    if "--write" in sys.argv:
        (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
