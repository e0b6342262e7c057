"""apply holds what it is about to write against what is there: overrides of packages, problems of the profile as it will
be, labels of the difference."""

import shutil

from harness import KIT_MANIFEST, cargos_time, check

HEAD = KIT_MANIFEST.split("\n[profile")[0]


def manifest(project):
    return (project / "Cargo.toml").read_text()


def rustc_got(box, kit, *args):
    """What rustc was told about the program, by plain cargo."""
    return box.run(kit, command=["cargo", "build", "-v", "--target-dir", str(box.root / "theirs"), *args]).err


def test_own_override_in_every_spelling(box):
    """What the candidate says is written into the user's own override of the program's package, which is stronger."""
    for number, spec in enumerate(("kit", '"kit@1.0.0"', '"kit:1"', '"path+file://{}#kit@1.0.0"', '"file://{}"')):
        kit = box.root / f"{number}/kit"
        table = f"\n[profile.release.package.{spec.format(kit)}]\nopt-level = 3 # mine\ncodegen-units = 7\n"
        kit = box.kit(f"{number}/kit", manifest=HEAD + table)
        more = ["--verify"] if number == 1 else []
        result = box.run(kit, "apply", "opt-level=1,codegen-units=2", *more).expect(0)
        check("opt-level = 1 # mine" in manifest(kit), manifest(kit))
        told = rustc_got(box, kit, "--release")
        check("opt-level=1" in told and "codegen-units=2" in told, f"{told}\n{result}")
        box.run(kit, "apply", "--undo").expect(0)
        check(manifest(kit) == HEAD + table, "undo gave other bytes")


def test_own_override_of_other_shapes(box):
    shapes = {
        "inline": "[profile.release]\npackage.kit = { opt-level = 3, codegen-units = 7 }\n",
        "inherited": "[profile.release.package.kit]\nopt-level = 3\n\n[profile.dist]\ninherits = \"release\"\n",
        "new": "[profile.release.package.kit]\nopt-level = 3\n",
    }
    for name, text in shapes.items():
        kit = box.kit(name, manifest=HEAD + "\n" + text)
        profile = [] if name == "inline" else ["--profile", "dist"]
        box.run(kit, "apply", "opt-level=1,codegen-units=2", *profile).expect(0)
        told = rustc_got(box, kit, *(profile or ["--release"]))
        check("opt-level=1" in told and "codegen-units=2" in told, f"{told}\n{manifest(kit)}")


def test_two_spellings_of_one_package(box):
    """A level of one package goes into the override that is there: cargo takes no second one."""
    kit = box.kit(manifest=HEAD + '\n[profile.release.package."kit@1.0.0"]\ncodegen-units = 7\n')
    box.run(kit, "apply", "package.kit.opt-level=1", "--verify").expect(0, "Verified")
    check('[profile.release.package."kit@1.0.0"]\ncodegen-units = 7\nopt-level = 1\n' in manifest(kit), manifest(kit))


def test_own_override_in_a_config_file(box):
    """Config files are not edited, so that the place is named."""
    for number, text in enumerate(("[profile.release.package.kit]\nopt-level = 3\n",
                                   "profile.release.package.'kit@1'.opt-level = 3\n")):
        kit = box.kit(f"file-{number}", **{".cargo/config.toml": text})
        box.bad(kit, ["apply", "opt-level=1"], 2, "would not count", ".cargo/config.toml:")
    kit = box.kit("variable")
    variable = "CARGO_PROFILE_RELEASE_PACKAGE_kit_OPT_LEVEL"
    box.write(kit / ".cargo/config.toml", "[profile.release.package.kit]\n")
    box.bad(kit, ["apply", "opt-level=1"], 2, "would not count", variable, env={variable: "3"})


def test_overrides_of_dependencies_stay(box):
    """They are the user's own choice; what they win over is said."""
    lib = {"dep/Cargo.toml": '[package]\nname = "dep"\nversion = "1.0.0"\n', "dep/src/lib.rs": "pub fn f() {}\n"}
    for number, spec in enumerate(("*", "dep", "dep@1.0.0", "path+file://{}/dep#dep@1.0.0")):
        spec = spec.format(box.root / f"{number}")
        table = f'\n[workspace]\n\n[dependencies]\ndep.path = "dep"\n[profile.release.package."{spec}"]\nopt-level = 3\n'
        kit = box.kit(f"{number}", manifest=HEAD + table, **lib)
        box.cargo(kit, "generate-lockfile")
        words = [f'package."{spec}"', "does not count", "Cargo.toml:"] if spec != "*" else []
        result = box.run(kit, "apply", "opt-level=1", "--dry-run").expect(0, *words)
        check(("does not count" in result.err) == (spec != "*"), result)  # a path below the root is a member
    outside = {"../outside/Cargo.toml": lib["dep/Cargo.toml"], "../outside/src/lib.rs": ""}
    table = '\n[dependencies]\ndep.path = "../outside"\n[profile.release.package."*"]\nopt-level = 3\n'
    kit = box.kit("kit", manifest=HEAD + table, **outside)
    box.cargo(kit, "generate-lockfile")
    box.run(kit, "apply", "opt-level=1").expect(0, "for dependencies", 'package."*"', "does not count", "Cargo.toml:")
    box.run(kit, "apply", 'package."*".opt-level=1').expect(0)
    check("opt-level = 3" not in manifest(kit), manifest(kit))


