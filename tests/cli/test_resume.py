"""A comparison that was interrupted, kill -9 included, goes on where it was: nothing that was finished is done
again, and the result is whole."""

import os
import signal
import sqlite3
import struct
import subprocess
import time

from harness import check, one_cpu

# Every run leaves a byte in the file LOG plus the first argument; the second is how many turns it computes. (A
# file that an argument names would count as input: where it has changed, nothing is gone on with.)
MAIN = """\
use std::{env, fs::OpenOptions, io::Write};
fn main() {
    let words: Vec<String> = env::args().collect();
    OpenOptions::new().append(true).create(true).open(env::var("LOG").unwrap() + &words[1]).unwrap().write_all(b"x").unwrap();
    let turns: u64 = words[2].parse().unwrap();
    println!("{}", (0..turns).fold(7u64, |h, n| (h ^ n).wrapping_mul(0x100000001b3)));
}
"""


def ask(project, sql):
    try:
        with sqlite3.connect(f"file:{project}/target/hone/hone.db?mode=ro", uri=True, timeout=60) as db:
            rows = db.execute(sql).fetchall()
        db.close()
        return rows
    except sqlite3.OperationalError:
        return []


def rounds_of(project, which=1):
    """Rounds in the store of the first or second unfinished comparison."""
    rows = ask(project, "SELECT (SELECT count(*) FROM unfinished_round WHERE comparison = id) FROM unfinished ORDER BY id")
    return rows[which - 1][0] if len(rows) >= which else -1


