"""WebAssembly: sizes and strip levels of files that lie here; what is built for it, where the target is installed."""

import os
import shutil
import subprocess

from harness import Skip, cargos_time, check, long_time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VIEWS = "section", "crate", "instance", "function", "generic"


def corpus(box, name):
    to = box.root / f"{name}.wasm"
    shutil.copy(os.path.join(ROOT, "fuzz/corpora/wasm", name), to)
    return to


def test_rows_sum_to_the_file(box):
    for name in "module", "component", "no-names", "empty":
        path = corpus(box, name)
        for by in VIEWS:
            size = box.run(box.root, "size", path, "--by", by, "--format", "json").expect(0).json()
            check(sum(r["size"] for r in size["rows"]) == size["size"] == path.stat().st_size, f"{name} {by} {size}")


def test_component_names_the_module(box):
    out = box.run(box.root, "size", corpus(box, "component"), "--by", "section").expect(0).out
    check("app.wasm: code" in out and "module 2: producers" in out, out)


def test_diff(box):
    old, new = corpus(box, "module"), corpus(box, "no-names")
    diff = box.run(box.root, "size", old, "--diff", new, "--by", "section", "--format", "json").expect(0).json()
    gone = {r["name"] for r in diff["rows"] if not r["new"]}
    check(gone == {"name", "producers", "target_features", "element"}, gone)
    check(diff["new"] - diff["old"] == sum(r["delta"] for r in diff["rows"]), diff)


def test_twin_names_what_is_stripped(box):
    twin = corpus(box, "module")
    bare = box.root / "bare.wasm"
    box.run(box.root, "strip", "symbols", twin, "-o", bare).expect(0)
    size = box.run(box.root, "size", bare, "--twin", twin, "--format", "json").expect(0).json()
    check({"core", "regex 1.10.2"} <= {r["name"] for r in size["rows"]} and size["has_symbols"], size)
    other = corpus(box, "component")
    box.run(box.root, "size", bare, "--twin", other).expect(1, "another number of modules")


def test_broken_files(box):
    for name, words in (("cut-off", "goes beyond the end of the file"), ("unknown-section", "section 42 at byte 8"),
                        ("too-deep", "more than 16 deep"), ("version-2", "of another version than 1")):
        for command in ("size",), ("strip", "symbols"):
            path = corpus(box, name)
            box.run(box.root, *command, path).expect(1, f"{path}", words)


def test_other_formats_get_one_sentence(box):
    for magic, words in ((b"MZ\x90\0", "is a PE file (Windows)"), (b"\xcf\xfa\xed\xfe", "is a Mach-O file")):
        path = box.root / "other"
        path.write_bytes(magic + bytes(60))
        for command in ("size",), ("strip", "symbols"):
            box.run(box.root, *command, path).expect(
                1, f"error: {path}: {words}; hone reads only ELF and WebAssembly so far")


def test_memory_is_of_devices(box):
    box.run(box.root, "size", corpus(box, "module"), "--memory").expect(1, "no program of a device")


def test_no_separate_debug_file(box):
    path = corpus(box, "module")
    box.run(box.root, "strip", "symbols", path, "--split", box.root / "d").expect(1, "no separate debug files")


def test_little_in_it(box):
    module = b"\0asm\1\0\0\0"
    for name, more in ("empty", b""), ("unknown", b"\0\x07\x05magic!"):
        path = box.root / f"{name}.wasm"
        path.write_bytes(module + more)
        size = box.run(box.root, "size", path, "--format", "json").expect(0).json()
        check(sum(r["size"] for r in size["rows"]) == size["size"] == len(module + more), size)


def test_big_endian(box):
    path = os.path.join(ROOT, "fuzz/corpora/elf/armebv7r-none-eabi")
    for by in "section", "crate", "function":
        size = box.run(box.root, "size", path, "--by", by, "--format", "json").expect(0).json()
        check(sum(r["size"] for r in size["rows"]) == size["size"] == os.path.getsize(path), size)
    box.run(box.root, "strip", "all", path, "-o", box.root / "small").expect(0)
    size = box.run(box.root, "size", box.root / "small", "--format", "json").expect(0).json()
    check(sum(r["size"] for r in size["rows"]) == size["size"] < os.path.getsize(path), size)


