"""train.pgo and train.hot: from a profile of the program at work, through try, build and apply."""

import os
import re
import shutil
import subprocess

from harness import LONG, Skip, cargos_time, check, long_time

# Two commands that share no code of their own, and one that never ends by itself.
MAIN = """\
use std::{env, process};

#[inline(never)]
fn first(n: u64) -> u64 {
    (0..n).fold(7, |h, i| (h ^ i).wrapping_mul(0x100000001b3))
}

#[inline(never)]
fn second(n: u64) -> String {
    (0..n).map(|i| format!("{:x}", i * i)).fold(String::new(), |a, b| if a < b { b } else { a })
}

fn main() {
    match env::args().nth(1).as_deref() {
        Some("first") => println!("{}", first(3_000_000)),
        Some("second") => println!("{}", second(20_000)),
        Some("die") => {
            println!("{}", first(1000));
            process::abort();
        }
        Some("fail") => {
            eprintln!("kit: told to fail");
            process::exit(3);
        }
        _ => process::exit(2),
    }
}
"""


def trained(box):
    """The kit, where there is an llvm-profdata for this rustc."""
    kit = box.kit(main=MAIN)
    probe = box.run(kit, "build", "--no-baseline", "pgo")
    if "needs llvm-profdata" in probe.err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    probe.expect_error(2, "nothing to train with")
    return kit


@cargos_time
def test_pgo_is_used_and_kept(box):
    kit = trained(box)
    first = box.good(kit, ["try", "--format=json", "opt-level=3", "opt-level=3,pgo", "fast+hot=99", "--run", "first", "--run",
                           "second", "--rounds", "2"], "is held out", "functions were executed")
    sizes = [t["size"] for t in first.json()["trials"]]
    check(all(t["status"] == "built" for t in first.json()["trials"]), first)
    hashes = {t["hash"] for t in first.json()["trials"]}
    check(len(hashes) == 4, f"the profile changed nothing: {sizes}")
    pgo, hot = (first.trial(name)["profile_used"] for name in ("opt-level=3,pgo", "fast+hot=99"))
    check(0 < pgo["executed"] <= pgo["functions"] and pgo["mismatched"] == 0, pgo)
    check(0 < hot["hot_found"] <= hot["hot"] <= hot["executed"] and hot["renamed"] == 0, hot)
    if "hot_fast" in hot:
        check(hot["hot_fast"] == hot["hot_found"] and hot["cold_small"] > 0, hot)
    check("profile_used" not in first.trial("opt-level=3"), "it has no profile")
    # build takes the profile that try made, and says how old it is.
    again = box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo"], "nothing to compile", "ago")
    pgo = first.trial("opt-level=3,pgo")
    made = open(again.out.strip(), "rb").read()
    check(len(made) == pgo["size"] and made == open(pgo["path"], "rb").read(), "other bytes than those of try")


@cargos_time
def test_options_of_the_final_crate_are_trained_with(box):
    """rustc.compact changes what is inlined before functions are counted: the instrumented build has it, too."""
    trained(box)
    shapes = """
fn middle(n: u64) -> u64 {
    if leaf(n) % 3 == 0 { leaf(n ^ 5) } else { n }
}

#[inline(never)]
fn leaf(n: u64) -> u64 {
    n.rotate_left(7) ^ 0x9e37
}
"""
    kit = box.kit("shapes", main=MAIN.replace("(h ^ i)", "(middle(h) ^ middle(i))") + shapes)
    candidate = "opt-level=3,pgo,compact=on"
    made = box.good(kit, ["try", "--format=json", candidate, "--train", "first", "--train", "second"]).trial(candidate)
    used = made["profile_used"]
    check(used["executed"] > 0 and used["mismatched"] == 0, used)
    # A pipeline trains the same way.
    box.run(kit, "apply", candidate).expect(0)
    done = box.run(kit, command=["sh", ".cargo/hone/release-build.sh", "--train", "--offline"]).expect(0)
    check("hash mismatch" not in done.err, done)
    found = list(kit.glob("target/*/release/kit"))
    check(len(found) == 1 and found[0].read_bytes() == open(made["path"], "rb").read(), f"other bytes: {found}\n{done}")