def stop_when(box, project, args, condition, sig=signal.SIGKILL, env=None):
    """Runs hone until the condition holds, then ends it and what it left behind."""
    child = subprocess.Popen(
        box.command(args),
        cwd=project,
        env=box.env | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    end = time.monotonic() + 900
    while not condition() and child.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    running = child.poll() is None
    child.send_signal(sig)
    out, err = child.communicate(timeout=600)
    check(running, f"hone had ended before it was to be stopped\n{out.decode()}\n{err.decode()}")
    for pid in box.left():
        os.kill(pid, signal.SIGKILL)
    box.left()
    return err.decode()


def counted(box):
    """Makes every run of MAIN leave its byte; returns the file of the argument `one`."""
    box.env["LOG"] = str(box.root / "log-")
    return box.root / "log-one"


def runs(log):
    return log.stat().st_size if log.exists() else 0


def test_killed_while_measuring(box):
    """Three times, at several points; the fourth time it comes to its end. All samples that were there stay."""
    kit = box.kit(main=MAIN)
    log = counted(box)
    args = ["try", "opt-level=1", "--run", "one 20000000", "--rounds", "30", "--format", "json"]
    had = 0
    for goal in (0, 4, 12):
        before = runs(log)
        err = stop_when(box, kit, args, lambda goal=goal: rounds_of(kit) >= goal)
        check(("Resumed" in err) == (before > 0), err)
        check(goal == 0 or f"{had} rounds of an interrupted comparison" in err or had == 0, err)
        check(rounds_of(kit) >= had, f"{rounds_of(kit)} rounds where {had} were there before")
        had = rounds_of(kit)
        check(goal <= had < 30, f"{had} rounds")
    samples = ask(kit, "SELECT samples FROM unfinished_round ORDER BY number")

    before = runs(log)
    result = box.run(kit, *args).expect(0, f"{had} rounds of an interrupted comparison")
    # Two warm-up runs and the rounds that were missing, of baseline, candidate and control; no gate.
    check(runs(log) - before == 3 * (2 + 30 - had), f"{runs(log) - before} runs after {had} rounds")
    workload = result.json()["workloads"][0]
    check(workload["rounds"] == 30 and workload["resumed"] == had, workload["rounds"])
    for number, (blob,) in enumerate(samples):
        kept = struct.unpack(f"{len(blob) // 8}d", blob)
        primary = workload["metrics"][0]
        now = [t["samples"][number] for t in primary["trials"]] + [primary["control"][number]]
        check(list(kept[:3]) == now, f"round {number} was {kept[:3]} and is {now}")
    check(all(len(t["samples"]) == 30 for m in workload["metrics"] for t in m["trials"]), "samples are missing")
    check(ask(kit, "SELECT count(*) FROM unfinished") == [(0,)], "it is finished and still kept as unfinished")
    kept = box.run(kit, "history", "1", "--export").expect(0).json()["runs"][0]
    check(kept["seed"] > 0, kept["seed"])
    check(len(kept["workloads"][0]["metrics"][0]["trials"][1]["samples"]) == 30, "rounds are missing in history")

    before = runs(log)
    with one_cpu():
        box.run(kit, *args).expect(0)
    check(runs(log) - before == 3 * (2 + 30) + 3, "a finished comparison was gone on with")


def test_killed_while_building(box):
    """The builds that were finished are not made again; killed cargo's own lock is no obstacle."""
    kit = box.kit()
    log, flag = box.root / "log", box.root / "flag"
    wrapper = box.write(
        "wrap",
        f'#!/bin/sh\ncase "$*" in *opt-level=1*) if [ ! -e {flag} ]; then : >{flag}; exec sleep 600; fi;; esac\n'
        f'case "$*" in *"crate-name kit"*) echo "$*" >>{log};; esac\nexec "$@"\n',
        0o755,
    )
    env = {"RUSTC_WRAPPER": str(wrapper)}
    args = ["try", "opt-level=3", "opt-level=1", "--run", "sum", "--rounds", "2"]

    # The builds run beside each other: cargo has to be through with the other two, which it writes down last of all.
    def others_are_built():
        return flag.exists() and sum(p.stat().st_size > 0 for p in kit.glob("target/**/.fingerprint/kit-*/bin-kit")) == 2

    stop_when(box, kit, args, others_are_built, env=env)
    check(len(log.read_text().splitlines()) == 2, f"baseline and opt-level=3 were not built\n{log.read_text()}")
    result = box.run(kit, *args, env=env).expect(0, "Fresh")
    check(len(log.read_text().splitlines()) == 3, f"a finished build was made again\n{result}")
    check(len(ask(kit, "SELECT * FROM trial WHERE status = 'built'")) == 3, str(result))


# What it says it took is the opt-level's doing alone, so that the machine has no say in the verdict; each run is long
# enough to be caught at it.
SAYS = MAIN.replace("    let turns", """\
    std::thread::sleep(std::time::Duration::from_millis(20));
    println!("took {} ms", if env!("LEVEL") == "3" { 1 } else { 2 });
    let turns""")
LEVEL = 'fn main() { println!("cargo::rustc-env=LEVEL={}", std::env::var("OPT_LEVEL").unwrap()); }\n'
OWN = """\
[[workload]]
name = "own"
kind = "bench"
run = "{bin} one 10"
pattern = "took ([0-9]+ ms)"
"""


def test_killed_while_confirming(box):
    """The comparison is not measured again, the same winner is confirmed, with the rounds that were there."""
    kit = box.kit(main=SAYS, **{"build.rs": LEVEL, "hone.toml": OWN})
    log = counted(box)
    args = ["try", "opt-level=3", "--format", "json"]
    stop_when(box, kit, args, lambda: rounds_of(kit, 2) >= 3)
    had, total = rounds_of(kit, 2), rounds_of(kit, 1)
    before = runs(log)
    result = box.run(kit, *args).expect(0, f"{total} rounds of an interrupted comparison", f"{had} rounds of an interrupted confirmation")
    answer = result.json()
    check(answer["best"]["any"]["fast"] == "opt-level=3", str(result))
    check(answer["workloads"][0]["rounds"] == total, "the comparison went on")
    confirmed = answer["confirmed"][0]["rounds"]
    check(runs(log) - before == 3 * (2 + confirmed - had), f"{runs(log) - before} runs for {confirmed} - {had} rounds")
    check(ask(kit, "SELECT count(*) FROM unfinished") == [(0,)], "it is still kept as unfinished")


def test_interrupted_says_so(box):
    """Ctrl-C: how many rounds are kept. --fresh begins anew, and so does whatever is another comparison."""
    kit = box.kit(main=MAIN)
    log = counted(box)
    base = ["try", "opt-level=1", "--run", "one 20000000"]
    args = [*base, "--rounds", "25"]
    err = stop_when(box, kit, args, lambda: rounds_of(kit) >= 3, sig=signal.SIGINT)
    check("rounds are kept: the same command goes on from there" in err, err)
    had = rounds_of(kit)

    def not_resumed(*words):
        result = box.run(kit, *words).expect(0)
        check("Resumed" not in result.err, str(result))

    not_resumed(*base, "--rounds", "3")
    not_resumed(*base, "--rounds", "25", "--precision", "2")
    check(rounds_of(kit) == had, "another comparison took the rounds")
    with (kit / "src/main.rs").open("a") as file:
        file.write("#[used] static MORE: [u8; 8] = [7; 8];\n")
    not_resumed(*base, "--rounds", "25")
    (kit / "src/main.rs").write_text(MAIN)
    not_resumed(*args, "--fresh")
    check(rounds_of(kit) == -1, "--fresh left the interrupted one")


def test_two_workloads(box):
    """Killed after the behaviour on the first of two workloads was compared: it is not compared again."""
    kit = box.kit(main=MAIN)
    one, two = counted(box), box.root / "log-two"
    args = ["try", "opt-level=1", "--run", "one 1000", "--run", "two 900000000", "--rounds", "2"]
    stop_when(box, kit, args, lambda: runs(two) > 0)
    check(runs(one) == 3, f"{runs(one)} runs of the first workload")
    args[5] = "two 900000000"
    stop_when(box, kit, args, lambda: runs(two) > 1)
    check(runs(one) == 3, "the first workload was run again")


def test_changed_input(box):
    """Another input file: the rounds with the old one do not count."""
    kit = box.kit(main=MAIN)
    counted(box)
    data = box.root / "data"
    data.write_text("1")
    args = ["try", "opt-level=1", "--run", f"one 20000000 {data}", "--rounds", "20"]
    stop_when(box, kit, args, lambda: rounds_of(kit) >= 2)
    data.write_text("another")
    result = box.run(kit, *args).expect(0)
    check("Resumed" not in result.err, str(result))
