#!/usr/bin/env python3
"""What `cargo hone check` says of published programs: from version to version, of a commit beside itself, and of changes that are
planted, whose cause it has to name.

  HONE=build/src/cli/cargo-hone bench/check/history.py ROWS.jsonl [NAME...] [--folder DIR] [--regress CARGO_REGRESS] [--deadline S]
  bench/check/history.py ROWS.jsonl --write

Takes the versions from crates.io (`cargo fetch`), commits them one after another into a local git, and checks every one beside the one
before it. --regress: cargo-regress on the same pairs, each ended after --deadline seconds. Every row of a table is a line of ROWS.jsonl
as soon as it is known, so that a later call goes on, and two programs may have a call each. --write puts the tables into RESULTS.md
beside this script. Fails where rows do not sum to the change, a commit differs from itself, or a planted change is not named.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import beside

PROGRAMS = {"hexyl": ["0.14.0", "0.15.0", "0.16.0"], "pastel": ["0.9.0", "0.10.0"]}
HERE = Path(__file__).resolve().parent
HONE = str(Path(os.environ.get("HONE", HERE.parents[1] / "build/src/cli/cargo-hone")).resolve())
MAIN = {"hexyl": "src/main.rs", "pastel": "src/cli/main.rs"}

GENERIC = """
#[inline(never)]
fn planted<T: std::fmt::Debug + Clone>(x: &[T]) -> usize { let mut v = x.to_vec(); v.reverse(); format!("{v:?}{v:#?}").len() }
#[used]
static PLANTED: fn() -> usize = || planted(&[1u8]) + planted(&[1u16]) + planted(&[1.5f32]) + planted(&["x"]) + planted(&[(1u8, 'c')]);
"""
TABLE = "\n#[used]\nstatic PLANTED_TABLE: [u8; 40000] = [7; 40000];\n"
DEPENDENCY = "\n#[used]\nstatic PLANTED_USE: fn() -> usize = || semver::Version::parse(\"1.2.3-a.4\").map_or(0, |v| v.to_string().len());\n"


def run(argv, cwd, codes=(0,), env=None):
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, env=os.environ | (env or {}))
    if done.returncode not in codes:
        sys.exit(f"{argv} in {cwd}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def git(folder, *args):
    return run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *args], folder).stdout.strip()


def commit(folder, message):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD")


def fetched(name, version, work):
    """The folder of the crate's sources, as cargo unpacks it."""
    probe = work / f"fetch-{name}-{version}"
    (probe / "src").mkdir(parents=True, exist_ok=True)
    (probe / "src/lib.rs").write_text("")
    (probe / "Cargo.toml").write_text(f'[package]\nname = "probe"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n{name} = "={version}"\n[workspace]\n')
    run(["cargo", "fetch", "-q"], probe)
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    return next(home.glob(f"registry/src/*/{name}-{version}"))


