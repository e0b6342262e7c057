#!/usr/bin/env python3
"""Compares hone's effective profiles with cargo's own unit graph on random projects.

usage: test_profile.py PROFILE_DUMP [--count N] [--flags N] [--seed N] [--case N] [--keep DIR]
                       [--project DIR]...

Each case is a workspace with random layers: manifest, config files here, in a member, above and in the
home of cargo, their includes, variables, --config keys and files, inherits, overrides by every form of
package spec, members, dependencies by path, from Git and from a registry, build scripts, proc macros,
a target by option, variable or file. For each, `cargo build --unit-graph`
(RUSTC_BOOTSTRAP=1 makes a stable cargo print it) is compared with profile_dump key by key, unit by
unit. Where cargo refuses, hone has to refuse with cargo's reason. A case that fails is made smaller
before it is printed; --case N runs one case of the seed alone. --flags N further projects have
rustflags in random places, compared with what `cargo check -v` hands to rustc. --project compares an
existing project instead, in all its profiles.
"""
import argparse
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

KEYS = {
    "opt-level": [0, 1, 2, 3, "s", "z"],
    "lto": [True, False, "fat", "thin", "off", "no", "n", "none"],
    "codegen-units": [1, 2, 16, 256],
    "panic": ["abort", "unwind"],
    "strip": [True, False, "none", "debuginfo", "symbols", "all"],
    "debug": [0, 1, 2, True, False, "none", "limited", "full", "line-tables-only",
              "line-directives-only"],
    "split-debuginfo": ["off", "packed", "unpacked"],
    "debug-assertions": [True, False],
    "overflow-checks": [True, False],
    "incremental": [True, False],
    "rpath": [True, False],
}
WRONG = {
    "opt-level": ["3", True, "fast", [1]],
    "lto": ["true", 1],
    "codegen-units": [-1, "1", 5000000000],
    "panic": ["off", True],
    "strip": [1],
    "debug": [3, "yes", -1],
    "split-debuginfo": [True],
    "debug-assertions": ["true", 1],
    "overflow-checks": [0],
    "incremental": ["yes"],
    "rpath": ["no"],
    "inherits": ["debug", "nowhere", 1],
    "dir-name": ["x"],
    "rustflags": [["-Cx"]],
    "trim-paths": [True],
    "codegen-backend": ["cranelift"],
}
NOT_IN_OVERRIDES = ("panic", "lto", "rpath")
LAYERS = ["manifest", "here", "member", "above", "home", "included", "included-deep", "env", "option",
          "option-file", "option-file-2", "option-included"]
CUSTOM = ["t1", "t-2", "release-lto", "dist", "my_own", "Big"]
INDEX = "https://github.com/rust-lang/crates.io-index"
# Who may depend on what: the sources of a published package do not know our folders.
REACHES = {"path": ("path", "git", "registry"), "git": ("git", "registry"), "registry": ("registry",)}


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(value)


# ---- making a case -------------------------------------------------------------------------------

