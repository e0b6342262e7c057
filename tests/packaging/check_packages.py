#!/usr/bin/env python3
"""The ways to install hone, each built and run: cargo, the Debian package, the static file.

Usage: check_packages.py [--long] WORK_DIR
WORK_DIR is emptied. --long also builds each twice and for aarch64, and goes into roots of Debian 12 and 11 (as
root; debootstrap and qemu-user-static are needed). The last line is `N passed, N failed, N skipped`.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import traceback
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
LONG = "--long" in sys.argv
WORK = Path(sys.argv[-1]).resolve()
# Of the command line's tests, those that take seconds.
QUICK = ["test_init.py", "test_size.py"]


class Skip(Exception):
    pass


def run(*command, ok=True, **more):
    """Runs a command; gives what it printed, both streams."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, **more)
    if ok and done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


def environment(**more):
    return {**os.environ, **more}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def version():
    for line in (SOURCE / "Cargo.toml").read_text().splitlines():
        if line.startswith("version = "):
            return line.split('"')[1]
    raise AssertionError("Cargo.toml has no version")


def check_version(*command):
    said = run(*command, "--version").strip()
    assert said == f"hone {version()}", said


def command_line_tests(hone, *before):
    """The command line's tests with that program: the quick ones, or all in a long run."""
    files = [] if LONG and not before else [SOURCE / "tests/cli" / name for name in QUICK]
    run(*before, sys.executable, SOURCE / "tests/cli/run.py", *files, env=environment(HONE=str(hone)))


def crate():
    """The packed crate, unpacked elsewhere: in a folder with blanks."""
    folder = WORK / "un packed"
    target = WORK / "crate"
    if not folder.exists():
        run("cargo", "package", "--locked", "--no-verify", "--allow-dirty", "--quiet", "--target-dir", target,
            cwd=SOURCE)
        folder.mkdir()
        run("tar", "-xf", target / f"package/cargo-hone-{version()}.crate", "-C", folder)
    return folder / f"cargo-hone-{version()}"


def test_cargo_install():
    root = WORK / "cargo root"
    run("cargo", "install", "--locked", "--quiet", "--path", crate(), "--root", root, "--target-dir", WORK / "target")
    hone = root / "bin/cargo-hone"
    check_version(hone)
    # The helper inside has no need of libraries.
    command_line_tests(hone)


def test_cargo_install_offline():
    """Once the crates are there, no network is needed."""
    run("cargo", "install", "--locked", "--offline", "--force", "--quiet", "--path", crate(), "--root",
        WORK / "offline root", "--target-dir", WORK / "target")
    check_version(WORK / "offline root/bin/cargo-hone")


def test_crate_holds_no_more_than_it_needs():
    size = sum(p.stat().st_size for p in crate().rglob("*") if p.is_file())
    assert size < 4_000_000, f"{size} bytes"
    for name in ("tests", "bench", "fuzz", "examples"):
        assert not (crate() / name).exists(), name


def test_no_compiler():
    text = run("cargo", "build", "--release", "--locked", "--target-dir", WORK / "target", ok=False, cwd=crate(),
               env=environment(CC="no-such-compiler"))
    assert "no-such-compiler" in text, text[-2000:]


def test_compiler_of_another_machine():
    if not shutil.which("aarch64-linux-gnu-gcc"):
        raise Skip("no cross compiler")
    text = run("cargo", "build", "--release", "--locked", "--target-dir", WORK / "target", ok=False, cwd=crate(),
               env=environment(CC="aarch64-linux-gnu-gcc"))
    assert "aarch64-linux-gnu-gcc" in text, text[-2000:]


def build_static(arch, source=SOURCE, out=None):
    out = out or WORK / "static"
    run(source / "packaging/build-static", arch, out)
    archive = out / f"hone-{version()}-{arch}-linux-musl.tar.gz"
    unpacked = out / f"unpacked-{arch}"
    unpacked.mkdir(exist_ok=True)
    run("tar", "-xf", archive, "-C", unpacked)
    assert [p.name for p in unpacked.iterdir()] == ["cargo-hone"], list(unpacked.iterdir())
    return archive, unpacked / "cargo-hone"


