#!/usr/bin/env python3
"""Builds examples/bare-metal for thumbv7m-none-eabi and riscv32imac-unknown-none-elf, runs it under QEMU,
and checks what hone says of its flash and RAM against binutils' size.

usage: test_bare_metal.py EXAMPLE

Needs a rustc whose sysroot has the source of core (Debian: rustc-web, cargo-web, rust-web-src), an lld,
and qemu-system-arm. Exit 0: passed; 1: failed; 77: skipped, with what is missing. $HONE is the built
cargo-hone; HONE_BARE_METAL_RUSTC and HONE_BARE_METAL_CARGO name another toolchain. hone's own recipes are run with the
core that rustup ships; with HONE_TESTS_LONG=1 (.ci/long embedded) with one that is compiled, too, and so is what
apply writes."""

import json
import os
import re
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
RISCV = "riscv32imac-unknown-none-elf"
RISCV_EMULATOR = ["qemu-system-riscv32", "-machine", "sifive_e", "-nographic",
                  "-semihosting-config", "enable=on,target=native", "-kernel"]


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def run(*argv, **more):
    more = {"timeout": 600} | more
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False, **more)
    check(done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def find_linker():
    for name in ("ld.lld-22", "ld.lld-19", "ld.lld"):
        if shutil.which(name):
            return name
    return None


def lld_of_llvm(environment):
    """What Debian calls the lld of the compiler's LLVM."""
    said = run(environment["RUSTC"], "-vV").stdout
    return "ld.lld-" + re.search(r"^LLVM version: (\d+)", said, re.M).group(1)


def missing_emulator():
    return None if shutil.which("qemu-system-arm") else "qemu-system-arm"


def missing():
    if not os.path.exists(RUSTC) or not os.path.exists(CARGO):
        return f"{RUSTC} or {CARGO} (Debian: rustc-web, cargo-web)"
    sysroot = subprocess.run([RUSTC, "--print", "sysroot"], capture_output=True, text=True, check=False).stdout.strip()
    if not os.path.exists(f"{sysroot}/lib/rustlib/src/rust/library/core"):
        return "the source of core (Debian: rust-web-src)"
    return None if find_linker() else "an lld"


def emulate(binary, emulator=tuple(EMULATOR)):
    """What the program prints; QEMU's own words come on the other stream."""
    done = subprocess.run([*emulator, str(binary)], capture_output=True, text=True, check=False, timeout=300,
                          stdin=subprocess.DEVNULL)
    check(done.returncode == 0, f"the program ends with {done.returncode}: {done.stderr}")
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "Timer with period" not in line)


def hone_json(*argv):
    return json.loads(run(HONE, "hone", "size", *argv, "--format", "json").stdout)


def binutils_size(binary):
    """Flash and RAM: text + data, data + bss."""
    text, data, bss = map(int, run("size", binary).stdout.splitlines()[1].split()[:3])
    return text + data, data + bss


def check_memory(binary, script):
    """Flash, RAM and regions by every view, and the bytes of the file."""
    flash, ram = binutils_size(binary)
    for view in ("section", "crate", "instance", "function", "generic"):
        m = hone_json(binary, "--memory", "--regions", script, "--by", view)
        check(m["flash"] == flash, f"{view}: flash {m['flash']}, size says {flash}")
        check(m["ram"] == ram, f"{view}: RAM {m['ram']}, size says {ram}")
        check(sum(r["flash"] for r in m["rows"]) == m["flash"], "the rows sum to the flash")
        check(sum(r["ram"] for r in m["rows"]) == m["ram"], "the rows sum to the RAM")
        used = {r["name"]: r["used"] for r in m["regions"]}
        check(used == {"FLASH": flash, "RAM": ram}, f"regions: {used}")
        whole = hone_json(binary, "--by", view)
        check(sum(r["size"] for r in whole["rows"]) == whole["size"] == binary.stat().st_size, "sum of the file")
    rows = {r["name"]: r for r in hone_json(binary, "--memory", "--by", "crate")["rows"]}
    check(rows["bare_metal"]["ram"] == ram and rows["core"]["flash"] > 4000, f"crates: {rows}")


