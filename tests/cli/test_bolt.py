"""post.bolt. llvm-bolt is a script of this test's, which counts and copies; the last test takes the real one."""

import shutil
import subprocess

from harness import Skip, cargos_time, check, tree_hash

# FAKE in its environment says how it goes wrong.
BOLT = r"""#!/bin/sh
[ "$1" != --version ] || { echo 'LLVM version @MAJOR@.1.8'; exit; }
from=$1 counts= to=
for a; do
	case $last in -o) to=$a ;; esac
	case $a in -instrument) counts=yes ;; -instrumentation-file=*) prefix=${a#*=} ;; -data=*) data=${a#*=} ;; esac
	last=$a
done
echo "$*" >>"$STUB_FOLDER/calls"
if [ "$counts" ]; then
	[ "${FAKE-}" != refuses ] || { echo 'BOLT-ERROR: library not found: libbolt_rt_instr.a' >&2; exit 1; }
	cp "$from" "$to.real"
	[ "${FAKE-}" != silent ] && write='echo "1 main 0 1 main 1 0 1" >>"'$prefix'.$$.fdata";'
	echo '#!/bin/sh
'"$write"' exec "'"$to"'.real" "$@"' >"$to"
	chmod +x "$to"
	exit
fi
grep -q main "$data" || { echo 'BOLT-ERROR: no profile' >&2; exit 1; }
case "${FAKE-}" in
dies) cp "$(which false)" "$to" ;;
text) echo text >"$to" ;;
crashes) kill -9 $$ ;;
*) cp "$from" "$to"; printf 'laid out' >>"$to" ;;
esac
chmod +x "$to"
"""
MERGE = '#!/bin/sh\nto=\nfor a; do [ "$last" != -o ] || to=$a; last=$a; done\ncat "$1" >"$to"\n'
CANDIDATE = "opt-level=1,post.bolt=always,strip=symbols"


def prepare(box, fake=True):
    if subprocess.run(["uname", "-m"], capture_output=True, text=True).stdout.strip() != "x86_64":
        raise Skip("another machine")
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, env=box.env).stdout
    major = said.partition("LLVM version: ")[2].partition(".")[0]
    box.write("stub/calls", "")
    box.env["STUB_FOLDER"] = str(box.root / "stub")
    if fake:
        box.program(f"llvm-bolt-{major}", BOLT.replace("@MAJOR@", major))
        box.program(f"merge-fdata-{major}", MERGE)
    elif not shutil.which(f"llvm-bolt-{major}"):
        raise Skip("no llvm-bolt of rustc's LLVM")
    return box.kit()


def calls(box):
    return (box.root / "stub/calls").read_text().splitlines()


def test_it_is_measured_and_written_down(box):
    kit = prepare(box)
    box.bad(kit, ["try", CANDIDATE], 2, "is trained, and there is nothing to train it with")
    box.bad(kit, ["build", CANDIDATE], 2, "there is nothing to train with")
    tried = box.good(kit, ["try", "--rounds=1", "--run=sum", "--format=json", CANDIDATE])
    trial = tried.trial(CANDIDATE)
    check(trial["status"] == "built" and trial["labels"] == ["debug"], trial)
    made = open(trial["path"], "rb").read()
    check(made.endswith(b"laid out"), "llvm-bolt's file is not what was measured")
    count, first, second = calls(box)
    check(" -instrument " in count and "-remove-symtab" in first and "-use-old-text" in second, calls(box))
    # The profile is kept: build and apply need no run.
    built = box.good(kit, ["build", "--no-baseline", CANDIDATE])
    check(open(built.out.strip(), "rb").read() == made and len(calls(box)) == 4, calls(box))
    before = tree_hash(kit)
    box.run(kit, "apply", "--verify", CANDIDATE).expect(0, "sh .cargo/hone/release-build.sh", "has the very bytes")
    check((kit / "target/release/kit").read_bytes() == made, "the script makes other bytes")
    # Twice: cargo has put its own file back.
    script = ["/bin/sh", ".cargo/hone/release-build.sh"]
    subprocess.run(script, cwd=kit, env=box.env, capture_output=True, check=True)
    check((kit / "target/release/kit").read_bytes() == made, "the script makes other bytes")
    done = subprocess.run([*script, "--train"], cwd=kit, env=box.env, capture_output=True, text=True)
    check(done.returncode == 1 and "made by hone alone: cargo hone apply" in done.stderr, done)
    # A profile of another build is not used.
    source = (kit / "src/main.rs").read_text()
    box.write("kit/src/main.rs", source.replace("fn main() {", 'fn main() {\n    println!("more");', 1))
    done = subprocess.run(script, cwd=kit, env=box.env, capture_output=True, text=True)
    check(done.returncode == 1 and "another program than the profile was made of" in done.stderr, done)
    check(not (kit / "target/release/kit").read_bytes().endswith(b"laid out"), "laid out by a stranger's profile")
    box.write("kit/src/main.rs", source)
    box.run(kit, "apply", "--undo").expect(0)
    check(tree_hash(kit) == before, "undo leaves something")


