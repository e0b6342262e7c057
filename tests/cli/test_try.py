"""try, build and clean on what works: the bundled example and a small program."""

import csv
import io
import os
import subprocess

from harness import HONE, Skip, cargos_time, check

FAST = ("--rounds", "2")


@cargos_time
def test_presets_on_the_example(box):
    """The main job: JSON by its contract, and files that are what it says."""
    mill = box.wordmill()
    result = box.good(mill, ["try", "--run", "count --generate 3000", "--rounds", "3", "--format", "json"])
    report = result.json()
    check(next(iter(report)) == "schema" and report["schema"] == 1, "the schema does not come first")
    check(set(report["project"]) >= {"name", "version", "package", "bin", "manifest"}, report["project"])
    check(set(report["toolchain"]) >= {"rustc", "llvm", "host", "target"}, report["toolchain"])
    check([t["name"] for t in report["trials"]] == ["baseline", "small", "fast", "balanced"], "names")
    check(report["baseline"] == "baseline", "baseline")
    state = report["machine"]["state"]
    check(set(state) >= {"load_before", "load_after", "cpus", "governor", "turbo", "smt", "steal", "swapped_in", "throttled"}, state)
    check(state["cpus"] >= 1 and state["load_before"] >= 0 and 0 <= state["steal"] <= 1, state)
    for trial in report["trials"]:
        check(trial["status"] == "built" and trial["exact"] is True and trial["path_dependent"] is False, trial)
        check(os.path.getsize(trial["path"]) == trial["size"], f"{trial['name']} has another size")
        check(trial["stripped_size"] <= trial["size"] and trial["zstd_size"] < trial["size"], trial)
        check(trial["gzip_size"] < trial["size"] and sum(trial["sections"].values()) > trial["size"] / 2, trial)
        check(len(trial["hash"]) == 32, trial["hash"])
        # What a candidate has in common with the baseline is not compiled again: the build script.
        units = (5,) if trial["name"] == "baseline" else (4, 5)
        check(trial["build"]["units"] in units and trial["build"]["wall_s"] > 0, trial["build"])
        check(trial["build"]["peak_rss"] > 1 << 20 and trial["build"]["cpu_s"] > 0, trial["build"])
        check(trial["min_glibc"].startswith("2."), trial["min_glibc"])
    settings = {t["name"]: t["settings"] for t in report["trials"]}
    check(settings["baseline"] == {}, settings)
    check(
        settings["small"]
        == {"opt-level": "z", "lto": True, "codegen-units": 1, "panic": "abort", "strip": "debuginfo"},
        settings,
    )
    check(settings["fast"] == {"opt-level": 3, "lto": "fat", "codegen-units": 1, "panic": "abort"}, settings)
    labels = {t["name"]: t["labels"] for t in report["trials"]}
    check(labels["baseline"] == [] and "behaviour" in labels["fast"], labels)
    (workload,) = report["workloads"]
    check(workload["name"] == "count --generate 3000" and workload["kind"] == "command", workload)
    check(sum(m["primary"] for m in workload["metrics"]) == 1, "one primary metric")
    for metric in workload["metrics"]:
        check(metric["better"] == "lower" and metric["unit"], metric)
        for trial in metric["trials"]:
            check(len(trial["samples"]) == workload["rounds"] == 3, "every raw sample")
            # Three rounds are too few for any verdict.
            check(trial["name"] == "baseline" or trial["verdict"] == "undecided", trial)
    smallest = min(report["trials"], key=lambda t: t["size"])["name"]
    check(report["best"]["any"]["small"] == smallest, report["best"])
    check(report["best"]["any"]["fast"] == "baseline", "nothing was proved faster")


def test_path_dependent(box):
    """A program that embeds the folder it is built in has other bytes elsewhere; include! of OUT_DIR alone does not."""
    script = 'fn main() { std::fs::write(format!("{}/n.rs", std::env::var("OUT_DIR").unwrap()), "7").unwrap(); }\n'
    included = 'include!(concat!(env!("OUT_DIR"), "/n.rs"))'
    for folder, value, expected in (
        ("embeds", f'{included} + std::hint::black_box(env!("OUT_DIR")).len()', True),
        ("includes", included, False),
    ):
        main = f'fn main() {{ println!("{{}}", {value}); }}\n'
        kit = box.kit(folder, main=main, **{"build.rs": script})
        args = ["try", "opt-level=1", *FAST]
        found = [t["path_dependent"] for t in box.good(kit, [*args, "--format", "json"]).json()["trials"]]
        check(found == [expected, expected], f"{folder}: {found}")
        text = box.good(kit, args)
        check(("embeds the folder it is built in" in text.out) == expected, str(text))


