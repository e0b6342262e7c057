"""The search: its result is a candidate with a name, plain cargo gives its bytes, and the way is told in bytes."""

import json
import os
import shutil
from pathlib import Path

from harness import KIT_MAIN, KIT_MANIFEST, Skip, cargos_time, check

# Few settings, none of which makes LTO compile std anew.
SPACE = ["--only", "strip,codegen-units,link.build-id"]


def tune(box, kit, *args, code=0):
    result = box.run(kit, "tune", "small", "--format=json", *SPACE, *args)
    return result.expect(code)


@cargos_time
def test_tuned_is_a_candidate(box):
    kit = box.kit()
    doc = tune(box, kit, "--only", "opt-level").json()
    check(doc["name"] == "tuned-small" and doc["ended"] is None, doc)
    # The way in bytes has no holes, and ends at the result, which is no larger than any recipe known before.
    way = doc["way"]
    check([s["before"] for s in way] == [doc["baseline"]] + [s["after"] for s in way[:-1]], way)
    check(way[-1]["after"] == doc["best"] <= doc["fixed_cost"] < doc["baseline"], doc)
    trials = {t["name"]: t for t in doc["run"]["trials"]}
    tuned = trials["tuned-small"]
    check(tuned["size"] == doc["best"] and tuned["settings"] == doc["settings"], tuned)
    check(trials["baseline"]["size"] == doc["baseline"], trials)
    # What each setting is worth was built: strip is worth most of it, and nothing is there that is worth less than 0.
    worth = {s["key"]: s["worth"] for s in doc["shares"]}
    check(set(worth) == set(doc["settings"]) and min(worth.values()) >= 0, worth)
    check(worth["strip"] > 1000, worth)

    # Other commands know it; plain cargo gives its bytes from what apply wrote.
    bytes_of_tuned = Path(tuned["path"]).read_bytes()
    built = box.run(kit, "build", "--no-baseline", "tuned-small").expect(0)
    check(Path(built.out.strip()).read_bytes() == bytes_of_tuned, "other bytes than those of tune")
    box.run(kit, "size", "tuned-small", "--diff", "baseline").expect(0)
    box.run(kit, "apply", "tuned-small", "--verify").expect(0, "has the very bytes that hone built")
    shutil.rmtree(kit / "target/hone")
    alias = (kit / ".cargo/config.toml").exists()
    box.cargo(kit, *(["release-build"] if alias else ["build", "--release"]), env={"CARGO_TARGET_DIR": "plain"})
    check((kit / "plain/release/kit").read_bytes() == bytes_of_tuned, "other bytes than plain cargo's")

    # Now nothing is better than what is there.
    box.run(kit, "tune", "small", *SPACE, "--skip", "link.build-id").expect_error(3, "keep what you have")


def test_what_only_links_differ_in_is_compiled_once(box):
    """Also where a later step of the search comes back to it: the result without each of its settings."""
    kit = box.kit()
    only = "--only=opt-level,strip,link.icf,link.relr,link.build-id"
    doc = box.run(kit, "tune", "small", only, "--allow=glibc,address", "--format=json").expect(0).json()
    compiled = [json.dumps({k: v for k, v in point["settings"].items() if not k.startswith("link.")}) for point in doc["seen"] if point["compiled"]]
    linked = [point for point in doc["seen"] if not point["compiled"]]
    check(len(linked) > 5 and "strip" in "".join(compiled), doc["seen"])
    stripped = [settings for settings in compiled if '"strip": "symbols"' in settings]
    check(len(stripped) == len(set(stripped)), compiled)
    check(not list((kit / "target/hone/run").glob("links*")), "links are left")


def test_second_search_builds_nothing(box):
    kit = box.kit()
    first = tune(box, kit, "--skip", "codegen-units").json()
    second = tune(box, kit, "--skip", "codegen-units").json()
    check(first["builds"] > 1 and second["builds"] == 0 and second["candidates"] == 0, (first, second))
    check(first["settings"] == second["settings"] and first["way"] == second["way"], (first, second))
    check("codegen-units" not in json.dumps(first["way"]), first)


