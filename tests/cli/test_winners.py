"""What is called a winner holds in the rounds printed beside it, and `Next:` follows what is known of speed."""

import re
import shlex

from harness import cargos_time, check

# Prints how long it says it took, by the run's number and the build's opt-level, so that the machine has no say in the
# verdict: the file $RUNS counts the runs of opt-level 1.
WORKER = """\
use std::{env, fs};

fn main() {
    let path = env::var("RUNS").unwrap();
    let mut ms = 6;
    if env!("LEVEL") == "1" {
        let n: u32 = fs::read_to_string(&path).map_or(0, |s| s.parse().unwrap()) + 1;
        fs::write(&path, n.to_string()).unwrap();
        ms = if n <= env::var("AHEAD").unwrap().parse().unwrap() { 1 } else { env::var("THEN").unwrap().parse().unwrap() };
    }
    println!("took {ms} ms");
}
"""
LEVEL = 'fn main() { println!("cargo::rustc-env=LEVEL={}", std::env::var("OPT_LEVEL").unwrap()); }\n'
OWN = """\
[[workload]]
name = "own"
kind = "bench"
run = "{bin}"
pattern = "took ([0-9]+ ms)"
"""


def worker(box):
    return box.kit(main=WORKER, **{"build.rs": LEVEL, "hone.toml": OWN})


def run(box, kit, ahead, then, *args):
    (box.root / "runs").unlink(missing_ok=True)
    env = {"RUNS": str(box.root / "runs"), "AHEAD": str(ahead), "THEN": str(then)}
    return box.good(kit, ["try", "opt-level=1", "--rounds", "15", *args], env=env)


def test_a_winner_that_does_not_hold(box):
    """Ahead in the rounds that pick it (once for the behaviour, twice to warm up, 15 rounds), and not in the fresh ones."""
    kit = worker(box)
    report = run(box, kit, 18, 12, "--format", "json").json()
    check(report["workloads"][0]["metrics"][0]["trials"][1]["samples"] == [0.001] * 15, report["workloads"])
    check(report["composite"][1]["verdict"] == "better", report["composite"])
    check(report["confirmed"][0]["verdict"] == "worse", report["confirmed"])
    check(report["best"]["allowed"]["fast"] == report["best"]["any"]["fast"] == "baseline", report["best"])
    check(box.good(kit, ["history", "--format", "json"]).json()["runs"][0]["best"]["fast"] == "baseline", "history")
    text = run(box, kit, 18, 8)
    check("Fastest: the baseline: opt-level=1 was ahead" in text.out, str(text))
    # More time is offered, in words that can be typed.
    words = shlex.split(re.search("^Next: (.*)$", text.out, re.M).group(1))
    check(words[:3] == ["cargo", "hone", "try"] and words[3] == "--budget", str(words))
    check(re.fullmatch("[0-9]+min", words[4]) and words[5:] == ["opt-level=1"], str(words))
    check("apply" not in box.good(kit, []).out, "the start screen offers to apply it")


def test_a_winner_that_holds(box):
    kit = worker(box)
    report = run(box, kit, 1000, 1, "--format", "json").json()
    check(report["best"]["allowed"]["fast"] == "opt-level=1", report["best"])
    check(report["composite"][1]["verdict"] == report["confirmed"][0]["verdict"] == "better", report["confirmed"])
    text = run(box, kit, 1000, 1)
    check(re.search("^Next: cargo hone apply .*opt-level=1", text.out, re.M), str(text))


@cargos_time
def test_next_when_speed_is_undecided(box):
    """Who names a workload cares for speed: two rounds prove nothing, so size alone is not to be applied."""
    kit = box.kit()
    for args in (["strip=symbols"], ["strip=symbols", "--locked", "--bin", "kit", "--stdin", str(kit / "Cargo.toml")]):
        text = box.good(kit, ["try", *args, "--run", "sum 'x y'", "--rounds", "2"])
        found = re.search("^Next: (.*)$", text.out, re.M).group(1)
        check("--budget" in found and "--rounds" not in found and "apply" not in found, str(text))
        again = shlex.split(re.sub("--budget [0-9]+min", "--rounds 2", found))[2:]
        box.good(kit, again)
        check(sorted(again[1:]) == sorted([*args, "--run", "sum 'x y'", "--rounds", "2"]), f"{again}")
    # Nothing was said of speed: the smallest.
    text = box.good(kit, ["try", "strip=symbols", "--rounds", "2"])
    check("Next: cargo hone apply" in text.out, str(text))


STAMPED = """\
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("--version") => VERSION,
        _ => println!("7"),
    }
}
"""


