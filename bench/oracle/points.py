"""Points of a program as stored, what a search has seen of them, and the volume below a front."""

import gzip
import json
import math
import statistics

from store import FIXED, GLOBAL, LINK, combinations, key_of

BUDGETS = (3, 6, 12)  # cold builds
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
        self.own = (own["size"], int(own["instructions"]))
        self.points = {}
        link_s = []
        for base in combinations(GLOBAL):
            base = {**base, **FIXED}
            variants = [{**base, **link} for link in combinations(LINK)]
            if any("size" not in points.get(key_of(v), {}) for v in variants) or "instructions" not in points[key_of(base)]:
                continue
            instructions = int(points[key_of(base)]["instructions"])
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
        self.levels = {k: (p["size"], p.get("instructions")) for k, p in points.items() if "package." in k and "size" in p}

    @property
    def known(self):
        """Bytes and instructions of all that is stored."""
        return [self.own, *(p[2] for p in self.points.values()), *self.levels.values()]

    def figures(self, key):
        return self.points[key][2] if key in self.points else self.levels.get(key)

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


class Trace:
    """What hone really built, in its order."""

    def __init__(self, table, goals):
        self.steps, self.goals, self.outside = [(1.0, table.own)], [goal["goal"] for goal in goals], 0
        cost, seen = 1.0, {""}
        for point in (point for goal in goals for point in goal["seen"]):
            key = key_of(point["settings"])
            if key in seen or not point["bytes"] or not point["allowed"]:
                continue
            seen.add(key)
            cost += point["cpu_s"] / table.cold_s
            known = table.figures(key)
            self.outside += known is None
            self.steps.append((cost, (point["bytes"], known[1] if known else None)))


def volume(figures, table):
    """Of the logarithms, below the reference point."""
    points = sorted((math.log(s / table.reference[0]), math.log(i / table.reference[1])) for s, i in figures if i)
    total, lowest = 0.0, 0.0
    for x, y in points:
        if x < 0 and y < lowest:
            total += -x * (lowest - y)
            lowest = y
    return total


def at(steps, budget):
    return [figures for cost, figures in steps if cost <= budget]