def test_same_artifact_is_not_built_twice(box):
    kit = box.kit()
    args = ["try", "opt-level=1", "--format", "json", *FAST]
    first = box.good(kit, args).json()["trials"]
    again = box.good(kit, args).json()["trials"]
    check([t["hash"] for t in first] == [t["hash"] for t in again], "other bytes")
    check(all(t["build"]["fresh"] for t in again) and not any(t["build"]["fresh"] for t in first), again)


def test_each_setting(box):
    """--each adds the candidate without each setting, and every change by owner sums to the change of size."""
    kit = box.kit()
    args = ["try", "--each", "opt-level=1,strip=symbols", "--format", "json", *FAST]
    report = box.good(kit, args).json()
    trials = {t["name"]: t for t in report["trials"]}
    check(list(trials) == ["baseline", "opt-level=1,strip=symbols", 'strip="symbols"', "opt-level=1"], f"{list(trials)}")
    changes = {(c["name"], c["beside"]): c for c in report["changes"]}
    check(len(changes) == 5, f"three against the baseline, two of one setting: {list(changes)}")
    check(changes[("opt-level=1,strip=symbols", "opt-level=1")]["setting"] == 'strip="symbols"', f"{list(changes)}")
    check(changes[("opt-level=1,strip=symbols", "baseline")]["setting"] is None, "two settings have no single name")
    for (name, beside), c in changes.items():
        check(c["delta"] == trials[name]["size"] - trials[beside]["size"] == sum(r["delta"] for r in c["rows"]),
              f"{name} beside {beside}: {c['delta']}")
    rows = {r["name"]: r for r in changes[("opt-level=1,strip=symbols", "opt-level=1")]["rows"]}
    check(rows["[.symtab]"]["new"] == 0 and rows["[.strtab]"]["delta"] < 0, f"strip takes the symbol table: {rows}")
    said = " ".join(box.good(kit, ["explain", "strip"]).out.split())
    check("beside opt-level=1: " in said and "[.strtab] -" in said, f"explain: {said}")


def test_each_setting_of_a_name(box):
    """A candidate of --each is called what would be typed, and the table says of it what the one setting did."""
    kit = box.kit()
    name = "balanced+lto=unset+codegen-units=unset"
    result = box.good(kit, ["try", "--each", name, *FAST])
    table = result.out.partition("What the settings did")[2].splitlines()
    pairs = [tuple(line.split()[:2]) for line in table if line.startswith("balanced+")]
    less = [f"{name}+{key}=unset" for key in ("opt-level", "panic", "strip")]
    check(pairs == [(name, "baseline")] + [(name, x) for x in less], f"{pairs}")
    again = box.good(kit, ["try", less[0], "--format", "json", *FAST]).json()["trials"][1]
    check(set(again["settings"]) == {"panic", "strip"} and again["build"]["fresh"], f"{again}")


def test_text(box):
    result = box.good(box.kit(), ["try", "opt-level=1", "--run", "sum", *FAST])
    for word in ("baseline", "opt-level=1", "ratio", "undecided", "Smallest:", "Next:", " decides: ", "Machine: ", " CPU"):
        check(word in result.out, f"no {word}\n{result}")
    check("\x1b" not in result.out + result.err, "escape codes without a terminal")


def test_no_workload_says_so(box):
    result = box.good(box.kit(), ["try", "opt-level=1", *FAST])
    check("speed was not measured" in result.out + result.err, str(result))
    check(box.good(box.root / "kit", ["try", "opt-level=1", "--format", "json", *FAST]).json()["speed_measured"] is False,
          "speed_measured")


def test_program_without_version(box):
    """A program that fails on --version and --help is not run at all."""
    kit = box.kit(main='fn main() { std::process::exit(std::env::args().count() as i32); }\n')
    result = box.good(kit, ["try", "opt-level=1"])
    check("--run" in result.out + result.err, f"no word of how to measure\n{result}")


def test_markdown(box):
    result = box.good(box.kit(), ["try", "opt-level=1", "--run", "sum", "--format", "markdown", *FAST])
    lines = result.out.splitlines()
    rows = [n for n, line in enumerate(lines) if set(line) <= set("|-: ") and "---" in line]
    check(rows, f"no table\n{result}")
    for row in rows:
        columns = lines[row].count("|")
        check(lines[row - 1].count("|") == columns and lines[row + 1].count("|") == columns, f"columns\n{result}")


def test_csv(box):
    result = box.good(box.kit(), ["try", "opt-level=1", "--run", "sum", "--format", "csv", *FAST])
    rows = list(csv.reader(io.StringIO(result.out)))
    check(any("baseline" in row for row in rows) and any("opt-level=1" in row for row in rows), str(result))


