"""A program that runs under `cargo run` runs under hone: with the files that its own build put beside it, and with the
shared libraries of the folders that cargo names."""

import re
import shutil
import subprocess

from harness import Skip, cargos_time, check

# Writes a file, a folder and a link beside the executable, named by the settings that it is built with.
SCRIPT = """\
use std::{env, fs, os::unix::fs::symlink, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR").unwrap();
    let dir = Path::new(&out).ancestors().nth(3).unwrap();
    let level = env::var("OPT_LEVEL").unwrap();
    fs::create_dir_all(dir.join("assets/deep")).unwrap();
    fs::write(dir.join(format!("assets/deep/{level}")), "7").unwrap();
    if !dir.join("table.txt").exists() {
        fs::write(dir.join("table.txt"), &level).unwrap();
    }
    let _ = fs::remove_file(dir.join(".current"));
    symlink("assets/deep", dir.join(".current")).unwrap();
    println!("cargo::rustc-env=LEVEL={level}");
}
"""
# Takes a word "table", "assets" or "link" for what it looks at; fails where that is not exactly what its build made.
READER = """\
use std::{env, fs};

fn main() {
    let exe = env::current_exe().unwrap();
    let dir = exe.parent().unwrap();
    let what = env::args().nth(1).unwrap();
    let found = match what.as_str() {
        "table" => vec![fs::read_to_string(dir.join("table.txt")).unwrap()],
        _ => fs::read_dir(dir.join(if what == "assets" { "assets/deep" } else { ".current" }))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect(),
    };
    assert_eq!(found, [env!("LEVEL")], "{what}");
    println!("well");
}
"""
ALL = [word for what in ("table", "assets", "link") for word in ("--run", what)]


def built(result):
    trials = result.json()["trials"]
    check([t["status"] for t in trials] == ["built"] * len(trials), [(t["name"], t["status"], t["reason"]) for t in trials])


def test_files_beside_the_program(box):
    """Of each candidate those of its own build: where the script ran for it, ran for another one with the same settings
    (strip is none of a script's), or ran at another time."""
    kit = box.kit(main=READER, **{"build.rs": SCRIPT})
    names = ["opt-level=1", "strip=symbols", "opt-level=s,codegen-units=1"]
    args = [*ALL, "--rounds", "2", "--format", "json"]
    built(box.good(kit, ["try", *names, *args]))
    again = box.good(kit, ["try", *reversed(names), "opt-level=0", *args])
    built(again)
    check(sum(t["build"]["fresh"] for t in again.json()["trials"]) == 4, "built anew")
    # Another version of the script: what the old one wrote is gone.
    (kit / "build.rs").write_text(SCRIPT.replace("deep/{level}", "deep/{level}x"))
    box.bad(kit, ["try", "opt-level=1", "--run", "assets", "--rounds", "2"], 1, "fails on the baseline")
    (kit / "build.rs").write_text(SCRIPT.replace("&level).unwrap", "&level.clone()).unwrap"))
    built(box.good(kit, ["try", "opt-level=1", *args]))


def test_build_puts_files_beside_the_program(box):
    """As cargo does: what `build` leaves runs where it stands. A file that was named is all that is written there."""
    kit = box.kit(main=READER, **{"build.rs": SCRIPT})
    box.good(kit, ["build", "opt-level=1", "--no-baseline"])
    for what in ("table", "assets", "link"):
        box.run(kit, command=[str(kit / "target/release/kit"), what]).expect(0, "well")
    shutil.rmtree(kit / "target/hone")
    box.run(kit, command=[str(kit / "target/release/kit"), "link"]).expect(0, "well")
    box.run(kit, "build", "opt-level=1", "--no-baseline", "-o", "alone/kit").expect(0)
    check([f.name for f in (kit / "alone").iterdir()] == ["kit"], list((kit / "alone").iterdir()))
    for name in ("", "alone", "new/"):
        bad = box.bad(kit, ["build", "opt-level=1", "-o", name], 2, "--output takes a file")
        check("Built" not in bad.err, bad)


def test_files_that_something_is_compiled_from(box):
    """They are taken out of cargo's folder: a build that reads them there succeeds all the same."""
    main = READER.replace("fn main() {", 'const TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/../../../table.txt"));\n\nfn main() {\n    assert!(!TABLE.is_empty());')
    kit = box.kit(main=main, **{"build.rs": SCRIPT})
    args = ["--run", "assets", "--rounds", "2", "--format", "json"]
    for _ in range(2):
        built(box.good(kit, ["try", "opt-level=1", "strip=symbols", *args]))


