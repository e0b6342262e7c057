"""The completion scripts, asked for real answers in the shells themselves."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

from harness import HONE, Skip, check

BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")
FISH_CARGO = Path("/usr/share/fish/completions/cargo.fish")


def sysroot_file(name):
    root = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    path = Path(root) / name
    if not path.exists():
        raise Skip(f"this toolchain has no {name}")
    return path


def shell(name):
    if not shutil.which(name):
        raise Skip(f"{name} is not installed")
    return name


def script(box, name):
    """The script of a shell as a file; its syntax is checked by the shell itself."""
    path = box.write(f"hone.{name}", box.run(box.root, "completions", name).expect(0).out)
    done = subprocess.run([shell(name), "-n", path], capture_output=True, text=True, check=False)
    check(done.returncode == 0 and not done.stderr, f"{name} -n: {done.stderr}")
    return path


def run_shell(box, args, text):
    done = subprocess.run(
        args, input=text, cwd=box.root, env=box.env, capture_output=True, text=True, timeout=300, check=False
    )
    check(not done.stderr, f"{args[0]} complains: {done.stderr}\n{done.stdout}")
    return done.stdout


# ---- bash


def break_words(line):
    """The line as readline breaks it: at blanks, and at = and : with these as words of their own."""
    words = [part for word in line.split(" ") for part in re.findall(r"[=:]+|[^=:]+", word) or [""]]
    return " ".join(f"'{word}'" for word in words), len(words) - 1


def bash(box, lines, setup="", options=()):
    """What bash would offer for each line; setup is what ~/.bashrc has."""
    text = [setup]
    for line in lines:
        words, last = break_words(line)
        text.append(
            f"COMP_LINE='{line}' COMP_POINT={len(line)} COMP_WORDS=({words}) COMP_CWORD={last} COMPREPLY=()\n"
            f"spec=$(complete -p {line.split()[0]}); spec=${{spec##*-F }}\n"
            f"${{spec%% *}} {line.split()[0]} \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n"
            'echo "@ ${COMPREPLY[*]}"'
        )
    out = run_shell(box, [shell("bash"), "--norc", *options], "\n".join(text))
    answers = [line[1:].split() for line in out.splitlines() if line.startswith("@")]
    check(len(answers) == len(lines), f"bash gave {len(answers)} answers to {len(lines)} lines\n{out}")
    return answers


# Lines, what has to be among the answers, and what must not be. The answers of bash begin behind the last = and :,
# those of zsh and fish hold the whole word.
CASES = [
    ("cargo hone tr", ["try"], ["show"]),
    ("cargo hone ", ["show", "try", "apply", "completions", "help"], ["build.rs"]),
    ("cargo-hone tr", ["try"], ["show"]),
    ("cargo-hone hone tr", ["try"], []),
    ("cargo hone help ap", ["apply"], ["build"]),
    ("cargo hone try --cal", ["--callgrind"], ["--undo"]),
    ("cargo hone apply --und", ["--undo"], []),
    ("cargo hone try smallest-b", ["smallest-bold"], []),
    ("cargo hone --color never try sma", ["small", "smallest"], []),
    ("cargo hone show --format ", ["json", "sarif"], []),
    ("cargo hone try --format ", ["json", "csv"], ["sarif"]),
    ("cargo hone show --deny strip-n", ["strip-none"], []),
    ("cargo hone explain codegen-u", ["codegen-units"], []),
    ("cargo hone strip ", ["debuginfo", "all"], ["small"]),
    ("cargo hone completions ", ["bash", "fish", "zsh"], []),
    ("cargo hone try --allow glibc,back", ["glibc,backtrace"], []),
    ("cargo hone strip all in", ["input.bin"], ["none"]),
    ("cargo hone size in", ["input.bin"], []),
    ("cargo hone size sma", ["small"], []),
    ("cargo hone size --by gen", ["generic"], []),
    ("cargo hone size -n 3 -b gen", ["generic"], []),
    ("cargo hone apply -n bal", ["balanced"], []),
    ("cargo hone -q try --color=never small --cal", ["--callgrind"], []),
    ("cargo hone try -v sma", ["smallest"], []),
    ("cargo +nightly hone tr", ["try"], []),
    ("cargo --color never hone tr", ["try"], []),
    ("cargo hone build --target-dir fol", ["folder/"], ["input.bin"]),
]
WHOLE_CASES = [
    ("cargo hone try --format=js", ["--format=json"]),
    ("cargo hone try small+link.ic", ["small+link.icf="]),
    ("cargo hone try small+link.icf=a", ["small+link.icf=all"]),
    ("cargo hone try small+icf=a", ["small+icf=all"]),
    ("cargo hone try opt-level=2,lto=fa", ["opt-level=2,lto=fat"]),
    ("cargo hone try package.serde.opt-level=", ["package.serde.opt-level=s", "package.serde.opt-level=3"]),
    ("cargo hone explain lto=th", ["lto=thin"]),
    ("cargo hone size small --diff=bal", ["--diff=balanced"]),
    ("cargo hone size small --diff=fast+link.icf=a", ["--diff=fast+link.icf=all"]),
    ("cargo hone strip all x --output=inp", ["--output=input.bin"]),
]


def files(box):
    box.write("input.bin", "")
    box.write("folder/x", "")


def judge(cases, answers):
    for (line, want, unwanted), have in zip(cases, answers):
        for word in want:
            check(word in have or word.rstrip("/") in have, f"`{line}` is not completed to {word}: {have}")
        for word in unwanted:
            check(word not in have, f"`{line}` is completed to {word}: {have}")


def behind_break(cases):
    """What readline replaces is behind the last = or :."""
    cut = []
    for line, want in cases:
        typed = line.split(" ")[-1]
        kept = len(typed) - len(re.split("[=:]", typed)[-1])
        cut.append((line, [word[kept:] for word in want], []))
    return cut


def bash_cases(box, setup, options=()):
    files(box)
    cases = CASES + behind_break(WHOLE_CASES)
    judge(cases, bash(box, [case[0] for case in cases], setup, options))


def test_bash_alone(box):
    """No bash-completion, no completion of cargo's."""
    bash_cases(box, f"source {script(box, 'bash')}")


