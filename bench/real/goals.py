"""The goals of hone's own candidates, and what was reached on each program."""

import statistics

import service
from measuring import time_ratio
from projects import PROJECTS
from steps import ALLOCATED, BOLTED, NATIVE

MIN_SIZE = "cargo-wizard min-size"
MIN_SIZE_STD = "cargo-wizard min-size, 1.96"
FAST_RUNTIME = "cargo-wizard fast-runtime, no native"
FAST_NATIVE = "cargo-wizard fast-runtime"


def instructions(result, label, workload="train", of="instructions"):
    file = result["files"].get(label, {})
    return result["counts"].get(file.get("sha256"), {}).get(workload, {}).get(of)


def size(result, label):
    return result["files"].get(label, {}).get("size")


def ratio(measure, label, to, *more):
    """A function of a result: measure(label) / measure(to), None where one is missing."""

    def of(result):
        a, b = measure(result, label, *more), measure(result, to, *more)
        return a / b if a and b else None

    return of


# (what, figure of one program, limit or None)
GOALS = [
    ("smallest, bytes / min-size", ratio(size, "smallest", MIN_SIZE), 0.98),
    ("smallest-bold, bytes / min-size", ratio(size, "smallest-bold", MIN_SIZE), 0.70),
    ("smallest-std, bytes / min-size, both by rustc 1.96", ratio(size, "smallest-std, 1.96", MIN_SIZE_STD), 0.58),
    ("fastest, instructions / fast-runtime without native", ratio(instructions, "fastest", FAST_RUNTIME), 0.85),
    ("the same, held out", ratio(instructions, "fastest", FAST_RUNTIME, "held"), None),
    (
        "fastest, instructions in its own code (no libc, no loader) / the same of fast-runtime without native",
        ratio(instructions, "fastest", FAST_RUNTIME, "train", "own"),
        None,
    ),
    ("fastest with native, instructions / fast-runtime", ratio(instructions, NATIVE, FAST_NATIVE), 0.85),
    ("cargo-pgo on fast, instructions / fast-runtime without native", ratio(instructions, "cargo-pgo on preset fast", FAST_RUNTIME), None),
    ("best-balanced-bold, bytes / min-size", ratio(size, "best-balanced-bold", MIN_SIZE), 0.82),
    ("best-balanced-bold, instructions / preset fast", ratio(instructions, "best-balanced-bold", "fast"), 1.03),
    ("the same, held out", ratio(instructions, "best-balanced-bold", "fast", "held"), 0.92),
    ("best-balanced, bytes / min-size", ratio(size, "best-balanced", MIN_SIZE), None),
    ("best-balanced-std, bytes / min-size, both by rustc 1.96", ratio(size, "best-balanced-std, 1.96", MIN_SIZE_STD), None),
    ("the same, instructions / preset fast by rustc 1.95", ratio(instructions, "best-balanced-std, 1.96", "fast"), None),
    ("fastest-std by rustc 1.96, instructions / fast-runtime without native", ratio(instructions, "fastest-std, 1.96", FAST_RUNTIME), None),
]


def goal_row(what, figure, limit, results):
    figures = [figure(results[name]) if name in results else None for name in PROJECTS]
    known = [f for f in figures if f is not None]
    cells = [what, "" if limit is None else f"<= {limit:.2f}"]
    cells += ["" if f is None else f"{f:.3f}" for f in figures]
    if not known:
        return [*cells, "", "not measured"]
    median = statistics.median(known)
    verdict = "" if limit is None else "reached" if median <= limit else "**missed**"
    if verdict and len(known) < len(figures):
        verdict += f" (of {len(known)})"
    return [*cells, f"{median:.3f}", verdict]


def time_beside(result, workload, label, to, error=0.05):
    """Of a server CPU time a request under wrk, beside preset fast, whose settings fast-runtime has."""
    served = service.beside(result.get("service", {}), label, "fast", error) if to == FAST_RUNTIME else None
    return time_ratio(result, workload, label, to, error) or served


def time_row(what, labels, to, workload, limit, results):
    """Times of two files: lower is proved when the 99 % interval lies below 1. Of several labels the one that is faster in training counts."""
    cells, proved, ratios = [what, "high < 1" if limit is None else f"<= {limit:.2f}"], 0, []
    for name in PROJECTS:
        trained = {label: time_beside(results[name], "train", label, to) for label in labels} if name in results else {}
        known = [label for label, ratio in trained.items() if ratio]
        label = min(known, key=lambda label: trained[label][0], default=None)
        found = time_beside(results[name], workload, label, to, 0.01) if label else None
        cells.append("{:.3f} [{:.3f}, {:.3f}]".format(*found) if found else "")
        if found:
            ratios.append(found[0])
            proved += found[2] < 1
    median = statistics.median(ratios) if limit and ratios else None
    verdict = "" if median is None else "reached, " if median <= limit else "**missed**, "
    return [*cells, "" if median is None else f"{median:.3f}", f"{verdict}proved on {proved} of {len(ratios)}"]


def table(results):
    lines = ["## Goals", "", "| figure | goal | " + " | ".join(PROJECTS) + " | median | |"]
    lines.append("| --- | --- |" + " ---: |" * len(PROJECTS) + " ---: | --- |")
    rows = [goal_row(*goal, results) for goal in GOALS]
    for workload, what in (("train", "trained"), ("held", "held out")):
        text = f"time / fast-runtime without native, {what}, 99 % interval"
        rows.append(time_row(f"fastest, {text}", ["fastest"], FAST_RUNTIME, workload, None, results))
        bold, limit = ["fastest-bold", ALLOCATED, BOLTED], {"train": 0.80, "held": 0.85}[workload]
        rows.append(time_row(f"fastest-bold, {text}", bold[:1], FAST_RUNTIME, workload, None, results))
        rows.append(time_row(f"fastest-bold, with mimalloc or llvm-bolt where that is faster, {text}", bold, FAST_RUNTIME, workload, limit, results))
    rows.append(time_row("fastest with native, time / fast-runtime, trained", [NATIVE], FAST_NATIVE, "train", None, results))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return [*lines, "", "Times of miniserve are those under wrk, beside preset fast, in the rounds that both ran in; its client's own time is in the others."]
