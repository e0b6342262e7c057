"""Bench targets of the package as workloads: built under each candidate's settings, their own numbers read."""

from harness import KIT_MAIN, KIT_MANIFEST, Skip, check

MANIFEST = KIT_MANIFEST + """
[[bench]]
name = "speed"
harness = false
"""

# Its figures depend on a setting of the profile, and not on the machine.
SPEED = """\
use std::{env, fs};

fn main() {
    assert!(env::args().any(|word| word == "--bench"), "not run as cargo bench runs it");
    // In the package's folder, as cargo has it.
    let input = fs::read_to_string("benches/input.txt").expect("benches/input.txt");
    let a = if cfg!(debug_assertions) { 4000 } else { 1000 };
    if let Ok(home) = env::var("CRITERION_HOME") {
        fs::create_dir_all(&home).unwrap();
        fs::write(format!("{home}/report"), "").unwrap();
    }
    println!("test {}/a ... bench:       {} ns/iter (+/- 1)", input.trim(), a);
    println!("test {}/b ... bench:       1,000 ns/iter (+/- 1)", input.trim());
}
"""

WORKLOAD = """\
[[workload]]
name = "own"
kind = "bench"
bench = "speed"
"""


def project(box, workload=WORKLOAD, bench=SPEED, main=KIT_MAIN):
    return box.kit(manifest=MANIFEST, main=main, **{"benches/speed.rs": bench, "benches/input.txt": "parse\n",
                                                     "hone.toml": workload})


def test_bench_target(box):
    """One setting makes half of the benchmarks four times slower: a geometric mean of two."""
    kit = project(box)
    args = ["try", "debug-assertions=true", "opt-level=1", "--rounds", "15"]
    result = box.good(kit, [*args, "--format", "json"])
    (workload,) = result.json()["workloads"]
    check(workload["kind"] == "bench" and workload["bench"] == "speed", f"{workload}")
    own = workload["metrics"][0]
    check(own["metric"] == "iteration" and own["unit"] == "s" and own["primary"], f"{own}")
    found = {t["name"]: (t["median"], t["ratio"], t["verdict"]) for t in own["trials"]}
    check(abs(found["baseline"][0] - 1e-6) < 1e-15, f"{found}")
    check(abs(found["debug-assertions=true"][1] - 2) < 1e-9, f"{found}")
    check(found["debug-assertions=true"][2] == "worse" and found["opt-level=1"][2] == "same", f"{found}")
    # The sizes are those of the binary, not of the bench.
    check(all("/kit" in t["path"] for t in result.json()["trials"]), f"{result}")
    text = box.good(kit, args)
    for part in ("time per iteration", "1000 ns", "geometric mean of 2 benchmarks"):
        check(part in text.out, f"no {part}\n{text}")


def test_bench_target_that_is_not_there(box):
    box.bad(project(box, WORKLOAD.replace("speed", "sped")), ["try", "opt-level=1"], 1,
            "workload `own`: package kit has no bench target `sped`", "its bench targets: speed")


def test_bench_target_that_does_not_build(box):
    """Under a candidate: that one is out, with the compiler's reason."""
    bench = '#[cfg(debug_assertions)]\ncompile_error!("no assertions here");\n' + SPEED
    kit = project(box, bench=bench)
    args = ["try", "debug-assertions=true", "opt-level=1", "--rounds", "2", "--format", "json"]
    result = box.good(kit, args, compiler=True)
    out = result.trial("debug-assertions=true")
    check(out["status"] == "failed" and "bench target `speed`" in out["reason"] and "no assertions here" in out["reason"], f"{out}")
    check(result.trial("opt-level=1")["status"] == "built", f"{result}")


def test_bench_target_without_numbers(box):
    kit = project(box, bench='fn main() { println!("fast enough"); }\n')
    box.bad(kit, ["try", "opt-level=1"], 1, "workload `own`", "no benchmark is found in its output", "`pattern`")


def test_trained_bench_target(box):
    """It learns from its own runs, the binary from what --train says. That the binary is compiled beside it, without a
    profile of its own, is no reason to refuse the bench's."""
    kit = project(box)
    result = box.run(kit, "try", "opt-level=3,pgo", "--train", "sum", "--rounds", "2", "--format", "json")
    if "needs llvm-profdata" in result.err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    result.expect(0, "functions were executed", "by `own`", "by `sum`")
    check(result.trial("opt-level=3,pgo")["status"] == "built", f"{result}")
    check(result.json()["workloads"][0]["trained"] is True, f"{result}")