def test_panic_is_told(box):
    result = box.good(box.wordmill(), ["try", "panic=abort", *FAST])
    check("cargo test" in result.out + result.err, f"nothing of what tests cannot show\n{result}")


@cargos_time
def test_panic_path_differs(box):
    """The example catches a panic; with panic=abort it cannot: the gate sees it."""
    mill = box.wordmill()
    args = ["try", "panic=abort", "opt-level=2", "--format", "json", *FAST]
    # The program's own exit code for left-out rows is 1; a check command tells what is right.
    box.program("lenient", '#!/bin/sh\n"$1" count --generate 50 --fail-row 7 >/dev/null 2>&1; [ $? = 1 ]\n')
    result = box.good(mill, [*args, "--run", "count --generate 50", "--check-cmd", "lenient {bin}"])
    check(result.trial("panic=abort")["status"] == "failed", str(result))
    check(result.trial("opt-level=2")["status"] == "built", str(result))


def test_stdin(box):
    mill = box.wordmill()
    rows = box.write("rows.tsv", "1\ta\t2.5\tone two two\n")
    args = ["try", "opt-level=2", "--run", "count -", "--stdin", rows, "--format", "json", *FAST]
    check(box.good(mill, args).trial("opt-level=2")["status"] == "built", "it did not run")


def test_several_workloads(box):
    kit = box.kit()
    args = ["try", "opt-level=1", "--run", "sum", "--run", "{bin} --version", *FAST]
    report = box.good(kit, [*args, "--format", "json"]).json()
    names = [w["name"] for w in report["workloads"]]
    check(names == ["sum", "{bin} --version"], names)
    check([c["name"] for c in report["composite"]] == ["baseline", "opt-level=1"], report["composite"])
    check(report["composite"][0]["ratio"] == 1 and report["composite"][1]["verdict"] == "undecided", report["composite"])
    box.good(kit, args, "All workloads together, 2 rounds", "by weight: sum 1, {bin} --version 1")


def test_locked_and_config(box):
    """Cargo's own options reach cargo."""
    kit = box.kit()
    args = ["try", "opt-level=1", "--locked", "--offline", "--config", "profile.release.debug=1", "--format", "json", *FAST]
    trials = box.good(kit, args).json()["trials"]
    check(all(t["size"] > 2 * t["stripped_size"] for t in trials), "debug=1 had no effect")


def test_example_target(box):
    kit = box.kit(**{"examples/demo.rs": 'fn main() { println!("demo"); }\n'})
    report = box.good(kit, ["try", "opt-level=1", "--example", "demo", "--format", "json", *FAST]).json()
    check(report["project"]["bin"] == "demo", report["project"])


def test_explicit_target(box):
    host = [line[6:] for line in box.cargo(box.root, "-vV").splitlines() if line.startswith("host: ")][0]
    kit = box.kit()
    result = box.good(kit, ["build", "opt-level=1", "--target", host])
    check(result.out.strip() == str(kit / "target" / host / "release/kit"), str(result))


def test_as_cargo_subcommand(box):
    """`cargo hone`, `cargo-hone hone` and `cargo-hone` are the same."""
    if HONE.name != "cargo-hone":
        raise Skip("the program under test is not called cargo-hone")
    kit = box.kit()
    outs = [
        box.run(kit, command=command).expect(0).out
        for command in (["cargo", "hone", "--help"], [HONE, "hone", "--help"], [HONE, "--help"])
    ]
    check(outs[0] == outs[1] == outs[2] and "try" in outs[0], outs)
    for command in ("try", "build", "apply", "clean"):
        check(f"cargo hone {command}" in box.run(kit, command, "--help").expect(0).out, f"{command} --help")


def test_clean(box):
    kit = box.kit()
    box.good(kit, ["build", "opt-level=1"])
    check((kit / "target/hone/build").exists(), "built elsewhere")
    box.good(kit, ["clean"])
    left = [p for p in (kit / "target/hone").rglob("*") if p.is_file() and p.stat().st_size > 4096]
    check(not left, f"clean left {left}")
    box.good(kit, ["build", "opt-level=1"])


def test_clean_keeps_undo(box):
    kit = box.kit()
    before = (kit / "Cargo.toml").read_bytes()
    box.run(kit, "apply", "small").expect(0)
    box.good(kit, ["clean"])
    box.run(kit, "apply", "--undo").expect(0)
    check((kit / "Cargo.toml").read_bytes() == before, "undo was lost")