def test_limits_and_pins(box):
    kit = box.kit()
    few = tune(box, kit, "--builds", "2").json()
    check(few["ended"] == "builds" and few["builds"] <= 2, few)
    check([s["worth"] for s in few["shares"]].count(None) > 0, few["shares"])
    pinned = tune(box, kit, "--set", "opt-level=1", "--set", "codegen-units=1").json()
    check(pinned["settings"]["opt-level"] == 1 and pinned["settings"]["codegen-units"] == 1, pinned)
    check(pinned["settings"]["strip"] == "symbols", pinned)
    check({t["candidate"].split(",")[0] for t in pinned["out"]} <= {"smallest"}, pinned["out"])
    # What strips symbols, or the build id, carries the label: nothing else is smaller here. Problems are denied to show.
    (kit / "hone.toml").write_text('[hone]\ndeny = "warnings"\n\n[hone.tune]\ndeny = ["debug"]\n')
    denied = tune(box, kit, "--skip", "codegen-units", code=3).json()
    check(denied["settings"] == {} and denied["best"] == denied["baseline"] and not denied["way"], denied)


def test_saved_in_hone_toml(box):
    kit = box.kit(**{"hone.toml": "# mine\n[budget]\nsize = \"9 MB\"\n\n[[workload]]\nname = \"it\"\nrun = \"{bin} --version\"\n"})
    tune(box, kit, "--save", "--quick")
    text = (kit / "hone.toml").read_text()
    check(text.startswith("# mine\n[budget]\n") and "[candidates]\ntuned-small = " in text, text)
    shutil.rmtree(kit / "target")
    tried = box.run(kit, "try", "--rounds=1", "--format=json", "tuned-small", "tuned-small+opt-level=2").expect(0)
    check([t["name"] for t in tried.json()["trials"]] == ["baseline", "tuned-small", "tuned-small+opt-level=2"], tried)
    box.run(kit, "apply", "--dry-run", "tuned-small").expect(0, "Dry run")


def test_interrupted_search_keeps_the_best(box):
    kit = box.kit()
    ended = box.interrupt(kit, "tune", "small", *SPACE, when=kit / "target/hone/build")
    check(ended.code == 130, ended)
    # It goes on where it stopped.
    doc = tune(box, kit).json()
    check(doc["best"] < doc["baseline"], doc)


def test_interrupted_with_four_builds(box):
    """All that compile at that moment end with hone, whatever stands between; the next search begins from nothing half-made."""
    kit = box.kit()
    gate = box.root / "gate"
    gate.mkdir()
    # The program's own compilations wait, each with a file of its own, the baseline aside; the fourth tells.
    mine = box.program("mine", f"""#!/bin/sh
case "$*" in
*"--crate-name kit "*opt-level=[sz3]*)
  touch {gate}/$$
  [ "$(ls {gate} | wc -l)" -lt 4 ] || touch {box.root}/four
  sleep 600;;
esac
exec "$@"
""")
    search = ["tune", "small", "--only=opt-level,strip", "-j", "8"]
    ended = box.interrupt(kit, *search, when=box.root / "four", env={"RUSTC_WRAPPER": str(mine)})
    check(ended.code == 130 and "Search: 1 candidate, 1 of them compiled" in ended.out, ended)
    check("ended before all was tried: interrupted" in ended.out and "Next: keep what you have" in ended.out, ended)
    check(not box.left(), f"left: {box.left()}")
    doc = box.run(kit, *search, "--format=json").expect(0).json()
    check(doc["best"] < doc["baseline"], doc)


