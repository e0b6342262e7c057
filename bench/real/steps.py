"""What is built: by plain cargo, by hone, and by the other tools. Each step fills `files` of a result:
label -> size, stripped size, SHA-256, by whom and with which commands. The files are kept in
work/bin/NAME."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import toolchain
from projects import HERE, PROJECTS, save, workload_line

RECIPES = ["baseline", "small", "fast", "balanced"]
OWN = ["smallest", "smallest-bold", "fastest", "fastest-bold", "best-balanced", "best-balanced-bold"]
OWN_STD = ["smallest-std", "fastest-std", "best-balanced-std"]
# Against fast-runtime as cargo-wizard writes it, which only runs on CPUs like this one.
NATIVE = "fastest+rustc.target-cpu=native"
ALLOCATED = "fastest-bold+link.allocator=mimalloc"
BOLTED = "fastest-bold+post.bolt=always"
LINKED = "small+link.icf=all+link.relr=on"
BUDGET = "2min"  # of hone's rounds; run.py --budget
TOOLS = {"cargo-wizard": "0.2.3", "cargo-pgo": "0.3.0"}


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def run(command, cwd, env=None, **options):
    """Runs a command; what it says goes to stderr, where the reader of a long run sees it."""
    print("+", " ".join(str(word) for word in command), flush=True)
    return subprocess.run(command, cwd=cwd, env=env, check=True, **options)


def file_of(label):
    return re.sub(r"[^a-z0-9.+=-]+", "_", label)


def keep(result, folders, label, path, by, commands, **more):
    """Takes a finished file into the collection."""
    folders.bin.mkdir(parents=True, exist_ok=True)
    copy = folders.bin / file_of(label)
    shutil.copyfile(path, copy)
    copy.chmod(0o755)
    stripped = copy.with_name("stripped.part")
    subprocess.run(["strip", "--strip-all", "-o", stripped, copy], check=True)
    result["files"][label] = {
        "by": by,
        "size": copy.stat().st_size,
        "stripped": stripped.stat().st_size,
        "sha256": sha256(copy),
        "commands": commands,
        **more,
    }
    stripped.unlink()
    save(result["name"], result)


def have(result, folders, label):
    return label in result["files"] and (folders.bin / file_of(label)).exists()


# Plain cargo


def literal_in(slot, name, folders, recipes):
    """Builds by hand-written keys; with a slot in the folder of that number that hone's builds are made in."""
    project = PROJECTS[name]
    env, aside = dict(os.environ), folders.target / "hone" / "build" / "aside"
    build = folders.target / "hone" / "build" / str(slot)
    if slot is not None:
        env["LITERAL_TARGET_DIR"] = str(build)
        build.parent.mkdir(parents=True, exist_ok=True)
        if build.exists():
            build.rename(aside)
    (folders.literal / "results.tsv").unlink(missing_ok=True)
    try:
        run([HERE / "literal.sh", folders.source, folders.project, folders.literal, project["bin"], *recipes], HERE, env)
    finally:
        if aside.exists():
            shutil.rmtree(build, ignore_errors=True)
            aside.rename(build)
    lines = (folders.literal / "results.tsv").read_text().splitlines()
    return {line.split("\t")[0]: line.split("\t")[1:] for line in lines}


def literal(name, result, folders, _hone):
    """What plain cargo builds from hand-written keys: no code of hone takes part. Where code that a build script wrote names
    its folder, in the folder that hone built in, which is one of two beside each other."""
    made, missing = {}, RECIPES
    for slot in (0, 1) if PROJECTS[name].get("same_folder") else (None,):
        for recipe, (size, digest, command) in literal_in(slot, name, folders, missing).items():
            made[recipe] = {"size": int(size), "sha256": digest, "commands": command}
        missing = [r for r in missing if r in result["files"] and result["files"][r]["sha256"] != made[r]["sha256"]]
        if not missing:
            break
    result["literal"] = made


# hone