CATCHES = "fn main() {\n    let _ = std::panic::catch_unwind(|| 1);\n}\n"


@cargos_time
def test_what_rustc_would_refuse_is_not_written(box):
    dylib = {"other/src/lib.rs": "",
             "other/Cargo.toml": '[package]\nname = "other"\nversion = "1.0.0"\n', "Cargo.lock": None}
    dylib["other/Cargo.toml"] += '[lib]\ncrate-type = ["dylib", "rlib"]\n'
    uses = HEAD + '\n[workspace]\nmembers = ["other"]\n[dependencies]\nother.path = "other"\n'
    cases = {
        "prefer-dynamic": ({".cargo/config.toml": "[build]\nrustflags = '-C prefer-dynamic'\n"}, HEAD,
                           ["lto=thin", "panic=abort", "small", "fast+train.pgo=on"], ["opt-level=1", "codegen-units=1"]),
        "spelt-otherwise": ({".cargo/config.toml": "[target.'cfg(unix)']\nrustflags = ['--codegen=prefer_dynamic=y']\n"},
                            HEAD, ["lto=fat"], ["lto=off"]),
        "bitcode": ({".cargo/config.toml": "[build]\nrustflags = ['-Cembed-bitcode=no']\n"}, HEAD,
                    ["lto=true", "small"], ["panic=abort"]),
        "dylib": (dylib, uses, ["panic=abort", "small+opt-level=1"], ["opt-level=1"]),
    }
    for name, (files, text, refused, taken) in cases.items():
        kit = box.kit(name, manifest=text, **files)
        box.cargo(kit, "generate-lockfile")
        for candidate in refused:
            if "pgo" in candidate and "needs llvm-profdata" in box.run(kit, "apply", candidate).err:
                continue  # which is asked for first
            box.bad(kit, ["apply", candidate], 2, "would not build", "makes rustc stop", "--force")
        box.bad(kit, ["apply", refused[0], "--profile", "dist"], 2, "would not build")
        for candidate in taken:
            box.run(kit, "apply", candidate).expect(0)
            box.cargo(kit, "build", "-q", "--release")
            box.run(kit, "apply", "--undo").expect(0)
        box.run(kit, "apply", refused[0], "--force").expect(0, "warning: [", "makes rustc stop", "Applied")
        shutil.rmtree(kit / "target", ignore_errors=True)
        done = box.run(kit, command=["cargo", "build", "-q", "--release"])
        check(done.code != 0, f"it builds after all\n{done}")
    variable = {"RUSTFLAGS": "-Cprefer-dynamic"}
    box.bad(box.kit("variable"), ["apply", "lto=thin"], 2, "would not build", "RUSTFLAGS", env=variable)


def test_what_the_lints_find_is_said_before(box):
    """Only what the candidate brings about; with the places that show tells."""
    kit = box.kit("catches", CATCHES)
    box.run(kit, "apply", "small").expect(0, "warning: [abort-catch-unwind]", "src/main.rs:2:25")
    again = box.run(kit, "apply", "panic=abort,opt-level=1").expect(0)
    check("abort-catch-unwind" not in again.err, f"it aborted before\n{again}")
    dry = box.good(box.kit("dry", CATCHES), ["apply", "panic=abort", "--dry-run"], "src/main.rs:2:25")
    check("Dry run" in dry.err, dry)
    lib = '\n[lib]\ncrate-type = ["rlib", "cdylib", "staticlib"]\n'
    kit = box.kit("types", manifest=HEAD + lib, **{"src/lib.rs": ""})
    box.run(kit, "apply", "fast").expect(0, "warning: [lto-crate-types]", "rlib, cdylib and staticlib at once")
    quiet = box.run(kit, "apply", "opt-level=1").expect(0)
    check("lto-crate-types" not in quiet.err, quiet)
    silent = box.run(box.kit("silent"), "apply", "small").expect(0)
    check("warning:" not in silent.err and "note:" not in silent.err, silent)


def labels_of(box, kit, candidate, env=None):
    """What apply says the recipe risks."""
    result = box.run(kit, "apply", candidate, "--dry-run", env=env).expect(0)
    lines = [line.split("Labels ", 1)[1].strip() for line in result.err.splitlines() if " Labels " in line]
    check(len(lines) < 2, result)
    return lines[0] if lines else ""


