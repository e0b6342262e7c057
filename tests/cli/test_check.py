"""`check` builds two states of a project and says what changed in size, why, and whether it may."""

import json
import os
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from harness import KIT_MAIN, KIT_MANIFEST, cargos_time, check

GREW = KIT_MAIN + """
#[inline(never)]
fn grown<T: std::fmt::Debug>(x: &[T]) -> usize { format!("{x:?}{x:#?}").len() }
pub fn more() { println!("{}", grown(&[1u8]) + grown(&[2.5f64]) + grown(&["x"])); }
#[used]
static MORE: fn() = more;
#[used]
static TABLE: [u8; 5000] = [7; 5000];
"""


def git(folder, *args):
    done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *args],
                          cwd=folder, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"git {args}: {done.stderr}")
    return done.stdout.strip()


def repository(box, **files):
    kit = box.kit(**{".gitignore": "target\n", **files})
    git(kit, "init", "-q")
    commit(kit, "first")
    return kit


def commit(kit, message):
    git(kit, "add", "-A")
    git(kit, "commit", "-qm", message)


def holds_together(told):
    """Every byte of the change is in one row of each view."""
    delta = told["head"]["size"] - told["base"]["size"]
    for view in ("crates", "functions"):
        check(sum(row["delta"] for row in told[view]) == delta, f"{view} do not sum to {delta}")


@cargos_time
def test_a_commit_beside_itself(box):
    """0 bytes, with paths in the file (debug information, a build script's folder) and without."""
    manifest = KIT_MANIFEST + 'debug = "line-tables-only"\nsplit-debuginfo = "off"\n'
    script = 'fn main() { std::fs::write(format!("{}/x.txt", std::env::var("OUT_DIR").unwrap()), "x").unwrap(); }\n'
    main = KIT_MAIN + '#[used]\nstatic X: &str = concat!(env!("OUT_DIR"), include_str!(concat!(env!("OUT_DIR"), "/x.txt")), env!("CARGO_MANIFEST_DIR"));\n'
    kit = repository(box, **{"Cargo.toml": manifest, "build.rs": script, "src/main.rs": main, "hone.toml": '[hone]\nbudget = "5min"\n[budget]\nsize = "+0"\ngzip = "+5%"\n'})
    told = box.good(kit, ["check", "--base", "HEAD", "--format", "json"]).json()
    check(told["base"]["size"] == told["head"]["size"] and not told["crates"] and not told["functions"], told["crates"])
    check(told["base"]["stripped"] == told["head"]["stripped"] and not told["dependencies"] and not told["settings"], told)
    check([b["verdict"] for b in told["budgets"]] == ["within", "within"], told["budgets"])
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