def make_case(rng):
    """A case is plain data, so that it can be made smaller by leaving parts out."""
    case = {"packages": [], "settings": [], "incremental": []}
    n = rng.randint(1, 6)
    for i in range(n):
        macro = rng.random() < 0.15 and i > 0
        package = {
            "name": f"p{i}",
            "version": rng.choice(["0.1.0", "1.0.0", "1.2.3", "2.0.0-rc.1"]),
            "member": i == 0 or rng.random() < 0.5,
            "macro": macro,
            "bin": i == 0 or (not macro and rng.random() < 0.2),
            "build": rng.random() < 0.3,
            "deps": [],
            "source": "path",
        }
        if not package["member"]:
            package["source"] = rng.choice(["path"] * 10 + ["registry"] * 8 + ["git"] * 2)
        # The same name in two versions, both outside of the workspace.
        if i > 1 and not macro and rng.random() < 0.15 and not package["member"]:
            twin = case["packages"][i - 1]
            if not twin["member"] and not twin["macro"] and twin["version"] != package["version"]:
                package["name"] = twin["name"]
        case["packages"].append(package)
    for i in range(n):
        for k in range(i + 1, n):
            to = case["packages"][k]["source"]
            if rng.random() < 0.45 and to in REACHES[case["packages"][i]["source"]]:
                kinds = ["normal", "normal", "dev"]
                if case["packages"][i]["build"]:
                    kinds.append("build")
                case["packages"][i]["deps"].append(
                    {"to": k, "kind": rng.choice(kinds), "feature": rng.random() < 0.3})
    case["virtual"] = rng.random() < 0.3
    case["cwd"] = rng.choice(["root", "root", "member"])
    members = [p["name"] for p in case["packages"] if p["member"]]
    case["select"] = rng.choice(members) if rng.random() < 0.3 else None
    case["target"] = rng.choice(["", "", "", "", "", "", "option", "option", "env", "config"])
    case["resolver"] = rng.choice(["1", "2", "2", "3"])
    case["include"] = rng.choice(["text", "text", "table", "optional"])
    case["options"] = rng.randrange(1000)
    custom = rng.sample(CUSTOM, rng.randint(0, 2))
    names = ["release", "dev", "bench", "test"] + custom
    case["profile"] = rng.choice(
        ["release"] * 5 + ["dev", "bench", "test"] + custom * 4)
    wrong = rng.random() < 0.15
    specs = {}
    for name in custom:
        if rng.random() < 0.95:
            parent = rng.choice([x for x in names if x != name] + ["release"] * 4)
            layer = rng.choice(["manifest", "manifest", "here", "env", "option"])
            case["settings"].append(setting(layer, name, None, "inherits", parent))
    for _ in range(rng.randint(1, 14)):
        layer = rng.choice(LAYERS + ["manifest"] * 4)
        profile = rng.choice(names + [case["profile"]] * 6)
        scope = pick_scope(rng, case, layer, specs)
        keys = [k for k in KEYS if not scope or k not in NOT_IN_OVERRIDES]
        key = rng.choice(keys)
        case["settings"].append(setting(layer, profile, scope, key, rng.choice(KEYS[key])))
    if wrong:
        layer = rng.choice(LAYERS)
        scope = pick_scope(rng, case, layer, specs)
        key = rng.choice(list(WRONG))
        value = rng.choice(WRONG[key])
        if scope and rng.random() < 0.3:
            key = rng.choice(NOT_IN_OVERRIDES)
            value = KEYS[key][0]
        case["settings"].append(
            setting(layer, rng.choice(["release", case["profile"]]), scope, key, value))
    if rng.random() < 0.2:
        where = rng.choice(["CARGO_INCREMENTAL", "CARGO_BUILD_INCREMENTAL", "build.incremental"])
        value = rng.choice(["0", "1", "x"] if where == "CARGO_INCREMENTAL" else ["true", "false"])
        case["incremental"].append([where, value])
    if rng.random() < 0.05:
        case["extra_env"] = rng.choice([
            "CARGO_PROFILE_RELEASE_LTO_FOO", "CARGO_PROFILE_RELEASE_PANIC_X",
            "CARGO_PROFILE_RELEASE_DEBUG_X", "CARGO_PROFILE_RELEASE_PACKAGE_P1_OPT_LEVEL",
            "CARGO_PROFILE_RELEASE_LTO_CODEGEN_UNITS", "CARGO_PROFILE_RELEASE"])
    return case


def setting(layer, profile, scope, key, value):
    return {"layer": layer, "profile": profile, "scope": scope, "key": key, "value": value}


