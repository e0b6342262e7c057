"""What was chosen (package, binary, features, profile, target, folder) reaches everything that hone takes, prints,
writes and builds."""

import shutil

from harness import KIT_MANIFEST, check

HOST = "x86_64-unknown-linux-gnu"
OTHER = "x86_64-unknown-linux-musl"


def two(first=HOST, second=OTHER):
    return f'target = ["{first}", "{second}"]'


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
