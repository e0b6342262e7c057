"""What cargo's config takes in two forms, a text or a list, in every file, variable and table: whatever a candidate
brings stands behind the user's own flags, and the printed command makes the measured bytes."""

import platform
import subprocess

from harness import Skip, cargos_time, check

HOST = f"{platform.machine()}-unknown-linux-gnu"
UPPER = HOST.upper().replace("-", "_")
# Tells which of the user's flags, and which CPU, it was compiled with.
MAIN = """\
fn main() {
    println!("{} {} {}", cfg!(mine), cfg!(also), if cfg!(target_feature = "avx2") { 3 } else { 2 });
}
"""
TEXT, LIST = '"--cfg mine -Ctarget-cpu=x86-64-v3"', '["--cfg", "mine", "-Ctarget-cpu=x86-64-v3"]'


def needs_x86():
    if platform.machine() != "x86_64":
        raise Skip("the levels of x86-64 are what is told apart")


def check_alias(box, kit, want="true false 2", candidate="rustc.target-cpu=x86-64-v2", env=None):
    """apply builds the very bytes that its alias builds, with the user's flags and, behind them, the candidate's."""
    result = box.run(kit, "apply", candidate, "--verify", env=env).expect(0, "Verified")
    box.cargo(kit, "release-build", env=env)
    said = subprocess.run([kit / "target/release/kit"], capture_output=True, check=True).stdout.decode().strip()
    check(said == want, f"the program says {said}, not {want}\n{result}")
    return result


@cargos_time
def test_rustflags_in_each_table(box):
    needs_x86()
    tables = {
        "build": "[build]\nrustflags = {}\n",
        "triple": f"[target.{HOST}]\nrustflags = {{}}\n",
        "cfg": "[target.'cfg(unix)']\nrustflags = {}\n",
        "dotted": "build.rustflags = {}\n",
        "inline": "build = {{ rustflags = {} }}\n",
    }
    for name, table in tables.items():
        for form, value in ("text", TEXT), ("list", LIST):
            kit = box.kit(f"{name}-{form}", MAIN, **{".cargo/config.toml": table.format(value)})
            result = check_alias(box, kit)
            repeats = form == "text" and name != "triple"
            check(("one text" in result.err) == repeats, f"{name} {form}\n{result}")


@cargos_time
def test_rustflags_in_several_tables(box):
    """The order is cargo's: the triple's, then those of each cfg by its text."""
    needs_x86()
    also = '"--cfg also"'
    for name, text in {
        "triple-and-cfg": f"[target.{HOST}]\nrustflags = {also}\n[target.'cfg(unix)']\nrustflags = {TEXT}\n",
        "two-cfgs": f"[target.'cfg(all())']\nrustflags = {also}\n[target.'cfg(unix)']\nrustflags = {LIST}\n",
        "text-last": f"[target.'cfg(all())']\nrustflags = {LIST}\n[target.'cfg(unix)']\nrustflags = {also}\n",
        "all-is-taken": f"[target.{HOST}]\nrustflags = {TEXT}\n[target.'cfg(all())']\nrustflags = {also}\n",
        "blanks": f"[target.'cfg(unix)']\nrustflags = {TEXT}\n[target.'cfg(unix )']\nrustflags = {also}\n",
        "build-is-unread": f"[build]\nrustflags = '--cfg unread'\n[target.{HOST}]\nrustflags = {TEXT}\n"
                           f"[target.'cfg(linux)']\nrustflags = '--cfg never'\n[target.'cfg(unix)']\nrustflags = {also}\n",
    }.items():
        check_alias(box, box.kit(name, MAIN, **{".cargo/config.toml": text}), "true true 2")
    for name, text in {
        "empty-triple": f"[target.{HOST}]\nrustflags = ''\n[build]\nrustflags = {TEXT}\n",
        "empty-list": f"[target.{HOST}]\nrustflags = []\n[target.'cfg(unix)']\nrustflags = {TEXT}\n",
    }.items():
        check_alias(box, box.kit(name, MAIN, **{".cargo/config.toml": text}))
    check_alias(box, box.kit("nothing", MAIN, **{".cargo/config.toml": f"[target.{HOST}]\nrustflags = ''\n"}),
                "false false 2")


@cargos_time
def test_rustflags_of_other_places(box):
    """A parent's file, cargo's home, variables of single keys and options."""
    needs_x86()
    box.write(".cargo/config.toml", f"[build]\nrustflags = {TEXT}\n")
    check_alias(box, box.kit("parent", MAIN))
    (box.root / ".cargo/config.toml").unlink()
    box.write("cargo-home/config.toml", f"[target.'cfg(unix)']\nrustflags = {TEXT}\n")
    check_alias(box, box.kit("home", MAIN))
    (box.root / "cargo-home/config.toml").unlink()
    variable = TEXT.strip('"')
    for name, key in ("build", "CARGO_BUILD_RUSTFLAGS"), ("triple", f"CARGO_TARGET_{UPPER}_RUSTFLAGS"):
        check_alias(box, box.kit(f"variable-{name}", MAIN), env={key: variable})
        table = "[build]" if name == "build" else f"[target.{HOST}]"
        file = {".cargo/config.toml": f"{table}\nrustflags = '--cfg also'\n"}
        check_alias(box, box.kit(f"beside-{name}", MAIN, **file), "true true 2", env={key: variable})
    kit = box.kit("option", MAIN)
    option = f"build.rustflags={TEXT}"
    box.run(kit, "apply", "rustc.target-cpu=x86-64-v2", "--config", option, "--verify").expect(0, "Verified")
    box.bad(kit, ["apply", "rustc.target-cpu=x86-64-v2"], 2, "RUSTFLAGS is set", env={"RUSTFLAGS": variable})


def test_rustflags_as_text_and_link_flags(box):
    """A recipe of link flags alone needs no key; with both kinds the alias has all."""
    needs_x86()
    kit = box.kit("kit", MAIN, **{".cargo/config.toml": "[build]\nrustflags = '--cfg mine'\n"})
    check_alias(box, kit, "true false 2", "link.build-id=none")
    check_alias(box, kit, "true false 2", "opt-level=1,rustc.target-cpu=x86-64-v2,link.build-id=none")


@cargos_time
def test_trained_beside_text(box):
    """The script of a trained recipe gives the same flags."""
    needs_x86()
    for number, table in enumerate(("[build]", "[target.'cfg(unix)']")):
        config = {".cargo/config.toml": f"{table}\nrustflags = '--cfg mine -Ctarget-cpu=x86-64-v3'\n"}
        kit = box.kit(f"trained-{number}", MAIN, **config)
        done = box.run(kit, "apply", "train.pgo=on,rustc.target-cpu=x86-64-v2", "--train", "{bin}", "--verify")
        if "llvm-profdata" in done.err and done.code:
            raise Skip("no llvm-profdata")
        done.expect(0, "Verified")
        for args in [], ["--train"]:
            script = kit / ".cargo/hone/release-build.sh"
            env = {k: v for k, v in box.env.items() if k != "CARGO"}
            run = subprocess.run(["sh", script, *args], cwd=kit, env=env, capture_output=True, check=False)
            check(run.returncode == 0, f"{args}: {run.stderr.decode()}")
            said = subprocess.check_output([kit / f"target/{HOST}/release/kit"]).decode()
            check(said == "true false 2\n", f"{table} {args}: {said}")
