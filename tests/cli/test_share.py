"""What several builds have in common is compiled once, and every byte stays what plain cargo makes of it."""

import json
import os
import time

from harness import cargos_time, check

MANIFEST = """\
[package]
name = "kit"
version = "1.0.0"
edition = "2021"

[workspace]
members = ["mac", "help", "data"]

[dependencies]
mac = { path = "mac" }
data = { path = "data" }

[build-dependencies]
help = { path = "help" }
"""
MAIN = """\
mac::answer!();
fn main() {
    println!("{} {} {}", answer(), data::sum(&[1, 2, 3]), env!("BUILT"));
}
"""
MEMBER = '[package]\nname = "{}"\nversion = "0.1.0"\nedition = "2021"\n'
FILES = {
    "Cargo.lock": None,
    "build.rs": 'fn main() { println!("cargo:rustc-env=BUILT={}", help::count("abc")); }\n',
    "mac/Cargo.toml": MEMBER.format("mac")
    + '[lib]\nproc-macro = true\n[dependencies]\nhelp = { path = "../help" }\n',
    "mac/src/lib.rs": "use proc_macro::TokenStream;\n#[proc_macro]\npub fn answer(_: TokenStream) -> TokenStream {\n"
    '    format!("fn answer() -> usize {{ {} }}", help::count("hello")).parse().unwrap()\n}\n',
    "help/Cargo.toml": MEMBER.format("help"),
    "help/src/lib.rs": "pub fn count(s: &str) -> usize { s.len() }\n",
    "data/Cargo.toml": MEMBER.format("data"),
    "data/src/lib.rs": "pub fn sum(v: &[u32]) -> u32 { v.iter().sum() }\n",
}
HOST = {"help", "build_script_build", "mac"}


def units(project):
    """Crate -> how: "compiled" or "taken", of the last build."""
    lines = (project / "target/hone/tools/units.log.0").read_text().splitlines()
    return {line.split("\t")[0]: line.split("\t")[7] for line in lines}


def long_ago(project):
    """Sources that are as new as the compiler's start may be others than it read."""
    for path in project.rglob("*.rs"):
        os.utime(path, (time.time() - 60, time.time() - 60))


def build(box, project, candidate, env=None):
    out = project / "target/out"
    result = box.run(project, "build", candidate, "--no-baseline", "-o", out, env=env).expect(0)
    return result, units(project), out.read_bytes()


@cargos_time
def test_same_units_same_bytes(box):
    kit = box.kit(main=MAIN, manifest=MANIFEST, **FILES)
    long_ago(kit)
    _, first, _ = build(box, kit, "debug=1,opt-level=0")
    check(set(first.values()) == {"compiled"}, first)
    _, second, bytes_of_second = build(box, kit, "strip=symbols,opt-level=0")
    taken = {name for name, how in second.items() if how == "taken"}
    check(taken == HOST, f"what only works while it is built is taken, the program's own is compiled: {second}")
    profile = {"CARGO_PROFILE_RELEASE_STRIP": "symbols", "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0"}
    box.cargo(kit, "build", "--release", "--target-dir", "target/plain", env=profile)
    check((kit / "target/plain/release/kit").read_bytes() == bytes_of_second, "other bytes than plain cargo's")

    # Another source is another unit, and so is all that uses it; one that is back is found again.
    source = kit / "help/src/lib.rs"
    before = source.read_text()
    source.write_text("pub fn count(s: &str) -> usize { s.len() + 1 }\n")
    said, third, _ = build(box, kit, "strip=none,opt-level=0")
    check(all(third.get(name) == "compiled" for name in HOST), f"{third}\n{said}")
    source.write_text(before)
    long_ago(kit)
    _, fourth, _ = build(box, kit, "strip=debuginfo,debug=1,opt-level=0")
    check(fourth.get("mac") == "taken", fourth)

    # What is damaged is compiled. hone clean leaves nothing.
    for path in (kit / "target/hone/build/units").glob("*/*/link"):
        path.write_bytes(path.read_bytes()[:-1])
    _, fifth, _ = build(box, kit, "lto=off,opt-level=0")
    check("taken" not in fifth.values(), fifth)
    box.run(kit, "clean").expect(0)
    check(not (kit / "target/hone/build").exists(), "clean left something")


def test_wrapper_of_the_user(box):
    kit = box.kit(main=MAIN, manifest=MANIFEST, **FILES)
    long_ago(kit)
    wrapper = box.program("mine", '#!/bin/sh\nexec "$@"\n')
    for variable in ("RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"):
        env = {variable: str(wrapper)}
        build(box, kit, "debug=1,opt-level=0", env)
        _, second, _ = build(box, kit, "strip=symbols,opt-level=0", env)
        check("taken" not in second.values(), f"{variable}: {second}")
        check(not (kit / "target/hone/build/units").exists(), "something was kept")


