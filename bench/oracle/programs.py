#!/usr/bin/env python3
"""Stores points of published programs, by store.py.

Usage: programs.py [--hone HONE] [--seconds N] FOLDER NAME...

Each program is unpacked into FOLDER/NAME, with its own Cargo.lock and without its own [profile.release], so that the 48 settings of
the profile differ in each. Its input is made from a seed beside it, and its points go to NAME.json.gz here. What is in FOLDER/NAME.json
is not built again.
"""

import argparse
import gzip
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REAL = HERE.parent / "real"
sys.path.insert(0, str(REAL))
import inputs  # noqa: E402  pylint: disable=wrong-import-position

# What is run is counted, not timed: hundredths of a second are enough.
PROGRAMS = {
    "choose": {
        "version": "1.3.6",
        "run": "-i input.txt 1 3:5 -1",
        "make": lambda p: inputs.text(p / "input.txt", 0.5),
        "more": ["--again", "6"],  # its counts are one of two, by chance
    },
    "hexyl": {
        "version": "0.17.0",
        "run": "--color=always input.bin",
        "make": lambda p: inputs.bytes_file(p / "input.bin", 400),
        "more": ["--levels", "hexyl,clap_builder,clap_complete,clap_lex"],
    },
    "pastel": {"version": "0.10.0", "run": "-m 24bit gradient -n 3000 -s Lab yellow crimson", "make": lambda p: None},
    "sd": {
        "version": "1.0.0",
        "run": "-p '([a-z]+)ing([.,; ])' '$2<$1>' input.txt",
        "make": lambda p: inputs.text(p / "input.txt", 1),
    },
}


def prepared(name, folder):
    """The program's folder, made if it is not there."""
    program = PROGRAMS[name]
    project = folder / name
    if not project.exists():
        subprocess.run(["sh", str(REAL / "fetch.sh"), name, program["version"], str(project)], check=True)
        manifest = project / "Cargo.toml"
        text = manifest.read_text()
        manifest.write_text(re.sub(r"(?ms)^\[profile\.release\]\n.*?(?=^\[|\Z)", "", text))
        program["make"](project)
    return project


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hone", default="cargo-hone")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("folder", type=Path)
    parser.add_argument("name", nargs="+", choices=sorted(PROGRAMS))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in args.name:
        project = prepared(name, args.folder.resolve())
        points = args.folder / f"{name}.json"
        command = [str(HERE / "store.py"), "--hone", args.hone, "--run", PROGRAMS[name]["run"]]
        command += PROGRAMS[name].get("more", [])
        subprocess.run([*command, "--seconds", str(args.seconds), str(project), str(points)], check=True)
        (HERE / f"{name}.json.gz").write_bytes(gzip.compress(points.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
