"""link.allocator. cargo is the real one, but for the allocator's own crate: that makes a small allocator of this test's,
which ends the program where it is given memory of another one."""

import shutil
import subprocess
from pathlib import Path

from harness import Skip, check, tree_hash

STUB = r"""
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char arena[256 << 20] __attribute__((aligned(4096)));
static size_t used = 64;
static void *take(size_t align, size_t n)
{
	size_t at, next;
	do {
		at = __atomic_load_n(&used, __ATOMIC_SEQ_CST);
		next = ((at + 16 + align - 1) & ~(align - 1)) + n;
	} while (!__atomic_compare_exchange_n(&used, &at, next, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	if (next > sizeof(arena)) return 0;
	memcpy(arena + next - n - 8, &n, 8);
	return arena + next - n;
}
static size_t size(void *p)
{
	size_t n;
	if ((char *)p < arena || (char *)p >= arena + sizeof(arena)) { write(2, "foreign\n", 8); _exit(99); }
	memcpy(&n, (char *)p - 8, 8);
	return n;
}
void *malloc(size_t n) { return take(16, n); }
void free(void *p) { if (p) size(p); }
void *calloc(size_t n, size_t m) { return take(16, n * m); }
void *realloc(void *p, size_t n)
{
	void *q = take(16, n);
	if (p) memcpy(q, p, size(p) < n ? size(p) : n);
	return q;
}
int posix_memalign(void **to, size_t align, size_t n) { return !(*to = take(align, n)); }
void *aligned_alloc(size_t align, size_t n) { return take(align, n); }
void *memalign(size_t align, size_t n) { return take(align, n); }
void *valloc(size_t n) { return take(4096, n); }
void *pvalloc(size_t n) { return take(4096, n); }
void *reallocarray(void *p, size_t n, size_t m) { return realloc(p, n * m); }
size_t malloc_usable_size(void *p) { return p ? size(p) : 0; }
__attribute__((constructor)) static void begin(void)
{
	if (getenv("MIMALLOC_VERBOSE") && !SILENT) write(2, "mimalloc: process init\n", 23);
}
"""

# FAKE in its environment says how it goes wrong. What is compiled is counted.
CARGO = r"""#!/bin/sh
case "$*" in
*/allocators/*/Cargo.toml* | */.cargo/hone/*/Cargo.toml*) ;;
*) exec @REAL@ "$@" ;;
esac
echo once >>"$STUB_FOLDER/compiled"
last=
for a; do
	case $last in --target-dir) to=$a ;; esac
	last=$a
done
mkdir -p "$to/made"
case "${FAKE-}" in
unreachable) echo 'error: failed to get `cc`: Could not resolve host: index.crates.io' >&2; exit 101 ;;
compiler) echo 'error: failed to run custom build command for `libmimalloc-sys`' >&2; exit 101 ;;
nothing) exit 0 ;;
empty) echo 'int nothing_of_it;' >"$to/made/a.c" ;;
*) cp "$STUB_FOLDER/stub.c" "$to/made/a.c" ;;
esac
silent=0
if [ "${FAKE-}" = silent ]; then silent=1; fi
${CC:-cc} -DSILENT=$silent -O1 -fPIC -fno-builtin -c "$to/made/a.c" -o "$to/made/a.o" || exit
ar rcs "$to/made/libmimalloc.a" "$to/made/a.o"
echo '{"reason":"build-script-executed","package_id":"libmimalloc-sys","linked_libs":[],"linked_paths":["native='"$to/made"'"],"cfgs":[],"env":[],"out_dir":"'"$to"'"}'
echo '{"reason":"build-finished","success":true}'
"""
MIMALLOC = "link.allocator=mimalloc"
LABELS = ["memory", "allocator"]


def prepare(box):
    if not shutil.which("cc"):
        raise Skip("no C compiler")
    box.program("cargo", CARGO)
    box.write("stub/stub.c", STUB)
    box.env["STUB_FOLDER"] = str(box.root / "stub")
    box.env.pop("CC", None)