def test_what_grew(box):
    """A branch beside where it left main: causes, a dependency, a setting, budgets; then what is edited counts, too."""
    kit = repository(box, **{"inner/Cargo.toml": '[package]\nname = "inner"\nversion = "0.3.0"\nedition = "2021"\n[features]\nextra = []\n', "inner/src/lib.rs": "pub fn f() {}\n"})
    git(kit, "checkout", "-qb", "work")
    (kit / "src/main.rs").write_text(GREW)
    (kit / "Cargo.toml").write_text(KIT_MANIFEST.replace("opt-level = 2 # chosen by hand", "opt-level = 1") + '[dependencies]\ninner = { path = "inner", features = ["extra"] }\n')
    (kit / "Cargo.lock").unlink()
    commit(kit, "grow")
    (kit / "hone.toml").write_text('[budget]\nsize = ["+50%", "+4 kB"]\nstripped = 100000000\ncrates = "+0"\n')
    github = {"GITHUB_STEP_SUMMARY": str(box.root / "summary.md"), "GITHUB_ACTIONS": "true"}
    told = box.run(kit, "check", "--format", "json", env=github).expect_error(4, "::error title=cargo hone check::size is", "size is", "above its budget", "crates is 2, 1 above").json()
    check((box.root / "summary.md").read_text().startswith("<!-- cargo hone check: kit -->"), "no summary")
    holds_together(told)
    names = {row["name"]: row for row in told["functions"] if row["owner"] == "kit"}
    check(names["kit::more"]["why"] == "new", names.keys())
    check(sum(row["head_items"] for name, row in names.items() if name and "grown" in name) == 3, names.keys())
    check(any(row["delta"] >= 5000 for row in told["crates"]), told["crates"])
    check([g["more"] for g in told["instances"] if g["name"] == "kit::grown"] == [3], told["instances"])
    check([(d["name"], d["base"], d["head"]["via"], d["head"]["features"]) for d in told["dependencies"]] == [("inner", None, "kit > inner", "extra")], told["dependencies"])
    check([(s["key"], s["base"], s["head"]) for s in told["settings"]] == [("opt-level", "2", "1")], told["settings"])
    check([b["verdict"] for b in told["budgets"]] == ["within", "over", "within", "over"], told["budgets"])
    check("1 uncommitted edit" in told["head"]["what"], told["head"])
    # A comment: it begins with what finds it again, and is short.
    comment = box.run(kit / "src", "check", "--format", "markdown", "--limit", "size=+1MB", "--limit", "crates=+1", "--also", f"gitlab={box.root}/none.json").expect(0).out
    check(json.loads((box.root / "none.json").read_text()) == [], "an issue that is none")
    check(comment.startswith("<!-- cargo hone check: kit -->\n### kit: +") and "within budget" in comment and "<details>" in comment, comment)
    check(len(comment) < 60000 and "inner 0.3.0" in comment, comment)
    check("Cause" not in comment, comment)
    # Of what is over two budgets, why: above what is folded, which fits a screen.
    comment = box.run(kit, "check", "--format", "markdown", "--limit", "size=+0", "--limit", "gzip=+0").expect(4).out
    above = comment.split("<details>")[0].splitlines()
    said = [line for line in above if "Cause" in line]
    check(len(said) == 2 and "bytes" in said[0] and "opt-level was 2, is 1" in said[1], comment)
    check(len(above) <= 24 and max(map(len, above)) <= 200, comment)
    forms(box, kit)


SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def forms(box, kit):
    """What pages of forges read, of what is over two budgets: the size, by its line of hone.toml, and crates."""
    files = {form: box.root / f"told.{form}" for form in ("sarif", "gitlab", "junit")}
    also = [word for form, file in files.items() for word in ("--also", f"{form}={file}")]
    first = box.run(kit, "check", "--format", "sarif", *also).expect(4).out
    told = {form: file.read_text() for form, file in files.items()}
    check(first == told["sarif"], "--also is another SARIF")
    log = json.loads(first)
    (run,) = log["runs"]
    check([r["level"] for r in run["results"]] == ["error", "error"] and log["version"] == "2.1.0", run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    check(place["artifactLocation"]["uri"] == "hone.toml" and place["region"]["startLine"] == 2, place)
    text = run["results"][1]["message"]["text"]
    check("inner 0.3.0 is new, by way of kit > inner, features extra" in text and "opt-level was 2, is 1" in text, text)
    against_schema(log)
    # https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format: what GitLab asks for.
    issues = json.loads(told["gitlab"])
    check(len(issues) == 2 and len({i["fingerprint"] for i in issues}) == 2, issues)
    for issue in issues:
        check(set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}, issue)
        check(issue["severity"] == "major" and issue["severity"] in SEVERITIES and "\n" not in issue["description"], issue)
        check(issue["location"]["path"] == "hone.toml" and issue["location"]["lines"]["begin"] in (2, 4), issue["location"])
    box.bad(kit, ["check", "--also", "csv=x"], 2, "--also takes FORMAT=FILE, where FORMAT is text, markdown, json, sarif, gitlab or junit")
    root = ET.fromstring(told["junit"])
    (suite,) = root
    cases = list(suite)
    check(root.tag == "testsuites" and suite.tag == "testsuite" and suite.get("name") == "kit", root)
    check((suite.get("tests"), suite.get("failures"), suite.get("skipped"), suite.get("errors")) == ("4", "2", "0", "0"), suite.attrib)
    check([c.get("name") for c in cases] == ["size: +50%", "size: +4 kB", "stripped: 100000000", "crates: +0"], [c.attrib for c in cases])
    check([[e.tag for e in c] for c in cases] == [[], ["failure"], [], ["failure"]] and all(c.get("classname") == "hone check.kit" for c in cases), "cases")
    check("kit::TABLE of kit: +5,000 bytes, new" in cases[1][0].text and cases[1][0].get("message").startswith("size is "), ET.tostring(cases[1]))
    box.bad(kit, ["show", "--format", "junit"], 2, "has no format junit")