def test_without_it_the_others_go_on(box):
    kit = prepare(box)
    small = "opt-level=1,post.bolt=on"
    for how, words in (
        ("refuses", "library not found: libbolt_rt_instr.a"),
        ("silent", "the training left no counts"),
        ("dies", "what llvm-bolt wrote does not work: training with `sum`: exit code 1"),
        ("text", "what llvm-bolt wrote"),
        ("crashes", "ended by signal 9"),
    ):
        tried = box.good(kit, ["try", "--rounds=1", "--run=sum", "--format=json", CANDIDATE, "opt-level=2"], env={"FAKE": how})
        trial = tried.trial(CANDIDATE)
        check(trial["status"] == "failed" and words in trial["reason"], (how, trial))
        check(tried.trial("opt-level=2")["status"] == "built", tried)
    box.bad(kit, ["build", "--train=sum", CANDIDATE], 1, "library not found", env={"FAKE": "refuses"})
    box.bad(kit, ["apply", "--train=sum", CANDIDATE], 1, "library not found", env={"FAKE": "refuses"})
    # The code of a small program is not worth it, unless it is asked for.
    box.bad(kit, ["build", "--train=sum", small], 1, "bytes of code, and below", "post.bolt=always")


def test_a_link_without_relocations(box):
    kit = prepare(box)
    box.program("own-cc", '#!/bin/bash\nwords=("$@")\nexec cc "${words[@]/-Wl,--emit-relocs/}"\n')
    box.write("kit/.cargo/config.toml", f'[build]\nrustflags = ["-Clinker={box.root}/programs/own-cc"]\n')
    box.bad(kit, ["build", "--train=sum", CANDIDATE], 1, "the linked program has no relocations", "linker of your own")
    check(not calls(box), calls(box))


@cargos_time
def test_the_real_one(box):
    kit = prepare(box, fake=False)
    tried = box.good(kit, ["try", "--rounds=1", "--run=sum", "--format=json", CANDIDATE, "opt-level=1,strip=symbols"])
    trial, plain = tried.trial(CANDIDATE), tried.trial("opt-level=1,strip=symbols")
    check(trial["status"] == "built", trial)
    check(trial["size"] < 1.5 * plain["size"], f'{plain["size"]} -> {trial["size"]} bytes')
    headers = subprocess.run(["readelf", "-lSW", trial["path"]], capture_output=True, text=True).stdout
    check(".text.cold" in headers and ".symtab" not in headers and "GNU_STACK" in headers, headers)
    box.run(kit, "apply", "--verify", CANDIDATE).expect(0, "has the very bytes")
    check(subprocess.run([kit / "target/release/kit", "sum"], capture_output=True).returncode == 0, "it does not run")