def old_kernel():
    program = WORK / "old_kernel"
    if not program.exists():
        run("gcc", "-O1", SOURCE / "tests/packaging/old_kernel.c", "-o", program)
    return program


def test_static():
    _, hone = build_static("x86_64")
    assert "statically linked" in run("file", hone), run("file", hone)
    check_version(hone)
    command_line_tests(hone, old_kernel())
    need_root()
    # Alone in a root: no library, no /proc, no /etc.
    check_version("chroot", hone.parent, "/cargo-hone")
    assert ".text" in run("chroot", hone.parent, "/cargo-hone", "hone", "size", "--by", "section", "/cargo-hone")


def build_deb(source=SOURCE, out=None):
    out = out or WORK / "deb"
    run(source / "packaging/build-deb", out)
    return next(out.glob("*.deb"))


def test_deb():
    package = build_deb()
    said = run("lintian", "--fail-on", "warning,error", package)
    assert "W:" not in said and "E:" not in said, said
    root = WORK / "deb root"
    run("dpkg-deb", "-x", package, root)
    check_version(root / "usr/bin/cargo-hone")
    for name in ("man1/cargo-hone.1.gz", "man7/hone-settings.7.gz"):
        assert (root / "usr/share/man" / name).exists(), name


# ---- long

def long_no_static_libc():
    """A compiler that links nothing statically, as on Fedora without glibc-static."""
    tools = WORK / "tools"
    tools.mkdir()
    (tools / "cc").write_text('#!/bin/sh\ncase " $* " in *" -static "*) echo "ld: cannot find -lc" >&2; exit 1;; esac\n'
                              'exec /usr/bin/cc "$@"\n')
    (tools / "cc").chmod(0o755)
    os.utime(crate() / "packaging/cargo/build.rs")
    text = run("cargo", "install", "--locked", "--path", crate(), "--root", WORK / "dynamic root", "--target-dir",
               WORK / "target", env=environment(PATH=f"{tools}:{os.environ['PATH']}"))
    assert "no static C library (ld: cannot find -lc)" in text, text[-2000:]
    command_line_tests(WORK / "dynamic root/bin/cargo-hone")


def long_old_cargo():
    """Debian's own, which reads the registry's index by git only: the crates lie beside it."""
    with debian("bookworm") as (root, inside):
        shutil.copytree(crate(), root / "crate")
        run("cargo", "vendor", "--locked", "--quiet", "crates", cwd=root / "crate")
        # An old cargo reads the manifests of all crates of a folder, those for other systems, too.
        for manifest in (root / "crate/crates").glob("*/Cargo.toml"):
            manifest.write_text(manifest.read_text().replace('edition = "2024"', 'edition = "2021"'))
            sums = manifest.with_name(".cargo-checksum.json")
            sums.write_text(json.dumps(json.loads(sums.read_text()) | {"files": {}}))
        (root / "crate/.cargo").mkdir()
        (root / "crate/.cargo/config.toml").write_text(
            '[source.crates-io]\nreplace-with = "crates"\n[source.crates]\ndirectory = "/crate/crates"\n')
        # Not by debootstrap, which does not know that rustc's libc-dev is libc6-dev.
        inside("apt-get update -qq; apt-get install -y -qq --no-install-recommends cargo")
        text = inside("cd /crate; PATH=/usr/bin:/bin; cargo install --locked --offline --path . --root /x 2>&1 || true")
        assert "requires rustc 1.77 or newer" in text, text[-2000:]


def other_folder():
    """The same commit in another folder."""
    folder = WORK / "another/place"
    if not folder.exists():
        run("git", "clone", "--quiet", SOURCE, folder)
    return folder