def compiled(box):
    counted = box.root / "stub/compiled"
    return len(counted.read_text().splitlines()) if counted.exists() else 0


def test_it_is_measured_and_written_down(box):
    prepare(box)
    kit = box.kit()
    box.bad(kit, ["try", "--metric=memory", "--run=sum", MIMALLOC], 2, "--metric takes wall, cpu")
    box.bad(kit, ["try", "--metric=peak_memory", MIMALLOC], 2, "--metric needs a workload")
    tried = box.good(kit, ["try", "--rounds=1", "--run=sum", "--metric=peak_memory", "--format=json", MIMALLOC])
    trial = tried.trial(MIMALLOC)
    check(trial["status"] == "built" and trial["labels"] == LABELS, trial)
    metrics = tried.json()["workloads"][0]["metrics"]
    (peak,) = [m for m in metrics if m["metric"] == "peak_memory"]
    check(peak["primary"] and all(t["samples"][0] for t in peak["trials"]), peak)
    # Once is enough.
    box.good(kit, ["build", MIMALLOC])
    check(compiled(box) == 1, compiled(box))
    before = tree_hash(kit)
    box.run(kit, "apply", MIMALLOC).expect(0, "sh .cargo/hone/release-build.sh")
    built = (kit / "target/release/kit").read_bytes()
    clone = box.root / "another/folder of it"
    shutil.copytree(kit, clone, ignore=shutil.ignore_patterns("target", "undo"))
    script = ["/bin/sh", ".cargo/hone/release-build.sh"]
    for again in range(2):
        done = subprocess.run(script, cwd=clone, env=box.env, capture_output=True, text=True, check=True)
        check((clone / "target/release/kit").read_bytes() == built, done)
        check(compiled(box) == 2 and "another C compiler" not in done.stderr, (again, done))
    # Another compiler is told of.
    text = (clone / script[1]).read_text()
    check("maker='GCC: " in text or "maker='clang" in text or "maker=" not in text, text)
    if "maker=" in text:
        (clone / script[1]).write_text(text.replace("maker='", "maker='Another "))
        done = subprocess.run(script, cwd=clone, env=box.env, capture_output=True, text=True, check=True)
        check("another C compiler" in done.stderr, done)
    # Undo takes what the script has made, too.
    subprocess.run(script, cwd=kit, env=box.env, capture_output=True, check=True)
    check((kit / ".cargo/hone/mimalloc/libhone_mimalloc.a").exists(), "no archive")
    box.run(kit, "apply", "--undo").expect(0)
    check(tree_hash(kit) == before and not (kit / ".cargo").exists(), list((kit / ".cargo").rglob("*")))


def test_without_it_the_others_go_on(box):
    prepare(box)
    kit = box.kit()
    for how, words in (
        ("unreachable", "Could not resolve host"),
        ("compiler", "there is no C compiler for"),
        ("nothing", "made no libmimalloc.a"),
        ("empty", "has no malloc of its own"),
        ("silent", "its allocator is not at work"),
    ):
        env = {"FAKE": how, "HOST_CC" if how == "compiler" else "UNUSED": "no-such-compiler"}
        # What was made before counts for another compiler or flags.
        env["CFLAGS"] = f"-D{how}"
        tried = box.good(
            kit, ["try", "--rounds=1", "--format=json", MIMALLOC, "opt-level=2"], env=env, compiler=True
        )
        trial = tried.trial(MIMALLOC)
        check(trial["status"] == "failed" and words in trial["reason"], (how, trial))
        check(tried.trial("opt-level=2")["status"] == "built", tried)
    box.bad(kit, ["build", MIMALLOC], 1, "Could not resolve host", env={"FAKE": "unreachable", "CFLAGS": "-Dbuild"})
    box.bad(kit, ["apply", MIMALLOC], 1, "Could not resolve host", env={"FAKE": "unreachable", "CFLAGS": "-Dapply"})