def pick_scope(rng, case, layer, specs):
    """None: the profile itself; "build-override"; or the spec of a package."""
    roll = rng.random()
    if roll < 0.5:
        return None
    if roll < 0.65:
        return "build-override"
    if layer == "env":
        return None
    if roll < 0.75:
        return "*"
    index = rng.randrange(len(case["packages"]))
    # Two overrides of one package are refused: most often keep to the first spec.
    if index in specs and rng.random() < 0.95:
        return specs[index]
    package = case["packages"][index]
    name, version = package["name"], package["version"]
    forms = ["NAME", "NAME", "NAME@VERSION", "NAME:VERSION", "nothing"]
    forms += {"path": ["file://@DIR@#NAME@VERSION", "path+file://@DIR@#NAME@VERSION", "file://@DIR@",
                       "file://@DIR@#NAME", "path+file://@DIR@#VERSION"],
              "git": ["file://@DIR@", "file://@DIR@#NAME", "git+file://@DIR@#NAME@VERSION",
                      "git+file://@DIR@?branch=main#NAME@VERSION", "file://@DIR@#VERSION"],
              "registry": [f"{INDEX}#NAME", f"{INDEX}#NAME@VERSION", f"registry+{INDEX}#NAME@VERSION",
                           f"registry+{INDEX}#NAME:VERSION", "https://crates.io/NAME"]}[package["source"]]
    if "-" not in version:
        forms += ["NAME@MAJOR", "NAME@MINOR"]
    form = rng.choice(forms)
    if rng.random() < 0.02:
        form = rng.choice(["NAME@^1", "NAME@", "@1", "1NAME", "NAME 1.0", "", "NAME@1.0.0.0"])
    parts = version.split(".")
    for word, text in (("NAME", name), ("VERSION", version), ("MAJOR", parts[0]),
                       ("MINOR", f"{parts[0]}.{parts[1]}"), ("nothing", "no-such-package"),
                       ("@DIR@", f"@DIR{index}@")):
        form = form.replace(word, text)
    specs[index] = form
    return form


# ---- writing it to disk --------------------------------------------------------------------------

def package_dir(base, case, index):
    package = case["packages"][index]
    if index == 0 and not case["virtual"]:
        return os.path.join(base, "ws")
    where = "ws" if package["member"] else {"path": "ext"}.get(package["source"], package["source"])
    return os.path.join(base, where, f"p{index}")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def profile_text(case, base, layer):
    """The [profile] tables of one layer."""
    tables = {}
    for s in case["settings"]:
        if s["layer"] != layer:
            continue
        header = f"profile.{s['profile']}"
        if s["scope"] == "build-override":
            header += ".build-override"
        elif s["scope"]:
            header += f".package.{json.dumps(spec_text(case, base, s['scope']))}"
        tables.setdefault(header, {})[s["key"]] = s["value"]
    return "".join(
        f"\n[{header}]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in keys.items())
        for header, keys in tables.items())


def spec_text(case, base, scope):
    for i in range(len(case["packages"])):
        scope = scope.replace(f"@DIR{i}@", package_dir(base, case, i))
    return scope


def write_package(base, case, index):
    package = case["packages"][index]
    where = package_dir(base, case, index)
    text = (f'[package]\nname = "{package["name"]}"\nversion = "{package["version"]}"\n'
            f'edition = "2021"\n')
    text += "[features]\nf = []\n"
    if package["macro"]:
        text += "[lib]\nproc-macro = true\n"
    for dep in package["deps"]:
        to = case["packages"][dep["to"]]
        table = {"normal": "dependencies", "build": "build-dependencies",
                 "dev": "dev-dependencies"}[dep["kind"]]
        folder = package_dir(base, case, dep["to"])
        source = {"path": f'path = "{os.path.relpath(folder, where)}"',
                  "git": f'git = "file://{folder}"' + ('\nbranch = "main"' if dep["to"] % 2 else ""),
                  "registry": f'version = "={to["version"]}"'}[to["source"]]
        text += (f'[{table}.d{dep["to"]}]\npackage = "{to["name"]}"\n{source}\n'
                 + ('features = ["f"]\n' if dep["feature"] else ""))
    write(os.path.join(where, "src/lib.rs"), "")
    if package["bin"]:
        write(os.path.join(where, "src/main.rs"), "fn main() {}\n")
    if package["build"]:
        write(os.path.join(where, "build.rs"), "fn main() {}\n")
    if index == 0 and not case["virtual"]:
        text += workspace_text(case)
        text += profile_text(case, base, "manifest")
    write(os.path.join(where, "Cargo.toml"), text)
    if package["source"] == "registry":
        write(os.path.join(where, ".cargo-checksum.json"), '{"files": {}, "package": "' + "0" * 64 + '"}')
    elif package["source"] == "git":
        for command in (["init", "-q", "-b", "main"], ["add", "."],
                        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "a"]):
            subprocess.run(["git", *command], cwd=where, check=True, capture_output=True)


