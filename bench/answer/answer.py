#!/usr/bin/env python3
"""How long an answer takes: `cargo hone try --all` with a workload, by the hone of a commit and by this one, in turns.

Usage: answer.py [--before COMMIT] [--rounds N] [--work DIR] [--budget TIME] [--write] NAME...

NAME: wordmill (the bundled example), or a program of bench/real/projects.py. Both hones are built from Git (release, by
Meson) in DIR, or taken from there. Every try begins without a target folder, with all sources downloaded. A round runs
both, in changing order. Printed are the paired ratios of new to old: seconds of the builds, of the whole try, CPU time of
all below hone, and the largest memory of all processes together (looked at once a second, as it holds up the compilers: ten
times a second made hexyl's builds 151 s and the ratio 0.67, beside 131 s and 0.58 without); beside them the floor, the
builds' CPU time divided by the CPUs. Artifacts of candidates that are not trained have to be the same, byte for byte.
"""

import argparse
import json
import os
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
REPOSITORY = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "real"))
BEFORE = "3601c3a"
LOOK_S = 1  # between looks at memory


def build_hone(commit, work):
    """The program of a commit, built from its own sources."""
    folder = work / f"hone-{commit}"
    program = folder / "build/src/cli/cargo-hone"
    if program.exists():
        return program
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", REPOSITORY, "archive", commit], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    subprocess.run(
        ["meson", "setup", "--buildtype=release", "build"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run(["ninja", "-C", "build", "src/cli/cargo-hone"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return program


def source_of(name, work):
    """A folder with the program's sources, and the workload's arguments."""
    folder = work / name
    if name == "wordmill":
        if not folder.exists():
            shutil.copytree(REPOSITORY / "examples/wordmill", folder, ignore=shutil.ignore_patterns("target"))
        return folder, "similar --generate 1000 --seed 7"
    from projects import PROJECTS  # pylint: disable=import-outside-toplevel

    project = PROJECTS[name]
    if not folder.exists():
        subprocess.run([HERE.parent / "real/fetch.sh", name, project["version"], folder], check=True)
        subprocess.run(["cargo", "fetch", "--locked"], cwd=folder, check=True)
    made = work / f"{name}-in"
    if not made.exists():
        made.mkdir()
        for file, make in project["inputs"].items():
            make(made / file)
    return folder, project["train"].replace("{in}", str(made))


def memory_of_group(session):
    """Bytes that all processes of a session hold, shared pages counted once."""
    total = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            if is_below(int(entry), session):
                with open(f"/proc/{entry}/smaps_rollup", encoding="ascii") as file:
                    total += sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total


def is_below(pid, top):
    while pid > 1:
        if pid == top:
            return True
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            pid = int(file.read().rsplit(")", 1)[1].split()[1])
    return False


def answer(hone, project, arguments):
    """One try from nothing."""
    shutil.rmtree(project / "target", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    child = subprocess.Popen(
        [hone, "hone", "try", "--all", *arguments, "--format", "json"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output = []
    readers = [threading.Thread(target=lambda s=s: output.append(s.read())) for s in (child.stdout, child.stderr)]
    for reader in readers:
        reader.start()
    peak = 0
    while True:
        peak = max(peak, memory_of_group(child.pid))
        try:
            child.wait(LOOK_S)
            break
        except subprocess.TimeoutExpired:
            pass
    wall = time.monotonic() - start
    for reader in readers:
        reader.join()
    if child.returncode not in (0, 3):
        sys.exit(f"answer.py: {hone} ended with exit code {child.returncode}\n{output}")
    report = json.loads(next(text for text in output if text.startswith(b"{")))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": wall,
        "builds": report["time"]["cargo_s"],
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak": peak,
        "hashes": {t["name"]: (t.get("hash"), t.get("size")) for t in report["trials"]},
        "build_cpu": sum((t.get("build") or {}).get("cpu_s") or 0 for t in report["trials"]),
    }


def is_trained(name):
    return name.startswith(("fastest", "best-balanced"))


def compare(old, new):
    """What differs between artifacts that should not, as lines."""
    said = []
    for name, (digest, size) in old["hashes"].items():
        other, other_size = new["hashes"].get(name, (None, None))
        if not is_trained(name) and digest != other:
            said.append(f"{name}: {size} bytes and {other_size} bytes are not the same")
        elif is_trained(name) and size and other_size and other_size > 1.005 * size:
            said.append(f"{name}: {other_size / size:.4f} of the bytes")
    return said


def put(mark, text):
    """Into RESULTS.md between `<!-- mark -->` and the next `<!-- end -->`; all else in it stays."""
    path, begin, end = HERE / "RESULTS.md", f"<!-- {mark} -->\n", "<!-- end -->\n"
    before, rest = path.read_text().split(begin)
    path.write_text(f"{before}{begin}{text}\n{end}{rest.split(end, 1)[1]}")


def median_of(rounds, key):
    ratios = [new[key] / old[key] for old, new in rounds]
    return f"{statistics.median(ratios):.3f} [{min(ratios):.3f}, {max(ratios):.3f}]"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", default=BEFORE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--budget", default="30s")
    parser.add_argument("--old", type=Path, help="a program in place of the old commit's")
    parser.add_argument("--new", type=Path, help="a program in place of HEAD's")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    work = (given.work or Path(tempfile.mkdtemp(prefix="hone-answer-"))).resolve()
    head = subprocess.run(
        ["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    programs = [given.old or build_hone(given.before, work), given.new or build_hone(head, work)]
    cpus = len(os.sched_getaffinity(0))
    lines = [
        f"`cargo hone try --all` with a workload, {head} beside {given.before} in turns on {cpus} CPUs: median of the "
        "paired ratios, least and most. Floor: CPU time of all divided by the CPUs, beside the old builds' time.",
        "",
        "| program | rounds | builds | whole try | CPU time | memory | floor | artifacts |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in given.names:
        project, words = source_of(name, work)
        rounds, differ = [], set()
        for i in range(given.rounds):
            pair = [None, None]
            for which in ((0, 1), (1, 0))[i % 2]:
                pair[which] = answer(programs[which].resolve(), project, ["--run", words, "--budget", given.budget])
                print(name, i + 1, ("old", "new")[which], {k: v for k, v in pair[which].items() if k != "hashes"},
                      file=sys.stderr, flush=True)  # fmt: skip
            rounds.append(pair)
            differ |= set(compare(*pair))
        floor = statistics.median(new["cpu"] / cpus / old["wall"] for old, new in rounds)
        lines.append(
            f"| {name} | {len(rounds)} | {median_of(rounds, 'builds')} | {median_of(rounds, 'wall')} | "
            f"{median_of(rounds, 'cpu')} | {median_of(rounds, 'peak')} | {floor:.3f} | "
            f"{'; '.join(sorted(differ)) or 'the same'} |"
        )
        shutil.rmtree(project / "target", ignore_errors=True)
    text = "\n".join(lines)
    print(text)
    if given.write:
        put("answer", text)
    if not given.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
