"""apply: what is written, what is kept, how it is taken back."""

import hashlib
import os
import shlex

from harness import KIT_MANIFEST, check, tree_hash


def manifest(project):
    return (project / "Cargo.toml").read_bytes()


def applied(box, project, *args):
    """Applies, and checks that a second apply changes nothing and that undo gives the bytes back."""
    before = tree_hash(project)
    result = box.run(project, "apply", *args).expect(0)
    after = tree_hash(project)
    check(after != before, f"nothing was written\n{result}")
    again = box.run(project, "apply", *args).expect(0)
    check(tree_hash(project) == after, f"a second apply changed something\n{again}")
    box.run(project, "apply", "--undo").expect(0)
    check(tree_hash(project) == before, "undo did not restore the bytes")
    box.run(project, "apply", *args).expect(0)
    check(tree_hash(project) == after, "apply after undo gave other bytes")
    return result


def test_small(box):
    kit = box.kit()
    result = applied(box, kit, "small")
    text = manifest(kit).decode()
    for line in ('opt-level = "z" # chosen by hand', "lto = true", "codegen-units = 1", 'panic = "abort"',
                 'strip = "debuginfo"'):
        check(line in text.splitlines(), f"{line} is not in\n{text}")
    check(text.startswith(KIT_MANIFEST.split("opt-level")[0]), f"more was changed\n{text}")
    check("+opt-level" in result.out and "-opt-level" in result.out, f"no diff\n{result}")
    check("cargo build --release" in result.out + result.err, f"no command to type\n{result}")


def test_dry_run_writes_nothing(box):
    kit = box.kit()
    box.good(kit, ["apply", "small", "--dry-run"], "+lto = true")
    box.good(kit, ["apply", "small+link.icf=all", "--dry-run"], "+lto = true", ".cargo/config.toml")


def test_no_profile_section(box):
    kit = box.kit(manifest=KIT_MANIFEST.split("\n[profile")[0])
    applied(box, kit, "fast")
    text = manifest(kit).decode()
    check('[profile.release]\n' in text and "opt-level = 3" in text, text)


def test_crlf(box):
    kit = box.kit(manifest=KIT_MANIFEST.replace("\n", "\r\n"))
    applied(box, kit, "balanced")
    check(b"\r\nlto = \"fat\"\r\n" in manifest(kit), manifest(kit))
    check(manifest(kit).count(b"\n") == manifest(kit).count(b"\r\n"), "line ends were mixed")


def test_bom(box):
    kit = box.kit(manifest="\ufeff" + KIT_MANIFEST)
    applied(box, kit, "balanced")
    check(manifest(kit).startswith(b"\xef\xbb\xbf[package]"), "the byte order mark was lost")


def test_no_newline_at_end(box):
    kit = box.kit(manifest=KIT_MANIFEST.split(" # chosen")[0])
    applied(box, kit, "balanced")
    box.cargo(kit, "metadata", "--format-version=1", "--offline")


def test_inline_table(box):
    head = KIT_MANIFEST.split("\n[profile")[0]
    kit = box.kit(manifest='profile.release = { opt-level = 2, lto = "thin" } # short\n' + head)
    applied(box, kit, "opt-level=1,lto=fat")
    line = manifest(kit).decode().splitlines()[0]
    check(line == 'profile.release = { opt-level = 1, lto = "fat" } # short', line)


def test_dotted_keys(box):
    head = KIT_MANIFEST.split("\n[profile")[0]
    kit = box.kit(manifest='profile.release.opt-level = 2\n' + head)
    applied(box, kit, "opt-level=1,lto=fat")
    lines = manifest(kit).decode().splitlines()
    check("profile.release.opt-level = 1" in lines and 'profile.release.lto = "fat"' in lines, lines)
    box.cargo(kit, "metadata", "--format-version=1", "--offline")


def test_symlinked_manifest(box):
    kit = box.kit()
    (kit / "real").mkdir()
    os.rename(kit / "Cargo.toml", kit / "real/manifest.toml")
    os.symlink("real/manifest.toml", kit / "Cargo.toml")
    applied(box, kit, "small")
    check(os.readlink(kit / "Cargo.toml") == "real/manifest.toml", "the link was replaced")
    check(b"lto = true" in (kit / "real/manifest.toml").read_bytes(), "the file behind the link was not written")


def test_mode_is_kept(box):
    kit = box.kit()
    (kit / "Cargo.toml").chmod(0o640)
    applied(box, kit, "small")
    check((kit / "Cargo.toml").stat().st_mode & 0o777 == 0o640, "the mode was changed")


def test_workspace_member(box):
    """Profiles of members do not count: the root is written."""
    root = box.kit(
        "ws",
        manifest="[workspace]\nmembers = ['a']\nresolver = '2'\n",
        **{
            "src/main.rs": None,
            "Cargo.lock": None,
            "a/Cargo.toml": "[package]\nname = 'a'\nversion = '1.0.0'\nedition = '2021'\n",
            "a/src/main.rs": "fn main() {}\n",
        },
    )
    before = (root / "a/Cargo.toml").read_bytes()
    box.run(root / "a", "apply", "small").expect(0)
    check((root / "a/Cargo.toml").read_bytes() == before, "the member's manifest was written")
    check(b"[profile.release]" in manifest(root), "the root was not written")
    check(not (root / "Cargo.lock").exists(), "apply made Cargo.lock")


def test_strip_inside_own_override(box):
    """An override of the binary's own package resets strip; apply repeats it there."""
    kit = box.kit(manifest=KIT_MANIFEST + "\n[profile.release.package.kit]\nopt-level = 1\n")
    applied(box, kit, "balanced")
    own = manifest(kit).decode().split("[profile.release.package.kit]")[1]
    check('strip = "symbols"' in own, manifest(kit).decode())