def history(name, work):
    """A git with a commit for every version; [(version, commit)]."""
    project, commits = work / name, []
    project.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(project / ".git", ignore_errors=True)
    git(project, "init", "-q", "-b", "main")
    for version in PROGRAMS[name]:
        for old in project.iterdir():
            if old.name not in (".git", "target"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        shutil.copytree(fetched(name, version, work), project, dirs_exist_ok=True)
        for stray in (".cargo-ok", ".cargo_vcs_info.json"):
            (project / stray).unlink(missing_ok=True)
        (project / ".gitignore").write_text("/target\n")
        with (project / "Cargo.toml").open("a") as f:
            f.write("\n[workspace]\n")
        commits.append((version, commit(project, f"{name} {version}")))
    return project, commits


def check(project, base, *args):
    start = time.monotonic()
    told = json.loads(run([HONE, "hone", "check", "--base", base, "--format", "json", "-q", *args], project, (0, 4)).stdout)
    told["wall"] = time.monotonic() - start
    delta = told["head"]["size"] - told["base"]["size"]
    for view in ("crates", "functions"):
        if sum(row["delta"] for row in told[view]) != delta:
            sys.exit(f"{view} do not sum to {delta}")
    return told


def plant(project, name):
    """(what is planted, its commit, what the check has to name) one at a time, on the last version."""
    last = git(project, "rev-parse", "HEAD")
    main = project / MAIN[name]
    source, manifest = main.read_text(), (project / "Cargo.toml").read_text()

    def one(what, expected, edit):
        git(project, "checkout", "-q", "-B", "planted", last)
        edit()
        return what, commit(project, what), expected

    def lockless(text):
        (project / "Cargo.toml").write_text(text)
        run(["cargo", "update", "-q", "--workspace"], project)

    yield one("a table of 40,000 bytes", "PLANTED_TABLE", lambda: main.write_text(source + TABLE))
    yield one("five instances of a generic", "planted", lambda: main.write_text(source + GENERIC))
    yield one("a dependency", "semver", lambda: (main.write_text(source + DEPENDENCY), lockless(manifest.replace("[workspace]", '[dependencies.semver]\nversion = "1"\n[workspace]'))))
    yield one("opt-level 2", "opt-level", lambda: (project / "Cargo.toml").write_text(manifest.replace("[profile.release]\n", "[profile.release]\nopt-level = 2\n")))
    git(project, "checkout", "-q", "main")


def causes(told, n=4):
    rows = [f"{r['owner']} {r['delta']:+,}" for r in told["crates"][:n]]
    new = [d["name"] for d in told["dependencies"] if not d["base"]]
    gone = [d["name"] for d in told["dependencies"] if not d["head"]]
    other = [d["name"] for d in told["dependencies"] if d["base"] and d["head"] and d["base"]["version"] != d["head"]["version"]]
    doubled = [d["name"] for d in told["dependencies"] if d["doubled"]]
    settings = [f"{s['key']} {s['base'] or 'unset'} -> {s['head'] or 'unset'}" for s in told["settings"]]
    return "; ".join(rows), f"{len(new)}, {len(gone)}, {len(other)}", ", ".join(doubled), "; ".join(settings)


def is_named(told, expected):
    names = [r["name"] or "" for r in told["functions"]] + [r["owner"] for r in told["crates"]]
    names += [d["name"] for d in told["dependencies"]] + [s["key"] for s in told["settings"]]
    return any(expected in n for n in names)


HEADS = {
    "pairs": ["| program | pair | base | head | change | named: crates with the largest change, bytes | packages new, gone, of another version | doubled | settings | without a row | s |",
              "| --- | --- | ---: | ---: | ---: | --- | ---: | --- | --- | ---: | ---: |"],
    "planted": ["| program | planted | change | named | its row | without a row | s |", "| --- | --- | ---: | --- | --- | ---: | ---: |"],
    "regress": beside.HEAD,
}


class Rows:
    """The rows of the tables, by table, program and pair, in a file that calls share."""

    def __init__(self, path):
        self.path = path
        self.known = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def has(self, table, program, what):
        return any((r["table"], r["program"], r["what"]) == (table, program, what) for r in self.known)

    def add(self, table, program, what, row, bad=None):
        self.known.append({"table": table, "program": program, "what": what, "row": row, "bad": bad})
        with self.path.open("a") as f:
            f.write(json.dumps(self.known[-1]) + "\n")
        print(row, flush=True)

    def text(self, table):
        return "\n".join(HEADS[table] + [r["row"] for name in PROGRAMS for r in self.known if (r["table"], r["program"]) == (table, name)]) + "\n"

    def write(self):
        path = HERE / "RESULTS.md"
        text = path.read_text()
        for mark, new in {"tables": self.text("pairs") + "\n" + self.text("planted"), "regress": self.text("regress")}.items():
            start, end = text.index(f"<!-- {mark} -->"), text.index(f"<!-- end of {mark} -->")
            text = text[:start] + f"<!-- {mark} -->\n" + new + text[end:]
        path.write_text(text)


def pair(rows, name, old, new, told):
    crates, packages, doubled, settings = causes(told)
    base, head = told["base"]["size"], told["head"]["size"]
    rows.add("pairs", name, f"{old} to {new}", f"| {name} | {old} to {new} | {base:,} | {head:,} | {head - base:+,} | {crates} | {packages} | {doubled} | {settings} | 0 | {told['wall']:.0f} |")


def itself(rows, name, version, told):
    base, head = told["base"], told["head"]
    same = "the same file" if base["hash"] == head["hash"] else "other bytes, none larger"
    bad = f"{name} differs from itself" if head["size"] != base["size"] or told["crates"] else None
    rows.add("pairs", name, "itself", f"| {name} | {version} beside itself | {base['size']:,} | {head['size']:,} | {head['size'] - base['size']} | {same} | 0, 0, 0 | | | 0 | {told['wall']:.0f} |", bad)


def changed(rows, name, what, expected, told):
    row = next((f"`{r['name'] or r['owner']}` {r['delta']:+,}" for r in told["functions"] if expected in (r["name"] or "") or expected == r["owner"]), "")
    row = row or next((f"{d['name']} by way of {d['head']['via']}" for d in told["dependencies"] if d["name"] == expected and d["head"]), "")
    row = row or next((f"{s['key']}: {s['base']} -> {s['head']}" for s in told["settings"] if s["key"] == expected), "")
    named = is_named(told, expected)
    delta = told["head"]["size"] - told["base"]["size"]
    rows.add("planted", name, what, f"| {name} | {what} | {delta:+,} | {'yes' if named else 'NO'} | {row} | 0 | {told['wall']:.0f} |", None if named else f"{name}: {what} is not named")


def program(rows, name, work, tool, deadline):
    project, commits = history(name, work)
    if not rows.has("pairs", name, "itself"):
        itself(rows, name, commits[-1][0], check(project, commits[-1][1]))

    def compared(table, what, base, head, add, *limits):
        other = tool and not rows.has("regress", name, what)
        if rows.has(table, name, what) and not other:
            return
        git(project, "checkout", "-q", head)
        told = check(project, base, *limits)
        if not rows.has(table, name, what):
            add(told)
        if other:
            words = work / f"regress-{name}-{re.sub(r'[^a-z0-9.]+', '-', what)}.txt"
            rows.add("regress", name, what, beside.line(name, what, told, tool, project, base, head, words, deadline))

    for (old, base), (new, head) in zip(commits, commits[1:]):
        compared("pairs", f"{old} to {new}", base, head, lambda told: pair(rows, name, old, new, told))
    git(project, "checkout", "-q", "main")
    for what, head, expected in plant(project, name):
        compared("planted", what, commits[-1][1], head, lambda told: changed(rows, name, what, expected, told), "--limit", "size=+0")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=Path)
    parser.add_argument("names", nargs="*", default=list(PROGRAMS))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--regress")
    parser.add_argument("--deadline", type=float, default=900)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    rows = Rows(args.rows)
    if args.write:
        rows.write()
    else:
        work = args.folder or Path(tempfile.mkdtemp())
        for name in args.names:
            program(rows, name, work, args.regress, args.deadline)
    bad = [r["bad"] for r in rows.known if r["bad"]]
    for line in bad:
        print(f"FAILED {line}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