def test_std_is_not_there(box):
    """Of another machine, a big-endian one, that nobody builds for by chance."""
    target = "s390x-unknown-linux-gnu"
    done = subprocess.run(["rustc", "--print=target-libdir", "--target", target], capture_output=True, text=True)
    if done.returncode or os.path.isdir(done.stdout.strip()):
        raise Skip(f"rustc has std for {target}, or does not know it")
    top = box.kit("app")
    box.run(top, "try", "strip=symbols", f"--target={target}").expect(1, f"the `{target}` target may not be installed")
    box.run(top, "try", "strip=symbols", f"--target={target}", "--run", "{bin}").expect(2, "qemu-s390x {bin}")


TARGET = "--target=wasm32-wasip1"
SIZED = "opt-level=1,post.wasm-opt=Oz"


def project(box):
    """A tiny program, where rustc has std for the target."""
    done = subprocess.run(["rustc", "--print=target-libdir", "--target", "wasm32-wasip1"], capture_output=True, text=True)
    if not os.path.isdir(done.stdout.strip()):
        raise Skip("no std for wasm32-wasip1: rustup target add wasm32-wasip1")
    top = box.root / "app"
    box.write(top / "Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
    box.write(top / "src/main.rs", 'fn main() { println!("{}", std::env::args().count()); }\n')
    return top


def test_everything_builds_and_is_compared_by_size(box):
    top = project(box)
    done = box.run(top, "try", TARGET, "small", "balanced", "smallest", "--format", "json").expect(0)
    tried = done.json()
    check([t["status"] for t in tried["trials"]] == ["built"] * 4, tried["trials"])
    for trial in tried["trials"]:
        check(trial["gzip_size"] and {"code", "data"} <= set(trial["sections"]), trial)
    sizes = {t["name"]: t["size"] for t in tried["trials"]}
    check(sizes["smallest"] == min(sizes.values()), sizes)
    done.expect(0, "which is WebAssembly: link.minsize", "needs a runtime that you name")
    # Names of a stripped one come from its twin; its link is repeated with other flags.
    size = box.run(top, "size", "smallest", TARGET, "--format", "json").expect(0).json()
    check(size["size"] == sizes["smallest"] and "std" in {r["name"] for r in size["rows"]}, size)
    done = box.run(top, "apply", "smallest", TARGET).expect(0)
    check('"-Clink-arg=--compress-relocations"' in (top / ".cargo/config.toml").read_text(), done)
    subprocess.run(["cargo", "-q", "release-build"], cwd=top, env=box.env, check=True)
    check((top / "target/wasm32-wasip1/release/app.wasm").stat().st_size == sizes["smallest"], sizes)


def test_runtime_is_the_user_s(box):
    top = project(box)
    box.run(top, "try", TARGET, "opt-level=1", "--run", "{bin} a").expect(2, "wasmtime run {bin}")
    box.run(top, "try", TARGET, "opt-level=1", "--run", "no-such-runtime {bin}").expect(1, "no-such-runtime")


def test_wasm_opt_that_is_too_old(box):
    top = project(box)
    box.program("wasm-opt", "#!/bin/sh\n[ \"$1\" = --version ] && echo wasm-opt version 1 && exit\n"
                "echo '[parse exception: invalid code]' >&2\nexit 1\n")
    box.run(top, "build", SIZED, TARGET).expect(1, "wasm-opt version 1 does not take the module", "newer one")


def test_wasm_opt_is_for_wasm_only(box):
    top = box.root / "native"
    box.write(top / "Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
    box.write(top / "src/main.rs", "fn main() {}\n")
    done = box.run(top, "apply", "post.wasm-opt=Oz,opt-level=1", "--dry-run").expect(0, "which is no WebAssembly: post.wasm-opt")
    check("wasm-opt -Oz" not in done.out + done.err, done)


def test_brotli_is_a_program(box):
    """A module's packed size is what brotli prints; without one the key is missing, and said once."""
    top = project(box)
    box.program("brotli", "#!/bin/sh\nhead -c 77\n")
    tried = box.run(top, "try", TARGET, "opt-level=1", "--format", "json").expect(0).json()
    check([t["brotli_size"] for t in tried["trials"]] == [77, 77], tried["trials"])
    check("by brotli baseline, 77 bytes" in box.run(top, "history", "1").expect(0, "brotli").out, tried)
    box.program("brotli", "#!/bin/sh\nexit 3\n")
    shutil.rmtree(top / "target/hone/artifacts", ignore_errors=True)
    done = box.run(top, "try", TARGET, "opt-level=1", "--format", "json").expect(0, "the brotli on the path does not pack")
    check(not any("brotli_size" in t for t in done.json()["trials"]), done)


def path_without(box, name):
    """Every program that is on the path, but one."""
    folder = box.root / "without"
    folder.mkdir()
    for place in box.env["PATH"].split(":"):
        for program in os.listdir(place) if os.path.isdir(place) else []:
            if program != name and not (folder / program).is_symlink():
                (folder / program).symlink_to(os.path.join(place, program))
    return {"PATH": str(folder)}


def test_size_packed(box):
    path = corpus(box, "module")
    nothing = {"PATH": str(box.root / "nothing")}
    done = box.run(box.root, "size", path, "--packed", "--format", "json", env=nothing).expect(
        0, "sizes by brotli are missing: there is no brotli on the path")
    size = done.json()
    check(0 < size["gzip_size"] < size["size"] and 0 < size["zstd_size"] < size["size"] and "brotli_size" not in size, done)
    box.program("brotli", "#!/bin/sh\n[ \"$*\" = '-q 11 -w 22 -c' ] && head -c 77\n")
    done = box.run(box.root, "size", path, "--packed").expect(0, f"packed: gzip {size['gzip_size']:,}, zstd {size['zstd_size']:,}, brotli 77 bytes")
    check("brotli are missing" not in done.err, done)
    check(not {"gzip_size", "brotli_size"} & set(box.run(box.root, "size", path, "--format", "json").expect(0).json()), done)
    native = box.run(box.root, "size", shutil.which("true"), "--packed", "--format", "json").expect(0).json()
    check(native["gzip_size"] and "brotli_size" not in native, native)
    box.run(box.root, "size", path, "--packed", "--memory").expect(2, "--packed does not go with --memory")
    # Of a diff what both sides have: brotli is for modules.
    stripped = box.root / "stripped.wasm"
    box.run(box.root, "strip", "all", path, "-o", stripped).expect(0)
    less = box.run(box.root, "size", stripped, "--packed", "--format", "json").expect(0).json()
    diff = box.run(box.root, "size", path, "--diff", stripped, "--packed", "--format", "json").expect(0).json()
    check((diff["old_gzip_size"], diff["new_gzip_size"]) == (size["gzip_size"], less["gzip_size"]), diff)
    check(diff["old_brotli_size"] == diff["new_brotli_size"] == 77 and less["zstd_size"] == diff["new_zstd_size"], diff)
    change = less["gzip_size"] - size["gzip_size"]
    box.run(box.root, "size", path, "--diff", stripped, "--packed").expect(
        0, f"gzip {size['gzip_size']:,} to {less['gzip_size']:,} ({change:,})", "brotli 77 to 77 (")
    box.run(box.root, "size", path, "--diff", shutil.which("true"), "--packed").expect(0, f"packed: gzip {size['gzip_size']:,} to ")


def test_check_by_brotli(box):
    top = project(box)
    box.write(top / ".gitignore", "target\n")
    for args in ("init", "-q"), ("add", "-A"), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"):
        subprocess.run(["git", *args], cwd=top, env=box.env, check=True)
    box.write(top / "src/main.rs", '#[used]\nstatic MORE: [u8; 5000] = [7; 5000];\nfn main() { println!("{}", std::env::args().count()); }\n')
    saved = box.root / "base.json"
    command = ["check", "--base", "HEAD", TARGET, "--no-run", "--format", "json"]
    # It packs to a hundredth.
    box.program("brotli", "#!/bin/sh\nhead -c $(($(wc -c) / 100)) /dev/zero\n")
    box.write(top / "hone.toml", '[budget]\nbrotli = "+1%"\n')
    told = box.run(top, *command).expect(4, "brotli is ", "above its budget of").json()
    for side in told["base"], told["head"]:
        check(side["brotli"] == side["size"] // 100, side)
    check(told["budgets"][0]["head"] == told["head"]["brotli"], told["budgets"])
    box.run(top, *command, "--limit", "brotli=+90%", "--save", saved).expect(0)
    box.run(top, "check", "--against", saved, TARGET, "--no-run", "--limit", "brotli=+0").expect(0)
    # What nothing packed is not called small: neither here, nor beside a base that has it.
    less = path_without(box, "brotli")
    shutil.rmtree(top / "target/hone")
    done = box.run(top, *command, env=less).expect(3, "sizes by brotli are missing", "brotli is undecided", "packed the module of the head")
    check(done.err.count("sizes by brotli") == 1 and "brotli" not in done.json()["head"], done)
    check("limit" not in done.json()["budgets"][0], done)
    done = box.run(top, "check", "--against", saved, TARGET, "--no-run", "--limit", "size=+0", env=less).expect(3)
    check("unknown" in done.out, done)


def test_tune_by_brotli(box):
    top = project(box)
    small = ["tune", "small", TARGET, "--metric", "brotli", "--quick", "--builds", "2", "--format", "json"]
    box.program("brotli", "#!/bin/sh\nhead -c $(($(wc -c) / 100)) /dev/zero\n")
    told = box.run(top, *small).expect(0).json()
    check(told["metric"] == "brotli" and 0 < told["best"] < told["baseline"] < 100_000, told)
    check(told["best"] == min(s["bytes"] for s in told["seen"]), told["seen"])
    box.program("brotli", "#!/bin/sh\nexit 3\n")
    shutil.rmtree(top / "target/hone")
    box.run(top, *small).expect(1, "the brotli on the path does not pack the module")
    box.run(top, *small, env=path_without(box, "brotli")).expect(2, "--metric brotli: there is no brotli on the path")
    box.run(top, "tune", "small", "--metric", "brotli").expect(2, "--metric brotli is of WebAssembly")


def page(box):
    """A library for wasm-bindgen, whose crate and whose program are small ones of the test."""
    top = project(box)
    if not os.path.isdir(subprocess.run(["rustc", "--print=target-libdir", "--target", "wasm32-unknown-unknown"],
                                        capture_output=True, text=True).stdout.strip()):
        raise Skip("no std for wasm32-unknown-unknown: rustup target add wasm32-unknown-unknown")
    box.write(top / "Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n'
              '[dependencies]\nwasm-bindgen = { path = "bindgen" }\n')
    box.write(top / "bindgen/Cargo.toml", '[package]\nname = "wasm-bindgen"\nversion = "0.2.117"\nedition = "2021"\n')
    box.write(top / "bindgen/src/lib.rs", "#![no_std]\n")
    (top / "src/main.rs").unlink()
    box.write(top / "src/lib.rs", '#[no_mangle]\npub extern "C" fn f(x: u32) -> u32 { x + 1 }\n')
    return top


BINDGEN = """#!/bin/sh
[ "$1" = --version ] && echo wasm-bindgen %s && exit
for last; do :; done
while [ "$1" != --out-dir ]; do shift; done
mkdir -p "$2" && cat "$last" > "$2/module_bg.wasm" && printf '\\0\\006\\004more!' >> "$2/module_bg.wasm"
"""
WEB = "--target=wasm32-unknown-unknown"


def test_before_and_after_bindgen(box):
    top = page(box)
    box.program("wasm-bindgen", BINDGEN % "0.2.117")
    done = box.run(top, "try", WEB, "opt-level=1", "--format", "json").expect(0)
    for trial in done.json()["trials"]:
        check(trial["bindgen"]["size"] == trial["size"] + 8 and trial["bindgen"]["gzip_size"], trial)
    check("before wasm-bindgen" not in done.err, done)
    box.run(top, "history", "1").expect(0, "After wasm-bindgen, what a page gets")
    box.program("wasm-bindgen", BINDGEN % "0.2.99")
    shutil.rmtree(top / "target/hone/artifacts") # what it made before is remembered
    done = box.run(top, "try", WEB, "opt-level=1", "--format", "json").expect(
        0, "the one on the path is 0.2.99, and the module needs 0.2.117: cargo install wasm-bindgen-cli --version 0.2.117 --locked")
    check(not any("bindgen" in t for t in done.json()["trials"]), done)
    box.program("wasm-bindgen", "#!/bin/sh\n[ \"$1\" = --version ] && echo wasm-bindgen 0.2.117 && exit\necho no such section >&2\nexit 1\n")
    box.run(top, "build", "opt-level=2", WEB).expect(1, "wasm-bindgen does not take the module: exit code 1: no such section")


@long_time
def test_the_crate_itself(box):
    """A library that really depends on wasm-bindgen, from the registry of whoever runs the tests."""
    top = page(box)
    shutil.rmtree(top / "bindgen")
    text = (top / "Cargo.toml").read_text()
    box.write(top / "Cargo.toml", text.replace('{ path = "bindgen" }', '"=0.2.117"'))
    box.write(top / "src/lib.rs", "#[wasm_bindgen::prelude::wasm_bindgen]\npub fn greet(name: &str) -> String {\n"
              '    format!("Hello, {name}!")\n}\n')
    env = {"CARGO_HOME": os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo"), "CARGO_NET_OFFLINE": "false"}
    if box.run(top, command=["cargo", "fetch"], env=env).code:
        raise Skip("the registry cannot be reached")
    done = box.run(top, "try", WEB, "opt-level=s,strip=symbols", "--format", "json", env=env).expect(0)
    here = subprocess.run(["wasm-bindgen", "--version"], capture_output=True, text=True).stdout if shutil.which("wasm-bindgen") else ""
    for trial in done.json()["trials"]:
        check("__wasm_bindgen_unstable" in str(trial["sections"]), trial["sections"])
        if here.split() == ["wasm-bindgen", "0.2.117"]:
            check(0 < trial["bindgen"]["size"] < trial["size"], trial)
        else:
            check("bindgen" not in trial and "the module needs 0.2.117: cargo install wasm-bindgen-cli" in done.err, done)


def test_shards_have_what_bindgen_made(box):
    """Of modules that others built: where they are merged no wasm-bindgen is needed."""
    top = page(box)
    box.program("wasm-bindgen", BINDGEN % "0.2.117")
    subprocess.run(["cargo", "-q", "generate-lockfile", "--offline"], cwd=top, env=box.env, check=True)
    shards = [box.root / "1.shard", box.root / "2.shard"]
    for i, path in enumerate(shards):
        box.run(top, "try", WEB, "opt-level=1", "--shard", f"{i + 1}/2", "--output", path).expect(0)
        shutil.rmtree(top / "target")
    box.program("wasm-bindgen", BINDGEN % "0.2.99")
    done = box.run(top, "merge", *shards, "--format", "json").expect(0)
    for trial in done.json()["trials"]:
        check(trial["bindgen"]["size"] == trial["size"] + 8 and trial["bindgen"]["gzip_size"], trial)
    check("before wasm-bindgen" not in done.err, done)


def test_wasm_pack_is_told(box):
    """A stripped module does not tell its features: wasm-pack's own call of wasm-opt fails without these options."""
    top = page(box)
    box.program("wasm-opt", "#!/bin/sh\necho --enable-bulk-memory --enable-sign-ext\n")
    before = (top / "Cargo.toml").read_text()
    subprocess.run(["cargo", "-q", "generate-lockfile", "--offline"], cwd=top, env=box.env, check=True)
    box.run(top, "apply", WEB, "opt-level=1,strip=symbols").expect(0)
    text = (top / "Cargo.toml").read_text()
    check('[package.metadata.wasm-pack.profile.release]\nwasm-opt = ["-O", "--enable-bulk-memory", ' in text, text)
    box.run(top, "apply", "--undo", WEB).expect(0)
    check((top / "Cargo.toml").read_text() == before, before)
    box.write(top / "Cargo.toml", before + "[package.metadata.wasm-pack.profile.release]\nwasm-opt = false\n")
    box.run(top, "apply", WEB, "post.wasm-opt=Oz").expect(0, "[package.metadata.wasm-pack.profile.release], but no alias")
    check("wasm-opt = false" in (top / "Cargo.toml").read_text(), text)
    box.write(top / "Cargo.toml", before)
    box.run(top, "apply", WEB, "opt-level=1,strip=none").expect(0)
    check("wasm-pack" not in (top / "Cargo.toml").read_text(), text)


@cargos_time
def test_example_of_a_page(box):
    """The bundled example's module, under a runtime that the user names."""
    project(box)
    if not shutil.which("node"):
        raise Skip("there is no node")
    top = box.wordmill("kinds", example="kinds")
    tried = box.run(top, "try", "-p", "page", "--lib", "opt-level=s", WEB, "--run", f"node {top}/page/use.mjs {{lib}}",
                    "--rounds", 1, "--format", "json").expect(0).json()
    check(tried["project"]["kind"] == "cdylib" and [t["status"] for t in tried["trials"]] == ["built"] * 2, tried)
    check(len(tried["workloads"][0]["metrics"][0]["trials"]) == 2, tried["workloads"])