def test_other_profile(box):
    kit = box.kit()
    applied(box, kit, "small", "--profile", "tiny")
    text = manifest(kit).decode()
    check('[profile.tiny]\ninherits = "release"\n' in text, text)
    check(KIT_MANIFEST in text, "the release profile was changed")
    box.cargo(kit, "build", "--profile", "tiny")


def test_undo_refuses_changed_file(box):
    kit = box.kit()
    box.run(kit, "apply", "small").expect(0)
    with open(kit / "Cargo.toml", "a", encoding="utf-8") as file:
        file.write("# mine\n")
    box.bad(kit, ["apply", "--undo"], 1, "Cargo.toml", "changed since", "help:")


def test_undo_without_apply(box):
    box.bad(box.kit(), ["apply", "--undo"], 1, "nothing to undo")


def test_undo_twice_goes_back_twice(box):
    kit = box.kit()
    first = tree_hash(kit)
    box.run(kit, "apply", "small").expect(0)
    second = tree_hash(kit)
    box.run(kit, "apply", "fast").expect(0)
    box.run(kit, "apply", "--undo").expect(0)
    check(tree_hash(kit) == second, "the first undo did not restore the state between")
    box.run(kit, "apply", "--undo").expect(0)
    check(tree_hash(kit) == first, "the second undo did not restore the first state")
    box.bad(kit, ["apply", "--undo"], 1, "nothing to undo")


def test_config_wins(box):
    """A config file, a variable and an option that override a written key stop apply, which names them."""
    files = {".cargo/config.toml": "[profile.release]\nlto = false\n"}
    kit = box.kit("config", **files)
    box.bad(kit, ["apply", "small"], 2, "lto", ".cargo/config.toml:2", "--force")
    box.run(kit, "apply", "small", "--force").expect(0, ".cargo/config.toml:2")
    check(b"lto = true" in manifest(kit), "--force wrote nothing")
    kit = box.kit("variable")
    box.bad(kit, ["apply", "small"], 2, "lto", "CARGO_PROFILE_RELEASE_LTO", env={"CARGO_PROFILE_RELEASE_LTO": "false"})
    box.bad(kit, ["apply", "small", "--config", "profile.release.lto=false"], 2, "lto", "--config")


def test_config_that_agrees(box):
    """A layer that says the same is no reason to stop."""
    kit = box.kit(**{".cargo/config.toml": "[profile.release]\nlto = true\n"})
    applied(box, kit, "small")


def user_command(result):
    """The command that apply prints, as words."""
    lines = [line.split("with: ", 1)[1] for line in (result.out + result.err).splitlines() if "with: cargo" in line]
    check(len(lines) == 1, f"no single command to type\n{result}")
    return shlex.split(lines[0])[1:]


def same_bytes(box, candidate, *options):
    """What try announces is what the user's own command makes after apply."""
    mill = box.wordmill()
    tried = box.run(mill, "try", candidate, "--rounds", "2", "--format", "json").expect(0).trial(candidate)
    check(tried["status"] == "built" and tried["exact"] and not tried["path_dependent"], str(tried))
    with open(tried["path"], "rb") as file:
        announced = file.read()
    check(len(announced) == tried["size"], "the size is not that of the file")
    result = box.run(mill, "apply", candidate, *options).expect(0)
    box.cargo(mill, *user_command(result))
    theirs = (mill / "target/release/wordmill").read_bytes()
    check(hashlib.sha256(theirs).digest() == hashlib.sha256(announced).digest(),
          f"{len(theirs)} bytes by cargo, {len(announced)} by hone, and they differ")
    return mill, result


def test_small_gives_announced_bytes(box):
    _, result = same_bytes(box, "small")
    check(user_command(result) == ["build", "--release"], str(result))


def test_link_flags_give_announced_bytes(box):
    """Link flags become an alias that plain cargo runs."""
    mill, result = same_bytes(box, "small+link.icf=all+link.relr=on")
    check(user_command(result) == ["release-build"], str(result))
    check("[alias]" in (mill / ".cargo/config.toml").read_text(), "no alias")
    box.run(mill, "apply", "--undo").expect(0)
    check(not (mill / ".cargo").exists(), "undo left .cargo behind")


def test_alias_beside_others(box):
    config = '# mine\n[alias]\nb = "build" # short\n\n[net]\noffline = true\n'
    kit = box.kit(**{".cargo/config.toml": config})
    applied(box, kit, "link.build-id=none")
    text = (kit / ".cargo/config.toml").read_text()
    check(all(line in text.splitlines() for line in config.splitlines()), text)
    check("release-build" in text, text)
    box.cargo(kit, "release-build")


def test_verify(box):
    kit = box.kit()
    box.run(kit, "apply", "small", "--verify").expect(0, "Verified")
    check((kit / "target/release/kit").exists(), "the printed command was not run")


def test_build_edits_nothing(box):
    kit = box.kit()
    result = box.good(kit, ["build", "small"])
    path = result.out.strip()
    check(path == str(kit / "target/release/kit"), f"not where cargo would put it\n{result}")
    size = os.path.getsize(path)
    check(f"{size:,}" in result.err or str(size) in result.err, f"the size is not printed\n{result}")
    box.run(kit, "apply", "small").expect(0)
    with open(path, "rb") as file:
        ours = file.read()
    box.cargo(kit, "build", "--release")
    with open(path, "rb") as file:
        check(file.read() == ours, "build and apply give other bytes")
