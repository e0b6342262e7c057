"""What comes from outside steers no terminal: every text of the database, names of Cargo.toml and values of config, in
every command and format."""

import json
import re
import shutil
import sqlite3
import subprocess

from harness import Skip, check

FORMATS = ("text", "markdown", "csv", "json")
# ESC, CSI as one character of C1, a bidirectional override, a line separator, a bell.
EVIL = "\x1b[31m\x9b2J\u202e\u2066\u2028\x07\x7f"
STEERS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Lines that look like some of hone's, or like structure of Markdown or CSV.
FORGED = ("error: forged", "Fastest: forged", "- **forged", "# forged", "| forged |", "forged,1,2")
LINES = "".join("\n" + line for line in FORGED) + "\n"
ALL = EVIL + LINES
# What hone compares with: with another text the run would be of another project, or not understood.
KEPT = {("run", "workspace"), ("run", "package"), ("run", "bin"), ("run", "verdict"), ("run", "options")}


def hold(result, *parts):
    """Nothing that steers is in what was printed (of CSV the ends of lines), no line of it is a forged one; parts: it
    is there all the same."""
    printed = result.out.replace("\r\n", "\n") + "\n" + result.err
    found = STEERS.search(printed)
    check(not found, f"{found and ascii(found.group())} reaches the terminal\n{ascii(str(result))[:3000]}")
    forged = [line for line in printed.splitlines() if line.startswith(FORGED)]
    check(not forged, f"forged: {ascii(forged[:3])}\n{ascii(str(result))[:3000]}")
    for part in parts:
        check(part in printed, f"`{part}` is nowhere\n{ascii(str(result))[:3000]}")
    return result


def c_text(text):
    """As a literal of C and Rust that both read alike, in UTF-8."""
    return "".join(f"\\x{b:02x}" if not 32 <= b < 127 else chr(b).replace("\\", "\\\\") for b in text.encode())


def toml_text(text):
    return "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else f"\\u{ord(c):04x}" for c in text)


