"""What a second LTO in the linker carries out: code for size in the prebuilt std, and no code that names addresses."""

import os
import shutil
import subprocess

from harness import Skip, cargos_time, check, long_time
from test_beyond import built, same_after_apply

SMALL = "small+strip=symbols"
BOTH = "link.minsize=all,link.symbolizer=drop"
# Prints, panics when told to, and catches a panic where panics unwind.
MAIN = """\
use std::{collections::BTreeMap, env, panic};

fn count(words: &[String]) -> BTreeMap<&str, usize> {
    words.iter().fold(BTreeMap::new(), |mut map, word| {
        *map.entry(word.as_str()).or_default() += 1;
        map
    })
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    for (word, n) in count(&words) {
        println!("{word} {n} {:.3}", n as f64 / words.len() as f64);
    }
    if words.iter().any(|w| w == "catch") {
        println!("caught {}", panic::catch_unwind(|| panic!("on the way")).is_err());
        println!("{}", std::backtrace::Backtrace::force_capture().to_string().len() > 0);
    }
    if words.iter().any(|w| w == "panic") {
        panic!("told to {}", words.len());
    }
}
"""


def own_lld(box, kit):
    """Only where rustc's LLVM has an lld here: everywhere else the settings are left out."""
    probe = box.run(kit, "apply", "--dry-run", f"{SMALL},link.minsize=all").expect(0)
    if "left out" in probe.err:
        raise Skip("no lld of rustc's LLVM")


def run(path, *args):
    env = {**os.environ, "RUST_BACKTRACE": "full"}
    return subprocess.run([path, *args], capture_output=True, text=True, env=env, check=False)