def hone_try(hone, name, folders, candidates, env=None, options=()):
    """One `cargo hone try` in a fresh copy; its JSON, and the command as it is printed."""
    folders.fresh_copy()
    project = PROJECTS[name]
    env = os.environ | project.get("env", {}) | (env or {})
    runs = [word for w in ("train", "held") for word in ("--run", workload_line(name, w, folders))]
    args = ["try", *candidates, *runs, "--locked", "--target-dir", folders.target, "--format", "json", "--budget", BUDGET, *options]
    done = run([hone, *args], folders.project, env, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def without_target(words, folders):
    """The command as a user has it, without the folder of this bench."""
    kept, words = [], list(words)
    while words:
        if len(words) > 1 and str(folders.target) in words[1] and words[0] in ("--target-dir", "--config"):
            del words[0]
        else:
            kept.append(words[0])
        del words[0]
    return kept


def take_trials(result, folders, tried, rename=lambda name: name):
    for trial in tried["trials"]:
        label = rename(trial["name"])
        if trial["status"] != "built":
            result["files"][label] = {"by": "hone", "failed": f"{trial['status']}: {trial['reason']}"}
            continue
        keep(
            result,
            folders,
            label,
            trial["path"],
            "hone",
            "cargo hone build " + trial["name"],
            labels=trial["labels"],
            path_dependent=trial["path_dependent"],
            user_command=without_target(trial["command"], folders),
            min_glibc=trial["min_glibc"],
        )


def without_samples(tried):
    """What the tables need of a try: where it lay on this machine is nobody's business."""
    workloads = []
    for workload in tried["workloads"]:
        metric = next(m for m in workload["metrics"] if m["primary"])
        trials = {t["name"]: {k: t[k] for k in ("median", "ratio", "low", "high", "verdict")} for t in metric["trials"]}
        workloads.append({"metric": metric["metric"], "noise": metric["noise"], "rounds": workload["rounds"], "trials": trials})
    return {"machine": tried["machine"], "toolchain": tried["toolchain"], "workloads": workloads, "best": tried["best"]}


def built_hashes(tried):
    return {trial["name"]: sha256(trial["path"]) for trial in tried["trials"] if trial["status"] == "built"}


def was_measured(before, hashes):
    """The same bytes on the same machine: what was measured of them holds."""
    return bool(before) and before.get("sha256") == hashes and before.get("where") == toolchain.machine()


def tried(name, result, folders, hone):
    """Built first, with a single round; measured only if a file is another one than last time."""
    candidates = ["small", "fast", "balanced", *OWN, ALLOCATED, *PROJECTS[name].get("more", [])]
    json_of_try = hone_try(hone, name, folders, candidates, options=["--rounds", "1"])
    hashes = built_hashes(json_of_try)
    known = was_measured(result.get("try"), hashes)
    if not known:
        json_of_try = hone_try(hone, name, folders, candidates)
    take_trials(result, folders, json_of_try)
    if known:
        print(f"{name}: the same files as last time are not measured again", flush=True)
    else:
        result["try"] = without_samples(json_of_try) | {"sha256": hashes, "where": toolchain.machine()}


def applied(name, result, folders, hone):
    """`apply` writes a candidate down, plain cargo builds it: the bytes that try announced?"""
    candidates = ["small", LINKED, "smallest-bold", "fastest", "best-balanced-bold"] if name == "hexyl" else ["small"]
    rows = []
    train = ["--train", workload_line(name, "train", folders)]
    for candidate in candidates:
        folders.fresh_copy()
        trained = train if candidate.startswith(("fastest", "best")) else []
        run([hone, "apply", candidate, "--locked", *trained], folders.project)
        command = result["files"][candidate]["user_command"]
        run(command, folders.project)
        built = max(folders.project.glob(f"target/**/release/{PROJECTS[name]['bin']}"), key=os.path.getmtime)
        rows.append({"candidate": candidate, "command": " ".join(command), "sha256": sha256(built), "size": built.stat().st_size})
        run([hone, "apply", "--undo"], folders.project)
        same = all((folders.project / f).read_bytes() == (folders.source / f).read_bytes() for f in ("Cargo.toml", "Cargo.lock"))
        rows[-1]["undone"] = same
    folders.fresh_copy()
    result["applied"] = rows


CURVE = "best-balanced-bold"


def curve(name, result, folders, hone):
    """Size against instructions for several shares of hot functions."""
    if not PROJECTS[name].get("curve"):
        return
    trained = hone_try(hone, name, folders, [], options=["--curve", CURVE, "--rounds", "1"])
    result["curve"] = [
        {**point, "instructions": {"train" if i["trained"] else "held": i["count"] for i in point["instructions"]}} for point in trained["curve"]
    ]


# The other tools


def tool_env(folders, more=None):
    """An environment in which cargo finds the tools, and they find rustc's llvm-profdata."""
    missing = [f"{t}@{v}" for t, v in TOOLS.items() if not (folders.tools / "bin" / t).exists()]
    if missing:
        run(["cargo", "install", "--locked", "--root", folders.tools, *missing], HERE)
    links = folders.tools / "llvm"
    major = re.search(r"LLVM version: (\d+)", subprocess.check_output(["rustc", "-vV"], text=True)).group(1)
    profdata = shutil.which(f"llvm-profdata-{major}") or f"/usr/lib/llvm-{major}/bin/llvm-profdata"
    links.mkdir(parents=True, exist_ok=True)
    if not (links / "llvm-profdata").exists():
        (links / "llvm-profdata").symlink_to(profdata)
    path = os.pathsep.join([str(folders.tools / "bin"), str(links), os.environ["PATH"]])
    return os.environ | {"PATH": path, "CARGO_TARGET_DIR": str(folders.peer)} | (more or {})


def wizard_build(name, result, folders, template, label, cargo="cargo", env=None, native=True):
    """`cargo wizard apply` on a fresh copy, then plain cargo."""
    if have(result, folders, label):
        return
    env = tool_env(folders, env)
    bin_name = PROJECTS[name]["bin"]
    folders.fresh_copy()
    run(["cargo-wizard", "wizard", "apply", template, "release"], folders.project, env)
    commands = [f"cargo wizard apply {template} release"]
    config = folders.project / ".cargo" / "config.toml"
    if not native:
        config.write_text(re.sub(r'(?m)^rustflags = \["-C\s?target-cpu=native"\]\n?', "", config.read_text()))
        if "native" in config.read_text():
            raise SystemExit(f"run.py: target-cpu=native is still in {config.read_text()}")
        commands.append("-Ctarget-cpu=native taken out of .cargo/config.toml")
    run([cargo, "build", "--release", "--locked", "--bin", bin_name], folders.project, env)
    commands.append(f"cargo build --release --locked --bin {bin_name}")
    keep(result, folders, label, folders.peer / "release" / bin_name, "cargo-wizard", " && ".join(commands))
    shutil.rmtree(folders.peer)


def wizard(name, result, folders, _hone):
    wizard_build(name, result, folders, "min-size", "cargo-wizard min-size")
    wizard_build(name, result, folders, "fast-runtime", "cargo-wizard fast-runtime, no native", native=False)
    if NATIVE in PROJECTS[name].get("more", []):
        wizard_build(name, result, folders, "fast-runtime", "cargo-wizard fast-runtime")


def pgo_build(name, result, folders, recipe, label):
    """cargo-pgo: instrument, run the training workload, optimize."""
    if have(result, folders, label):
        return
    project = PROJECTS[name]
    env = tool_env(folders) | project.get("env", {})
    triple = re.search(r"host: (\S+)", subprocess.check_output(["rustc", "-vV"], text=True)).group(1)
    program = folders.peer / triple / "release" / project["bin"]
    arguments = ["--", "--locked", "--bin", project["bin"]]
    folders.fresh_copy()
    if recipe:
        run([HERE / "literal.sh", "--keys", recipe, folders.project / "Cargo.toml"], HERE)
    run(["cargo-pgo", "pgo", "instrument", "build", *arguments], folders.project, env)
    import measuring

    words = measuring.command(name, "train", folders, [str(program)])
    run(words, folders.project, env, stdout=subprocess.DEVNULL)
    run(["cargo-pgo", "pgo", "optimize", "build", *arguments], folders.project, env)
    shown = [f"[profile.release] as preset {recipe}"] if recipe else []
    shown += ["cargo pgo instrument build", "the training workload", "cargo pgo optimize build"]
    keep(result, folders, label, program, "cargo-pgo", " && ".join(shown))
    shutil.rmtree(folders.peer)


def pgo(name, result, folders, _hone):
    pgo_build(name, result, folders, "fast", "cargo-pgo on preset fast")
    pgo_build(name, result, folders, None, "cargo-pgo on the release profile")


# std recompiled: a toolchain that comes with the source of std

STD = {"CARGO": "/usr/bin/cargo", "RUSTC": "/usr/bin/rustc"}


def std(name, result, folders, hone):
    """hone's strength with std recompiled, and cargo-wizard's min-size by the same toolchain."""
    import copy

    apart = copy.copy(folders)
    apart.target = folders.target.with_name(name + "-std")
    json_of_try = hone_try(hone, name, apart, OWN_STD, STD | {"RUSTC_BOOTSTRAP": "1"})
    take_trials(result, folders, json_of_try, lambda label: label + ", 1.96")
    result["std_toolchain"] = json_of_try["toolchain"]
    wizard_build(name, result, folders, "min-size", "cargo-wizard min-size, 1.96", STD["CARGO"], STD)