# A compiler that writes what it is told to, and counts.
COMPILER = r"""#!/usr/bin/env python3
import os, sys
args = sys.argv[1:]
value = lambda name: args[args.index(name) + 1]
codegen = dict(a.split("=", 1) for a in args[args.index("-C") + 1 :] if "=" in a and a.split("=")[0] in
               ("metadata", "extra-filename"))
crate, out, extra = value("--crate-name"), value("--out-dir"), codegen["extra-filename"]
source = [a for a in args if a.endswith(".rs")][0]
with open(os.environ["COUNT"], "a") as f:
    f.write("x")
text = open(source).read()
files = {"metadata": f"{out}/lib{crate}{extra}.rmeta", "link": f"{out}/lib{crate}{extra}.rlib"}
with open(f"{out}/{crate}{extra}.d", "w") as f:
    for path in [f"{out}/{crate}{extra}.d", *files.values()]:
        f.write(f"{path}: {source}\n\n")
    f.write(f"{source}:\n\n")
    if "env!" in text:
        f.write("# env-dep:ASKED" + (f"={os.environ['ASKED']}\n" if "ASKED" in os.environ else "\n"))
for emit, path in files.items():
    with open(path, "w") as f:
        f.write(text + emit + codegen["metadata"])
    print('{"$message_type":"artifact","artifact":"%s","emit":"%s"}' % (path, emit), file=sys.stderr)
if "warns" in text:
    print('{"$message_type":"diagnostic","rendered":"warning"}', file=sys.stderr)
"""


class Wrapper:
    """hone's rustc wrapper, called as cargo calls it."""

    def __init__(self, box):
        self.box = box
        kit = box.kit()
        box.run(kit, "build", "opt-level=0", "--no-baseline").expect(0)
        self.program = kit / "target/hone/tools/hone-rustc"
        self.compiler = box.write("rustc", COMPILER, 0o755)
        self.source = box.write("src/a.rs", "plain")
        self.count = box.write("count", "")
        self.words = box.root / "words"
        self.n = 0
        long_ago(box.root)

    def tell(self, *words):
        self.words.write_bytes(b"".join(w.encode() + b"\0" for w in [f"d{self.box.root}/kept", "iOne", *words]))

    def compiles(self, *extra, metadata="1", env=None, text=None):
        """Was the compiler called? Also what lies there then."""
        if text is not None:
            self.source.write_text(text)
            long_ago(self.box.root)
        self.n += 1
        out = self.box.root / f"out {self.n}"
        out.mkdir()
        before = self.count.read_text()
        args = [self.compiler, "--crate-name", "a", self.source, "--error-format=json",
                "--json=diagnostic-rendered-ansi,artifacts", "--crate-type", "lib", "--emit=dep-info,metadata,link",
                "-C", "opt-level=3", *extra, "-C", f"metadata={metadata}", "-C", f"extra-filename=-{metadata}",
                "--out-dir", out, "-L", f"dependency={out}"]  # fmt: skip
        settings = {"HONE_SHARE": str(self.words), "COUNT": str(self.count), "CARGO_PKG_NAME": "a"}
        settings |= {"CARGO_PKG_VERSION": "1.0.0"} | (env or {})
        done = self.box.run(self.box.root, command=[str(self.program), *map(str, args)], env=settings).expect(0)
        stem = f"a-{metadata}"
        self.bytes = (out / f"lib{stem}.rlib").read_text()
        check((out / f"lib{stem}.rmeta").exists(), "no metadata")
        deps = (out / f"{stem}.d").read_text()
        check(f"{out}/lib{stem}.rlib: {self.source}" in deps, deps)
        told = [json.loads(line) for line in done.err.splitlines()]
        check([m["artifact"] for m in told[:2]] == [f"{out}/lib{stem}.rmeta", f"{out}/lib{stem}.rlib"], done.err)
        return self.count.read_text() != before


def test_what_makes_units_the_same(box):
    w = Wrapper(box)
    w.tell()
    check(w.compiles() and not w.compiles(), "the same again")
    check(w.compiles(metadata="2"), "symbols of the program's own code have other names")
    check(w.bytes.endswith("link2"), w.bytes)
    check(w.compiles("--cfg", "x") and w.compiles("-Copt-level=1"), "other arguments")
    check(not w.compiles("-C", "strip=symbols") and not w.compiles("--color=always"), "arguments that do not matter")
    check(w.compiles("-C", "incremental=/x") and w.compiles("-C", "incremental=/x"), "incremental ones are cargo's")
    check(w.compiles(env={"CARGO_PKG_DESCRIPTION": "x"}) and w.compiles(env={"RUSTC_BOOTSTRAP": "1"}), "variables")
    check(not w.compiles(env={"OTHER": "x"}), "variables that nobody asked for")

    library = box.write("libb.rmeta", "one")
    use = ["--extern", f"b={library}"]
    check(w.compiles(*use) and not w.compiles(*use), "what is used")
    check(not w.compiles("--extern", f"b={box.write('libb-2.rmeta', 'one')}"), "the same bytes at another place")
    box.write("libb.rmeta", "two")
    check(w.compiles(*use), "other bytes at the same place")
    macro = ["--extern", f"m={box.write('libm.so', 'x')}"]
    check(w.compiles(*macro) and w.compiles(*macro), "a macro of the user's may read what nobody knows")
    check(w.compiles(*macro, "--cap-lints", "allow") and not w.compiles(*macro, "--cap-lints", "allow"), "a foreign one")
    check(w.compiles(*macro, "--cap-lints", "allow", env={"OUT_DIR": "/x"}), "what it may read")

    check(w.compiles(text="env!") and not w.compiles(), "a variable that is asked for, unset")
    check(w.compiles(env={"ASKED": "a"}) and not w.compiles(env={"ASKED": "a"}), "and set")
    check(w.compiles(text="warns") and w.compiles(), "warnings are the compiler's to say")
    check(not w.compiles(text="plain"), "a source that is back")
    w.tell("iTwo")
    w.words.write_bytes(w.words.read_bytes().replace(b"iOne\0", b""))
    check(w.compiles() and not w.compiles(), "another compiler")