def test_bash_as_posix_shell(box):
    bash_cases(box, f"source {script(box, 'bash')}", ["--posix"])


def test_bash_with_nounset(box):
    bash_cases(box, f"set -u\nsource {script(box, 'bash')}")


def test_bash_behind_cargos_own(box):
    if not BASH_COMPLETION.exists():
        raise Skip("bash-completion is not installed")
    own = sysroot_file("etc/bash_completion.d/cargo")
    setup = f"source {BASH_COMPLETION}\nsource {own}\nsource {script(box, 'bash')}\n"
    bash_cases(box, setup)
    # What is cargo's own stays cargo's own, however often this is sourced.
    for text in (setup, setup + f"source {box.root}/hone.bash\n"):
        build, commands = bash(box, ["cargo build --rel", "cargo buil"], text)
        check(build == ["--release"] and commands == ["build"], f"cargo's own: {build}, {commands}")


def test_bash_loads_cargos_own_when_needed(box):
    """bash-completion loads cargo's own at the first TAB, which must not be lost by being first."""
    if not BASH_COMPLETION.exists():
        raise Skip("bash-completion is not installed")
    own = sysroot_file("etc/bash_completion.d/cargo")
    share = box.root / "share/bash-completion/completions"
    share.mkdir(parents=True)
    shutil.copy(own, share / "cargo")
    box.env["XDG_DATA_HOME"] = box.env["BASH_COMPLETION_USER_DIR"] = str(box.root / "share/bash-completion")
    setup = f"source {BASH_COMPLETION}\nsource {script(box, 'bash')}\n"
    build, hone, again = bash(box, ["cargo build --rel", "cargo hone tr", "cargo build --rel"], setup)
    check(build == ["--release"] == again and hone == ["try"], f"{build}, {hone}, {again}")


def test_bash_before_cargos_own(box):
    """The other order: cargo's own takes the place, and still asks for the words of hone."""
    if not BASH_COMPLETION.exists():
        raise Skip("bash-completion is not installed")
    own = sysroot_file("etc/bash_completion.d/cargo")
    setup = f"source {BASH_COMPLETION}\nsource {script(box, 'bash')}\nsource {own}\n"
    lines = ["cargo hone tr", "cargo hone try --cal", "cargo hone try small+link.icf=a", "cargo build --rel"]
    have = bash(box, lines, setup)
    check(have == [["try"], ["--callgrind"], ["all"], ["--release"]], f"{have}")


