#!/usr/bin/env python3
"""check_figures.py: figures that README.md and bench/RESULTS.md repeat are those of the files that they are taken from.

Each is part of a sentence that is written here once more, with the figures read or computed from bench/*/results and
bench/*/RESULTS.md: it has to stand in the document, word for word. A number of the checked part of a document that is in
no such sentence, nor in `code`, has no source and fails, too. The last line counts the checks.
"""

import json
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench/real"))

import goals  # noqa: E402
import report  # noqa: E402
import steps  # noqa: E402
from projects import PROJECTS, load  # noqa: E402

RESULTS = {name: load(name) for name in PROJECTS}
LEVERS = ("xsv", "jaq", "stylua")
SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def words(text):
    return " ".join(text.split())


def document(path):
    return (ROOT / path).read_text(encoding="utf-8")


def row(path, *start):
    """Cells of the first row of a file's tables that begins with these cells."""
    for line in document(path).splitlines():
        cells = [cell.strip().replace("**", "") for cell in line.strip("| ").split("|")]
        if tuple(cells[: len(start)]) == start:
            return cells
    raise SystemExit(f"check_figures.py: {path} has no row {' | '.join(start)}")


def rounded(text, digits):
    """The numbers of a text with fewer digits: 1.031 [1.004, 1.052] -> 1.03 [1.00, 1.05]."""
    return re.sub(r"\d+\.\d+", lambda m: f"{float(m[0]):.{digits}f}", text)


def interval(trial, digits=3):
    return "{:.{d}f} [{:.{d}f}, {:.{d}f}]".format(trial["ratio"], trial["low"], trial["high"], d=digits)


def median(what):
    """Of a figure of goals.py over the programs, and of how many."""
    figure = next(f for name, f, _ in goals.GOALS if name == what)
    known = [value for result in RESULTS.values() if (value := figure(result)) is not None]
    return statistics.median(known), SMALL_NUMBERS[len(known)]


def service(metric=None):
    """Of miniserve with another allocator, beside its baseline."""
    data = RESULTS["miniserve"]["service"]
    return data["metrics"][metric or data["primary"]][steps.ALLOCATED]


def of_size():
    path = "bench/size/RESULTS.md"
    size = int(re.search(r"librustc_driver\S*, ([\d,]+) bytes", document(path))[1].replace(",", ""))
    ms = {name: float(row(path, name)[2].split()[0]) for name in ("hone by crate", "hone by function -n 0", "nm -S --size-sort",
                                                                   "nm -S --size-sort -C", "twiggy top")}
    _, _, strip_s, _, sstrip_z, ours, _ = row(path, "rg.full")
    if ours != sstrip_z:
        raise SystemExit(f"check_figures.py: {path}: strip all gives {ours}, sstrip -z {sstrip_z}")
    return [
        f"on librustc_driver ({size / 1e6:.0f} MB) by crate {ms['hone by crate'] / ms['nm -S --size-sort']:.2f} of the time of "
        f"`nm -S --size-sort`, all functions {ms['hone by function -n 0'] / ms['nm -S --size-sort -C']:.2f} of "
        f"`nm -S --size-sort -C` and {ms['hone by function -n 0'] / ms['twiggy top']:.2f} of twiggy",
        f"`strip all` gives ripgrep the {ours} bytes of `sstrip -z`, `strip -s` {strip_s}",
    ]


def of_real():
    bytes_of = {name: median(f"{name}, bytes / min-size") for name in ("smallest", "smallest-bold", "best-balanced-bold")}
    balanced, _ = median("best-balanced-bold, instructions / preset fast")
    std, n_std = median("smallest-std, bytes / min-size, both by rustc 1.96")
    fastest, n_fastest = median("fastest, instructions / fast-runtime without native")
    if differing := report.differing(RESULTS):
        raise SystemExit(f"check_figures.py: presets are not the bytes of plain cargo: {differing}")
    return [
        f"Medians of {bytes_of['smallest'][1]} programs: smallest {bytes_of['smallest'][0]:.3f} of cargo-wizard min-size, smallest-bold "
        f"{bytes_of['smallest-bold'][0]:.3f}, best-balanced-bold {bytes_of['best-balanced-bold'][0]:.3f} at {balanced:.3f} of fast's "
        f"instructions, smallest-std {std:.3f} ({n_std} programs), fastest {fastest:.3f} of fast-runtime's instructions ({n_fastest})",
        f"miniserve under wrk: fastest-bold with mimalloc {interval(service())} of the CPU time for a request",
    ]