def test_levels_where_alignment_does_not_tell_them(box):
    """rustc.compact aligns every function alike, so nothing is said, and nobody blamed, by alignment."""
    kit = trained(box)
    built = box.good(kit, ["build", "--no-baseline", "hot=99,opt-level=3,rustc.compact=on", "--train", "first"],
                     "hot functions are in the program")
    check("for speed" not in built.err and "for size" not in built.err, built)


@cargos_time
def test_the_same_after_apply(box):
    kit = trained(box)
    # Whole-program optimization is for the clone below: it takes its time.
    for candidate, command in (("pgo,opt-level=3", ["sh", ".cargo/hone/release-build.sh"]),
                               ("hot=99,opt-level=3,relr", ["cargo", "release-build"]),
                               ("near=module,hot=60,opt-level=3", ["cargo", "release-build"])):
        mine = box.run(kit, "build", "--no-baseline", candidate, "--train", "first").expect(0).out.strip()
        mine = open(mine, "rb").read()
        box.run(kit, "apply", candidate).expect(0, " ".join(command))
        clone = box.root / "else where, 'deep'" / candidate[:8] / "kit"
        shutil.copytree(kit, clone, ignore=shutil.ignore_patterns("target"))
        done = box.run(clone, command=command).expect(0)
        found = list(clone.glob("target/*/release/kit"))
        check(len(found) == 1 and found[0].read_bytes() == mine, f"other bytes: {found}\n{done}")
        # A pipeline that keeps no profile makes the same one.
        found[0].unlink()
        script = clone / ".cargo/hone/release-build.sh"
        done = box.run(kit, command=["sh", str(script), "--train", "--offline"]).expect(0)
        check(found[0].read_bytes() == mine, f"--train gives other bytes\n{done}")
        check(list(clone.glob("target/hone-train/*.profdata")), "the profile was not made anew")
        if shutil.which("shellcheck"):
            box.run(clone, command=["shellcheck", str(script)]).expect(0)
        again = box.run(kit, "apply", candidate).expect(0, "Unchanged")
        check("+++" not in again.out, again)
        box.run(kit, "apply", "--undo").expect(0)
        check(not (kit / ".cargo").exists(), "undo left something behind")


def test_build_scripts_are_not_instrumented(box):
    build = 'fn main() { println!("cargo:rerun-if-changed=build.rs"); }\n'
    kit = trained(box)
    (kit / "build.rs").write_text(build)
    stray = box.root / "stray"
    stray.mkdir()
    box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo", "--train", "first"],
             env={"LLVM_PROFILE_FILE": f"{stray}/%p.profraw"})
    check(not os.listdir(stray), f"profiles of other programs: {os.listdir(stray)}")


def test_build_scripts_that_read_the_flags(box):
    """The cc crate does, and stops at a codegen option that may have a value and has none. A program that drops the
    variable with the profile's name leaves nothing behind."""
    kit = trained(box)
    (kit / "build.rs").write_text("""\
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for flag in std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap().split('\\x1f') {
        let named = flag.trim_start_matches("-C");
        assert!(named != "profile-generate" && named != "profile-use", "{flag} must have a value");
    }
}
""")
    main = kit / "src/main.rs"
    main.write_text(main.read_text().replace('Some("fail")', """\
Some("alone") => {
            let me = env::current_exe().unwrap();
            process::Command::new(me).arg("first").env_clear().status().unwrap();
        }
        Some("fail")"""))
    before = sorted(os.listdir(kit))
    box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo", "--train", "first", "--train", "alone"],
             "functions were executed")
    after = sorted(name for name in os.listdir(kit) if name not in ("target", "Cargo.lock"))
    check(after == [name for name in before if name not in ("target", "Cargo.lock")], f"left behind: {after}")