def against_schema(log):
    """The schema as the crate serde-sarif carries it, where cargo has unpacked it."""
    try:
        import jsonschema
    except ImportError:
        return
    homes = [os.environ.get("CARGO_HOME"), str(Path.home() / ".cargo")]
    for schema in [s for h in homes if h for s in Path(h).glob("registry/src/*/serde-sarif-*/src/schema.json")][:1]:
        jsonschema.validate(log, json.loads(schema.read_text()))


def decided(box, kit, *words, code):
    """Once in a hundred times the base is told from its own copy, and nothing is decided then: it is asked again."""
    for _ in range(3):
        ran = box.run(kit, "check", *words)
        if ran.code == code:
            return ran
    return ran.expect(code)


@cargos_time
def test_time_beside_the_base(box):
    """A workload that takes several times as long is over its budget, whatever the machine does besides; one that takes the same is
    within a wide one; of one file no run is needed; without a binary it is undecided."""
    slow = KIT_MAIN.replace("0..3_000_000u64", "0..24_000_000u64")
    kit = repository(box, **{"hone.toml": '[[workload]]\nname = "sums"\nrun = "{bin} sum"\nmetric = "cpu"\n[budget]\ntime = "+3%"\n[budget.workload.sums]\npeak_memory = "+50%"\n'})
    saved = box.root / "base.json"
    box.run(kit, "check", "--save", saved).expect(0, "with its binary")
    told = box.good(kit, ["check", "--base", "HEAD", "--format", "json"]).json()
    check(told["runs"]["same_file"] and [b["verdict"] for b in told["budgets"]] == ["within", "within"], told["runs"])
    (kit / "src/main.rs").write_text(slow)
    short = ["--rounds", "30"]
    told = decided(box, kit, "--against", saved, "--format", "json", *short, code=4).expect_error(4, "time of sums is", "proved to be above its budget of +3%").json()
    rows = {m["metric"]: m for m in told["runs"]["metrics"]}
    check(rows["cpu"]["primary"] and rows["cpu"]["low"] > 1.5 and rows["cpu"]["rounds"] == 30 and "peak_memory" in rows, rows)
    check({b["figure"]: b["verdict"] for b in told["budgets"]} == {"time": "over", "peak_memory": "within"}, told["budgets"])
    other = json.loads(saved.read_text())
    saved.write_text(json.dumps({**other, "binary": other["binary"][:-8] + "AAAA" + other["binary"][-4:]}))
    box.run(kit, "check", "--against", saved).expect_error(1, "its binary is not whole")
    del other["binary"]
    saved.write_text(json.dumps(other))
    box.run(kit, "check", "--against", saved).expect_error(3, "time of sums is undecided", "the saved base has no binary", "--undecided pass")
    box.run(kit, "check", "--against", saved, "--undecided", "pass").expect(0, "Undecided")
    box.run(kit, "check", "--against", saved, "--undecided", "fail").expect_error(4, "over budget: time of sums is undecided")
    cases = list(ET.fromstring(box.run(kit, "check", "--against", saved, "--format", "junit").expect(3).out)[0])
    check([[e.tag for e in c] for c in cases] == [["skipped"], ["skipped"]], "cases")


