#!/usr/bin/env python3
"""Checks what the settings table says against cargo and rustc themselves.

Usage: verify_settings.py [-k PART]      $HONE is the built cargo-hone.
The table is read from `cargo hone explain --format json`. Every listed value is built with, every value
outside of a range has to be refused, every default has to be what cargo does when nothing is written, and
the claims of the prose that a machine can check are the functions claim_*. -k: checks whose name holds PART.
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
    pass


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
        script = self.root / ".cargo/hone/discard-unwind.ld"
        script.parent.mkdir(parents=True)
        script.write_text(
            "SECTIONS { /DISCARD/ : { *(.eh_frame .eh_frame_hdr .gcc_except_table .gcc_except_table.*) } }"
            " INSERT AFTER .data;\n"
        )

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
        yield key


def check_values(probe, table):
    for s in profile_rows(table):
        for v in s["values"]:
            what = f"{s['key']}={v['value']}"
            args = profile_arg(s["key"], v["value"])
            if "nightly" in v["labels"]:
                program, said = probe.build("--release", *args)
                check(program is None, f"{what} was taken without a nightly")
                yield what
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
            yield what


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
            yield what


def check_integer_ends(probe, table):
    for s in profile_rows(table):
        if "max" not in s:
            continue
        for value, inside in ((s["min"], True), (s["min"] - 1, False), (s["max"], True), (s["max"] + 1, False)):
            program, said = probe.build("--release", *profile_arg(s["key"], value))
            check((program is not None) == inside, f"{s['key']}={value}: {said}")
            yield f"{s['key']}={value}"


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
        value = '["-Copt-level=2"]' if s["type"] == "list" else s["values"][-1]["value"]
        # 77 units: nothing was built so before, so that cargo has something to say.
        program, said = probe.build("--release", *profile_arg(key, value), *profile_arg("codegen-units", "77"))
        if key == "hint-mostly-unused":
            # Stable cargo warns and ignores it.
            check("ignoring 'hint-mostly-unused' profile option" in said, f"{key}: {said}")
        else:
            check(program is None and unlock[key] in said, f"{key} is not refused on stable: {said}")
        probe.manifest(f"[profile.release]\n{key} = {value}\n", [unlock[key]] if key in unlock else [])
        units, said = probe.units("--release", *(["-Zprofile-hint-mostly-unused"] if key not in unlock else []))
        probe.manifest()
        check(units, f"{key} is refused with its feature: {said}")
        yield key


# --- compiler and linker flags ---


def needs(flags):
    """A program that the flags ask for and that may be missing."""
    for flag in flags:
        match = re.search(r"-fuse-ld=(\w+)", flag)
        if match and match.group(1) != "lld" and not shutil.which(f"ld.{match.group(1)}"):
            return f"ld.{match.group(1)}"
    return None


def flag_rows(table):
    return [s for s in table if s["kind"] in ("rustc", "link")]


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
                continue
            flags = v["flags"].split()
            missing = needs(flags)
            if missing:
                yield f"{what} [skipped: no {missing}]"
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
            yield what


def check_flag_defaults(probe, table):
    """The default of a flag gives exactly the bytes that no flag gives."""
    for s in flag_rows(table):
        for v in s["values"]:
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
            yield f"{s['key']}={v['value']}"


def check_flags_refused(probe, table):
    """A value that is not listed is refused, and where rustc lists what it takes, the table has all of it."""
    for s in flag_rows(table):
        what = f"{s['key']}=bogus"
        mine = probe.run([str(HONE), "explain", what]).returncode == 0
        if s["open"]:
            if s["type"] == "integer":
                check(not mine, f"hone takes {what}")
                program, said = probe.build("--release", flags=s["values"][0]["flags"].replace("=5", "=x").split())
                check(program is None or s["key"] == "rustc.min-jump-table-entries", f"{what}: {said}")
            yield what
            continue
        check(not mine, f"hone takes {what}")
        v = next(v for v in s["values"] if v["flags"])
        flags = v["flags"].replace(bare(v["value"]), "bogus")
        if flags == v["flags"]:
            yield what
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
        yield what


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


# --- claims of the prose ---


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
        yield f"{key}={value}"
    # And strip = "symbols" removes all of it again.
    program, _ = probe.build("--release", *profile_arg("debug", "2"), *profile_arg("strip", '"symbols"'))
    check(os.path.getsize(program) <= small, "symbols")
    yield "debug=2, strip=symbols"


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
        units, _ = probe.units("--release")
    finally:
        (probe.root / "build.rs").unlink()
    script = units["build-script-build"]
    check(script["opt_level"] == "0" and script["codegen_units"] in (None, 256), script)
    yield f"codegen_units {script['codegen_units']}"


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
    yield "16"
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
        yield str(entries)


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
        yield f"{level}: {threshold}"
    check(len(seen) == 5, "two levels give the same code: the source tells nothing")


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
    probe.manifest()
    yield "custom profiles need it, release must not have it"


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
    yield "LLD"


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
    with tempfile.TemporaryDirectory(prefix="hone-settings-") as root:
        probe = Probe(root)
        for f in checks:
            try:
                for done in f(probe, table):
                    if "[skipped" in done:
                        skipped += 1
                        print(f"skipped: {f.__name__} {done}", flush=True)
                    else:
                        passed += 1
                print(f"passed: {f.__name__}", flush=True)
            except Skip as e:
                skipped += 1
                print(f"skipped: {f.__name__}: {e}", flush=True)
            except AssertionError as e:
                failed += 1
                probe.manifest()
                print(f"FAILED: {f.__name__}: {e}", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
