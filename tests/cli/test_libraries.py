"""Libraries: what is built of them, what they export, and programs that load or link them."""

import shutil
import subprocess

from harness import KIT_LOCK, Skip, cargos_time, check

MANIFEST = """[package]
name = "shape-kit"
version = "1.0.0"
edition = "2021"

[lib]
crate-type = [%s]

[profile.release]
panic = "abort"
"""

# Without std, so that LTO costs nothing.
SOURCE = """#![no_std]
#[panic_handler]
fn on_panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
#[no_mangle]
pub static KIT_VERSION: u32 = 3;
#[no_mangle]
pub extern "C" fn kit_area(w: u64, h: u64) -> u64 {
    w * h
}
%s
"""
GONE = '#[cfg(not(debug_assertions))]\n#[no_mangle]\npub extern "C" fn kit_gone() -> u32 {\n    1\n}\n'
CAME = '#[cfg(debug_assertions)]\n#[no_mangle]\npub extern "C" fn kit_came() -> u32 {\n    1\n}\n'
LOADS = "import ctypes, sys; print(ctypes.CDLL(sys.argv[1]).kit_area(6, 7))"


def kit(box, types, more=""):
    lock = KIT_LOCK.replace('"kit"', '"shape-kit"')
    return box.kit(manifest=MANIFEST % types, main=None,
                   **{"src/main.rs": None, "src/lib.rs": SOURCE % more, "Cargo.lock": lock})


@cargos_time
def test_cdylib_beside_rlib(box):
    """LTO reaches the cdylib, and the alias that apply writes builds the very bytes."""
    project = kit(box, '"cdylib", "rlib"')
    candidate = "lto=fat,codegen-units=1,strip=symbols"
    box.write(project / "load.py", LOADS)
    result = box.run(project, "try", candidate, "--run", f"python3 {project}/load.py {{lib}}", "--rounds", 1,
                     "--format", "json").expect(0, "make the cdylib alone (cargo rustc --crate-type cdylib)")
    check(result.json()["project"]["kind"] == "cdylib" and result.json()["project"]["bin"] == "shape_kit", result)
    trial = result.trial(candidate)
    check(trial["status"] == "built" and trial["path"].endswith("/libshape_kit.so"), result)
    check(".dynsym" in trial["sections"] and ".symtab" not in trial["sections"], result)
    with open(trial["path"], "rb") as file:
        made = file.read()
    size = box.run(project, "size", candidate, "--by", "function", "--format", "json").expect(0).json()
    check(size["has_symbols"] and "kit_area" in {r["name"] for r in size["rows"]}, "the names of its twin are missing")
    box.run(project, "apply", candidate).expect(0)
    alias = (project / ".cargo/config.toml").read_text()
    check('"rustc"' in alias and '"--lib", "--crate-type", "cdylib"' in alias, alias)
    box.cargo(project, "-q", "--offline", "release-build")
    check((project / "target/release/libshape_kit.so").read_bytes() == made, "the alias builds other bytes")
    history = box.run(project, "history", "--lib", "--format", "json").expect(0)
    check(len(history.json()["runs"]) == 1, history)


@cargos_time
def test_several_files_of_one_library(box):
    project = kit(box, '"cdylib", "staticlib"', GONE + CAME)
    box.bad(project, ["build", "baseline"], 2, "`shape_kit` is built as several files: cdylib, staticlib",
            "choose one with --crate-type cdylib")
    shape = box.run(project, "build", "opt-level=s,link.relr=on", "--crate-type", "staticlib").expect(
        0, "left out for a static library, which no linker makes: link.relr")
    path = project / "target/release/libshape_kit.a"
    check(shape.out == f"{path}\n", shape)
    compiler = shutil.which("cc")
    if not compiler:
        raise Skip("no C compiler")
    box.write(project / "use.c", "extern unsigned long kit_area(unsigned long, unsigned long);\n"
              "int main(void) { return kit_area(6, 7) != 42; }\n")
    subprocess.run([compiler, "-o", project / "use", project / "use.c", path], check=True)
    subprocess.run([project / "use"], check=True)
    linked = f"sh -c 'cc -o {{out}}/use {project}/use.c {{lib}} && {{out}}/use && echo linked'"
    result = box.run(project, "try", "opt-level=s", "debug-assertions=true", "--crate-type", "staticlib", "--run", linked,
                     "--rounds", 1, "--format", "json").expect(0)
    check(result.trial("opt-level=s")["status"] == "built", result)
    reason = result.trial("debug-assertions=true")["reason"]
    check("kit_gone" in reason and "kit_came" not in reason, result)
    check(result.json()["project"]["kind"] == "staticlib", result)


