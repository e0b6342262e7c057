#!/usr/bin/env python3
"""Searches replayed against stored points, without building anything: hone's own, as it really ran, beside four others.

Usage: replay.py [--seeds N] [--write] [--keep KEPT.json.gz] POINTS.json TUNE.json...

POINTS.json is of store.py, TUNE.json (both may be packed: .gz) what `cargo hone tune GOAL... --format=json` printed for the same program: all that it
built is in `seen`, in its order, with the CPU time that it took. The others choose among the stored points:

  priors    the project's own settings; 3, s and z with fat LTO, one unit and abort
  random    any point, each once
  descent   one setting after another in random order, from the project's own, by size, instructions or their product, and
            again from a random point when nothing is better
  NSGA-II   of pymoo (pip install pymoo==0.6.1.3), 8 individuals

Costs are in cold builds of the project's own profile (CPU time); a link costs what links cost, where that base was built. The
hypervolume is that of the logarithms of bytes and instructions; the reference point is the largest of each among the stored
points and the project's own, the best-known front that of all points of both files. --write puts the tables into RESULTS.md; --keep writes
what was read of the TUNE files into one.
"""

import argparse
import gzip
import importlib.metadata
import json
import math
import random
import statistics
import sys
from pathlib import Path

from store import FIXED, GLOBAL, LINK, combinations, key_of

HERE = Path(__file__).resolve().parent
BUDGETS = (3, 6, 12)
DIMENSIONS = {**GLOBAL, **LINK}


def read(path):
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


class Table:
    """The stored points, of which those with all their links count."""

    def __init__(self, path):
        self.document = read(path)
        points = self.document["points"]
        own = points[""]
        self.cold_s = own["cpu_s"]
        self.own = (own["size"], own["instructions"])
        self.points = {}
        link_s = []
        for base in combinations(GLOBAL):
            base = {**base, **FIXED}
            variants = [{**base, **link} for link in combinations(LINK)]
            if any("size" not in points.get(key_of(v), {}) for v in variants):
                continue
            instructions = points[key_of(base)].get("instructions")
            # A link that is done again runs the same code: its instructions are those of its base.
            for v in variants:
                p = points[key_of(v)]
                if p.get("units") == 0:
                    link_s.append(p["cpu_s"])
                cost = points[key_of(base)]["cpu_s"] / self.cold_s
                self.points[key_of(v)] = (key_of(base), cost, (p["size"], instructions))
        self.link_cost = statistics.median(link_s) / self.cold_s
        every = [self.own, *(p[2] for p in self.points.values())]
        self.reference = tuple(max(figures[i] for figures in every) for i in range(2))

    def key(self, choice):
        settings = {k: v for k, v in choice.items() if v is not None}
        return key_of({**settings, **FIXED})


class Run:
    """What a search has seen and what it cost so far."""

    def __init__(self, table):
        self.table, self.cost, self.seen, self.bases = table, 1.0, set(), set()
        self.steps = [(1.0, table.own)]

    def __call__(self, key):
        base, cost, figures = self.table.points[key]
        if key not in self.seen:
            self.cost += self.table.link_cost if base in self.bases else cost
            self.seen.add(key)
            self.bases.add(base)
            self.steps.append((self.cost, figures))
        return figures

    @property
    def over(self):
        return self.cost > max(BUDGETS) or len(self.seen) == len(self.table.points)


def volume(figures, table):
    """Of the logarithms, below the reference point."""
    points = sorted((math.log(s / table.reference[0]), math.log(i / table.reference[1])) for s, i in figures if i)
    total, lowest = 0.0, 0.0
    for x, y in points:
        if x < 0 and y < lowest:
            total += -x * (lowest - y)
            lowest = y
    return total


def choices(table):
    """All complete choices of values."""
    return [c for c in ({**dict.fromkeys(DIMENSIONS), **c} for c in combinations(DIMENSIONS)) if table.key(c) in table.points]