def test_verify(box):
    kit = box.kit()
    tune(box, kit, "--quick", "--verify", "test -x {bin}")
    box.run(kit, "tune", "small", *SPACE, "--quick", "--verify", "false {bin}").expect_error(1, "the check command fails on the baseline")
    # Without the program in it: with what cargo takes of the result from variables.
    look = "sh -c 'test $CARGO_PROFILE_RELEASE_STRIP = symbols && test $CARGO_PROFILE_TEST_STRIP = symbols && test -x $HONE_BIN'"
    tune(box, kit, "--quick", "--verify", look)
    box.run(kit, "tune", "small", *SPACE, "--quick", "--verify", "sh -c 'echo tests failed >&2; exit 5'").expect_error(
        1, "tuned-small is out: --verify", "tests failed"
    )
    tune(box, kit, "--quick", "--verify", "cargo test --quiet")


@cargos_time
def test_fast_and_balanced(box):
    """Where time decides: what is proved in fresh rounds, or nothing. Without optimization the loop takes several times as long."""
    kit = box.kit(manifest=KIT_MANIFEST.replace("opt-level = 2", "opt-level = 0"))
    only = ["--only", "opt-level,strip", "--run", "{bin} sum", "--budget=60s", "--format=json"]
    found = box.run(kit, "tune", "fast", *only)
    for _ in range(3):
        if found.code != 3:  # on a busy machine the baseline may be told from its own copy: then nothing is proved
            break
        found = box.run(kit, "tune", "fast", *only)
    doc = found.expect(0).json()
    check(doc["name"] == "tuned-fast" and doc["goal"] == "fast" and doc["metric"] == "time", doc)
    check(doc["settings"]["opt-level"] in (2, 3, "s") and doc["high"] < 0.9, doc)
    check(doc["way"] and doc["run"]["best"]["allowed"]["fast"] in ("tuned-fast", "fast"), doc)
    check({s["key"] for s in doc["shares"]} == set(doc["settings"]), doc)
    box.run(kit, "build", "--no-baseline", "tuned-fast").expect(0)
    balanced = box.run(kit, "tune", "balanced", *only)
    if balanced.code != 3:  # a busy machine may prove nothing
        doc = balanced.expect(0).json()
        check(doc["name"] == "tuned-balanced" and doc["best"] < doc["baseline"], doc)
    # Nothing of this makes it faster.
    same = box.run(box.kit(folder="quick"), "tune", "fast", "--only=strip", "--run={bin} sum", "--budget=9s")
    same.expect_error(3, "keep what you have")


@cargos_time
def test_what_settings_are_worth_in_time(box):
    """The result without each of its settings runs beside the result: its level makes it several times as fast, and where its
    symbols are makes no difference."""
    kit = box.kit(manifest=KIT_MANIFEST.replace("opt-level = 2", "opt-level = 0"))
    args = ["tune", "fast", "--only=opt-level,strip", "--run={bin} sum"]
    found = box.run(kit, *args, "--format=json")
    for _ in range(3):
        if found.code != 3:  # as above
            break
        found = box.run(kit, *args, "--format=json")
    doc = found.expect(0).json()
    shares = {s["key"]: s for s in doc["shares"]}
    check(set(shares) == set(doc["settings"]), doc)
    level = shares["opt-level"]
    check(1.1 < level["low"] <= level["ratio"] <= level["high"], shares)
    if "strip" in shares and "ratio" in shares["strip"]:
        check(shares["strip"]["worth"] > 1000 and shares["strip"]["ratio"] < 1.1, shares)


@cargos_time
def test_an_answer_outlives_its_shares(box):
    """What goes wrong once the answer is kept costs only what each setting is worth: here the workload fails from then on."""
    kit = box.kit(manifest=KIT_MANIFEST.replace("opt-level = 2", "opt-level = 0"))
    work = f"sh -c 'test ! -e {kit}/target/hone/tuned && {{bin}} sum'"
    args = ["tune", "fast", "--only=opt-level,strip", "--run", work]
    for _ in range(4):
        found = box.run(kit, *args, "--format=json")
        if found.code != 3:  # as above
            break
    doc = found.expect(0).json()
    check((kit / "target/hone/tuned").exists() and all("ratio" not in s for s in doc["shares"]), doc["shares"])
    check("not all is known of what each setting is worth" in found.err, found.err)


