#!/usr/bin/env python3
"""Is a planted slowdown found beside busy processes, and is a commit beside itself left alone? `cargo hone check`, and hyperfine with a
threshold on the ratio of means, as scripts of projects have it.

  HONE=build/src/cli/cargo-hone bench/check/planted.py RESULTS.jsonl [--slower N] [--itself N] [--minutes N] [--budget S] [--busy N]
      [--more PERCENT] [--folder DIR] [--hyperfine PROGRAM] [--hone-alone]
  bench/check/planted.py RESULTS.jsonl --write

A program whose loop is --more percent longer than that of the base commit (budget: +0.5 %), and a commit beside itself (budgets: +0
bytes, +1 % of the time), in turns, until RESULTS.jsonl has --slower and --itself of them by each tool, or the minutes are over; every
comparison is a line of it as soon as it has ended, so that a later call goes on, and several may run. --hone-alone leaves hyperfine
out, which runs each program 30 times after 2 warm-up runs. --write puts the table into RESULTS.md beside this script.
"""

import argparse
import collections
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from alarms import HERE, HONE, MAIN, WORK, run

THRESHOLD = 1.05


def git(project, *words):
    return run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], project).stdout.strip()


def commit(project, version, work):
    (project / "src/main.rs").write_text(MAIN.replace("VERSION", version).replace("WORK", str(int(work))))
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", version)
    run(["cargo", "build", "--release", "-q"], project)
    program = project.parent / version
    program.write_bytes((project / "target/release/app").read_bytes())
    program.chmod(0o755)
    return program


def make(folder, more):
    """(project, base program, slower program): the base is the first commit, the slower program is checked out."""
    project = folder / f"{more:g}/app"
    (project / "src").mkdir(parents=True, exist_ok=True)
    (project / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n')
    (project / ".gitignore").write_text("/target\n")
    git(project, "init", "-q")
    return project, commit(project, "base", WORK), commit(project, "slower", WORK * (1 + more / 100))


def by_hone(project, base, limits, budget):
    words = [HONE, "hone", "check", "--base", base, "--run", "{bin}", "--budget", f"{budget:g}s", "--format", "json", "-q"]
    for limit in limits:
        words += ["--limit", limit]
    told = json.loads(run(words, project, (0, 3, 4)).stdout)
    verdict = next(b["verdict"] for b in told["budgets"] if b["figure"].startswith("time"))
    metrics = (told.get("runs") or {}).get("metrics") or [{}]
    return {"verdict": verdict, "bytes": told["head"]["size"] - told["base"]["size"], "ratio": metrics[0].get("ratio")}


def mean_of(result):
    """The mean of the wall times, as hyperfine 2 or 1 has it."""
    return result["summary"]["time_wall_clock"]["mean"] if "summary" in result else result["mean"]


def by_hyperfine(hyperfine, base, head):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run([hyperfine, "-N", "--style", "none", "--warmup", "2", "--runs", "30", "--export-json", out.name, str(base), str(head)], base.parent)
        a, b = (mean_of(r) for r in json.loads(Path(out.name).read_text())["results"])
    return {"verdict": "over" if b / a > THRESHOLD else "within", "ratio": b / a}


def read(results):
    return [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []


def compare(args):
    folder = args.folder or Path(tempfile.mkdtemp())
    project, base, slower = make(folder, args.more)
    version = "" if args.hone_alone else run([args.hyperfine, "--version"], folder).stdout.strip()
    changed, same = f"{args.more:g} % more work", "a commit beside itself"
    wanted = {changed: args.slower, same: args.itself}
    cases = [(changed, "hone", lambda: by_hone(project, "HEAD~1", ["time=+0.5%"], args.budget)),
             (same, "hone", lambda: by_hone(project, "HEAD", ["size=+0", "time=+1%"], args.budget)),
             (changed, version, lambda: by_hyperfine(args.hyperfine, base, slower)),
             (same, version, lambda: by_hyperfine(args.hyperfine, base, base))]
    if args.hone_alone:
        cases = cases[:2]
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(args.busy)]
    end = time.monotonic() + args.minutes * 60
    try:
        for what, tool, measure in itertools.cycle(cases):
            have = collections.Counter((r["what"], r["tool"]) for r in read(args.results))
            if time.monotonic() > end or all(have[case[:2]] >= wanted[case[0]] for case in cases):
                break
            if have[what, tool] < wanted[what]:
                start = time.monotonic()
                line = {"what": what, "tool": tool, **measure(), "seconds": time.monotonic() - start, "load": os.getloadavg()[0], "busy": args.busy, "budget": args.budget}
                with args.results.open("a") as f:
                    f.write(json.dumps(line) + "\n")
                print(json.dumps(line), flush=True)
    finally:
        for p in busy:
            p.kill()


def table(lines):
    groups = collections.defaultdict(list)
    for line in lines:
        groups[(line["what"], line["tool"])].append(line)
    text = ["| what | by | over | within | undecided | other bytes | ratio: median, least, most | seconds: median, most |", "| --- | --- | ---: | ---: | ---: | ---: | --- | --- |"]
    for (what, tool), rows in sorted(groups.items()):
        count = collections.Counter(r["verdict"] for r in rows)
        ratios = [r["ratio"] for r in rows if r["ratio"]]
        swing = f"{statistics.median(ratios):.4f}, {min(ratios):.4f}, {max(ratios):.4f}" if ratios else "nothing was run"
        seconds = [r["seconds"] for r in rows]
        other = sum(1 for r in rows if r.get("bytes")) if tool == "hone" and "itself" in what else ""
        text.append(f"| {what} | {tool} | {count['over']} of {len(rows)} | {count['within']} | {count['undecided']} | {other} | {swing} | {statistics.median(seconds):.1f}, {max(seconds):.1f} |")
    loads, busy, budgets = ([r[k] for r in lines] for k in ("load", "busy", "budget"))
    text.append(f"\nBeside {min(busy)} busy process of the script's own and what else ran: load {min(loads):.0f} to {max(loads):.0f} on {os.cpu_count()} CPUs. Rounds of at most {max(budgets):g} s.")
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("--slower", type=int, default=25)
    parser.add_argument("--itself", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--budget", type=float, default=60)
    parser.add_argument("--busy", type=int, default=1)
    parser.add_argument("--more", type=float, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--hyperfine", default="hyperfine")
    parser.add_argument("--hone-alone", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.write:
        compare(args)
    text = table(read(args.results))
    print(text)
    if args.write:
        path = HERE / "RESULTS.md"
        before = path.read_text()
        start, end = before.index("<!-- planted -->"), before.index("<!-- end of planted -->")
        path.write_text(before[:start] + "<!-- planted -->\n" + text + before[end:])


if __name__ == "__main__":
    main()