def workspace_text(case):
    members = [f'"p{i}"' for i, p in enumerate(case["packages"])
               if p["member"] and (i > 0 or case["virtual"])]
    return f'[workspace]\nresolver = "{case["resolver"]}"\nmembers = [{", ".join(members)}]\n'


def clean_env(home):
    """Our environment without what would be a layer."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith("CARGO") and k not in ("RUSTFLAGS", "RUSTC_BOOTSTRAP", "CI")}
    env["CARGO_HOME"] = home
    return env


def include_text(case, name):
    """`include` in the forms that it has."""
    return "include = [" + {
        "text": f'"{name}"', "table": f'{{ path = "{name}" }}',
        "optional": f'{{ path = "{name}", optional = true }}, {{ path = "no.toml", optional = true }}',
    }[case["include"]] + "]\n"


def write_case(base, case, host):
    """Writes the project; returns folder, environment and arguments."""
    root = os.path.join(base, "ws")
    for i in range(len(case["packages"])):
        write_package(base, case, i)
    if case["virtual"]:
        write(os.path.join(root, "Cargo.toml"),
              workspace_text(case) + profile_text(case, base, "manifest"))
    here = profile_text(case, base, "here")
    deep = profile_text(case, base, "included-deep")
    included = profile_text(case, base, "included")
    for where, value in case["incremental"]:
        if where == "build.incremental":
            here += f"\n[build]\nincremental = {value}\n"
    if case["target"] == "config":
        here += f'\n[build]\ntarget = "{host}"\n' if "[build]" not in here else f'target = "{host}"\n'
    if deep:
        included = include_text(case, "deep/deep.toml") + included
        write(os.path.join(root, ".cargo/deep/deep.toml"), deep)
    if included:
        here = include_text(case, "more.toml") + here
        write(os.path.join(root, ".cargo/more.toml"), included)
    if here:
        write(os.path.join(root, ".cargo/config.toml"), here)
    members = [i for i, p in enumerate(case["packages"]) if p["member"]]
    folder = package_dir(base, case, members[-1])
    if folder != root:
        write(os.path.join(folder, ".cargo/config.toml"), profile_text(case, base, "member"))
    above = profile_text(case, base, "above")
    if above:
        # The old name of the file; where both are, it is the one that counts.
        old = case["packages"][0]["version"].startswith("1")
        write(os.path.join(base, ".cargo/config" if old else ".cargo/config.toml"), above)
        if old:
            write(os.path.join(base, ".cargo/config.toml"), "[profile.release]\nlto = 1\n")
    home = os.path.join(base, "home")
    os.makedirs(home, exist_ok=True)
    text = profile_text(case, base, "home")
    if any(p["source"] == "registry" for p in case["packages"]):
        text += (f'\n[source.crates-io]\nreplace-with = "ours"\n'
                 f'[source.ours]\ndirectory = "{base}/registry"\n')
    write(os.path.join(home, "config.toml"), text)

    env = clean_env(home)
    options = []
    for s in case["settings"]:
        if s["layer"] == "env":
            name = "CARGO_PROFILE_" + s["profile"].upper().replace("-", "_")
            if s["scope"]:
                name += "_BUILD_OVERRIDE"
            name += "_" + s["key"].upper().replace("-", "_")
            value = s["value"]
            env[name] = toml(value) if not isinstance(value, str) else value
        elif s["layer"] == "option":
            key = f"profile.{s['profile']}"
            if s["scope"] == "build-override":
                key += ".build-override"
            elif s["scope"]:
                key += f".package.{json.dumps(spec_text(case, base, s['scope']))}"
            options.append(f"{key}.{s['key']}={toml(s['value'])}")
    included = profile_text(case, base, "option-included")
    for layer in ("option-file", "option-file-2"):
        file = profile_text(case, base, layer)
        if layer == "option-file" and included:
            write(os.path.join(base, "options/more.toml"), included)
            file = include_text(case, "more.toml") + file
        if file:
            write(os.path.join(base, f"options/{layer}.toml"), file)
            options.append(os.path.join(base, f"options/{layer}.toml"))
    # Of keys and files, the later one wins.
    random.Random(case["options"]).shuffle(options)
    args = [word for option in options for word in ("--config", option)]
    for where, value in case["incremental"]:
        if where.startswith("CARGO"):
            env[where] = value
    if case.get("extra_env"):
        env[case["extra_env"]] = "1"
    if case["target"] == "env":
        env["CARGO_BUILD_TARGET"] = host
    return folder if case["cwd"] == "member" else root, env, args


# ---- running both and comparing ------------------------------------------------------------------

def selection(case, host):
    """The options that both have."""
    select = ["-p", case["select"]] if case["select"] else []
    return select + (["--target", host] if case["target"] == "option" else [])


def cargo_says(case, folder, env, args, host):
    command = ["cargo", "build", "--unit-graph", "-Zunstable-options", "--profile", case["profile"],
               *args, *selection(case, host)]
    # A Git repository has to be fetched once; it lies here.
    if not any(p["source"] == "git" for p in case.get("packages", [])):
        command.append("--offline")
    env = dict(env, RUSTC_BOOTSTRAP="1")
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr
    return json.loads(run.stdout), None


def hone_says(dump, case, folder, env, args, host):
    command = [dump, case["profile"], *args, *selection(case, host)]
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if run.returncode not in (0, 1) or run.stderr.strip():
        return None, f"profile_dump crashed ({run.returncode}): {run.stderr}"
    answer = json.loads(run.stdout)
    return (None, answer["error"]) if "error" in answer else (answer, None)


def reason(text):
    """The innermost reason of a message of cargo's, in one line."""
    lines = [l for l in text.splitlines() if not l.startswith("warning:")]
    text = "\n".join(lines)
    if "Caused by:" in text:
        text = text.rsplit("Caused by:", 1)[1]
    elif "error: " in text:
        text = text.split("error: ", 1)[1]
    lines = [l.strip() for l in text.strip().splitlines()]
    # hone names the place its own way, with line and column.
    return re.sub(r"^error in [^:]*: ", "", lines[0]) if lines else ""


