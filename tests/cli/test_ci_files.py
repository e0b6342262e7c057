"""action.yml and ci/: what is copied into projects works as it stands. Their shell is run here, with real git and cargo, and with
a forge that keeps comments in a file."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from harness import HONE, KIT_MAIN, Skip, cargos_time, check
from test_check import commit, git, repository

SOURCE = Path(__file__).resolve().parents[2]

# `cargo install` of these files: the program that is tested, where it was asked for.
CARGO = f"""#!/usr/bin/env bash
if [ "$1" = install ]; then
  echo "$@" >> "$INSTALLED"
  while [ $# -gt 0 ] && [ "$1" != --root ]; do shift; done
  mkdir -p "${{2:-$CARGO_HOME}}/bin" && cp '{HONE}' "${{2:-$CARGO_HOME}}/bin/cargo-hone"
else
  exec @REAL@ "$@"
fi
"""
# What of `gh api` the action uses.
GH = """#!/usr/bin/env python3
import json, os, subprocess, sys
words, store = sys.argv[1:], os.environ["COMMENTS"]
comments = json.load(open(store))
path = next(w for w in words if w.startswith("repos/"))
if "--jq" in words:
    filter = words[words.index("--jq") + 1]
    sys.exit(subprocess.run(["jq", "-r", filter], input=json.dumps(comments), text=True).returncode)
name, file = words[words.index("--field") + 1].split("=@")
body = open(file).read()
assert name == "body" and len(body) < 65536
if "PATCH" in words:
    for c in comments:
        if path.endswith(f"/comments/{c['id']}"):
            c["body"] = body
else:
    assert path == "repos/owner/app/issues/7/comments", path
    comments.append({"id": 100 + len(comments), "body": body})
json.dump(comments, open(store, "w"))
"""


def load(path):
    try:
        import yaml
    except ImportError as e:
        raise Skip("no python3-yaml") from e
    return yaml.safe_load((SOURCE / path).read_text())


def filled(text, values):
    """${{ expressions }} as the forge fills them in: each has to be known here."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m[1]], text)


def shell(box, script, env, cwd, code=0):
    """As both forges run it: bash, which ends at the first error."""
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=cwd, env=box.env | env,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)
    check(done.returncode == code, f"exit code {done.returncode} of:\n{script}\n{done.stdout}{done.stderr}")
    return done


