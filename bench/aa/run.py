#!/usr/bin/env python3
"""Does hone name a winner that noise made?

Usage: run.py simulate BUILD_DIR [--comparisons N] [--rounds R]
       run.py real BUILD_DIR PROJECT OUT.json.gz [--comparisons N] [--budget TIME] [-- RUN_ARGUMENTS...]
       run.py report SIMULATED.jsonl OUT.json.gz     (prints RESULTS.md)

simulate: identical programs on simulated machines, through hone's own functions (simulate.c).
real: `cargo hone try` on a project with two candidates whose recipe says what the baseline has anyway, so that
all three files hold the same bytes (checked by their hashes; where they differ the script stops). Every
comparison is new (--fresh) and at default settings but for the budget. The load of the machine is recorded,
and every raw sample of the primary metric, of all three and of the built-in control.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import time


def simulate(args):
    subprocess.run(["ninja", "-C", args.build, "bench/aa/simulate"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([f"{args.build}/bench/aa/simulate", str(args.comparisons), str(args.rounds)], check=True)


def steal():
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[8])


def one(args, candidates):
    hone = os.path.abspath(f"{args.build}/src/cli/cargo-hone")
    load, stolen, start = os.getloadavg()[0], steal(), time.monotonic()
    words = [hone, "hone", "try", *candidates, "--run", args.run, "--budget", args.budget, "--fresh", "--format", "json", "-q"]
    done = subprocess.run(words, cwd=args.project, check=True, stdout=subprocess.PIPE)
    answer = json.loads(done.stdout)
    hashes = {t["hash"] for t in answer["trials"]}
    if len(hashes) != 1:
        sys.exit(f"run.py: these are different files: {hashes}")
    workload = answer["workloads"][0]
    metric = workload["metrics"][0]
    return {
        "seconds": round(time.monotonic() - start, 1),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "steal_ticks": steal() - stolen,
        "metric": metric["metric"],
        "rounds": workload["rounds"],
        "noise": metric["noise"],
        "verdicts": [t["verdict"] for t in metric["trials"][1:]],
        "ratios": [round(t["ratio"], 5) for t in metric["trials"][1:]],
        "fast": answer["best"]["any"]["fast"],
        "samples": [[None if x is None else round(x, 7) for x in t["samples"]] for t in metric["trials"]],
        "control": [None if x is None else round(x, 7) for x in metric["control"]],
    }


def is_false(c):
    return any(v in ("better", "worse") for v in c["verdicts"]) or c["fast"] != "baseline"


def real(args):
    candidates = args.candidates.split()
    comparisons = []
    for i in range(args.comparisons):
        comparisons.append(one(args, candidates))
        c = comparisons[-1]
        print(f"{i + 1}: {c['verdicts']} {c['ratios']} {c['rounds']} rounds, load {c['load_before']:.1f}", flush=True)
        with gzip.open(args.out, "wt", encoding="ascii", compresslevel=9) as file:
            json.dump({"run": args.run, "budget": args.budget, "candidates": candidates, "comparisons": comparisons}, file)
    print(f"{sum(map(is_false, comparisons))} false of {len(comparisons)}")


def welch_says_different(a, b, critical=1.96):
    """For scale: what a t test of the plain means would say (enough samples for the normal limit)."""
    mean = lambda v: sum(v) / len(v)
    var = lambda v: sum((x - mean(v)) ** 2 for x in v) / (len(v) - 1)
    error = (var(a) / len(a) + var(b) / len(b)) ** 0.5
    return error > 0 and abs(mean(a) - mean(b)) / error > critical


def report(args):
    with open(args.simulated, encoding="ascii") as file:
        families = [json.loads(line) for line in file if line.strip()]
    with gzip.open(args.out, "rt", encoding="ascii") as file:
        measured = json.load(file)
    cs = measured["comparisons"]
    print("# False winners between identical programs\n")
    print("## Simulated\n")
    print("`bench/aa/run.py simulate BUILD_DIR`: baseline, three candidates and the control, default settings, judged at every look")
    print("by the functions that rounds.c calls (`simulate.c`); the noise families are those of `tests/unit/noise.h`. A comparison that was")
    print("not decided after the rounds given ends undecided. *At any look*: some candidate was called better or worse at one look or")
    print("more, even if a later look took that back; this is what optional stopping could pick. Goal: at most 12 false winners of 2,000. The")
    print("family error of 1 % covers both sides, so that up to 20 claims of either kind are what is promised.\n")
    print("| noise | comparisons | looks | false winner (better) at any look | better or worse at any look | better or worse in the end | winner named | `same` for all |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for f in families:
        print(f"| {f['family']} | {f['comparisons']:,} | {f['looks']:,} | **{f['won']}** | {f['claimed']} | {f['ended']} | {f['winner']} | {f['same']:,} |")
    loads = sorted(c["load_before"] for c in cs)
    seconds = sorted(c["seconds"] for c in cs)
    rounds = sorted(c["rounds"] for c in cs)
    noise = sorted(c["noise"] for c in cs if c["noise"] is not None)
    pairs = [(c["samples"][0], other) for c in cs for other in c["samples"][1:]]
    welch = sum(welch_says_different([x for x in a if x], [x for x in b if x]) for a, b in pairs)
    off = sum(abs(sum(b) / sum(a) - 1) > 0.02 for a, b in pairs if None not in a and None not in b)
    verdicts = [v for c in cs for v in c["verdicts"]]
    print("\n## Real\n")
    print(f"`bench/aa/run.py real BUILD_DIR examples/wordmill samples.json.gz --comparisons {len(cs)} --budget {measured['budget']}`: "
          f"`cargo hone try {' '.join(measured['candidates'])} --run '{measured['run']}'`,")
    print("candidates that say what the baseline has anyway: the three files are equal byte for byte (the script checks the hashes), each")
    print(f"is measured from copies of its own. {os.cpu_count()} CPUs in a virtual machine that compiled other projects all the while:")
    print(f"load average {loads[0]:.1f} to {loads[-1]:.1f}, median {loads[len(loads) // 2]:.1f}.\n")
    print(f"- **{sum(map(is_false, cs))} of {len(cs)} comparisons false** ({len(verdicts)} verdicts: "
          + ", ".join(f"{verdicts.count(v)} {v}" for v in ("better", "worse", "same", "undecided")) + ").")
    print(f"- Rounds: {rounds[0]} to {rounds[-1]}, median {rounds[len(rounds) // 2]}; {seconds[len(seconds) // 2]:.0f} s a comparison (median).")
    if noise:
        print(f"- Noise floor that hone showed: median +-{100 * noise[len(noise) // 2]:.1f} %.")
    print(f"- For scale, plain means of the same samples: off by more than 2 % in {off} of {len(pairs)} pairs, \"significant\" by Welch's test at "
          f"5 % in {welch}.")
    print("\nAll raw samples of the metric that decided: [samples.json.gz](samples.json.gz).")


def main():
    parser = argparse.ArgumentParser()
    sub = parser.add_subparsers(required=True)
    p = sub.add_parser("simulate")
    p.add_argument("build")
    p.add_argument("--comparisons", type=int, default=2000)
    p.add_argument("--rounds", type=int, default=300)
    p.set_defaults(call=simulate)
    p = sub.add_parser("real")
    p.add_argument("build")
    p.add_argument("project")
    p.add_argument("out")
    p.add_argument("--comparisons", type=int, default=50)
    p.add_argument("--budget", default="6s")
    p.add_argument("--candidates", default="opt-level=3 overflow-checks=false")
    p.add_argument("--run", default="generate")
    p.set_defaults(call=real)
    p = sub.add_parser("report")
    p.add_argument("simulated")
    p.add_argument("out")
    p.set_defaults(call=report)
    args = parser.parse_args()
    args.call(args)


main()