def test_training_that_leaves_nothing(box):
    kit = trained(box)
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "die"], 1, "training with `die`", "SIGABRT")
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "fail"], 1, "exit code 3", "told to fail")
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "'"], 2, "--train")
    box.bad(kit, ["try", "opt-level=3,pgo"], 2, "nothing to train it with", "--run")
    box.bad(kit, ["build", "opt-level=3,hot=150", "--train", "first"], 2, "percentage")


def test_training_that_kills_itself_in_a_child(box):
    """The command ends well, the program inside it is killed: it is trained again, with counters in a file."""
    kit = trained(box)
    box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo", "--train", "sh -c '{bin} die; true'"], "left no profile",
             "kept in a file", "functions were executed")
    # The next command knows how, and has no training runs to do.
    again = box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo"], "ago")
    check("left no profile" not in again.err, again)
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "sh -c 'true {bin}'"], 1, "left no profile", "exits by itself")


LOAD = """\
import socket
import sys

for _ in range(20):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
        s.sendall(b"x")
        s.recv(100)
print("requests: 20")
"""

SERVE = """\
        Some("serve") => {
            use std::io::{Read, Write};
            let port = env::args().nth(2).unwrap().parse().unwrap();
            for s in std::net::TcpListener::bind(("127.0.0.1", port)).unwrap().incoming() {
                let mut s = s.unwrap();
                if s.read(&mut [0]).unwrap_or(0) > 0 {
                    let _ = s.write_all(first(10_000).to_string().as_bytes());
                }
            }
        }
        Some("second")"""


def test_a_service_that_is_stopped_by_a_signal(box):
    """It never comes to the end of main, where profiles are written."""
    box.write("load.py", LOAD)
    kit = trained(box)
    (kit / "src/main.rs").write_text(MAIN.replace('        Some("second")', SERVE, 1))
    (kit / "hone.toml").write_text(f"""\
[[workload]]
name = "serve"
kind = "service"
run = "{{bin}} serve {{port}}"
[workload.service]
load = "python3 {box.root}/load.py {{port}}"
requests = "requests: ([0-9]+)"
window = 0.2
warm-up = 0.1
""")
    box.good(kit, ["build", "--no-baseline", "opt-level=3,pgo"], "functions were executed", "by `serve`")


def test_which_workloads_train(box):
    kit = trained(box)
    text = """\
[[workload]]
name = "a"
run = "{bin} first"
train = false
[[workload]]
name = "b"
run = "{bin} second"
"""
    (kit / "hone.toml").write_text(text)
    tried = box.good(kit, ["try", "--format=json", "opt-level=3,hot=99", "--rounds=1"], "`a` is held out", "by `b`").json()
    check([w["trained"] for w in tried["workloads"]] == [False, True], tried["workloads"])
    (kit / "hone.toml").write_text(text.replace("train = false\n", ""))
    table = box.good(kit, ["try", "opt-level=3,hot=99", "--rounds=1"], "`b` is held out", "by `a`")
    for part in ("Speed: a, 1 round, trained with it", "Speed: b, 1 round, held out from training"):
        check(part in table.out, table)
    (kit / "hone.toml").write_text(text.replace("train = false", "train = 1"))
    box.bad(kit, ["try", "opt-level=3,hot=99"], 1, "hone.toml:4:9", "true or false")


@long_time
def test_curve_of_size_against_instructions(box):
    kit = trained(box)
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    box.bad(kit, ["try", "--curve", "opt-level=3", "--run", "first"], 2, "every workload trains it", "--run")
    box.bad(kit, ["try", "--curve", "opt-level=3"], 2, "there is no workload")
    tried = box.good(kit, ["try", "--format=json", "--curve", "opt-level=3", "--run", "first", "--run", "second", "--rounds=1"])
    curve = {p["name"]: p for p in tried.json()["curve"]}
    names = [f"opt-level=3,train.hot={share}" for share in ("90", "99", "99.9", "100")]
    check([*curve] == ["baseline", "opt-level=3", *names], curve)
    check(curve["opt-level=3"]["hot"] is None and [curve[n]["hot"] for n in names] == ["90", "99", "99.9", "100"], curve)
    hot = [curve[n]["hot_functions"] for n in names]
    check(hot == sorted(hot) and 0 < hot[0] < hot[3], hot)
    for p in curve.values():
        check([(i["workload"], i["trained"]) for i in p["instructions"]] == [("first", True), ("second", False)], p)
        check(all(i["count"] > 100000 for i in p["instructions"]), p)
    check(all(p["size"] == tried.trial(name)["size"] for name, p in curve.items()), curve)
    again = box.good(kit, ["try", "opt-level=3,train.hot=90", "opt-level=3,train.hot=100", "--callgrind", "--run", "first", "--run", "second", "--rounds=1"])
    for part in ("Size against instructions", "instructions 1, trained", "instructions 2, held out", "hot functions"):
        check(part in again.out, again)


