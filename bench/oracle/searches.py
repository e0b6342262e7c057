"""Searches that choose among stored points: each takes a table and a seed, and gives back its run."""

import math
import random

from points import DIMENSIONS, Run
from store import combinations


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
