#!/usr/bin/env python3
"""Checks what the settings table says against cargo and rustc themselves.

Usage: verify_settings.py [-k PART]      $HONE is the built cargo-hone.
The table is read from `cargo hone explain --format json`. Every listed value is built with, every value
outside of a range has to be refused, every default has to be what cargo does when nothing is written, and
the claims of the prose that a machine can check are the functions claim_*. In the end each row of the table
needs a check of its default (or of what it is when not set), of its range and of each of its values: what
has none fails, and a row of a kind that no check knows is listed. -k: checks whose name holds PART.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HONE = Path(os.environ.get("HONE", "cargo-hone")).resolve()
SCRUBBED = ("CARGO", "RUSTFLAGS", "RUSTC", "MAKEFLAGS", "RUSTC_BOOTSTRAP", "RUSTC_WRAPPER")

MANIFEST = """{features}[package]
name = "probe"
version = "0.1.0"
edition = "2021"
[dependencies]
dep = {{ path = "dep" }}
{profile}
"""
STUB = """#include <stddef.h>
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);
void *malloc(size_t n) { return __libc_malloc(n); }
void *calloc(size_t n, size_t m) { return __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { return __libc_realloc(p, n); }
void free(void *p) { __libc_free(p); }
int posix_memalign(void **to, size_t align, size_t n) { return !(*to = __libc_memalign(align, n)); }
"""
# Several modules with the same code (icf), a trait object, a panic path, a relocated table.
MAIN = """
mod a {{ #[inline(never)] pub fn f(x: u64) -> u64 {{ std::hint::black_box(x) * 3 + 1 }} }}
mod b {{ #[inline(never)] pub fn f(x: u64) -> u64 {{ std::hint::black_box(x) * 3 + 1 }} }}
static TABLE: [fn(u64) -> u64; 2] = [a::f, b::f];
fn main() {{
    let n = std::env::args().count() as u64;
    let sum: u64 = TABLE.iter().map(|f| f(n)).sum();
    if sum == 0 {{ panic!("zero") }}
    println!("{{sum}} {{:?}}", dep::twice(n));
}}
"""
DEP = "pub fn twice(x: u64) -> Option<u64> { x.checked_mul(2) }\n"


class Skip(Exception):
    """Nothing can be checked here of the settings whose keys begin with `of`, if it is given."""

    def __init__(self, why, of=None):
        super().__init__(why)
        self.of = of


def check(condition, message):
    if not condition:
        raise AssertionError(message)


class Probe:
    """A tiny project, and cargo run on it."""

    def __init__(self, root):
        self.root = Path(root) / "probe"
        (self.root / "src").mkdir(parents=True)
        (self.root / "dep/src").mkdir(parents=True)
        (self.root / "src/main.rs").write_text(MAIN.format())
        (self.root / "dep/src/lib.rs").write_text(DEP)
        (self.root / "dep/Cargo.toml").write_text(
            '[package]\nname = "dep"\nversion = "0.1.0"\nedition = "2021"\n'
        )
        (self.root / "order.txt").write_text("main\n")  # what link.function-order is tried with
        home = Path(root) / "cargo-home"
        home.mkdir()
        self.env = {
            k: v
            for k, v in os.environ.items()
            if k not in SCRUBBED and not k.startswith(("CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_TARGET_"))
        }
        self.env.setdefault("RUSTUP_HOME", str(Path.home() / ".rustup"))
        self.env |= {"CARGO_HOME": str(home), "CARGO_NET_OFFLINE": "true", "CARGO_TERM_COLOR": "never"}
        self.env.pop("CARGO_INCREMENTAL", None)
        self.manifest()
        script = self.root / ".cargo/hone/drop-unwind.ld"
        script.parent.mkdir(parents=True)
        script.write_text(
            "SECTIONS { /DISCARD/ : { *(.eh_frame .eh_frame_hdr .gcc_except_table .gcc_except_table.*) } }"
            " INSERT AFTER .data;\n"
        )

        self.allocators()

    def allocators(self):
        """An allocator that is glibc's own, in the place of those that hone has cargo compile."""
        source = self.root / "stub.c"
        source.write_text(STUB)
        subprocess.run(["cc", "-O1", "-fPIC", "-fno-builtin", "-c", source, "-o", self.root / "stub.o"], check=True)
        for name in ("mimalloc", "jemalloc"):
            folder = self.root / ".cargo/hone" / name
            folder.mkdir()
            subprocess.run(["ar", "rcs", folder / f"libhone_{name}.a", self.root / "stub.o"], check=True)

    def manifest(self, profile="", features=()):
        line = f"cargo-features = {json.dumps(list(features))}\n" if features else ""
        (self.root / "Cargo.toml").write_text(MANIFEST.format(features=line, profile=profile))

    def run(self, argv, env=None):
        done = subprocess.run(
            argv, cwd=self.root, env=self.env | (env or {}), capture_output=True, text=True, timeout=600
        )
        return done

    def units(self, *args, env=None):
        """The profiles of the unit graph by (name, kind), or the reason why cargo refused."""
        done = self.run(
            ["cargo", "build", "--unit-graph", "-Zunstable-options", *args],
            {"RUSTC_BOOTSTRAP": "1"} | (env or {}),
        )
        if done.returncode != 0:
            return None, done.stderr
        graph = json.loads(done.stdout)["units"]
        compiled = [unit for unit in graph if unit["mode"] == "build"]
        return {unit["target"]["name"]: unit["profile"] for unit in compiled}, done.stderr

    def build(self, *args, flags=(), env=None):
        """(the program or None, what cargo said); the program is relinked for each list of flags."""
        # Cargo does not notice RUSTC_BOOTSTRAP, which changes the compiler's name for itself.
        target = "target-nightly" if env and "RUSTC_BOOTSTRAP" in env else "target"
        done = self.run(["cargo", "rustc", "-v", "--target-dir", target, *args, "--", *flags], env)
        if done.returncode != 0:
            return None, done.stderr
        name = "debug" if "--release" not in args else "release"
        return self.root / target / name / "probe", done.stderr


def profile_arg(key, value, table="profile.release"):
    return ("--config", f"{table}.{key}={value}")


def bare(value):
    return value[1:-1] if value.startswith('"') else value


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


# --- what of a unit's profile stands for a key ---

DEBUG = {"false": 0, "0": 0, '"none"': 0, "1": 1, '"limited"': 1, "2": 2, "true": 2, '"full"': 2}


def unit_value(key, profile):
    if key == "debug":
        return profile["debuginfo"]
    if key == "strip":
        return profile["strip"]
    return profile.get(key.replace("-", "_"))


def expected_unit_value(key, value):
    """What the unit graph shows for TOML text."""
    if key == "debug":
        return DEBUG.get(value, bare(value))
    if key == "strip":
        named = {"true": "symbols", '"symbols"': "symbols", '"debuginfo"': "debuginfo"}.get(value)
        return {"resolved": {"Named": named}} if named else {"resolved": "None"}
    if key == "lto" and value in ('"n"', '"no"', '"none"'):
        return "off"
    if key in ("opt-level", "lto"):
        return bare(value)
    return json.loads(value)


# --- profile settings ---


def profile_rows(table):
    return [s for s in table if s["kind"] == "profile" and not s["nightly"] and s["key"] != "inherits"]


def check_defaults(probe, table):
    release, _ = probe.units("--release")
    dev, _ = probe.units()
    for s in profile_rows(table):
        key = s["key"]
        for name, units, default in (("dev", dev, s["default_dev"]), ("release", release, s["default_release"])):
            have = unit_value(key, units["probe"])
            if default is not None:
                want = expected_unit_value(key, default)
                if key == "strip":
                    # With debug information cargo leaves its own default open.
                    have = have.get("deferred", have.get("resolved"))
                    want = want["resolved"]
                check(have == want, f"{key} in {name}: the table says {want}, cargo {have}")
            elif key == "strip":
                check(have == {"resolved": {"Named": "debuginfo"}}, f"strip in {name}: {have}")
            else:
                check(have is None, f"{key} in {name} is {have} where the table says unset")
        yield f"default {key}"


def check_values(probe, table):
    for s in profile_rows(table):
        for v in s["values"]:
            what = f"{s['key']}={v['value']}"
            args = profile_arg(s["key"], v["value"])
            if "nightly" in v["labels"]:
                program, said = probe.build("--release", *args)
                check(program is None, f"{what} was taken without a nightly")
                yield f"value {what}"
                continue
            units, said = probe.units("--release", *args)
            check(units, f"{what} is refused: {said}")
            have, want = unit_value(s["key"], units["probe"]), expected_unit_value(s["key"], v["value"])
            check(have == want, f"{what} becomes {have}, not {want}")
            program, said = probe.build("--release", *args)
            check(program, f"{what} does not build: {said}")
            done = probe.run([str(program)])
            check(done.stdout == "8 Some(2)\n", f"{what}: the program printed {done.stdout}{done.stderr}")
            if v["same_as"]:
                other, _ = probe.units("--release", *profile_arg(s["key"], v["same_as"]))
                same = dict(other["probe"])
                mine = dict(units["probe"])
                if s["key"] == "lto":
                    same["lto"] = mine["lto"] = None
                check(same == mine, f"{what} is not the same as {v['same_as']}")
            yield f"value {what}"


BOGUS = ["99", "-1", '"bogus"', "1.5", "[]", '""']


def check_refused(probe, table):
    """Values that the table does not list are refused by cargo or rustc, and by hone."""
    for s in profile_rows(table):
        listed = {v["value"] for v in s["values"]}
        candidates = BOGUS + ["true", "false", '"true"', "0", '"3"', '"1"']
        for value in candidates:
            number = re.fullmatch(r"-?\d+", value)
            inside = value in listed or (s["open"] and number and s["min"] <= int(value) <= s["max"])
            what = f"{s['key']}={value}"
            mine = probe.run([str(HONE), "explain", what]).returncode == 0
            extra = profile_arg("debug", "1") if s["key"] == "split-debuginfo" else ()
            program, said = probe.build("--release", *profile_arg(s["key"], value), *extra)
            theirs = program is not None
            if s["key"] == "split-debuginfo" and value.startswith('"') and not inside:
                # Cargo passes it on only where rustc knows it for the target: silently nothing.
                check("split-debuginfo" not in said, f"{what} reached rustc")
                theirs = False
            check(mine == bool(inside), f"{what}: hone {'takes' if mine else 'refuses'} it")
            check(theirs == bool(inside), f"{what}: cargo {'takes' if theirs else 'refuses'} it: {said}")
            yield f"range {s['key']}: {value}"


def check_integer_ends(probe, table):
    for s in profile_rows(table):
        if "max" not in s:
            continue
        for value, inside in ((s["min"], True), (s["min"] - 1, False), (s["max"], True), (s["max"] + 1, False)):
            program, said = probe.build("--release", *profile_arg(s["key"], value))
            check((program is not None) == inside, f"{s['key']}={value}: {said}")
            yield f"range {s['key']}: {value}"


def other_value(s):
    """A value that is not the default."""
    default = s["default_release"] or {"strip": '"debuginfo"'}.get(s["key"])
    for v in s["values"]:
        same = v["same_as"] is not None and v["same_as"] == default
        if v["value"] != default and not same and "nightly" not in v["labels"]:
            return v["value"]
    raise AssertionError(f"{s['key']} has one value only")


def check_per_package(probe, table):
    for s in profile_rows(table):
        value = other_value(s)
        for table_name, allowed in (("package.dep", s["per_package"]), ("build-override", s["build_override"])):
            units, said = probe.units("--release", *profile_arg(s["key"], value, f"profile.release.{table_name}"))
            check((units is not None) == allowed, f"{s['key']} in {table_name}: {said}")
            if units and table_name == "package.dep":
                have = unit_value(s["key"], units["dep"])
                check(have == expected_unit_value(s["key"], value), f"{s['key']} of dep is {have}")
            yield f"{s['key']} in {table_name}"


def check_environment(probe, table):
    for s in profile_rows(table):
        value = other_value(s)
        units, said = probe.units("--release", env={f"CARGO_PROFILE_RELEASE_{s['env_key']}": bare(value)})
        check(units, f"{s['env_key']}: {said}")
        have = unit_value(s["key"], units["probe"])
        check(have == expected_unit_value(s["key"], value), f"{s['env_key']}={bare(value)} becomes {have}")
        yield s["env_key"]


def check_nightly_profile_keys(probe, table):
    unlock = {
        "rustflags": "profile-rustflags",
        "trim-paths": "trim-paths",
        "codegen-backend": "codegen-backend",
    }
    for s in table:
        if s["kind"] != "profile" or not s["nightly"]:
            continue
        key = s["key"]
        values = ['["-Copt-level=2"]'] if s["type"] == "list" else [v["value"] for v in s["values"]]
        value = values[-1]
        # 77 units: nothing was built so before, so that cargo has something to say.
        program, said = probe.build("--release", *profile_arg(key, value), *profile_arg("codegen-units", "77"))
        if key == "hint-mostly-unused":
            # Stable cargo warns and ignores it.
            check("ignoring 'hint-mostly-unused' profile option" in said, f"{key}: {said}")
        else:
            check(program is None and unlock[key] in said, f"{key} is not refused on stable: {said}")
        unstable = ["-Zprofile-hint-mostly-unused"] if key not in unlock else []
        for value in [None, *values, *([] if s["open"] else ["1.5", '"bogus"' if s["type"] != "list" else "[1]"])]:
            line = f"{key} = {value}" if value else ""
            probe.manifest(f"[profile.release]\n{line}\n", [unlock[key]] if key in unlock else [])
            units, said = probe.units("--release", *unstable)
            probe.manifest()
            if value in (None, *values):
                check(units, f"{line} is refused with its feature: {said}")
                yield f"value {key}={value}" if value else f"default {key}"
            else:
                # Whatever trim-paths is given as text has to be one of its words.
                check(units is None, f"{line} is taken")
                yield f"range {key}: {value}"
        if s["open"]:
            probe.manifest(f"[profile.release]\n{key} = 1\n", [unlock[key]] if key in unlock else [])
            units, said = probe.units("--release", *unstable)
            probe.manifest()
            check(units is None, f"{key} = 1 is taken")
            yield f"range {key}: 1"


# --- compiler and linker flags ---


def needs(flags):
    """A program that the flags ask for and that may be missing."""
    for flag in flags:
        match = re.search(r"-fuse-ld=(\w+)", flag)
        if match and match.group(1) != "lld" and not shutil.which(f"ld.{match.group(1)}"):
            return f"ld.{match.group(1)}"
    return None


def flag_rows(table):
    return [s for s in table if s["kind"] in ("rustc", "link") and not s["wasm"]]


def extra_profile(s, v):
    if v["needs_abort"]:
        return profile_arg("panic", '"abort"')
    if s["key"] == "rustc.virtual-function-elimination":
        return profile_arg("lto", '"fat"')
    return ()


CHANGED_OUTPUT = (
    'rustc.fmt-debug="none"',
    'rustc.fmt-debug="shallow"',
    'rustc.virtual-function-elimination="on"',
)


def check_flags(probe, table):
    for s in flag_rows(table):
        for v in s["values"]:
            what = f"{s['key']}={v['value']}"
            if not v["flags"]:
                # No flag at all: what is built anyway.
                check(v["value"] == s["default_release"], f"{what} has no flags and is not the default")
                yield f"value {what}"
                yield f"default {s['key']}"
                continue
            flags = v["flags"].split()
            missing = needs(flags)
            if missing:
                yield f"value {what} [skipped: no {missing}]"
                continue
            if "nightly" in v["labels"]:
                program, said = probe.build("--release", flags=flags)
                check(program is None and "nightly" in said, f"{what} was taken without a nightly: {said}")
            env = {"RUSTC_BOOTSTRAP": "1"} if "nightly" in v["labels"] else {}
            program, said = probe.build("--release", *extra_profile(s, v), flags=flags, env=env)
            check(program, f"{what} does not build: {said}")
            if s["key"] == "rustc.prefer-dynamic" and v["value"] == '"on"':
                libs = probe.run(["rustc", "--print=target-libdir"]).stdout.strip()
                check(probe.run([str(program)]).returncode != 0, "prefer-dynamic runs without libstd")
                env = {"LD_LIBRARY_PATH": libs}
            done = probe.run([str(program)], env)
            # These change what is printed: see their risks.
            if what not in CHANGED_OUTPUT:
                check(done.stdout == "8 Some(2)\n", f"{what}: it printed {done.stdout}{done.stderr}")
            yield f"value {what}"


def check_flag_defaults(probe, table):
    """The default of a flag gives exactly the bytes that no flag gives."""
    for s in flag_rows(table):
        values = list(s["values"])
        if s["open"] and s["default_release"] not in (None, *(v["value"] for v in values)):
            # The default is not among the examples: the first one's flags with it.
            flags = values[0]["flags"].replace(bare(values[0]["value"]), bare(s["default_release"]))
            values.append(values[0] | {"value": s["default_release"], "flags": flags})
        for v in values:
            if v["value"] != s["default_release"] or not v["flags"]:
                continue
            env = {"RUSTC_BOOTSTRAP": "1"} if "nightly" in v["labels"] else {}
            extra = extra_profile(s, v)
            plain, said = probe.build("--release", *extra, env=env)
            check(plain, said)
            want = digest(plain)
            program, said = probe.build("--release", *extra, flags=v["flags"].split(), env=env)
            check(program, said)
            check(digest(program) == want, f"{s['key']}={v['value']} is not what happens without it")
            yield f"default {s['key']}"


def with_number(value, number):
    """The flags of a listed number, for another one."""
    return re.sub(rf"={value['value']}\b", f"={number}", value["flags"]).split()


def check_flags_refused(probe, table):
    """A value that is not listed is refused, and where rustc lists what it takes, the table has all of it."""
    for s in flag_rows(table):
        what = f"{s['key']}=bogus"
        mine = probe.run([str(HONE), "explain", what]).returncode == 0
        if s["open"]:
            if s["type"] == "integer":
                check(not mine, f"hone takes {what}")
                for number, inside in ((s["min"], True), (s["min"] - 1, False), (s["max"], True), (s["max"] + 1, False)):
                    done = probe.run([str(HONE), "explain", f"{s['key']}={number}"])
                    check((done.returncode == 0) == inside, f"{s['key']}={number}: {done.stdout}{done.stderr}")
                    if inside:
                        flags = with_number(s["values"][0], number)
                        program, said = probe.build("--release", flags=flags)
                        check(program, f"{s['key']}={number}: {said}")
                        check(probe.run([str(program)]).stdout == "8 Some(2)\n", f"{s['key']}={number}")
                    yield f"range {s['key']}: {number}"
                program, said = probe.build("--release", flags=with_number(s["values"][0], "x"))
                check(program is None, f"{what}: {said}")
            yield f"range {s['key']}: bogus"
            continue
        check(not mine, f"hone takes {what}")
        v = next(v for v in s["values"] if v["flags"])
        flags = v["flags"].replace(bare(v["value"]), "bogus")
        if flags == v["flags"]:
            yield f"range {s['key']}: bogus"
            continue
        env = {"RUSTC_BOOTSTRAP": "1"} if s["nightly"] else {}
        program, said = probe.build("--release", *extra_profile(s, v), flags=flags.split(), env=env)
        check(program is None, f"{what} is taken")
        listed = re.search(r"error: incorrect value `bogus` for \S+ option `[\w-]+` - (?:one of: )?(.*) was expected", said)
        if listed:
            # Spellings of on and off, and what only a nightly takes.
            words = set(re.findall(r"`([\w-]+)`", listed.group(1))) - set("y n yes no true false always non-leaf".split())
            have = {bare(v["value"]) for v in s["values"]}
            if words and have & words:
                check(words == have, f"{s['key']}: rustc takes {words}, the table has {have}")
        yield f"range {s['key']}: bogus"


# A crate without core: no std for the target has to be installed.
WASM_SOURCE = """#![feature(no_core, lang_items)]
#![no_core]
#![crate_type = "cdylib"]
#![allow(internal_features)]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for u32 {}
#[lang = "sync"]
pub trait Sync {}
impl Sync for u32 {}
#[lang = "drop_in_place"]
unsafe fn drop_in_place<T: PointeeSized>(_: *mut T) {}
#[link(wasm_import_module = "env")]
unsafe extern "C" { fn step(p: &u32) -> u32; }
"""


def wasm_module(probe, flags, strip="symbols"):
    """The bytes of a module of many addresses, or what rustc said."""
    source, to = probe.root / "module.rs", probe.root / "module.wasm"
    source.write_text(WASM_SOURCE + "".join(
        f'static S{i}: u32 = {i};\n#[unsafe(no_mangle)] pub unsafe extern "C" fn f{i}() -> u32 '
        f"{{ unsafe {{ step(&S{i}); step(&S{i}) }} }}\n" for i in range(9)))
    to.unlink(missing_ok=True)
    # The linker's own words, as there is no C compiler between.
    flags = [f.replace("-Wl,", "") for f in flags]
    done = probe.run(["rustc", "-Cpanic=abort", f"-Cstrip={strip}", "--target=wasm32-unknown-unknown", "-o", str(to),
                      *flags, str(source)], {"RUSTC_BOOTSTRAP": "1"})
    return to.read_bytes() if done.returncode == 0 else done.stderr


def check_compress_relocations(probe, table):
    (row,) = [s for s in table if s["key"] == "link.compress-relocations"]
    plain = wasm_module(probe, [])
    check(isinstance(plain, bytes), plain)
    for v in row["values"]:
        flags = (v["flags"] or "").split()
        made = wasm_module(probe, flags)
        check(isinstance(made, bytes), made)
        on = v["value"] == '"on"'
        check(len(made) < len(plain) * 0.9 if on else made == plain, f"{row['key']}={v['value']}: {len(made)}")
        if on:
            said = wasm_module(probe, flags, strip="none")
            check("is incompatible with output debug information" in str(said), said)
        yield f"value {row['key']}={v['value']}"
    check(row["default_release"] == row["default_dev"] == '"off"' and row["wasm"], row)
    yield f"default {row['key']}"
    check(probe.run([str(HONE), "explain", f"{row['key']}=bogus"]).returncode == 2, "bogus is taken")
    yield f"range {row['key']}: bogus"


def check_bolt(probe, table):
    """Its link keeps the relocations, which rust-lld refuses beside strip = "symbols"; llvm-bolt reads such a file."""
    if os.uname().machine != "x86_64":
        raise Skip("another machine", of="post.bolt")
    (row,) = [s for s in table if s["key"] == "post.bolt"]
    source, to = probe.root / "bolt.rs", probe.root / "bolt"
    source.write_text('fn main() { println!("{}", std::env::args().count()) }\n')
    major = re.search(r"LLVM version: (\d+)", probe.run(["rustc", "-vV"]).stdout)[1]

    def link(flags, strip):
        return probe.run(["rustc", "-O", f"-Cstrip={strip}", *flags, "-o", str(to), str(source)])

    for v in row["values"]:
        flags = (v["flags"] or "").split()
        done = link(flags, "debuginfo")
        check(done.returncode == 0, done.stderr)
        sections = probe.run(["readelf", "-SW", str(to)]).stdout
        check((".rela.text" in sections) == bool(flags), f"{v}: {sections}")
        if flags and shutil.which(f"llvm-bolt-{major}"):
            done = probe.run([f"llvm-bolt-{major}", str(to), "-o", f"{to}.out"])
            check(done.returncode == 0 and probe.run([f"{to}.out"]).stdout == "1\n", done.stderr)
        if flags:
            done = link(flags, "symbols")
            check(done.returncode != 0 and "--emit-relocs" in done.stderr, done.stderr)
        yield f"value {row['key']}={v['value']}"
    check(row["default_release"] == row["default_dev"] == '"off"', row)
    yield f"default {row['key']}"
    check(probe.run([str(HONE), "explain", f"{row['key']}=bogus"]).returncode == 2, "bogus is taken")
    yield f"range {row['key']}: bogus"


def check_wasm_opt(probe, table):
    """Each level is one of wasm-opt's, and makes the module smaller."""
    if not shutil.which("wasm-opt"):
        raise Skip("no wasm-opt", of="post.wasm-opt")
    (row,) = [s for s in table if s["key"] == "post.wasm-opt"]
    plain = wasm_module(probe, [], strip="debuginfo")
    for v in row["values"]:
        if v["flags"]:
            to = probe.root / "optimized.wasm"
            done = probe.run(["wasm-opt", v["flags"], str(probe.root / "module.wasm"), "-o", str(to)])
            check(done.returncode == 0 and to.stat().st_size < len(plain), f"{v}: {done.stderr}")
        yield f"value {row['key']}={v['value']}"
    check(row["default_release"] == row["default_dev"] == '"off"' and row["wasm"], row)
    yield f"default {row['key']}"
    check(probe.run([str(HONE), "explain", f"{row['key']}=bogus"]).returncode == 2, "bogus is taken")
    yield f"range {row['key']}: bogus"


def check_elf(probe, table):
    """What a link flag is for can be seen in the file."""

    def read(flags, *args):
        program, said = probe.build("--release", *args, flags=flags)
        check(program, said)
        return (
            probe.run(["readelf", "-lhdSW", "--version-info", str(program)]).stdout,
            os.path.getsize(program),
        )

    flags = {f"{s['key']}={bare(v['value'])}": v["flags"] for s in flag_rows(table) for v in s["values"]}
    plain, size = read([])
    seen = {
        "link.relr=on": lambda t: "GLIBC_ABI_DT_RELR" in t and "(RELR)" in t,
        "link.relr=off": lambda t: "(RELR)" not in t,
        "link.pie=off": lambda t: "EXEC (" in t,
        "link.pie=on": lambda t: "DYN (" in t,
        "link.static=on": lambda t: "INTERP" not in t,
        "link.static=off": lambda t: "INTERP" in t,
        "link.build-id=none": lambda t: ".note.gnu.build-id" not in t,
        "link.build-id=sha1": lambda t: ".note.gnu.build-id" in t,
        "link.hash-style=gnu": lambda t: "(GNU_HASH)" in t and "(HASH)" not in t,
        "link.hash-style=sysv": lambda t: "(GNU_HASH)" not in t and "(HASH)" in t,
        "link.hash-style=both": lambda t: "(GNU_HASH)" in t and "(HASH)" in t,
        "link.relro=off": lambda t: "GNU_RELRO" not in t,
        "link.relro=partial": lambda t: "GNU_RELRO" in t and "BIND_NOW" not in t,
        "link.relro=full": lambda t: "GNU_RELRO" in t and "BIND_NOW" in t,
    }
    for name, holds in seen.items():
        text, _ = read(flags[name].split())
        check(holds(text), f"{name}: {text}")
        yield name
    for name in ("link.unwind=discard",):
        text, smaller = read(flags[name].split(), *profile_arg("panic", '"abort"'))
        check(".eh_frame" not in text and smaller < size * 0.95, f"{name}: {smaller} of {size}: {text}")
        yield name
    _, folded = read(flags["link.icf=all"].split())
    check(folded < size, f"link.icf=all: {folded} of {size}")
    yield "link.icf=all"


# --- what hone itself carries out ---


def check_own_values(probe, table):
    """post.* and train.* are hone's: their values are taken, everything else is refused."""
    for s in table:
        if s["kind"] not in ("post", "train"):
            continue
        for v in s["values"]:
            done = probe.run([str(HONE), "explain", f"{s['key']}={v['value']}"])
            check(done.returncode == 0, f"{s['key']}={v['value']}: {done.stderr}")
        wrong = ['"bogus"', "true", "[]", '""', "101.5"]
        if s["key"] == "train.hot":
            wrong += ['"0"', '"100.1"', '"-1"', '"1e"']
            for value in ('"100"', '"0.1"', '"99.9"'):
                done = probe.run([str(HONE), "explain", f"{s['key']}={value}"])
                check(done.returncode == 0, f"{s['key']}={value}: {done.stderr}")
                yield f"range {s['key']}: {value}"
        for value in wrong:
            if s["open"] and s["key"] != "train.hot":
                continue
            done = probe.run([str(HONE), "explain", f"{s['key']}={value}"])
            check(done.returncode == 2, f"{s['key']}={value} is taken: {done.stdout}")
            yield f"range {s['key']}: {value}"


def check_post_strip(probe, table):
    """Each level leaves out what it says; the default changes nothing."""
    (row,) = [s for s in table if s["key"] == "post.strip"]
    program, said = probe.build("--release", *profile_arg("debug", "1"))
    check(program, said)
    whole = digest(program)
    copy = probe.root / "stripped"
    holds = {
        '"none"': lambda sections: ".symtab" in sections and ".debug_line" in sections,
        '"debuginfo"': lambda sections: ".symtab" in sections and ".debug_line" not in sections,
        '"symbols"': lambda sections: ".symtab" not in sections and ".text" in sections,
        '"all"': lambda sections: ".text" not in sections,
    }
    check(set(holds) == {v["value"] for v in row["values"]}, row["values"])
    for value, right in holds.items():
        shutil.copy(program, copy)
        done = probe.run([str(HONE), "strip", bare(value), str(copy)])
        check(done.returncode == 0, done.stderr)
        sections = probe.run(["readelf", "-SW", str(copy)]).stdout
        check(right(sections), f"post.strip={value}: {sections}")
        check(probe.run([str(copy)]).stdout == "8 Some(2)\n", f"post.strip={value}: the program does not run")
        check((digest(copy) == whole) == (value == row["default_release"]), f"post.strip={value}")
        yield f"value post.strip={value}"
    yield "default post.strip"


def check_training_defaults(probe, table):
    """"off" builds what is built without the setting."""
    plain = probe.root / "plain"
    off = probe.root / "off"
    env = {"CARGO_TARGET_DIR": str(probe.root / "target-own")}
    done = probe.run([str(HONE), "hone", "build", "lto=fat", "-o", str(plain)], env)
    check(done.returncode == 0, done.stderr)
    for s in table:
        if s["kind"] == "train":
            check(s["default_release"] == s["default_dev"] == '"off"', s["key"])
            done = probe.run([str(HONE), "hone", "build", f"lto=fat,{s['key']}=off", "-o", str(off)], env)
            check(done.returncode == 0, done.stderr)
            check(digest(off) == digest(plain), f"{s['key']}=off is another program")
            yield f"default {s['key']}"
            yield f"value {s['key']}=\"off\""


STD_RUSTC = os.environ.get("HONE_STD_RUSTC", "/usr/bin/rustc")
STD_CARGO = os.environ.get("HONE_STD_CARGO", "/usr/bin/cargo")


def std_features(probe, flags, env):
    """The features of std that cargo would compile with these options, or None: it compiles no std."""
    done = probe.run([STD_CARGO, "build", "--release", "--target", "x86_64-unknown-linux-gnu", "--unit-graph",
                      "-Zunstable-options", *profile_arg("panic", '"abort"'), *flags], env)
    check(done.returncode == 0, f"{flags}: {done.stderr}")
    for unit in json.loads(done.stdout)["units"]:
        if unit["target"]["name"] == "std" and unit["mode"] == "build":
            return set(unit["features"]) - {"default"}
    return None


def check_std(probe, table):
    """std.* by the unit graph of a cargo whose toolchain has the source of std, with its crates."""
    sysroot = probe.run([STD_RUSTC, "--print", "sysroot"]).stdout.strip() if os.path.exists(STD_RUSTC) else ""
    vendor = f"{sysroot}/lib/rustlib/src/rust/library/vendor"
    if not os.path.isdir(vendor) or not os.path.exists(STD_CARGO):
        raise Skip("std.*: no toolchain with the source of std (Debian: rustc-web, cargo-web, rust-web-src)", "std.")
    home = probe.root / "std-home"
    home.mkdir()
    (home / "config.toml").write_text(
        f'[source.crates-io]\nreplace-with = "std"\n[source.std]\ndirectory = "{vendor}"\n'
    )
    env = {"RUSTC": STD_RUSTC, "RUSTC_BOOTSTRAP": "1", "CARGO_HOME": str(home)}
    (build,) = [s for s in table if s["key"] == "std.build"]
    (features,) = [s for s in table if s["key"] == "std.features"]
    check(build["default_dev"] == build["default_release"] == '"off"', "default of std.build")
    check(std_features(probe, [], env) is None, "std is compiled without being asked for")
    yield "default std.build"
    on = next(v["flags"] for v in build["values"] if v["value"] == '"on"')
    said = re.fullmatch('cargo\'s choice: "(.*)"', features["unset_means"])
    check(said, features["unset_means"])
    unset = std_features(probe, [on], env)
    check(unset == std_features(probe, [on, f"-Zbuild-std-features={said.group(1)}"], env), f"unset: {unset}")
    yield "unset std.features"
    for v in build["values"]:
        got = std_features(probe, v["flags"].split() if v["flags"] else [], env)
        check((got is not None) == (v["value"] == '"on"'), f"std.build={v['value']}: {got}")
        yield f"value std.build={v['value']}"
    for v in features["values"]:
        want = set() if v["value"] == '"none"' else set(bare(v["value"]).split(","))
        got = std_features(probe, [on, v["flags"]], env)
        check(got is not None and got >= want, f"std.features={v['value']}: {got}")
        # What the named ones bring along, but nothing of cargo's own choice.
        own = set(said.group(1).split(","))
        check(got & own == want & own, f"std.features={v['value']}: {got}")
        yield f"value std.features={v['value']}"
    for s, wrong in ((build, "maybe"), (features, "no_such_feature")):
        done = probe.run([str(HONE), "hone", "explain", f"{s['key']}={wrong}"], env)
        refused = done.returncode == 2
        if s["key"] == "std.features":
            said = probe.run([STD_CARGO, "build", "--target", "x86_64-unknown-linux-gnu", "--unit-graph",
                              "-Zunstable-options", on, f"-Zbuild-std-features={wrong}"], env)
            refused = said.returncode != 0 and wrong in said.stderr
        check(refused, f"{s['key']}={wrong}: {done.stdout}{done.stderr}")
        yield f"range {s['key']}"


# --- claims of the prose ---


def linked_digest(probe, flags, *args, env=None):
    program, said = probe.build("--release", *args, flags=flags, env=env)
    check(program, said)
    return digest(program)


def claim_unset_flags(probe, table):
    """What the table says of a flag that is not given: given with that value, it makes the same bytes."""
    if "x86_64-unknown-linux-gnu" not in probe.run(["rustc", "-vV"]).stdout:
        raise Skip("another target than x86_64-unknown-linux-gnu")
    plain = linked_digest(probe, [])
    abort = profile_arg("panic", '"abort"')
    for key, words, flags, args in (
        ("rustc.target-cpu", '"x86-64" runs on every', ["-Ctarget-cpu=x86-64"], ()),
        ("rustc.force-unwind-tables", '"on" on Linux, since 1.92 for panic', ["-Cforce-unwind-tables=on"], abort),
        ("split-debuginfo", '"off" on Linux', ["-Csplit-debuginfo=off"], profile_arg("debug", "1")),
        ("link.static", '"off" for gnu targets, "on" for musl', ["-Ctarget-feature=-crt-static"], ()),
        ("link.build-id", '"sha1" on most', ["-Clink-arg=-Wl,--build-id=sha1"], ()),
        ("link.hash-style", '"gnu" on most', ["-Clink-arg=-Wl,--hash-style=gnu"], ()),
        ("link.separate-code", '"off" with lld', ["-Clink-arg=-Wl,-z,noseparate-code"], ()),
    ):
        (row,) = [s for s in table if s["key"] == key]
        check(words in row["unset_means"], f"{key}: {row['unset_means']}")
        want = linked_digest(probe, [], *args) if args else plain
        check(linked_digest(probe, flags, *args) == want, f"{key}: {flags} gives other bytes than nothing")
        yield f"unset {key}"
    for target, has in (("x86_64-unknown-linux-gnu", False), ("x86_64-unknown-linux-musl", True)):
        said = probe.run(["rustc", "--print=cfg", "--target", target]).stdout
        check(('target_feature="crt-static"' in said) == has, f"{target}: {said}")
        yield f"unset link.static: {target}"
    if shutil.which("ld.bfd"):
        bfd = ["-Clink-arg=-fuse-ld=bfd"]
        want = linked_digest(probe, bfd)
        check(linked_digest(probe, [*bfd, "-Clink-arg=-Wl,-z,separate-code"]) == want, "GNU ld: not on")
        yield "unset link.separate-code: GNU ld"


def claim_unset_nightly_flags(probe, table):
    """share-generics by level; tune-cpu as target-cpu."""
    source = (
        "pub fn f(n: u32) -> Vec<u32> { let mut v = Vec::new(); for i in 0..n { v.push(i) } v.sort(); v }\n"
        "pub fn g(x: &[String]) -> Vec<String> { x.to_vec() }\n"
    )
    (row,) = [s for s in table if s["key"] == "rustc.share-generics"]
    check(row["unset_means"] == '"on" for opt-level 0, 1, "s" and "z", "off" for 2 and 3', row["unset_means"])
    probe.env["RUSTC_BOOTSTRAP"] = "1"
    try:
        for level in "0123sz":
            have = {
                what: object_digest(probe, "generics", source, f"-Copt-level={level}", *flags)
                for what, flags in (("", []), ("on", ["-Zshare-generics=on"]), ("off", ["-Zshare-generics=off"]))
            }
            check(have["on"] != have["off"], f"opt-level {level}: the source tells nothing")
            check(have[""] == have["off" if level in "23" else "on"], f"opt-level {level}")
        yield "unset rustc.share-generics"
        (row,) = [s for s in table if s["key"] == "rustc.tune-cpu"]
        check(row["unset_means"] == "the CPU of rustc.target-cpu", row["unset_means"])
        for cpu in ("znver4", "haswell"):
            plain = object_digest(probe, "tune", source, "-Copt-level=3", f"-Ctarget-cpu={cpu}")
            same = object_digest(probe, "tune", source, "-Copt-level=3", f"-Ctarget-cpu={cpu}", f"-Ztune-cpu={cpu}")
            check(plain == same, f"{cpu}: tuned otherwise")
        yield "unset rustc.tune-cpu"
    finally:
        del probe.env["RUSTC_BOOTSTRAP"]


def claim_paths_of_dependencies_are_in_the_program(probe, table):
    """cargo compiles a package of the registry by its absolute path, and a panic keeps it."""
    source = "#[no_mangle] pub fn f(x: &[u32], i: usize) -> u32 { x[i] }\n"
    object_digest(probe, "paths", source, "-Copt-level=3")
    (row,) = [s for s in table if s["key"] == "rustc.remap-path-prefix"]
    check("name the registry folder" in row["unset_means"], row["unset_means"])
    check(str(probe.root).encode() in (probe.root / "paths.o").read_bytes(), "no path")
    object_digest(probe, "paths", source, "-Copt-level=3", f"--remap-path-prefix={probe.root}=x")
    check(str(probe.root).encode() not in (probe.root / "paths.o").read_bytes(), "the path is still there")
    yield "unset rustc.remap-path-prefix"


def claim_lto_in_rustflags_fails(probe, table):
    program, said = probe.build("--release", env={"RUSTFLAGS": "-Clto"})
    check(program is None and "embed-bitcode=no` and `-C lto` are incompatible" in said.replace("options `-C ", ""), said)
    yield "options"


def claim_prefer_dynamic_is_refused_with_lto_and_abort(probe, table):
    for extra in (profile_arg("lto", '"fat"'), profile_arg("lto", '"thin"'), profile_arg("panic", '"abort"')):
        program, said = probe.build("--release", *extra, flags=["-Cprefer-dynamic=on"])
        check(program is None, f"{extra} is taken")
        yield str(extra[1])


def claim_debug_turns_the_automatic_strip_off(probe, table):
    units, _ = probe.units("--release", *profile_arg("debug", "1"))
    check(units["probe"]["strip"] == {"deferred": "None"}, units["probe"]["strip"])
    plain, _ = probe.build("--release")
    small = os.path.getsize(plain)
    for key, value in (("debug", "1"), ("strip", '"none"')):
        program, said = probe.build("--release", *profile_arg(key, value))
        check(os.path.getsize(program) > small + 2_000_000, f"{key}={value} keeps no debug information of std")
        yield f"unset strip: {key}={value}"
    # And strip = "symbols" removes all of it again.
    program, _ = probe.build("--release", *profile_arg("debug", "2"), *profile_arg("strip", '"symbols"'))
    check(os.path.getsize(program) <= small, "symbols")
    yield "debug=2, strip=symbols"


def claim_only_direct_dependencies_count_for_the_automatic_strip(probe, table):
    for crate, says in (("far", "pub fn one() -> u64 { 1 }"), ("macros", "pub fn nothing() {}")):
        (probe.root / crate / "src").mkdir(parents=True)
        (probe.root / crate / "src/lib.rs").write_text(says + "\n")
        (probe.root / crate / "Cargo.toml").write_text(
            f'[package]\nname = "{crate}"\nversion = "0.1.0"\nedition = "2021"\n'
        )
    direct = probe.root / "dep/Cargo.toml"
    before = direct.read_text()
    direct.write_text(before + '[dependencies]\nfar = { path = "../far" }\n')
    (probe.root / "build.rs").write_text("fn main() { macros::nothing() }\n")
    probe.manifest('[build-dependencies]\nmacros = { path = "macros" }\n')
    try:
        for package, strips in (("far", True), ("macros", True), ("dep", False), ("probe", False)):
            for debug in ("1", '"line-tables-only"'):
                units, said = probe.units("--release", *profile_arg("debug", debug, f"profile.release.package.{package}"))
                check(units, said)
                now = units["probe"]["strip"] == {"resolved": {"Named": "debuginfo"}}
                check(now == strips, f"{package} {debug}: {units['probe']['strip']}")
                yield f"unset strip: debug of {package} {debug}"
        units, _ = probe.units("--release", *profile_arg("debug", "1", "profile.release.build-override"))
        check(units["probe"]["strip"] == {"resolved": {"Named": "debuginfo"}}, units["probe"]["strip"])
    finally:
        direct.write_text(before)
        (probe.root / "build.rs").unlink()
        probe.manifest()


def claim_inline_never_is_shared_at_every_level(probe, table):
    """A function of one crate, instantiated alike by a second and a third: which copies has the third?"""
    body = "pub fn {name}<T: std::fmt::Display>(x: &[T]) -> String {{ x.iter().map(|y| y.to_string() + \"{name}\").collect() }}\n"
    text = "#[inline(never)] " + body.format(name="never") + body.format(name="plain")
    crates = (
        ("one", text, []),
        ("two", "pub fn two() -> String { one::never(&[1u8]) + &one::plain(&[1u8]) }\n", ["one"]),
        ("three", "pub fn three(x: &[u8]) -> String { two::two() + &one::never(x) + &one::plain(x) }\n", ["one", "two"]),
    )
    probe.env["RUSTC_BOOTSTRAP"] = "1"
    try:
        for level, plain in (("3", False), ("2", False), ("s", True), ("z", True), ("3 -Zshare-generics=no", False),
                             ("s -Zshare-generics=no", False)):
            for name, source, needs in crates:
                (probe.root / f"{name}.rs").write_text(source)
                externs = [word for crate in needs for word in ("--extern", f"{crate}=lib{crate}.rlib")]
                kind = "--emit=obj" if name == "three" else "--emit=link"
                done = probe.run(["rustc", "--edition=2021", "--crate-type=lib", *f"-Copt-level={level}".split(), "-L.", *externs,
                                  kind, f"{name}.rs"])
                check(done.returncode == 0, done.stderr)
            symbols = probe.run(["nm", "three.o"]).stdout
            foreign = {f for f in ("never", "plain") if re.search(rf" U \S*{f}", symbols)}
            check(foreign == ({"never", "plain"} if plain else {"never"}), f"opt-level {level}: {symbols}")
            yield f"opt-level {level}"
    finally:
        del probe.env["RUSTC_BOOTSTRAP"]


def claim_an_override_of_the_own_package_resets_strip(probe, table):
    for form, want in (("strip = true", "symbols"), ('strip = true\npackage.probe.opt-level = "s"', "debuginfo")):
        probe.manifest(f"[profile.release]\n{form}\n")
        units, said = probe.units("--release")
        probe.manifest()
        check(units["probe"]["strip"] == {"resolved": {"Named": want}}, f"{form}: {units['probe']['strip']}")
        yield form.replace("\n", ", ")


def claim_build_scripts_are_not_optimized(probe, table):
    (probe.root / "build.rs").write_text("fn main() {}\n")
    try:
        args = (*profile_arg("codegen-units", "1"), *profile_arg("opt-level", "1"))
        units, _ = probe.units("--release", *args)
    finally:
        (probe.root / "build.rs").unlink()
    script = units["build-script-build"]
    check(units["probe"]["opt_level"] == "1" and units["probe"]["codegen_units"] == 1, units["probe"])
    check(script["opt_level"] == "0" and script["codegen_units"] is None, script)
    yield "opt-level 0, codegen-units unset"


def claim_codegen_units_when_unset(probe, table):
    """16 without, 256 with incremental: counted in object files of a crate with 300 modules."""
    # Large enough that rustc does not merge units for being small.
    steps = "".join(f"x = x.rotate_left({k % 63}) ^ y.wrapping_mul({k}); " for k in range(100))
    source = "".join(
        f"pub mod m{i} {{ #[inline(never)] pub fn f(mut x: u64, y: u64) -> u64 {{ {steps} x ^ {i} }} }}\n"
        for i in range(300)
    )
    folder = probe.root / "units"
    folder.mkdir(exist_ok=True)
    (folder / "lib.rs").write_text(source)

    def count(*flags):
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        done = probe.run(
            ["rustc", "--crate-type=rlib", "-Copt-level=2", "-Clto=off", "-Csave-temps", "--out-dir", str(out), *flags, str(folder / "lib.rs")]
        )
        check(done.returncode == 0, done.stderr)
        return len([f for f in os.listdir(out) if f.endswith(".rcgu.o")])

    check(count() == 16, f"{count()} units")
    yield "unset codegen-units"
    # The modules may be merged to fewer, but never to 16.
    incremental = count(f"-Cincremental={folder}/inc")
    check(200 <= incremental <= 257, f"{incremental} units")
    yield "256"
    check(count(f"-Cincremental={folder}/inc2", "-Ccodegen-units=16") == 16, "16 written out")
    yield "16 written out holds for incremental, too"


def object_digest(probe, name, source, *flags):
    path = probe.root / f"{name}.rs"
    path.write_text(source)
    done = probe.run(
        ["rustc", "--crate-type=rlib", "--emit=obj", "-Ccodegen-units=1", "-o", f"{name}.o", *flags, str(path)]
    )
    check(done.returncode == 0, done.stderr)
    return digest(probe.root / f"{name}.o")


def claim_jump_tables_from_four_entries(probe, table):
    source = "".join(
        f"#[no_mangle] pub fn f{n}(x: u32, a: &mut [u32; 9]) {{ match x {{ "
        + "".join(f"{k} => a[{(k * 5) % 9}] = {k * k + n}, " for k in range(n))
        + "_ => a[8] ^= x } }\n"
        for n in range(2, 9)
    )
    plain = object_digest(probe, "tables", source, "-Copt-level=2")
    (row,) = [s for s in table if s["key"] == "rustc.min-jump-table-entries"]
    check(row["unset_means"].endswith("4 on x86-64"), row["unset_means"])
    for entries, same in ((4, True), (5, False), (16, False)):
        have = object_digest(probe, "tables", source, "-Copt-level=2", f"-Cllvm-args=-min-jump-table-entries={entries}")
        check((have == plain) == same, f"{entries}")
        yield f"unset rustc.min-jump-table-entries: {entries}"


def claim_inline_threshold_of_the_levels(probe, table):
    """Written out, the threshold that a level has gives the bytes of that level."""
    source = "".join(
        f"#[no_mangle] pub fn g{i}(x: &[u32]) -> u32 {{ let mut s = {i}; "
        + "".join(f"if x.len() > {k} {{ s ^= x[{k}].rotate_left({k % 31}); }} " for k in range(i))
        + "s }\n"
        for i in range(1, 40)
    )
    source += "".join(f"#[no_mangle] pub fn h{i}(x: &[u32]) -> u32 {{ g{i}(x) ^ g{i}(&x[1..]) }}\n" for i in range(1, 40))
    (row,) = [s for s in table if s["key"] == "rustc.inline-threshold"]
    seen = set()
    for level, threshold, words in (
        ("3", 250, "250 for opt-level 3"),
        ("2", 225, "225 for 1 and 2"),
        ("1", 225, "225 for 1 and 2"),
        ("s", 50, '50 for "s"'),
        ("z", 5, '5 for "z"'),
    ):
        check(words in row["unset_means"], row["unset_means"])
        plain = object_digest(probe, "inline", source, f"-Copt-level={level}")
        same = object_digest(
            probe, "inline", source, f"-Copt-level={level}", f"-Cllvm-args=-inline-threshold={threshold}"
        )
        check(plain == same, f"opt-level {level}: {threshold} gives other code")
        for other in (5, 50, 225, 250):
            if other != threshold:
                different = object_digest(
                    probe, "inline", source, f"-Copt-level={level}", f"-Cllvm-args=-inline-threshold={other}"
                )
                check(different != plain, f"opt-level {level}: {other} gives the same code as {threshold}")
        seen.add(plain)
        yield f"unset rustc.inline-threshold: {level}"
    check(len(seen) == 5, "two levels give the same code: the source tells nothing")


def claim_preinline_threshold_of_llvm(probe, table):
    """Written out, LLVM's own gives the same counters; another one gives others; without counters it does nothing."""
    (row,) = [s for s in table if s["key"] == "rustc.preinline-threshold"]
    check("LLVM's own: 75" in row["unset_means"], row["unset_means"])
    source = "".join(
        f"fn g{i}(x: &[u32]) -> u32 {{ let mut s = {i}; "
        + "".join(f"if x.len() > {k} {{ s ^= x[{k}].rotate_left({k % 31}); }} " for k in range(i))
        + f"s }}\n#[no_mangle] pub fn h{i}(x: &[u32]) -> u32 {{ g{i}(x) ^ g{i}(&x[1..]) }}\n"
        for i in range(1, 12)
    )
    for level in "3s":
        counted = f"-Copt-level={level}", "-Cprofile-generate=/dev/null"
        plain = object_digest(probe, "preinline", source, f"-Copt-level={level}")
        digest = object_digest(probe, "preinline", source, *counted)
        for threshold, same in ((75, True), (15, False), (0, False)):
            flag = f"-Cllvm-args=-preinline-threshold={threshold}"
            check((object_digest(probe, "preinline", source, *counted, flag) == digest) == same, f"{level}: {threshold}")
            check(object_digest(probe, "preinline", source, f"-Copt-level={level}", flag) == plain, f"{level}: {threshold}")
        yield f"unset rustc.preinline-threshold: {level}"


def claim_ext_tsp_is_for_size_only(probe, table):
    source = "".join(
        f"#[no_mangle] pub fn f{i}(x: &[u32]) -> u32 {{ let mut s = 0; for (k, v) in x.iter().enumerate() {{ "
        f"if v % {i + 2} == 0 {{ s += v; if s > {i} {{ return k as u32; }} }} else if *v > {i} {{ s ^= v }} "
        "else { continue } if s == 7 { s = 0 } } s }\n"
        for i in range(40)
    )
    changed = {}
    for level in "3sz":
        plain = object_digest(probe, "layout", source, f"-Copt-level={level}")
        on = object_digest(probe, "layout", source, f"-Copt-level={level}", "-Cllvm-args=-apply-ext-tsp-for-size=true")
        changed[level] = on != plain
    check(changed == {"3": False, "s": True, "z": True}, str(changed))
    yield str(changed)


def claim_virtual_function_elimination_breaks_programs(probe, table):
    if "1.95." not in probe.run(["rustc", "-V"]).stdout:
        raise Skip("another rustc than 1.95")
    program, said = probe.build(
        "--release",
        *profile_arg("lto", '"fat"'),
        flags=["-Zvirtual-function-elimination=on"],
        env={"RUSTC_BOOTSTRAP": "1"},
    )
    check(program, said)
    check(probe.run([str(program)]).returncode == -4, "no SIGILL")
    yield "SIGILL"


def claim_inherits(probe, table):
    probe.manifest('[profile.mine]\nopt-level = 1\n')
    units, said = probe.units("--profile", "mine")
    check(units is None and "missing an `inherits`" in said, said)
    probe.manifest('[profile.release]\ninherits = "dev"\n')
    units, said = probe.units("--release")
    check(units is None and "`inherits` must not be specified in root profile `release`" in said, said)
    probe.manifest('[profile.mine]\ninherits = "release"\n')
    units, said = probe.units("--profile", "mine")
    check(units and units["probe"]["opt_level"] == "3", said)
    for wrong in ("1", '"nowhere"', '"mine"'):
        probe.manifest(f"[profile.mine]\ninherits = {wrong}\n")
        units, said = probe.units("--profile", "mine")
        check(units is None, f"inherits = {wrong} is taken")
        yield f"range inherits: {wrong}"
    probe.manifest()
    (row,) = [s for s in table if s["key"] == "inherits"]
    for v in row["values"]:
        probe.manifest(f"[profile.mine]\ninherits = {v['value']}\n")
        units, said = probe.units("--profile", "mine")
        probe.manifest()
        check(units, f"inherits = {v['value']}: {said}")
        yield f"value inherits={v['value']}"
    yield "default inherits"


def claim_gnu_ld_has_no_icf(probe, table):
    if not shutil.which("ld.bfd"):
        raise Skip("no ld.bfd")
    program, said = probe.build("--release", flags=["-Clink-arg=-fuse-ld=bfd", "-Clink-arg=-Wl,--icf=all"])
    check(program is None and "--icf=all" in said, said)
    yield "GNU ld"


def claim_old_mold_and_relr_do_not_start(probe, table):
    version = probe.run(["mold", "--version"]).stdout if shutil.which("mold") else ""
    if not version.startswith("mold 1.10"):
        raise Skip("no mold 1.10")
    program, said = probe.build(
        "--release", flags=["-Clink-arg=-fuse-ld=mold", "-Clink-arg=-Wl,-z,pack-relative-relocs"]
    )
    check(program, said)
    done = probe.run([str(program)])
    check(done.returncode == 127 and "GLIBC_ABI_DT_RELR" in done.stderr, done.stderr)
    yield version.strip()


def claim_the_linker_is_lld(probe, table):
    if "x86_64-unknown-linux-gnu" not in probe.run(["rustc", "-vV"]).stdout:
        raise Skip("another target")
    program, _ = probe.build("--release")
    check("LLD" in probe.run(["readelf", "-p", ".comment", str(program)]).stdout, "not linked by lld")
    yield "unset link.linker"


def claim_abort_keeps_backtraces(probe, table):
    program, _ = probe.build("--release", *profile_arg("panic", '"abort"'))
    check(".eh_frame" in probe.run(["readelf", "-SW", str(program)]).stdout, "no tables")
    yield ".eh_frame"


def claim_unwind_tables_off_do_nothing_with_fat_lto(probe, table):
    extra = (*profile_arg("panic", '"abort"'), *profile_arg("lto", '"fat"'))
    program, _ = probe.build("--release", *extra)
    want = os.path.getsize(program)
    program, _ = probe.build("--release", *extra, env={"RUSTFLAGS": "-Cforce-unwind-tables=off"})
    check(abs(os.path.getsize(program) - want) <= 256, f"{want} and {os.path.getsize(program)} bytes")
    yield "size"


def claim_old_inline_threshold_does_nothing(probe, table):
    program, said = probe.build("--release", flags=["-Cinline-threshold=5"])
    check(program and "`-C inline-threshold`: this option is deprecated and does nothing" in said, said)
    yield "warning"


def claim_incremental_raises_units_and_is_overridden(probe, table):
    for env in ({"CARGO_INCREMENTAL": "0"}, {"CARGO_BUILD_INCREMENTAL": "false"}):
        units, _ = probe.units("--release", *profile_arg("incremental", "true"), env=env)
        check(units["probe"]["incremental"] is False, str(env))
        yield str(env)


def claim_true_and_fat_give_different_bytes(probe, table):
    found = set()
    for value in ("true", '"fat"'):
        program, _ = probe.build("--release", *profile_arg("lto", value))
        found.add(digest(program))
    check(len(found) == 2, "the same bytes")
    yield "lto"


def not_verified(table, seen):
    """(what fails, what is only listed) of the claims of the table that no check above has yielded."""
    tags = {re.split(r": | \[", tag)[0] if not tag.startswith("value ") else tag.split(" [")[0] for tag in seen}
    missing, unknown = [], []
    for s in table:
        known = s["kind"] in ("profile", "rustc", "link", "post", "train", "std")
        wanted = [f"range {s['key']}"]
        if s["unset_means"]:
            wanted.append(f"unset {s['key']}")
        elif s["default_release"] is not None or s["kind"] == "profile":
            wanted.append(f"default {s['key']}")
        else:
            wanted.append(f"a default or what it is when not set: {s['key']}")
        # What a training makes of the program is tests/cli/test_training.py's.
        if s["kind"] != "train":
            wanted += [f"value {s['key']}={v['value']}" for v in s["values"]]
        for tag in wanted:
            if tag not in tags:
                (missing if known and not tag.startswith("unset") else unknown).append(tag)
    return missing, unknown


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="", metavar="PART")
    args = parser.parse_args()
    if not os.access(HONE, os.X_OK):
        sys.exit(f"verify_settings.py: {HONE} cannot be run: set HONE to the built cargo-hone")
    explained = subprocess.run([HONE, "explain", "--format", "json"], capture_output=True, text=True, check=True)
    table = json.loads(explained.stdout)["settings"]
    checks = [f for name, f in globals().items() if name.startswith(("check_", "claim_")) and args.k in name]
    passed = failed = skipped = 0
    seen = set()
    with tempfile.TemporaryDirectory(prefix="hone-settings-") as root:
        probe = Probe(root)
        for f in checks:
            try:
                for done in f(probe, table):
                    seen.add(done)
                    if "[skipped" in done:
                        skipped += 1
                        print(f"skipped: {f.__name__} {done}", flush=True)
                    else:
                        passed += 1
                print(f"passed: {f.__name__}", flush=True)
            except Skip as e:
                skipped += 1
                print(f"skipped: {f.__name__}: {e}", flush=True)
                table = [s for s in table if not e.of or not s["key"].startswith(e.of)]
            except AssertionError as e:
                failed += 1
                probe.manifest()
                print(f"FAILED: {f.__name__}: {e}", flush=True)
    # A failed check yields less: its own message is enough.
    if not args.k and not failed:
        missing, unknown = not_verified(table, seen)
        for tag in unknown:
            skipped += 1
            print(f"skipped: NOT VERIFIED against cargo and rustc: {tag}")
        for tag in missing:
            failed += 1
            print(f"FAILED: no check verifies: {tag}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