def priors(table, _seed):
    run = Run(table)
    levels = [None, "3", "s", "z"]
    for level in levels:
        choice = dict.fromkeys(DIMENSIONS)
        choice.update({"opt-level": level, "lto": "fat", "codegen-units": "1", "panic": "abort"} if level else {})
        if not level:
            choice.update({"opt-level": "3", "lto": "off"})
        if table.key(choice) in table.points:
            run(table.key(choice))
    return run


def random_search(table, seed):
    run, rng = Run(table), random.Random(seed)
    keys = list(table.points)
    rng.shuffle(keys)
    for key in keys:
        run(key)
        if run.over:
            break
    return run


def descent(table, seed):
    run, rng = Run(table), random.Random(seed)
    every = choices(table)
    now = {**dict.fromkeys(DIMENSIONS), "opt-level": "3", "lto": "off"}
    if table.key(now) not in table.points:
        now = rng.choice(every)
    while not run.over:
        weight = rng.choice([(1, 0), (0, 1), (1, 1)])

        def value(choice, weight=weight):
            size, instructions = run(table.key(choice))
            return weight[0] * math.log(size) + weight[1] * math.log(instructions)

        best, moved = value(now), True
        while moved and not run.over:
            moved = False
            for name in rng.sample(list(DIMENSIONS), len(DIMENSIONS)):
                for other in DIMENSIONS[name]:
                    choice = {**now, name: other}
                    if other == now[name] or table.key(choice) not in table.points or run.over:
                        continue
                    found = value(choice)
                    if found < best:
                        best, now, moved = found, choice, True
        now = rng.choice(every)
    return run


def nsga2(table, seed):
    import numpy  # pylint: disable=import-outside-toplevel
    from pymoo.algorithms.moo.nsga2 import NSGA2  # pylint: disable=import-outside-toplevel
    from pymoo.core.problem import ElementwiseProblem  # pylint: disable=import-outside-toplevel
    from pymoo.operators.crossover.sbx import SBX  # pylint: disable=import-outside-toplevel
    from pymoo.operators.mutation.pm import PM  # pylint: disable=import-outside-toplevel
    from pymoo.operators.repair.rounding import RoundingRepair  # pylint: disable=import-outside-toplevel
    from pymoo.operators.sampling.rnd import IntegerRandomSampling  # pylint: disable=import-outside-toplevel

    run = Run(table)
    names = list(DIMENSIONS)
    worst = [math.log(r) for r in table.reference]

    class Problem(ElementwiseProblem):
        def __init__(self):
            upper = [len(DIMENSIONS[n]) - 1 for n in names]
            super().__init__(n_var=len(names), n_obj=2, xl=0, xu=numpy.array(upper), vtype=int)

        def _evaluate(self, x, out, *args, **kwargs):
            key = table.key({n: DIMENSIONS[n][int(i)] for n, i in zip(names, x)})
            known = key in table.points and not run.over
            out["F"] = [math.log(v) for v in run(key)] if known else worst

    algorithm = NSGA2(
        pop_size=8,
        sampling=IntegerRandomSampling(),
        crossover=SBX(prob=0.9, eta=3.0, vtype=float, repair=RoundingRepair()),
        mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
    )
    algorithm.setup(Problem(), seed=seed, verbose=False)
    for _ in range(200):
        if run.over or not algorithm.has_next():
            break
        algorithm.next()
    return run


class Trace:
    """What hone really built, in its order."""

    def __init__(self, table, paths):
        self.steps, self.goals, self.outside, self.documents = [(1.0, table.own)], [], 0, []
        cost, seen = 1.0, {""}
        for path in paths:
            document = read(path)
            for goal in document.get("goals", [document]):
                self.goals.append(goal["goal"])
                self.documents.append(goal)
                for point in goal["seen"]:
                    key = key_of(point["settings"])
                    if key in seen or not point["bytes"] or not point["allowed"]:
                        continue
                    seen.add(key)
                    cost += point["cpu_s"] / table.cold_s
                    known = table.points.get(key)
                    self.outside += known is None
                    self.steps.append((cost, (point["bytes"], known[2][1] if known else None)))


