#!/usr/bin/env python3
"""How a `try` becomes faster with more nodes: simulated from the CPU time of every rustc of a real one.

Usage: simulate.py --record PROJECT UNITS.json WORD...    (WORDs: those of `cargo hone try`; $HONE is cargo-hone)
       simulate.py UNITS.json [--write]                   (--write: into RESULTS.md)
Recorded are shards, one a candidate, and the training before them, with a wrapper around rustc that takes its CPU time from
the kernel, and from its arguments what it waits for: a busy machine records the same. Simulated is `--on slurm`.
"""

import argparse
import heapq
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODES = (1, 4, 16, 64)
CORES = (2, 8)
TIMES = (1, 10, 100)  # as if every unit took so much longer: programs of other sizes
# Estimates, not measured: from sbatch, or from a task's end, to the next one's begin; and until hone has seen a file.
BEGIN_S, SEEN_S = 2.0, 5.0


def wrapper(words):
    """RUSTC_WRAPPER: runs rustc, and writes down what it took."""
    child = subprocess.Popen(words)
    _, status, usage = os.wait4(child.pid, 0)
    if "--crate-name" in words and "___" not in words:  # cargo's own question
        name = words[words.index("--crate-name") + 1]
        extra = next((w.split("=", 1)[1] for w in words if w.startswith("extra-filename=")), "")
        deps = [re.sub(r"^lib|\.[a-z]+$", "", Path(w.split("=", 1)[1]).name) for w in words if "=" in w and "/deps/" in w and w.endswith((".rmeta", ".rlib", ".so"))]
        with open(os.environ["UNIT_LOG"], "a") as log:
            log.write(json.dumps({"unit": name + extra, "cpu_s": usage.ru_utime + usage.ru_stime, "deps": deps}) + "\n")
    return os.waitstatus_to_exitcode(status)


def record(project, to, words):
    hone = [os.environ["HONE"], "hone", "try", *words]
    with tempfile.TemporaryDirectory(prefix="hone-simulate-") as folder:
        folder = Path(folder)

        def shard(at, of, *more):
            log = folder / f"{at}.log"
            env = os.environ | {"UNIT_LOG": str(log), "RUSTC_WRAPPER": str(Path(__file__).resolve()), "CARGO_TARGET_DIR": str(folder / f"target-{at}")}
            subprocess.run([*hone, "--shard", f"{at}/{of}", "--output", str(folder / f"{at}.shard"), *more], cwd=project, env=env, check=True)
            return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

        # How many there are is in any shard's list.
        training = shard(0, 1)
        names = [label.removeprefix("plan of ") for label, _ in json.loads((folder / "0.shard").read_text())["facts"] if label.startswith("plan of ")]
        training = training or shard(0, len(names))
        trained = folder / "trained.shard"
        told = json.loads((folder / "0.shard").read_text())
        trained.write_text(json.dumps(told | {"of": len(names)}))
        builds = {name: shard(i + 1, len(names), "--trained", str(trained)) for i, name in enumerate(names)}
    Path(to).write_text(json.dumps({"command": "cargo hone try " + shlex.join(words), "training": training, "builds": builds}, indent=1) + "\n")


def span(units, cores):
    """How long a build takes on a node that has nothing else to do: units begin in their order as soon as what they use is
    there and a core is free. A unit takes one core."""
    end, free = {}, [0.0] * cores
    heapq.heapify(free)
    for unit in units:
        ready = max((end.get(dep, 0.0) for dep in unit["deps"]), default=0.0)
        end[unit["unit"]] = max(heapq.heappop(free), ready) + unit["cpu_s"]
        heapq.heappush(free, end[unit["unit"]])
    return max(end.values(), default=0.0)


def alone(data, cores):
    """One machine without Slurm: all builds share its cores, and what is the same is compiled once (docs/internals/builds.md)."""
    chain = span(data["training"], cores) + max(span(b, cores) for b in data["builds"].values())
    seen, cpu = set(), 0.0
    for units in [data["training"], *data["builds"].values()]:
        for unit in units:
            cpu += unit["cpu_s"] if unit["unit"] not in seen else 0.0
            seen.add(unit["unit"])
    return max(chain, cpu / cores)


def with_nodes(data, nodes, cores):
    """The training, then the array: every task on the node that is free first."""
    begin = span(data["training"], cores) + 2 * BEGIN_S if data["training"] else BEGIN_S
    free = [begin] * nodes
    heapq.heapify(free)
    end = begin
    for units in data["builds"].values():
        done = heapq.heappop(free) + span(units, cores)
        end = max(end, done)
        heapq.heappush(free, done + BEGIN_S)
    return end + SEEN_S


def longer(data, times):
    """The same program, were its units so many times as long."""
    def change(units):
        return [u | {"cpu_s": u["cpu_s"] * times} for u in units]
    return {"training": change(data["training"]), "builds": {k: change(v) for k, v in data["builds"].items()}}


def table(data):
    everything = [u for b in [data["training"], *data["builds"].values()] for u in b]
    lines = [f"`{data['command']}`: {len(data['builds'])} builds and the training, {sum(u['cpu_s'] for u in everything):.0f} s of CPU time in {len(everything)} runs of rustc. "
             "Seconds until all is built, and how many times faster than one machine without Slurm:", "",
             "| units take | cores a node | one machine | " + " | ".join(f"{n} {'node' if n == 1 else 'nodes'}" for n in NODES) + " | of it the training | the longest build |",
             "| ---: | ---: |" + " ---: |" * (len(NODES) + 2) + " --- |"]
    for times in TIMES:
        changed = longer(data, times)
        for cores in CORES:
            one = alone(changed, cores)
            cells = [f"{with_nodes(changed, n, cores):,.0f} ({one / with_nodes(changed, n, cores):.1f})" for n in NODES]
            most, name = max((span(u, cores), name) for name, u in changed["builds"].items())
            lines.append(f"| {times} times as long | {cores} | {one:,.0f} | " + " | ".join(cells) + f" | {span(changed['training'], cores):,.0f} | {most:,.0f}, {name} |")
    return "\n".join(lines) + "\n"


def main():
    if "UNIT_LOG" in os.environ:
        sys.exit(wrapper(sys.argv[1:]))
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    words = [w for w in args.words if w != "--write"]
    if args.record:
        record(words[0], words[1], words[2:])
        return
    text = "\n".join(table(json.loads(Path(file).read_text())) for file in words)
    print(text, end="")
    if args.write or "--write" in args.words:
        (HERE / "RESULTS.md").write_text("# How a try becomes faster with more nodes\n\n`bench/machines/simulate.py UNITS.json --write`: simulated, from recorded CPU times; what is assumed stands in the script.\n\n" + text)


if __name__ == "__main__":
    main()
