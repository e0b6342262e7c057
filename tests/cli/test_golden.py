"""What every command prints of a small project in every format, beside what it printed before: tests/golden/*.txt.
Numbers, hashes and what the machine tells are masked, so that words, tables, keys and their order are held.

`HONE=... python3 tests/cli/test_golden.py --check` runs all of it, --write renews it, to be read before it is committed."""

import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import harness
from harness import Skip, check

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
# Names of crates and sections are those of one compiler.
RECORDED_WITH = ("release: 1.95.0", "host: x86_64-unknown-linux-gnu")
HEAD = "==== "
FORMATS = ("text", "markdown", "csv", "json")

MANIFEST = """\
[package]
name = "kit"
version = "1.0.0"
edition = "2021"

[profile.release]
opt-level = 2 # chosen by hand
strip = "none"
codegen-unit = 1

[profile.release.build-override]
opt-level = 3

[profile.dev.package."*"]
opt-level = 1
"""

TRY = ("try", "small", "opt-level=3", "--run", "sum", "--run", "panic-kind", "--rounds", "2")
EACH = ("try", "--each", "opt-level=3,lto=fat", "--rounds", "2")
# What test_golden runs of it: no builds. All of it is in .ci/long.
QUICK = ("status-before", "show text", "show csv", "show json", "history-none")


def commands():
    """(name of the golden file, arguments, formats)"""
    some = [f for f in FORMATS if f != "csv"]
    yield "status-before", (), FORMATS
    yield "show", ("show",), (*FORMATS, "sarif")
    yield "show-dev", ("show", "--profile", "dev"), FORMATS
    yield "explain-before", ("explain", "lto=fat"), some
    yield "history-none", ("history",), FORMATS
    yield "try-each", EACH, FORMATS
    yield "try", TRY, FORMATS
    yield "try-differs", ("try", "small", "--run", "panic-kind", "--rounds", "2"), FORMATS
    yield "history", ("history",), FORMATS
    yield "history-run", ("history", "1"), FORMATS
    yield "history-workloads", ("history", "5"), FORMATS
    yield "history-pair", ("history", "1", "3"), FORMATS
    yield "history-apart", ("history", "1", "5"), FORMATS
    yield "history-export", ("history", "1", "--export"), ("text",)
    yield "status", (), FORMATS
    yield "explain", ("explain", "lto"), some
    yield "size", ("size", "-n", "4"), FORMATS
    yield "size-section", ("size", "small", "--by", "section", "--advice"), FORMATS
    yield "size-filter", ("size", "--by", "function", "--filter", "main", "-n", "3"), FORMATS
    yield "size-diff", ("size", "--diff", "small", "-n", "3"), FORMATS
    yield "size-memory", ("size", "--memory", "-n", "3"), FORMATS


def cpu_name():
    """As it may stand in a text: folded anywhere, with characters that Markdown escapes. One that none has, where there is none."""
    names = re.findall(r"(?m)^model name\s*: (.*?)\s*$", Path("/proc/cpuinfo").read_text()) or ["\0"]
    return r"\s+".join("".join(r"\\?" + re.escape(c) for c in word) for word in names[0].split())


CPU = cpu_name()