@cargos_time
def test_labels_are_of_the_difference(box):
    """What the project risks already, by its profile or its flags in whatever spelling, is no label of a candidate."""
    plain = box.kit("plain")
    release = "\n[profile.release]\n"
    config = ".cargo/config.toml"
    flags = "[build]\nrustflags = {}\n".format
    cases = (
        ("panic=abort", "changes what the program does", release + 'panic = "abort"\n', None),
        ("panic=abort", "changes what the program does", "", flags("['-C', 'panic=abort']")),
        ("strip=symbols", "harder to debug", release + "strip = true\n", None),
        ("strip=symbols", "harder to debug", "", flags("'--codegen=strip=symbols'")),
        ("post.strip=all", "harder to debug", release + 'strip = "symbols"\n', None),
        ("rustc.target-cpu=x86-64-v2", "runs only on some CPUs", "", flags("'-C target-cpu=x86-64-v3'")),
        ("rustc.target-cpu=x86-64-v3", "runs only on some CPUs", "", flags("'-C target-cpu=native'")),
        ("rustc.target-cpu=haswell", "runs only on some CPUs", "", flags("'-C target-cpu=haswell'")),
        ("debug-assertions=true", "changes what the program does", release + "debug-assertions = true\n", None),
        ("link.relr=on", "needs a newer glibc", "", flags("['-Clink-args=-Wl,-z,pack-relative-relocs']")),
        ("link.icf=all", "functions may share an address", "", flags("'-Clink-arg=-Wl,--icf=all'")),
        ("link.pie=off", "weakens hardening", "", flags("'-C relocation_model=static'")),
        ("link.relro=partial", "weakens hardening", "", flags("'-Crelro-level=off'")),
        ("link.static=on", "users, hosts and plugins may not be found", "", flags("'-Ctarget-feature=+crt-static'")),
    )
    for number, (candidate, label, profile, file) in enumerate(cases):
        check(label in labels_of(box, plain, candidate), f"{candidate} has no label")
        kit = box.kit(f"kit{number}", manifest=HEAD + profile, **({config: file} if file else {}))
        check(label not in labels_of(box, kit, candidate), f"{candidate}: {profile}{file}")
    # A value with the same label may still risk more than what is there, or the opposite of it.
    for candidate, profile, file in (
        ("rustc.target-cpu=x86-64-v3", "", flags("'-C target-cpu=x86-64-v2'")),
        ("rustc.target-cpu=native", "", flags("'-C target-cpu=x86-64-v3'")),
        ("rustc.target-cpu=x86-64-v3", "", flags("'-C target-cpu=x86-64'")),
        ("rustc.target-cpu=skylake", "", flags("'-C target-cpu=nehalem'")),
        ("link.relro=off", "", flags("'-Crelro-level=partial'")),
        ("overflow-checks=false", release + "overflow-checks = true\n", None),
        ("overflow-checks=true", "", None),
        ("debug-assertions=true", "", None),
    ):
        kit = box.kit("more", manifest=HEAD + profile, **({config: file} if file else {}))
        check(labels_of(box, kit, candidate), f"{candidate} has no label: {profile}{file}")
        shutil.rmtree(kit)
    # The last flag counts, and what is gained beyond stays a label.
    undone = box.kit("undone", **{config: flags("'-Ctarget-cpu=native -Crelro-level=off -Crelro-level=full'")})
    check("weakens" in labels_of(box, undone, "link.relro=off"), "the last one is full")
    both = labels_of(box, box.kit("both", manifest=HEAD + release + 'panic = "abort"\n'), "opt-level=s,panic=abort,strip=symbols")
    check(both == "harder to debug", both)


def test_try_says_no_risk_that_is_there_already(box):
    kit = box.kit(manifest=HEAD + '\n[profile.release]\npanic = "abort"\nstrip = true\n')
    tried = box.run(kit, "try", "opt-level=s,panic=abort,strip=symbols", "--rounds", "2").expect(0)
    check("Labels" not in tried.err + tried.out and "a panic that aborts" not in tried.err + tried.out, tried)
    told = box.run(kit, "try", "opt-level=s,panic=abort,strip=symbols", "--rounds", "2", "--format", "json").expect(0)
    check(told.trial("opt-level=s,panic=abort,strip=symbols")["labels"] == [], told)
    plain = box.run(box.kit("plain"), "try", "panic=abort", "--rounds", "2").expect(0, "a panic that aborts")
    check("changes what the program does" in plain.err + plain.out, plain)
    built = box.run(kit, "build", "panic=abort,strip=symbols").expect(0)
    check("Labels" not in built.err, built)
