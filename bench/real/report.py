"""RESULTS.md from results/*.json: no figure in it is written by hand."""

import goals
import service
from goals import FAST_RUNTIME, MIN_SIZE, instructions, size
from measuring import time_ratio
from projects import PROJECTS, shown
from steps import CURVE, LINKED, RECIPES, TOOLS
from toolchain import other_std

HEAD = """# Real programs

Written by `bench/real/run.py` from `results/*.json`; `HONE=.../cargo-hone bench/real/run.py NAME` makes one of them, in steps
that can be interrupted. Published versions, each built from a fresh copy of its source with its own Cargo.lock. The files of
cargo-wizard {wizard} and cargo-pgo {pgo} are made by those tools, really run, and plain cargo.

- **bytes**: the file as it is left; **stripped**: after binutils' `strip --strip-all`.
- **Minstr**: million instructions by callgrind, of all threads, for the workload that trained the profiles and for one that
  trained nothing (held out). Repeatable, but not time.
- **time**: CPU time (user and system) as a ratio to the baseline: median of the paired ratios of rounds in which every file ran
  once in random order, with the 95 % sign interval. Measured by `measuring.py`, in which no code of hone takes part, since
  `cargo hone try` compares candidates and takes no files of other tools. *control* is a copy of the baseline: its interval shows
  the noise. What hone's own rounds said of its candidates stands below each table.
- **/min-size**, **/fast**, **/f-r**: ratios to cargo-wizard's min-size, to preset fast, and to cargo-wizard's fast-runtime with
  `-Ctarget-cpu=native` taken out, so that both are for the same CPUs. Files marked 1.96 were made by Debian's rustc 1.96, which comes
  with the source of std, and are compared with what cargo-wizard makes with that toolchain.
"""


def number(value, text="{:,}"):
    return "" if value is None else text.format(value)


def over(a, b):
    return a / b if a and b else None


def reference(label):
    """min-size of the same toolchain."""
    return MIN_SIZE + ", 1.96" if "1.96" in label else MIN_SIZE


def time_cell(result, workload, label):
    if label == "baseline":
        return "1"
    ratio = time_ratio(result, workload, label, "baseline")
    return "{:.3f} [{:.3f}, {:.3f}]".format(*ratio) if ratio else ""


def differs(result, label):
    entry = result["counts"].get(result["files"][label].get("sha256"), {})
    return [w for w, e in entry.items() if not e["same"]]


def row(result, label):
    file = result["files"][label]
    if "failed" in file:
        return f"| {label} | {file['failed'].splitlines()[0][:200]} | | | | | | | | | |"
    cells = [label + (" (**output differs**)" if differs(result, label) else "")]
    cells += [number(file["size"]), number(over(file["size"], size(result, reference(label))), "{:.3f}"), number(file["stripped"])]
    for workload in ("train", "held"):
        count = instructions(result, label, workload)
        cells.append(number(count and count / 1e6, "{:,.1f}"))
        cells.append(number(over(count, instructions(result, "fast", workload)), "{:.3f}"))
        if workload == "train":
            cells.append(number(over(count, instructions(result, FAST_RUNTIME, workload)), "{:.3f}"))
    cells += [time_cell(result, w, label) for w in ("train", "held")]
    return "| " + " | ".join(cells) + " |"


