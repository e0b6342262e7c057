#!/usr/bin/python3
"""How often, and after how long, is a difference found: hone against hyperfine and a Mann-Whitney test.

Needs SciPy (apt install python3-scipy).

Usage: run.py BUILD_DIR OUT.json.gz [--until HH:MM | --minutes N] [--budget SECONDS] [--turns N] [--dials D,...] [--runs N]
       run.py --report OUT.json.gz          (prints RESULTS.md)

One program with a dial (dial.c) in five settings: 0, 0.5, 1, 2 and 5 % more work. Every case takes a fresh pair of
copies and runs, in random order,
- hone: its measuring engine at default settings (compare.c), stopped when decided or by the budget;
- hyperfine -N, 30 runs (--runs) of each after 2 warm-up runs; of the same samples, two rules are read:
  "mean and sigma": different when the ratio of the means that hyperfine prints is further from 1 than its own sigma, and
  "Mann-Whitney": two-sided, p < 0.05 (SciPy). Both claim whichever direction they see.
Cases of all settings are mixed in random order, so that the machine's moods meet all of them. Found: the verdict that the
program with more work is slower; undecided is missed. A case without more work gives the false-winner rate.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DIALS = (0.0, 0.5, 1.0, 2.0, 5.0)
WEIGHTS = (5, 2, 2, 6, 2)


def build_dials(folder, turns):
    for dial in DIALS:
        os.makedirs(f"{folder}/{dial}")
        subprocess.run(["cc", "-O2", f"-DTURNS={round(turns * (1 + dial / 100))}", "-o", f"{folder}/{dial}/prog", f"{HERE}/dial.c"], check=True)


def hone(build, budget, base, other, folder):
    start = time.monotonic()
    done = subprocess.run([os.path.abspath(f"{build}/bench/power/compare"), str(budget), base, other], cwd=folder, check=True, stdout=subprocess.PIPE)
    answer = json.loads(done.stdout)
    return {"seconds": time.monotonic() - start} | {k: answer[k] for k in ("verdict", "ratio", "low", "high", "rounds", "spread", "metric")}


def hyperfine(runs, base, other, folder):
    out = f"{folder}/hyperfine.json"
    start = time.monotonic()
    subprocess.run(["hyperfine", "-N", "--style", "none", "--warmup", "2", "--runs", str(runs), "--export-json", out, base, other],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    with open(out, encoding="utf-8") as file:
        a, b = [r["times"] for r in json.load(file)["results"]]
    return {"seconds": seconds, "base": [round(x, 6) for x in a], "other": [round(x, 6) for x in b]}


def mean_and_sigma(times):
    """1 slower, -1 faster, 0 nothing: hyperfine prints `ratio +- sigma`, sigma by error propagation."""
    a, b = times["base"], times["other"]
    ratio = statistics.mean(b) / statistics.mean(a)
    sigma = ratio * ((statistics.stdev(a) / statistics.mean(a)) ** 2 + (statistics.stdev(b) / statistics.mean(b)) ** 2) ** 0.5
    return 0 if abs(ratio - 1) <= sigma else 1 if ratio > 1 else -1


def plain_mean(times):
    return 1 if statistics.mean(times["other"]) > statistics.mean(times["base"]) else -1


def mann_whitney(times):
    from scipy.stats import mannwhitneyu

    a, b = times["base"], times["other"]
    if mannwhitneyu(a, b, alternative="two-sided").pvalue >= 0.05:
        return 0
    return 1 if statistics.median(b) > statistics.median(a) else -1


def run(args):
    end = time.monotonic() + 60 * args.minutes
    if args.until:
        now = time.localtime()
        hour, minute = map(int, args.until.split(":"))
        end = time.monotonic() + (hour * 60 + minute - now.tm_hour * 60 - now.tm_min) * 60 - now.tm_sec
    cases = []
    with tempfile.TemporaryDirectory(prefix="hone-power-") as folder:
        build_dials(folder, args.turns)
        bag = []
        while time.monotonic() + args.budget < end:
            if not bag:
                bag = [d for d, w in zip(DIALS, WEIGHTS) if d in args.dials for _ in range(w)]
                random.shuffle(bag)
            dial = bag.pop()
            base, other = f"{folder}/base/prog", f"{folder}/other/prog"
            for path, setting in ((base, 0.0), (other, dial)):
                shutil.rmtree(os.path.dirname(path), ignore_errors=True)
                os.makedirs(os.path.dirname(path))
                shutil.copy(f"{folder}/{setting}/prog", path)
            case = {"dial": dial, "load": round(os.getloadavg()[0], 2)}
            tools = [("hone", lambda: hone(args.build, args.budget, base, other, folder)), ("hyperfine", lambda: hyperfine(args.runs, base, other, folder))]
            for name, call in random.sample(tools, 2):
                case[name] = call()
            cases.append(case)
            with gzip.open(args.out, "wt", encoding="ascii", compresslevel=9) as file:
                json.dump({"budget": args.budget, "turns": args.turns, "runs": args.runs, "cases": cases}, file)
            print(f"{dial} %: hone {case['hone']['verdict']} {case['hone']['ratio']:.4f} in {case['hone']['seconds']:.1f} s "
                  f"({case['hone']['rounds']} rounds); mean and sigma {mean_and_sigma(case['hyperfine'])}, "
                  f"Mann-Whitney {mann_whitney(case['hyperfine'])} in {case['hyperfine']['seconds']:.1f} s", flush=True)


SAID = {"worse": 1, "better": -1}
RULES = {
    "hone": (lambda c: SAID.get(c["hone"]["verdict"], 0), lambda c: c["hone"]["seconds"]),
    "hyperfine, mean and sigma": (lambda c: mean_and_sigma(c["hyperfine"]), lambda c: c["hyperfine"]["seconds"]),
    "hyperfine, whichever mean is less": (lambda c: plain_mean(c["hyperfine"]), lambda c: c["hyperfine"]["seconds"]),
    "the same runs, Mann-Whitney 5 %": (lambda c: mann_whitney(c["hyperfine"]), lambda c: c["hyperfine"]["seconds"]),
}


def upper(k, n, level=0.95):
    """One-sided Clopper-Pearson upper bound of a share."""
    from scipy.stats import beta

    return 1.0 if k == n else float(beta.ppf(level, k + 1, n - k))


def report(path):
    with gzip.open(path, "rt", encoding="ascii") as file:
        data = json.load(file)
    cases = data["cases"]
    loads = sorted(c["load"] for c in cases)
    walls = sorted(x for c in cases for x in c["hyperfine"]["base"])
    spreads = sorted(c["hone"]["spread"] for c in cases)
    print("# Finding a small difference\n")
    print(f"`bench/power/run.py BUILD_DIR samples.json.gz --budget {data['budget']:g} --runs {data['runs']}`: {len(cases)} cases, {os.cpu_count()} CPUs in a virtual machine, load average "
          f"{loads[0]:.1f} to {loads[-1]:.1f} (median {loads[len(loads) // 2]:.1f}),")
    print(f"the program takes {1000 * walls[len(walls) // 2]:.1f} ms (median); spread of one paired log-ratio, median {100 * spreads[len(spreads) // 2]:.1f} %. "
          "Every case runs hone and hyperfine")
    print("in random order on the same files. *False*: a winner or loser named where there is none. Undecided counts as missed.\n")
    print("| rule | false at 0 % | 0.5 % | 1 % | 2 % | 5 % | seconds (median) at 0 %, 0.5 %, 1 %, 2 %, 5 % |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (says, took) in RULES.items():
        cells, seconds = [], []
        for dial in DIALS:
            mine = [c for c in cases if c["dial"] == dial]
            hits = sum((says(c) != 0) if dial == 0 else (says(c) == 1) for c in mine)
            wrong = sum(says(c) == -1 for c in mine) if dial else 0
            share = f"{hits} of {len(mine)}"
            if mine and dial == 0:
                share += f" (95 % bound {100 * upper(hits, len(mine)):.0f} %)"
            if wrong:
                share += f", {wrong} wrong way round"
            cells.append(share)
            seconds.append(f"{statistics.median(map(took, mine)):.1f}" if mine else "-")
        print(f"| {name} | " + " | ".join(cells) + " | " + ", ".join(seconds) + " |")
    print("\nWhat hone said:\n")
    print("| more work | cases | worse (found) | better (wrong) | same | undecided | ratio, median | time to decision, median and 90 % |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for dial in DIALS:
        mine = [c["hone"] for c in cases if c["dial"] == dial]
        if not mine:
            continue
        n = [sum(c["verdict"] == v for c in mine) for v in ("worse", "better", "same", "undecided")]
        decided = sorted(c["seconds"] for c in mine if c["verdict"] != "undecided")
        took = f"{statistics.median(decided):.1f} s, {decided[int(0.9 * (len(decided) - 1))]:.1f} s" if decided else "-"
        print(f"| {dial:g} % | {len(mine)} | {n[0]} | {n[1]} | {n[2]} | {n[3]} | {statistics.median(c['ratio'] for c in mine):.4f} | {took} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", nargs="?")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--until")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--budget", type=float, default=30)
    parser.add_argument("--turns", type=int, default=16000000)
    parser.add_argument("--dials", type=lambda text: [float(d) for d in text.split(",")], default=DIALS, help="only these settings")
    parser.add_argument("--runs", type=int, default=30, help="of hyperfine, each file [default: 30]")
    parser.add_argument("--report")
    args = parser.parse_args()
    if args.report:
        report(args.report)
    elif args.out:
        run(args)
    else:
        sys.exit(__doc__)


main()