def test_bash_at_a_terminal(box):
    """TAB pressed in an interactive bash: readline's own breaking of words."""
    path = script(box, "bash")
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(box.root)
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], box.env | {"PS1": "$ ", "INPUTRC": "/dev/null"})
    out = b""

    def wait_for(mark, seconds=120):
        nonlocal out
        end = time.monotonic() + seconds
        while mark not in out and time.monotonic() < end:
            if select.select([fd], [], [], 0.1)[0]:
                out += os.read(fd, 65536)
        check(mark in out, f"`{mark.decode()}` was not shown:\n{out.decode(errors='replace')}")

    try:
        os.write(fd, f"source {path}; cargo() {{ printf '<%s>' \"$@\"; echo; }}; echo rea''dy\n".encode())
        wait_for(b"ready")
        for typed, shown in (
            (b"cargo hone tr\tsmall+link.ic\tal\t --format=j\t\n", b"<hone><try><small+link.icf=all><--format=json>"),
            (b"cargo hone apply --und\t--allow=gli\t\n", b"<hone><apply><--undo><--allow=glibc>"),
        ):
            os.write(fd, typed)
            wait_for(shown)
    finally:
        os.close(fd)
        os.waitpid(pid, 0)


# ---- zsh


ZSH_DRIVER = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; stty -echo; cd $PWD; $SETUP; autoload -Uz compinit; compinit -u -d $PWD/dump; $BEHIND"
zpty -w z "source $PWD/ask.zsh; print read''y"
zpty -m -r z text "*ready*"
for line in ${(f)LINES_TO_ASK}; do
    zpty -n -w z "$line"$'\t'
    zpty -m -r z text "*<<*>>*"
    print -r -- "@${${text##*<<}%%>>*}"
done
zpty -d z
"""

# Everything that compadd is called with is shown, then the line is taken away.
ZSH_ASK = r"""
exec 2>/dev/null
zstyle ':completion:*' completer _complete
typeset -ga shown
compadd () {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a found shifted
    local p=${IPREFIX} before= after= k
    builtin compadd -O found "$@" 2>/dev/null
    for (( k = 1; k <= $#; k++ )); do
        case ${@[k]} in
        --|-) break ;;
        -S) after=${@[k+1]} ;;
        -p) before=${@[k+1]} ;;
        -S?*) after=${${@[k]}#-S} ;;
        esac
    done
    for w in $found; do shown+=("$p$before$w${${after:#=}:+}${(M)after:#=}"); done
    builtin compadd "$@"
}
zle -C hone-ask complete-word _main_complete
hone-tab () { shown=(); zle hone-ask; zle -I; print -r -- "<<${(j: :)shown}>>"; zle kill-buffer; BUFFER=; }
zle -N hone-tab
bindkey '^I' hone-tab
setopt no_beep
unsetopt zle_bracketed_paste 2>/dev/null
"""


def zsh(box, lines, setup=":", behind=":"):
    box.write("ask.zsh", ZSH_ASK)
    box.env |= {"SETUP": setup, "BEHIND": behind, "LINES_TO_ASK": "\n".join(lines), "HOME": str(box.root)}
    out = run_shell(box, [shell("zsh"), "-f"], ZSH_DRIVER)
    answers = [line[1:].split() for line in out.splitlines() if line.startswith("@")]
    check(len(answers) == len(lines), f"zsh gave {len(answers)} answers to {len(lines)} lines\n{out}")
    return answers


def zsh_cases(box, setup, behind=":"):
    files(box)
    cases = CASES + [(line, want, []) for line, want in WHOLE_CASES]
    judge(cases, zsh(box, [case[0] for case in cases], setup, behind))


def test_zsh_beside_cargos_own(box):
    """The file in a folder of fpath, as packages install it, beside cargo's own."""
    own = sysroot_file("share/zsh/site-functions/_cargo")
    folder = box.root / "functions"
    folder.mkdir()
    shutil.copy(script(box, "zsh"), folder / "_cargo-hone")
    zsh_cases(box, f"fpath=({folder} {own.parent} $fpath)")
    (build,) = zsh(box, ["cargo build --rele"], f"fpath=({folder} {own.parent} $fpath)")
    check("--release" in build, f"cargo's own: {build}")


def test_zsh_by_eval(box):
    """Behind compinit in ~/.zshrc, where cargo has no completion, or one that does not ask others."""
    path = script(box, "zsh")
    zsh_cases(box, ":", f"source {path}")
    other = "other () { compadd of-cargo }; compdef other cargo"
    have = zsh(box, ["cargo hone tr", "cargo of"], ":", f"source {path}; {other}")
    check(have == [["try"], ["of-cargo"]], f"{have}")


# ---- fish


