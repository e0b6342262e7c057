"""WebAssembly: sizes and strip levels of files that lie here."""

import os
import shutil

from harness import check

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