@cargos_time
def test_runs_that_do_not_work(box):
    """A head that fails a workload fails the check; a workload that the base fails is undecided; other words are said."""
    kit = repository(box)
    (kit / "src/main.rs").write_text(KIT_MAIN.replace('"kit 1.0.0"', '"kit 1.0.1"').replace('Some("panic-kind")', 'Some("new")'))
    box.run(kit, "check", "--base", "HEAD", "--run", "panic-kind", "--rounds", "15").expect_error(1, "the head fails: workload `panic-kind`: exit code 2")
    box.run(kit, "check", "--base", "HEAD", "--run", "new", "--rounds", "15", "--limit", "time=+5%").expect_error(3, "workload `new`", "kit: no such command")
    decided(box, kit, "--base", "HEAD", "--run", "--version", "--rounds", "15", "--limit", "peak_memory=+900%", code=0).expect(0, "prints other words than base")
    box.run(kit, "check", "--base", "HEAD", "--run", "sum", "--no-run").expect(2, "--run and --no-run")
    # What this machine's programs do not have is not called small.
    box.run(kit, "check", "--base", "HEAD", "--limit", "flash=64kB", "--limit", "brotli=+1%").expect(
        3, "flash is undecided beside its budget of 64kB", "is counted for programs without an operating system alone",
        "brotli is undecided", "for WebAssembly alone")
    said = box.run(kit, "check", "--base", "HEAD", "--limit", "glibc=2.2", "--limit", "labels=", "--limit", "labels=debug").expect(4, "newer than its budget of 2.2").out
    check([line.split()[0] for line in said.splitlines() if line.startswith(("glibc", "labels"))] == ["glibc", "labels"], said)
    box.run(kit, "check", "--base", "HEAD", "--bin", "gone").expect(2, "no bin target named `gone`")


def test_a_saved_base(box):
    """What was saved stands for the base, while it is whole and of the same toolchain."""
    kit = repository(box)
    saved = box.root / "base.json"
    box.run(kit, "check", "--save", saved).expect(0, "Saved")
    (kit / "src/main.rs").write_text(GREW)
    told = box.run(kit, "check", "--against", saved, "--format", "json", "--save", box.root / "head.json").expect(0).json()
    holds_together(told)
    check(told["head"]["size"] > told["base"]["size"] and told["base"]["commit"] == git(kit, "rev-parse", "HEAD"), told["base"])
    text = saved.read_text()
    other = json.loads(text) | {"rustc": "rustc 1.70.0 (old)\nhost: x"}
    saved.write_text(json.dumps(other))
    box.run(kit, "check", "--against", saved).expect_error(1, "rustc 1.70.0", "--any-toolchain")
    box.run(kit, "check", "--against", saved, "--any-toolchain").expect(0, "Toolchain", "rustc 1.70.0 (old) at base")
    for bad in ("", text[:-40], "[]", "{}", text.replace('"size":', '"size":1'), text.replace("hone-check", "x")):
        saved.write_text(bad)
        box.run(kit, "check", "--against", saved).expect_error(1, "is no file of `cargo hone check --save`")


@cargos_time
def test_a_second_check_compiles_nothing(box):
    """What is as it was in the check before; what is not is compiled, also where its time is older, or where it is gone."""
    script = """use std::{env, fs};
fn main() {
    let n = 5000 * fs::read_dir("data").unwrap().count();
    fs::write(format!("{}/files.rs", env::var("OUT_DIR").unwrap()), format!("#[used]\\nstatic FILES: [u8; {n}] = [7; {n}];")).unwrap();
}
"""
    kit = repository(box, **{"build.rs": script, "data/a": "", "data/b": "", "src/main.rs": KIT_MAIN + 'include!(concat!(env!("OUT_DIR"), "/files.rs"));\n'})
    (kit / "tests").mkdir()
    (kit / "tests/link").symlink_to("../src/main.rs")
    commit(kit, "a link")

    def checked(built, fresh):
        done = box.run(kit, "check", "--base", "HEAD", "--format", "json").expect(0)
        check((done.err.count("   Built "), done.err.count("   Fresh ")) == (built, fresh), done.err)
        check(not list((box.root / "tmp").iterdir()), "a folder is left")
        told = done.json()
        return told["head"]["size"] - told["base"]["size"]

    check(checked(2, 0) == 0 and checked(0, 2) == 0, "a commit differs from itself")
    (kit / "src/main.rs").write_text(GREW + 'include!(concat!(env!("OUT_DIR"), "/files.rs"));\n')
    os.utime(kit / "src/main.rs", (1e9, 1e9))
    check(checked(1, 1) > 5000, "an older file is not compiled")
    git(kit, "checkout", "-q", ".")
    os.utime(kit / "src/main.rs", (1e9, 1e9))
    check(checked(1, 1) == 0, "what was put back is not compiled")
    (kit / "data/b").unlink()
    check(checked(1, 1) < -4900, "a file that is gone counts")
    check(checked(0, 2) < -4900, "the same again")
    for record in (kit / "target/hone/check").glob("*.times"):
        record.write_bytes(b"\0 x\0" + record.read_bytes()[:-9])
    check(checked(2, 0) < -4900, "a damaged record counts")