LOADER = r"""
use std::ffi::{c_char, c_int, c_void};
#[link(name = "dl")]
extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn free(p: *mut c_void);
    fn malloc_trim(n: usize) -> c_int;
    fn fork() -> c_int;
    fn waitpid(pid: c_int, status: *mut c_int, how: c_int) -> c_int;
}
fn main() {
    unsafe {
        let child = fork();
        let words: Vec<String> = (0..9).map(|i| i.to_string()).collect();
        malloc_trim(0);
        if child == 0 {
            return;
        }
        let mut status = 1;
        waitpid(child, &mut status, 0);
        let library = dlopen(c"PLUGIN".as_ptr(), 2);
        for name in [c"by_malloc", c"by_memalign", c"by_valloc", c"by_strdup", c"by_asprintf"] {
            let f: extern "C" fn() -> *mut c_void = std::mem::transmute(dlsym(library, name.as_ptr()));
            free(f());
        }
        println!("{} {status}", words.len());
    }
}
"""
PLUGIN = r"""
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void *by_malloc(void) { return malloc(10); }
void *by_memalign(void) { return memalign(64, 10); }
void *by_valloc(void) { return valloc(10); }
void *by_strdup(void) { return strdup("text"); }
void *by_asprintf(void) { char *p; return asprintf(&p, "%d", 7) < 0 ? 0 : p; }
"""


def test_a_program_that_forks_loads_and_trims(box):
    """What a library that is loaded at run time takes by any name can be given back by the program."""
    prepare(box)
    plugin = box.root / "plugin.so"
    source = box.write("plugin.c", PLUGIN)
    subprocess.run(["cc", "-shared", "-fPIC", "-fno-builtin", source, "-o", plugin], check=True)
    kit = box.kit(main=LOADER.replace("PLUGIN", str(plugin)))
    tried = box.good(kit, ["try", "--rounds=1", "--format=json", "--run=x", f"strip=symbols,{MIMALLOC}"])
    trial = tried.trial(f"strip=symbols,{MIMALLOC}")
    check(trial["status"] == "built", trial)


def test_a_program_with_its_own(box):
    prepare(box)
    own = "#[global_allocator]\nstatic A: std::alloc::System = std::alloc::System;\nfn main() {}\n"
    kit = box.kit(main=own)
    built = box.good(kit, ["build", MIMALLOC], "link.allocator is left out: src/main.rs:1:1")
    check(compiled(box) == 0, built)
    (kit / "src/main.rs").write_text('#[cfg(windows)]\n' + own)
    box.good(kit, ["build", MIMALLOC], "another allocator")
    check(compiled(box) == 1, compiled(box))


def test_of_another_machine(box):
    """The run that shows the allocator at work is one in the emulator."""
    target, compiler, emulator = "aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc", "qemu-aarch64"
    found = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], capture_output=True, text=True, check=False)
    if not shutil.which(compiler) or not shutil.which(emulator) or not Path(found.stdout.strip()).is_dir():
        raise Skip(f"{compiler}, {emulator} or std for {target} is not here")
    prepare(box)
    kit = box.kit()
    env = {"CC": compiler, "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER": compiler}
    for keeps, status in ((None, "built"), ("-U MIMALLOC_VERBOSE", "failed")):
        how = " ".join(filter(None, [emulator, keeps, "-L /usr/aarch64-linux-gnu {bin} sum"]))
        tried = box.good(kit, ["try", "--rounds=1", "--format=json", "--target", target, "--run", how, MIMALLOC, "opt-level=1"], env=env)
        trial = tried.trial(MIMALLOC)
        check(trial["status"] == status and ("not at work" in (trial["reason"] or "")) == bool(keeps), trial)
        check(tried.trial("opt-level=1")["status"] == "built", tried)