@cargos_time
def test_a_profile_is_for_its_sources(box):
    """It is used again while they are the same; one that was damaged meanwhile is made again."""
    kit = trained(box)
    build = ["build", "--no-baseline", "opt-level=3,pgo"]
    box.good(kit, [*build, "--train", "first"])
    box.good(kit, build, " ago")
    # Those of hone.toml train it, too, once they are there.
    for damage, args in ((b"", ["--train", "first"]), (b"", []), (b"no profile", [])):
        for path in (kit / "target/hone/profiles").glob("*.profdata"):
            path.write_bytes(damage)
        if not args:
            (kit / "hone.toml").unlink(missing_ok=True)
            box.bad(kit, build, 2, "nothing to train with", "cannot be used")
            (kit / "hone.toml").write_text('[[workload]]\nname = "a"\nrun = "{bin} first"\n')
        made = box.good(kit, [*build, *args], "functions were executed")
        check(" ago" not in made.err, made)
    box.good(kit, build, " ago")
    (kit / "hone.toml").unlink()
    (kit / "src/main.rs").write_text(MAIN.replace("3_000_000", "2_000_000"))
    box.bad(kit, build, 2, "nothing to train with")
    made = box.good(kit, [*build, "--train", "first"], "functions were executed")
    check(" ago" not in made.err, made)


def test_tools_that_are_missing_or_of_another_llvm(box):
    kit = box.kit(main=MAIN)
    box.program("rustc", """\
#!/bin/sh
case "$*" in
-vV) @REAL@ "$@" | sed 's/^LLVM version: .*/LLVM version: 77.1.0/'; exit ;;
*profile-use*) echo 'warning: unsupported profile' >&2; exit ;;
esac
exec @REAL@ "$@"
""")
    # It ends well, and writes nothing.
    box.program("llvm-profdata", "#!/bin/sh\necho '  LLVM version 3.9.1'\n")
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "first"], 1, "llvm-profdata of LLVM 77", "wrote no profile",
            "apt-get install llvm-77")
    box.program("llvm-profdata-77", "#!/bin/sh\nexit 1\n")
    box.bad(kit, ["try", "opt-level=3,hot=99", "--run", "first"], 1, "llvm-profdata of LLVM 77", "exit code 1")


def test_an_llvm_profdata_is_taken_by_what_it_does(box):
    """Its number says nothing: one of another LLVM that reads the profile is taken, one of rustc's that fails is not."""
    kit = trained(box)
    real = next(p for p in ("llvm-profdata-22", "llvm-profdata") if shutil.which(p))
    box.program("llvm-profdata-22", "#!/bin/sh\n[ \"$1\" = --version ] && exec @REAL@ \"$@\"\nexit 1\n")
    box.program("llvm-profdata", f"""\
#!/bin/sh
[ "$1" = --version ] && echo '  LLVM version 19.1.7' && exit
exec {shutil.which(real)} "$@"
""")
    box.good(kit, ["build", "--no-baseline", "pgo", "--train", "first"], "functions were executed")


