#!/usr/bin/env python3
"""Builds examples/bare-metal for thumbv7m-none-eabi, runs it under QEMU, and checks what hone says of
its flash and RAM against binutils' size.

usage: test_bare_metal.py EXAMPLE

Needs a rustc whose sysroot has the source of core (Debian: rustc-web, cargo-web, rust-web-src), an lld,
and qemu-system-arm. Exit 0: passed; 1: failed; 77: skipped, with what is missing. $HONE is the built
cargo-hone; HONE_BARE_METAL_RUSTC and HONE_BARE_METAL_CARGO name another toolchain."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HONE = os.environ.get("HONE", "cargo-hone")
RUSTC = os.environ.get("HONE_BARE_METAL_RUSTC", "/usr/bin/rustc")
CARGO = os.environ.get("HONE_BARE_METAL_CARGO", "/usr/bin/cargo")
EMULATOR = ["qemu-system-arm", "-cpu", "cortex-m3", "-machine", "lm3s6965evb", "-nographic",
            "-semihosting-config", "enable=on,target=native", "-kernel"]


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def run(*argv, **more):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False, timeout=600, **more)
    check(done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def find_linker():
    for name in ("ld.lld-22", "ld.lld-19", "ld.lld"):
        if shutil.which(name):
            return name
    return None


def missing():
    if not os.path.exists(RUSTC) or not os.path.exists(CARGO):
        return f"{RUSTC} or {CARGO} (Debian: rustc-web, cargo-web)"
    sysroot = subprocess.run([RUSTC, "--print", "sysroot"], capture_output=True, text=True, check=False).stdout.strip()
    if not os.path.exists(f"{sysroot}/lib/rustlib/src/rust/library/core"):
        return "the source of core (Debian: rust-web-src)"
    if not shutil.which("qemu-system-arm"):
        return "qemu-system-arm"
    return None if find_linker() else "an lld"


def emulate(binary):
    """What the program prints; QEMU's own words come on the other stream."""
    done = subprocess.run([*EMULATOR, str(binary)], capture_output=True, text=True, check=False, timeout=60,
                          stdin=subprocess.DEVNULL)
    check(done.returncode == 0, f"the program ends with {done.returncode}: {done.stderr}")
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "Timer with period" not in line)


def hone_json(*argv):
    return json.loads(run(HONE, "hone", "size", *argv, "--format", "json").stdout)


def test_try(project, environment):
    """try on the device's program: flash decides, the emulator compares behaviour, and what apply writes is
    what plain cargo makes of it."""
    run_line = " ".join(EMULATOR + ["{bin}"])
    tried = subprocess.run([HONE, "hone", "try", "small", "small+fmt-debug=none", "--rounds", "1", "--run", run_line,
                            "--format", "json"], cwd=project, env=environment | {"CARGO": CARGO}, capture_output=True,
                           text=True, check=False, timeout=1600)
    check(tried.returncode == 0, f"try: exit {tried.returncode}: {tried.stderr}")
    t = json.loads(tried.stdout)
    trials = {x["name"]: x for x in t["trials"]}
    check(list(trials) == ["baseline", "small", "small+fmt-debug=none"], f"trials: {list(trials)}")
    for x in t["trials"]:
        text, data, bss = map(int, run("size", x["path"]).stdout.splitlines()[1].split()[:3])
        check((x["flash"], x["ram"]) == (text + data, data + bss), f"{x['name']}: flash, RAM {x['flash']}, {x['ram']}")
        check({r["name"]: (r["used"], r["length"]) for r in x["regions"]} ==
              {"FLASH": (x["flash"], 256 << 10), "RAM": (x["ram"], 64 << 10)}, f"regions: {x['regions']}")
    bare = trials["small+fmt-debug=none"]
    check(bare["status"] == "differs" and "ratio" in bare["reason"], f"{{:?}} prints nothing: {bare}")
    check(bare["flash"] < trials["small"]["flash"] < trials["baseline"]["flash"], "the settings make it smaller")
    check(t["best"]["allowed"]["small"] == "small" and not t["speed_measured"], f"best: {t['best']}")
    pairs = {(c["name"], c["beside"]): c for c in t["changes"]}
    check(pairs[("small+fmt-debug=none", "small")]["setting"] == 'rustc.fmt-debug="none"', f"changes: {list(pairs)}")
    for (name, beside), c in pairs.items():
        check(c["delta"] == trials[name]["flash"] - trials[beside]["flash"] == sum(r["delta"] for r in c["rows"]),
              f"{name} beside {beside}: the rows sum to the change of flash")

    said = subprocess.run([HONE, "hone", "explain", "fmt-debug"], cwd=project, env=environment | {"CARGO": CARGO},
                          capture_output=True, text=True, check=True).stdout
    check("beside small" in " ".join(said.split()) and "core -" in said, f"explain: {said}")
    for argv in ([HONE, "hone", "apply", "small"], [CARGO, "build", "--release"]):
        done = subprocess.run(argv, cwd=project, env=environment | {"CARGO": CARGO}, capture_output=True, text=True,
                              check=False, timeout=1600)
        check(done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}")
    plain = project / "target/thumbv7m-none-eabi/release/bare-metal"
    check(plain.read_bytes() == Path(trials["small"]["path"]).read_bytes(), "plain cargo makes what try measured")


