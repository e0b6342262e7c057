"""The programs, how each is run, and where everything about one lies."""

import json
import shutil
import subprocess
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent

# `more`: further candidates; `curve`: the step of that name is made. Two workloads each: `train` is what profiles are made from, `held` is another input and another
# task, which trains nothing. {in} is the folder of made inputs. Single threads: what is compared is
# code, not scheduling; and every output is the same from run to run.
PROJECTS = {
    "ripgrep": {
        "more": ["fastest+rustc.target-cpu=native", "fastest-bold+post.bolt=always"],
        "version": "13.0.0",
        "bin": "rg",
        "inputs": {"text": lambda p: inputs.text(p), "other": lambda p: inputs.text(p, 16, 14)},
        "train": r"-j1 -c -i '[a-z]+ing\s+[a-z]+ed' {in}/text",
        "held": r"-j1 -n -w --column '(lic|cor|ver)[a-z]*(s|ment)' {in}/other",
        "what": "counts the lines of a 24 MB text that match a case-insensitive pattern",
        "held_what": "prints the matches of whole words in another text of 16 MB, with line and column",
    },
    "fd-find": {
        "more": ["fastest-bold+post.bolt=always"],
        "curve": True,
        "version": "10.5.0",
        "bin": "fd",
        "inputs": {"tree": lambda p: inputs.tree(p), "other": lambda p: inputs.tree(p, 400, 25, 11)},
        "train": r"-j1 --no-ignore --max-buffer-time 100000 '^[a-m].*ing[0-9]+\.(rs|c)$' {in}/tree",
        "held": r"-j1 --max-buffer-time 100000 -p -e toml -E '*ed*' 'a[a-z]*/[^/]*s[0-9]' {in}/other",
        "what": "finds names by a pattern in a tree of 600 folders and 15,000 files",
        "held_what": "finds paths by a pattern, an extension and an exclusion in another tree",
    },
    "hexyl": {
        "more": ["fastest+rustc.target-cpu=native", "small+link.icf=all+link.relr=on"],
        "curve": True,
        "version": "0.17.0",
        "bin": "hexyl",
        "inputs": {"bytes": lambda p: inputs.bytes_file(p, 800), "other": lambda p: inputs.bytes_file(p, 800, 18)},
        "train": "--color=always {in}/bytes",
        "held": "--color=never --border=ascii --base=octal {in}/other",
        "what": "dumps 800 kB in colour",
        "held_what": "dumps another file of 800 kB in octal, without colour",
    },
    "tokei": {
        "curve": True,
        "version": "15.0.0",
        "bin": "tokei",
        "inputs": {"src": lambda p: inputs.sources(p), "other": lambda p: inputs.sources(p, 600, 16)},
        "train": "--sort code {in}/src",
        "held": "--files --sort files {in}/other",
        "env": {"RAYON_NUM_THREADS": "1"},
        "same_folder": True,
        "what": "counts the lines of 900 source files in four languages",
        "held_what": "lists each of 600 other source files",
    },
    "miniserve": {
        "version": "0.35.0",
        "bin": "miniserve",
        "inputs": {"site": lambda p: inputs.site(p), "other": lambda p: inputs.site(p, 60, 19)},
        "train": "{python} {here}/serve.py 400 {in}/site {bin}",
        "held": "{python} {here}/serve.py 300 {in}/other {bin} --hide-version-footer --dirs-first",
        "service": {
            "run": "{bin} --interfaces 127.0.0.1 --port {port} {in}/site",
            "ready": "http:/",
            "path": "/",
            "load": "wrk -t1 -c{connections} -d{seconds}s --latency http://127.0.0.1:{port}/",
            "connections": 16,
            "window": "2s",
        },
        "what": "answers 400 requests, for listings and files, and is told to stop",
        "held_what": "answers 300 requests for another folder, sorted otherwise",
    },
}
WORKLOADS = ("train", "held")


class Folders:
    """Everything of one program under the work folder."""

    def __init__(self, work, name):
        self.source = work / "source" / name
        # Debug information holds the project's path: all builds happen at the same one, each in a
        # fresh copy of the source. Target folders lie elsewhere and survive.
        self.project = work / "project" / name
        self.target = work / "target" / name  # hone's
        self.literal = work / "literal" / name
        self.peer = work / "peer" / name  # target folder of the other tools
        self.input = work / "input" / name
        self.bin = work / "bin" / name  # every finished file
        self.tools = work / "tools"

    def fresh_copy(self):
        shutil.rmtree(self.project, ignore_errors=True)
        shutil.copytree(self.source, self.project)


def fetch(name, folders):
    project = PROJECTS[name]
    if not folders.source.exists():
        subprocess.run([HERE / "fetch.sh", name, project["version"], folders.source], check=True)
    folders.input.mkdir(parents=True, exist_ok=True)
    for file, make in project["inputs"].items():
        path, part = folders.input / file, folders.input / f"{file}.part"
        if path.exists():
            continue
        if part.is_dir():
            shutil.rmtree(part)
        make(part)
        part.rename(path)


def shown(name, workload):
    """The workload as it is printed: without paths of this machine."""
    text = PROJECTS[name][workload]
    return text.replace("{python}", "python3").replace("{here}/", "").replace("{in}/", "")


def workload_line(name, workload, folders):
    """What --run and --train take."""
    import sys

    text = PROJECTS[name][workload]
    return text.replace("{python}", sys.executable).replace("{here}", str(HERE)).replace("{in}", str(folders.input))


def result_path(name):
    return HERE / "results" / f"{name}.json"


def load(name):
    path = result_path(name)
    if path.exists():
        result = json.loads(path.read_text())
        if result.get("version") == PROJECTS[name]["version"]:
            return result
    return {"name": name, "version": PROJECTS[name]["version"], "steps": {}, "files": {}, "counts": {}}


def save(name, result):
    path = result_path(name)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result, indent=1) + "\n")
    part.rename(path)