def poison(database, columns=None):
    """Every text of every table gets the evil behind it, or those of such columns."""
    with sqlite3.connect(database) as db:
        tables = [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'") if t != "sqlite_sequence"]
        for table in tables:
            for column in db.execute(f"PRAGMA table_info({table})").fetchall():
                if column[2] != "TEXT" or (table, column[1]) in KEPT:
                    continue
                if columns and column[1] not in columns:
                    continue
                db.execute(f"UPDATE {table} SET {column[1]} = coalesce({column[1]}, '') || ?", (ALL,))
    db.close()


def test_every_column_of_the_database(box):
    kit = box.kit()
    box.run(kit, "try", "opt-level=1", "--run", "sum", "--rounds", "2", "-q").expect(0)
    poison(kit / "target/hone/hone.db")
    for kind in FORMATS:
        for args in ((), ("history",), ("history", "1"), ("history", "1", "1"), ("explain", "opt-level")):
            if kind != "csv" or args[:1] != ("explain",):
                hold(box.run(kit, *args, "--format", kind).expect(0))
    hold(box.run(kit, "history", "1", "--export").expect(0))
    hold(box.run(kit, "report", "-o", "-").expect(0))


def test_names_and_reasons_of_the_database(box):
    """Recipes that are understood, with names, reasons and machines that steer: explain and `cargo hone` tell of them."""
    kit = box.kit()
    box.run(kit, "try", "opt-level=1", "--run", "sum", "--rounds", "2", "-q").expect(0)
    poison(kit / "target/hone/hone.db", ("name", "reason", "cpu", "kernel", "rustc_version", "words", "mind", "why"))
    for kind in FORMATS:
        for args in ((), ("history",), ("history", "1"), ("explain", "opt-level")):
            if kind != "csv" or args[:1] != ("explain",):
                hold(box.run(kit, *args, "--format", kind).expect(0))


def test_config_and_variables(box):
    """Values that cargo takes as they are: flags, and keys that nobody knows."""
    text = toml_text(ALL)
    kit = box.kit(**{".cargo/config.toml": f'[build]\nrustflags = ["-Clink-arg={text}"]\n'})
    (kit / "Cargo.toml").write_text((kit / "Cargo.toml").read_text() + f'"odd{text}" = 1\n[profile."no{text}"]\nlto = true\n')
    for kind in (*FORMATS, "sarif"):
        hold(box.run(kit, "show", "--format", kind))
        if kind != "sarif":
            hold(box.run(kit, "--format", kind))


def test_names_of_files(box):
    """A folder whose name steers a terminal, in commands that print paths."""
    # cargo's JSON loses DEL, and so the folder: findings/cargo-json-loses-del.sh. It cannot build below a colon either.
    kit = box.kit("k" + EVIL.replace("\x7f", "") + "\n# forged\n| forged |")
    for kind in FORMATS:
        hold(box.run(kit, "show", "--format", kind))
    hold(box.run(kit, "history"))
    for args in (("init", "--print"), ("init",), ("init",), ("apply", "opt-level=1"), ("apply", "--undo"), ("clean",)):
        hold(box.run(kit, *args))
    hold(box.run(kit, "build", "--no-baseline", "opt-level=0", "-vv").expect(0))
    hold(box.run(kit, "size", "target/release/kit", "--by", "function").expect(0))


def test_what_is_typed(box):
    """What is typed comes back in messages: scripts type what they were given."""
    kit = box.kit()
    for args in (
        (ALL,), ("try", ALL), ("try", "opt-level=" + ALL), ("explain", ALL), ("explain", f'opt-level="{ALL}"'),
        ("explain", f"rustc.target-cpu={EVIL}"), ("explain", f"rustc.target-cpu={EVIL}", "--format", "markdown"),
        ("show", "--deny", ALL), ("show", "--profile", ALL), ("show", "-p", ALL), ("show", "--target", ALL),
        ("show", "--format", ALL), ("show", "--color", ALL), ("size", ALL), ("strip", "all", ALL), ("strip", ALL, ALL),
        ("history", ALL), ("show", "--manifest-path", ALL), ("show", "--config", ALL), ("try", "--run", f"'{ALL}"),
        ("try", "--bin", ALL), ("completions", ALL), ("build", "small", "--output", ALL + "/"), ("show", "--" + ALL),
    ):
        hold(box.run(kit, *args))


DIAGNOSES = """#!/usr/bin/env python3
import json, os, sys
evil = {evil!r}
words = " ".join(sys.argv)
if sys.argv[1] in ("build", "rustc") and {when!r} in words:
    message = {{"level": "error", "rendered": "error[E0001]: rustc's " + evil, "message": evil, "spans": []}}
    target = {{"kind": ["bin"], "name": "kit" + evil, "crate_types": ["bin"], "src_path": "/" + evil}}
    for reason in ("compiler-artifact", "compiler-message"):
        print(json.dumps({{"reason": reason, "package_id": "kit" + evil, "target": target, "message": message,
                           "filenames": ["/" + evil], "executable": None, "fresh": False, "features": [], "profile": {{}}}}))
    print(json.dumps({{"reason": "build-finished", "success": False}}))
    print("warning: cargo's " + evil + "\\nerror: cargo's " + evil, file=sys.stderr)
    sys.exit(101)
os.execv("@REAL@", ["@REAL@", *sys.argv[1:]])
"""


def test_compiler_messages(box):
    """Of a baseline, which ends the command, and of a candidate, whose reason is printed, kept, and printed again."""
    kit = box.kit()
    box.program("cargo", DIAGNOSES.format(evil=ALL, when=""))
    for args in (("try", "-v"), ("build", "small"), ("size",)):
        hold(box.run(kit, *args), "rustc's")
    box.program("cargo", DIAGNOSES.format(evil=ALL, when="opt-level"))
    hold(box.run(kit, "try", "opt-level=1", "--rounds", "2"), "rustc's")
    for kind in FORMATS:
        hold(box.run(kit, "history", "1", "--format", kind))
        if kind != "csv":
            hold(box.run(kit, "explain", "opt-level", "--format", kind))


def test_cargos_own_words(box):
    """Names of packages, targets and versions, as cargo metadata tells them, and what cargo says when it fails."""
    kit = box.kit()
    box.program("cargo", f"""#!/usr/bin/env python3
import json, os, subprocess, sys
if sys.argv[1] != "metadata":
    os.execv("@REAL@", ["@REAL@", *sys.argv[1:]])
m = json.loads(subprocess.run(["@REAL@", *sys.argv[1:]], stdout=subprocess.PIPE, check=True).stdout)
for p in m["packages"]:
    for key in ("name", "version"):
        p[key] += {ALL!r}
    for t in p["targets"]:
        t["name"] += {ALL!r}
print(json.dumps(m))
""")
    for kind in FORMATS:
        for args in ((), ("show",)):
            hold(box.run(kit, *args, "--format", kind))
    for args in (("build", "opt-level=0"), ("apply", "small", "--dry-run"), ("init", "--print"), ("history",)):
        hold(box.run(kit, *args))
    box.program("cargo", f"""#!/usr/bin/env python3
import sys
print({ALL!r}, file=sys.stderr)
sys.exit(3)
""")
    for args in ((), ("show",), ("try",), ("self-check",)):
        hold(box.run(kit, *args))


def test_versions_of_tools(box):
    """What programs say of themselves: rustc, and all that self-check asks."""
    kit = box.kit()
    tell = f"#!/usr/bin/env python3\nprint({'1.2.3 ' + ALL!r})\n"
    for name in ("valgrind", "mold", "ld.lld", "wasm-opt", "llvm-profdata", "ld.gold", "qemu-arm", "wrk", "oha", "perf"):
        box.program(name, tell)
    rustc = box.program("rustc", f"""#!/usr/bin/env python3
import subprocess, sys
done = subprocess.run(["@REAL@", *sys.argv[1:]], stdout=subprocess.PIPE, check=False)
out = done.stdout.decode()
if "-vV" in sys.argv:
    out = out.replace("LLVM version: ", "LLVM version: " + {EVIL!r}).replace("commit-date: ", "commit-date: " + {EVIL!r})
sys.stdout.write(out)
sys.exit(done.returncode)
""")
    for kind in FORMATS:
        hold(box.run(kit, "self-check", "--format", kind))
    hold(box.run(kit, env={"RUSTC": str(rustc)}))


SPEAKS = """\
use std::io::Write;
fn main() {{
    let evil: &[u8] = b"{evil}";
    let word = std::env::args().nth(1).unwrap_or_default();
    let abort = cfg!(panic = "abort");
    std::io::stdout().write_all(evil).unwrap();
    if word == "fail" || (word == "part" && abort) {{
        std::io::stderr().write_all(evil).unwrap();
        std::process::exit(3);
    }}
    if word == "differ" && abort {{
        std::io::stdout().write_all(b"other ").unwrap();
        std::io::stdout().write_all(evil).unwrap();
    }}
}}
"""


def test_what_workloads_print(box):
    """A baseline that fails, a candidate that does, one that prints something else, and a check that speaks."""
    kit = box.kit(main=SPEAKS.format(evil=c_text(ALL)))
    hold(box.run(kit, "try", "panic=abort", "--run", "fail").expect(1))
    checks = box.write("check.sh", f"#!/usr/bin/env python3\nimport sys\nprint({ALL!r})\nprint({ALL!r}, file=sys.stderr)\nsys.exit(9)\n",
                       0o755)
    for word, more in (("part", ()), ("differ", ("--format", "markdown")), ("ok", ("--check-cmd", str(checks)))):
        hold(box.run(kit, "try", "panic=abort", "--run", word, "--rounds", "2", *more))
    for kind in FORMATS:
        hold(box.run(kit, "history", "1", "--format", kind))
        hold(box.run(kit, "history", "3", "--format", kind))


def test_hone_toml(box):
    """Names, keys and values of hone.toml, right ones and wrong ones."""
    text = toml_text(ALL)
    kit = box.kit(main=SPEAKS.format(evil=c_text(ALL)))
    for wrong in (
        f'[[workload]]\nname = "a{text}"\n',
        f'[[workload]]\nname = "a{text}"\nrun = "x"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\nkind = "{text}"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\n"k{text}" = 1\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\nmetric = "{text}"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\nnormalise = [{{ pattern = "({text}" }}]\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}} \'{text}"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\ndir = "{text}"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\nstdin = "{text}"\n',
        f'[[workload]]\nname = "a"\nrun = "/no/{text} {{bin}}"\n',
        f'[[workload]]\nname = "a"\nrun = "{{bin}}"\nsetup = "/no/{text}"\n',
        f'[hone]\nbudget = "{text}"\n',
        f'[hone]\n"b{text}" = 1\n',
        f'[hone."{text}"]\nbudget = 1\n',
        f"# {EVIL}\n",
        f"{EVIL} = 1\n",
        f'a = "\u202e\x9b" b\n',
    ):
        (kit / "hone.toml").write_text(wrong)
        hold(box.run(kit, "try", "panic=abort", "--rounds", "2", "-q"))
    (kit / "hone.toml").write_text(f'[[workload]]\nname = "w{text}"\nrun = ["{{bin}}", "{text}"]\nnormalise = [{{ pattern = "{toml_text(EVIL[5:])}" }}]\n')
    for kind in FORMATS:
        if kind == "text":
            hold(box.run(kit, "try", "panic=abort", "--rounds", "2").expect(0))
        hold(box.run(kit, "history", "1", "--format", kind).expect(0))


C_NAMES = """\
__attribute__((section("SECTMARK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))) int in_section = 7;
__attribute__((noinline)) int FUNCMARK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA(int a) { return a * 3 + in_section; }
int main(int n, char **v) { (void)v; return FUNCMARK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA(n); }
"""


def test_names_in_binaries(box):
    """Names of sections, functions and sources in a file that somebody sent, and the file's own name."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        raise Skip("no C compiler")
    source = box.write("FILEMARK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.c", C_NAMES)
    subprocess.run([compiler, "-g", "-O1", "-gdwarf-4", "-o", box.root / "plain", source], check=True)
    data = (box.root / "plain").read_bytes()
    evil = (EVIL + "\nerror: forged\n| forged |").encode()
    for mark in (b"SECTMARK", b"FUNCMARK", b"FILEMARK"):
        check(mark + b"_AA" in data, f"{mark} is not in the file")
        data = re.sub(mark + b"_A+", lambda m: (evil + b"x" * len(m.group()))[: len(m.group())], data)
    name = "file" + ALL.replace("/", "")
    box.write(name, data, 0o755)
    for kind in FORMATS:
        for by in ("section", "crate", "instance", "function", "generic", "file"):
            hold(box.run(box.root, "size", f"./{name}", "--by", by, "--format", kind, "-n", "0").expect(0))
        hold(box.run(box.root, "size", f"./{name}", "--advice", "--format", kind).expect(0))
        hold(box.run(box.root, "size", "./plain", "--by", "function", "--diff", f"./{name}", "--format", kind).expect(0))
    hold(box.run(box.root, "size", f"./{name}", "--memory"))
    hold(box.run(box.root, "strip", "symbols", f"./{name}", "-o", f"./{name}2"))
    hold(box.run(box.root, "strip", "none", f"./{name}", "--keep", ALL))


def git(folder, *args):
    done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *args],
                          cwd=folder, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"git {args}: {done.stderr}")


def poisoned(value, evil, keep=("schema", "kind", "hash", "bin", "binary", "size", "figures")):
    """JSON whose texts have the evil behind them."""
    if isinstance(value, dict):
        return {k: v if k in keep else poisoned(v, evil, keep) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, evil, keep) for v in value]
    return value + evil if isinstance(value, str) else value


CHECK_FORMATS = ("text", "markdown", "json", "sarif", "gitlab", "junit")


def test_check(box):
    """A saved side that somebody sent, names of workloads, commits' subjects, what is typed; in every format, in files and as GitHub is told."""
    kit = box.kit(main=SPEAKS.format(evil=c_text(ALL)), **{".gitignore": "target\n"})
    text = toml_text(ALL)
    (kit / "hone.toml").write_text(
        f'[budget]\nsize = "+0"\npeak_memory = "1 kB"\n[[workload]]\nname = "w{text}"\nrun = "{{bin}}"\n')
    git(kit, "init", "-q")
    git(kit, "add", "-A")
    git(kit, "commit", "-qm", "first " + EVIL)
    saved = box.root / "side.json"
    hold(box.run(kit, "check", "--save", str(saved)).expect(0))
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(box.root / "summary.md")}
    # The kit's own file, against which a byte is too much, and texts of another toolchain's.
    whole = json.loads(saved.read_text())
    saved.write_text(json.dumps(poisoned(whole, ALL)))
    args = ("check", "--against", str(saved), "--any-toolchain", "--rounds", "20", "--limit", "size=1000")
    # A time that is over its budget names the workload.
    for kind in CHECK_FORMATS:
        also = box.root / f"also.{kind}"
        hold(box.run(kit, *args, "--format", kind, "--also", f"{kind}={also}", env=github).expect(4))
        printed = also.read_bytes().decode().replace("\r\n", "\n")
        check(not STEERS.search(printed), f"{kind}: {ascii(printed)[:2000]}")
    summary = (box.root / "summary.md").read_text()
    check(not STEERS.search(summary) and not any(line.startswith(FORGED) for line in summary.splitlines()), ascii(summary)[:2000])
    hold(box.run(kit, *args[:3]))
    (kit / "src/main.rs").write_text((kit / "src/main.rs").read_text() + "#[used]\nstatic X: [u8; 40000] = [7; 40000];\n")
    git(kit, "commit", "-qam", "second " + EVIL)
    for kind in CHECK_FORMATS:
        hold(box.run(kit, "check", "--bisect", "HEAD^..HEAD", "--no-run", "--limit", "size=+1%", "--format", kind).expect(0))
    for more in (("--base", ALL), ("--against", ALL), ("--bisect", ALL), ("--bisect", f"{ALL}..HEAD"), ("--limit", ALL), ("--limit", "size=" + ALL),
                 ("--also", ALL), ("--undecided", ALL), ("--rounds", ALL), ("--run", "'" + ALL)):
        hold(box.run(kit, "check", *more))
    for wrong in (f'[budget]\n"{text}" = 1\n', f'[budget]\nsize = "{text}"\n', f'[budget]\nlabels = ["{text}"]\n', f'[budget.workload."{text}"]\ncpu = "+1%"\n',
                  f'[budget.workload.a]\n"{text}" = 1\n'):
        (kit / "hone.toml").write_text(wrong)
        hold(box.run(kit, "check", "--base", "HEAD"))