def test_build_is_a_rename(box):
    """target/release/app is a hard link into cargo's cache: build must not write through it."""
    kit = box.kit()
    box.cargo(kit, "build", "--release")
    cache = [p for p in (kit / "target/release/deps").iterdir() if os.access(p, os.X_OK) and p.suffix == ""]
    before = cache[0].read_bytes()
    box.good(kit, ["build", "opt-level=s"])
    check(cache[0].read_bytes() == before, "cargo's cache was overwritten")
    check((kit / "target/release/kit").read_bytes() != before, "the binary was not placed")


def test_result_pipe_closed(box):
    """The reader of a pipe goes away: no error, no hang."""
    kit = box.kit()
    with subprocess.Popen(
        box.command(["--help"]), cwd=kit, env=box.env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:
        child.stdout.close()
        err = child.stderr.read()
    check(child.returncode == 0 and not err, f"{child.returncode} {err}")


def test_cold_packages(box):
    """Packages at "z", chosen by the size of real builds; what is found is an ordinary candidate."""
    members = "".join(f'{name} = {{ path = "{name}" }}\n' for name in ("big", "tiny"))
    kit = box.kit(main="""\
fn main() {
    let n = std::env::args().count() as u64 + 4;
    println!("{} {}", big::work(n), tiny::work(n));
}
""", manifest='[package]\nname = "kit"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n[dependencies]\n' + members)
    (kit / "Cargo.lock").unlink()
    # What opt-level 3 unrolls and "z" does not, enough of it to be more than 0.1 % of the file.
    loops = "".join(f"""
#[inline(never)]
fn f{i}(a: &mut [u64]) -> u64 {{
    for k in 1..a.len() {{
        a[k] = (a[k] ^ a[k - 1].rotate_left({i})).wrapping_mul({2 * i + 3});
    }}
    a.iter().fold({i}, |h, x| h.wrapping_mul(31) ^ x.wrapping_add({i}))
}}
""" for i in range(1, 30))
    calls = " ^ ".join(f"f{i}(&mut a)" for i in range(1, 30))
    manifest = '[package]\nname = "{}"\nversion = "0.1.0"\nedition = "2021"\n'
    box.write(kit / "big/Cargo.toml", manifest.format("big"))
    box.write(kit / "big/src/lib.rs", f"""{loops}
pub fn work(n: u64) -> u64 {{
    let mut a: Vec<u64> = (0..n * 9).collect();
    {calls}
}}
""")
    box.write(kit / "tiny/Cargo.toml", manifest.format("tiny"))
    box.write(kit / "tiny/src/lib.rs", "#[inline(never)]\npub fn work(n: u64) -> u64 {\n    n.wrapping_mul(7)\n}\n")
    box.run(kit, command=["cargo", "generate-lockfile", "--offline"]).expect(0)
    tried = box.good(kit, ["try", "--format=json", "--cold-packages", "opt-level=3,strip=symbols", *FAST])
    names = [t["name"] for t in tried.json()["trials"]]
    found = 'opt-level=3,strip=symbols,package."big".opt-level="z"'
    check(names == ["baseline", "opt-level=3,strip=symbols", found], names)
    check(tried.trial(found)["size"] < 0.999 * tried.trial(names[1])["size"], tried)
    check(tried.trial(found)["settings"]['package."big".opt-level'] == "z", tried)
    # Typed again, it is the same file.
    again = box.good(kit, ["build", "--no-baseline", found])
    made = open(again.out.strip(), "rb").read()
    check(made == open(tried.trial(found)["path"], "rb").read(), "other bytes than those of try")
    # A package that works is not cold.
    hot = box.run(kit, "try", "--format=json", "--cold-packages", names[1], "--train", "{bin}", *FAST)
    if "needs llvm-profdata" in hot.err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    hot.expect(0, "keep their level: big", "it stays as it is")
    check([t["name"] for t in hot.json()["trials"]] == names[:2], hot)


def test_cold_packages_that_gain_nothing(box):
    kit = box.kit()
    tried = box.good(kit, ["try", "--format=json", "--cold-packages", "opt-level=s", *FAST], "it stays as it is")
    check([t["name"] for t in tried.json()["trials"]] == ["baseline", "opt-level=s"], tried)
    box.bad(kit, ["try", "--cold-packages", "small"], 2, 'is at "z" already')
    box.bad(kit, ["try", "--cold-packages", "fast+pgo", "--run", "x"], 2, "is trained")
    box.bad(kit, ["try", "--cold-packages", "nonsense"], 2, "nonsense")
    box.bad(kit, ["try", "--cold-packages", "fast", "--builds", "2"], 2, "--builds takes a number from 3")
    box.bad(kit, ["try", "--builds", "5"], 2, "--builds is for --cold-packages")