def test_what_a_coverage_build_counted_is_refused(box):
    kit = trained(box)
    helper = box.write("helper.rs", "fn main() {}\n")
    subprocess.run(["rustc", "-Cinstrument-coverage", "-o", box.root / "helper", helper], check=True, env=box.env)
    box.write(kit / "both.sh", f'{box.root}/helper; exec "$@"\n')
    (kit / "hone.toml").write_text('[[workload]]\nname = "w"\nrun = "sh both.sh {bin} first"\n')
    box.bad(kit, ["try", "pgo"], 1, "the profile of a coverage build (-C instrument-coverage)", "without a word")


def test_rustflags_of_the_environment(box):
    kit = trained(box)
    box.bad(kit, ["build", "opt-level=3,pgo", "--train", "first"], 2, "RUSTFLAGS is set", "would be lost",
            env={"RUSTFLAGS": "-Cdebuginfo=0"})


def test_a_profile_that_does_not_fit(box):
    """A compiler that is given another profile: hone notices instead of building without one."""
    kit = trained(box)
    box.run(kit, "build", "--no-baseline", "opt-level=3,pgo", "--train", "first").expect(0)
    other = next((kit / "target/hone/profiles").glob("*.profdata"))
    box.program("rustc", f"""\
#!/bin/sh
# Symbols of another metadata: the profile's names mean nothing here.
if [ "$*" != "${{*#*-Cprofile-use=}}" ]; then exec @REAL@ "$@" -Cmetadata=other; fi
exec @REAL@ "$@"
""")
    shutil.rmtree(kit / "target/hone/build")
    check(other.exists(), other)
    box.bad(kit, ["build", "--no-baseline", "opt-level=3,pgo"], 1, "the profile was not used")


@cargos_time
def test_levels_that_do_not_come_through(box):
    """A compiler that drops the marks, or names functions otherwise: there would be a program without a word."""
    kit = trained(box)
    # Stripped: the names are those of its twin.
    build = ["build", "--no-baseline", "opt-level=3,codegen-units=1,hot=99,strip=symbols"]
    box.good(kit, [*build, "--train", "first"], "hot functions are in the program", "the rest is inlined")
    again = box.good(kit, build, "nothing to compile", "hot functions are in the program")
    check(" ago" in again.err, again)
    drop = """\
for a; do
    shift
    case $a in DROPPED) ;; *) set -- "$@" "$a" ;; esac
done
"""
    rename = """\
case "$*" in *force-attribute*) set -- "$@" -Cmetadata=other ;; esac
"""
    for change, words in ((drop.replace("DROPPED", "*-force-remove-attribute=*"), "are compiled for size all the same"),
                          (drop.replace("DROPPED", "*-force-attribute=*"), "only 0 are compiled for size"),
                          (rename, "under other symbols")):
        box.program("rustc", "#!/bin/sh\n" + change + 'exec @REAL@ "$@"\n')
        shutil.rmtree(kit / "target/hone/build")
        result = box.bad(kit, build, 1, words)
        check("not carried out" in result.err or "was not used" in result.err, result)


@cargos_time
def test_profiles_of_others(box):
    """Another program's, and one that another LLVM wrote, in the place of the kept one; made again where it can be."""
    kit = trained(box)
    other = box.kit("other", main=MAIN.replace("first(", "third("))
    build = ["build", "--no-baseline", "opt-level=3,pgo"]
    box.good(other, [*build, "--train", "first"])
    box.good(kit, [*build, "--train", "first"])
    mine = next((kit / "target/hone/profiles").glob("*.profdata"))
    foreign = next((other / "target/hone/profiles").glob("*.profdata")).read_bytes()
    good = mine.read_bytes()
    # The version is the number behind the magic.
    newer = good[:8] + (99).to_bytes(8, "little") + good[16:]
    for content in (foreign, newer):
        mine.write_bytes(content)
        box.bad(kit, build, 2, "nothing to train with", "not the file any more that was made")
        box.good(kit, [*build, "--train", "first"], "functions were executed")
        check(mine.read_bytes() == good, "it was not made again")


