"""What was chosen (package, binary, features, profile, target, folder) reaches everything that hone takes, prints,
writes and builds."""

import shlex
import shutil
from pathlib import Path

from harness import KIT_LOCK, KIT_MANIFEST, cargos_time, check, long_time

HOST = "x86_64-unknown-linux-gnu"
OTHER = "x86_64-unknown-linux-musl"


def two(first=HOST, second=OTHER):
    return f'target = ["{first}", "{second}"]'


@cargos_time
def test_several_build_targets(box):
    """cargo builds every target of the list; hone measures one program, and asks which. No musl is needed: it is refused
    before anything is built."""
    kit = box.kit()
    home = box.root / "cargo-home/config.toml"
    outer = box.root / ".cargo/config.toml"
    places = {
        kit / ".cargo/config.toml": f"[build]\n{two()}\n",
        kit / ".cargo/config": f"build.{two(OTHER, HOST)}\n",
        outer: f"build = {{ {two()} }}\n",
        home: f"[build]\n{two()}\n",
    }
    for path, text in places.items():
        box.write(path, text)
        for command in ("try", "build", "apply", "init"):
            args = [command, *(["small"] if command not in ("init",) else [])]
            box.bad(kit, args, 2, HOST, OTHER, "--target TRIPLE")
        path.unlink()
    box.bad(kit, ["build", "small", "--config", f"build.{two()}"], 2, HOST, OTHER, "--target TRIPLE")
    # A list of a file and the variable, or an option, are joined.
    box.write(kit / ".cargo/config.toml", f'[build]\ntarget = ["{OTHER}"]\n')
    box.bad(kit, ["build", "small"], 2, HOST, OTHER, env={"CARGO_BUILD_TARGET": HOST})
    box.bad(kit, ["build", "small", "--config", f'build.target=["{HOST}"]'], 2, HOST, OTHER)
    box.bad(kit, ["build", "small", "--target", HOST, "--target", OTHER], 2, "--target", HOST, OTHER)
    # What asks for one, in whatever form.
    box.write(kit / ".cargo/config.toml", f'[build]\ntarget = ["{HOST}", "host-tuple"]\n')
    for args, env in (([], {}), (["--target", HOST, f"--target={HOST}"], {}), ([], {"CARGO_BUILD_TARGET": HOST})):
        result = box.good(kit, ["build", "opt-level=1", "--no-baseline", *args], env=env)
        check(result.out.strip() == str(kit / f"target/{HOST}/release/kit"), result)
    box.write(kit / ".cargo/config.toml", f"[build]\n{two()}\n")
    box.good(kit, ["build", "opt-level=1", "--no-baseline", "--target", "host-tuple"])
    # What builds nothing goes on.
    for command in ("show", "history"):
        box.good(kit, [command])


def test_artifact_of_another_build(box):
    """cargo may name a program of that package, name and kind more than once."""
    kit = box.kit()
    box.program("cargo", f"""#!/usr/bin/env python3
import json, subprocess, sys
done = subprocess.run(["@REAL@", *sys.argv[1:]], stdout=subprocess.PIPE, check=False)
sys.stdout.buffer.write(done.stdout)
for line in done.stdout.splitlines():
    if b'"executable":"' not in line or b'"compiler-artifact"' not in line:
        continue
    for change in ("triple", "test", "package", "kind", "folder"):
        m = json.loads(line)
        m["executable"] = "/bin/true"
        if change == "triple":
            head, tail = json.loads(line)["executable"].split("/release/")
            m["executable"] = head + "/{OTHER}/release/" + tail
        elif change == "test":
            m["executable"] = json.loads(line)["executable"].replace("/kit", "/other")
            m["profile"]["test"] = True
        elif change == "package":
            m["package_id"] += "1"
        elif change == "kind":
            m["target"]["kind"] = ["example"]
        print(json.dumps(m))
sys.exit(done.returncode)
""")
    path = box.good(kit, ["build", "opt-level=1", "--no-baseline"]).out.strip()
    box.run(kit, command=[path, "--version"]).expect(0, "kit 1.0.0")


