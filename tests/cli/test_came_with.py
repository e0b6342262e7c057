"""What lies in target/hone may have come with the folder: nothing of it is used again that was not made here, or is not what was
made."""

import json
from pathlib import Path

from harness import cargos_time, check

# Fails where anything stands beside it; says so, too, where a library of its own comes to it.
ALONE = """\
use std::{env, fs};

fn main() {
    let exe = env::current_exe().unwrap();
    assert_eq!(fs::read_dir(exe.parent().unwrap()).unwrap().count(), 1);
    println!("{}", env::var("LD_LIBRARY_PATH").is_ok());
}
"""


def only(folder, pattern):
    found = list(Path(folder).glob(pattern))
    check(len(found) == 1, found)
    return found[0]


def changed(path, **keys):
    """A JSON file with other values: a way back is returned."""
    old = path.read_text()
    new = json.loads(old) | keys
    path.write_text(json.dumps({k: v for k, v in new.items() if v is not None}))
    return old


@cargos_time
def test_twins_and_records(box):
    kit = box.kit(main=ALONE)
    hone = kit / "target/hone"
    size = ["size", "strip=symbols", "--format", "json"]
    first = box.good(kit, size)
    twin = only(hone, "artifacts/*/kit.unstripped")
    whole = twin.read_bytes()
    made = twin.stat().st_mtime_ns
    check(box.good(kit, size).json() == first.json() and twin.stat().st_mtime_ns == made, "the twin serves again")
    # Changed by a byte at its end, of another name, of another artifact, and without its seal.
    seal = only(hone, "artifacts/*/kit.unstripped.seal")
    sealed = seal.read_text()
    for twin_is, seal_is in ((whole.replace(b"main", b"niam"), sealed), (whole, "0" * 32 + sealed[32:]), (whole, "")):
        twin.write_bytes(twin_is)
        seal.write_text(seal_is)
        check(box.good(kit, size).json() == first.json(), "other bytes")
        check(twin.read_bytes() == whole and seal.read_text() == sealed, (len(twin_is), seal_is))
    # What a build cost, and how well it packs, of a record that was made up or belongs to others.
    record = twin.parent / "record.json"
    args = ["try", "strip=symbols", "--run", "{bin}", "--rounds", "2", "--format", "json"]
    trial = box.good(kit, args).json()["trials"][1]
    for keys in ({"gzip_size": 1}, {"units": 9, "here": None}):
        old = changed(record, **keys)
        now = box.good(kit, args).json()["trials"][1]
        check([now[k] for k in ("gzip_size", "zstd_size")] == [trial[k] for k in ("gzip_size", "zstd_size")], (keys, now))
        check(now["build"]["units"] != 9, now)
        record.write_text(old)


@cargos_time
def test_nothing_is_started_or_stands_beside(box):
    """A program where hone's own stands for the linker, and files in the folder of the copies."""
    kit = box.kit(main=ALONE)
    hone = kit / "target/hone"
    box.good(kit, ["build", "opt-level=1", "--no-baseline"])
    for name in ("cc", "gcc", "ld.lld", "rust-lld"):
        path = hone / "tools/linkers" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho >>{box.root}/started\nexec {name} "$@"\n')
        path.chmod(0o755)
    for name in ("try/000/beside", "try/001/beside", "try/000-lib/libc.so.6", "try/003-lib/x", "ask/000/x"):
        path = hone / "run" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("no library")
    said = box.good(kit, ["try", "strip=symbols", "--run", "{bin}", "--rounds", "2", "--format", "json"]).json()
    check([t["status"] for t in said["trials"]] == ["built"] * 2, said["trials"])
    check(not (box.root / "started").exists(), "it was started")


@cargos_time
def test_profiles_of_others(box):
    """Which profile belongs to a program is asked of hone's own words alone."""
    kit = box.kit(main=ALONE)
    args = ["build", "pgo", "--no-baseline", "--train", "x"]
    first = box.run(kit, *args)
    if first.code and "llvm-profdata" in first.err:
        return
    first.expect(0)
    memory = only(kit / "target/hone/profiles", "*.json")
    again = box.good(kit, args)
    check("ago" in again.err, again)
    for keys in ({"here": None}, {"script": "rm -r ~"}):
        changed(memory, **keys)
        said = box.good(kit, args)
        check("ago" not in said.err, (keys, said))