def long_reproducible():
    for build in (lambda **a: build_static("x86_64", **a)[0], lambda **a: build_static("aarch64", **a)[0], build_deb):
        first = build(source=other_folder(), out=WORK / "first")
        second_folder = WORK / "second/some where"
        if not second_folder.exists():
            run("git", "clone", "--quiet", SOURCE, second_folder)
        second = build(source=second_folder, out=WORK / "second-out")
        assert digest(first) == digest(second), first.name


def long_aarch64():
    emulator = shutil.which("qemu-aarch64-static")
    if not emulator:
        raise Skip("no qemu-user-static")
    _, hone = build_static("aarch64")
    check_version(emulator, hone)
    assert ".text" in run(emulator, hone, "hone", "size", "--by", "section", hone)


@contextlib.contextmanager
def debian(release, packages=""):
    """A root of a Debian release, with this machine's Rust, and a function that runs commands in it."""
    need_root()
    if not shutil.which("debootstrap"):
        raise Skip("no debootstrap")
    root = WORK / release
    rust = [Path(os.environ.get(v, Path.home() / d)) for v, d in (("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"))]
    run("debootstrap", "--variant=minbase", "--include=ca-certificates" + packages, release, root)
    for path in rust:
        (root / path.relative_to("/")).mkdir(parents=True)
    # Its own are absolute links, which lead to this machine's from here.
    shutil.rmtree(root / "etc/ssl/certs")
    shutil.copytree("/etc/ssl/certs", root / "etc/ssl/certs", symlinks=False, dirs_exist_ok=True,
                    ignore_dangling_symlinks=True)
    mounts = "mount -t proc proc proc; mount --rbind /dev dev; " + "; ".join(
        f"mount --bind '{p}' '.{p}'" for p in rust)

    def inside(command):
        variables = {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy") or k.startswith("CARGO")}
        return run("unshare", "--mount", "bash", "-c", f'{mounts}; exec chroot . /bin/bash -ec "$1"', "bash", command,
                   cwd=root, env={**variables, "HOME": str(Path.home()), "CARGO_HOME": str(rust[0]),
                                  "RUSTUP_HOME": str(rust[1]), "PATH": f"{rust[0]}/bin:/usr/sbin:/usr/bin:/sbin:/bin"})

    try:
        yield root, inside
    finally:
        shutil.rmtree(root)


TRY = "cd /wordmill && cargo hone try --rounds 5 --run 'similar --generate 1000' small"


def long_debian_11():
    _, hone = build_static("x86_64")
    with debian("bullseye", ",gcc,libc6-dev") as (root, inside):
        shutil.copy(hone, root / "usr/bin")
        shutil.copytree(SOURCE / "examples/wordmill", root / "wordmill")
        assert "Smallest: small" in inside(TRY)


def long_debian_package_in_a_clean_root():
    package = build_deb()
    with debian("bookworm", ",gcc,libc6-dev") as (root, inside):
        shutil.copy(package, root / "hone.deb")
        shutil.copytree(SOURCE / "examples/wordmill", root / "wordmill")
        inside("apt-get update -qq; apt-get install -y -qq --no-install-recommends /hone.deb")
        assert "Smallest: small" in inside(TRY)


def long_cargo_install_in_a_bare_root():
    with debian("bookworm", ",gcc,libc6-dev") as (root, inside):
        shutil.copytree(crate(), root / "crate")
        shutil.copytree(SOURCE / "examples/wordmill", root / "wordmill")
        inside("cargo install --locked --path /crate --root /usr")
        assert "Smallest: small" in inside(TRY)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for name, test in list(globals().items()):
        if not name.startswith("test_") and not (LONG and name.startswith("long_")):
            continue
        start = time.monotonic()
        try:
            test()
            result, why = "passed", ""
        except Skip as e:
            result, why = "skipped", f": {e}"
        except Exception:
            result, why = "failed", f"\n{traceback.format_exc()}"
        counts[result] += 1
        print(f"{result} {name} ({time.monotonic() - start:.0f} s){why}", flush=True)
    print(", ".join(f"{n} {word}" for word, n in counts.items()))
    return counts["failed"] > 0


if __name__ == "__main__":
    sys.exit(main())