def test_target_of_the_package(box):
    """forced-target and default-target of a nightly: what every crate gets has to go to that triple."""
    for key in ("forced", "default"):
        manifest = 'cargo-features = ["per-package-target"]\n' + KIT_MANIFEST.replace(
            "[profile", f'{key}-target = "{HOST}"\n\n[profile').replace('edition = "2021"\n\n', 'edition = "2021"\n')
        kit = box.kit(key, manifest=manifest)
        env = {"RUSTC_BOOTSTRAP": "1"}
        # Where nobody asks for a target, cargo takes the host's own for the host's own build.
        path = box.good(kit, ["build", "rustc.target-cpu=x86-64-v2", "--no-baseline"], env=env).out.strip()
        check(path == str(kit / "target/release/kit"), path)
        built = open(path, "rb").read()
        box.run(kit, "apply", "rustc.target-cpu=x86-64-v2", env=env).expect(0, f"target.{HOST}.rustflags")
        shutil.rmtree(kit / "target")
        box.cargo(kit, "release-build", env=env)
        check(open(path, "rb").read() == built, "the alias builds other bytes")


MEMBER = """\
[package]
name = "{0}"
version = "0.1.0"
edition = "2021"

[features]
loud = []
quiet = []
"""


def workspace(box, folder="a workspace", root='[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n', **files):
    """Two programs, one of them with two binaries and an example."""
    main = 'fn main() { println!("{}", if cfg!(feature = "loud") { "LOUD" } else { "calm" }); }'
    contents = {
        "Cargo.toml": root + '\n[profile.dist]\ninherits = "release"\nlto = "thin"\n',
        "Cargo.lock": KIT_LOCK.split("version")[0] + 'version = 3\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n\n[[package]]\nname = "srv"\nversion = "0.1.0"\n',
        "crates/app/Cargo.toml": MEMBER.format("app"),
        "crates/srv/Cargo.toml": MEMBER.format("srv"),
        "crates/app/src/main.rs": main,
        "crates/app/src/bin/second.rs": main,
        "crates/app/examples/shown.rs": main,
        "crates/srv/src/main.rs": main,
    }
    for path, text in (contents | files).items():
        box.write(f"{folder}/{path}", text)
    return box.root / folder


def line_after(result, *heads):
    """What stands behind `Next: ` or `next: `."""
    found = [line.split(": ", 1)[1] for line in result.out.splitlines() if line.startswith(heads)]
    check(len(found) == 1, f"no single line {heads}\n{result}")
    return found[0]


def type_it(box, folder, command, *more, code=0):
    """A line that hone printed, typed into a shell."""
    return box.run(folder, command=["sh", "-c", " ".join([command, *more])]).expect(code)


@long_time
def test_next_keeps_what_was_chosen(box):
    root = workspace(box)
    elsewhere = box.root / "else where"
    elsewhere.mkdir()
    box.write("else where/more.toml", 'profile.dist.debug = "line-tables-only"\n')
    manifest = ["--manifest-path", "../a workspace/crates/app/Cargo.toml"]
    cases = (
        (root, ["-p", "app", "--bin", "second", "--features", "loud,quiet", "--profile", "dist"],
         ["app", "second", "loud", "quiet", "dist"]),
        (root / "crates/app", ["--example", "shown", "--no-default-features", "--target", HOST, "--offline"],
         ["shown", "--no-default-features", HOST, "--offline"]),
        (elsewhere, [*manifest, "--bin=app", "--all-features", "--config", "more.toml", "--target-dir", "../t d",
                     "--config", 'profile.release.debug-assertions=true', "--profile", "dist", "--locked"],
         ["Cargo.toml", "app", "--all-features", "more.toml", "t d", "debug-assertions", "dist", "--locked"]),
    )
    for folder, options, words in cases:
        tried = box.good(folder, ["try", "opt-level=z,strip=symbols", *options], root=root)
        command = line_after(tried, "Next: ")
        for word in words:
            check(word in command, f"{word} is lost: {command}")
        said = type_it(box, folder, command, "-n")
        where = "[profile.dist]" if "dist" in words else "[profile.release]"
        check(where in said.out and 'opt-level = "z"' in said.out, said)
        # The start screen knows it, too, there and, for who chooses nothing, at the workspace's root.
        chosen = [o for o in options if o in manifest] + (["--target-dir", "../t d"] if folder == elsewhere else [])
        for place, more in ((folder, chosen), (root, ["--target-dir", "../t d"] if folder == elsewhere else [])):
            command = line_after(box.run(place, *more).expect(0), "next: ")
            for word in words:
                check(word in command or word == "Cargo.toml", f"{word} is lost: {command}")
            check("profile." in type_it(box, place, command, "-n").out, command)
    # What is printed before anything was measured.
    fresh = workspace(box, "fresh")
    command = line_after(box.run(fresh, "-p", "srv", "--profile", "dist").expect(0), "next: ")
    check(command == "cargo hone try --package srv --profile dist", command)


