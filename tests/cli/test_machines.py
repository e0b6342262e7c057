"""A comparison in shards, on machines of one's own choice or by Slurm, gives the run of one machine."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import time

from harness import KIT_MAIN, LONG, Skip, cargos_time, check
from slurm import Cluster

NAMES = ["opt-level=1", "opt-level=3", "strip=symbols"]
TRY = ["try", *NAMES, "--run", "sum"]


def fresh(kit):
    """Another machine: nothing of hone's is there."""
    shutil.rmtree(kit / "target", ignore_errors=True)


def facts(told):
    """A run but for times, verdicts and best."""
    told = copy.deepcopy(told)
    for name in ("time", "machine", "when", "id", "best", "composite", "confirmed", "seed", "notes"):
        told.pop(name, None)
    told["workloads"] = [{k: w[k] for k in ("name",)} for w in told.get("workloads", [])]
    for trial in told["trials"]:
        for name in ("wall_s", "cpu_s", "peak_rss"):
            trial.get("build", {}).pop(name, None)
    return told


def differences(a, b, at=""):
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for k in a | b for d in differences(a.get(k, "nothing"), b.get(k, "nothing"), f"{at}.{k}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{at}[{i}]")]
    return [] if a == b else [f"{at}: {a} and {b}"]


def shard(box, kit, which, *more, words=TRY):
    fresh(kit)
    box.good(kit, [*words, "--shard", which, "--output", box.root / f"{which.replace('/', '-')}.shard", *more], "Wrote")
    return box.root / f"{which.replace('/', '-')}.shard"


