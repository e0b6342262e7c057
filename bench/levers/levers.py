#!/usr/bin/env python3
"""What a lever beyond the profile gives on published programs that allocate: another allocator, a newer CPU, a static C library, training.

  HONE=build/src/cli/cargo-hone bench/levers/levers.py FOLDER [NAME...] [--write]

Each program's release profile is the preset fast with symbols stripped, so that it is the baseline of hone's `try`: ratios are beside that. Two
workloads each, on inputs that made.py makes from a seed; the first one trains, the second is held out. Then two of the programs are built for
x86_64-unknown-linux-musl, beside musl's own malloc, and the files for both C libraries run in turns without hone. What was found is kept in
results/; --write puts the tables into RESULTS.md beside this script. Wanted: the target of musl by rustup, and musl-gcc for the C code of
the allocators (musl-tools).
"""

import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "real"))

import made  # noqa: E402
import toolchain  # noqa: E402
from measuring import run_once, sign_interval  # noqa: E402

HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
MUSL = "x86_64-unknown-linux-musl"
FAST = {"opt-level": 3, "lto": '"fat"', "codegen-units": 1, "panic": '"abort"', "strip": '"symbols"'}
ALLOCATORS = ["link.allocator=mimalloc", "link.allocator=jemalloc"]
CANDIDATES = [*ALLOCATORS, "rustc.target-cpu=x86-64-v2", "rustc.target-cpu=x86-64-v3", "link.static=on", "link.static=on,link.allocator=mimalloc",
              "fastest-bold", "fastest-bold+link.allocator=mimalloc"]  # fmt: skip
STARTED = ["baseline", *ALLOCATORS, "link.static=on", "link.static=on,link.allocator=mimalloc"]
ROUNDS = 25
PROGRAMS = {
    "xsv": {
        "version": "0.13.0",
        "inputs": {"table.csv": made.table},
        "work": ["stats --everything {in}/table.csv", "sort -s first {in}/table.csv"],
        "what": ["statistics of all columns of 120,000 rows", "sorts them by a column"],
        "musl": True,
    },
    "jaq": {
        "version": "2.3.0",
        "options": ["--no-default-features"],
        "note": "without its default feature, a mimalloc of its own",
        "inputs": {"objects.json": made.objects},
        "work": ["-c '.[] | {id, tags: (.tags | map(ascii_upcase)), total: (.items | map(.price * .count) | add)}' {in}/objects.json",
                 "-c 'group_by(.place) | map({place: .[0].place, n: length, most: (map(.items | length) | max)})' {in}/objects.json"],
        "what": ["makes another object of each of 16,000", "groups them"],
        "musl": True,
    },
    "stylua": {
        "version": "2.1.0",
        "inputs": {"loose.lua": made.lua, "lua": made.lua_files},
        "work": ["--num-threads 2 --check {in}/lua", "-"],
        "stdin": "loose.lua",
        "what": ["checks 300 files, two threads", "formats one file of 250 kB"],
    },
}  # fmt: skip


def run(argv, **more):
    done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{argv}: {done.stderr}")
    return done.stdout


def with_fast(manifest):
    """The manifest with the preset fast for its release profile, and its library as a Rust library alone."""
    kept, inside = [], False
    for line in manifest.splitlines():
        if line.startswith("["):
            inside = line.startswith("[profile.release")
        if not inside and '"cdylib",' not in line:
            kept.append(line)
    return "\n".join([*kept, "[profile.release]", *(f"{key} = {value}" for key, value in FAST.items())]) + "\n"


def prepare(name, top):
    """The program's folder, its inputs beside it."""
    program, folder, inputs = PROGRAMS[name], top / name, top / "in"
    inputs.mkdir(parents=True, exist_ok=True)
    for file, make in program["inputs"].items():
        part = inputs / f"{file}.part"
        if not (inputs / file).exists():
            if part.is_dir():
                shutil.rmtree(part)
            make(part)
            part.rename(inputs / file)
    if not folder.exists():
        lock = HERE / f"{name}.lock"  # of a crate that is older than locks in crates
        run(["sh", HERE.parent / "real/fetch.sh", name, program["version"], folder, *([lock] if lock.exists() else [])])
        manifest = folder / "Cargo.toml"
        manifest.write_text(with_fast(manifest.read_text()))
    return folder


def works(name, top):
    return [w.replace("{in}", str(top / "in")) for w in PROGRAMS[name]["work"]]


def figures(metric, name):
    (trial,) = [t for t in metric["trials"] if t["name"] == name]
    return {key: trial[key] for key in ("ratio", "low", "high", "verdict", "median")}


def tried(name, top, candidates, *options):
    """What hone's `try` found of the candidates, and where the files are."""
    folder = prepare(name, top)
    runs = [word for work in works(name, top) for word in ("--run", work)]
    if "stdin" in PROGRAMS[name]:
        runs += ["--stdin", top / "in" / PROGRAMS[name]["stdin"]]
    text = run([HONE, "hone", "try", *candidates, *PROGRAMS[name].get("options", []), "--locked", "--metric", "cpu", "--rounds", ROUNDS, *runs,
                "--format", "json", *options], cwd=folder)  # fmt: skip
    found = json.loads(text)
    state, trials = found["machine"]["state"], []
    for trial in found["trials"]:
        row = {key: trial.get(key) for key in ("name", "status", "reason", "size", "labels")}
        if trial["status"] == "built":
            row["workloads"] = [{m["metric"]: figures(m, trial["name"]) for m in w["metrics"] if m["metric"] in ("cpu", "wall", "peak_memory")}
                                for w in found["workloads"]]  # fmt: skip
            row["file"] = trial["path"]
        trials.append(row)
    return {"rustc": found["toolchain"]["rustc"], "target": found["toolchain"]["target"], "load": [state["load_before"], state["load_after"]],
            "rounds": ROUNDS, "trials": trials}  # fmt: skip