@long_time
def test_hints_keep_what_was_chosen(box):
    root = workspace(box)
    place = box.root
    options = ["--manifest-path", str(root / "crates/srv/Cargo.toml"), "--profile", "dist"]
    said = box.run(place, "history", *options).expect(0)
    type_it(box, place, said.err.split("`")[1])
    box.run(place, "init", *options).expect(0)
    type_it(box, place, box.run(place, "init", *options).expect(1).err.split("`")[1])
    said = box.run(place, "apply", "opt-level=1", *options).expect(0)
    type_it(box, place, said.err.split("`")[1])
    check("opt-level" not in (root / "Cargo.toml").read_text(), "the printed command did not take it back")
    said = box.run(place, "apply", "-n", "opt-level=1,post.strip=all", *options).expect(0)
    path = type_it(box, place, said.err.split("`")[1], "--no-baseline").out.strip()
    check(path == str(root / "target/dist/srv"), path)
    speed = box.run(place, "try", "opt-level=1", *options).expect(0)
    command = [line.split(": ")[-1] for line in speed.out.splitlines() if line.startswith("Fastest")][0]
    check("--profile dist" in command and command.endswith("opt-level=1"), command)
    type_it(box, place, command.replace("ARGUMENTS", "1"), "--rounds 1")


def test_remedies_are_typed_from_elsewhere(box):
    """Commands of cargo's own that show prints know the manifest, the package, features and target."""
    root = workspace(box, "there and here")
    manifest = str(root / "crates/app/Cargo.toml")
    box.write("x/1/Cargo.toml", '[package]\nname = "x"\nversion = "1.0.0"\n')
    box.write("x/2/Cargo.toml", '[package]\nname = "x"\nversion = "2.0.0"\n')
    for folder in "12":
        box.write(f"x/{folder}/src/lib.rs", "")
    text = (root / "crates/app/Cargo.toml").read_text()
    box.write(root / "crates/app/Cargo.toml", text.replace("[features]\n", '[features]\ntwo = ["dep:x2"]\n')
              + '\n[dependencies]\nx1 = { package = "x", path = "../../../x/1" }\nx2 = { package = "x", path = "../../../x/2", optional = true }\n')
    (root / "Cargo.lock").unlink()
    options = ["--manifest-path", manifest, "--features", "two"]
    elsewhere = box.root / "elsewhere"
    elsewhere.mkdir()
    for wanted in ("cargo generate-lockfile", "cargo tree"):
        shown = box.run(elsewhere, "show", *options, "--format", "json").expect(0)
        problems = shown.json()["problems"] + (shown.json()["limits"] or [])
        commands = [p["remedy"] for p in problems if (p["remedy"] or "").startswith("cargo ")]
        check(commands and all("--manifest-path" in c for c in commands), shown)
        text = box.run(elsewhere, "show", *options, "-v").expect(0).out
        for command in commands:
            check(command in text, f"{command} is not in the text\n{text}")
            if command.startswith(wanted):
                type_it(box, elsewhere, command, "--offline")
    check((root / "Cargo.lock").exists(), commands)
    check(any("cargo tree" in c and "--features two" in c for c in commands), commands)


def test_alias_of_another_program(box):
    """A profile has one alias: that the other program's goes is said; a profile of its own keeps it."""
    root = workspace(box)
    box.run(root, "apply", "link.build-id=none", "-p", "srv").expect(0)
    for candidate, more in (("opt-level=1", ["-p", "app", "--bin", "app"]), ("link.relr=on", ["-p", "app", "--bin", "second"])):
        said = box.run(root, "apply", "-n", candidate, *more).expect(0)
        check("alias release-build (srv, srv) was for another program" in said.err, said)
    said = box.run(root, "apply", "link.build-id=none", "-p", "app", "--bin", "app", "--profile", "dist").expect(0)
    check("another program" not in said.err and "release-build" in (root / ".cargo/config.toml").read_text(), said)
    said = box.run(root, "apply", "link.relr=on", "-p", "srv").expect(0)
    check("another program" not in said.err, said)