def test_shards_are_one_run(box):
    """Files of three machines, merged on a fourth, are the run of one; what does not belong together is refused."""
    kit = box.kit()
    files = [shard(box, kit, f"{i}/3") for i in (1, 2, 3)]
    fresh(kit)
    merged = box.good(kit, ["merge", "--measure", "--rounds", "15", "--format", "json", *files]).json()
    sizes = box.good(kit, ["merge", "--format", "json", *reversed(files)], "nothing was run").json()
    fresh(kit)
    alone = box.good(kit, [*TRY, "--rounds", "15", "--format", "json"]).json()
    check(not differences(facts(merged), facts(alone)), differences(facts(merged), facts(alone)))
    check([t["hash"] for t in sizes["trials"]] == [t["hash"] for t in alone["trials"]], sizes["trials"])
    check(len(merged["workloads"][0]["metrics"][0]["trials"][1]["samples"]) == 15, "no rounds")
    box.good(kit, ["history"], "strip=symbols")
    # Missing, twice, cut off, damaged, something else.
    box.bad(kit, ["merge", *files[:2]], 2, "a shard is missing: 3/3", "--shard 3/3")
    box.bad(kit, ["merge", *files, files[0]], 2, "shard 1/3 is there twice")
    text = files[1].read_text()
    cut = box.write("cut.shard", text[: len(text) // 2])
    box.bad(kit, ["merge", files[0], cut, files[2]], 1, "cut.shard is no file of `cargo hone try --shard`: it is cut off")
    content = json.loads(text)
    packed = content["builds"][0]["files"][0][2]
    content["builds"][0]["files"][0][2] = packed[:-8] + "AAAA" + packed[-4:]
    bad = box.write("bad.shard", json.dumps(content))
    box.bad(kit, ["merge", files[0], bad, files[2]], 1, "bad.shard", "a file in it is not whole")
    content["builds"][0]["files"][0][0] = "../../../../out"
    box.bad(kit, ["merge", files[0], box.write("out.shard", json.dumps(content)), files[2]], 1, "a file in it has no name")
    box.bad(kit, ["merge", kit / "Cargo.toml"], 1, "is no file of `cargo hone try --shard`")
    box.bad(kit, ["merge", box.root / "nowhere"], 1, "nowhere")
    # Another list, number of shards, toolchain, source.
    content = json.loads(text)
    for change, code, words in (
        ({"command": ["cargo", "hone", "try", "small"]}, 2, "are of two commands"),
        ({"of": 4}, 2, "one of 4"),
        ({"facts": [[k, "rustc 1.0.0" if k == "rustc" else v] for k, v in content["facts"]]}, 1, "rustc: rustc 1.0.0 there"),
        ({"facts": content["facts"][:-1]}, 1, "list of candidates: nothing more there, plan of strip=symbols here"),
        ({"schema": 2}, 1, "was written by a newer hone"),
        ({"facts": 1}, 1, "a part is missing"),
    ):
        other = box.write("other.shard", json.dumps(content | change))
        box.bad(kit, ["merge", files[0], other, files[2]], code, words)
    box.write(kit / "src/main.rs", KIT_MAIN + "// edited\n")
    box.bad(kit, ["merge", *files], 1, "was not made of what is here: src/main.rs:")


@cargos_time
def test_shards_train_once(box):
    """Trained candidates of several shards have one profile, by hash; without it the last shard has them all."""
    kit = box.kit()
    if "needs llvm-profdata" in box.run(kit, "build", "--no-baseline", "train.pgo=on", "--train", "sum").err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    fresh(kit)
    words = ["try", "train.pgo=on", "opt-level=3,train.pgo=on", "--run", "sum"]
    training = shard(box, kit, "0/2", words=words)
    told = json.loads(training.read_text())
    check(told["trainings"] and told["shard"] == 0, told.keys())
    files = [shard(box, kit, f"{i}/2", "--trained", training, words=words) for i in (1, 2)]
    check(not json.loads(files[1].read_text())["trainings"], "a shard trained by itself")
    fresh(kit)
    merged = box.good(kit, ["merge", "--measure", "--rounds", "15", "--format", "json", training, *files]).json()
    check([t["status"] for t in merged["trials"]] == ["built"] * 3, merged["trials"])
    box.bad(kit, ["merge", *files], 2, "a shard is missing: 0/2")
    shutil.copy(files[0], box.root / "trained.shard")
    alone = [shard(box, kit, f"{i}/2", words=words) for i in (1, 2)]
    check(len(json.loads(alone[1].read_text())["trainings"]) == 2, "the last shard has not all of the training")
    box.bad(kit, ["merge", training, box.root / "trained.shard", alone[1]], 2, "two trainings")
    box.bad(kit, ["merge", training, *alone], 2, "a training that none of the shards was given")
    box.bad(kit, [*TRY, "--shard", "0/2"], 2, "none of the candidates is trained")


def test_shard_words(box):
    kit = box.kit()
    for words, text in (
        (["--shard", "3/2"], "--shard takes K/N"), (["--shard", "x"], "--shard takes K/N"),
        (["--output", "f"], "--output goes with --shard"), (["--trained", "f"], "--trained goes with --shard"),
        (["--shard", "1/2", "--cold-packages", "small"], "it has no shards"),
        (["--on", "pbs"], "--on takes slurm"), (["--sbatch", "-p x"], "--sbatch goes with --on slurm"),
        (["--on", "slurm", "--shard", "1/2"], "do not go together"),
        (["--on", "slurm", "--sbatch", "-p 'x"], "--sbatch"),
    ):
        box.bad(kit, ["try", "small", *words], 2, text)
    box.bad(kit, ["merge", "--rounds", "3", "x"], 2, "--rounds goes with --measure")


def test_slurm_is_not_here(box):
    kit = box.kit()
    (box.root / "few").mkdir()
    for name in ("cargo", "rustc", "cc", "git", "ld"):
        if shutil.which(name):
            (box.root / "few" / name).symlink_to(shutil.which(name))
    env = {"PATH": f"{box.root}/few"}
    box.bad(kit, [*TRY, "--on", "slurm"], 1, "Slurm is not here: there is no `scontrol` in PATH", "--shard K/N", env=env)


@cargos_time
def test_slurm_gives_the_run_of_one_machine(box):
    """Two nodes; an unknown partition and a controller that is down are said in Slurm's words."""
    cluster = Cluster(box)
    kit = box.kit()
    box.bad(kit, [*TRY, "--on", "slurm", "--sbatch", "--partition=none"], 1, "invalid partition specified: none", "sinfo")
    merged = box.good(kit, [*TRY, "--on", "slurm", "--rounds", "15", "--format", "json"], "Submitted", "4 tasks", "Arrived").json()
    nodes = cluster.call("scontrol", "-o", "show", "job").stdout
    check("NodeList=a" in nodes and "NodeList=b" in nodes, nodes)
    check(not (kit / "target/hone/slurm").exists(), "what arrived is kept after the run")
    fresh(kit)
    alone = box.good(kit, [*TRY, "--rounds", "15", "--format", "json"]).json()
    check(not differences(facts(merged), facts(alone)), differences(facts(merged), facts(alone)))
    cluster.kill("slurmctld")
    box.bad(kit, [*TRY, "--on", "slurm"], 1, "Unable to contact slurm controller", "scontrol ping")


def begun(box, kit, *more):
    """hone beside the test, once the array is submitted."""
    log = open(box.root / "log", "wb")
    child = subprocess.Popen(box.command([*TRY, "--on", "slurm", "--rounds", "15", "--format", "json", *more]), cwd=kit, env=box.env,
                             stdin=subprocess.DEVNULL, stdout=open(box.root / "out", "wb"), stderr=log, start_new_session=True)
    return child


def until(what, seconds=300):
    end = time.monotonic() + seconds
    while not what():
        check(time.monotonic() < end, "it did not come")
        time.sleep(0.1)


def running(cluster):
    return {tuple(line.split("|")) for line in cluster.call("squeue", "-h", "-r", "-t", "R", "-o", "%K|%N").stdout.split()}


def slow(box, seconds):
    """A rustc that takes its time, so that something can happen meanwhile."""
    box.program("rustc", f"#!/bin/sh\ncase \" $* \" in *\" --crate-name kit \"*) sleep {seconds};; esac\nexec @REAL@ \"$@\"\n")


def only_long():
    if not LONG:
        raise Skip("only in .ci/long: Slurm's own waits are minutes")


def test_slurm_node_dies(box):
    """A slurmd, with what it runs, is killed in the middle: the task is requeued, said to be, and the files are those of one machine."""
    only_long()
    cluster = Cluster(box)
    kit = box.kit()
    slow(box, 5)
    child = begun(box, kit)
    until(lambda: len(running(cluster)) == 2)
    time.sleep(1)
    cluster.kill("slurmd-b")
    cluster.kill_steps("b")
    until(lambda: b"was requeued" in (box.root / "log").read_bytes() or child.poll() is not None)
    cluster.start_node("b")
    check(child.wait(900) == 0, (box.root / "log").read_text())
    check("was requeued" in (box.root / "log").read_text(), (box.root / "log").read_text())
    merged = json.loads((box.root / "out").read_text())
    fresh(kit)
    alone = box.good(kit, [*TRY, "--rounds", "15", "--format", "json"]).json()
    check(not differences(facts(merged), facts(alone)), differences(facts(merged), facts(alone)))


def test_slurm_interrupted(box):
    """Ctrl-C cancels the jobs; the second call goes on from what arrived, and counts nothing twice."""
    only_long()
    cluster = Cluster(box)
    kit = box.kit()
    slow(box, 3)
    child = begun(box, kit)
    until(lambda: b"Arrived" in (box.root / "log").read_bytes())
    child.send_signal(signal.SIGINT)
    check(child.wait(60) == 130, (box.root / "log").read_text())
    check("the jobs were cancelled" in (box.root / "log").read_text(), (box.root / "log").read_text())
    until(lambda: not cluster.call("squeue", "-h").stdout.strip(), 60)
    told = box.good(kit, [*TRY, "--on", "slurm", "--rounds", "15", "--format", "json"], "the others are there already")
    check([t["status"] for t in told.json()["trials"]] == ["built"] * 4, told)


def test_slurm_hone_is_killed(box):
    """The jobs go on; the second call waits for them, and submits none."""
    only_long()
    Cluster(box)
    kit = box.kit()
    slow(box, 3)
    child = begun(box, kit)
    until(lambda: b"Submitted" in (box.root / "log").read_bytes())
    child.kill()
    child.wait()
    told = box.good(kit, [*TRY, "--on", "slurm", "--rounds", "15", "--format", "json"])
    check("Submitted" not in told.err, told)


def test_slurm_tasks_that_end_early(box):
    """Over its time; cancelled by hand; then the missing ones alone are built."""
    only_long()
    cluster = Cluster(box, extra="OverTimeLimit=0")
    kit = box.kit()
    slow(box, 8)
    child = begun(box, kit)
    until(lambda: len(running(cluster)) == 2)
    job = cluster.call("squeue", "-h", "-o", "%F").stdout.split()[0]
    cluster.call("scancel", f"{job}_2")
    check(child.wait(300) == 1, (box.root / "log").read_text())
    text = (box.root / "log").read_text()
    check("1 of 4 tasks ended without a result" in text and "task 2 (opt-level=1): it was cancelled" in text, text)
    told = box.good(kit, [*TRY, "--on", "slurm", "--rounds", "15", "--format", "json"], "1 task; the others are there already")
    check(told.json()["trials"][1]["status"] == "built", told)
    slow(box, 200)
    box.write(kit / "src/main.rs", KIT_MAIN + "// edited\n")
    box.bad(kit, [*TRY, "--on", "slurm", "--sbatch", "--time=1"], 1, "it was over its time")


def test_slurm_trains_first(box):
    """The training is a job of its own, on which the array depends; more candidates than an array may have."""
    only_long()
    cluster = Cluster(box, max_array=3)
    kit = box.kit()
    words = ["try", "train.pgo=on", "opt-level=3,train.pgo=on", "--run", "sum", "--on", "slurm", "--rounds", "15", "--format", "json"]
    told = box.good(kit, words, "arrays end at 2", "the training", "2 tasks, after job")
    check([t["status"] for t in told.json()["trials"]] == ["built"] * 3, told)
    fresh(kit)
    # A profile of another run of the program may count otherwise; of this one it does not.
    alone = box.good(kit, [w for w in words if w not in ("--on", "slurm")]).json()
    check([t["hash"] for t in told.json()["trials"]] == [t["hash"] for t in alone["trials"]], told)
    _ = cluster


def test_slurm_other_compilers(box):
    """An allocator, which the C compiler makes, and the real llvm-bolt of rustc's LLVM, by tasks and by shards."""
    only_long()
    words = ["try", "link.allocator=mimalloc", "--run", "sum", "--rounds", "15", "--format", "json"]
    llvm = re.search(r"LLVM version: (\d+)", subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout)[1]
    if shutil.which(f"llvm-bolt-{llvm}"):
        words[2:2] = ["post.bolt=always", "opt-level=2,post.bolt=always"]
    kit = box.kit()
    box.env["CARGO_NET_OFFLINE"] = "false"
    alone = box.good(kit, words).json()
    files = [shard(box, kit, f"{i}/2", words=[w for w in words if w not in ("--format", "json")]) for i in (1, 2)]
    fresh(kit)
    runs = [box.good(kit, ["merge", "--measure", "--rounds", "15", "--format", "json", *files]).json()]
    fresh(kit)
    Cluster(box)
    runs.append(box.good(kit, [*words, "--on", "slurm"], "Arrived").json())
    for run in runs:
        check([t["status"] for t in run["trials"]] == ["built"] * len(alone["trials"]), run["trials"])
        check([t["hash"] for t in run["trials"]] == [t["hash"] for t in alone["trials"]], [t["name"] for t in run["trials"]])
        other = differences(facts(run), facts(alone))
        # A program counts the length of its own path (args() looks at every byte of it), which in a task is another one: the folder that is
        # named after the profile of BOLT is another one, too, whatever is made of it.
        if run is runs[-1]:
            bolted = [f".trials[{i}].path: " for i, t in enumerate(alone["trials"]) if "post.bolt" in t["name"]]
            other = [d for d in other if not d.startswith(tuple(bolted))]
        check(not other, other)


def test_slurm_wrong_key(box):
    """munge with another key than the controller's."""
    only_long()
    cluster = Cluster(box)
    kit = box.kit()
    cluster.wrong_key()
    box.bad(kit, [*TRY, "--on", "slurm"], 1, "munge -n | unmunge")


def test_slurm_full_disk(box):
    """What a task says of a full disk is said here."""
    only_long()
    Cluster(box)
    disk = box.small_disk("3m")
    kit = box.kit()
    (kit / "target/hone").mkdir(parents=True)
    (kit / "target/hone/CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# This folder was made by cargo hone.\n")
    box.good(kit, ["try", "opt-level=1"])
    (kit / "target/hone/slurm").mkdir(exist_ok=True)
    box.mount_over(kit / "target/hone/slurm", disk)
    box.run(kit, *TRY, "--on", "slurm").expect(1, "No space left on device")
