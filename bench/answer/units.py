"""What is kept of a recording (record.py): builds as chains of steps, the parts of every unit, and who waits for whom.

A step is a number (seconds of hone's own work between runs of cargo: training runs, merging, linking again) or a run of
cargo: {"before": CPU of cargo itself and of what it did without a compiler, "units": [...], "counts": it is instrumented}.
A unit: {"name", "deps", "parts", "flags"}, or {"taken": number of the unit that an earlier build made, "deps"}.
"""

import re

from answer import is_trained


def parts_of(unit):
    """CPU seconds: until the metadata is there, then what only one thread does, then what several do, of which the longest
    thread, and linking."""
    serial = min(unit["serial"], unit["cpu"])
    metadata = min(unit["metadata"] or 0.0, serial)
    beside = max(unit["cpu"] - serial - unit["link"], 0.0)
    return [round(s, 4) for s in (metadata, serial - metadata, beside, min(unit["longest"], beside), unit["link"])]


class Runs:
    """Turns runs of cargo into what is kept; knows the units of those before by their crate and type."""

    def __init__(self):
        self.made, self.n = {}, 0

    def deps_of(self, unit, here, scripts):
        """Names of units of this run. What tries the compiler for a package's build script is waited for, too."""
        deps = [here[d.rsplit("-", 1)[0]] for d in unit["deps"] if d.rsplit("-", 1)[0] in here]
        if not unit["name"].startswith("build_script_"):
            deps += scripts.get(unit["package"], [])
        return sorted(set(deps))

    def reduced(self, run):
        units, here, scripts = [], {}, {}
        for crate, kind, _, taken in run["units"]:
            if taken and (crate, kind) in self.made:
                owner = self.made[crate, kind]
                name = f"{crate} taken"
                units.append({"name": name, "taken": owner["number"], "crates": owner["crates"]})
                here.setdefault(crate, name)
        for unit in run["compiled"]:
            name = f"{unit['name']}{unit['hash']} {self.n}"
            kept = {"name": name, "deps": self.deps_of(unit, here, scripts), "parts": parts_of(unit)}
            kept |= {"flags": unit["flags"], "number": self.n}
            units.append(kept)
            crates = [d.rsplit("-", 1)[0] for d in unit["deps"]]
            self.made[unit["name"], unit["type"]] = {"number": self.n, "crates": crates}
            self.n += 1
            if unit["name"].startswith("build_script_") or unit["is_probe"]:
                scripts.setdefault(unit["package"], []).append(name)
            if not unit["is_probe"]:
                here[unit["name"]] = name
        for unit in units:
            if "taken" in unit:
                unit["deps"] = sorted({here[c] for c in unit.pop("crates") if c in here and here[c] != unit["name"]})
        compiled = sum(u["cpu"] for u in run["compiled"]) + run["stand_ins"]
        text = " ".join(run["words"])
        return {
            "before": round(max(run["cpu"] - compiled, 0.0), 4),
            "wall": round(run["end"] - run["begin"], 3),
            "units": units,
            "counts": "-Cprofile-generate=" in text and "-Cprofile-use=" not in text,
        }


def profile_of(job):
    found = [re.findall(r'-Cprofile-use=([^"\s]+)', " ".join(run["words"])) for run in job["runs"]]
    return next((f[0] for f in found if f), None)


def recipe_of(job):
    """The words of its last run, without what only the linker or the folder are told."""
    words = list(job["runs"][-1]["words"])
    if "--target-dir" in words:
        del words[words.index("--target-dir") + 1]
    return [w for w in words if not w.startswith("-Clink-arg")]


def name_of(job, trials, taken):
    """The candidate, by the CPU time that hone says of its last run of cargo."""
    cpu, learns = job["runs"][-1]["cpu"], profile_of(job) is not None
    left = {
        t["name"]: abs(t["build"]["cpu_s"] - cpu)
        for t in trials
        if t.get("build") and t["name"] not in taken and is_trained(t["name"]) == learns
    }
    return min(left, key=left.get, default="?")