def check_stack(binary, path):
    stack = hone_json(binary, "--memory")["stack"]
    check(stack["estimate"] and stack["path"].startswith(path) and
          64 < stack["from_entry"] <= stack["deepest"] < 64 << 10, f"stack: {stack}")


def try_candidates(project, environment):
    """The JSON of `try` with an emulator as the workload, or None when the registry cannot be reached."""
    run_line = " ".join(EMULATOR + ["{bin}"])
    tried = subprocess.run([HONE, "hone", "try", "small", "small+fmt-debug=none", "--rounds", "1", "--run", run_line,
                            "--format", "json"], cwd=project, env=environment, capture_output=True, text=True,
                           check=False, timeout=1600)
    if tried.returncode and ("registry" in tried.stderr or "crates.io" in tried.stderr):
        return None
    check(tried.returncode == 0, f"try: exit {tried.returncode}: {tried.stderr}")
    return json.loads(tried.stdout)


def check_instructions(workload):
    """QEMU's plugin counts the same in every run, and that decides."""
    metric = workload["metrics"][0]
    check((metric["metric"], metric["unit"]) == ("emulated", "count"), f"metric: {metric}")
    base, small = (x["samples"] for x in metric["trials"][:2])
    check(base == metric["control"] and 50_000 < base[0] < 1_000_000, f"instructions: {metric}")
    check(small[0] and small != base, f"small executes the same: {metric}")


def test_try(t):
    """Flash decides, and the emulator compares behaviour."""
    trials = {x["name"]: x for x in t["trials"]}
    check(list(trials) == ["baseline", "small", "small+fmt-debug=none"], f"trials: {list(trials)}")
    for x in t["trials"]:
        check((x["flash"], x["ram"]) == binutils_size(x["path"]), f"{x['name']}: flash, RAM {x['flash']}, {x['ram']}")
        check({r["name"]: (r["used"], r["length"]) for r in x["regions"]} ==
              {"FLASH": (x["flash"], 256 << 10), "RAM": (x["ram"], 64 << 10)}, f"regions: {x['regions']}")
    bare = trials["small+fmt-debug=none"]
    check(bare["status"] == "differs" and "ratio" in bare["reason"], f"{{:?}} prints nothing: {bare}")
    check(bare["flash"] < trials["small"]["flash"] < trials["baseline"]["flash"], "the settings make it smaller")
    check(t["best"]["allowed"]["small"] == "small" and t["speed_measured"], f"best: {t['best']}")
    check_instructions(t["workloads"][0])
    pairs = {(c["name"], c["beside"]): c for c in t["changes"]}
    check(pairs[("small+fmt-debug=none", "small")]["setting"] == 'rustc.fmt-debug="none"', f"changes: {list(pairs)}")
    for (name, beside), c in pairs.items():
        check(c["delta"] == trials[name]["flash"] - trials[beside]["flash"] == sum(r["delta"] for r in c["rows"]),
              f"{name} beside {beside}: the rows sum to the change of flash")
    return trials


def test_build(project, environment, trials):
    """`build` says what a device is short of, not only what the file is."""
    said = run(HONE, "hone", "build", "small", cwd=project, env=environment).stderr
    for word, key in (("Flash", "flash"), ("RAM", "ram")):
        now, before = trials["small"][key], trials["baseline"][key]
        change = f"{now - before:+,}" if now != before else "0"
        check(re.search(rf"^ *{word} {now:,} bytes; baseline {before:,} \({re.escape(change)}\)$", said, re.M),
              f"{word}, {now} beside {before}: {said}")


def test_apply(project, environment, trials):
    """What apply writes is what plain cargo makes of it."""
    said = run(HONE, "hone", "explain", "fmt-debug", cwd=project, env=environment).stdout
    check("beside small" in " ".join(said.split()) and "core -" in said, f"explain: {said}")
    run(HONE, "hone", "apply", "small", cwd=project, env=environment)
    run(CARGO, "build", "--release", cwd=project, env=environment, timeout=1600)
    plain = project / "target/thumbv7m-none-eabi/release/bare-metal"
    check(plain.read_bytes() == Path(trials["small"]["path"]).read_bytes(), "plain cargo makes what try measured")