def in_turns(files, lines, top, rounds):
    """CPU time of files by their labels, in turns, from copies at paths of one length; each beside the first one, for each line of arguments."""
    found, copies = [], [top / "in" / f"copy-{os.getpid()}-{at}" for at in range(len(files))]
    for file, copy in zip(files.values(), copies):
        shutil.copy(file, copy)
    for line in lines:
        words = [[str(copy), *shlex.split(line)] for copy in copies]
        samples = [[] for _ in words]
        for _ in range(rounds):
            for at in random.sample(range(len(words)), len(words)):
                samples[at].append(run_once(words[at], dict(os.environ), top)[0])
        found.append({label: sign_interval([a / b for a, b in zip(samples[at], samples[0])]) for at, label in enumerate(files)})
    for copy in copies:
        copy.unlink()
    return found


def built(result, names):
    return {trial["name"]: trial["file"] for trial in result["trials"] if trial["status"] == "built" and trial["name"] in names}


def measure(name, top):
    kept = HERE / "results" / f"{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    result = {"version": PROGRAMS[name]["version"], "at": time.strftime("%Y-%m-%d"), "machine": toolchain.machine(), "glibc": tried(name, top, CANDIDATES, "--allow", "all")}
    result["start"] = in_turns(built(result["glibc"], STARTED), ["--version"], top, 101)[0]
    if PROGRAMS[name].get("musl"):
        result["musl"] = tried(name, top, ALLOCATORS, "--target", MUSL)
        files = {f"{libc}, {trial}": file for libc in ("glibc", "musl") for trial, file in built(result[libc], ["baseline", *ALLOCATORS]).items()}
        result["beside"] = in_turns(files, works(name, top), top, ROUNDS)
    for libc in ("glibc", "musl"):
        for trial in result.get(libc, {"trials": []})["trials"]:
            trial.pop("file", None)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(result, indent=1) + "\n")
    return result


def ratio(figure):
    return f"{figure['ratio']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def rows_of(name, result, libc):
    """One a trial: bytes, and for both workloads the ratio of CPU time and the peak of memory."""
    rows, base = [], result[libc]["trials"][0]
    for trial in result[libc]["trials"]:
        if trial["status"] != "built":
            rows.append(f"| {name} | {trial['name']} | {trial['status']}: {trial['reason']} | | | | |")
            continue
        cells = [f"{trial['size']:,}"]
        for work in trial["workloads"]:
            cells += ["1" if trial is base else ratio(work["cpu"]), f"{work['peak_memory']['median'] / 1e6:.1f}"]
        rows.append(f"| {name} | {'fast' if trial is base else trial['name']} | {' | '.join(cells)} |")
    return rows


def report(results):
    first = next(iter(results.values()))
    head = ["| program | candidate | bytes | CPU time, 1st | peak, MB | CPU time, 2nd | peak, MB |", "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    lines = ["# Levers beyond the profile", "",
             f"Written by [levers.py](levers.py): rustc {first['glibc']['rustc']}, {first['machine']['cpu']}, {first['machine']['cores']} cores, {ROUNDS} rounds by `cargo hone try`. "
             "Ratios of CPU time beside the preset fast with symbols stripped, [95 % interval]; the first workload is what `fastest-bold` was trained with, the second was held out.", ""]
    for name, result in results.items():
        load = [x for libc in ("glibc", "musl") if libc in result for x in result[libc]["load"]]
        works = "; ".join(f"`{w.replace('{in}/', '')}` {what}" for w, what in zip(PROGRAMS[name]["work"], PROGRAMS[name]["what"]))
        note = f", {PROGRAMS[name]['note']}" if "note" in PROGRAMS[name] else ""
        lines.append(f"- **{name} {result['version']}**{note}, {result['at']}, load {min(load):.1f} to {max(load):.1f}: {works}")
    lines += ["", *head, *(row for name, result in results.items() for row in rows_of(name, result, "glibc"))]
    lines += ["", "Its start, `--version`, CPU time beside fast, 101 pairs:", "", "| program | " + " | ".join(STARTED[1:]) + " |", "| --- |" + " --- |" * len(STARTED[1:])]
    for name, result in results.items():
        lines.append(f"| {name} | " + " | ".join("{:.2f} [{:.2f}, {:.2f}]".format(*result["start"][label]) for label in STARTED[1:]) + " |")
    musl = {name: result for name, result in results.items() if "musl" in result}
    if musl:
        lines += ["", f"## {MUSL}", "", "Static; beside the preset fast with musl's own malloc.", "", *head,
                  *(row for name, result in musl.items() for row in rows_of(name, result, "musl")), "",
                  "The files for both C libraries in turns, CPU time beside fast with glibc and its malloc:", "",
                  "| program | C library, allocator | 1st | 2nd |", "| --- | --- | ---: | ---: |"]
        for name, result in musl.items():
            for label in result["beside"][0]:
                cells = ["{:.2f} [{:.2f}, {:.2f}]".format(*work[label]) for work in result["beside"]]
                lines.append(f"| {name} | {label.replace('baseline', 'its own')} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    if not words:
        sys.exit(__doc__)
    top = Path(words[0]).resolve()
    text = report({name: measure(name, top) for name in words[1:] or PROGRAMS})
    print(text)
    if "--write" in sys.argv:
        (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