def files_table(result):
    lines = [
        "| file | bytes | /min-size | stripped | Minstr, trained | /fast | /f-r | Minstr, held out | /fast | time, trained | time, held out |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [row(result, label) for label in sorted(result["files"], key=order)]
    if "rounds" in result:
        times = [time_cell(result, w, "control") for w in ("train", "held")]
        lines.append(f"| *control* | | | | | | | | | {times[0]} | {times[1]} |")
    return lines


def order(label):
    """Presets, hone's own, the others; 1.96 last."""
    known = RECIPES + [LINKED]
    group = 0 if label in known else 2 if label.startswith("cargo-") else 1
    return ("1.96" in label, group, known.index(label) if label in known else 0)


def notes(result):
    lines = [result["note"]] if "note" in result else []
    again = result["counts"].get(result["files"].get("baseline", {}).get("sha256"), {}).get("train", {})
    if again.get("again"):
        lines.append(f"Two counts of the baseline differ by {abs(again['again'] / again['instructions'] - 1):.2e}.")
    if "rounds" in result:
        r = result["rounds"]
        n = [len(next(iter(r["cpu_us"][w].values()))) for w in ("train", "held")]
        lines.append(
            f"Time: {n[0]} and {n[1]} rounds on {r['at']} UTC, load average {r['load']:.1f} before, {r['load_after']:.1f} after "
            "(one core's worth is the measurement itself)."
        )
    if "try" in result:
        for w, workload in zip(("trained", "held out"), result["try"]["workloads"]):
            said = [
                f"{n} {t['ratio']:.3f} [{t['low']:.3f}, {t['high']:.3f}] {t['verdict']}"
                for n, t in workload["trials"].items()
                if n != "baseline" and t["high"] is not None
            ]
            if not said:
                continue
            lines.append(
                f"hone's own rounds, {w} ({workload['rounds']} of {workload['metric']}, noise {workload['noise']:.3f}): {'; '.join(said)}."
            )
        best = result["try"]["best"]["any"]
        lines.append(f"hone's choice: smallest {best['small']}, fastest {best['fast']}, balanced {best['balanced'] or 'none proved'}.")
    return [line for text in lines for line in (text, "")]


def literal_table(result):
    lines = ["| preset | literal commands | SHA-256 by cargo | SHA-256 by hone | |", "| --- | --- | --- | --- | --- |"]
    for recipe, plain in result["literal"].items():
        ours = result["files"].get(recipe, {}).get("sha256")
        same = "same bytes" if ours == plain["sha256"] else "**other bytes**" if ours else "not tried"
        lines.append(f"| {recipe} | `{plain['commands']}` | `{plain['sha256']}` | {f'`{ours}`' if ours else ''} | {same} |")
    return lines


def applied_table(result):
    lines = [
        "What `cargo hone apply` wrote, built by the command that it printed in the project's own target folder:",
        "",
        "| candidate | command | SHA-256 by that command | bytes that try announced? | undone to the byte? |",
        "| --- | --- | --- | --- | --- |",
    ]
    for r in result["applied"]:
        same = r["sha256"] == result["files"].get(r["candidate"], {}).get("sha256")
        says = "same bytes" if same else "**other bytes**"
        if not same and "applied" in other_std(result):
            says += ", built with other paths of std (rust-src)"
        lines.append(f"| {r['candidate']} | `{r['command']}` | `{r['sha256']}` | {says} | {'yes' if r['undone'] else '**no**'} |")
    return lines + [""]


def curve_table(result):
    """The points of one candidate, and what bounds them."""
    base = size(result, MIN_SIZE)
    lines = [
        f"Size against instructions (`cargo hone try --curve {CURVE}`): functions that hold the share of all that was executed are compiled",
        "for speed, all others for size.",
        "",
        "| candidate | hot share | hot functions | bytes | /min-size | Minstr, trained | Minstr, held out |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for p in result["curve"]:
        count = [p["instructions"].get(w) for w in ("train", "held")]
        cells = [p["name"], f"{p['hot']} %" if p["hot"] else "", number(p["hot_functions"] or None), number(p["size"])]
        cells += [number(over(p["size"], base), "{:.3f}"), *(number(n and n / 1e6, "{:,.1f}") for n in count)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines + [""]


def section(name, result):
    project = PROJECTS[name]
    variables = "".join(f"{k}={v} " for k, v in project.get("env", {}).items())
    lines = [f"## {name} {result['version']}", ""]
    lines.append(f"Trained with: {project['what']} (`{variables}{project['bin']} {shown(name, 'train')}`).")
    lines.append(f"Held out: {project['held_what']} (`{variables}{project['bin']} {shown(name, 'held')}`).")
    if project.get("same_folder"):
        lines += ["", "It embeds the folder it was built in, so the literal builds were made in hone's folder (`LITERAL_TARGET_DIR` of literal.sh),"]
        lines.append("at a time when nothing of hone lay there: elsewhere the bytes are others.")
    lines += ["", *files_table(result), "", *notes(result)]
    if "service" in result:
        lines += service.section(name, result)
    if "literal" in result:
        lines += [*literal_table(result), ""]
    if "applied" in result:
        lines += applied_table(result)
    if "curve" in result:
        lines += curve_table(result)
    return lines


WHY = """\
Where a goal is missed, and what was tried:

- `fastest`: cargo-pgo on the same profile needs as many instructions: what a profile can take away is taken. Of what fd executes under
  cargo-wizard's file half is the C library's (allocating, copying, reading folders), which no setting of a compiler reaches; its own code
  needs 0.76. Tried there: a threshold of 10,000 for hot calls, and size for 0.01 % of what ran in place of 1 %, together 0.8 % less; a second
  round of inlining in the linker, with the profile and four times the threshold: nothing. On hexyl no less: a pre-inliner that takes twice
  and four times as much. ripgrep spends its time in a loop of its regex engine:
  by either tool the profile takes 5 % of the instructions away, and the search that it was trained on takes 3 to 4 % more time than with preset
  fast. Elsewhere calls and copies are gone; in that loop LLVM compares the end of the text before it needs to and keeps the outcome (`setb`, `test`),
  twice for four bytes, where each byte waits for the one before. Not the cause, each tried alone: peeled switches, the conversion of conditional
  moves, aligned blocks. `cargo hone try` says it: there fast wins.
- `fastest-bold` with another allocator, of what was trained: miniserve is the program in the middle, 0.844 of preset fast under wrk on a quiet machine, where a noisy
  one had said 0.793. ripgrep is slower than with preset fast, for what is told above of `fastest`; of what was held out all five are faster.
- `smallest-std`: with the linker's LTO (below) smallest-bold has most of what a std from source gave: 429 kB of hexyl, 340 kB with std
  compiled, too; 1,696 and 1,534 kB of ripgrep. What is left is the program's own code and tables, more of it in the larger ones.
- `best-balanced-bold` on miniserve is larger than on the others: its training makes hundreds of functions hot, and `train.near` whole crates: 0.962 of min-size's bytes, where the levels
  alone took 0.959, and a first count without levels 0.934 (docs/internals/training.md).
- Rows without a time in a table that has some are of an earlier hone; below each table, and at the end, stands what was made when.
- Where rustup's rust-src is installed, paths in the text of panics are longer, 0.24 % of hexyl. So was once what `cargo hone apply small` left of ripgrep,
  2,923,976 bytes beside 2,920,840: plain cargo gives those too with
  rust-src (SHA-256 `e613e5fb32d5...`), and the announced ones without (`7590cfd9d6d6...`); seen again with 1.95.0, both ways.
- `best-balanced-bold` is compiled for size wherever neither the training came nor a crate is hot: of what was held out ripgrep and fd need 8 and 10 % more than
  preset fast, where they needed 17 and 18 % before whole crates were for speed. Train with what users really do.
- `smallest-bold`: the machine outliner took 2 to 3 % off each program since 0.724, and costs ripgrep 18 % more instructions and 1.6 times the time; LLVM's own LTO behind the marks for size
  (docs/internals/linker-lto.md) took 0.3 to 2 % more, for nothing.
- Before the linker's LTO (`link.symbolizer`, `link.minsize`) smallest-bold reached 0.784: of some fifty options of LLVM that were tried on
  top, none gave 0.1 % more. What is left is std, compiled for speed by its makers; where it is compiled for size (`-std`) it is lower still."""


def text(results):
    lines = HEAD.format(wizard=TOOLS["cargo-wizard"], pgo=TOOLS["cargo-pgo"]).splitlines()
    first = next((r["try"] for r in results.values() if "try" in r), None)
    if first:
        m = first["machine"]
        virtual = ", virtual machine" if m.get("virtual") else ""
        lines += ["", f"{first['toolchain']['rustc']}; {m['cpu']}, {m['cores']} cores{virtual}; {m['kernel']}."]
    lines += ["", *goals.table(results), "", *WHY.splitlines(), ""]
    for name, result in results.items():
        lines += section(name, result)
    lines += when(results)
    return "\n".join(lines).rstrip() + "\n"


def with_what(step, numbers):
    """Its toolchain in a cell: which one of those that are listed below."""
    made = step.get("toolchain")
    if made is None:
        return ["", ""]
    if made not in numbers:
        numbers.append(made)
    return ["with" if made["rust_src"] else "without", str(1 + numbers.index(made))]


def when(results):
    """The steps, and the toolchains that they were made with; those before these were recorded have none."""
    toolchains = []
    lines = ["## When", "", "| program | step | hone at | UTC | seconds | load average after | rust-src | toolchain |"]
    lines.append("| --- | --- | --- | --- | ---: | ---: | --- | --- |")
    for name, result in results.items():
        for step, s in result["steps"].items():
            cells = [name, step, s["commit"], s["at"], str(s["seconds"]), str(s["load"]), *with_what(s, toolchains)]
            lines.append("| " + " | ".join(cells) + " |")
    lines.append("")
    for n, t in enumerate(toolchains, 1):
        tools = ", ".join(f"{name} {number}" for name, number in t["tools"].items() if number)
        lines.append(f"{n}. {t['rustc']}; components: {', '.join(t['components'] or ['not of rustup'])}; its own tools: "
                     f"{', '.join(t['own_tools']) or 'none'}; {tools}.")
    return lines


def differing(results):
    """Presets whose bytes are not those of plain cargo."""
    found = []
    for name, result in results.items():
        for recipe, plain in result.get("literal", {}).items():
            ours = result["files"].get(recipe, {}).get("sha256")
            if ours and ours != plain["sha256"]:
                found.append((name, recipe))
    return found


README_ROWS = {
    "baseline": "baseline: the project's own release profile",
    "small": "small: `z`, lto, 1 unit, abort, strip debuginfo",
    "fast": "fast: `3`, fat lto, 1 unit, abort",
    "balanced": "balanced: `s`, fat lto, 1 unit, abort, strip symbols",
    "cargo-wizard min-size": "cargo-wizard min-size",
    "cargo-wizard fast-runtime, no native": "cargo-wizard fast-runtime, without `target-cpu=native`",
    "cargo-pgo on preset fast": "cargo-pgo on fast",
    "smallest": "**smallest**",
    "smallest-bold": "**smallest-bold**: glibc 2.36, no backtraces, folded functions",
    "smallest-std, 1.96": "**smallest-std**: and std recompiled (rustc 1.96)",
    "fastest": "**fastest**: PGO",
    "best-balanced": "**best-balanced**: a level for every function",
    "best-balanced-bold": "**best-balanced-bold**",
}


def readme_table(result):
    """The README's table of one program: bytes, and CPU time or instructions on the workload that trained."""
    lines = [
        "| candidate | bytes | ratio | stripped | Minstr | time, ratio to the baseline [95 % interval] | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    base = size(result, "baseline")
    for label, what in README_ROWS.items():
        if label not in result["files"] or "failed" in result["files"][label]:
            continue
        ratio = time_ratio(result, "train", label, "baseline") if label != "baseline" else None
        said = "" if not ratio else "faster" if ratio[2] < 1 else "slower" if ratio[1] > 1 else "undecided"
        count = instructions(result, label, "train")
        cells = [what, number(size(result, label)), f"{size(result, label) / base:.3f}", number(result["files"][label]["stripped"])]
        cells += [number(count and count / 1e6, "{:,.1f}"), time_cell(result, "train", label), said]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