def at(steps, budget):
    return [figures for cost, figures in steps if cost <= budget]


def table_of(runs, table, best_size, best_volume):
    """A row a search: shares of the hypervolume, and how much larger than the smallest known, median and worst 5 %."""
    lines = ["| search | runs | " + " | ".join(f"hypervolume at {b}" for b in BUDGETS) + " | "]
    lines[0] += " | ".join(f"regret at {b}" for b in BUDGETS) + " |"
    lines.append("| --- | ---: |" + " ---: |" * (2 * len(BUDGETS)))
    for name, all_steps in runs.items():
        cells = []
        for budget in BUDGETS:
            shares = sorted(volume(at(s, budget), table) / best_volume for s in all_steps)
            low = shares[int(0.05 * len(shares))]
            median = statistics.median(shares)
            cells.append(f"{median:.3f}" if len(shares) == 1 else f"{median:.3f} ({low:.3f})")
        for budget in BUDGETS:
            regrets = sorted(100 * (min(f[0] for f in at(s, budget)) / best_size - 1) for s in all_steps)
            high = regrets[min(len(regrets) - 1, int(0.95 * len(regrets)))]
            median = statistics.median(regrets)
            cells.append(f"{median:.2f} %" if len(regrets) == 1 else f"{median:.2f} % ({high:.2f} %)")
        lines.append(f"| {name} | {len(all_steps)} | " + " | ".join(cells) + " |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("points", type=Path)
    parser.add_argument("tune", type=Path, nargs="*")
    args = parser.parse_args()
    table = Table(args.points)
    trace = Trace(table, args.tune)
    if args.keep:
        goals = [{"goal": d["goal"], "seen": d["seen"]} for d in trace.documents]
        args.keep.write_bytes(gzip.compress(json.dumps({"goals": goals}).encode(), mtime=0))
    runs = {"priors": [priors(table, 0).steps]}
    if args.tune:
        runs[f"hone: tune {' '.join(trace.goals)}"] = [trace.steps]
    for name, search, seeds in (
        ("random", random_search, args.seeds),
        ("descent", descent, args.seeds),
        ("NSGA-II", nsga2, max(1, args.seeds // 10)),
    ):
        runs[name] = [search(table, seed).steps for seed in range(seeds)]
        print(f"{name}: {seeds} seeds", file=sys.stderr)
    known = [p[2] for p in table.points.values()] + [f for _, f in trace.steps]
    best_size, best_volume = min(s for s, _ in known), volume(known, table)
    smallest = min(p[2][0] for p in table.points.values())
    lines = [
        f"{table.document['project']}, rustc {table.document['rustc']}; {len(table.points)} stored points in"
        f" {len({p[0] for p in table.points.values()})} settings of the profile; instructions of `{table.document['run']}`.",
        f"Its own profile has {table.own[0]:,} bytes and {table.own[1]:,} instructions; the reference point is"
        f" {table.reference[0]:,} bytes and {table.reference[1]:,} instructions. The smallest stored point has {smallest:,} bytes, the"
        f" smallest known {best_size:,}. A cold build is {table.cold_s:.1f} CPU-seconds, a link {table.link_cost:.3f} of that."
        f" {trace.outside} of hone's points are not among the stored ones (other values, levels for packages): they count for size alone.",
        "",
        *table_of(runs, table, best_size, best_volume),
        "",
        "Budgets are in cold builds. Behind a median stands the 5th percentile of the hypervolume, the 95th of the regret.",
        f"NSGA-II is pymoo {importlib.metadata.version('pymoo')}.",
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if args.write:
        path = HERE / "RESULTS.md"
        begin, end = "<!-- replay -->\n", "<!-- end -->\n"
        old = path.read_text()
        path.write_text(old[: old.index(begin) + len(begin)] + text + old[old.index(end) :])


if __name__ == "__main__":
    main()