def of_aa():
    text = document("bench/aa/RESULTS.md")
    rows = re.findall(r"^\| (\w[\w-]*) \| ([\d,]+) \| [\d,]+ \| \*\*(\d+)\*\*", text, re.M)
    (each,) = {n for _, n, _ in rows}
    real = re.search(r"\*\*(\d+ of \d+) comparisons false\*\*", text)[1]
    return [
        f"of {each} simulated comparisons of equal programs at most {max(int(false) for _, _, false in rows)} named a false winner at any "
        f"look, in each of {SMALL_NUMBERS[len(rows)]} kinds of noise; {real} real ones under load"
    ]


def of_power():
    path = "bench/power/RESULTS.md"
    hone, other = row(path, "hone"), row(path, "the same runs, Mann-Whitney 5 %")
    found, without = row(path, "2 %"), re.match(r"(\d+) of (\d+)", hone[1])
    other_found, wrong = re.match(r"(\d+ of \d+), (\d+) wrong way round", other[4]).groups()
    return [
        f"a program with 2 % more work was called worse in {hone[4]} comparisons, after {found[7].split(',')[0]} (median), with {without[1]} "
        f"false winners in {without[2]} without more work; Mann-Whitney on 30 runs by hyperfine found it in {other_found}, with {wrong} the "
        f"wrong way round and {re.match(r'[0-9]+ of [0-9]+', other[1])[0]} false"
    ]


def of_check():
    path = "bench/check/RESULTS.md"
    more, same = row(path, "3 % more work"), row(path, "the same work")
    return [f"With 3 % more work the time is over {more[1]} in {more[3]} checks; with the same work over {same[1]} in {same[3]}."]


def of_spawn():
    path = "bench/spawn/RESULTS.md"
    pinned, free = row(path, "hone, on CPU 1")[2], row(path, "hone, on any CPU")[2]
    figure, bounds = pinned.split(" ", 1)
    return [
        f"takes {figure} of the time of `hyperfine -N` {bounds} where hone keeps it on one CPU, as it does by itself with runs this "
        f"short, and {rounded(free, 2)} where the scheduler chooses"
    ]


def of_start():
    path = "bench/start/RESULTS.md"
    size = re.search(r"^([\d,]+) bytes for x86-64", document(path), re.M)[1].replace(",", "")

    def share(command, how):
        return row(path, f"`{command} --help`{how}")[2].split()[0]

    alone, short = share("cargo-hone", ", by `cargo install`"), share("cargo-hone", ", static")
    whole, static = share("cargo hone", ", by `cargo install`"), share("cargo hone", ", static")
    return [
        f"`cargo-hone --help` takes {alone} of the CPU time of `cargo --help` as cargo installs it, {short} as the static file; "
        f"`cargo hone --help` {float(whole):.2f} and {float(static):.2f}. The static file is one of {int(size) / 1e6:.1f} MB"
    ]


def programs_of(path):
    """Published programs, each with its version, that begin a row of a file's tables."""
    return list(dict.fromkeys(re.findall(r"^\| (\S+ \d+\.\d+\.\d+) \|", document(path), re.M)))


def of_wasm():
    rows = re.findall(r"^\| (\S+@\S+) \|.*\| (?:module|component) \|", document("bench/wasm/files.md"), re.M)
    path = "bench/wasm/programs.md"
    middle = row(path, "median")
    return [
        f"{len(rows)} WebAssembly files of {len(set(rows))} npm packages: rows sum to the file in every view",
        f"{SMALL_NUMBERS[len(programs_of(path))]} that are shipped as WebAssembly have by gzip {middle[4]} of wasm-pack's default and "
        f"{middle[5]} of a book's recipe (medians)",
    ]


def of_targets():
    path = "bench/targets/RESULTS.md"
    rows = [row(path, name) for name in programs_of(path)]
    same = all(cells[5] == "the same of all three" for cells in rows)
    return [f"the presets are {'' if same else 'not '}plain cargo's bytes there, too, and smallest-bold has {' and '.join(cells[8] for cells in rows)} of those of min-size"]