def test_start_callgrind_and_training_beside_files(box):
    main = READER.replace('nth(1).unwrap()', 'nth(1).unwrap().replace("--version", "table")')
    kit = box.kit(main=main, **{"build.rs": SCRIPT})
    said = box.good(kit, ["try", "opt-level=1", "--rounds", "2"])
    check("Start-up: --version" in said.out, str(said))
    if shutil.which("valgrind"):
        counted = box.good(kit, ["try", "opt-level=1", *ALL, "--rounds", "2", "--callgrind", "--format", "json"])
        check(all(w["callgrind"] for w in counted.json()["workloads"] if "callgrind" in w), str(counted))
    trained = box.run(kit, "try", "opt-level=1,train.pgo=on", "--train", "table", "--run", "assets", "--rounds", "2", "--format", "json")
    if "llvm-profdata" not in trained.err:
        built(trained.expect(0))


LIBRARY_SCRIPT = """\
use std::{env, process::Command};

fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let level = env::var("OPT_LEVEL").unwrap();
    let lib = format!("{out}/libanswer.so");
    let args = ["-shared", "-fPIC", "-Wl,-soname,libanswer.so", "-DLEVEL='LETTER'", "answer.c", "-o", &lib];
    let args = args.map(|a| a.replace("LETTER", &level));
    assert!(Command::new("cc").args(args).status().unwrap().success());
    println!("cargo::rustc-env=LEVEL={level}");
    println!("cargo::rustc-link-search=KIND{out}");
    println!("cargo::rustc-link-lib=dylib=answer");
}
"""
LIBRARY_MAIN = """\
extern "C" {
    fn answer() -> u8;
}

fn main() {
    assert_eq!(unsafe { answer() } as char, env!("LEVEL").chars().next().unwrap());
    println!("{}", std::env::var("LD_LIBRARY_PATH").unwrap().len());
}
"""


@cargos_time
def test_libraries_of_build_scripts(box):
    """As cargo has it for `cargo run`: folders below its own output; paths of one length, and the user's own after them."""
    if not shutil.which("cc"):
        raise Skip("no cc")
    for kind in ("", "native=", "all="):
        kit = box.kit(f"kit{len(kind)}", main=LIBRARY_MAIN, **{
            "build.rs": LIBRARY_SCRIPT.replace("KIND", kind), "answer.c": "char answer(void) { return LEVEL; }\n"})
        args = ["try", "opt-level=1", "strip=symbols", "opt-level=s", "--run", "x", "--rounds", "2", "--format", "json"]
        built(box.good(kit, args))
    built(box.good(kit, args, env={"LD_LIBRARY_PATH": "/somewhere/else"}))
    # A folder of the project's own, which cargo does not name either.
    elsewhere = box.kit("elsewhere", main=LIBRARY_MAIN, **{
        "build.rs": LIBRARY_SCRIPT.replace("KIND", "").replace('env::var("OUT_DIR").unwrap()', 'env::var("CARGO_MANIFEST_DIR").unwrap()'),
        "answer.c": "char answer(void) { return LEVEL; }\n"})
    run = subprocess.run(["cargo", "run", "-q", "--release"], cwd=elsewhere, env=box.env, capture_output=True, check=False)
    check(run.returncode != 0, "cargo names it")
    done = box.run(elsewhere, *args)
    check(done.code == 1 and "libanswer.so" in done.err, str(done))


def test_what_is_left_out_is_named(box):
    """A dependency that is a shared library needs rustup's own, too; a program may read a variable of cargo's."""
    manifest = '[package]\nname = "kit"\nversion = "1.0.0"\nedition = "2021"\n\n[workspace]\n\n[dependencies]\nshared = { path = "shared" }\n'
    kit = box.kit(main='fn main() { println!("{}", shared::seven()); }\n', manifest=manifest, **{
        "Cargo.lock": None,
        "shared/Cargo.toml": '[package]\nname = "shared"\nversion = "1.0.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["dylib"]\n',
        "shared/src/lib.rs": "pub fn seven() -> u32 { std::hint::black_box(7) }\n"})
    box.cargo(kit, "generate-lockfile", "--offline")
    args = ["try", "opt-level=1", "--rounds", "2"]
    said = box.bad(kit, [*args, "--run", "x"], 1, "toolchain's libraries in LD_LIBRARY_PATH")
    # With what it says the program runs: cargo's own folders are there without a word.
    env = re.search("env = {.*}", said.err).group(0)
    (kit / "hone.toml").write_text(f'[[workload]]\nname = "w"\nrun = "{{bin}}"\n{env}\n')
    built(box.good(kit, [*args, "--format", "json"]))
    reads = box.kit("reads", main='fn main() { println!("{}", std::env::var("CARGO_MANIFEST_DIR").unwrap().len()); }\n')
    box.bad(reads, [*args, "--run", "x"], 1, "CARGO_MANIFEST_DIR", "cargo run", "hone.toml")
    for number, text in enumerate(('MODE = "fast"', 'MODE = { value = "fast", force = true }')):
        kit = box.kit(f"env{number}", main='fn main() { println!("{}", std::env::var("MODE").unwrap()); }\n', **{".cargo/config.toml": f"[env]\n{text}\n"})
        box.bad(kit, [*args, "--run", "x"], 1, "[env]", "cargo run", "hone.toml")
    fails = box.kit("fails", main='fn main() { std::process::exit(3); }\n')
    said = box.bad(fails, [*args, "--run", "x"], 1, "exit-code = 3")
    check("cargo run" not in said.err, str(said))


