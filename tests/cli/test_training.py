"""train.pgo and train.hot: from a profile of the program at work, through try, build and apply."""

import os
import shutil
import subprocess

from harness import Skip, check

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


def test_pgo_is_used_and_kept(box):
    kit = trained(box)
    first = box.good(kit, ["try", "--format=json", "fast", "fast+pgo", "fast+hot=99", "--run", "first", "--run",
                           "second", "--rounds", "2"], "is held out", "functions were executed")
    sizes = [t["size"] for t in first.json()["trials"]]
    check(all(t["status"] == "built" for t in first.json()["trials"]), first)
    hashes = {t["hash"] for t in first.json()["trials"]}
    check(len(hashes) == 4, f"the profile changed nothing: {sizes}")
    # build takes the profile that try made, and says how old it is.
    again = box.good(kit, ["build", "--no-baseline", "fast+pgo"], "nothing to compile", "ago")
    pgo = first.trial("fast+pgo")
    made = open(again.out.strip(), "rb").read()
    check(len(made) == pgo["size"] and made == open(pgo["path"], "rb").read(), "other bytes than those of try")


def test_the_same_after_apply(box):
    kit = trained(box)
    for candidate, command in (("fast+pgo", ["sh", ".cargo/hone/release-build.sh"]),
                               ("fast+hot=99,relr", ["cargo", "release-build"])):
        mine = box.run(kit, "build", "--no-baseline", candidate, "--train", "first").expect(0).out.strip()
        mine = open(mine, "rb").read()
        box.run(kit, "apply", candidate).expect(0, " ".join(command))
        clone = box.root / "else where, 'deep'" / candidate[:8] / "kit"
        shutil.copytree(kit, clone, ignore=shutil.ignore_patterns("target"))
        done = box.run(clone, command=command).expect(0)
        found = list(clone.glob("target/*/release/kit"))
        check(len(found) == 1 and found[0].read_bytes() == mine, f"other bytes: {found}\n{done}")
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
    box.good(kit, ["build", "--no-baseline", "fast+pgo", "--train", "first"],
             env={"LLVM_PROFILE_FILE": f"{stray}/%p.profraw"})
    check(not os.listdir(stray), f"profiles of other programs: {os.listdir(stray)}")


def test_training_that_leaves_nothing(box):
    kit = trained(box)
    box.bad(kit, ["build", "fast+pgo", "--train", "die"], 1, "training with `die`", "SIGABRT")
    box.bad(kit, ["build", "fast+pgo", "--train", "fail"], 1, "exit code 3", "told to fail")
    box.bad(kit, ["build", "fast+pgo", "--train", "'"], 2, "--train")
    box.bad(kit, ["try", "fast+pgo"], 2, "nothing to train it with", "--run")
    box.bad(kit, ["build", "fast+hot=150", "--train", "first"], 2, "percentage")


def test_training_that_kills_itself_in_a_child(box):
    """The command ends well, the program inside it is killed: it is trained again, with counters in a file."""
    kit = trained(box)
    box.good(kit, ["build", "--no-baseline", "fast+pgo", "--train", "sh -c '{bin} die; true'"], "left no profile",
             "kept in a file", "functions were executed")
    # The next command knows how, and has no training runs to do.
    again = box.good(kit, ["build", "--no-baseline", "fast+pgo"], "ago")
    check("left no profile" not in again.err, again)
    box.bad(kit, ["build", "fast+pgo", "--train", "sh -c 'true {bin}'"], 1, "left no profile", "exits by itself")


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
    box.good(kit, ["build", "--no-baseline", "fast+pgo"], "functions were executed", "by `serve`")


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
    tried = box.good(kit, ["try", "--format=json", "fast+hot=99", "--rounds=1"], "`a` is held out", "by `b`").json()
    check([w["trained"] for w in tried["workloads"]] == [False, True], tried["workloads"])
    (kit / "hone.toml").write_text(text.replace("train = false\n", ""))
    table = box.good(kit, ["try", "fast+hot=99", "--rounds=1"], "`b` is held out", "by `a`")
    for part in ("Speed: a, 1 rounds, trained with it", "Speed: b, 1 rounds, held out from training"):
        check(part in table.out, table)
    (kit / "hone.toml").write_text(text.replace("train = false", "train = 1"))
    box.bad(kit, ["try", "fast+hot=99"], 1, "hone.toml:4:9", "true or false")


def test_a_profile_is_for_its_sources(box):
    """It is used again while they are the same; one that was damaged meanwhile is made again."""
    kit = trained(box)
    build = ["build", "--no-baseline", "fast+pgo"]
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
esac
exec @REAL@ "$@"
""")
    box.program("llvm-profdata", "#!/bin/sh\necho '  LLVM version 3.9.1'\n")
    box.bad(kit, ["build", "fast+pgo", "--train", "first"], 1, "llvm-profdata of LLVM 77", "is of LLVM 3",
            "apt-get install llvm-77")
    box.program("llvm-profdata-77", "#!/bin/sh\nexit 1\n")
    box.bad(kit, ["try", "fast+hot=99", "--run", "first"], 1, "llvm-profdata of LLVM 77")


def test_rustflags_of_the_environment(box):
    kit = trained(box)
    box.bad(kit, ["build", "fast+pgo", "--train", "first"], 2, "RUSTFLAGS is set", "would be lost",
            env={"RUSTFLAGS": "-Cdebuginfo=0"})


def test_a_profile_that_does_not_fit(box):
    """A compiler that is given another profile: hone notices instead of building without one."""
    kit = trained(box)
    box.run(kit, "build", "--no-baseline", "fast+pgo", "--train", "first").expect(0)
    other = next((kit / "target/hone/profiles").glob("*.profdata"))
    box.program("rustc", f"""\
#!/bin/sh
# Symbols of another metadata: the profile's names mean nothing here.
if [ "$*" != "${{*#*-Cprofile-use=}}" ]; then exec @REAL@ "$@" -Cmetadata=other; fi
exec @REAL@ "$@"
""")
    shutil.rmtree(kit / "target/hone/build")
    check(other.exists(), other)
    box.bad(kit, ["build", "--no-baseline", "fast+pgo"], 1, "the profile was not used")


def git(project, *args):
    done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *args], cwd=project, check=False,
                          capture_output=True, text=True)
    check(done.returncode == 0, f"git {args}: {done.stderr}")


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
    for candidate in ("fastest", "smallest"):
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
