#!/usr/bin/env python3
"""The model on builds whose time can be told by hand. The last line counts."""

import itertools
import sys

import model

NUMBERS = itertools.count(1)


def unit(name, parts, deps=()):
    return {"name": name, "deps": list(deps), "parts": parts, "number": next(NUMBERS), "flags": {}}


def run(*units, before=0.0, counts=False):
    return {"before": before, "units": list(units), "counts": counts}


def job(*steps, learns=False, waits=None):
    return {"name": "", "steps": list(steps), "learns": learns, "waits": waits}


def recorded(*jobs, aside=0.0):
    return {"jobs": list(jobs), "tail": 0.0, "aside": aside}


def serial(name, seconds, deps=()):
    return unit(name, [0, seconds, 0, 0, 0], deps)


def cases():
    two = recorded(job(run(serial("a", 1), serial("b", 1))))
    yield "units side by side", two, {1: 2, 2: 1}
    yield "threads of one unit", recorded(job(run(unit("a", [0, 0, 4, 1, 0])))), {1: 4, 2: 2, 3: 4 / 3, 8: 1}
    lib, user = unit("a", [1, 0, 3, 3, 0]), unit("b", [1, 0, 1, 1, 0], ["a"])
    program = unit("c", [0, 1, 0, 0, 0.5], ["a", "b"])
    yield "begins at the metadata, links at the end", recorded(job(run(lib, user, program))), {1: 7.5, 2: 5.5}
    yield "cargo's own time", recorded(job(run(serial("a", 1), before=2.0))), {1: 3, 8: 3}
    three = recorded(*(job(run(serial("x", 3))) for _ in range(3)))
    yield "the baseline, then builds beside each other", three, {1: 9, 2: 6.3, 8: 6.3}
    yield "all at once", three, {8: 3.6}, {"baseline_alone": False}
    counting = job(run(serial("i", 2), counts=True), 1.0, run(serial("f", 2)), learns=True)
    waiting = job(run(serial("g", 5)), learns=True, waits=[1, 2])
    yield "one that waits for counts", recorded(job(run(serial("b", 1))), counting, waiting), {1: 11, 8: 9}
    shared = serial("s", 2)
    taken = {"name": "s", "taken": shared["number"], "deps": []}
    sharing = recorded(job(run(shared)), job(run(taken, serial("z", 1, ["s"]))))
    yield "what is there is taken", sharing, {1: 3, 2: 3}
    yield "what is not there yet is compiled", sharing, {2: 3.3}, {"baseline_alone": False}
    yield "nothing is shared", sharing, {1: 5}, {"shares": False}
    yield "packing beside builds", recorded(job(run(serial("a", 1))), job(run(serial("b", 1))), aside=1.0), {1: 3, 2: 2}


def main():
    right, wrong = 0, 0
    for name, builds, expected, *rules in cases():
        for cores, seconds in expected.items():
            found = model.seconds(builds, cores, **(rules[0] if rules else {}))
            if abs(found - seconds) < 1e-6:
                right += 1
            else:
                wrong += 1
                print(f"{name}: {found:.3f} s on {cores}, not {seconds:.3f}")
    print(f"{right} passed, {wrong} failed")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
