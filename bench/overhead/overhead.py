#!/usr/bin/env python3
"""What hone itself costs, as ratios.

Usage: HONE=.../cargo-hone overhead.py [--work DIR] [--quick]      writes RESULTS.md beside this file

1. Own time: the share of a `cargo hone try`, from an empty target folder, in which nothing but hone ran: neither
   cargo (nor anything below it) nor the program under measurement. Seen from outside: every few milliseconds the
   processes below hone are looked at in /proc. hone's own helpers (the launcher of measured programs, the compiler
   wrapper) count as hone, but what the launcher starts counts as the program from its fork on, as its time does, until
   the kernel has cleared it away (it is a zombie); a moment in which a compiler works while hone compresses an artifact
   beside it does not count as hone's.
2. Own CPU time: that of the process, of its workers (copies of it) and of the launcher, as a share of the CPU time of all. Work that
   hides behind cargo is in it.
3. Start: `cargo hone --help` against `cargo --help`, in turns.

--quick: the bundled example only, without hexyl from the registry; nothing is written.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples/wordmill"
FETCH = HERE.parent / "real/fetch.sh"
RUN = "similar --generate 1000 --seed 7"
HEXYL = "0.16.0"
TIMES = 3  # a look sees hone alone by chance, so that one try of 20 s is known to a tenth of the share only
INTERVAL_S = 0.004
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def children(pid):
    """Direct children of all threads of a process."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += file.read().split()
    except OSError:
        pass
    return found


def cpu_seconds(pid):
    """User and system time of a process with all its threads, without its children; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) * TICK_S


def is_zombie(pid):
    """Is a process over, and only not reaped? Not one that the kernel still clears away, nor one that is gone: it ran
    when the list was read in which it stood, as programs of 1 ms end while a look is taken."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return False


def is_launcher(program):
    return program.startswith("/memfd:hone-helper")


def foreign(pid, hone, launchers, launched=False):
    """Does a process below pid run a program that is not hone's? Launchers and hone's workers are noted with their CPU time. launched: pid
    is a launcher, what it started is a program even before its exec and while the kernel clears it away."""
    for child in children(pid):
        try:
            program = os.readlink(f"/proc/{child}/exe")
        except OSError:
            if launched and not is_zombie(child):
                return True
            continue  # ended, and not yet reaped
        if launched or (program != hone and "/hone/tools/" not in program and not is_launcher(program)):
            return True
        if foreign(child, hone, launchers, is_launcher(program)):
            return True
        if is_launcher(program) or program == hone:
            launchers[child] = cpu_seconds(child) or launchers.get(child, 0)
    return False