def mask(text, box, kind):
    """What differs between two runs of the same hone is made the same."""
    text = text.replace("\r\n", "<CR>\n").replace(str(box.root), "/BOX").replace(str(box.root).replace("_", "\\_"), "/BOX")
    text = re.sub(CPU, "CPU", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "HASH", text)
    text = re.sub(r"-(?=[0-9a-f]*[a-f])[0-9a-f]{16}\b", "-H", text)
    text = re.sub(r"(?m)^(- )?(\*\*)?Note(\*\*)?: .*\n|^all runs were on CPU .*\n", "", text)
    text = re.sub(r"(?m)^((- )?(\*\*)?(Machine|Noise|Cost)(\*\*)?: ).*?(; no hardware counters)?$", r"\1...\6", text)
    text = re.sub(r"(?m)(^|- \*\*)(Run) \d+.*$", r"\1\2 ...", text)
    text = re.sub(r'("(?:cpu|kernel|rustc_verbose|governor|turbo|smt|virtual|throttled|steal)"): .*?(,?)\n', r"\1: ...\2\n", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "DATE", text)
    text = re.sub(r"rustc 1\.95\.0.*? \(LLVM [0-9.]+\)|rustc 1\.95\.0", "RUSTC", text)
    text = re.sub(r"RUSTC,\s+CPU", "RUSTC, CPU", text)
    text = re.sub(r"[-+]?\d[\d,]*\d(\.\d+)?([eE][-+]?\d+)?|[-+]?\d(\.\d+)?([eE][-+]?\d+)?", "N", text)
    # An alignment of its own for every width of a number; units that a faster machine does not need.
    text = re.sub(r"N (ns|us|ms|s|min|h|B|bytes|kB|MB|GB)\b", "N U", text)
    if kind == "text":
        text = re.sub(r"(?m)(?<=\S)  +", "  ", text)
        text = re.sub(r"(?m)^ +N", "N", text)
    if kind == "json":
        text = re.sub(r"(\n +N,?)+", "\n N...", text)
        text = re.sub(r'("verdict": )"(undecided|same|better|worse)"', r"\1V", text)
    if "{" in text:
        text = re.sub(r'("(?:ratio|low|high)": )null', r"\1N", text)
    # Start-up has instructions where the machine counts them: whole columns and metrics.
    return text


def record(box, only=None):
    """{"NAME FORMAT": text}; only: the names, with a format or without, that are run"""
    kit = box.kit(manifest=MANIFEST)
    found = {}
    for name, args, formats in commands():
        for kind in formats:
            if only and name not in only and f"{name} {kind}" not in only:
                continue
            done = box.run(kit, *args, "--format", kind)
            # Notes and warnings about this machine are not part of it.
            err = done.err[done.err.index("error: ") :] if done.code and "error: " in done.err else ""
            words = mask(done.out, box, kind) + mask(err, box, "text")
            found[f"{name} {kind}"] = f"{HEAD}{name} {kind}: {' '.join(args)}, exit code {done.code}\n{words}".rstrip() + "\n"
    return found


def recorded():
    """The same as it was, of all files."""
    found = {}
    for path in sorted(GOLDEN.glob("*.txt")):
        for part in path.read_text().split(HEAD)[1:]:
            found[part[: part.index(":")]] = HEAD + part.rstrip() + "\n"
    return found


def need_the_compiler():
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=False).stdout.splitlines()
    if not all(line in told for line in RECORDED_WITH):
        raise Skip(f"recorded with {RECORDED_WITH}")


def compare(now):
    before = recorded()
    wrong = []
    for name, text in now.items():
        old = before.get(name, "")
        wrong += difflib.unified_diff(old.splitlines(), text.splitlines(), f"golden {name}", "now", lineterm="", n=2)
    return "\n".join(wrong)


def test_golden(box):
    """What needs no build is what it was."""
    need_the_compiler()
    now = record(box, QUICK)
    wrong = compare(now)
    check(not wrong, wrong[:8000])


def main():
    with tempfile.TemporaryDirectory(prefix="hone-golden-") as folder:
        box = harness.Box(folder)
        found = record(box)
        box.close()
    if sys.argv[1] == "--check":
        wrong = compare(found)
        print(wrong + f"\n{'0 passed, 1 failed' if wrong else '1 passed, 0 failed'}")
        sys.exit(1 if wrong else 0)
    files = {}
    for name, text in found.items():
        files[name.split()[0]] = files.get(name.split()[0], "") + text + "\n"
    for name, text in files.items():
        (GOLDEN / f"{name}.txt").write_text(text.rstrip() + "\n")


if __name__ == "__main__":
    if sys.argv[1:] not in (["--write"], ["--check"]):
        sys.exit("usage: HONE=build/src/cli/cargo-hone python3 tests/cli/test_golden.py --write|--check")
    main()