def unit_classes(graph):
    """Yields (unit, class) for every compile unit as it is reached from the roots."""
    units, seen = graph["units"], set()
    stack = [(i, False, True) for i in graph["roots"]]
    while stack:
        index, host, root = stack.pop()
        unit = units[index]
        kind = unit["target"]["kind"][0]
        if (index, host, root) in seen:
            continue
        seen.add((index, host, root))
        if unit["mode"] == "build":
            yield unit, ("build" if kind == "custom-build" else "host" if host else "target")
        for dep in unit["dependencies"]:
            other = units[dep["index"]]
            dep_kind = other["target"]["kind"][0]
            for_host = dep_kind in ("custom-build", "proc-macro") or root and kind == "proc-macro"
            stack.append((dep["index"], host or for_host, False))


def cargo_value(profile, key):
    strip = profile["strip"]
    inner = strip.get("resolved", strip.get("deferred"))
    return {
        "opt-level": profile["opt_level"],
        "lto": profile["lto"],
        "codegen-units": profile["codegen_units"],
        "panic": profile["panic"],
        "strip": "none" if inner == "None" else inner["Named"],
        "debug": profile["debuginfo"],
        "split-debuginfo": profile["split_debuginfo"],
        "debug-assertions": profile["debug_assertions"],
        "overflow-checks": profile["overflow_checks"],
        "incremental": profile["incremental"],
        "rpath": profile["rpath"],
    }[key]