def test(example, folder):
    project = folder / "bare-metal"
    shutil.copytree(example, project, ignore=shutil.ignore_patterns("target"))
    environment = os.environ | {"RUSTC": RUSTC, "RUSTC_BOOTSTRAP": "1",
                                "CARGO_TARGET_THUMBV7M_NONE_EABI_LINKER": find_linker()}
    built = subprocess.run([CARGO, "build", "--release"], cwd=project, env=environment, capture_output=True,
                           text=True, check=False, timeout=800)
    if built.returncode and ("registry" in built.stderr or "crates.io" in built.stderr):
        print("SKIPPED: build-std needs the registry for the dependencies of std, and it cannot be reached")
        return 77
    check(built.returncode == 0, built.stderr)
    binary = project / "target/thumbv7m-none-eabi/release/bare-metal"
    said = emulate(binary)
    check("crc 74f10f88 of 8 words" in said and "first_word: \"flash\"" in said, said)

    text, data, bss = map(int, run("size", binary).stdout.splitlines()[1].split()[:3])
    for view in ("section", "crate", "function"):
        m = hone_json(binary, "--memory", "--regions", project / "memory.x", "--by", view)
        check(m["flash"] == text + data, f"{view}: flash {m['flash']}, size says {text + data}")
        check(m["ram"] == data + bss, f"{view}: RAM {m['ram']}, size says {data + bss}")
        check(sum(r["flash"] for r in m["rows"]) == m["flash"], "the rows sum to the flash")
        check(sum(r["ram"] for r in m["rows"]) == m["ram"], "the rows sum to the RAM")
        used = {r["name"]: r["used"] for r in m["regions"]}
        check(used == {"FLASH": text + data, "RAM": data + bss}, f"regions: {used}")
    stack = hone_json(binary, "--memory")["stack"]
    check(stack["estimate"] and stack["path"].startswith("reset > bare_metal::main") and
          64 < stack["from_entry"] <= stack["deepest"] < 64 << 10, f"stack: {stack}")
    rows = {r["name"]: r for r in hone_json(binary, "--memory", "--by", "crate")["rows"]}
    check(rows["bare_metal"]["ram"] == data + bss and rows["core"]["flash"] > 4000, f"crates: {rows}")
    whole = hone_json(binary)
    check(sum(r["size"] for r in whole["rows"]) == whole["size"] == binary.stat().st_size, "sum of the file")

    bare = folder / "bare"
    run(HONE, "hone", "strip", "all", binary, "-o", bare)
    check(bare.stat().st_size < binary.stat().st_size and emulate(bare) == said, "stripped, it says the same")
    test_try(project, environment)
    return 0


def main():
    reason = missing()
    if reason:
        print(f"SKIPPED: {reason} is not here")
        return 77
    with tempfile.TemporaryDirectory(prefix="hone-bare-metal-") as temp:
        try:
            code = test(Path(sys.argv[1]), Path(temp))
        except AssertionError as e:
            print(f"FAILED: {e}")
            return 1
    if code == 0:
        print("the bare-metal example: built, emulated, measured, stripped, tried, applied")
    return code


if __name__ == "__main__":
    sys.exit(main())