# Writes what an instrumented program without a function would: the header that it wrote, and no data.
EMPTY = """\
import os
import subprocess
import sys

pattern = os.environ["LLVM_PROFILE_FILE"]
folder = os.path.dirname(pattern)
subprocess.run(sys.argv[2:], env=os.environ | {"LLVM_PROFILE_FILE": folder + "/made"}, check=True)
with open(folder + "/made", "rb") as file:
    head = file.read(16)
os.unlink(folder + "/made")
with open(folder + "/empty.profraw", "wb") as file:
    if sys.argv[1] == "header":
        file.write(head + bytes(14 * 8))
"""


def test_empty_profiles(box):
    """A training run that wrote nothing, or nothing of any function."""
    box.write("empty.py", EMPTY)
    kit = trained(box)
    for what, words in (("nothing", "empty"), ("header", "empty")):
        box.bad(kit, ["build", "opt-level=3,pgo", "--train", f"python3 {box.root}/empty.py {what} {{bin}} first"], 1, words)


FORK = """\
        Some("fork") => {
            extern "C" {
                fn fork() -> i32;
                fn setsid() -> i32;
                fn _exit(code: i32) -> !;
            }
            unsafe {
                if fork() > 0 {
                    _exit(0);
                }
                setsid();
            }
            println!("{}", first(1000));
            std::thread::sleep(std::time::Duration::from_secs(600));
        }
        Some("both") => {
            let me = env::current_exe().unwrap();
            let mut children = ["first", "second"].map(|word| process::Command::new(&me).arg(word).spawn().unwrap());
            for child in &mut children {
                child.wait().unwrap();
            }
        }
        Some("second")"""


def test_several_processes_and_a_daemon(box):
    """What children do is learnt, too; a program that leaves for the background is stopped with what it left."""
    kit = trained(box)
    (kit / "src/main.rs").write_text(MAIN.replace('        Some("second")', FORK, 1))
    used = {}
    for words in ("both", "first", "second"):
        tried = box.good(kit, ["try", "--format=json", "opt-level=3,hot=100", "--run", words, "--rounds=1", "--no-compare"])
        used[words] = tried.trial("opt-level=3,hot=100")["profile_used"]["executed"]
    check(used["both"] > max(used["first"], used["second"]), used)
    result = box.run(kit, "build", "--no-baseline", "opt-level=3,pgo", "--train", "fork")
    result.expect(0 if result.code == 0 else 1, "go on in the background")


@cargos_time
def test_more_hot_functions_than_cargo_can_be_told(box):
    kit = trained(box)
    names = [f"a_function_whose_name_is_longer_than_those_that_people_usually_write_{i}" for i in range(1000)]
    body = "(n: u64) -> u64 { n.rotate_left(%d) ^ %d }\n"
    functions = "".join(f"#[inline(never)]\nfn {name}" + body % (i % 64, i) for i, name in enumerate(names))
    calls = "".join(f"    n ^= {name}(n);\n" for name in names)
    main = "fn main() {\n    let mut n = std::env::args().count() as u64;\n" + calls + '    println!("{n}");\n}\n'
    (kit / "src/main.rs").write_text(functions + main)
    less = box.good(kit, ["build", "--no-baseline", "opt-level=1,hot=20", "--train", "{bin}"], "for speed")
    check("124 kB" not in less.err, less)
    # All of them are hot, or near the few that are: what apply writes finds as many, with a profile that is made anew, too.
    for candidate, said in (("opt-level=1,hot=100", "hot functions are more than the 124 kB"),
                            ("opt-level=1,hot=20,near=crate", "functions near hot ones are more than the 124 kB")):
        told = box.good(kit, ["build", "--no-baseline", candidate, "--train", "{bin}"], said, "are compiled for speed")
        mine = open(told.out.strip(), "rb").read()
        box.run(kit, "apply", candidate).expect(0)
        script = kit / ".cargo/hone/release-build.sh"
        for again in ([], ["--train"]):
            box.run(kit, command=["sh", str(script), *again, "--offline"]).expect(0)
            found = list(kit.glob("target/*/release/kit"))
            check(len(found) == 1 and found[0].read_bytes() == mine, f"other bytes after apply {again}: {found}")
            found[0].unlink()


