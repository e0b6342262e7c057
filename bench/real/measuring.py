"""Measuring existing files, hone's and those of other tools alike, without hone.

hone's `try` takes candidates, not files, so the files that other tools made are compared here: rounds in
which every file runs once, in random order, from copies at paths of equal length; the ratio is the
median of the paired ratios, with the sign interval (order statistics of the binomial distribution)."""

import collections
import hashlib
import math
import os
import random
import re
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import toolchain
from projects import PROJECTS, WORKLOADS, workload_line
from steps import file_of

# Of these the file's own instructions are wanted, too.
OWN = ("fastest", "cargo-wizard fast-runtime, no native")


def command(name, workload, folders, program):
    """Argument list of a workload; program: the words that stand for the binary."""
    words = shlex.split(workload_line(name, workload, folders))
    if "{bin}" not in words:
        return [*program, *words]
    at = words.index("{bin}")
    return words[:at] + program + words[at + 1 :]


def environment(name, padding=0):
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return env | PROJECTS[name].get("env", {}) | {"PADDING": "x" * padding}


def behaviour(name, workload, folders, path):
    """Exit code and hash of the output."""
    done = subprocess.run(
        command(name, workload, folders, [str(path)]), cwd=folders.input, env=environment(name), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, timeout=120, check=False,
    )
    return [done.returncode, hashlib.sha256(done.stdout).hexdigest()]


def of_objects(lines):
    """Self cost by object file, from callgrind's output: https://valgrind.org/docs/manual/cl-format.html."""
    names, costs, here, is_call = {}, collections.Counter(), None, False
    for line in lines:
        if named := re.match(r"(c?)ob=\((\d+)\)(?: (.*))?", line):
            names.setdefault(named[2], named[3])
            here = here if named[1] else names[named[2]]
        elif line.startswith("calls="):
            is_call = True
        elif cost := re.match(r"[-+*\d]\S* (\d+)", line):
            # What follows calls= is the cost of what was called.
            costs[here] += 0 if is_call else int(cost[1])
            is_call = False
    return costs


def counted(name, workload, folders, path):
    """Instructions by callgrind, all threads together, and those in the file's own code: what it has of the C library
    and of the loader no setting reaches."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        program = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(path)]
        done = subprocess.run(
            command(name, workload, folders, program), cwd=folders.input, env=environment(name), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, timeout=900, check=False,
        )
        lines = out.read_text().splitlines() if out.exists() else []
    total = next((int(line.split()[1]) for line in lines if line.startswith("totals: ")), None)
    if done.returncode or total is None:
        return {"instructions": None}
    return {"instructions": total, "own": of_objects(lines)[str(path)]}


def count(name, result, folders, _hone):
    """Instructions of every file that is there; the same bytes are counted once. The baseline is counted
    twice: what differs is the scheduler's."""
    known = result["counts"]
    base = {w: behaviour(name, w, folders, folders.bin / "baseline") for w in WORKLOADS}
    for label, file in result["files"].items():
        path = folders.bin / file_of(label)
        if "failed" in file or not path.exists():
            continue
        entry = known.setdefault(file["sha256"], {})
        for workload in WORKLOADS:
            if workload in entry and ("own" in entry[workload] or label not in OWN or workload != "train"):
                continue
            same = behaviour(name, workload, folders, path) == base[workload]
            entry[workload] = {"same": same, **counted(name, workload, folders, path)}
            if label == "baseline":
                entry[workload]["again"] = counted(name, workload, folders, path)["instructions"]
            print(label, workload, entry[workload], flush=True)


def run_once(words, env, cwd):
    """CPU seconds (user and system) and wall seconds of one run and all that it waited for."""
    with open(os.devnull, "r+b") as null:
        start = time.perf_counter()
        child = subprocess.Popen(words, stdin=null, stdout=null, stderr=null, env=env, cwd=cwd)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"run.py: exit code {child.returncode}: {' '.join(words)}")
    return usage.ru_utime + usage.ru_stime, wall


def rounds(name, result, folders, _hone, seconds=100, least=25, most=151):
    """Paired rounds of all files for both workloads; samples of CPU time in microseconds. Files of the same bytes run once
    in a round, and where all are those of the last rounds on this machine, these hold."""
    labels = [label for label, file in result["files"].items() if "failed" not in file and "1.96" not in label]
    hashes = {label: result["files"][label]["sha256"] for label in labels}
    before = result.get("rounds", {})
    if before.get("where") == toolchain.machine() and before["sha256"] == hashes:
        print(f"{name}: the same files as last time are not measured again", flush=True)
        return
    first = {}
    same = {label: first.setdefault(hashes[label], label) for label in labels}
    measured = {"load": os.getloadavg()[0], "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()), "cpu_us": {}}
    measured |= {"sha256": hashes, "where": toolchain.machine()}
    measured["same"] = {label: other for label, other in same.items() if label != other}
    labels = list(first.values())
    with tempfile.TemporaryDirectory() as scratch:
        copies = {}
        # The baseline's copy is the control: its ratio shows the noise.
        for n, label in enumerate([*labels, "control"]):
            copies[label] = Path(scratch) / f"{n:03}"
            shutil.copy(folders.bin / file_of("baseline" if label == "control" else label), copies[label])
        for workload in WORKLOADS:
            measured["cpu_us"][workload] = rounds_of(name, workload, folders, copies, seconds, least, most)
    measured["load_after"] = os.getloadavg()[0]
    result["rounds"] = measured


def rounds_of(name, workload, folders, copies, seconds, least, most):
    samples = {label: [] for label in copies}
    order = list(copies)
    for label in order:
        run_once(command(name, workload, folders, [str(copies[label])]), environment(name), folders.input)
    start = time.perf_counter()
    while len(samples[order[0]]) < least or (time.perf_counter() - start < seconds and len(samples[order[0]]) < most):
        random.shuffle(order)
        for label in order:
            env = environment(name, random.randrange(4096))
            cpu, _ = run_once(command(name, workload, folders, [str(copies[label])]), env, folders.input)
            samples[label].append(round(cpu * 1e6))
    return samples


def sign_interval(ratios, error=0.05):
    """Median of paired ratios with its order-statistic interval of at least 1 - error."""
    ratios = sorted(ratios)
    n, tail, k = len(ratios), 0.0, 0
    while k < n // 2:
        tail += math.comb(n, k) / 2**n
        if 2 * tail > error:
            break
        k += 1
    low, high = (ratios[k - 1], ratios[n - k]) if k else (0.0, math.inf)
    return statistics.median(ratios), low, high


def outdated(result):
    """Files that were made anew since the rounds, and are others now."""
    ran = result.get("rounds", {}).get("sha256", {})
    return {label for label, sha256 in ran.items() if result["files"].get(label, {}).get("sha256") != sha256}


def time_ratio(result, workload, label, to, error=0.05):
    samples = result.get("rounds", {}).get("cpu_us", {}).get(workload, {})
    samples = samples | {twin: samples[other] for twin, other in result.get("rounds", {}).get("same", {}).items() if other in samples}
    if label not in samples or to not in samples or {label, to} & outdated(result):
        return None
    return sign_interval([a / b for a, b in zip(samples[label], samples[to])], error)