def fish(box, lines, setup=""):
    text = setup + "".join(
        f"\nset answer (complete -C '{line}' | string replace -r '\\t.*' '')\necho \"@$answer\"" for line in lines
    )
    box.env |= {"HOME": str(box.root), "XDG_CONFIG_HOME": str(box.root / "config")}
    out = run_shell(box, [shell("fish"), "--no-config"], text)
    answers = [line[1:].split() for line in out.splitlines() if line.startswith("@")]
    check(len(answers) == len(lines), f"fish gave {len(answers)} answers to {len(lines)} lines\n{out}")
    return answers


def test_fish(box):
    """Beside fish's own completion of cargo, which it loads by itself."""
    path = script(box, "fish")
    files(box)
    cases = CASES + [(line, want, []) for line, want in WHOLE_CASES]
    judge(cases, fish(box, [case[0] for case in cases], f"source {path}"))


# ---- bad input, and what would be forgotten


def test_unknown_shell(box):
    box.bad(box.root, ["completions", "tcsh"], 2, "no completion for the shell `tcsh`", "bash, zsh, fish")
    box.bad(box.root, ["completions", "fsih"], 2, "did you mean `fish`?")
    box.bad(box.root, ["completions"], 2, "needs SHELL")
    check("complete -F" in box.run(box.root, "completions", "/bin/bash").expect(0).out, "$SHELL is a path")


def test_scripts_of_other_shells(box):
    """What is not for a shell does nothing there: no error, and what stands behind it goes on."""
    scripts = {name: script(box, name) for name in ("bash", "zsh")}
    for name, other in (("sh", "bash"), ("sh", "zsh"), ("bash", "zsh"), ("zsh", "bash")):
        options = {"bash": ["--norc"], "zsh": ["-f"]}.get(name, [])
        out = run_shell(box, [shell(name), *options], f". {scripts[other]}\necho goes on\n")
        check(out == "goes on\n", f"{other}'s script in {name}: {out}")


def test_words_of_new_shells_only(box):
    """What bash 3.2 does not know is nowhere in the script: it would be an error of syntax there."""
    text = script(box, "bash").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    builtins = ("mapfile", "readarray", r"declare -[Ag]", r"local -[nA]", r"\[\[ -v")
    syntax = (r"\+=\(", r"\$\{\w+(,,|\^\^)", r"\$\{\w+@", r"\|&", "&>>", ";&", r"<\(")
    for new in builtins + syntax:
        check(not re.search(new, code), f"bash 3.2 does not know what matches {new}")


def test_every_option_is_completed(box):
    """Man page, --help and the scripts have the same options."""
    scripts = {name: script(box, name).read_text() for name in ("bash", "zsh", "fish")}
    commands = re.search(r"_hone_commands='(.*) help'", scripts["bash"])[1].split()
    listed = re.findall(r"^  ([\w-]+) +", box.run(box.root, "--help").out.split("Commands:")[1].split("\n\n")[0], re.M)
    check(commands == listed, f"commands: {commands}; in --help: {listed}")
    for command in commands:
        help_text = subprocess.run([HONE, command, "--help"], capture_output=True, text=True, check=True).stdout
        options = re.findall(r"^  (?:-\w,|   ) --([\w-]+)", help_text, re.M)
        bash_has = re.search(rf"'{command}'\) _hone_words='(.*)' ;;", scripts["bash"])[1].split()
        zsh_has = scripts["zsh"].split(f"\t{command})\n\t\t_arguments")[1].split(";;")[0]
        for option in options:
            check(f"--{option}" in bash_has, f"bash: {command} --{option}")
            check(re.search(rf"'[^'\[]*--{option}=?\[", zsh_has), f"zsh: {command} --{option}")
            at = rf"'__cargo_hone_at (?:\S+ )*{command}(?: \S+)*' -l {option} "
            check(re.search(at, scripts["fish"]), f"fish: {command} --{option}")
        unknown = {word[2:] for word in bash_has if word.startswith("--")} - set(options)
        check(not unknown, f"{command} has no options {unknown}")


def test_man_pages_by_hone_itself(box):
    """What `cargo install` cannot install is printed."""
    command, settings = ".Dt CARGO-HONE 1", ".Dt HONE-SETTINGS 7"
    for args, title in (([], command), (["cargo-hone"], command), (["hone-settings"], settings)):
        page = box.run(box.root, "man", *args).expect(0).out
        check(page.startswith(".Dd ") and title in page and "@" + "\n" not in page, f"{args}: {page[:200]}")
    box.bad(box.root, ["man", "cargo-home"], 2, "no man page `cargo-home`", "one of: cargo-hone, hone-settings")
