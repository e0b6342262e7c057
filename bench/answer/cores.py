#!/usr/bin/env python3
"""How long the builds of `cargo hone try --all` take on more cores than there are here, this hone beside an earlier one.

Usage: cores.py [--new COMMIT] [--before COMMIT] [--work DIR] --record NAME...     units of both, into NAME.json.gz beside this script
       cores.py [--new COMMIT] [--before COMMIT] [--work DIR] --measure NAME...    real times, for the check, into the same file
       cores.py [--write]                                           simulated, from what is stored; --write: RESULTS.md

NAME and both hones are those of answer.py. Recorded are once, on all CPUs here, units with their CPU time by thread and runs
of cargo (record.py, stand_in.py, units.py): a busy machine records nearly the same. Simulated is by model.py, which says what
it assumes. To check it, --measure runs both hones without the stand-ins, with 1 CPU and with 2, and keeps their
`time.cargo_s`: that needs a quiet machine.
"""

import argparse
import gzip
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import model
import record
import units
from answer import BEFORE, build_hone, put, source_of

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MEASURED, PREDICTED = (1, 2), (4, 8, 16)
HONES = ("old", "new")
QUICK = ["--rounds", "1"]  # what is timed are the builds


def run_on(cpus, hone, project, words):
    """What hone itself says of the time of its builds with the first CPUs, and all CPU time below it."""
    record.forget(project)
    before = os.times()
    done = subprocess.run(
        ["taskset", "-c", f"0-{cpus - 1}", hone, "hone", "try", "--all", *words, "--format", "json"],
        cwd=project,
        capture_output=True,
        check=False,
    )
    after = os.times()
    if done.returncode not in (0, 3):
        sys.exit(f"cores.py: {hone} ended with exit code {done.returncode}\n{done.stderr.decode()}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"cargo_s": round(json.loads(done.stdout)["time"]["cargo_s"], 3), "cpu_s": round(cpu, 2), "load": os.getloadavg()[0]}


def stored_at(name):
    return HERE / f"{name}.json.gz"


def read(name):
    return json.loads(gzip.decompress(stored_at(name).read_bytes()))


def store(name, kept):
    with open(stored_at(name), "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.write(json.dumps(kept).encode())


def has_scripts(project):
    """Whether packages of its own have build scripts: then hone begins nothing beside the baseline."""
    found = subprocess.run(["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"], cwd=project, capture_output=True, check=True)
    return any("custom-build" in t["kind"] for p in json.loads(found.stdout)["packages"] for t in p["targets"])


def seconds(kept, which, cores, **more):
    return model.seconds(kept[which], cores, **{"baseline_alone": kept["scripts"], **more})


def record_program(name, hones, commits, work):
    project, arguments = source_of(name, work)
    kept = {"program": name, "workload": arguments.replace(str(work), "."), "commits": commits, "measured": {}}
    kept["scripts"] = has_scripts(project)
    for which, reduce in (("new", units.reduce_new), ("old", units.reduce_old)):
        load = os.getloadavg()[0]
        found = record.record(hones[which], project, ["--run", arguments, *QUICK])
        kept[which] = reduce(found) | {"cargo_s": round(found["report"]["time"]["cargo_s"], 3), "load": load}
        print(name, which, "recorded:", kept[which]["cargo_s"], file=sys.stderr, flush=True)
    store(name, kept)


def measure_program(name, hones, commits, work):
    project, arguments = source_of(name, work)
    kept = read(name)
    if kept["commits"] != commits:
        sys.exit(f"cores.py: recorded were {kept['commits']}, not {commits}")
    for cpus in MEASURED:
        kept["measured"][str(cpus)] = {}
        for which in HONES:
            kept["measured"][str(cpus)][which] = found = run_on(cpus, hones[which], project, ["--run", arguments, *QUICK])
            print(name, which, cpus, found, file=sys.stderr, flush=True)
    record.forget(project)
    store(name, kept)


def of_several_threads(recorded):
    """Share of the units' CPU time that is spent where a unit has several threads at work."""
    parts = [u["parts"] for job in recorded["jobs"] for s in job["steps"] if isinstance(s, dict) for u in s["units"] if "parts" in u]
    return sum(p[2] for p in parts if p[2] > 1.5 * p[3] > 0) / sum(p[0] + p[1] + p[2] + p[4] for p in parts)


def chain_of(recorded):
    """The longest: all builds begin at once, on cores without end."""
    most = 10**6
    alone = model.Model(recorded, model.Rules(most, most, most, idle_s=0.0, baseline_alone=False))
    alone.run()
    longest = max(alone.ends, key=alone.ends.get)
    return alone.ends[longest], recorded["jobs"][longest]["name"]


def table(programs):
    head = [f"{n} {'core' if n == 1 else 'cores'}" for n in MEASURED + PREDICTED]
    lines = ["| program | hone | " + " | ".join(head) + " | CPU seconds | longest chain |", "| --- | --- |" + " ---: |" * len(head) + " ---: | --- |"]
    for kept in programs:
        taken = {}
        for which in HONES:
            cells = []
            for cores in MEASURED + PREDICTED:
                s = taken[which, cores] = seconds(kept, which, cores)
                real = kept["measured"].get(str(cores), {}).get(which)
                cells.append(f"{s:.1f} / {real['cargo_s']:.1f} = {s / real['cargo_s']:.2f}" if real else f"{s:.1f}")
            chain, name = chain_of(kept[which])
            commit = f"{which}, {kept['commits'][which]}"
            lines.append(f"| {kept['program']} | {commit} | " + " | ".join(cells) + f" | {model.cpu_of(kept[which]):.0f} | {chain:.1f} s{', ' + name if which == 'new' else ''} |")
        cells = []
        for cores in MEASURED + PREDICTED:
            ratio = taken["new", cores] / taken["old", cores]
            real = kept["measured"].get(str(cores))
            cells.append(f"{ratio:.3f} / {real['new']['cargo_s'] / real['old']['cargo_s']:.3f}" if real else f"{ratio:.3f}")
        floor = chain_of(kept["new"])[0] / taken["old", 8]
        cpu = model.cpu_of(kept["new"]) / 8 / taken["old", 8]
        lines.append(f"| {kept['program']} | new / old | " + " | ".join(cells) + f" | {cpu:.3f} on 8 | {floor:.3f} on 8 |")
    return lines


def changes(kept):
    """What other rules would give, as a share of the time by hone's own."""
    learning = {j["name"]: sum(s["counts"] for s in j["steps"] if isinstance(s, dict)) for j in kept["new"]["jobs"]}
    jobs = kept["new"]["jobs"]
    rules = {
        "the most counts first": {"order": lambda j: (not jobs[j]["learns"], -learning[jobs[j]["name"]], j)},
        "untrained ones first": {"order": lambda j: (jobs[j]["learns"], j)},
        "no wait for an idle job": {"idle_s": 0.0},
        "nothing beside the baseline": {"baseline_alone": True},
        "no shared units": {"shares": False},
    }
    cells = {}
    for name, rule in rules.items():
        cells[name] = [f"{seconds(kept, 'new', n, **rule) / seconds(kept, 'new', n):.3f}" for n in (2, 4, 8)]
    return cells


def report(programs):
    lines = [
        "Seconds of the builds of `try --all`, by the model; where there are so many cores here, beside them what hone measured, and "
        "their ratio. The last row has new divided by old, by the model and measured; below CPU seconds what these would be on 8 "
        "cores without a gap, below the longest chain what would be left on cores without end, both beside the old time on 8.",
        "",
        *table(programs),
        "",
    ]
    for kept in programs:
        share = of_several_threads(kept["new"])
        loads = [m[w]["load"] for m in kept["measured"].values() for w in m]
        lines.append(
            f"{kept['program']}, `{kept['workload']}`: {100 * share:.0f} % of the units' CPU time is spent by several threads "
            "of one rustc."
            + (f" Load of the machine after the measured runs: {min(loads):.1f} to {max(loads):.1f}." if loads else "")
        )
    lines += ["", "What other rules would give, as a share of the new time by the model on 2, 4 and 8 cores:", ""]
    names = list(changes(programs[0]))
    lines += ["| program | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for kept in programs:
        lines.append(f"| {kept['program']} | " + " | ".join(", ".join(c) for c in changes(kept).values()) + " |")
    return "\n".join(lines)


def both(before, new, work):
    """The programs, and the commits that they are of."""
    head = new or subprocess.run(
        ["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    commits = {"old": before, "new": head}
    return {which: build_hone(commit, work).resolve() for which, commit in commits.items()}, commits


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--before", default=BEFORE)
    parser.add_argument("--new", help="a commit in place of HEAD")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    if given.record or given.measure:
        work = (given.work or Path(tempfile.mkdtemp(prefix="hone-cores-"))).resolve()
        hones, commits = both(given.before, given.new, work)
        for name in given.names:
            if given.record:
                record_program(name, hones, commits, work)
            if given.measure:
                measure_program(name, hones, commits, work)
    names = [path.name.removesuffix(".json.gz") for path in sorted(HERE.glob("*.json.gz"))]
    if not names:
        sys.exit("cores.py: nothing was recorded yet: cores.py --record NAME")
    text = report([read(name) for name in names])
    print(text)
    if given.write:
        put("cores", text)


if __name__ == "__main__":
    main()