def test_program(project, folder, binary):
    said = emulate(binary)
    check("crc 74f10f88 of 8 words" in said and "first_word: \"flash\"" in said, said)
    check_memory(binary, project / "memory.x")
    check_stack(binary, "reset > bare_metal::main")
    # Without an entry point the estimate starts where the reset vector points.
    vector = folder / "vector"
    data = bytearray(binary.read_bytes())
    data[24:28] = bytes(4)
    vector.write_bytes(data)
    check_stack(vector, "reset > bare_metal::main")
    bare = folder / "bare"
    run(HONE, "hone", "strip", "all", binary, "-o", bare)
    check(bare.stat().st_size < binary.stat().st_size and emulate(bare) == said, "stripped, it says the same")


def run_line(emulator):
    return " ".join([*emulator, "{bin}"])


def test_own_recipes(project, environment):
    """hone's own recipes speak to a linker that rustc calls without a C compiler, and leave out what only programs
    of an operating system have. Symbols stay. The second LTO needs an lld of rustc's LLVM."""
    done = run(HONE, "hone", "try", "small", "smallest", "smallest-bold", "--rounds", "1", "--run", run_line(EMULATOR),
               "--format", "json", cwd=project, env=environment, timeout=1600)
    trials = {x["name"]: x for x in json.loads(done.stdout)["trials"]}
    check(all(x["status"] == "built" for x in trials.values()),
          f"{[(x['name'], x['status'], x['reason']) for x in trials.values()]}")
    bold = trials["smallest-bold"]
    check(bold["flash"] <= trials["smallest"]["flash"] <= trials["small"]["flash"],
          f"flash: {[(x['name'], x['flash']) for x in trials.values()]}")
    diff = run(HONE, "hone", "apply", "smallest-bold", "--dry-run", cwd=project, env=environment).stdout
    check('"-Clink-arg=--icf=all"' in diff and "-Wl," not in diff, f"apply: {diff}")
    check(not {"glibc", "backtrace", "debug"} & set(bold["labels"]), f"labels: {bold['labels']}")
    check(any(r["name"] == ".symtab" for r in hone_json(bold["path"], "--by", "section")["rows"]), "the symbols stay")
    check(re.search("left out for .*: link.relr, link.unwind, link.symbolizer$", done.stderr, re.M), done.stderr)
    has_lld = find_linker() == lld_of_llvm(environment)
    check(("link.minsize is left out: it needs an lld of rustc's LLVM" in done.stderr) != has_lld, done.stderr)
    check(('"-Clinker-plugin-lto"' in diff) == has_lld, diff)


def has_core(target):
    libraries = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], capture_output=True,
                               text=True, check=False)
    return libraries.returncode == 0 and os.path.isdir(libraries.stdout.strip())


def test_prebuilt_core(project, target, emulator):
    """With rustup's toolchain and its core for the target, the linker's LTO makes core smaller, too."""
    if not has_core(target):
        print(f"SKIPPED: core for {target} (rustup target add {target}) is not here: hone's own recipes were not run")
        return
    shutil.rmtree(project / "target", ignore_errors=True)
    done = run(HONE, "hone", "try", "small", "smallest", "smallest-bold", "smallest-bold+link.minsize=unset",
               "--rounds", "1", "--target", target, "--run", run_line(emulator), "--format", "json", cwd=project,
               timeout=1600)
    trials = {x["name"]: x for x in json.loads(done.stdout)["trials"]}
    check(all(x["status"] == "built" for x in trials.values()),
          f"{[(x['name'], x['status'], x['reason']) for x in trials.values()]}")
    bold = trials["smallest-bold"]
    check(bold["flash"] <= trials["smallest"]["flash"] < 0.97 * trials["small"]["flash"],
          f"flash: {[(x['name'], x['flash']) for x in trials.values()]}")
    check(bold["flash"] < trials["smallest-bold+link.minsize=unset"]["flash"], "the linker's LTO makes core smaller")
    said = emulate(bold["path"], emulator)
    check("crc 74f10f88 of 8 words" in said and "first_word: \"flash\"" in said, said)
    run(HONE, "hone", "apply", "smallest-bold", "--target", target, cwd=project)
    run("cargo", "release-build", cwd=project, timeout=1600)
    plain = project / f"target/{target}/release/bare-metal"
    check(plain.read_bytes() == Path(bold["path"]).read_bytes(), "plain cargo makes what try measured")
    run(HONE, "hone", "apply", "--undo", cwd=project)