@cargos_time
def test_several_goals(box):
    """One command, one document; the front of what was timed, with figures of one comparison each."""
    kit = box.kit(manifest=KIT_MANIFEST.replace("opt-level = 2", "opt-level = 0"))
    found = box.run(kit, "tune", "small", "balanced", "--within=80%", "--only=opt-level,strip", "--run={bin} sum",
                    "--quick", "--budget=30s", "--format=json")  # fmt: skip
    doc = found.expect(0).json()
    small, balanced = doc["goals"]
    check([small["goal"], balanced["goal"]] == ["small", "balanced"] and balanced["within"] == 0.8, doc)
    check("within" not in small and small["best"] < small["baseline"], small)
    front = [s for s in balanced["seen"] if s["front"]]
    # Each is larger and faster than the one before it, and who is not there has one that is at least as good.
    front.sort(key=lambda s: s["bytes"])
    check(front and all(a["bytes"] < b["bytes"] and a["ratio"] > b["ratio"] for a, b in zip(front, front[1:])), front)
    for seen in balanced["seen"]:
        if seen["allowed"] and "ratio" in seen and not seen["front"]:
            check(any(f["bytes"] <= seen["bytes"] and f["ratio"] <= seen["ratio"] for f in front), seen)
    check(sum(s["knee"] for s in balanced["seen"]) <= 1, balanced["seen"])
    check(small["settings"] in [s["settings"] for s in small["seen"]], small["seen"])
    text = box.run(kit, "tune", "small", "--quick", *SPACE).expect(0)
    check("the way" in text.out and "the front" not in text.out, text)


def test_bad_workloads_are_found_first(box):
    """Before anything but the baseline is built; and what hardly computes is said."""
    kit = box.kit()
    for goal in ("small", "fast"):
        failing = box.run(kit, "tune", goal, "--run", "{bin} fail").expect_error(1, "told to fail")
        check("Planned" not in failing.err and "Racing" not in failing.err, failing)
        artifacts = [p for p in (kit / "target/hone/artifacts").iterdir() if p.is_dir()]
        check(len(artifacts) == 1, artifacts)
    waits = box.run(kit, "tune", "fast", "--run", "sh -c 'sleep 0.1; exec \"$0\" sum' {bin}", "--only=strip",
                    "--budget=4s", "--quick")  # fmt: skip
    quiet = os.getloadavg()[0] < len(os.sched_getaffinity(0)) / 2  # on a busy machine everything waits, a start, too
    check("waits otherwise" in waits.err or not quiet, waits)
    short = box.run(kit, "tune", "fast", "--run", "{bin} --version", "--only=strip", "--budget=4s", "--quick")
    check("the start of a process" in short.err or not quiet, short)


def test_a_candidate_that_does_not_build(box):
    """It is out with the compiler's words, the others go on; and a changed source is searched anew."""
    kit = box.kit(main='#[cfg(panic = "abort")]\ncompile_error!("not without unwinding");\n' + KIT_MAIN)
    doc = box.run(kit, "tune", "small", "--format=json", "--only=strip,panic").expect(0).json()
    check(doc["settings"] == {"strip": "symbols"}, doc["settings"])
    check(any("not without unwinding" in o["reason"] for o in doc["out"]), doc["out"])
    box.write(kit / "src/main.rs", KIT_MAIN)
    again = box.run(kit, "tune", "small", "--format=json", "--only=strip,panic").expect(0).json()
    check(again["builds"] > 0 and again["settings"] == {"strip": "symbols", "panic": "abort"}, again)