def waits_of(jobs, at, kept):
    """Which one a job waits for, and until which of its steps: its end, where that differs in the link alone, or its
    counts, where the profile is the same."""
    mine = kept[at]["steps"]
    is_relinked = not any("parts" in u for s in mine if isinstance(s, dict) for u in s["units"])
    for other in range(at):
        if is_relinked and recipe_of(jobs[other]) == recipe_of(jobs[at]):
            return [other, len(kept[other]["steps"])]
    counted = any(isinstance(s, dict) and s["counts"] for s in mine)
    for other in range(at):
        if not counted and profile_of(jobs[at]) and profile_of(jobs[other]) == profile_of(jobs[at]):
            steps = [i for i, s in enumerate(kept[other]["steps"]) if isinstance(s, dict) and s["counts"]]
            if steps:
                return [other, steps[-1] + 2]
    return None


def spent(run):
    """CPU seconds of a run of cargo, the stand-ins' own included."""
    return run["cpu"] + run["stand_in"]


def shorter(gaps, cpu):
    """Times between runs of cargo as they were on a busy machine, were nothing else at work: their sum is the CPU time."""
    share = min(1.0, max(cpu, 0.0) / (sum(gaps) or 1.0))
    return [round(gap * share, 3) for gap in gaps]


def reduce_new(recording):
    """A job is a worker."""
    runs, jobs = Runs(), []
    for pid, worker in sorted(recording["workers"].items(), key=lambda w: w[1]["begin"]):
        jobs.append(worker | {"runs": [run for run in recording["runs"] if pid in run["parents"]]})
    reduced = {run["run"]: runs.reduced(run) for run in recording["runs"]}  # in the order in which they began
    kept, names = [], set()
    for at, job in enumerate(jobs):
        begins, ends = [run["begin"] for run in job["runs"]], [run["end"] for run in job["runs"]]
        gaps = [max(b - e, 0.0) for b, e in zip([*begins, job["end"]], [job["begin"], *ends])]
        gaps = shorter(gaps, job["cpu"] - sum(map(spent, job["runs"])))
        steps = gaps[:1]
        for run, gap in zip(job["runs"], gaps[1:]):
            steps += [reduced[run["run"]], gap]
        names.add(name := name_of(job, recording["report"]["trials"], names))
        kept.append({"name": name, "steps": steps, "learns": profile_of(job) is not None})
        kept[at]["waits"] = waits_of(jobs, at, kept)
    end = jobs[0]["begin"] + recording["report"]["time"]["cargo_s"]
    last = max(job["end"] for job in jobs)
    looks = [own for at, own, _ in recording["hone"] if last <= at <= end]
    tail = shorter([max(end - last, 0.0)], looks[-1] - looks[0] if looks else 0.0)[0]
    aside = sum(w["cpu"] for w in recording["others"] if w["begin"] < end)
    return {"jobs": kept, "tail": tail, "aside": round(aside / len(kept), 3)}


def reduce_old(recording):
    """One chain. cargo_s leaves out a part of what lies between the runs: of each the same share."""
    runs, reduced = recording["runs"], Runs()
    between = [max(b["begin"] - a["end"], 0.0) for a, b in zip(runs, runs[1:])] + [0.0]
    own = next(own + below for at, own, below in recording["hone"] if at >= runs[-1]["end"]) - sum(map(spent, runs))
    left = max(recording["report"]["time"]["cargo_s"] - sum(run["end"] - run["begin"] for run in runs), 0.0)
    gaps = shorter(between, own * left / (sum(between) or 1.0))
    steps = [step for run, gap in zip(runs, gaps) for step in (reduced.reduced(run), gap)]
    return {"jobs": [{"name": "all", "steps": steps, "learns": False, "waits": None}], "tail": 0.0, "aside": 0.0}
