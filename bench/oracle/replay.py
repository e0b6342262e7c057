#!/usr/bin/env python3
"""Searches replayed against stored points, without building anything: hone's own, as it really ran, beside four others.

Usage: replay.py [--seeds N] [--write]      every NAME.json.gz here, of store.py, beside NAME-tune.json.gz
       replay.py --keep NAME TUNE.json...   makes NAME-tune.json.gz of what `cargo hone tune GOAL... --format=json` printed

All that hone built is in `seen` of TUNE.json, in its order, with the CPU time that it took. The others choose among the stored points:

  priors    the project's own settings; 3, s and z with fat LTO, one unit and abort
  random    any point, each once
  descent   one setting after another in random order, from the project's own, by size, instructions or their product, and
            again from a random point when nothing is better
  NSGA-II   of pymoo (pip install pymoo==0.6.1.3), 8 individuals

Costs are in cold builds of the project's own profile (CPU time); a link costs what links cost, where that base was built. The
hypervolume is that of the logarithms of bytes and instructions; the reference point is the largest of each among the stored
points and the project's own, the best-known front that of all points of both files. --write puts the tables into RESULTS.md.
"""

import argparse
import gzip
import importlib.metadata
import json
import statistics
import sys
from pathlib import Path

from points import BUDGETS, Table, Trace, at, read, volume
from searches import descent, nsga2, priors, random_search

HERE = Path(__file__).resolve().parent
MARGIN = 1.05  # of instructions: what balanced may be slower
FEW = 0.2  # of the seeds, for searches that take long


class Program:
    """What every search came to on one program."""

    def __init__(self, name, seeds):
        self.name = name
        self.table = Table(HERE / f"{name}.json.gz")
        self.trace = Trace(self.table, read(HERE / f"{name}-tune.json.gz")["goals"])
        known = self.table.known + [f for _, f in self.trace.steps]
        self.best_size, self.best_volume = min(s for s, _ in known), volume(known, self.table)
        few = max(1, int(FEW * seeds))
        self.runs = {"priors": [priors(self.table, 0).steps], "hone": [self.trace.steps]}
        for title, search, count in (("random", random_search, seeds), ("descent", descent, seeds), ("NSGA-II", nsga2, few)):
            self.runs[title] = [search(self.table, seed).steps for seed in range(count)]
            print(f"{name}, {title}: {count} seeds", file=sys.stderr)

    def shares(self, title, budget):
        """Of the best known hypervolume, least first."""
        return sorted(volume(at(s, budget), self.table) / self.best_volume for s in self.runs[title])

    def regrets(self, title, budget):
        """How much larger than the smallest known file, in per cent, least first."""
        return sorted(100 * (min(f[0] for f in at(s, budget)) / self.best_size - 1) for s in self.runs[title])

    def first_answer(self):
        """Cold builds until hone has a file that is smaller than the project's own and executes hardly more."""
        steps = self.trace.steps
        own = steps[0][1]
        return next((cost for cost, (size, count) in steps[1:] if size < own[0] and count and count <= MARGIN * own[1]), None)

    def rows(self):
        """A row a search: medians, and behind them the worst 5 % where it ran with several seeds."""
        lines = [
            "| search | runs | " + " | ".join(f"hypervolume at {b}" for b in BUDGETS) + " | "
            + " | ".join(f"regret at {b}" for b in BUDGETS) + " |",
            "| --- | ---: |" + " ---: |" * (2 * len(BUDGETS)),
        ]  # fmt: skip
        for title, runs in self.runs.items():
            cells = []
            for shares in (self.shares(title, b) for b in BUDGETS):
                worst = f" ({shares[int(0.05 * len(shares))]:.3f})" if len(shares) > 1 else ""
                cells.append(f"{statistics.median(shares):.3f}{worst}")
            for regrets in (self.regrets(title, b) for b in BUDGETS):
                worst = f" ({regrets[min(len(regrets) - 1, int(0.95 * len(regrets)))]:.2f} %)" if len(regrets) > 1 else ""
                cells.append(f"{statistics.median(regrets):.2f} %{worst}")
            lines.append(f"| {title} | {len(runs)} | " + " | ".join(cells) + " |")
        return lines

    def section(self):
        table, document = self.table, self.table.document
        first = self.first_answer()
        levels = f", and {len(table.levels)} with levels for packages" if table.levels else ""
        return [
            f"### {document['project']}",
            f"{len(table.points)} stored points in {len({p[0] for p in table.points.values()})} settings of the profile{levels};"
            f" rustc {document['rustc']}; instructions of `{document['run']}`. Its own profile has {table.own[0]:,} bytes and"
            f" {table.own[1]:,} instructions; the reference point is {table.reference[0]:,} bytes and {table.reference[1]:,}"
            f" instructions. The smallest stored point has {min(s for s, _ in table.known):,} bytes, the smallest known"
            f" {self.best_size:,}. A cold build is {table.cold_s:.1f} CPU-seconds, a link {table.link_cost:.3f} of that."
            f" hone is `tune {' '.join(self.trace.goals)}`; {self.trace.outside} of its points are not among the stored ones (other"
            " values, levels for packages): they count for size alone."
            + (f" Its first file that is smaller and executes at most 5 % more came after {first:.1f} cold builds." if first else ""),
            "",
            *self.rows(),
            "",
        ]


def summary(programs):
    """A row a program: hypervolumes after the largest budget, and what hone has besides."""
    titles = ["hone", "priors", "random", "descent", "NSGA-II"]
    most = BUDGETS[-1]
    lines = [
        f"Shares of the best known hypervolume after {most} cold builds (medians), hone's regret, and after how many cold builds it has"
        " a file that is smaller than the project's own and executes at most 5 % more:",
        "",
        "| program | " + " | ".join(titles) + " | hone above priors | regret of hone | first answer |",
        "| --- |" + " ---: |" * (len(titles) + 3),
    ]
    for program in programs:
        cells = {t: statistics.median(program.shares(t, most)) for t in titles}
        first = program.first_answer()
        lines.append(
            f"| {program.name} | " + " | ".join(f"{cells[t]:.3f}" for t in titles)
            + f" | {cells['hone'] - cells['priors']:+.3f} | {program.regrets('hone', most)[0]:.2f} % | "
            + (f"{first:.1f} |" if first else "none |")
        )  # fmt: skip
    return [*lines, ""]


def keep(name, paths):
    documents = [goal for path in paths for goal in read(path).get("goals", [read(path)])]
    goals = [{"goal": d["goal"], "seen": d["seen"]} for d in documents]
    (HERE / f"{name}-tune.json.gz").write_bytes(gzip.compress(json.dumps({"goals": goals}).encode(), mtime=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", metavar="NAME")
    parser.add_argument("tune", type=Path, nargs="*")
    args = parser.parse_args()
    if args.keep:
        keep(args.keep, args.tune)
        return
    names = sorted(p.name[: -len("-tune.json.gz")] for p in HERE.glob("*-tune.json.gz"))
    programs = [Program(name, args.seeds) for name in names]
    lines = [
        *summary(programs),
        *(line for program in programs for line in program.section()),
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
