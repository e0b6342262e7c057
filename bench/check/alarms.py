#!/usr/bin/env python3
"""How often `cargo hone check` calls a time over its budget: of a program that does the same work as its base, and of one that does
some percent more.

  HONE=build/src/cli/cargo-hone bench/check/alarms.py [--runs N] [--more PERCENT] [--allowed PERCENT] [--seconds S] [--busy N]

Makes a small program in a temporary folder, saves it as the base, changes it (a version's text; with --more its loop, too) and checks
it N times against a budget of --allowed, in rounds of at most S seconds, beside --busy processes that compute.
"""

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
WORK = 20_000_000
MAIN = """fn main() {
    if std::env::args().nth(1).as_deref() == Some("--version") { println!("app VERSION"); return; }
    println!("{}", (0..WORKu64).fold(7u64, |h, n| (h ^ n).wrapping_mul(0x100000001b3)));
}
"""


def run(argv, cwd, codes=(0,)):
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True)
    if done.returncode not in codes:
        sys.exit(f"{argv}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--more", type=float, default=0)
    parser.add_argument("--allowed", type=float, default=1)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--busy", type=int, default=0)
    args = parser.parse_args()
    project = Path(tempfile.mkdtemp()) / "app"
    (project / "src").mkdir(parents=True)
    (project / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n')
    (project / ".gitignore").write_text("/target\n")
    (project / "src/main.rs").write_text(MAIN.replace("VERSION", "1.0").replace("WORK", str(WORK)))
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"]):
        run(["git", *words], project)
    base = project.parent / "base.json"
    run([HONE, "hone", "check", "--save", str(base), "--run", "{bin}", "-q"], project)
    (project / "src/main.rs").write_text(MAIN.replace("VERSION", "1.1").replace("WORK", str(int(WORK * (1 + args.more / 100)))))
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(args.busy)]
    verdicts, ratios, took = collections.Counter(), [], []
    try:
        for i in range(args.runs):
            start = time.monotonic()
            told = json.loads(run([HONE, "hone", "check", "--against", str(base), "--run", "{bin}", "--limit", f"time=+{args.allowed}%", "--budget", f"{args.seconds}s", "--format", "json", "-q"], project, (0, 3, 4)).stdout)
            took.append(time.monotonic() - start)
            verdicts[told["budgets"][0]["verdict"]] += 1
            ratios.append(told["runs"]["metrics"][0]["ratio"])
            print(i + 1, dict(verdicts), f"{ratios[-1]:.4f}", f"{took[-1]:.1f} s", flush=True)
    finally:
        for p in busy:
            p.kill()
    took.sort(), ratios.sort()
    print(f"{args.more:g} % more work, budget +{args.allowed:g} %, rounds of at most {args.seconds:g} s, {args.busy} busy: {dict(verdicts)} of {args.runs}; "
          f"ratio median {ratios[len(ratios) // 2]:.4f}, from {ratios[0]:.4f} to {ratios[-1]:.4f}; a check took {took[len(took) // 2]:.1f} s (median), {took[-1]:.1f} s at most")


if __name__ == "__main__":
    main()
