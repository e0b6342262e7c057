#!/usr/bin/env python3
"""Runs `cargo hone try` on real programs and compares every binary with the one that literal cargo
commands make (literal.sh, in which no code of hone takes part).

Usage: HONE=.../cargo-hone run.py [--literal] [--work DIR] [NAME...]

Without names: all. Results are kept one file a project in results/ and literal/, and RESULTS.md is
written from all of them, so that each project can be run alone. --literal builds the literal
binaries anew; else those of literal/ are taken, if they are of the same version and toolchain.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import inputs  # noqa: E402

# {in} is the made input. Single threads: what is compared is code, not scheduling.
PROJECTS = {
    "ripgrep": {
        "version": "13.0.0",
        "bin": "rg",
        "input": inputs.text,
        "run": r"-j1 -c -i '[a-z]+ing\s+[a-z]+ed' {in}",
        "what": "counts the lines of a 24 MB text that match a case-insensitive pattern",
    },
    "fd-find": {
        "version": "10.5.0",
        "bin": "fd",
        "input": inputs.tree,
        "run": r"-j1 --no-ignore '^[a-m].*ing' {in}",
        "what": "finds names by a pattern in a tree of 600 folders and 15,000 files",
    },
    "hexyl": {
        "version": "0.17.0",
        "bin": "hexyl",
        "input": inputs.bytes_file,
        "run": "--color=always {in}",
        "what": "dumps 1.5 MB in colour",
    },
    "tokei": {
        "version": "15.0.0",
        "bin": "tokei",
        "input": inputs.sources,
        "run": "--sort code {in}",
        "env": {"RAYON_NUM_THREADS": "1"},
        "what": "counts the lines of 900 source files in four languages",
    },
    "miniserve": {
        "version": "0.35.0",
        "bin": "miniserve",
        "input": None,
        "run": None,
        "what": "only starts: no workload was given, so hone measured `--version`",
    },
}
RECIPES = ["baseline", "small", "fast", "balanced"]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def save(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def rustc_version():
    return subprocess.run(["rustc", "-V"], check=True, capture_output=True, text=True).stdout.strip()


class Folders:
    def __init__(self, work, name):
        self.source = work / "source" / name
        # Debug information holds the project's path: literal and hone's builds happen at the same one.
        self.project = work / "project" / name
        self.literal = work / "literal" / name
        self.input = work / "input" / name


def fetch(name, project, folders):
    if not folders.source.exists():
        subprocess.run([HERE / "fetch.sh", name, project["version"], folders.source], check=True)


def literal(name, project, folders, anew):
    """Sizes and hashes of what plain cargo builds."""
    path = HERE / "literal" / f"{name}.json"
    wanted = {"version": project["version"], "rustc": rustc_version()}
    if path.exists() and not anew:
        known = json.loads(path.read_text())
        if {key: known[key] for key in wanted} == wanted:
            return known
    script = HERE / "literal.sh"
    (folders.literal / "results.tsv").unlink(missing_ok=True)
    subprocess.run(
        [script, folders.source, folders.project, folders.literal, project["bin"], *RECIPES], check=True
    )
    return read_literal(name, project, folders)


def read_literal(name, project, folders):
    recipes = {}
    for line in (folders.literal / "results.tsv").read_text().splitlines():
        recipe, size, digest, command = line.split("\t")
        recipes[recipe] = {"size": int(size), "sha256": digest, "commands": command}
    known = {"version": project["version"], "rustc": rustc_version(), "recipes": recipes}
    save(HERE / "literal" / f"{name}.json", known)
    return known


def hone_try(hone, project, folders):
    """Runs hone in a fresh copy of the project; its JSON, with a SHA-256 for each file."""
    shutil.rmtree(folders.project, ignore_errors=True)
    shutil.copytree(folders.source, folders.project)
    args = ["try"]
    if project["input"]:
        if not folders.input.exists():
            folders.input.parent.mkdir(parents=True, exist_ok=True)
            project["input"](folders.input)
        args += ["--run", project["run"].replace("{in}", str(folders.input))]
    args += ["--locked", "--format", "json"]
    env = os.environ | project.get("env", {})
    done = subprocess.run([hone, *args], cwd=folders.project, env=env, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"run.py: cargo hone try ended with exit code {done.returncode}")
    result = json.loads(done.stdout)
    for trial in result["trials"]:
        if "path" in trial:
            trial["sha256"] = sha256(trial["path"])
            del trial["path"]
    # Where it lay on this machine is nobody's business, and samples are many.
    del result["project"]["manifest"], result["project"]["package"]
    for workload in result["workloads"]:
        if project["run"]:
            workload["name"] = project["run"]
        for metric in workload["metrics"]:
            metric.pop("control", None)
            for trial in metric["trials"]:
                trial["samples"] = len(trial["samples"])
    shown = ["--run", f'"{project["run"]}"'] if project["run"] else []
    variables = [f"{k}={v}" for k, v in project.get("env", {}).items()]
    result["command"] = " ".join([*variables, "cargo hone try", *shown, "--locked --format json"])
    return result


def measured(result, name):
    """Ratio with interval, and verdict, of a trial by the primary metric of the first workload."""
    for workload in result["workloads"][:1]:
        for metric in workload["metrics"]:
            for trial in metric["trials"]:
                if metric["primary"] and trial["name"] == name:
                    return metric, trial
    return None, None


def time_cells(result, name):
    metric, trial = measured(result, name)
    if trial is None:
        return "", "", ""
    if name == result["baseline"]:
        return f"{trial['median'] * 1000:.1f} ms", "1", ""
    interval = f"{trial['ratio']:.3f} [{trial['low']:.3f}, {trial['high']:.3f}]"
    return f"{trial['median'] * 1000:.1f} ms", interval, trial["verdict"]


def table(result, known):
    """The lines of a project's table."""
    base = next(t for t in result["trials"] if t["name"] == result["baseline"])
    lines = [
        "| candidate | bytes | ratio | stripped | gzip | time | time ratio, 95 % interval | verdict | literal cargo |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for trial in result["trials"]:
        name = trial["name"]
        if trial["status"] != "built":
            lines.append(f"| {name} | {trial['status']}: {trial['reason']} | | | | | | | |")
            continue
        time, ratio, verdict = time_cells(result, name)
        same = known["recipes"][name]["sha256"] == trial["sha256"]
        how = "same bytes" if same else "**other bytes**"
        if not same and trial["path_dependent"]:
            how += " (embeds its build folder)"
        lines.append(
            f"| {name} | {trial['size']:,} | {trial['size'] / base['size']:.3f} | {trial['stripped_size']:,} | "
            f"{trial['gzip_size']:,} | {time} | {ratio} | {verdict} | {how} |"
        )
    return lines


def section(name, result, known):
    project = PROJECTS[name]
    best = result["best"]["allowed"]
    lines = [f"## {name} {known['version']}", "", f"It {project['what']}: `{result['command']}`", ""]
    lines += table(result, known)
    rounds = [workload["rounds"] for workload in result["workloads"]]
    primary = [m["metric"] for w in result["workloads"] for m in w["metrics"] if m["primary"]]
    lines += ["", f"Smallest: {best['small']}. Fastest: {best['fast']}. Balanced: {best['balanced'] or 'none proved'}."]
    if rounds:
        lines[-1] += f" Judged by {primary[0]} over {rounds[0]} rounds."
    lines += ["", "| candidate | literal commands | SHA-256 by cargo | SHA-256 by hone |", "| --- | --- | --- | --- |"]
    for trial in result["trials"]:
        recipe = known["recipes"][trial["name"]]
        ours = trial.get("sha256", "")
        lines.append(f"| {trial['name']} | `{recipe['commands']}` | `{recipe['sha256']}` | `{ours}` |")
    return lines + [""]


def write_results():
    found = []
    for name in PROJECTS:
        paths = [HERE / folder / f"{name}.json" for folder in ("results", "literal")]
        if all(path.exists() for path in paths):
            found.append((name, *(json.loads(path.read_text()) for path in paths)))
    if not found:
        return
    _, first, known = found[0]
    machine = first["machine"]
    lines = [
        "# Real programs",
        "",
        "Written by `bench/real/run.py`; each section is one run of `cargo hone try` on a published version, in a",
        "fresh copy of its source with its own Cargo.lock. Sizes are of the file as cargo leaves it; `stripped` is",
        "without symbols and debug information. Times are medians; ratios are to the baseline. `literal cargo`",
        "compares the file with what plain cargo gives when the same keys are written into Cargo.toml by hand",
        "(`literal.sh`, in which no code of hone takes part).",
        "",
        f"{known['rustc']}; {machine['cpu']}, {machine['cores']} cores"
        + (", virtual machine" if machine.get("virtual") else "") + f"; {machine['kernel']}.",
        "",
    ]
    for name, result, known in found:
        lines += section(name, result, known)
    (HERE / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--literal", action="store_true")
    parser.add_argument("--literal-only", action="store_true", help="build the literal binaries and stop")
    parser.add_argument("--table-only", action="store_true", help="only write RESULTS.md from what is there")
    parser.add_argument("--work", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROJECTS)}")
    args = parser.parse_args()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    work = (args.work or cache / "hone-bench").resolve()
    unknown = set(args.names) - set(PROJECTS)
    if unknown:
        parser.error(f"no such project: {', '.join(sorted(unknown))}")
    hone = shutil.which(os.environ.get("HONE", "cargo-hone"))
    if not hone and not (args.literal_only or args.table_only):
        parser.error("set HONE to the built cargo-hone")
    differs = False
    for name in [] if args.table_only else args.names or PROJECTS:
        project, folders = PROJECTS[name], Folders(work, name)
        fetch(name, project, folders)
        known = literal(name, project, folders, args.literal or args.literal_only)
        if args.literal_only:
            continue
        result = hone_try(hone, project, folders)
        save(HERE / "results" / f"{name}.json", result)
        print("\n".join(table(result, known)), flush=True)
        for trial in result["trials"]:
            differs |= trial.get("sha256") != known["recipes"][trial["name"]]["sha256"]
    write_results()
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