@cargos_time
def test_a_run_that_hone_chose_costs_no_table(box):
    """--version may name the build's time, its settings, the run, or not work at all: sizes are compared all the same."""
    stamp = 'fn main() { println!("cargo::rustc-env=STAMP={} {:?}", std::env::var("OPT_LEVEL").unwrap(), std::time::SystemTime::now()); }\n'
    for name, version, words in (
        ("build", 'println!("kit 1 {}", env!("STAMP"))', "in every build"),
        ("run", 'println!("kit 1 {} {:?}", env!("STAMP"), std::time::SystemTime::now())', "in every run"),
        ("crash", 'if env!("STAMP").starts_with("2") { println!("kit 1") } else { std::process::abort() }', "Out: opt-level="),
        ("once", 'if std::fs::File::create_new("/tmp/@").is_ok() { println!("kit 1") } else { std::process::exit(4) }', "nothing was run"),
    ):
        mark = box.root / f"mark-{name}"
        kit = box.kit(name, main=STAMPED.replace("VERSION", version).replace("/tmp/@", str(mark)), **{"build.rs": stamp})
        text = box.good(kit, ["try", "opt-level=1", "opt-level=s", "--rounds", "2"], words, "Smallest: ")
        check("--no-compare" in text.out + text.err or "in every" not in words, str(text))
        check("normalise" in text.out + text.err or "in every" not in words, str(text))
        mark.unlink(missing_ok=True)
        trials = box.good(kit, ["try", "opt-level=1", "--rounds", "2", "--format", "json"]).json()["trials"]
        check([t["status"] for t in trials] == ["built", "failed" if name == "crash" else "built"], trials)
    # A workload of the user's own is held to its output.
    kit = box.root / "build"
    box.bad(kit, ["try", "opt-level=1", "--run=--version", "--rounds", "2"], 1, "survived", "--no-compare", "normalise")


def test_empty_command_lines(box):
    kit = box.kit()
    for option in ("--run", "--train", "--check-cmd"):
        for words in ("", " \t "):
            box.bad(kit, ["try", "opt-level=1", option, words], 2, option)
    box.good(kit, ["try", "opt-level=1", "--run", "{bin} --version", "--rounds", "2"])
    # What is there already costs nothing.
    again = box.good(kit, ["try", "opt-level=1", "--run", "{bin} --version", "--rounds", "2"], "there already")
    check("of disk" not in again.err, str(again))
    more = box.good(kit, ["try", "opt-level=1", "opt-level=s", "--run", "{bin} --version", "--rounds", "2"], "2 were built before")
    check(" of disk" in more.err and " 0 B" not in more.err, str(more))


# What the build of each opt-level says it took: 0 is undecided at first.
RACER = """\
use std::{env, fs};

fn main() {
    let ms = match env!("LEVEL") {
        "0" => {
            let path = env::var("RUNS").unwrap();
            let n: u32 = fs::read_to_string(&path).map_or(0, |s| s.parse().unwrap()) + 1;
            fs::write(&path, n.to_string()).unwrap();
            if n > 24 { 50 } else if n % 2 == 0 { 90 } else { 110 }
        }
        "s" => 200,
        _ => 100,
    };
    println!("took {ms} ms");
}
"""


def test_who_cannot_win_leaves(box):
    """What is twice as slow is run no longer; its samples are those of the same rounds as the baseline's, and it is said."""
    kit = box.kit(main=RACER, **{"build.rs": LEVEL, "hone.toml": OWN})
    env = {"RUNS": str(box.root / "runs")}
    words = ["try", "opt-level=1", "opt-level=s", "opt-level=0"]
    report = box.good(kit, [*words, "--budget", "2min", "--format", "json"], env=env).json()
    same, slow, late = report["composite"][1:]
    check(same["verdict"] == "same" and same["left"] is None, same)
    check(slow["verdict"] == "worse" and abs(slow["ratio"] - 2) < 1e-9 and slow["left"] == 15, slow)
    check(late["verdict"] == "better" and late["left"] is None, late)
    workload = report["workloads"][0]
    samples = [trial["samples"] for trial in workload["metrics"][0]["trials"]]
    check(all(len(list_) == workload["rounds"] > 15 for list_ in samples), workload["rounds"])
    check(samples[2][:15] == [0.2] * 15 and set(samples[2][15:]) == {None}, samples[2])
    check(None not in samples[0] + samples[1] + samples[3], samples)
    kept = box.good(kit, ["history", "1", "--format", "json"]).json()["runs"][0]
    check([c["left"] for c in kept["composite"]] == [None, None, 15, None], kept["composite"])
    check(
        "run no longer once proved more than 5 % slower than another: opt-level=s (round 15)"
        in box.good(kit, ["history", "1"]).out,
        "it is not said",
    )