def project(box):
    kit = repository(box, **{"hone.toml": '[budget]\nsize = "+1 kB"\n'})
    git(kit, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(kit, "checkout", "-qb", "work")
    (kit / "src/main.rs").write_text(KIT_MAIN + "#[used]\nstatic BIG: [u8; 9000] = [7; 9000];\n")
    commit(kit, "grow")
    return kit


@cargos_time
def test_the_action(box):
    """Installs once, checks, writes one comment and replaces it, ends with the exit code of the check."""
    action = load("action.yml")
    if not shutil.which("jq"):
        raise Skip("no jq")
    kit, store = project(box), box.root / "comments.json"
    store.write_text('[{"id": 3, "body": "hello"}]')
    box.program("cargo", CARGO)
    box.program("gh", GH)
    steps = {s["name"]: s for s in action["runs"]["steps"]}
    temp = box.root / "runner"
    temp.mkdir()
    env = {"HOME": str(box.root), "GITHUB_ACTION_PATH": str(SOURCE), "GITHUB_PATH": str(box.root / "path"), "GITHUB_OUTPUT": str(box.root / "output"),
           "GITHUB_BASE_REF": "main", "RUNNER_TEMP": str(temp), "GITHUB_REPOSITORY": "owner/app", "COMMENTS": str(store), "INSTALLED": str(box.root / "installed")}
    values = {"inputs.base": "", "inputs.args": "", "inputs.token": "t", "github.event.pull_request.number": "7", "steps.check.outputs.exit-code": "4"}

    def step(name, code=0):
        return shell(box, steps[name]["run"], env | {k: filled(v, values) for k, v in steps[name].get("env", {}).items()}, kit, code)

    step("Install hone")
    step("Install hone")
    check(len((box.root / "installed").read_text().splitlines()) == 1, "installed twice")
    env["PATH"] = f"{(box.root / 'path').read_text().splitlines()[0]}:{box.env['PATH']}"
    step("Check")
    output = dict(line.split("=", 1) for line in (box.root / "output").read_text().splitlines())
    check(output["exit-code"] == "4" and json.loads(Path(output["sarif"]).read_text())["version"] == "2.1.0", output)
    step("Comment")
    values["inputs.args"] = "--limit size=+1MB --undecided pass"
    (box.root / "output").unlink()
    step("Check")
    check("exit-code=0" in (box.root / "output").read_text(), "not within")
    step("Comment")
    comments = json.loads(store.read_text())
    check([c["id"] for c in comments] == [3, 101] and comments[0]["body"] == "hello" and "within budget" in comments[1]["body"], comments)
    step("Verdict", 4)
    values["inputs.base"] = "nowhere"
    step("Check", 1)


@cargos_time
def test_the_gitlab_job(box):
    job = load("ci/gitlab.yml")["hone"]
    kit = project(box)
    box.program("cargo", CARGO)
    home = kit / ".cargo-home"
    env = {"CARGO_HOME": str(home), "HONE_REPOSITORY": "https://example.org/x.git", "HONE_ARGS": "", "INSTALLED": str(box.root / "installed"),
           "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(kit, "rev-parse", "origin/main")}
    done = shell(box, "\n".join(job["script"]), env, kit, 4)
    check("Built" in done.stderr and "uncommitted" not in done.stderr, done.stderr)
    for name, said in (("gl-code-quality-report.json", '"major"'), ("hone.xml", "<failure"), ("hone.md", "over budget")):
        check(said in (kit / name).read_text(), name)
    check(set(job["artifacts"]["reports"].values()) == {"gl-code-quality-report.json", "hone.xml"}, job["artifacts"])
    check(job["allow_failure"]["exit_codes"] == 3, "what is undecided")


@cargos_time
def test_the_matrix(box):
    """Shards on machines of their own, and a machine that joins them."""
    jobs = load("ci/matrix.yml")["jobs"]
    kit = box.kit(**{"hone.toml": ""})
    box.program("cargo", CARGO)
    files, summary = box.root / "runner/shards", box.root / "summary"
    files.mkdir(parents=True)
    env = {"HONE_REPOSITORY": "https://example.org/x.git", "INSTALLED": str(box.root / "installed"), "CARGO_HOME": str(box.root / "home"),
           "GITHUB_STEP_SUMMARY": str(summary), "PATH": f"{box.root}/home/bin:{box.env['PATH']}"}
    ours = "--all --run 'search needle Cargo.lock'"

    def run(job, values):
        for step in jobs[job]["steps"]:
            if "run" in step:
                check(ours in step["run"] or job == "merge" or step["name"] == "Install", "the command is another")
                shell(box, filled(step["run"], values).replace(ours, "opt-level=1 --run sum"), env, kit)

    for which in jobs["shard"]["strategy"]["matrix"]["shard"]:
        shutil.rmtree(kit / "target", ignore_errors=True)
        run("shard", {"matrix.shard": str(which), "runner.temp": str(files)})
    shutil.rmtree(kit / "target")
    run("merge", {"runner.temp": str(files.parent)})
    check("opt-level=1" in summary.read_text() and (files.parent / "hone.html").stat().st_size > 10000, summary.read_text())


def test_schemas(box):
    """The schemas that check-jsonschema brings with it."""
    tool = shutil.which("check-jsonschema")
    if not tool:
        raise Skip("NOT CHECKED against the schemas: no check-jsonschema")
    for words in (["vendor.github-actions", "action.yml"], ["vendor.github-workflows", "ci/github.yml"], ["vendor.github-workflows", "ci/matrix.yml"],
                  ["vendor.gitlab-ci", "--data-transform", "gitlab-ci", "ci/gitlab.yml"]):
        done = subprocess.run([tool, "--builtin-schema", *words], cwd=SOURCE, env=dict(os.environ), capture_output=True, text=True, check=False)
        check(done.returncode == 0, done.stdout + done.stderr)