def test_riscv(project, folder, environment):
    """The same program for a RISC-V microcontroller, built by hone; its first function is a label in assembly."""
    done = run(HONE, "hone", "build", "small", "--no-baseline", "--target", RISCV, cwd=project, env=environment)
    binary = Path(done.stdout.strip())
    flash, ram = binutils_size(binary)
    check(re.search(rf"^ *Flash {flash:,} bytes$", done.stderr, re.M), done.stderr)
    check(re.search(rf"^ *RAM {ram:,} bytes$", done.stderr, re.M), done.stderr)
    check_memory(binary, project / "riscv/regions.x")
    check_stack(binary, "_start > enter")
    rows = {r["name"]: r for r in hone_json(binary, "--by", "function")["rows"]}
    check(rows["_start"]["kind"] == "glue" and 32 < rows["_start"]["size"] < 128 and rows["trap"]["size"] > 4,
          f"labels: {rows['_start']}, {rows['trap']}")
    bare = folder / "riscv"
    run(HONE, "hone", "strip", "all", binary, "-o", bare)
    check(bare.stat().st_size < binary.stat().st_size, "stripped")
    if not shutil.which(RISCV_EMULATOR[0]):
        print(f"SKIPPED: {RISCV_EMULATOR[0]} is not here: the RISC-V program was not run")
        return
    for program in (binary, bare):
        said = emulate(program, RISCV_EMULATOR)
        check("crc 74f10f88 of 8 words" in said and "first_word: \"flash\"" in said, said)


def test(example, folder):
    project = folder / "bare-metal"
    shutil.copytree(example, project, ignore=shutil.ignore_patterns("target"))
    environment = os.environ | {"RUSTC": RUSTC, "CARGO": CARGO, "RUSTC_BOOTSTRAP": "1",
                                "CARGO_TARGET_THUMBV7M_NONE_EABI_LINKER": find_linker(),
                                "CARGO_TARGET_RISCV32IMAC_UNKNOWN_NONE_ELF_LINKER": find_linker()}
    tried = try_candidates(project, environment)
    if tried is None:
        print("SKIPPED: build-std needs the registry for the dependencies of std, and it cannot be reached")
        return 77
    trials = test_try(tried)
    test_program(project, folder, Path(trials["baseline"]["path"]))
    test_build(project, environment, trials)
    if os.environ.get("HONE_TESTS_LONG") == "1":
        test_riscv(project, folder, environment)
        test_apply(project, environment, trials)
        test_own_recipes(project, environment)
    return 0


def test_with_rustup(example, folder):
    project = folder / "prebuilt"
    shutil.copytree(example, project, ignore=shutil.ignore_patterns("target"))
    test_prebuilt_core(project, "thumbv7m-none-eabi", EMULATOR)
    test_prebuilt_core(project, RISCV, RISCV_EMULATOR)
    if has_core(RISCV):
        test_riscv(project, folder, os.environ)


def main():
    reason = missing_emulator()
    code = 77
    with tempfile.TemporaryDirectory(prefix="hone-bare-metal-") as temp:
        try:
            if not reason:
                test_with_rustup(Path(sys.argv[1]), Path(temp))
                reason = missing()
            if not reason:
                code = test(Path(sys.argv[1]), Path(temp))
        except AssertionError as e:
            print(f"FAILED: {e}")
            return 1
    if reason:
        print(f"SKIPPED: {reason} is not here")
    elif code == 0:
        print("the bare-metal example: built, emulated, measured, stripped, tried, applied")
    return code


if __name__ == "__main__":
    sys.exit(main())