def as_text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def compare(graph, answer):
    """A list of differences as text."""
    packages = {p["id"]: p for p in answer["packages"]}
    found = []
    for unit, group in unit_classes(graph):
        package = packages.get(unit["pkg_id"])
        if not package:
            found.append(f"hone does not know {unit['pkg_id']}")
            continue
        for key in KEYS:
            want = as_text(cargo_value(unit["profile"], key))
            got = package[group][key]["normal"]
            if want != got:
                found.append(f"{unit['pkg_id'].split('/')[-1]} {unit['target']['kind'][0]} as "
                             f"{group}: {key}: cargo {want}, hone {got} "
                             f"({package[group][key]['origin']} {package[group][key]['where']})")
    return found


def run_case(dump, case, host, base=None):
    """Differences of one case, as a list; [] when both agree."""
    own = base is None
    if own:
        base = tempfile.mkdtemp(prefix="hone-profile-")
    try:
        folder, env, args = write_case(base, case, host)
        graph, refused = cargo_says(case, folder, env, args, host)
        answer, hone_refused = hone_says(dump, case, folder, env, args, host)
        if refused is not None:
            why = reason(refused).replace(base, "BASE")
            if hone_refused is None:
                return [f"cargo refuses, hone does not: {why}"], True
            # Of several reasons cargo tells one, a random one: ask it again for hone's.
            for _ in range(20):
                if why in hone_refused.replace(base, "BASE"):
                    return [], True
                _, refused = cargo_says(case, folder, env, args, host)
                why = reason(refused).replace(base, "BASE")
            return [f"other reason: cargo: {why}\n    hone: {hone_refused}"], True
        if hone_refused is not None:
            return [f"hone refuses, cargo does not: {hone_refused}"], False
        return compare(graph, answer), False
    finally:
        if own:
            shutil.rmtree(base, ignore_errors=True)


# ---- rustflags -----------------------------------------------------------------------------------

CFG = ["cfg(unix)", "cfg(windows)", "cfg(all())", "cfg(any())", 'cfg(target_os = "linux")',
       "cfg(not(unix))", 'cfg(all(unix, not(target_os="macos"),))', "cfg(any(windows, unix))",
       "cfg(f1)", "cfg(not(f1))", "cfg(true)", "cfg(all(false,unix))", "cfg(r#unix)",
       'cfg(any(f2, target_pointer_width="64"))']


def make_flags_case(rng):
    """Which place gives which flags: [place, file, form, flags]."""
    case = {"places": [], "target": "option" if rng.random() < 0.25 else ""}
    for number in range(rng.randint(1, 6)):
        flags = [f"--cfg=f{number}", f"--cfg=g{number}"][:rng.randint(1, 2)]
        where = rng.choice(
            ["build", "build", "target", "target"] + ["cfg"] * 5 +
            ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS",
             "CARGO_TARGET_RUSTFLAGS"])
        place = rng.choice(CFG) if where == "cfg" else where
        if any(p[0] == place and p[1] == "env" for p in case["places"]):
            continue
        file = "env" if where.isupper() else rng.choice(
            ["here", "above", "home", "included", "option", "option-file"])
        if where == "RUSTFLAGS" and rng.random() < 0.2:
            flags = []
        case["places"].append([place, file, rng.choice(["list", "words"]), flags])
    return case