def of_levers():
    found = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "bench/levers/results").glob("*.json"))}

    def times(name, libc, candidate):
        (trial,) = [t for t in found[name][libc]["trials"] if t["name"] == candidate]
        return [f"{work['cpu']['ratio']:.2f}" for work in trial["workloads"]]

    def told(libc):
        return [f"{' and '.join(times(name, libc, 'link.allocator=mimalloc'))} in {name}" for name in LEVERS if libc in found[name]]

    cpu = sorted(t for name in LEVERS for level in ("v2", "v3") for t in times(name, "glibc", f"rustc.target-cpu=x86-64-{level}"))
    return [
        f"mimalloc takes {', '.join(told('glibc'))} of preset fast's CPU time, and with static musl {', '.join(told('musl'))} of that with "
        f"musl's own malloc; x86-64-v2 and -v3 {cpu[0]} to {cpu[-1]}"
    ]


def of_libs():
    path = "bench/libs/libs.md"
    rows = [row(path, name, "smallest+panic=unset") for name in programs_of(path)]
    (a, b, c), (x, y, z) = [cells[3] for cells in rows], [cells[7].split()[0] for cells in rows]
    return [f"two Python extensions and a C library become {a}, {b} and {c} of their published bytes by smallest, at {x}, {y} and {z} of the CPU time"]


def of_oracle():
    path = "bench/oracle/RESULTS.md"
    points = re.search(r"\n(\d+) stored points", document(path))[1]
    names, columns = row(path, "program"), {}
    for program in re.findall(r"^\| (\S+) \| \d\.\d{3} \|", document(path), re.M):
        for name, cell in zip(names, row(path, program)):
            columns.setdefault(name, []).append(cell)

    def span(name):
        return f"{min(columns[name])} to {max(columns[name])}"

    return [
        f"against {points} stored points and more of each of {SMALL_NUMBERS[len(columns['program'])]} programs hone's search has {span('hone')} of the "
        f"best known hypervolume after 12 cold builds; its own four recipes {span('priors')}, NSGA-II {span('NSGA-II')}, random choice "
        f"{span('random')}, one setting after another {span('descent')}"
    ]


def of_machines():
    path = "bench/machines/RESULTS.md"
    times = [re.search(r"\(([\d.]+)\)", row(path, "1 times as long", cores)[5])[1] for cores in ("2", "8")]
    return [
        f"wordmill's `try --all` is built {times[0]} times as fast on 16 nodes of 2 cores as on one machine, {times[1]} times on nodes "
        "of 8"
    ]


def of_answer():
    path = "bench/answer/RESULTS.md"
    builds, whole = (cell.split()[0] for cell in row(path, "wordmill")[2:4])
    now, before, cpus = re.search(r"(\w+) beside (\w+) in turns on (\d+) CPUs", document(path)).groups()
    modelled = row(path, "wordmill", "new / old")
    model_of = re.search(r"\| wordmill \| new, (\w+) \|", document(path))[1]
    return [
        f"the builds of `try --all` of wordmill took {now} {builds} of the time of {before} on {cpus} CPUs, all of it {whole}",
        f"by a model, of {model_of}, {modelled[3].split()[0]} on 2 cores ({modelled[3].split()[2]} measured) and {modelled[5]} on 8",
    ]


README_ROWS = {
    "baseline": "baseline: the project's own release profile",
    "small": "small: `z`, lto, 1 unit, abort, strip debuginfo",
    "fast": "fast: `3`, fat lto, 1 unit, abort",
    "balanced": "balanced: `s`, fat lto, 1 unit, abort, strip symbols",
    "smallest-bold": "**smallest-bold**: hone's own, needs glibc 2.36, no backtraces",
    "best-balanced-bold": "**best-balanced-bold**: the same, a level for every function",
}


def fraction(name, share, near):
    if abs(share - near) > 0.03:
        raise SystemExit(f"check_figures.py: README.md: {name} is {share:.3f}")


def of_an_allocator():
    """What is said of jaq with mimalloc."""
    found = json.loads((ROOT / "bench/levers/results/jaq.json").read_text())
    name = "link.allocator=mimalloc"
    base, trial = (next(t for t in found["glibc"]["trials"] if t["name"] == n) for n in ("baseline", name))
    more = (trial["size"] - base["size"]) / 1000
    return (
        f"lets a JSON tool need {interval(trial['workloads'][0]['cpu'], 2)} of fast's CPU time, for {more:.0f} kB and a start that is "
        f"{found['start'][name][0]:.1f} times as long"
    )