@cargos_time
def test_alias_of_the_user_stays(box):
    """Lists of several config files would be joined, a text beside a list is an error: another name is taken then."""
    home = box.root / "cargo-home/config.toml"
    for place in ("crates/app/.cargo/config.toml", ".cargo/config.toml", "home", "crates/srv/.cargo/config", "variable"):
        root = workspace(box, place.replace("/", "-"))
        env = {"CARGO_ALIAS_RELEASE_BUILD": "check"} if place == "variable" else {}
        path = home if place == "home" else root / place
        text = '[alias]\nrelease-build = "check --quiet" # mine\n'
        if not env:
            box.write(path, text)
        for candidate in ("link.build-id=none", "link.build-id=none,link.relr=on", "opt-level=1"):
            said = box.run(root / "crates/app", "apply", candidate, "-p", "srv", env=env).expect(0)
            check(not env and text.strip() in path.read_text() or env, f"{place}: the user's alias is gone\n{said}")
            config = root / ".cargo/config.toml"
            own = config.read_text() if config.exists() else ""
            check(("hone-release-build" in own) == (candidate != "opt-level=1"), f"{place}\n{own}\n{said}")
            if candidate != "opt-level=1":
                check("cargo hone-release-build" in said.err, said)
                check(own.count("hone-release-build = ") == 1, own)
        for _ in range(3):
            box.run(root, "apply", "--undo").expect(0)
        home.unlink(missing_ok=True)


def test_nothing_stale_is_left(box):
    """What an earlier apply wrote and a later one does not need goes, and comes back with --undo."""
    kit = box.kit()
    config = kit / ".cargo/config.toml"
    box.run(kit, "apply", "link.unwind=discard,panic=abort").expect(0)
    check((kit / ".cargo/hone/drop-unwind.ld").exists() and "release-build" in config.read_text(), "not written")
    box.run(kit, "apply", "link.unwind=discard,panic=abort", "--profile", "bench").expect(0)
    before = (config.read_text(), (kit / ".cargo/hone/drop-unwind.ld").read_text())
    box.run(kit, "apply", "small").expect(0)
    check("release-build" not in config.read_text() and "bench-build" in config.read_text(), config.read_text())
    check((kit / ".cargo/hone/drop-unwind.ld").exists(), "the other alias needs it")
    box.run(kit, "apply", "small", "--profile", "bench").expect(0)
    check(not config.exists() and not (kit / ".cargo/hone/drop-unwind.ld").exists(), "something stale is left")
    for _ in range(2):
        box.run(kit, "apply", "--undo").expect(0)
    check(before == (config.read_text(), (kit / ".cargo/hone/drop-unwind.ld").read_text()), "undo lost something")


def test_alias_builds_the_same_everywhere(box):
    """A dependency whose features the members join; with resolver 1 also the package of the folder, or of the root, has a
    say. A virtual root without the key has resolver 1."""
    shared = ('[package]\nname = "shared"\nversion = "0.1.0"\nedition = "2018"\n\n[features]\nbig = []\n', "pub const BIG: bool = cfg!(feature = \"big\");\n")
    main = 'fn main() { println!("{} {}", shared::BIG, cfg!(feature = "loud")); }'
    top = '[package]\nname = "top"\nversion = "0.1.0"\nedition = "2018"\n\n[dependencies]\nshared = {{ path = "{0}shared", features = ["big"] }}\n'
    for name, virtual, resolver in (("r1", False, '"1"'), ("r2", False, '"2"'), ("v", True, None), ("v1", True, '"1"')):
        root = box.root / name
        workspace_table = f'\n[workspace]\nmembers = ["crates/*"]\n' + (f"resolver = {resolver}\n" if resolver else "")
        where = "crates/top/" if virtual else ""
        for path, text in {**({"Cargo.toml": workspace_table, "crates/top/Cargo.toml": top.format("../../")} if virtual else
                              {"Cargo.toml": top.format("") + workspace_table}),
                           f"{where}src/main.rs": main.replace('feature = "loud"', "unix"), "shared/Cargo.toml": shared[0],
                           "shared/src/lib.rs": shared[1], "crates/app/src/main.rs": main, "crates/app/Cargo.toml":
                           MEMBER.format("app") + '\n[dependencies]\nshared = { path = "../../shared" }\n'}.items():
            box.write(root / path, text)
        box.run(root, command=["cargo", "generate-lockfile", "--offline"]).expect(0)
        member = root / "crates/app"
        built = box.run(member, "build", "link.build-id=none", "--features", "loud", "--no-baseline", "-o", root / "measured").expect(0)
        box.run(member, "apply", "link.build-id=none", "--features", "loud").expect(0, "cargo release-build")
        for folder in (member, root, root / "shared", *([root / "crates/top"] if virtual else [])):
            box.cargo(folder, "release-build")
            check((root / "target/release/app").read_bytes() == (root / "measured").read_bytes(), f"other bytes from {folder}\n{built}")
        # Options of cargo's own stand before it.
        check(box.cargo(root, "-q", "--locked", "release-build") == "", "cargo was not quiet")