@cargos_time
def test_checks_at_once(box):
    """A check waits for another one of the same repository; what a killed one left is taken over."""
    hold, started = box.write("hold", ""), box.root / "started"
    script = f'fn main() {{ while std::path::Path::new("{hold}").exists() {{ std::fs::write("{started}", "").unwrap(); std::thread::sleep(std::time::Duration::from_millis(20)); }} }}\n'
    kit = repository(box, **{"build.rs": script})
    box.interrupt(kit, "check", "--base", "HEAD", when=started, sig=signal.SIGKILL)
    check([p.name[:11] for p in (box.root / "tmp").iterdir()] == ["hone-check-"], "a killed check left no folder")
    started.unlink()
    others = [["check", "--base", "HEAD", "--target-dir", str(box.root / name)] for name in ("one", "two")]
    start = lambda args: subprocess.Popen(box.command(args), cwd=kit, env=box.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: E731
    first = start(others[0])
    while not started.exists() and first.poll() is None:
        time.sleep(0.02)
    said = subprocess.run(box.command([*others[1], "--no-wait"]), cwd=kit, env=box.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    check(said.returncode == 1 and f"another hone is at work in {kit}: process {first.pid}" in said.stderr, said)
    second = start(others[1])
    said = second.stderr.readline()
    check("Waiting" in said and f"process {first.pid}" in said, said)
    hold.unlink()
    said = [first.communicate()[1], second.communicate()[1]]
    check([first.returncode, second.returncode] == [0, 0], said)
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


def test_a_folder_of_somebody_elses(box):
    """Where others may write nothing is laid out, and what lies there stays."""
    kit = repository(box)
    (box.root / "mine").mkdir()
    seen = box.root / "seen"
    rustc = box.program("wrap", f'#!/bin/sh\nls -d {box.root}/mine/* >>{seen}\nexec "$@"\n')
    env = {"TMPDIR": str(box.root / "mine"), "RUSTC_WRAPPER": str(rustc)}
    box.run(kit, "check", "--base", "HEAD", env=env).expect(0)
    name = Path(seen.read_text().split()[0])
    (name / "base").mkdir(parents=True)
    name.chmod(0o777)
    (kit / "src/main.rs").write_text(GREW)
    box.run(kit, "check", "--base", "HEAD", env=env).expect(0)
    check(len(set(seen.read_text().split())) == 2 and list(name.parent.iterdir()) == [name] and (name / "base").exists(), seen.read_text())


@cargos_time
def test_which_commit_did_it(box):
    """Binary search: says first how many builds, skips what does not build, names the commit with its causes, goes on from what is built."""
    kit = repository(box)
    for i in range(1, 9):
        table = "#[used]\nstatic TABLE: [u8; 9000] = [7; 9000];\n" if i >= 6 else ""
        (kit / "src/main.rs").write_text(KIT_MAIN.replace("kit: no such", f"kit: no such {i} ") + table + ("broken" if i == 4 else ""))
        commit(kit, f"number {i}")
    first = git(kit, "rev-parse", "HEAD~2")
    done = box.run(kit, "check", "--bisect", "HEAD~8..HEAD", "--format", "json").expect(0, "8 commits: at most 5 builds", "is skipped")
    told = done.json()
    check(told["head"]["commit"] == first and told["bisect"]["subject"] == "number 6" and told["base"]["commit"] == git(kit, "rev-parse", "HEAD~3"), told["bisect"])
    check((told["bisect"]["commits"], told["bisect"]["skipped"]) == (8, 0) and told["functions"][0]["name"] == "kit::TABLE", told["functions"])
    holds_together(told)
    again = box.run(kit, "check", "--bisect", "HEAD~8..HEAD", "--limit", "size=+4kB").expect(0, "number 6", "size above +4kB", "Found")
    check(again.err.count("       Built") <= 1, again.err)
    slow = (kit / "src/main.rs").read_text().replace("0..3_000_000u64", "0..24_000_000u64")
    (kit / "src/main.rs").write_text(slow)
    commit(kit, "slow")
    (kit / "src/main.rs").write_text(slow.replace("kit: no such", "kit: really no such"))
    commit(kit, "more")
    words = ["--run", "sum", "--limit", "time=+50%", "--rounds", "15"]
    found = [box.run(kit, "check", "--bisect", "HEAD~3..HEAD", *words).out for _ in range(2)]
    check(any('"slow" is the first of 3 commits with time above +50%' in out for out in found), found)
    box.bad(kit, ["check", "--bisect", "HEAD"], 2, "--bisect takes two revisions")
    box.bad(kit, ["check", "--bisect", "HEAD..gone"], 1, "no revision `gone`")
    box.bad(kit, ["check", "--bisect", "HEAD..HEAD~1"], 2, "there is no commit in HEAD..HEAD~1")
    box.bad(kit, ["check", "--bisect", "HEAD~10..HEAD~9", "--limit", "size=+1MB"], 2, "is not over a budget beside its beginning")
    box.bad(kit, ["check", "--bisect", "HEAD~1..HEAD", "--base", "HEAD"], 2, "--bisect names all that is built")
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


@cargos_time
def test_is_the_recipe_still_best(box):
    """Nothing applied: switch; applied: keep, with what changed since; a winner of the run before is tried again."""
    kit = repository(box, **{"Cargo.toml": KIT_MANIFEST.replace("opt-level = 2 # chosen by hand", "opt-level = 3")})
    box.good(kit, ["try", "opt-level=s,strip=symbols"])
    told = box.good(kit, ["check", "--recipe", "--format", "json"]).json()
    names, recipe = [t["name"] for t in told["trials"]], told["recipe"]
    check(names[:4] == ["baseline", "small", "fast", "balanced"] and len(names) == 5 and "strip" in names[4], names)
    check((recipe["applied"], recipe["switch_to"], recipe["before"]) == ("baseline", "balanced", 1), recipe)
    box.run(kit, "check", "--base", "HEAD", "--limit", "size=-1%").expect(4, "Remedy: balanced took ", "cargo hone apply balanced")
    box.run(kit, "apply", "balanced").expect(0)
    said = box.run(kit, "check", "--recipe").expect(0).out
    check("Keep: balanced: none of them is better" in said and "Changed: since run 2: baseline was" in said and "Next: keep what you have" in said, said)
    box.bad(kit, ["check", "--recipe", "--base", "HEAD"], 2, "--recipe compares recipes, not commits")
    box.bad(kit, ["check", "--recipe", "--format", "junit"], 2, "--recipe has no format junit")


def test_no_base(box):
    """What cannot be compared is said before anything is built."""
    kit = box.kit(**{".gitignore": "target\n"})
    box.bad(kit, ["check"], 1, "is in no git repository")
    git(kit, "init", "-q")
    box.bad(kit, ["check"], 1, "git knows no revision `HEAD`")
    commit(kit, "first")
    box.bad(kit, ["check"], 2, "HEAD is on main", "--base HEAD^")
    box.bad(kit, ["check", "--base", "gone"], 1, "git knows no revision `gone`")
    box.bad(kit, ["check", "--base", "--help"], 1, "git knows no revision `--help`")
    box.bad(kit, ["check", "--base", "HEAD", "--against", "x"], 2, "--base and --against")
    box.bad(kit, ["check", "--against", "gone.json"], 1, "gone.json")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "sizze=1"], 2, "no budget `sizze`", "did you mean `size`")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "size=10%"], 2, "this is no budget", "+1%")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "tme=+1%"], 2, "no budget `tme`", "did you mean `time`", "peak_memory")
    box.bad(kit, ["check", "--base", "HEAD", "--limit", "time=+1%"], 2, "a budget of time needs a workload", "--run 'ARGS'")
    box.bad(kit, ["check", "--base", "HEAD", "--undecided", "maybe"], 2, "--undecided takes fail or pass")
    box.bad(kit, ["check", "--base", "HEAD", "--rounds", "0"], 2, "--rounds takes a number")
    box.bad(kit, ["check", "--base", "HEAD", "--budget", "long", "--run", "sum"], 2, "--budget takes a time")
    box.bad(kit, ["check", "--base", "HEAD", "--run", "'"], 2, "--run")
    for text, said in (('labels = ["debx"]', "this is no label"), ('glibc = 2.31', "this is no budget of glibc"), ('time = "2 MB"', "this is no budget of time"),
                       ('[budget.workload]\nsums = 1', "write [budget.workload.NAME]"), ('[budget.workload.sums]\nsize = 1', "no budget `size` of a workload"),
                       ('wrkload = 1', "did you mean `workload`")):
        (kit / "hone.toml").write_text(f"[budget]\n{text}\n")
        box.bad(kit, ["check", "--base", "HEAD"], 1, "hone.toml:", said)
    (kit / "hone.toml").write_text('[[workload]]\nname = "sums"\nrun = "{bin} sum"\n[budget.workload.sum]\ncpu = "+1%"\n')
    box.bad(kit, ["check", "--base", "HEAD"], 2, "hone.toml:5", "there is no workload `sum`", "did you mean `sums`")
    for text, said in (('sizze = 1', "did you mean `size`"), ('size = true', "no budget of size"), ('size = "12 parsecs"', "no budget of size"), ('size = -4', "no budget of size")):
        (kit / "hone.toml").write_text(f"[budget]\n{text}\n")
        box.bad(kit, ["check", "--base", "HEAD"], 1, "hone.toml:2", said)
    (kit / "hone.toml").write_text("budget = 3\n")
    box.bad(kit, ["check", "--base", "HEAD"], 1, "write [budget]")
    (kit / "hone.toml").unlink()
    shallow = box.root / "shallow"
    (kit / "README").write_text("x")
    commit(kit, "second")
    git(box.root, "clone", "-q", "--depth", "1", f"file://{kit}", str(shallow))
    box.bad(shallow, ["check", "--base", "HEAD^"], 1, "this clone is shallow: `git fetch --unshallow`")
    nowhere = box.root / "nowhere"
    nowhere.mkdir()
    for name in ("cargo", "rustc", "rustup"):
        if shutil.which(name):
            (nowhere / name).symlink_to(shutil.which(name))
    box.bad(kit, ["check"], 1, "git", env={"PATH": str(nowhere)})


