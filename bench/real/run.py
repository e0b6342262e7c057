#!/usr/bin/env python3
"""What hone makes of published programs, beside plain cargo, cargo-wizard and cargo-pgo.

Usage: HONE=.../cargo-hone run.py [--work DIR] [--steps STEP,...] [--again STEP,...] [NAME...]

Without names: all programs. Every finished step is kept in results/NAME.json, so that an interrupted run
goes on where it stopped; --again makes a step once more. What is measured is known by the SHA-256 of the file: the same
bytes on the same machine are not measured twice. RESULTS.md is written from results/ alone.

Steps, in this order:
  try       `cargo hone try`: the presets and hone's own candidates, built and measured
  literal   the presets by plain cargo (literal.sh, in which no code of hone takes part)
  wizard    cargo-wizard's templates, built by plain cargo
  pgo       cargo-pgo: instrument, train, optimize
  std       hone's strength with std recompiled, and cargo-wizard with the same toolchain (see --std)
  applied   `cargo hone apply`, then the command that it prints: the same bytes?
  service   a server driven by wrk, through `cargo hone try` and a hone.toml (wants a quiet machine)
  curve     `cargo hone try --curve`: size against instructions for several shares of hot functions, of some programs
  count     instructions of every file by callgrind, on both workloads
  rounds    all files in paired rounds (wants a quiet machine)
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import measuring  # noqa: E402
import report  # noqa: E402
import service  # noqa: E402
import steps  # noqa: E402
import toolchain  # noqa: E402
from projects import HERE, PROJECTS, Folders, fetch, load, save  # noqa: E402

STEPS = {
    "try": steps.tried,
    "literal": steps.literal,
    "wizard": steps.wizard,
    "pgo": steps.pgo,
    "std": steps.std,
    "applied": steps.applied,
    "service": service.measured,
    "curve": steps.curve,
    "count": measuring.count,
    "rounds": measuring.rounds,
}


def commit():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def run_step(step, name, result, folders, hone, again):
    start = time.time()
    if again:
        makers = {"wizard": "cargo-wizard", "pgo": "cargo-pgo"}
        result["files"] = {k: v for k, v in result["files"].items() if v["by"] != makers.get(step) or "1.96" in k}
    if again and step == "count":
        # Some count a little otherwise in another folder or environment: what is compared is counted in one go.
        for label, file in result["files"].items():
            if (folders.bin / steps.file_of(label)).exists():
                result["counts"].pop(file.get("sha256"), None)
    print(f"== {name}: {step}", flush=True)
    if step != "curve":
        result.pop("note", None)  # said what was missing of the rest
    STEPS[step](name, result, folders, hone)
    result["steps"][step] = {
        "commit": commit(),
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime(start)),
        "seconds": round(time.time() - start),
        "load": round(os.getloadavg()[0], 1),
        "toolchain": toolchain.installed(steps.STD["RUSTC"] if step == "std" else "rustc"),
    }
    for other, there in toolchain.other_std(result).items():
        print(f"warning: {name}: {other} was made {'with' if there else 'without'} rust-src, try was not", file=sys.stderr)
    save(name, result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="where all is built [default: a folder of the user's cache]")
    parser.add_argument("--steps", default=",".join(STEPS), help="only these")
    parser.add_argument("--again", default="", help="these once more")
    parser.add_argument("--budget", default=steps.BUDGET, help="longest time of hone's own rounds [default: %(default)s]")
    parser.add_argument("--table-only", action="store_true", help="only write RESULTS.md from what is there")
    parser.add_argument("--readme", metavar="NAME", choices=PROJECTS, help="only print the README's table of a program")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROJECTS)}")
    args = parser.parse_args()
    if args.readme:
        print("\n".join(report.readme_table(load(args.readme))))
        return 0
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    work = (args.work or cache / "hone-bench").resolve()
    steps.BUDGET = args.budget
    again = [step for step in args.again.split(",") if step]
    unknown = set(args.names) - set(PROJECTS) or {*again, *args.steps.split(",")} - set(STEPS)
    if unknown:
        parser.error(f"not known: {', '.join(sorted(unknown))}")
    hone = shutil.which(os.environ.get("HONE", "cargo-hone"))
    if not hone and not args.table_only:
        parser.error("set HONE to the built cargo-hone")
    for name in [] if args.table_only else args.names or PROJECTS:
        folders, result = Folders(work, name), load(name)
        fetch(name, folders)
        for step in STEPS:
            if step in again or (step in args.steps.split(",") and step not in result["steps"]):
                run_step(step, name, result, folders, Path(hone).resolve(), step in again)
    results = {name: result for name in PROJECTS if (result := load(name))["steps"]}
    if results:
        (HERE / "RESULTS.md").write_text(report.text(results))
    return 1 if report.differing(results) else 0


if __name__ == "__main__":
    sys.exit(main())