def test_tune(box):
    """What is typed, names in [candidates], and what candidates that are out print, with the workload of the result."""
    kit = box.kit(main=SPEAKS.format(evil=c_text(ALL)))
    text = toml_text(ALL)
    for more in (("--only", ALL), ("--skip", ALL), ("--set", "lto=" + ALL), ("--deny", ALL), ("--metric", ALL), ("--builds", ALL), ("--budget", ALL),
                 ("--verify", "'" + ALL)):
        hold(box.run(kit, "tune", "small", *more))
    hold(box.run(kit, "tune", ALL))
    for wrong in (f'[candidates]\n"{text}" = "lto=fat"\n', f'[candidates]\nours = "{text}"\n', f'candidates = "{text}"\n'):
        (kit / "hone.toml").write_text(wrong)
        hold(box.run(kit, "build", "ours"))
        hold(box.run(kit, "apply", "ours", "--dry-run"))
    (kit / "hone.toml").write_text(f'[[workload]]\nname = "w{text}"\nrun = ["{{bin}}", "part"]\n')
    for kind in FORMATS:
        hold(box.run(kit, "tune", "small", "--quick", "--only", "panic,strip", "--format", kind))
    hold(box.run(kit, "tune", "fast", "--only", "strip", "--budget", "3s", "--run", f"{{bin}} '{EVIL}'"))
    box.program("cargo", DIAGNOSES.format(evil=ALL, when="strip"))
    for kind in FORMATS:
        hold(box.run(kit, "tune", "small", "--only", "strip", "--format", kind))


def test_report(box):
    """The page of texts that somebody's run has, and what is typed."""
    kit = box.kit(main=SPEAKS.format(evil=c_text(ALL)))
    (kit / "hone.toml").write_text(f'[[workload]]\nname = "w{toml_text(ALL)}"\nrun = ["{{bin}}", "{toml_text(ALL)}"]\n')
    box.run(kit, "try", "panic=abort", "--rounds", "2", "-q").expect(0)
    hold(box.run(kit, "report", "-o", "-").expect(0))
    for more in ((ALL,), ("-o", "no/" + ALL)):
        hold(box.run(kit, "report", *more))
    for shell in ("bash", "zsh", "fish"):
        hold(box.run(kit, "completions", shell).expect(0))