def test_a_build_that_is_not_deterministic(box):
    """What has other bytes each time is told, and the last figures count."""
    script = """use std::{process, time::{SystemTime, UNIX_EPOCH}};
fn main() {
    let n = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos() + process::id();
    println!("cargo:rustc-env=STAMP={}", "x".repeat(9000 + 5000 * (n % 7) as usize));
    println!("cargo:rerun-if-changed=/nowhere");
}
"""
    kit = box.kit(main=KIT_MAIN.replace('"kit 1.0.0"', '"kit 1.0.0 {}", env!("STAMP").len() > 0'),
                  **{"build.rs": script})  # fmt: skip
    found = box.run(kit, "tune", "small", "--format=json", "--only=strip", "--no-compare")
    if found.code == 3:  # luck may have made the baseline smaller
        return
    doc = found.expect(0).json()
    tuned = next(t for t in doc["run"]["trials"] if t["name"] == "tuned-small")
    check(tuned["size"] == doc["best"], (tuned["size"], doc["best"]))


@cargos_time
def test_levels_of_cpus_and_a_static_c_library(box):
    """Only where their labels are let in, and no level that this machine cannot run."""
    if os.uname().machine != "x86_64":
        raise Skip("another machine")
    flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    kit = box.kit(manifest=KIT_MANIFEST.replace("opt-level = 2", "opt-level = 0"))
    only = ["--only", "opt-level,rustc.target-cpu,link.static", "--run", "{bin} sum", "--budget=60s"]
    told = box.run(kit, "tune", "fast", *only, "--allow=cpu,static").err
    levels = sum(needs in flags for needs in ("sse4_2", "avx2", "avx512vl"))
    # What leads, its two other levels of optimization, the CPU of this machine, and the C library.
    check(f"one setting otherwise: {5 + levels} candidates" in told, (levels, told))


def test_bad_input(box):
    kit = box.kit()
    box.bad(kit, ["tune", "fast"], 2, "there is nothing to run", "--run 'ARGS'")
    box.bad(kit, ["tune", "small", "fast", "small"], 2, "small stands there twice")
    box.bad(kit, ["tune", "small", "balanced", "--within", "0"], 2, "--within takes a percentage above 0")
    box.bad(kit, ["tune", "small", "fast", "--within", "5"], 2, "--within is for the goal balanced")
    box.bad(kit, ["tune", "balanced", "--builds", "3", "--run", "sum"], 2, "--builds is for the goal small")
    box.bad(kit, ["tune"], 2, "GOAL")
    box.bad(kit, ["tune", "smal"], 2, "smal")
    box.bad(kit, ["tune", "small", "--only", "opt-levl"], 2, "did you mean `opt-level`?")
    box.bad(kit, ["tune", "small", "--skip", "rpath"], 2, "no search tries that setting")
    box.bad(kit, ["tune", "small", "--set", "lto=fst"], 2, "--set")
    box.bad(kit, ["tune", "small", "--deny", "nonsense"], 2, "nonsense")
    box.bad(kit, ["tune", "small", "--metric", "bytes"], 2, "--metric takes size, stripped")
    box.bad(kit, ["tune", "small", "--metric", "ram"], 2, "--metric ram is of programs without an operating system")
    box.bad(kit, ["tune", "small", "--builds", "0"], 2, "--builds takes a number")
    box.bad(kit, ["tune", "small", "--budget", "soon"], 2, "--budget takes a time")
    box.bad(kit, ["tune", "small", "--verify", "'"], 2, "--verify")
    box.bad(kit, ["build", "tuned-small"], 2, "`cargo hone tune` finds it")


def test_bad_candidates_in_hone_toml(box):
    kit = box.kit()
    for text, words in (
        ("[candidates]\nours = 1\n", "a candidate is a text"),
        ("[candidates]\nsmall = \"lto=fat\"\n", "`small` is a name of hone's own"),
        ("[candidates]\n\"a b\" = \"lto=fat\"\n", "letters, digits"),
        ("candidates = 1\n", "write [candidates]"),
        ("[candidates]\nours = \"lto=fst\"\n", "candidate `ours`"),
        ("[candidates]\nother = \"lto=fat\"\n", "`ours` is neither a candidate"),
    ):
        (kit / "hone.toml").write_text(text)
        result = box.run(kit, "build", "ours")
        check(result.code in (1, 2) and words in result.err, result)