SETS_VARIABLES = """\
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=MODE=a \\"b\\" {}", std::env::var("PROFILE").unwrap());
    println!("cargo::rustc-env=OTHER=1");
}
"""
# Takes names of variables that have to be there when it runs.
NEEDS = """\
fn main() {
    let (ports, names): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|a| a.parse::<u16>().is_ok());
    for name in names {
        if std::env::var(&name).is_err() {
            eprintln!("{name} is missing");
            std::process::exit(3);
        }
    }
    println!("well");
    for port in ports {
        let server = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
        while let Ok(_) = server.accept() {}
    }
}
"""


def test_variables_of_build_scripts_are_named(box):
    """cargo hands what the package's own script sets, and its OUT_DIR, to a program that `cargo run` starts; users do not have it.
    Nothing of a dependency's script comes so far."""
    manifest = '[package]\nname = "kit"\nversion = "1.0.0"\nedition = "2021"\n\n[workspace]\n\n[dependencies]\ndep = { path = "dep" }\n'
    kit = box.kit(main=NEEDS, manifest=manifest, **{
        "Cargo.lock": None,
        "build.rs": SETS_VARIABLES,
        "dep/Cargo.toml": '[package]\nname = "dep"\nversion = "1.0.0"\nedition = "2021"\n',
        "dep/build.rs": SETS_VARIABLES.replace("MODE", "DEEP"),
        "dep/src/lib.rs": ""})
    box.cargo(kit, "generate-lockfile", "--offline")
    args = ["try", "opt-level=1", "--rounds", "2"]
    said = box.bad(kit, [*args, "--run", "MODE"], 1, "the variable MODE of its build script", "`cargo run`")
    env = re.search("env = {.*}", said.err).group(0)
    check(env == 'env = { MODE = "a \\"b\\" release" }', env)
    (kit / "hone.toml").write_text(f'[[workload]]\nname = "w"\nrun = "{{bin}} MODE"\n{env}\n')
    built(box.good(kit, [*args, "--format", "json"]))
    (kit / "hone.toml").unlink()
    said = box.bad(kit, [*args, "--run", "OUT_DIR"], 1, "the variable OUT_DIR", 'env = { OUT_DIR = "..." }')
    box.bad(kit, [*args, "--run", "OTHER OUT_DIR"], 1, "the variables MODE, OTHER, OUT_DIR of its build script")
    box.bad(kit, [*args, "--run", "OTHER CARGO_PKG_NAME"], 1, "all variables that cargo, its config and the build script set")
    said = box.bad(kit, [*args, "--run", "DEEP"], 1, "DEEP is missing")
    check("cargo run" not in said.err, str(said))
    # Wherever else the program is started.
    for words, more in (
        ("", 'setup = "{bin} OTHER"'),
        ("OTHER", 'kind = "startup"\nuntil = "output"'),
        ("OTHER {port}", 'kind = "startup"\nuntil = "ready"\n[workload.service]\nready = "tcp"'),
    ):
        (kit / "hone.toml").write_text(f'[[workload]]\nname = "w"\nrun = "{{bin}} {words}"\n{more}\n')
        box.bad(kit, args, 1, "the variable OTHER of its build script")
    (kit / "hone.toml").unlink()
    box.bad(kit, [*args, "--run", "{bin}", "--check-cmd", "{bin} OTHER"], 1,
            "the check command", "the variable OTHER of its build script")
    trained = box.run(kit, "build", "pgo", "--no-baseline", "--train", "OTHER")
    if "llvm-profdata" not in trained.err:
        check(trained.code == 1 and "the variable OTHER of its build script" in trained.err, str(trained))