def write_flags_case(base, case, host):
    root = os.path.join(base, "ws")
    write(os.path.join(root, "Cargo.toml"), '[package]\nname = "p"\nversion = "0.1.0"\n'
          'edition = "2021"\n[workspace]\n')
    write(os.path.join(root, "src/lib.rs"), "")
    write(os.path.join(root, "build.rs"), "fn main() {}\n")
    env, args, files, seen = clean_env(os.path.join(base, "home")), [], {}, set()
    os.makedirs(env["CARGO_HOME"], exist_ok=True)
    for place, file, form, flags in case["places"]:
        if file == "env":
            if place == "CARGO_TARGET_RUSTFLAGS":
                place = "CARGO_TARGET_" + host.upper().replace("-", "_") + "_RUSTFLAGS"
            env[place] = ("\x1f" if "ENCODED" in place else " ").join(flags)
            continue
        table = {"build": "build", "target": f"target.{host}"}.get(place, f"target.{toml(place)}")
        value = toml(flags) if form == "list" else toml(" ".join(flags))
        # Lists and words of one key cannot be merged: keep to the form of the first.
        if (place, "list" if form == "words" else "words") in seen:
            continue
        seen.add((place, form))
        if file == "option":
            args += ["--config", f"{table}.rustflags={value}"]
        elif (file, table) not in files:
            files[(file, table)] = f"[{table}]\nrustflags = {value}\n"
    for file, where in (("here", "ws/.cargo/config.toml"), ("included", "ws/.cargo/more.toml"),
                        ("above", ".cargo/config.toml"), ("home", "home/config.toml"),
                        ("option-file", "option.toml")):
        text = "".join(t for (f, _), t in files.items() if f == file)
        if file == "here" and any(f == "included" for f, _ in files):
            text = 'include = ["more.toml"]\n' + text
        if text:
            write(os.path.join(base, where), text)
        if text and file == "option-file":
            args += ["--config", os.path.join(base, where)]
    return root, env, args


def run_flags_case(dump, case, host):
    base = tempfile.mkdtemp(prefix="hone-flags-")
    try:
        folder, env, args = write_flags_case(base, case, host)
        target = ["--target", host] if case["target"] else []
        run = subprocess.run(["cargo", "check", "-v", "--offline", *args, *target], cwd=folder,
                             env=env, capture_output=True, text=True)
        if run.returncode:
            return [f"cargo fails: {run.stderr}"]
        dumped, refused = hone_says(dump, dict(case, profile="release", select=None), folder, env,
                                    args, host)
        if refused:
            return [f"hone refuses: {refused}"]
        found = []
        for crate, got in (("p", dumped["rustflags"]),
                           ("build_script_build", dumped["rustflags"] if dumped["host_too"] else [])):
            line = next(l for l in run.stderr.splitlines()
                        if "Running `" in l and f"--crate-name {crate} " in l)
            want = re.findall(r"--cfg=[fg]\d", line)
            if want != got:
                found.append(f"rustflags of {crate}: cargo {want}, hone {got}")
        return found
    finally:
        shutil.rmtree(base, ignore_errors=True)


def flags_main(dump, host, count, seed):
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        cases = [make_flags_case(random.Random(f"flags/{seed}/{n}")) for n in range(count)]
        answers = list(pool.map(lambda c: run_flags_case(dump, c, host), cases))
    failures = 0
    for case, bad in zip(cases, answers):
        if not bad:
            continue
        failures += 1
        i = 0
        while i < len(case["places"]):
            less = dict(case, places=case["places"][:i] + case["places"][i + 1:])
            if run_flags_case(dump, less, host):
                case = less
            else:
                i += 1
        print(f"rustflags, seed {seed}: {run_flags_case(dump, case, host)}\n  {json.dumps(case)}")
    print(f"{count} projects with rustflags, {failures} differ (seed {seed})")
    return failures