def test_a_base_that_does_not_build(box):
    kit = repository(box, **{"src/main.rs": "fn main() { broken }\n"})
    (kit / "src/main.rs").write_text(KIT_MAIN)
    commit(kit, "mend")
    box.bad(kit, ["check", "--base", "HEAD^"], 1, "the base (", "broken")
    (kit / "src/main.rs").write_text("fn main() { broken }\n")
    box.bad(kit, ["check", "--base", "HEAD"], 1, "the head (", "1 uncommitted edit", "broken")
    check(not list((box.root / "tmp").iterdir()), "a folder is left")


@cargos_time
def test_each_side_reads_its_own_files(box):
    """Config, toolchain and manifest of one side are nothing to the other; a program in a folder below is found."""
    kit = repository(box, **{".cargo/config.toml": '[build]\nrustflags = ["--cfg", "big"]\n',
                             "src/main.rs": KIT_MAIN + "#[cfg(big)]\n#[used]\nstatic BIG: [u8; 9000] = [7; 9000];\n"})
    (kit / ".cargo/config.toml").unlink()
    told = box.good(kit, ["check", "--base", "HEAD", "--format", "json"]).json()
    check(told["head"]["size"] <= told["base"]["size"] - 9000, told["head"])
    check([(s["key"], s["base"], s["head"]) for s in told["settings"]] == [("rustflags", "--cfg, big", None)], told["settings"])
    box.run(box.root, "check", "--base", "HEAD", "--manifest-path", kit / "Cargo.toml").expect(0)