def test_units_for_the_host(box):
    w = Wrapper(box)
    w.tell("ha 1.0.0", "f-Cprofile-use=/p")
    check(w.compiles(metadata="1") and not w.compiles(metadata="2"), "its symbols are nobody's")
    check(not w.compiles("-Cprofile-use=/p", metadata="3"), "flags for the whole graph do not matter")
    check(w.compiles("-Cprofile-use=/q", metadata="3"), "flags of the user's do")
    w.source.write_text("new")
    long_ago(box.root)
    check(w.compiles("-Cprofile-use=/p") and w.compiles(), "what was made with such flags is not for others")
    w.tell("t")
    check(w.compiles("--target", "x", text="third") and w.compiles("--target", "x", metadata="2"), "for the target")
    check(w.compiles(metadata="3") and not w.compiles(metadata="4"), "for the host")


LINKS = {
    "strip=symbols": [],
    "strip=symbols,link.build-id=none": ["-Clink-arg=-Wl,--build-id=none"],
    "strip=symbols,link.relr=on,link.hash-style=sysv": [
        "-Clink-arg=-Wl,-z,pack-relative-relocs",
        "-Clink-arg=-Wl,--hash-style=sysv",
    ],
    "strip=symbols,link.unwind=discard,panic=abort": None,
}


def test_only_the_link_differs(box):
    """What differs from another candidate in words for the linker is linked anew from what that one was compiled to, and has
    the bytes that plain cargo makes. A macro and a build script are in the program; the compiler has a warning."""
    kit = box.kit(main=MAIN + "fn never_called() {}\n", manifest=MANIFEST, **FILES)
    long_ago(kit)
    args = ["try", *LINKS, "-j", "2", "--rounds", "1", "--run", "{bin}", "--format", "json"]
    trials = {t["name"]: t for t in box.run(kit, *args).expect(0).json()["trials"]}
    compiled = {name: trials[name]["build"]["units"] for name in LINKS}
    links_only = list(LINKS)[:3]
    check(sorted(compiled[name] > 0 for name in links_only) == [False, False, True], compiled)
    check(compiled[list(LINKS)[3]] > 0, f"another panic is no other link: {compiled}")
    for name in links_only:
        words = ["rustc", "--release", "--bin", "kit", "--target-dir", "target/plain", "--", *LINKS[name]]
        box.cargo(kit, *words, env={"CARGO_PROFILE_RELEASE_STRIP": "symbols"})
        plain = (kit / "target/plain/release/kit").read_bytes()
        kept = list(kit.glob("target/hone/artifacts/*/kit"))
        check(any(path.read_bytes() == plain for path in kept), f"{name}: no artifact has plain cargo's bytes")
        check(trials[name]["size"] == len(plain), f"{name}: {trials[name]['size']} and {len(plain)}")
    again = {t["name"]: t["build"]["fresh"] for t in box.run(kit, *args).expect(0).json()["trials"]}
    check(all(again.values()), f"cargo finds them fresh: {again}")
    check(not list(kit.glob("target/hone/artifacts/*/link")), "what was captured is still there")
    check(not list(kit.glob("target/hone/run/programs.*")), "what was kept for links is still there")


def test_only_the_link_differs_behind_generated_code(box):
    """What a build script wrote is at another place in each target folder of hone's, and what is compiled from it is another
    file for that: where only the link differs, the folder of the first one is taken."""
    project = box.wordmill()
    long_ago(project)
    one = "lto=fat,codegen-units=1,panic=abort,strip=symbols"
    links = [f"opt-level=s,{one}", f"opt-level=s,{one},link.icf=all,link.relr=on"]
    args = ["try", f"opt-level=z,{one}", *links, "-j", "2", "--rounds", "1", "--format", "json"]
    trials = {t["name"]: t["build"]["units"] for t in box.run(project, *args).expect(0).json()["trials"]}
    check(sorted(trials[name] > 0 for name in links) == [False, True], trials)