def smaller(case):
    """Cases with one part less."""
    for i in range(len(case["settings"])):
        yield dict(case, settings=case["settings"][:i] + case["settings"][i + 1:])
    for i in range(len(case["packages"])):
        for k in range(len(case["packages"][i]["deps"])):
            packages = json.loads(json.dumps(case["packages"]))
            del packages[i]["deps"][k]
            yield dict(case, packages=packages)
        if case["packages"][i]["build"]:
            packages = json.loads(json.dumps(case["packages"]))
            packages[i]["build"] = False
            packages[i]["deps"] = [d for d in packages[i]["deps"] if d["kind"] != "build"]
            yield dict(case, packages=packages)
    last = len(case["packages"]) - 1
    if last > 0 and case["select"] != case["packages"][last]["name"] and \
            not any(d["to"] == last for p in case["packages"] for d in p["deps"]) and \
            not any(f"@DIR{last}@" in (s["scope"] or "") for s in case["settings"]):
        yield dict(case, packages=case["packages"][:-1])
    for key in ("virtual", "select", "target"):
        if case[key]:
            yield dict(case, **{key: ""})
    if case["include"] != "text":
        yield dict(case, include="text")
    if case["resolver"] != "2":
        yield dict(case, resolver="2")
    if case["cwd"] == "member":
        yield dict(case, cwd="root")
    if case["incremental"]:
        yield dict(case, incremental=[])


def shrink(dump, case, host):
    going = True
    while going:
        going = False
        for candidate in smaller(case):
            try:
                bad, _ = run_case(dump, candidate, host)
            except Exception:
                continue
            if bad:
                case, going = candidate, True
                break
    return case


def compare_project(dump, folder, host):
    """A real project as it is: all its profiles, for each of its selected packages."""
    with open(os.path.join(folder, "Cargo.toml"), "rb") as file:
        names = {"dev", "release", *tomllib.load(file).get("profile", {})} - {"doc"}
    env = dict(os.environ)
    failures = 0
    for name in sorted(names):
        case = {"profile": name, "select": None, "target": ""}
        graph, refused = cargo_says(case, folder, env, [], host)
        answer, hone_refused = hone_says(dump, case, folder, env, [], host)
        bad = [refused or hone_refused] if refused or hone_refused else compare(graph, answer)
        failures += bool(bad)
        units = len(graph["units"]) if graph else 0
        print(f"{folder}: {name}: {units} units, {len(bad)} differences")
        for line in bad[:10]:
            print("  " + line)
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dump")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--flags", type=int, default=40)
    parser.add_argument("--project", action="append")
    options = parser.parse_args()
    if os.environ.get("HONE_TESTS_HONE_ALONE") == "1":
        options.count, options.flags = options.count // 4, options.flags // 4
    dump = os.path.abspath(options.dump)
    host = [l.split()[1] for l in subprocess.run(["rustc", "-vV"], capture_output=True, text=True)
            .stdout.splitlines() if l.startswith("host:")][0]

    if options.project:
        return 1 if sum(compare_project(dump, p, host) for p in options.project) else 0

    def one(number):
        case = make_case(random.Random(f"{options.seed}/{number}"))
        return number, case, *run_case(dump, case, host)

    numbers = range(options.count) if options.case is None else [options.case]
    if options.keep:
        case = make_case(random.Random(f"{options.seed}/{options.case}"))
        os.makedirs(options.keep, exist_ok=True)
        print(write_case(os.path.abspath(options.keep), case, host)[0])
    failures, refusals, done = [], 0, 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for number, case, bad, refused in pool.map(one, numbers):
            done += 1
            refusals += refused
            if bad:
                failures.append((number, case, bad))

    for number, case, bad in failures[:3]:
        small = shrink(dump, case, host)
        again, _ = run_case(dump, small, host)
        print(f"seed {options.seed} case {number}:")
        for line in again or bad:
            print("  " + line)
        print("  smallest: " + json.dumps(small))
    print(f"{done} projects, {refusals} refused by cargo, {len(failures)} differ (seed "
          f"{options.seed})")
    flags_failures = 0
    if options.case is None:
        flags_failures = flags_main(dump, host, options.flags, options.seed)
    return 1 if failures or flags_failures else 0


if __name__ == "__main__":
    sys.exit(main())
