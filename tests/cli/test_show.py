"""cargo hone show: settings with their origins, and every problem where it fires and where it is silent."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tomllib
from pathlib import Path

from harness import HONE, KIT_MANIFEST, SOURCE, Skip, check

HEAD = KIT_MANIFEST.split("\n[profile")[0]


def show(box, project, *args, env=None):
    return box.run(project, "show", "--format", "json", *args, env=env).expect(0).json()


def problems(box, project, *args, env=None):
    """Problems by id."""
    found = {}
    for p in show(box, project, *args, env=env)["problems"]:
        found.setdefault(p["id"], []).append(p)
    return found


def fires(box, project, problem, where=None, *parts, args=(), env=None):
    """The problem is there, once, with a place and a remedy; its place ends with where, its texts hold the parts."""
    found = problems(box, project, *args, env=env).get(problem, [])
    check(len(found) == 1, f"{problem} was found {len(found)} times")
    one = found[0]
    check(one["where"] and one["remedy"], f"{problem} has no place or no remedy: {one}")
    check(where is None or one["where"].endswith(where), f"{problem} is at {one['where']}, not {where}")
    for part in parts:
        check(part in one["message"] + "\n" + (one["remedy"] or ""), f"`{part}` is not in {one}")
    return one


def silent(box, project, problem, args=(), env=None):
    found = problems(box, project, *args, env=env)
    check(problem not in found, f"{problem} was found: {found.get(problem)}")


COUNT = [0]


def kit(box, profile, *, main=None, head=HEAD, **files):
    """A project with these profile tables; Cargo.toml:8 is the first line of them."""
    COUNT[0] += 1
    return box.kit(f"kit{COUNT[0]}", main=main, manifest=head + "\n" + profile, **files)


# ---- settings ------------------------------------------------------------------------------------


def setting(shown, key, unit=None):
    found = [s for s in shown["settings"] if s["key"] == key and s["unit"] == unit]
    check(len(found) == 1, f"{key} of {unit} is there {len(found)} times")
    return found[0]


def test_origins(box):
    project = kit(box, '[profile.release]\nlto = "fat"\n[profile.release.package."*"]\nopt-level = "s"\n'
                  "[profile.dist]\ninherits = 'release'\npanic = 'abort'\n",
                  **{".cargo/config.toml": "[profile.release]\ncodegen-units = 1\n"})
    shown = show(box, project, "--config", "profile.release.strip=true",
                 env={"CARGO_PROFILE_RELEASE_DEBUG": "1", "RUSTFLAGS": "-Coverflow-checks=on"})
    check(shown["schema"] == 1 and shown["profile"] == "release", shown)
    for key, value, kind, where in (
            ("opt-level", 3, "default", None),
            ("lto", "fat", "manifest", "Cargo.toml:7:1"),
            ("codegen-units", 1, "config", ".cargo/config.toml:2:1"),
            ("debug", 1, "environment", "CARGO_PROFILE_RELEASE_DEBUG"),
            ("strip", True, "option", "profile.release.strip=true"),
            ("overflow-checks", True, "rustflags", "RUSTFLAGS"),
            ("split-debuginfo", None, "default", None)):
        s = setting(shown, key)
        check(s["value"] == value and s["package"] is None, s)
        check(s["origin"]["kind"] == kind, s)
        check(s["origin"]["where"] is None if where is None else s["origin"]["where"].endswith(where), s)
    check(setting(shown, "opt-level", "build scripts, macros")["value"] == 0, shown)
    dist = show(box, project, "--profile", "dist")
    check(setting(dist, "lto")["origin"]["kind"] == "inherited", dist)
    check(setting(dist, "panic")["origin"]["kind"] == "manifest", dist)


def test_formats(box):
    project = kit(box, '[profile.release]\nlto = "off"\nstrip = "none"\n')
    text = box.good(project, ["show"], "profile release of kit 1.0.0 (bin kit)", "warning[strip-none]",
                    "--> Cargo.toml:8:1", "1 warning, 1 note")
    check("/kit" not in text.out, f"the path of the folder itself is no news\n{text}")
    box.good(project, ["show", "--format", "markdown"], '| lto | "off" | manifest | Cargo.toml:7:1 |',
             "- **warning** `strip-none`")
    box.good(project, ["show", "--format", "csv"], "for,setting,value,origin,where", 'lto,"""off""",manifest')


def sarif(box, project, *args, env=None):
    """What SARIF 2.1.0 and code scanning pages ask for; returns rules and results of the one run."""
    log = box.good(project, ["show", "--format", "sarif", *args], env=env).json()
    check(log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json"), log)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    check(driver["name"] == "hone" and driver["version"], driver)
    check(run["columnKind"] == "unicodeCodePoints", run["columnKind"])
    rules = driver["rules"]
    for rule in rules:
        check(rule["shortDescription"]["text"], rule)
        check(rule["defaultConfiguration"]["level"] in ("note", "warning", "error"), rule)
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        check(result["ruleId"] == rule["id"], result)
        check(result["level"] == rule["defaultConfiguration"]["level"], result)
        check(result["message"]["text"], result)
        for place in result["locations"] + result.get("relatedLocations", []):
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            check(re.fullmatch(r"(file:///)?([A-Za-z0-9._~@+/-]|%[0-9A-F]{2})+", uri), uri)
            region = place["physicalLocation"]["region"]
            check(region["startLine"] >= 1 and region["startColumn"] >= 1, region)
        check(len(result["locations"]) == 1 and not result["locations"][0]["physicalLocation"]["artifactLocation"][
            "uri"].startswith(("/", "file:")), result)
    return rules, run["results"]


def place_of(location):
    place = location["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"], place["region"]["startColumn"]


def test_sarif(box):
    project = kit(box, '[profile.release]\nlto = "off"\n    strip = "none"\n')
    rules, results = sarif(box, project)
    check({r["ruleId"] for r in results} == {"strip-none", "lto-off"} <= {r["id"] for r in rules}, results)
    check(place_of(results[0]["locations"][0]) == ("Cargo.toml", 8, 5), results[0])
    check("remove the line" in results[0]["message"]["text"], results[0])
    check(not sarif(box, kit(box, ""))[1], "a result without a problem")
    check(not sarif(box, project, "--allow", "strip-none", "--allow", "lto-off")[1], "--allow was not heard")
    box.run(project, "show", "--format", "sarif", "--deny", "lto-off").expect(4, '"ruleId": "lto-off"')
    # A variable is no place in a file; a file outside of the repository is none on its page.
    (result,) = [r for r in sarif(box, project, env={"RUSTFLAGS": "-Clto"})[1] if r["ruleId"] == "rustflags-lto"]
    check(place_of(result["locations"][0]) == ("Cargo.toml", 1, 1) and "relatedLocations" not in result, result)
    outside = with_dependency(box, "dep", "pub fn f() { let _ = std::panic::catch_unwind(|| 1); }\n", ABORT)
    (result,) = sarif(box, outside)[1]
    check(place_of(result["locations"][0]) == ("Cargo.toml", 1, 1), result)
    uri, line, col = place_of(result["relatedLocations"][0])
    check(uri.startswith("file:///") and uri.endswith("/dep/src/lib.rs") and (line, col) == (1, 34), result)


def test_sarif_names_are_of_the_repository_and_percent_encoded(box):
    project = box.kit("repo/a b/é#1", manifest=HEAD + "\n[profile.release]\nlto = 'off'\n")
    check(place_of(sarif(box, project)[1][0]["locations"][0])[0] == "Cargo.toml", "relative to the workspace")
    subprocess.run(["git", "init", "-q"], cwd=box.root / "repo", env=box.env, check=True)
    uri = place_of(sarif(box, project)[1][0]["locations"][0])[0]
    check(uri == "a%20b/%C3%A9%231/Cargo.toml", uri)


def test_sarif_of_a_manifest_that_cargo_refuses(box):
    project = kit(box, '[profile.release]\nopt-level = "3"\n')
    log = json.loads(box.run(project, "show", "--format", "sarif").expect(1, "opt-level").out)
    (result,) = log["runs"][0]["results"]
    check(result["ruleId"] == "value-text" and result["level"] == "error", result)
    check(place_of(result["locations"][0]) == ("Cargo.toml", 7, 1), result)


def test_sarif_is_for_show_alone(box):
    project = kit(box, "")
    for args in ([], ["size"], ["explain"], ["history"], ["try"]):
        box.bad(project, [*args, "--format", "sarif"], 2, "has no format sarif: it has text, markdown")
    box.bad(project, ["show", "--format", "serif"], 2, "text, markdown, json, csv, sarif, gitlab, or junit")


def test_sarif_against_its_schema(box):
    """The schema as the crate serde-sarif carries it; `cargo fetch` of any project that uses it gets it."""
    try:
        import jsonschema
    except ImportError as e:
        raise Skip("NOT CHECKED against the schema: no python3-jsonschema") from e
    homes = [os.environ.get("CARGO_HOME"), str(Path.home() / ".cargo")]
    schemas = [s for h in homes if h for s in Path(h).glob("registry/src/*/serde-sarif-*/src/schema.json")]
    if not schemas:
        raise Skip("NOT CHECKED against the schema: no serde-sarif in cargo's registry folder")
    schema = json.loads(schemas[0].read_text())
    project = with_dependency(box, "dep", "pub fn f() { let _ = std::panic::catch_unwind(|| 1); }\n",
                              ABORT + "lto = 'off'\nstrip = 'none'\n")
    log = box.good(project, ["show", "--format", "sarif"], env={"RUSTFLAGS": "-Copt-level=1"}).json()
    check(len(log["runs"][0]["results"]) == 4, log["runs"][0]["results"])
    jsonschema.validate(log, schema)


def test_gate(box):
    bad = kit(box, '[profile.release]\nstrip = "none"\nlto = "off"\n')
    box.run(bad, "show").expect(0)
    box.run(bad, "show", "--check").expect(0)
    box.run(bad, "show", "--deny", "strip-none").expect(4, "1 denied problem: strip-none")
    box.run(bad, "show", "--deny", "warnings").expect(4)
    box.run(bad, "show", "--deny", "all").expect(4, "strip-none, lto-off")
    box.run(bad, "show", "--deny", "warnings", "--allow", "strip-none").expect(0)
    box.bad(bad, ["show", "--deny", "strip-nome"], 2, "no problem is called `strip-nome`", "strip-none")
    error = kit(box, '[profile.release]\nstrip = "all"\n')
    box.run(error, "show", "--check").expect(4)
    box.run(error, "show").expect(0)


def test_library_and_workspace(box):
    lib = box.kit("lib", **{"src/main.rs": None, "src/lib.rs": ""})
    check(setting(show(box, lib), "opt-level")["value"] == 2, "a library has a profile, too")
    both = box.kit("both", manifest='[workspace]\nmembers = ["a", "b"]\n[profile.release.package.b]\nopt-level = 1\n',
                   **{"Cargo.lock": None, "src/main.rs": None,
                      "a/Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n', "a/src/main.rs": "fn main() {}",
                      "b/Cargo.toml": '[package]\nname = "b"\nversion = "1.0.0"\n', "b/src/main.rs": "fn main() {}"})
    box.cargo(both, "generate-lockfile", "--offline")
    shown = show(box, both)
    check(shown["package"] is None and setting(shown, "opt-level", "b 1.0.0")["value"] == 1, shown)
    check(setting(show(box, both, "-p", "b"), "opt-level")["value"] == 1, "-p was not heard")


def test_a_spec_that_is_none_is_refused_as_cargo_does(box):
    project = kit(box, "", **{".cargo/config.toml": "[profile.release.package.'other@']\nopt-level = 1\n"})
    box.bad(project, ["show"], 1, "config.toml:1:", 'expected a version like "1.32"')


def test_long_messages_are_wrapped_on_a_terminal_alone(box):
    project = kit(box, "[profile.release]\nstrip = 'none'\n")
    piped = box.good(project, ["show"]).out
    check(any(len(line) > 120 for line in piped.splitlines()), piped)
    for columns in (60, 80):
        script = f"stty cols {columns}; '{HONE}' hone show"
        shown = box.run(project, command=["script", "-qec", script, "/dev/null"], env={"NO_COLOR": "1"}).out
        check("warning[strip-none]: " in shown and "\x1b[3" not in shown, shown)
        message = shown[shown.index("warning["):shown.index("-->")].splitlines()
        check(len(message) > 2 and max(map(len, message)) <= columns, shown)


def test_no_lock_is_written(box):
    project = kit(box, "", **{"Cargo.lock": None})
    box.good(project, ["show"])
    check(not (project / "Cargo.lock").exists(), "Cargo.lock was written")


def test_silence_is_not_all_clear(box):
    """What was not looked at is said in every form and counts as denied."""
    project = with_dependency(box, "dep", "pub fn f() { let _ = std::panic::catch_unwind(|| 1); }\n", ABORT)
    check(show(box, project)["limits"] == [], "all was looked at")
    lock = (project / "Cargo.lock").read_text()
    (project / "Cargo.lock").unlink()
    for change in None, lock.replace('name = "dep"\nversion = "0.1.0"', 'name = "dep"\nversion = "0.2.0"'):
        if change:
            box.write(project / "Cargo.lock", change)
        limit = show(box, project)["limits"][0]
        check(limit["what"] == "dependencies" and "Cargo.lock" in limit["why"], limit)
        check("abort-dylib" in limit["problems"], limit)
        text = box.good(project, ["show"]).out
        check("no problems in what was looked at" in text and "not looked at: dependencies (" in text, text)
        text = box.good(project, ["show", "--format", "sarif"]).out
        check("not looked at: dependencies (" in text, text)
        for ids in ["all"], ["warnings"], ["abort-ffi"], ["lto-off", "duplicate-crate"]:
            box.bad(project, ["show", *(word for i in ids for word in ("--deny", i))], 4, "not looked at: dependencies")
        box.good(project, ["show", "--deny", "lto-off"])
        box.good(project, ["show", "--deny", "all", *(word for i in limit["problems"] for word in ("--allow", i))])
    lone = kit(box, ABORT, **{"Cargo.lock": None})
    check(show(box, lone)["limits"] == [], "nothing is unseen where there are no dependencies")
    box.good(lone, ["show", "--deny", "all"])
    (lone / "src/main.rs").unlink()
    box.write(lone / "src/main.rs", b"fn main() {}" + b" " * (17 << 20))
    box.bad(lone, ["show", "--deny", "abort-join"], 4, "1 source file could not be read")


# ---- refusals ------------------------------------------------------------------------------------


def test_cargo_refuses(box):
    box.bad(kit(box, "[profile.a]\ninherits = 'b'\n[profile.b]\ninherits = 'a'\n"), ["show"], 1, "inheritance loop")
    box.bad(kit(box, "[profile.relase]\nlto = true\n"), ["show"], 1, "missing an `inherits`", "[profile.release]")
    box.bad(kit(box, ""), ["show", "--profile", "dits"], 2, "profile `dits` is not defined")
    box.bad(kit(box, "", **{".cargo/config.toml": "[profile.release]\nopt-level = '3'\n"}), ["show"], 1,
            "config.toml:2:1", "must be `0`, `1`, `2`, `3`, `s` or `z`", "without quotes")
    box.bad(kit(box, "[profile.release]\nlto = tru\n"), ["show"], 1, "Cargo.toml")


def test_value_text(box):
    for line, right in (('opt-level = "3"', "opt-level = 3"), ("lto = 'true'", "lto = true"),
                        ('codegen-units = "1"', "codegen-units = 1"), ('incremental = "false"', "incremental = false")):
        project = kit(box, f"[profile.release]\n{line} # kept\n")
        result = box.run(project, "show")
        result.expect_error(1, "")
        check("error[value-text]" in result.out and "Cargo.toml:7:1" in result.out and right in result.out, f"{result}")
        box.run(project, "show", "--fix").expect(0, f"+{right} # kept")
        tomllib.loads((project / "Cargo.toml").read_text())
        box.good(project, ["show"])


# ---- problems, in the order of the table ---------------------------------------------------------


def test_value_refused(box):
    for line, remedy in (('strip = "all"', 'strip = "symbols"'), ("opt-level = 4", "0, 1, 2"),
                         ("codegen-units = 0", "1 to"), ('lto = "fatt"', "fat")):
        project = kit(box, f"[profile.release]\n{line}\n")
        one = fires(box, project, "value-refused", "Cargo.toml:7:1", remedy)
        check(one["severity"] == "error", one)
        # It is true: the build fails in rustc, not in cargo.
        build = subprocess.run(["cargo", "build", "--release", "--offline"], cwd=project, env=box.env,
                               capture_output=True, text=True, check=False)
        check(build.returncode != 0 and "could not compile" in build.stderr, build.stderr)
    fires(box, kit(box, "[profile.release.package.'*']\nopt-level = 9\n"), "value-refused", "Cargo.toml:7:1")
    fires(box, kit(box, "[profile.release.build-override]\nopt-level = 9\n"), "value-refused", "Cargo.toml:7:1")
    for line in ('strip = "symbols"', 'lto = "no"', 'opt-level = "z"', "codegen-units = 256", "lto = true"):
        silent(box, kit(box, f"[profile.release]\n{line}\n"), "value-refused")
    silent(box, kit(box, '[profile.bench]\nstrip = "all"\n'), "value-refused")


def test_value_ignored(box):
    fires(box, kit(box, "[profile.release]\nsplit-debuginfo = 'half'\ndebug = 1\n"), "value-ignored",
          "Cargo.toml:7:1", "packed")
    silent(box, kit(box, "[profile.release]\nsplit-debuginfo = 'packed'\ndebug = 1\n"), "value-ignored")


def test_rustflags_lto(box):
    for line, flags in (("lto = false", "-Clto"), ('lto = "off"', "-Clto=thin"), ("lto = true", "-Cembed-bitcode=no"),
                        ('lto = "thin"', "-C prefer-dynamic")):
        project = kit(box, f"[profile.release]\n{line}\n")
        fires(box, project, "rustflags-lto", "RUSTFLAGS", env={"RUSTFLAGS": flags})
        build = subprocess.run(["cargo", "build", "--release", "--offline"], cwd=project,
                               env=box.env | {"RUSTFLAGS": flags}, capture_output=True, text=True, check=False)
        check(build.returncode != 0, "it builds after all")
    for flags in ("-Cprefer_dynamic=y", "--codegen prefer-dynamic", "--codegen=embed_bitcode=off"):
        fires(box, kit(box, "[profile.release]\nlto = true\n"), "rustflags-lto", "RUSTFLAGS", env={"RUSTFLAGS": flags})
    for line, flags in (("lto = true", "-Cprefer-dynamic -Cprefer-dynamic=no"), ("lto = true", "-Cembed-bitcode"),
                        ("lto = false", "-Clto=off"), ("lto = true", "-Clto=thin"), ("lto = false", "-Cembed-bitcode=no"),
                        ("lto = false", "-Cprefer-dynamic")):
        silent(box, kit(box, f"[profile.release]\n{line}\n"), "rustflags-lto", env={"RUSTFLAGS": flags})


def test_rustflags_panic(box):
    project = kit(box, ABORT)
    fires(box, project, "rustflags-panic", "RUSTFLAGS", "Cargo.toml:7:1", env={"RUSTFLAGS": "-C prefer-dynamic"})
    flags = {"RUSTFLAGS": "-Cprefer-dynamic -Cpanic=unwind"}
    silent(box, project, "rustflags-panic", env=flags)
    box.cargo(project, "build", "--release", env=flags)
    flags = {"RUSTFLAGS": "-Cprefer-dynamic -Cpanic=abort"}
    fires(box, kit(box, ""), "rustflags-panic", "RUSTFLAGS", env=flags)
    silent(box, kit(box, ""), "rustflags-panic", env={"RUSTFLAGS": "-Cprefer-dynamic"})


def test_unknown_key(box):
    fires(box, kit(box, "[profile.release]\ncodegen_units = 1\n"), "unknown-key", "Cargo.toml:7:1", "`codegen-units`")
    fires(box, kit(box, "[profile.dev]\noptlevel = 1\n"), "unknown-key", "Cargo.toml:7:1", "`opt-level`")
    fires(box, kit(box, "[profile.release.package.'*']\nstripp = true\n"), "unknown-key", "Cargo.toml:7:1", "`strip`")
    fires(box, kit(box, "", **{".cargo/config.toml": "[profile.release]\nlot = true\n"}), "unknown-key",
          "config.toml:2:1", "`lto`")
    plain = kit(box, "[profile.release]\nlto = true\n[profile.release.build-override]\nopt-level = 1\n")
    fires(box, plain, "unknown-key", "CARGO_PROFILE_RELEASE_OPTLEVEL", "CARGO_PROFILE_RELEASE_OPT_LEVEL?",
          env={"CARGO_PROFILE_RELEASE_OPTLEVEL": "1"})
    fires(box, plain, "unknown-key", None, "no variable for one package", "--config",
          env={"CARGO_PROFILE_RELEASE_PACKAGE_KIT_OPT_LEVEL": "1"})
    silent(box, plain, "unknown-key", env={"CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL": "1",
                                           "CARGO_PROFILE_DEV_DEBUG": "0"})


def test_unknown_profile(box):
    fires(box, kit(box, "", **{".cargo/config.toml": "[profile.relaese]\nlto = true\n"}), "unknown-profile",
          "config.toml:1:1", "[profile.release]")
    plain = kit(box, "[profile.fast]\ninherits = 'release'\n",
                **{".cargo/config.toml": "[profile.release]\nlto = true\n[profile.mine]\ninherits = 'release'\n"})
    fires(box, plain, "unknown-profile", "CARGO_PROFILE_RELAESE_LTO", env={"CARGO_PROFILE_RELAESE_LTO": "true"})
    silent(box, plain, "unknown-profile", env={"CARGO_PROFILE_FAST_LTO": "true"})


def workspace(box, root_profile="", member_profile=""):
    COUNT[0] += 1
    project = box.kit(
        f"kit{COUNT[0]}", manifest=HEAD + '\n[workspace]\nmembers = ["m"]\n[dependencies]\nm = { path = "m" }\n'
        + root_profile, **{"Cargo.lock": None, "m/src/lib.rs": "",
                           "m/Cargo.toml": '[package]\nname = "m"\nversion = "0.1.0"\n' + member_profile})
    box.cargo(project, "generate-lockfile", "--offline")
    return project


def test_profile_ignored(box):
    fires(box, workspace(box, member_profile="[profile.release]\nlto = true\n"), "profile-ignored", "m/Cargo.toml:4:1",
          "workspace member m", "move it to")
    silent(box, workspace(box, "[profile.release]\nlto = true\n"), "profile-ignored")
    # What is published takes the member's profile along, and `cargo install` uses it: moving it would lose it there.
    for publish, profile, remedy in (("", "release", "copy it to"), ("publish = false\n", "release", "move it to"),
                                     ("publish = []\n", "release", "move it to"), ("", "dev", "move it to"),
                                     ("publish = ['own']\n", "release", "copy it to")):
        project = workspace(box, member_profile=publish + f"[profile.{profile}]\nlto = true\n")
        (project / "m/src/main.rs").write_text("fn main() {}\n")
        fires(box, project, "profile-ignored", None, "workspace member m", remedy)
    project = with_dependency(box, "dep", "", "")
    silent(box, project, "profile-ignored")
    with open(project.parent / "dep/Cargo.toml", "a") as manifest:
        manifest.write("[profile.release]\nlto = true\n")
    fires(box, project, "profile-ignored", "dep/Cargo.toml:4:1", "dependency dep", "kit")


def test_override_unmatched(box):
    fires(box, workspace(box, "[profile.release.package.n]\nopt-level = 1\n"), "override-unmatched", "Cargo.toml:10:1",
          "means no package", "package.m]?")
    fires(box, workspace(box, "[profile.release.package.'m@2']\nopt-level = 1\n"), "override-unmatched", None,
          "m is there in version 0.1.0")
    for spec in ("m", "m@0.1", "m:0.1.0", "*", "kit"):
        silent(box, workspace(box, f"[profile.release.package.'{spec}']\nopt-level = 1\n"), "override-unmatched")


def test_strip_reset(box):
    project = kit(box, "[profile.release]\nstrip = true\n\n[profile.release.package.kit]\nopt-level = 's'\n")
    fires(box, project, "strip-reset", "Cargo.toml:9:1", 'built with "debuginfo"', "strip = true")
    box.run(project, "show", "--fix").expect(0, "+strip = true")
    silent(box, project, "strip-reset")
    silent(box, kit(box, "[profile.release]\nstrip = 'debuginfo'\n[profile.release.package.kit]\nopt-level = 's'\n"),
           "strip-reset")
    silent(box, kit(box, "[profile.release]\nstrip = true\n[profile.release.package.'*']\nopt-level = 's'\n"),
           "strip-reset")


def test_strip_none(box):
    for value in ("'none'", "false"):
        project = kit(box, f"[profile.release]\nstrip = {value}\nlto = true\n")
        fires(box, project, "strip-none", "Cargo.toml:7:1")
        box.run(project, "show", "--fix", "--dry-run").expect(0, f"-strip = {value}")
        fires(box, project, "strip-none", "Cargo.toml:7:1")
        box.run(project, "show", "--fix").expect(0, f"-strip = {value}")
        silent(box, project, "strip-none")
    silent(box, kit(box, "[profile.release]\nstrip = 'none'\ndebug = 1\n"), "strip-none")
    silent(box, kit(box, "[profile.dev]\nstrip = 'none'\n"), "strip-none")
    silent(box, kit(box, ""), "strip-none")


def test_debug_kept(box):
    fires(box, kit(box, "[profile.release]\ndebug = 1\n"), "debug-kept", "Cargo.toml:7:1", "[profile.profiling]")
    fires(box, workspace(box, "[profile.release.package.m]\ndebug = true\n"), "debug-kept", "Cargo.toml:11:1",
          "dependency m")
    silent(box, kit(box, "[profile.release]\ndebug = 1\nstrip = true\n"), "debug-kept")
    silent(box, kit(box, "[profile.release]\ndebug = 1\nsplit-debuginfo = 'packed'\n"), "debug-kept")
    silent(box, kit(box, "[profile.release]\ndebug = 0\n[profile.dev]\ndebug = 2\n"), "debug-kept")


def test_a_device_is_not_given_what_is_kept_in_the_file(box):
    """Debug information and symbols take no flash, and debuggers of devices look for them in the file."""
    device = ("--target", "thumbv7m-none-eabi")
    for profile, problem in (("debug = 1", "debug-kept"), ("strip = 'none'", "strip-none")):
        project = kit(box, f"[profile.release]\n{profile}\n")
        fires(box, project, problem)
        silent(box, project, problem, args=device)


def test_lto_crate_types(box):
    both = "[lib]\npath = 'src/lib.rs'\ncrate-type = ['cdylib', 'rlib']\n"
    lib = {"src/lib.rs": ""}
    fires(box, kit(box, "[profile.release]\nlto = true\n" + both, **lib), "lto-crate-types", "Cargo.toml",
          "as rlib and cdylib", "--crate-type cdylib")
    fires(box, kit(box, "[profile.release]\nlto = true\n" + both.replace("'rlib'", "'rlib', 'staticlib'"), **lib),
          "lto-crate-types", "Cargo.toml", "as rlib, cdylib and staticlib at once", "for the cdylib and staticlib",
          "--crate-type cdylib\n", "--crate-type staticlib")
    members = {f"{n}/{path}": text for n in "ab" for path, text in (
        ("Cargo.toml", f'[package]\nname = "{n}"\nversion = "1.0.0"\n[lib]\ncrate-type = ["lib", "cdylib"]\n'),
        ("src/lib.rs", ""))}
    two = box.kit("two", manifest='[workspace]\nmembers = ["a", "b"]\n[profile.release]\nlto = true\n',
                  **{"Cargo.lock": None, "src/main.rs": None}, **members)
    check(len(problems(box, two)["lto-crate-types"]) == 2, "both members are meant")
    silent(box, kit(box, both, **lib), "lto-crate-types")
    silent(box, kit(box, "[profile.release]\nlto = true\n" + both.replace(", 'rlib'", ""), **lib), "lto-crate-types")


def test_rustflags_win(box):
    project = kit(box, "[profile.release]\nopt-level = 's'\n")
    fires(box, project, "rustflags-win", "RUSTFLAGS", "`-Copt-level=1`", "Cargo.toml:7:1",
          env={"RUSTFLAGS": "-Copt-level=1"})
    silent(box, project, "rustflags-win", env={"RUSTFLAGS": "-Copt-level=s -Ctarget-cpu=native"})
    configured = kit(box, "", **{".cargo/config.toml": "[build]\nrustflags = ['-C', 'panic=abort']\n"})
    fires(box, configured, "rustflags-win", "config.toml:2:14", "panic")
    silent(box, configured, "rustflags-win", env={"RUSTFLAGS": ""})


def test_counters_in_rustflags(box):
    """Programs that count, and a profile whose counts are another program's: a coverage build's, by its header."""
    for flags, word in (("-Cinstrument-coverage", "instrument-coverage"), ("-C instrument_coverage=yes", "instrument_coverage"),
                        ("-Cprofile-generate", "-Cprofile-generate"), ("--codegen=profile-generate=/tmp", "profile-generate")):
        fires(box, kit(box, ""), "instrumented", "RUSTFLAGS", word, env={"RUSTFLAGS": flags})
    for flags in ("-Cinstrument-coverage -Cinstrument-coverage=off", "-Copt-level=1"):
        silent(box, kit(box, ""), "instrumented", env={"RUSTFLAGS": flags})
    raw, indexed = b"\x81rforpl\xff", b"\xfflprofi\x81"
    for name, data, coverage in (
        ("indexed", indexed + b"\x0d" + bytes(7), True), ("indexed-pgo", indexed + b"\x0d" + bytes(6) + b"\x01", False),
        ("raw", raw + b"\x0a" + bytes(7), True), ("raw-32", b"\x81Rforpl\xff" + b"\x0a" + bytes(7), True),
        ("big-endian", raw[::-1] + bytes(7) + b"\x0a", True), ("short", indexed, False), ("none", None, False),
    ):
        project = kit(box, "", **({} if data is None else {"counts": data}))
        path = "counts" if name != "raw" else project / "counts"
        box.write(project / ".cargo/config.toml", f"[build]\nrustflags = ['-C', 'profile_use={path}']\n")
        if coverage:
            fires(box, project, "profile-of-coverage", "config.toml:2:14", "coverage build", "profile-generate")
        else:
            silent(box, project, "profile-of-coverage")


def test_native_committed(box):
    config = {".cargo/config.toml": "[build]\nrustflags = ['-Ctarget-cpu=native']\n"}
    project = kit(box, "", **config)
    silent(box, project, "native-committed")
    subprocess.run(["git", "init", "-q"], cwd=project, env=box.env, check=True)
    silent(box, project, "native-committed")
    subprocess.run(["git", "add", "-f", ".cargo/config.toml"], cwd=project, env=box.env, check=True)
    fires(box, project, "native-committed", "config.toml:2:14", "SIGILL")
    silent(box, project, "native-committed", env={"RUSTFLAGS": "-Ctarget-cpu=native"})


def test_incremental(box):
    project = kit(box, "[profile.release]\nincremental = true\n")
    fires(box, project, "incremental-release", "Cargo.toml:7:1")
    silent(box, project, "incremental-release", env={"CARGO_INCREMENTAL": "0"})
    box.run(project, "show", "--fix").expect(0, "+incremental = false")
    silent(box, project, "incremental-release")
    fires(box, project, "incremental-release", "CARGO_INCREMENTAL", "unset CARGO_INCREMENTAL",
          env={"CARGO_INCREMENTAL": "1"})
    silent(box, project, "incremental-release", args=("--profile", "dev"))


def test_checks(box):
    project = kit(box, "[profile.release]\ndebug-assertions = true\noverflow-checks = true\n")
    fires(box, project, "debug-assertions-release", "Cargo.toml:7:1")
    one = fires(box, project, "overflow-checks-release", "Cargo.toml:8:1")
    check(one["severity"] == "note" and "= false" not in one["remedy"], "nobody should be talked out of overflow checks")
    for problem in ("debug-assertions-release", "overflow-checks-release"):
        silent(box, project, problem, args=("--profile", "dev"))
        silent(box, kit(box, ""), problem)


CATCHES = """
use std::panic;
fn main() {
    // catch_unwind(|| 1)
    let _text = "catch_unwind(|| 1)";
    let _raw = r#"catch_unwind("#;
    let _quote = '\\'';
    let _ = panic::catch_unwind(|| 1);
}
"""

TESTS_ONLY = """
fn main() { let _ = '"'; /* catch_unwind( /* nested */ */ }
fn catch_unwind() {}
#[cfg(test)]
mod tests {
    fn f() { let _ = std::panic::catch_unwind(|| [0; 3]); }
}
#[test]
fn g() { std::panic::catch_unwind(|| 1); }
"""

ABORT = "[profile.release]\npanic = 'abort'\n"


def test_abort_catch(box):
    project = kit(box, ABORT, main=CATCHES)
    fires(box, project, "abort-catch-unwind", "src/main.rs:8:20", "Cargo.toml:7:1", 'panic = "unwind"')
    silent(box, kit(box, ABORT, main=TESTS_ONLY, **{"tests/t.rs": CATCHES, "examples/e.rs": CATCHES,
                                                    "build.rs": CATCHES}), "abort-catch-unwind")
    silent(box, kit(box, "", main=CATCHES), "abort-catch-unwind")
    silent(box, project, "abort-catch-unwind", args=("--profile", "dev"))


def test_abort_join(box):
    head = "use std::thread::spawn;\nfn main() {\n    let h = std::thread::spawn(|| 1);\n"
    fires(box, kit(box, ABORT, main=head + "    if h.join().is_err() {}\n}\n"), "abort-join", "src/main.rs:4:10")
    silent(box, kit(box, ABORT, main=head + "    h.join().unwrap();\n}\n"), "abort-join")
    silent(box, kit(box, ABORT, main='fn main() { let _ = ["a"].join("/"); }\n'), "abort-join")


def test_abort_hook(box):
    hook = "fn main() { std::panic::set_hook(Box::new(|_| ())); }\n"
    fires(box, kit(box, ABORT, main=hook), "abort-hook", "src/main.rs:1:25", "SIGABRT")
    silent(box, kit(box, "", main=hook), "abort-hook")


def with_dependency(box, name, source, profile):
    COUNT[0] += 1
    project = box.kit(f"kit{COUNT[0]}/ws", manifest=HEAD + f'\n[dependencies]\n{name} = {{ path = "../{name}" }}\n'
                      + profile, **{"Cargo.lock": None})
    box.write(project.parent / name / "Cargo.toml", f'[package]\nname = "{name}"\nversion = "0.1.0"\n')
    box.write(project.parent / name / "src/lib.rs", source)
    box.cargo(project, "generate-lockfile", "--offline")
    return project


def test_strip_of_defmt(box):
    project = with_dependency(box, "defmt", "", '[profile.release]\nstrip = true\n')
    device = ("--target", "thumbv7m-none-eabi")
    fires(box, project, "strip-defmt", "Cargo.toml:9:1", "symbol table", args=device)
    silent(box, project, "strip-defmt")
    kept = with_dependency(box, "defmt", "", '[profile.release]\nstrip = "debuginfo"\n')
    silent(box, kept, "strip-defmt", args=device)


def test_debug_and_cmake(box):
    def project(profile):
        made = with_dependency(box, "cmake", "", f"[profile.release]\n{profile}\n")
        manifest = made / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[dependencies]", "[build-dependencies]"))
        box.cargo(made, "generate-lockfile", "--offline")
        return made

    fires(box, project("debug = 1"), "debug-cmake", "Cargo.toml:9:1", "-O2 instead of -O3")
    silent(box, project("debug = 0"), "debug-cmake")
    silent(box, project('debug = 1\nopt-level = "s"'), "debug-cmake")


def test_abort_dependencies(box):
    source = "pub fn f() { let _ = std::panic::catch_unwind(|| 1); }\n"
    fires(box, with_dependency(box, "dep", source, ABORT), "abort-dependencies", "dep/src/lib.rs:1:34", "dep 0.1.0")
    silent(box, with_dependency(box, "dep", "", ABORT), "abort-dependencies")
    silent(box, with_dependency(box, "dep", source, ""), "abort-dependencies")


def test_abort_dylib(box):
    dylib = '[lib]\ncrate-type = ["rlib", "dylib"]\n'
    for number, table in enumerate((dylib, dylib.replace('"rlib", ', ""))):
        for profile in ABORT, "":
            project = with_dependency(box, "engine", "pub fn f() {}", profile)
            manifest = project.parent / "engine/Cargo.toml"
            manifest.write_text(manifest.read_text() + table)
            build = box.run(project, command=["cargo", "build", "-q", "--release"])
            check((build.code != 0) == bool(profile), build)
            if profile:
                fires(box, project, "abort-dylib", ":9:1", "engine", "unwind")
                box.run(project, "show", "--check").expect(4, "abort-dylib")
            else:
                silent(box, project, "abort-dylib")
        if number:
            fires(box, project, "abort-dylib", "RUSTFLAGS", env={"RUSTFLAGS": "-Cpanic=abort"})
    # The program's own library has a std of its own.
    own = kit(box, ABORT + dylib + "path = 'src/lib.rs'\n", **{"src/lib.rs": ""})
    box.cargo(own, "build", "-q", "--release")
    silent(box, own, "abort-dylib")
    member = {"other/Cargo.toml": '[package]\nname = "other"\nversion = "1.0.0"\n' + dylib, "other/src/lib.rs": ""}
    uses = '[workspace]\nmembers = ["other"]\n[dependencies]\nother.path = "other"\n'
    own = kit(box, ABORT + uses, **member, **{"Cargo.lock": None})
    check(box.run(own, command=["cargo", "build", "-q", "--release"]).code != 0, "it builds after all")
    fires(box, own, "abort-dylib", "Cargo.toml:7:1", "other/Cargo.toml")
    box.cargo(own, "build", "-q", "--release", "-p", "other")
    silent(box, own, "abort-dylib", args=("-p", "other"))


def test_abort_ffi(box):
    fires(box, with_dependency(box, "pyo3", "", ABORT), "abort-ffi", "Cargo.toml:7:1", "pyo3")
    silent(box, with_dependency(box, "pyo3", "", ""), "abort-ffi")
    silent(box, with_dependency(box, "plain", "", ABORT), "abort-ffi")


def test_too_new(box):
    def old(version, line):
        return kit(box, f"[profile.release]\n{line}\n", head=HEAD.replace("[package]\n", f'[package]\nrust-version = "{version}"\n'))

    fires(box, old("1.56", "strip = true"), "too-new", "Cargo.toml:8:1", "1.59")
    fires(box, old("1.65", "debug = 'line-tables-only'"), "too-new", "Cargo.toml:8:1", "1.71")
    silent(box, old("1.59", "strip = true"), "too-new")
    silent(box, old("1.65", "debug = 1"), "too-new")
    silent(box, kit(box, "[profile.release]\nstrip = true\n"), "too-new")


def test_lto_off(box):
    fires(box, kit(box, "[profile.release]\nlto = 'off'\n"), "lto-off", "Cargo.toml:7:1", "lto = false")
    silent(box, kit(box, "[profile.release]\nlto = false\n"), "lto-off")
    silent(box, kit(box, "[profile.dev]\nlto = 'off'\n"), "lto-off")


def test_shadowed(box):
    project = kit(box, "[profile.release]\nlto = true\n")
    fires(box, project, "shadowed", "Cargo.toml:7:1", "CARGO_PROFILE_RELEASE_LTO", env={"CARGO_PROFILE_RELEASE_LTO": "off"})
    silent(box, project, "shadowed", env={"CARGO_PROFILE_RELEASE_LTO": "true"})
    silent(box, project, "shadowed", env={"CARGO_PROFILE_RELEASE_PANIC": "abort"})


def test_duplicate_crate(box):
    COUNT[0] += 1
    top = f"kit{COUNT[0]}"
    project = box.kit(f"{top}/ws", manifest=HEAD + '\n[dependencies]\nx1 = { package = "x", path = "../x1" }\n'
                      'y = { path = "../y" }\n', **{"Cargo.lock": None})
    box.write(f"{top}/x1/Cargo.toml", '[package]\nname = "x"\nversion = "1.0.0"\n')
    box.write(f"{top}/x2/Cargo.toml", '[package]\nname = "x"\nversion = "2.0.0"\n')
    box.write(f"{top}/y/Cargo.toml", '[package]\nname = "y"\nversion = "1.0.0"\n[dependencies]\nx = { path = "../x2" }\n')
    for name in ("x1", "x2", "y"):
        box.write(f"{top}/{name}/src/lib.rs", "")
    box.cargo(project, "generate-lockfile", "--offline")
    fires(box, project, "duplicate-crate", "Cargo.lock:15:1", "1.0.0 (for kit 1.0.0)", "2.0.0 (for y 1.0.0)",
          "cargo tree -i x@1.0.0")
    # Only what is in the program counts.
    box.write(f"{top}/y/Cargo.toml", '[package]\nname = "y"\nversion = "1.0.0"\n[build-dependencies]\nx = { path = "../x2" }\n')
    silent(box, project, "duplicate-crate")


def test_profile_unused(box):
    profile = "[profile.small]\ninherits = 'release'\nlto = true\n"
    fires(box, kit(box, profile), "profile-unused", "Cargo.toml:6:1", "--profile small")
    silent(box, kit(box, profile, **{"ci.yml": "run: cargo build --profile small\n"}), "profile-unused")
    silent(box, kit(box, profile, **{".github/workflows/x.yml": "--profile=small"}), "profile-unused")
    fires(box, kit(box, profile, **{"ci.yml": "run: cargo build # smaller\n"}), "profile-unused")
    silent(box, kit(box, profile + "[profile.smaller]\ninherits = 'small'\n", **{"x.sh": "--profile smaller"}),
           "profile-unused")
    silent(box, kit(box, profile), "profile-unused", args=("--profile", "small"))
    dist = kit(box, "[profile.dist]\ninherits = 'release'\n")
    fires(box, dist, "profile-unused")
    (dist / "dist-workspace.toml").write_text("[dist]\n")
    silent(box, dist, "profile-unused")


def test_every_kind_is_tested(box):
    """Each id of the table stands in a test above that fires and one that is silent."""
    project = kit(box, "")
    rules, _ = sarif(box, project)
    text = (SOURCE / "tests/cli/test_show.py").read_text()
    for rule in rules:
        elsewhere = ("value-text", "strip-undone", "linker-name")  # test_sarif_of_a_manifest_that_cargo_refuses, test_linkers.py
        check(text.count(f'"{rule["id"]}"') >= 2 or rule["id"] in elsewhere, f"{rule['id']} has no test")


def test_healthy_project_is_silent(box):
    found = problems(box, kit(box, '[profile.release]\nlto = "fat"\ncodegen-units = 1\nstrip = "symbols"\n'))
    check(not found, found)


def test_example_is_silent(box):
    found = problems(box, box.wordmill())
    check(not found, found)


# ---- cargo hone alone ----------------------------------------------------------------------------


def test_very_many_overrides(box):
    """The cost grows with the number of tables, not with its square (which was half a minute): in CPU time."""
    tables = "".join(f"[profile.release.package.p{i}]\nopt-level = 2\n" for i in range(20000))
    for name in ("Cargo.toml", ".cargo/config.toml"):
        project = kit(box, tables if name == "Cargo.toml" else "")
        if name != "Cargo.toml":
            box.write(project / name, tables)
        before = os.times()
        box.run(project, "show").expect(0)
        after = os.times()
        check(after.children_user - before.children_user < 10, f"{name}: {before} {after}")


def test_status(box):
    project = kit(box, "[profile.release]\nlto = 'fat'\nstrip = 'none'\n")
    screen = box.good(project, [], "kit 1.0.0 (bin kit)", "goal of profile release: fast", "Cargo.toml:7:1",
                      "1 warning at first sight; cargo hone show looks closer", "nothing was measured yet", "next: cargo hone try")
    check(screen.out.count("\n") <= 24, f"more than one screen\n{screen}")
    # For who comes from a post: its knobs, its recipes, what is here, what it claims, and the one thing to type.
    table = screen.out.split("\n\n")[1].splitlines()
    check(table[0].split() == ["setting", "here", "small", "fast", "balanced", "yours", "comes", "from"], f"{screen}")
    for line in ('opt-level 3 "z" 3 "s" default', 'panic "unwind" "abort" "abort" "abort" default'):
        check(line.split() in [row.split() for row in table], f"{line}\n{screen}")
    check(screen.out.count(" not tried\n") == 3 and "claim" in screen.out, f"{screen}")
    check(screen.out.splitlines()[-1] == "next: cargo hone try", f"{screen}")
    check(not (project / "target").exists(), "it made a folder")
    small = kit(box, "[profile.release]\nopt-level = 'z'\nlto = true\ncodegen-units = 1\npanic = 'abort'\n"
                "strip = 'debuginfo'\n")
    box.good(small, [], "goal of profile release: small (it is the preset)", "no problems")
    box.good(kit(box, ""), [], "goal of profile release: none")
    error = kit(box, "[profile.release]\nstrip = 'all'\n")
    box.good(error, [], "1 error", "next: cargo hone show")
    library = box.kit("library", **{"src/main.rs": None, "src/lib.rs": ""})
    box.good(library, [], "next: cargo hone show")
    box.bad(box.root, [], 1, "could not find `Cargo.toml`")
    check(json.loads(box.good(small, ["--format", "json"]).out)["profile"] == "release", "JSON")


def test_status_tells_the_last_results(box):
    project = kit(box, "")
    box.run(project, "try", "baseline", "small", "balanced").expect(0)
    screen = box.good(project, [], "measured 2", "3 candidates", "smallest", "next: cargo hone apply ")
    # "z" keeps the symbol table: the claim is judged by what was built, speed by a workload only.
    check("is the smallest of the three  does not hold here\n" in screen.out, f"{screen}")
    check("no workload was measured: try --run 'ARGUMENTS' tells" in screen.out, f"{screen}")
    # A database that came with the folder: its figures are told as such, and are no next step.
    with sqlite3.connect(project / "target/hone/hone.db") as database:
        database.execute("UPDATE run SET cpu = 'Another \x1b[31mCPU', machine_id = '0123456789abcdef'")
    screen = box.good(project, [], "on another machine (its CPU: Another ", "next: cargo hone try")
    check("\x1b" not in screen.out and "cargo hone apply" not in screen.out, f"{screen}")
    check("does not hold here" not in screen.out, f"{screen}")
    box.good(project, ["explain", "lto"], "were measured on another machine")


# What makes a result one of elsewhere, and its words.
ELSEWHERE = {
    "machine_id = '0123456789abcdef'": "on another machine (its CPU: ",
    "machine_id = NULL, cpu = 'x'": " machine ",
    "user = '4294967294'": "by another user",
}


def test_results_of_elsewhere(box):
    """Marked wherever they are shown, no advice, and behind what was measured here."""
    project = kit(box, "")
    box.run(project, "try", "opt-level=1").expect(0)
    path = project / "target/hone/hone.db"
    mine = path.read_bytes()
    box.good(project, ["history"], "1")
    check(json.loads(box.good(project, ["history", "--format", "json"]).out)["runs"][0]["elsewhere"] is None, "own")
    for change, words in ELSEWHERE.items():
        path.write_bytes(mine)
        with sqlite3.connect(path) as database:
            database.execute(f"UPDATE run SET {change}")
        database.close()
        screen = box.good(project, [], f"{words}", "next: cargo hone try")
        check("cargo hone apply" not in screen.out, f"{screen}")
        listed = box.good(project, ["history"])
        check(re.search(r"(?m)^ *1\* ", listed.out) and "*: measured " in listed.out and words in listed.out, f"{listed}")
        check(words in json.loads(box.good(project, ["history", "--format", "json"]).out)["runs"][0]["elsewhere"], change)
        check("1*" not in box.good(project, ["history", "--format", "csv"]).out, "csv")
        box.good(project, ["history", "1"], "no advice", words)
        check(words in box.good(project, ["explain", "opt-level"]).out, change)
    # A newer one of elsewhere does not hide the project's own.
    path.write_bytes(mine)
    box.run(project, "try", "opt-level=2").expect(0)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE run SET machine_id = '0123456789abcdef' WHERE id = 2")
    database.close()
    screen = box.good(project, [])
    check("another machine" not in screen.out and "opt-level=2" not in screen.out, f"{screen}")
    # The whole folder somewhere else.
    with sqlite3.connect(path) as database:
        database.execute("UPDATE run SET machine_id = (SELECT machine_id FROM run WHERE id = 1), user = NULL WHERE id = 2")
    database.close()
    shutil.move(project, project.parent / "moved")
    moved = project.parent / "moved"
    screen = box.good(moved, [], "at another path (", "next: cargo hone try")
    listed = box.good(moved, ["history"], "*: measured at another path (")
    check(len(re.findall(r"(?m)^ *[12]\* ", listed.out)) == 2, f"{listed}")
    box.good(moved, ["history", "1"], "at another path (")
    box.bad(moved, ["history", "3"], 1, "no run 3 of this project")