def of_readme():
    """The table of ripgrep and what is said of it and of the others."""
    ripgrep, hexyl = RESULTS["ripgrep"], RESULTS["hexyl"]
    files, trained, held = ripgrep["files"], *(w["trials"] for w in ripgrep["try"]["workloads"])
    base, balanced = files["baseline"]["size"], files["balanced"]["size"]
    said = [
        f"This is ripgrep {ripgrep['version']}",
        "It counted the lines of a 24 MB text that match `(?i)[a-z]+ing\\s+[a-z]+ed`, in "
        f"{ripgrep['try']['workloads'][0]['rounds']} rounds",
        "time, ratio to the baseline [95 % interval]",
    ]
    for label, what in README_ROWS.items():
        time = "1 | |" if label == "baseline" else f"{interval(trained[label])} | {trained[label]['verdict']} |"
        size = files[label]["size"]
        said.append(f"| {what} | {size:,} | {size / base:.3f} | {files[label]['stripped']:,} | {time}")
    fraction("small's time is a fifth more", trained["small"]["ratio"] - 1, 1 / 5)
    fraction("best-balanced-bold a quarter smaller than balanced", 1 - files["best-balanced-bold"]["size"] / balanced, 1 / 4)
    fraction("smallest-bold a third smaller than balanced", 1 - files["smallest-bold"]["size"] / balanced, 1 / 3)

    def of_hexyl(figure):
        return next(f for name, f, _ in goals.GOALS if name == figure)(hexyl)

    fewer = 1 - of_hexyl("best-balanced-bold, instructions / preset fast")
    by_pgo = 1 - goals.instructions(hexyl, "fastest") / goals.instructions(hexyl, "fast")
    bytes_bold, n = median("best-balanced-bold, bytes / min-size")
    return said + [
        f"smallest-bold takes {trained['smallest-bold']['ratio']:.1f} times as long here",
        f"search that it had not seen it took {interval(held['best-balanced-bold'])} of the time",
        f"Stripping alone takes {100 * (1 - files['baseline']['stripped'] / base):.0f} % of the bytes away",
        f"smallest-bold takes hexyl to {of_hexyl('smallest-bold, bytes / min-size'):.2f} of cargo-wizard's min-size, "
        f"best-balanced-bold to {of_hexyl('best-balanced-bold, bytes / min-size'):.2f} with {100 * fewer:.0f} % fewer instructions than "
        "fast",
        f"Profile-guided optimization (PGO) takes {100 * by_pgo:.0f} % of the instructions away",
        f"Over {n} programs best-balanced-bold has {bytes_bold:.2f} of the bytes at "
        f"{median('best-balanced-bold, instructions / preset fast')[0]:.2f} of the instructions (medians)",
        f"Under the load of wrk, fastest-bold with another allocator lets miniserve need {interval(service(), 2)} of the CPU time for a request, "
        f"and {service('peak_memory')['ratio']:.1f} times the memory",
        of_an_allocator(),
    ]


def check_document(path, sentences, end=None):
    """How many are right; what is wrong, one a line."""
    text, wrong, right = document(path), [], 0
    rest = words(text[: text.index(end)] if end else text)
    for sentence in map(words, sentences):
        if sentence in rest:
            rest, right = rest.replace(sentence, " "), right + 1
        else:
            wrong.append(f"{path} does not say: {sentence}")
    rest = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", rest)
    if not wrong:
        wrong += [f"{path}: a figure without a source: ...{rest[max(0, m.start() - 40) : m.end() + 20]}..." for m in re.finditer(r"\d[\d.,]*", rest)]
    return right, wrong


def main():
    sources = (of_size, of_real, of_check, of_aa, of_power, of_spawn, of_start, of_wasm, of_targets, of_levers, of_libs, of_oracle, of_machines, of_answer)
    checked = [
        check_document("bench/RESULTS.md", [sentence for source in sources for sentence in source()]),
        check_document("README.md", of_readme(), "For devices flash decides"),
    ]
    right = sum(n for n, _ in checked)
    wrong = [line for _, lines in checked for line in lines]
    print("\n".join(wrong + [f"{right} passed, {len(wrong)} failed"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