def own_share(hone, project, arguments):
    """Shares of a try from nothing: of the looks in which only hone ran, and of the CPU time; and hone's report."""
    shutil.rmtree(project / "target", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    child = subprocess.Popen(
        [hone, "hone", "try", *arguments, "--format", "json"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    samples = alone = 0
    own_cpu, launchers = 0, {}
    output = []
    reader = threading.Thread(target=lambda: output.append(child.stdout.read()))
    reader.start()
    due = time.monotonic()
    while child.poll() is None:
        samples += 1
        alone += not foreign(child.pid, str(hone), launchers)
        own_cpu = cpu_seconds(child.pid) or own_cpu
        due += INTERVAL_S
        time.sleep(max(0, due - time.monotonic()))
    wall = time.monotonic() - start
    reader.join()
    if child.returncode:
        sys.exit(f"overhead.py: hone ended with exit code {child.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    all_cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "own": alone / samples,
        "cpu": (own_cpu + sum(launchers.values())) / all_cpu,
        "looks": samples,
        "wall": wall,
        "report": json.loads(output[0]),
    }


def timed(argv):
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def help_ratio(hone, rounds=200):
    """Median ratio of `cargo hone --help` and of `cargo-hone --help` to `cargo --help`, round by round."""
    os.environ["PATH"] = f"{hone.parent}:{os.environ['PATH']}"
    commands = {
        "cargo --help": ["cargo", "--help"],
        "cargo hone --help": ["cargo", "hone", "--help"],
        "cargo-hone --help": [str(hone), "--help"],
    }
    times = {name: [] for name in commands}
    order = list(commands)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            times[name].append(timed(commands[name]))
    base = times["cargo --help"]
    return {name: statistics.median(t / b for t, b in zip(times[name], base)) for name in list(commands)[1:]}


def measure(hone, work, quick):
    """Rows of the table of own time."""
    shutil.copytree(EXAMPLE, work / "wordmill", ignore=shutil.ignore_patterns("target"))
    tries = [
        ("wordmill", [], "`cargo hone try`"),
        ("wordmill", ["--run", RUN], f'`cargo hone try --run "{RUN}"`'),
    ]
    if not quick:
        subprocess.run([FETCH, "hexyl", HEXYL, work / "hexyl"], check=True)
        tries.append(("hexyl", [], "`cargo hone try`"))
    for project, arguments, words in tries:
        all_r = [own_share(hone, work / project, arguments) for _ in range(1 if quick else TIMES)]
        mean = {k: statistics.fmean(r[k] for r in all_r) for k in ("own", "cpu", "wall")}
        each = sorted(100 * r["own"] for r in all_r)
        rounds = sum(r["report"]["workloads"][0]["rounds"] for r in all_r)
        yield (
            f"| {project} | {words} | {mean['wall']:.1f} s | {statistics.fmean(r['report']['time']['cargo_s'] for r in all_r):.1f} s "
            f"| {rounds} | {100 * mean['own']:.2f} % | {each[0]:.2f} to {each[-1]:.2f} % | {100 * mean['cpu']:.2f} % "
            f"| {sum(r['looks'] for r in all_r)} |"
        )


def report(rows, ratios):
    """RESULTS.md."""
    return [
        "# What hone itself costs",
        "",
        f"Written by `HONE=build/src/cli/cargo-hone bench/overhead/overhead.py` on {time.strftime('%Y-%m-%d')}; "
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[2]:.0f} over the last 15 minutes.",
        "",
        "Own time: the share of a try, from an empty target folder, in which neither cargo (with all that it starts)",
        f"nor the program under measurement ran. Looked at from outside, in /proc, every {1000 * INTERVAL_S:.0f} ms; hone's launcher and",
        f"compiler wrapper count as hone. Every try is made {TIMES} times: means, of own time the least and the most, too. Own CPU:",
        "the CPU time of hone with its workers and its launcher as a share of that of all; most of it is compression of the",
        "artifacts (gzip 9, zstd 19), which goes on while cargo builds the next one.",
        "",
        "| project | command | wall time | in cargo | rounds | own time | of each | own CPU | looks |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        "Start, as the median of 200 paired ratios:",
        "",
        "| command | time, ratio to `cargo --help` |",
        "| --- | ---: |",
        *(f"| `{name}` | {ratio:.2f} |" for name, ratio in ratios.items()),
        "",
        "The goal is an own time below 1 %. What is left without a workload lies between the runs of a start of 1 ms, around the",
        "builds, and in the wait for the packed sizes of the last artifact, as the machine has to be quiet before a start is",
        "timed. `cargo hone` is slower than `cargo-hone` by what cargo needs to find and start a subcommand.",
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    found = shutil.which(os.environ.get("HONE", "cargo-hone"))
    if not found:
        parser.error("set HONE to the built cargo-hone")
    hone = Path(found).resolve()
    rows = []
    with tempfile.TemporaryDirectory(dir=args.work) as folder:
        for row in measure(hone, Path(folder), args.quick):
            rows.append(row)
            print(row, flush=True)
    lines = report(rows, help_ratio(hone))
    print("\n".join(lines))
    if not args.quick:
        (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