def test_package_outside_of_the_root(box):
    """package.workspace: cargo finds no alias there, and starts rustc in the package's own folder."""
    box.write("root/Cargo.toml", '[workspace]\nmembers = ["../out"]\nresolver = "2"\n')
    box.write("out/Cargo.toml", '[package]\nname = "out"\nversion = "0.1.0"\nedition = "2021"\nworkspace = "../root"\n')
    box.write("out/src/main.rs", 'fn main() { println!("out"); }')
    out = box.root / "out"
    box.run(out, command=["cargo", "generate-lockfile", "--offline"]).expect(0)
    candidate = "link.unwind=discard,panic=abort"
    box.run(out, "build", candidate, "--no-baseline", "-o", box.root / "measured").expect(0)
    said = box.run(out, "apply", candidate).expect(0)
    command = [line.split("it with: ")[1] for line in said.err.splitlines() if "it with: " in line][0]
    for folder, words in ((out, command), (box.root / "root", "cargo release-build")):
        type_it(box, folder, words)
        check((box.root / "root/target/release/out").read_bytes() == (box.root / "measured").read_bytes(), f"{words} in {folder}")


def test_dwp_follows_its_program(box):
    kit = box.kit()
    packed = "debug=2,split-debuginfo=packed"
    path = box.good(kit, ["build", packed, "--no-baseline"]).out.strip()
    check((kit / "target/release/kit.dwp").exists(), f"no {path}.dwp")
    box.good(kit, ["build", packed, "--no-baseline", "-o", box.root / "there"])
    check((box.root / "there.dwp").read_bytes() == (kit / "target/release/kit.dwp").read_bytes(), "not beside the file")
    box.good(kit, ["build", "opt-level=1", "--no-baseline"])
    check(not (kit / "target/release/kit.dwp").exists(), "a .dwp of another program is left")


def test_target_dir_beside_the_variable(box):
    """To cargo CARGO_TARGET_DIR is more than a config key, and less than --target-dir."""
    root = workspace(box)
    candidate, env = "link.build-id=none", {"CARGO_TARGET_DIR": str(box.root / "of the variable")}
    for folder, there in ((root, "there"), (root / "crates/app", "../../there"), (box.root, str(root / "there"))):
        options = ["--manifest-path", str(root / "crates/app/Cargo.toml"), "--bin", "app", "--target-dir", there]
        said = box.run(folder, "apply", candidate, *options, "--verify", env=env).expect(0)
        command = [line.split("it with: ")[1] for line in said.err.splitlines() if "it with: " in line][0]
        done = box.run(folder, command=["sh", "-c", command], env=env).expect(0)
        check((root / "there/release/app").exists() and not (box.root / "of the variable").exists(), done)
        shutil.rmtree(root / "there")
        box.run(root, "apply", "--undo", "-p", "app", env=env).expect(0)


@cargos_time
def test_json_command_is_typed(box):
    """command[] of a trial, run where the user stands after apply, gives the bytes that were measured."""
    root = workspace(box)
    outside = box.root / "outside"
    outside.mkdir()
    for folder, options in ((root / "crates/app", ["--bin", "second", "--features", "loud"]),
                            (outside, ["--manifest-path", "../a workspace/crates/srv/Cargo.toml", "--target-dir", "t d"])):
        for candidate in ("opt-level=z", "opt-level=1,link.build-id=none"):
            tried = box.good(folder, ["try", candidate, *options, "--format", "json"], root=root)
            trial = tried.json()["trials"][1]
            measured = Path(trial["path"]).read_bytes()
            said = box.run(folder, "apply", candidate, *options).expect(0, shlex.join(trial["command"]))
            box.run(folder, command=trial["command"]).expect(0)
            target = folder / "t d" if folder == outside else root / "target"
            built = [target / "release" / name for name in ("second", "srv")]
            check(any(p.exists() and p.read_bytes() == measured for p in built), f"other bytes\n{said}")
            type_it(box, folder, said.err.split("`")[1])