@cargos_time
def test_the_prebuilt_std_becomes_smaller(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    names = [SMALL, f"{SMALL},link.minsize=all", f"{SMALL},link.symbolizer=drop", f"{SMALL},{BOTH}"]
    tried = box.run(kit, "try", "--format=json", *names).expect(0)
    trials = [tried.trial(name) for name in names]
    plain, minsize, dropped, both = (t["size"] for t in trials)
    check(minsize < 0.98 * plain, f"{minsize} of {plain}")
    # A program that prints a few lines is mostly that.
    check(dropped < 0.7 * plain and both < 0.75 * dropped, f"{plain} {minsize} {dropped} {both}")
    check(["backtrace" in t["labels"] for t in trials] == [False, False, True, True], [t["labels"] for t in trials])
    for trial in trials:
        fine, panicked = run(trial["path"], "a", "b", "a"), run(trial["path"], "panic")
        check(fine.returncode == 0 and fine.stdout == "a 2 0.667\nb 1 0.333\n", fine)
        check(panicked.returncode == -6 and "told to 1" in panicked.stderr, panicked)
        check("stack backtrace:" in panicked.stderr, panicked)


@cargos_time
def test_it_links_beside_a_profile(box):
    """LLVM's own LTO does not take a module that has one."""
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    name = f"{SMALL},{BOTH},train.pgo=on"
    trial = box.run(kit, "try", "--format=json", "--rounds=1", "--run=a b a", name).expect(0).trial(name)
    check(trial["status"] == "built", trial["reason"])
    check(run(trial["path"], "a", "b", "a").stdout == "a 2 0.667\nb 1 0.333\n", trial)


@cargos_time
def test_equal_instructions_are_kept_once(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    # Of a program that prints a few lines little is left to share: the part of std that names addresses stays in one pair.
    names = ["smallest-bold+link.outliner=unset", "smallest-bold"]
    named = [f"{name}+link.symbolizer=unset" for name in names]
    tried = box.run(kit, "try", "--format=json", *names, *named).expect(0)
    plain, outlined = (tried.trial(name) for name in named)
    check(outlined["size"] < 0.99 * plain["size"], f"{outlined['size']} of {plain['size']}")
    plain, outlined = (tried.trial(name) for name in names)
    check(outlined["size"] < plain["size"], f"{outlined['size']} of {plain['size']}")
    check(run(outlined["path"], "a", "b", "a").stdout == "a 2 0.667\nb 1 0.333\n", "another output")
    check(run(outlined["path"], "panic").returncode == -6, "a panic aborts")


@long_time
def test_programs_that_unwind_keep_what_they_need(box):
    """The calls that go stand where std cleans up when something throws; and every level inlines otherwise."""
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    for level in ("0", "3", "s"):
        names = [f"lto=fat,codegen-units=1,strip=symbols,opt-level={level}{more}" for more in ("", ",link.symbolizer=drop,link.outliner=on")]
        result = box.run(kit, "try", "--format=json", *names).expect(0)
        plain, dropped = (result.trial(name) for name in names)
        check(dropped["size"] < 0.8 * plain["size"], f"{level}: {dropped['size']} of {plain['size']}")
        caught, panicked = run(dropped["path"], "catch"), run(dropped["path"], "panic")
        check(caught.returncode == 0 and caught.stdout.endswith("caught true\ntrue\n"), caught)
        check(panicked.returncode == 101 and "told to 1" in panicked.stderr, panicked)


@cargos_time
def test_the_same_after_apply(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    same_after_apply(box, kit, f"{SMALL},{BOTH},rustc.compact=on,link.unwind=discard,link.icf=all")


def test_options_of_llvm_reach_the_linker(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    box.run(kit, "apply", f"{SMALL},{BOTH},rustc.compact=on,rustc.ext-tsp-size=on").expect(0)
    alias = (kit / ".cargo/config.toml").read_text()
    for option in ("disable-lsr", "apply-ext-tsp-for-size"):
        check(f"-Wl,-mllvm,-{option}" in alias, alias)
    check(alias.count("-Clinker-plugin-lto") == 1 and alias.count("newpm-passes") == 1, alias)


@cargos_time
def test_what_keeps_the_linker_from_it_is_said(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    for candidate in ("link.symbolizer=drop", "lto=thin,link.minsize=all"):
        box.good(kit, ["build", "--no-baseline", candidate], "is left out: it needs lto = \"fat\"")
    # Two settings, one reason each.
    said = box.good(kit, ["build", "--no-baseline", f"{SMALL},{BOTH},link.linker=gnu"], "needs an lld of rustc's LLVM")
    check(said.err.count("is left out") == 2, said)
    plain = open(built(box, kit, f"{SMALL},link.linker=gnu"), "rb").read()
    check(open(said.out.strip(), "rb").read() == plain, "left out, but other bytes")
    box.write("kit/.cargo/config.toml", "[target.x86_64-unknown-linux-gnu]\nrustflags = ['-Clink-arg=-fuse-ld=bfd']\n")
    box.good(kit, ["build", "--no-baseline", f"{SMALL},{BOTH}"], "needs an lld of rustc's LLVM")


@cargos_time
def test_lto_of_the_project_counts(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    (kit / "Cargo.toml").write_text((kit / "Cargo.toml").read_text() + "lto = true\n")
    said = box.good(kit, ["build", "--no-baseline", "link.symbolizer=drop"])
    check("left out" not in said.err, said)


def test_a_std_without_the_function(box):
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    real = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True, cwd=kit).stdout.strip()
    host = "x86_64-unknown-linux-gnu"
    fake = box.root / "sysroot" / "lib/rustlib" / host
    (fake / "lib").mkdir(parents=True)
    (fake / "lib/libstd-0.rlib").write_bytes(b"!<arch>\n\0_ZN3std12backtrace_rs9symbolize5gimli5other17h0123E\0")
    if os.path.isdir(f"{real}/lib/rustlib/{host}/bin"):
        (fake / "bin").symlink_to(f"{real}/lib/rustlib/{host}/bin")
    box.program("rustc", f"""\
#!/bin/sh
case "$*" in --print=sysroot) echo {box.root}/sysroot; exit ;; esac
exec @REAL@ "$@"
""")
    box.good(kit, ["build", "--no-baseline", f"{SMALL},link.symbolizer=drop"], "there is no function of this name")


@cargos_time
def test_musl(box):
    """Static programs are linked by the machine's own C compiler, too, and lld can do all of it for them."""
    musl = "x86_64-unknown-linux-musl"
    found = subprocess.run(["rustc", "--print", "target-libdir", "--target", musl], capture_output=True, text=True, check=False)
    if found.returncode or not os.path.isdir(found.stdout.strip()):
        raise Skip(f"std for {musl} (rustup target add {musl}) is not here")
    kit = box.kit(main=MAIN)
    own_lld(box, kit)
    tried = box.good(kit, ["try", "balanced", "smallest-bold", "--target", musl, "--run", "a b a", "--rounds", "1", "--format", "json"])
    check("left out" not in tried.err, tried)
    _, balanced, bold = tried.json()["trials"]
    check(bold["status"] == "built" and bold["size"] < 0.6 * balanced["size"], f"{bold['size']} of {balanced['size']}")
    check(subprocess.run([bold["path"], "panic"], capture_output=True, check=False).returncode == -6, "a panic aborts")


def test_musl_that_cannot_load_packed_relocations(box):
    """rustup's own musl unpacks them since Rust 1.93; before it such a program would die at its start."""
    kit = box.kit()
    box.program("rustc", '#!/bin/sh\nexec @REAL@ "$@" | sed "s/^release: .*/release: 1.92.0/"\n')
    said = box.good(kit, ["apply", "--dry-run", "link.relr=on,opt-level=1", "--target", "x86_64-unknown-linux-musl"],
                    "link.relr is left out: the musl of rustc 1.92.0 cannot load it")
    check("relr" not in said.out and "pack-relative" not in said.out, said)


def test_a_c_compiler_for_another_machine_calls_lld(box):
    """rustc's own lld makes code for every machine that its LLVM knows; a program that hone does not know is left alone."""
    kit = box.kit()
    target, key = "aarch64-unknown-linux-gnu", "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER"
    for linker, takes in (("aarch64-linux-gnu-gcc", True), ("/opt/clang", True), ("my-linker", False)):
        said = box.good(kit, ["apply", "--dry-run", "lto=fat,link.minsize=all", "--target", target], env={key: linker})
        check(("link.minsize is left out" not in said.err) == takes, f"{linker}: {said}")
        check(("-fuse-ld=lld" in said.out) == takes, f"{linker}: {said}")
    env = {"CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER": "x86_64-w64-mingw32-gcc"}
    said = box.good(kit, ["apply", "--dry-run", "lto=fat,link.minsize=all", "--target", "x86_64-pc-windows-gnu"], env=env)
    check("link.minsize is left out" in said.err and "fuse-ld" not in said.out, f"its flags are those of an ELF linker\n{said}")


def test_the_linker_is_told_in_its_own_words(box):
    """Behind a C compiler flags are wrapped into -Wl,; a linker that rustc calls itself takes them as they are."""
    kit = box.kit()
    key = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"
    flavor = "[target.x86_64-unknown-linux-gnu]\nrustflags = ['-C', 'linker-flavor={}']\n"
    wrapped, plain = "-Clink-arg=-Wl,-z,pack-relative-relocs", '"-Clink-arg=-z", "-Clink-arg=pack-relative-relocs"'
    for linker, words in ((None, wrapped), ("aarch64-linux-gnu-gcc-12", wrapped), ("/opt/clang", wrapped),
                          ("my-wrapper", wrapped), ("ld.lld-22", plain), ("/opt/rust-lld", plain), ("x-ld", plain)):
        said = box.good(kit, ["apply", "--dry-run", "link.relr=on"], env={key: linker} if linker else None)
        check(words in said.out, f"{linker}: {said}")
    for name, linker, words in (("gnu-lld", "gcc", plain), ("gnu-cc", "ld", wrapped), ("gcc", "ld", wrapped)):
        box.write("kit/.cargo/config.toml", flavor.format(name))
        said = box.good(kit, ["apply", "--dry-run", "link.relr=on"], env={key: linker})
        check(words in said.out, f"{name}: {said}")
