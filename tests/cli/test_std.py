"""std compiled with the program: std.* and what else only a nightly takes. Needs a toolchain with std's
source, Debian's rustc-web, cargo-web and rust-web-src; HONE_STD_RUSTC and HONE_STD_CARGO name another one."""

import os
import pathlib
import re
import shutil
import subprocess

from harness import Skip, check, long_time

RUSTC = os.environ.get("HONE_STD_RUSTC", "/usr/bin/rustc")
CARGO = os.environ.get("HONE_STD_CARGO", "/usr/bin/cargo")


def toolchain(box):
    """The environment in which hone and cargo find that toolchain, offline: std's crates are vendored in it."""
    if not os.path.exists(RUSTC) or not os.path.exists(CARGO):
        raise Skip(f"no {RUSTC} or {CARGO} (Debian: rustc-web, cargo-web)")
    sysroot = subprocess.run([RUSTC, "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    vendor = f"{sysroot}/lib/rustlib/src/rust/library/vendor"
    if not os.path.isdir(vendor):
        raise Skip("no source of std with its crates (Debian: rust-web-src)")
    box.write("cargo-home/config.toml",
              f'[source.crates-io]\nreplace-with = "std"\n[source.std]\ndirectory = "{vendor}"\n')
    return {"RUSTC": RUSTC, "CARGO": CARGO, "RUSTC_BOOTSTRAP": "1"}


def test_nightly_settings_on_stable(box):
    kit = box.kit()
    for candidate, key in (("smallest-std", 'panic="immediate-abort"'), ("std.build", "std.build"),
                           ("rustc.location-detail=none", "rustc.location-detail"), ("trim-paths=all", "trim-paths")):
        for command in ("build", "apply", "try"):
            box.bad(kit, [command, candidate], 2, f"{key}", "needs a nightly toolchain", "RUSTC_BOOTSTRAP=1")


def other_sysroot(box):
    """A rustc with a sysroot of its own, as far as hone sees; where that would have the source of std."""
    box.program("rustc", f"""\
#!/bin/sh
case "$*" in --print=sysroot) echo {box.root}/sysroot; exit ;; esac
exec @REAL@ "$@"
""")
    return box.root / "sysroot/lib/rustlib/src/rust/library"


def test_std_without_its_source(box):
    """rustup's toolchains have it only as a component, and whoever runs the tests may have that."""
    kit = box.kit()
    other_sysroot(box)
    box.bad(kit, ["build", "std.build"], 2, "has no source of std", "rustup component add rust-src", "rust-web-src",
            env={"RUSTC_BOOTSTRAP": "1"})


def test_what_needs_std_build(box):
    kit = box.kit()
    env = {"RUSTC_BOOTSTRAP": "1"}
    for candidate in ("std.features=none", "panic=immediate-abort"):
        box.bad(kit, ["build", candidate], 2, 'needs std.build="on"', "add std.build=on", env=env)


def test_allow(box):
    kit = box.kit()
    box.bad(kit, ["try", "--allow", "glibc,backtrac", "smallest"], 2, "did you mean `backtrace`?")
    box.bad(kit, ["build", "--allow=", "smallest"], 2, "--allow takes labels (behaviour, glibc, ")
    box.bad(kit, ["apply", "--allow", "all", "smallest"], 2, "needs a nightly toolchain")
    said = box.run(kit, "apply", "-n", "--allow", "glibc", "smallest").expect(0, "pack-relative-relocs")
    check("icf" not in said.out and "drop-unwind" not in said.out, said)
    bold = box.run(kit, "apply", "-n", "smallest-bold").expect(0).out
    allowed = box.run(kit, "apply", "-n", "--allow", "glibc,backtrace", "--allow=address", "smallest").expect(0).out
    check(allowed == bold, f"{allowed}\n{bold}")


@long_time
def test_best_follows_what_was_allowed(box):
    kit = box.kit()
    train = ["--train", "sum", "--rounds", "1", "--format=json"]
    if "needs llvm-profdata" in box.run(kit, "build", "--no-baseline", "pgo", *train[:2]).err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    result = box.good(kit, ["try", "--all", *train], "smallest-std is left out: ", "fastest-std is left out: ",
                      "best-balanced-std is left out: ", "needs a nightly toolchain")
    size = {t["name"]: t["size"] for t in result.json()["trials"]}
    best = result.json()["best"]
    check(best["any"]["small"] == min(size, key=size.get) and best["any"]["small"].endswith("-bold"), f"{size} {best}")
    plain = {name: n for name, n in size.items() if not name.endswith("-bold")}
    check(best["allowed"]["small"] == min(plain, key=plain.get), f"{size} {best}")
    result = box.good(kit, ["try", "--all", *train, "--allow", "glibc,backtrace,address"])
    best = result.json()["best"]
    size = {t["name"]: t["size"] for t in result.json()["trials"]}
    check(best["allowed"]["small"] == best["any"]["small"] == min(size, key=size.get), f"{size} {best}")
    result = box.good(kit, ["try", *train, "smallest-bold", "small"])
    check(result.json()["best"]["allowed"]["small"] == "smallest-bold", result)


def check_announced(err):
    """What hone said of the builds counts std's own source: intermediate files take at least its size ten times."""
    sysroot = subprocess.run([RUSTC, "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    library = pathlib.Path(sysroot, "lib/rustlib/src/rust/library")
    source = sum(file.stat().st_size for crate in ("core", "alloc") for file in (library / crate / "src").rglob("*.rs"))
    megabytes = re.search(r"Planned .* up to (\d+) MB of disk", err)
    check(megabytes and int(megabytes[1]) * 1e6 > 10 * source, f"{source} bytes of source\n{err}")


@long_time
def test_std_recompiled_is_the_same_after_apply(box):
    """try, build, and after apply plain cargo in a clone elsewhere: the same bytes. Where there is an llvm-profdata, std is trained
    with the program: its functions are in the profile, and among the hot ones."""
    env = toolchain(box)
    mill = box.wordmill()
    name, train = "smallest-std", []
    trained = "best-balanced-std+std.features=optimize_for_size"
    if "needs llvm-profdata" not in box.run(mill, "build", "--no-baseline", trained, env=env).err:
        name, train = trained, ["--train", "count --generate 2000"]
    result = box.good(mill, ["try", "--format=json", "small", name, *train], env=env)
    check_announced(result.err)
    small, std = result.trial("small"), result.trial(name)
    check(std["status"] == "built" and std["size"] < 0.7 * small["size"], f"{small['size']} {std['size']}")
    check({"nightly", "backtrace", "glibc", "address"} <= set(std["labels"]), std["labels"])
    path = box.run(mill, "build", "--no-baseline", name, *train, env=env).expect(0, "RUSTC_BOOTSTRAP=1 is set").out.strip()
    mine = open(path, "rb").read()
    check(len(mine) == std["size"], f"{len(mine)} {std['size']}")
    script = ".cargo/hone/release-build.sh"
    shown = f"sh {script}" if train else "cargo release-build"
    box.run(mill, "apply", name, env=env).expect(0, f"RUSTC_BOOTSTRAP=1 {shown}")
    if train:
        hot = re.findall(r"force-remove-attribute=([^:]+):", (mill / script).read_text())
        check(any(re.search("4core|5alloc|3std", symbol) for symbol in hot), f"no function of std's is hot: {hot}")
    manifest = (mill / "Cargo.toml").read_text()
    check("immediate-abort" not in manifest and 'panic = "abort"' not in manifest, manifest)
    clone = box.root / "elsewhere" / "mill"
    shutil.copytree(mill, clone, ignore=shutil.ignore_patterns("target"))
    command = [CARGO if word == "cargo" else word for word in shown.split()]
    done = subprocess.run(command, cwd=clone, env=box.env | env, capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    (found,) = clone.glob("target/*/release/wordmill")
    check(found.read_bytes() == mine, f"other bytes than hone's: {len(mine)} and {found.stat().st_size}")
    # Any other cargo still reads the project.
    box.cargo(clone, "metadata", "--no-deps", "--format-version=1")


def test_source_of_std_that_comes_and_goes(box):
    """With rustup's rust-src rustc writes other paths into programs, and cargo compiles nothing anew for that."""
    kit = box.kit()
    build = ["build", "--no-baseline", "opt-level=1"]
    # The toolchain of whoever runs the tests may have it or not.
    source = other_sysroot(box) / "core/src"
    box.good(kit, build)
    box.good(kit, build, "nothing to compile")
    source.mkdir(parents=True)
    for _ in range(2):
        again = box.good(kit, build)
        check("nothing to compile" not in again.err, again)
        box.good(kit, build, "nothing to compile")
        shutil.rmtree(source, ignore_errors=True)