@cargos_time
def test_exports_that_change(box):
    """A library can ask how it is built, and be another one."""
    project = kit(box, '"cdylib"', GONE + CAME)
    candidates = "opt-level=s", "debug-assertions=true"
    result = box.run(project, "try", *candidates, "--format", "json").expect(
        0, "1 name fewer: `kit_gone`; 1 name more: `kit_came`", "nothing was run, sizes alone are compared")
    trial = result.trial("debug-assertions=true")
    check(trial["status"] == "differs" and "kit_gone" in trial["reason"], result)
    check(result.json()["best"]["any"]["small"] != "debug-assertions=true", result)
    text = box.run(project, "build", "debug-assertions=true").expect(0)
    check("1 name fewer: `kit_gone`" in text.err, text)


@cargos_time
def test_dylib(box):
    """A library for Rust programs, which is loaded with std in it: built, run, taken apart, written down."""
    project = box.kit(manifest=MANIFEST % '"rlib", "dylib"', main=None, **{
        "src/main.rs": None, "Cargo.lock": KIT_LOCK.replace('"kit"', '"shape-kit"'),
        "src/lib.rs": '#[no_mangle]\npub extern "C" fn kit_area(w: u64, h: u64) -> u64 {\n    w * h\n}\n'
                      "pub fn words(s: &str) -> Vec<String> {\n    s.split(' ').map(str::to_uppercase).collect()\n}\n"})
    box.write(project / "load.py", LOADS)
    candidate = "opt-level=s,strip=symbols"
    result = box.run(project, "try", candidate, "lto=fat", "--run", f"python3 {project}/load.py {{lib}}", "--rounds", 1,
                     "--format", "json").expect(0)
    check(result.json()["project"]["kind"] == "dylib", result)
    # Level "s" exports other generic functions of Rust, which are nobody's interface.
    check([t["status"] for t in result.json()["trials"]] == ["built"] * 3, result)
    sizes = {t["name"]: t["size"] for t in result.json()["trials"]}
    # Names hold a hash of the settings, whose length varies.
    check(abs(sizes["lto=fat"] - sizes["baseline"]) < 99 and sizes[candidate] < sizes["baseline"], sizes)
    rows = box.run(project, "size", candidate, "--format", "json").expect(0).json()["rows"]
    check({"std", "core", "shape_kit"} <= {r["name"] for r in rows}, rows)
    applied = box.run(project, "apply", candidate, "--verify").expect(0, "has the very bytes that hone built")
    check((project / "target/release/libshape_kit.so").stat().st_size == sizes[candidate], applied)


def test_what_is_no_choice(box):
    project = kit(box, '"rlib"')
    box.bad(project, ["build", "baseline", "--lib"], 1, "`shape_kit` is a library of Rust programs only",
            "--crate-type cdylib or staticlib")
    box.bad(project, ["build", "baseline", "--crate-type", "rlib"], 2,
            "--crate-type takes cdylib, staticlib or dylib, not `rlib`")
    box.bad(project, ["build", "baseline", "--crate-type", "cdylib", "--bin", "x"], 2, "--crate-type is for a library")
    box.bad(project, ["try", "--crate-type", "cdylib", "--run", "--version"], 2,
            "workload `--version` starts the library `shape_kit` itself", "'python3 use.py {lib}'")
    program = box.kit("program")
    box.bad(program, ["build", "baseline", "--lib"], 2, "no library targets found")


@cargos_time
def test_one_of_rust_programs_built_as_cdylib(box):
    project = kit(box, '"rlib"')
    result = box.run(project, "size", "--crate-type", "cdylib", "--by", "section", "--format", "json").expect(0).json()
    check(sum(r["size"] for r in result["rows"]) == result["size"], result)
    check(result["file"].endswith("/libshape_kit.so"), result["file"])


@cargos_time
def test_example_of_a_library(box):
    """The bundled example's cdylib, loaded by Python."""
    top = box.wordmill("kinds", example="kinds")
    tried = box.run(top, "try", "-p", "textkit", "--lib", "opt-level=s", "--run", f"python3 {top}/textkit/use.py {{lib}}",
                    "--rounds", 1, "--format", "json").expect(0).json()
    check(tried["project"]["kind"] == "cdylib" and [t["status"] for t in tried["trials"]] == ["built"] * 2, tried)
    check(len(tried["workloads"][0]["metrics"][0]["trials"]) == 2, tried["workloads"])