def test_targets_that_do_not_run_here(box):
    """Said before anything is built."""
    kit = trained(box)
    here = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    triple = "s390x-unknown-linux-gnu"
    if here == "s390x" or os.path.exists("/proc/sys/fs/binfmt_misc/qemu-s390x"):
        raise Skip("programs for s390x run here")
    for args in (["try", "fast", "--run", "first"], ["build", "opt-level=3,pgo", "--train", "first"],
                 ["try", "opt-level=3,pgo", "--run", "true {bin}", "--train", "first"]):
        result = box.bad(kit, [*args, "--target", triple], 2, "does not run here", triple, "emulator")
        check("building" not in result.err and "Compiling" not in result.err, result)
    bare = "thumbv7m-none-eabi"
    box.bad(kit, ["build", "opt-level=3,hot=99", "--target", bare, "--train", "first"], 2, "leaves no profile", bare)
    box.bad(kit, ["try", "fast", "--target", bare, "--run", "first"], 2, "does not run here")


def git(project, *args):
    done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *args], cwd=project, check=False,
                          capture_output=True, text=True)
    check(done.returncode == 0, f"git {args}: {done.stderr}")


@cargos_time
def test_a_clone_gives_the_same_bytes(box):
    """The example with a dependency from the registry, applied, committed, cloned, built by plain Cargo elsewhere."""
    mill = box.wordmill("origin/mill")
    # The registry's files of whoever runs the tests; the box has none of its own.
    home = os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo")
    env = {"CARGO_HOME": home, "CARGO_NET_OFFLINE": "false"}
    with open(mill / "Cargo.toml", "a", encoding="utf-8") as file:
        file.write('itoa = "1"\n')
    main = (mill / "src/main.rs").read_text()
    (mill / "src/main.rs").write_text(main + """
#[used]
static FORMAT: fn(u64) -> usize = |n| itoa::Buffer::new().format(n).len();
""")
    fetched = box.run(mill, command=["cargo", "fetch"], env=env)
    if fetched.code != 0:
        raise Skip("the registry cannot be reached")
    probe = box.run(mill, "build", "--no-baseline", "pgo", env=env)
    if "needs llvm-profdata" in probe.err:
        raise Skip("no llvm-profdata of rustc's LLVM")
    (mill / ".gitignore").write_text("target\n")
    git(mill, "init", "-q")
    for candidate in ("fastest", "best-balanced", "smallest-bold") if LONG else ("best-balanced",):
        mine = box.run(mill, "build", "--no-baseline", candidate, "--train", "count --generate 2000", env=env)
        mine = open(mine.expect(0).out.strip(), "rb").read()
        box.run(mill, "apply", candidate, env=env).expect(0)
        git(mill, "add", "-A")
        git(mill, "commit", "-qm", candidate)
        clone = box.root / f"a clone of {candidate}"
        git(box.root, "clone", "-q", mill, clone)
        check(not list(clone.glob("target")), "the clone is not clean")
        script = clone / ".cargo/hone/release-build.sh"
        command = ["sh", script] if script.exists() else ["cargo", "release-build"]
        done = box.run(clone, command=[*map(str, command)], env=env).expect(0)
        found = [*clone.glob("target/release/wordmill"), *clone.glob("target/*/release/wordmill")]
        check(len(found) == 1 and found[0].read_bytes() == mine, f"other bytes: {found}\n{done}")
        box.run(mill, "apply", "--undo", env=env).expect(0)


@long_time
def test_the_profile_fits_a_program_with_levels(box):
    """What is for size is inlined otherwise before the profile is looked up: it has to be counted with its levels."""
    trained(box)
    mill = box.wordmill()
    train = ["--train", "similar --generate 300 --seed 7"]
    made = box.good(mill, ["build", "--no-baseline", "best-balanced", *train], "instrumented, with its levels")
    check(re.search(r"\b0 functions of the program have none in it, 0 another shape", made.err), made)
    again = box.good(mill, ["build", "--no-baseline", "best-balanced"], "nothing to compile")
    check(again.out == made.out and again.err.count("functions were executed") == 1, again)
