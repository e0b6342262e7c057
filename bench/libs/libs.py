#!/usr/bin/env python3
"""Python extensions and a C library as they are published, beside hone's recipes: size, gzip, and CPU time of a workload.

  HONE=build/src/cli/cargo-hone bench/libs/libs.py FOLDER [NAME...] [--write]

The sources are the published ones: sdists of PyPI, by `pip download` (maturin must be installed for pip, which asks it for the name), and a
crate. The baseline is the release profile that they are published with. Panics still unwind: an extension makes exceptions of them. --write
puts the table of what is in FOLDER into libs.md beside this script.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
CANDIDATES = ["small+panic=unset", "smallest+panic=unset"]
ROUNDS = 15
# name: version, where it is published, what uses it
LIBS = {
    "rpds-py": ("0.27.1", "PyPI", "use_rpds.py"),
    "blake3": ("1.0.7", "PyPI", "use_blake3.py"),
    "imagequant-sys": ("4.1.0", "crates.io", "use_imagequant.py"),
}


def run(argv, **more):
    done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def fetch(name, version, where, folder):
    if folder.exists():
        return
    if where == "crates.io":
        run(["sh", HERE.parent / "real/fetch.sh", name, version, folder])
        manifest = folder / "Cargo.toml"  # cargo-c, by which it is installed, makes a cdylib of it
        manifest.write_text(manifest.read_text().replace('"staticlib"', '"cdylib"'))
        return
    run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation",
         "-d", folder.parent, f"{name}=={version}"])
    stem = f"{name.replace('-', '_')}-{version}"
    with tarfile.open(folder.parent / f"{stem}.tar.gz") as packed:
        packed.extractall(folder.parent, filter="data")
    shutil.move(folder.parent / stem, folder)


def measure(name, top):
    version, where, use = LIBS[name]
    folder, kept = top / name, top / f"{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    fetch(name, version, where, folder)
    how = f"{sys.executable} {HERE}/{use} {{lib}}"
    made = json.loads(run([HONE, "hone", "try", *CANDIDATES, "--lib", "--crate-type", "cdylib", "--locked", "--run", how, "--rounds", ROUNDS,
                           "--format", "json"], cwd=folder))
    kept.write_text(json.dumps(made, indent=1))
    return made


def cpu_time(made, name):
    (metric,) = [m for m in made["workloads"][0]["metrics"] if m["metric"] == "cpu"]
    (trial,) = [t for t in metric["trials"] if t["name"] == name]
    return f"{trial['ratio']:.3f} [{trial['low']:.3f}, {trial['high']:.3f}]" if trial["high"] else f"{trial['ratio']:.3f}"


def table(rows):
    lines = ["| library | candidate | bytes | of published | stripped | gzip | of published | CPU time of the workload, ratio |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, made in rows.items():
        base = made["trials"][0]
        for t in made["trials"]:
            if t["status"] != "built":
                lines.append(f"| {name} {LIBS[name][0]} | {t['name']} | {t['status']}: {t['reason']} | | | | | |")
                continue
            lines.append(f"| {name} {LIBS[name][0]} | {t['name']} | {t['size']:,} | {t['size'] / base['size']:.3f} | {t['stripped_size']:,} | "
                         f"{t['gzip_size']:,} | {t['gzip_size'] / base['gzip_size']:.3f} | {'1' if t is base else cpu_time(made, t['name'])} |")
    return "\n".join(lines)


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    top = Path(words[0]).resolve()
    top.mkdir(parents=True, exist_ok=True)
    rows = {name: measure(name, top) for name in words[1:] or LIBS}
    print(table(rows))
    if "--write" in sys.argv:
        rustc = run(["rustc", "--version"]).strip()
        (HERE / "libs.md").write_text(
            f"# Libraries as they are published\n\nWritten by [libs.py](libs.py): {rustc}, {ROUNDS} rounds. The baseline is the release profile "
            f"that each is published with; sizes in bytes.\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
