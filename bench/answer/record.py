"""Runs a hone with stand_in.py in the place of cargo, rustc and cc, and puts together what they wrote down."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOOK_S = 0.05
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def stand_ins(folder):
    """A folder with them, and the environment in which they are found. A shell script or a `python3` that chooses its
    Python would take longer than many a unit."""
    real = {}
    for name in ("cargo", "rustc"):
        found = shutil.which(name)
        if Path(os.path.realpath(found)).name == "rustup":
            found = subprocess.run(["rustup", "which", name], check=True, capture_output=True, text=True).stdout.strip()
        real[name] = found
    real["cc"] = shutil.which("cc")
    text = f"#!{os.path.realpath(sys.executable)} -IS\n" + (HERE / "stand_in.py").read_text()
    for name in real:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "CARGO": str(folder / "cargo"),
        "RUSTC": str(folder / "rustc"),
        "CORES_LOG": str(folder / "log"),
        "CORES_REAL": json.dumps(real),
    }


def look_at(pid):
    """Name, parent, CPU seconds of a process and of its children that have ended."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
    words = rest.split()
    own, below = (sum(int(w) for w in words[i : i + 2]) * TICK_S for i in (11, 13))
    return {"name": name, "parent": int(words[1]), "own": own, "below": below}


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


class Watch(threading.Thread):
    """hone and its workers, looked at all the time: workers have its name and are its children. Its and their other
    children start programs, and wait for these."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.workers, self.hone = pid, {}, []

    def look(self, pid):
        """CPU seconds of a hone and of what it started that has ended; the children that are hones themselves."""
        seen = look_at(pid)
        below, hones = seen["below"], []
        for child in children_of(pid):
            try:
                found = look_at(child)
            except OSError:
                continue
            if found["name"] == seen["name"]:
                hones.append(child)
            else:
                below += found["own"] + found["below"]
        return seen["own"], below, hones

    def run(self):
        while True:
            now = time.time()
            try:
                own, below, workers = self.look(self.pid)
            except OSError:
                return
            self.hone.append((now, own, below))
            for pid in workers:
                try:
                    cpu = sum(self.look(pid)[:2])
                except OSError:
                    continue
                worker = self.workers.setdefault(pid, {"begin": now, "cpu": 0.0})
                worker |= {"end": now, "cpu": max(cpu, worker["cpu"])}
            time.sleep(LOOK_S)


def of_log(path):
    """Units by run of cargo, links below each unit added up, and runs."""
    runs, units, links = {}, [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "words" in record:
            runs[record["run"]] = record | {"compiled": [], "stand_ins": 0.0}
        else:
            (units if "name" in record else links).append(record)
    for unit in units:
        # hone links once more what it captured, in the environment of then.
        mine = [k for k in links if k["link"] == unit["unit"] and k["end"] <= unit["end"]]
        unit["link"] = sum(k["cpu"] for k in mine)
        unit["cpu"] -= sum(k["stand_in"] for k in mine)
        if unit["run"] in runs:
            runs[unit["run"]]["compiled"].append(unit)
    for record in units + links:
        if record["run"] in runs and record["end"] <= runs[record["run"]]["end"]:
            runs[record["run"]]["stand_ins"] += record["stand_in"]
    for run in runs.values():
        run["compiled"].sort(key=lambda u: u["begin"])
    return sorted(runs.values(), key=lambda r: r["begin"])


def forget(project):
    shutil.rmtree(project / "target", ignore_errors=True)


def record(hone, project, words):
    """One `try --all` from nothing: its report, the runs of cargo, hone's workers and its own CPU time over time."""
    forget(project)
    with tempfile.TemporaryDirectory(prefix="hone-cores-") as folder:
        env = os.environ | stand_ins(Path(folder))
        child = subprocess.Popen(
            [hone, "hone", "try", "--all", *words, "--format", "json"],
            cwd=project,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        watch = Watch(child.pid)
        watch.start()
        out, errors = child.communicate()
        watch.join()
        if child.returncode not in (0, 3):
            sys.exit(f"record.py: {hone} ended with exit code {child.returncode}\n{errors.decode()}")
        runs = of_log(Path(folder) / "log")
    forget(project)
    of_runs = {pid for run in runs for pid in run["parents"]}
    workers = {pid: w for pid, w in watch.workers.items() if pid in of_runs}
    others = [w for pid, w in watch.workers.items() if pid not in of_runs]
    return {"report": json.loads(out), "runs": runs, "workers": workers, "others": others, "hone": watch.hone}
