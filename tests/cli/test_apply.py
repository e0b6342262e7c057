"""apply: what is written, what is kept, how it is taken back."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess

from harness import KIT_MANIFEST, Skip, cargos_time, check, tree_hash


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
    box.bad(box.kit(), ["apply", "--undo"], 1, "nothing to undo", "git revert")


def test_undo_after_clean(box):
    """Records lie in the project: whatever becomes of target dirs, they are there."""
    kit = box.kit(**{".gitignore": "/target\n"})
    first = tree_hash(kit)
    box.run(kit, "apply", "small+link.icf=all", "--target-dir", box.root / "elsewhere").expect(0)
    box.cargo(kit, "clean")
    shutil.rmtree(box.root / "elsewhere", ignore_errors=True)
    # Git sees nothing of them.
    subprocess.run(["git", "init", "-q"], cwd=kit, check=True)
    seen = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=kit, check=True, capture_output=True, text=True)
    shutil.rmtree(kit / ".git")
    check(".cargo/config.toml" in seen.stdout and "undo" not in seen.stdout, seen.stdout)
    # The record has relative paths: the project may have moved meanwhile.
    moved = kit.rename(box.root / "moved")
    box.run(moved, "apply", "--undo", env={"CARGO_TARGET_DIR": str(box.root / "other")}).expect(0)
    check(tree_hash(moved) == first, "other files than before")
    box.bad(moved, ["apply", "--undo"], 1, "nothing to undo", "git revert")


def test_undo_of_older_records(box):
    """Records below target/hone/undo are used; of several workspaces with one target dir each takes its own."""
    a, b, target = box.kit("a"), box.kit("b"), box.root / "shared"
    env = {"CARGO_TARGET_DIR": str(target)}
    (target / "hone/undo").mkdir(parents=True)
    for number, kit in enumerate((a, b), 1):
        box.run(kit, "apply", "small", env=env).expect(0)
        # What hone 0.1 left behind an apply: schema 1, absolute paths.
        made = json.loads((kit / ".cargo/hone/undo/0001.json").read_text())["files"][0]
        check(made["path"] == "Cargo.toml" and made["before"] == KIT_MANIFEST, made)
        file = {"path": str(kit / "Cargo.toml"), "before": made["before"], "after_hash": made["after_hash"]}
        (target / f"hone/undo/{number:04}.json").write_text(json.dumps({"schema": 1, "files": [file]}))
        shutil.rmtree(kit / ".cargo")
    between = manifest(b)
    box.run(a, "apply", "--undo", env=env).expect(0)
    check(manifest(a) == KIT_MANIFEST.encode() and manifest(b) == between, "the other's record was taken")
    box.bad(a, ["apply", "--undo"], 1, "nothing to undo", env=env)
    # Newer records go first.
    box.run(b, "apply", "fast", env=env).expect(0)
    for expected in (between, KIT_MANIFEST.encode()):
        box.run(b, "apply", "--undo", env=env).expect(0)
        check(manifest(b) == expected, manifest(b))


def test_undo_stays_in_its_workspace(box):
    """A record could have come with a clone: it writes nothing outside of the workspace, through no link either."""
    kit = box.kit()
    outside = box.write("outside/secret", "mine\n")
    (kit / "link").symlink_to(box.root / "outside")
    (kit / "file").symlink_to(outside)
    undo = kit / ".cargo/hone/undo"
    undo.mkdir(parents=True)
    for path in ("../outside/secret", str(outside), "link/secret", "link/new", "file", "a/../../outside/secret", ""):
        for before in ("yours\n", None):
            record = {"schema": 2, "files": [{"path": path, "before": before, "before_hash": None, "after_hash": None}]}
            (undo / "0001.json").write_text(json.dumps(record))
            box.bad(kit, ["apply", "--undo"], 1, "outside of the workspace")
            check(outside.read_text() == "mine\n" and len(list(outside.parent.iterdir())) == 1, "it was written")
    for text in ("", "{}", "[]", '{"schema": 3, "files": []}', '{"schema": 2, "files": [7]}', '{"schema": 2, "files": [{"path": "x", "before_hex": "4"}]}'):
        (undo / "0001.json").write_text(text)
        box.bad(kit, ["apply", "--undo"], 1, "0001.json")


def undo_through_links(box, run):
    for number, (name, file) in enumerate((("Cargo.toml", "Cargo.toml"), (".cargo/config.toml", "config"), (".cargo", "folder/config.toml"))):
        kit = box.kit(f"linked{number}", **{".cargo/config.toml": "[alias]\nb = 'build'\n"})
        out = box.root / f"out{number}" / file.split("/")[0]
        out.parent.mkdir()
        (kit / name).rename(out)
        (kit / name).symlink_to(out)
        before = {path: (kit / path).read_bytes() for path in ("Cargo.toml", ".cargo/config.toml")}
        run(kit, "apply", "small,link.icf=all").expect(0)
        check(all((kit / path).read_bytes() != text for path, text in before.items()), "nothing was written")
        run(kit, "apply", "--undo").expect(0, "Restored 2 files")
        check((kit / name).is_symlink(), "the link is gone")
        check(all((kit / path).read_bytes() == text for path, text in before.items()), "it was not taken back")


def test_undo_through_links_of_the_users_own(box):
    """A manifest or a config that is a link out of the project is written through, by apply and by undo; so is .cargo."""
    undo_through_links(box, box.run)


# As in a container, or in a folder made by debootstrap.
NO_ID = '[ ! -e /etc/machine-id ] || mount --bind /dev/null /etc/machine-id || exit 1; exec "$@"'


def test_undo_through_links_without_a_machine_id(box):
    away = ["unshare", "--mount", "sh", "-c", NO_ID, "sh"]
    if box.run(box.root, command=[*away, "true"]).code != 0:
        raise Skip("no mount namespaces here")
    undo_through_links(box, lambda kit, *args: box.run(kit, command=[*away, *box.command(args)]))


def test_undo_of_a_record_that_came_with_a_folder(box):
    """A record that was made elsewhere writes nothing through a link that leads out, even to the bytes that it tells."""
    kit = box.kit()
    out = box.root / "out" / "Cargo.toml"
    out.parent.mkdir()
    (kit / "Cargo.toml").rename(out)
    (kit / "Cargo.toml").symlink_to(out)
    box.run(kit, "apply", "small").expect(0)
    written = out.read_bytes()
    clone = box.root / "clone"
    shutil.copytree(kit, clone, symlinks=True)
    box.bad(clone, ["apply", "--undo"], 1, "Cargo.toml", "behind a link that leads out")
    check(out.read_bytes() == written, "it was written through the link")
    box.run(kit, "apply", "--undo").expect(0)


def test_undo_goes_on_where_it_was_stopped(box):
    """One record is one transaction: files that are back already, or were never written, are no trouble."""
    kit = box.kit()
    first = tree_hash(kit)
    original = manifest(kit)
    box.run(kit, "apply", "small+link.icf=all").expect(0)
    (kit / "Cargo.toml").write_bytes(original)
    box.run(kit, "apply", "--undo").expect(0, "1 file")
    check(tree_hash(kit) == first, "other files than before")
    # Killed between its record and its first file.
    box.run(kit, "apply", "small").expect(0)
    (kit / "Cargo.toml").write_bytes(original)
    box.run(kit, "apply", "--undo").expect(0, "nothing: every file is as it was before")
    check(tree_hash(kit) == first, "the record is still there")


def test_undo_of_a_repair_in_a_workspace(box):
    """A repair from a member's folder is undone from any, and where cargo refuses what is left of it, too."""
    broken = '[profile.release]\nopt-level = "3"\n'
    package = '[package]\nname = "m"\nversion = "1.0.0"\nedition = "2021"\n'
    workspace = '[workspace]\nmembers = ["in/m"]\nexclude = ["in"]\nresolver = "2"\n'
    # Whose manifest is broken, and in which way cargo refuses the workspace even after the repair.
    for number, (root, member) in enumerate(((workspace, package + broken), (workspace + broken, package),
                                             (workspace + broken + 'panic = "nonsense"\n', package))):
        kit = box.write(f"w{number}/Cargo.toml", root).parent
        box.write(f"w{number}/in/m/Cargo.toml", member)
        box.write(f"w{number}/in/m/src/main.rs", "fn main() {}\n")
        first = tree_hash(kit)
        undo_at = (kit, kit / "in/m", kit)[number]
        box.run(kit / "in/m", "show", "--fix").expect(0, "Repaired 1 problem")
        check((kit / ".cargo/hone/undo/0001.json").exists(), "the record is not at the root")
        box.run(undo_at, "apply", "--undo", "--dry-run").expect(0, "Dry run")
        box.run(undo_at, "apply", "--undo").expect(0, "Restored 1 file")
        check(tree_hash(kit) == first, "other files than before")
        # Without a record the reason is cargo's.
        box.run(kit, "apply", "--undo").expect(1, "Cargo.toml")


def test_a_repair_stays_in_the_workspace(box):
    """What no undo would find is not written, and cargo's refusal stays."""
    root = box.write("root/Cargo.toml", '[workspace]\nmembers = ["../side"]\nresolver = "2"\n')
    side = box.write("side/Cargo.toml", '[package]\nname = "m"\nversion = "1.0.0"\nedition = "2021"\nworkspace = "../root"\n'
                     '[profile.release]\nopt-level = "3"\n').parent
    box.write("side/src/main.rs", "fn main() {}\n")
    before = tree_hash(side), tree_hash(root.parent)
    box.run(side, "show", "--fix").expect(1, "outside of the workspace", "opt-level")
    check((tree_hash(side), tree_hash(root.parent)) == before, "it was written")


def test_apply_twice_at_once(box):
    """Every record has a number of its own."""
    kit = box.kit()
    children = [subprocess.Popen(box.command(["apply", f"opt-level={level}", "--profile", f"p{level}"]), cwd=kit, env=box.env,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for level in "0123sz"]
    good = sum(child.wait() == 0 for child in children)
    records = sorted(p.name for p in (kit / ".cargo/hone/undo").glob("*.json"))
    check(good >= 1 and len(records) == good, f"{good} applies, records {records}")
    for _ in records:
        box.run(kit, "apply", "--undo").expect(0)
    check(manifest(kit).decode() == KIT_MANIFEST and not (kit / ".cargo").exists(), manifest(kit))


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


@cargos_time
def test_small_gives_announced_bytes(box):
    _, result = same_bytes(box, "small")
    check(user_command(result) == ["build", "--release", "-p", "wordmill"], str(result))


@cargos_time
def test_link_flags_give_announced_bytes(box):
    """Link flags become an alias that plain cargo runs."""
    mill, result = same_bytes(box, "opt-level=s,link.icf=all,link.relr=on")
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
    box.run(kit, "apply", "opt-level=s", "--verify").expect(0, "Verified")
    check((kit / "target/release/kit").exists(), "the printed command was not run")


def test_build_edits_nothing(box):
    kit = box.kit()
    result = box.good(kit, ["build", "opt-level=s"])
    path = result.out.strip()
    check(path == str(kit / "target/release/kit"), f"not where cargo would put it\n{result}")
    size = os.path.getsize(path)
    check(f"{size:,}" in result.err or str(size) in result.err, f"the size is not printed\n{result}")
    box.run(kit, "apply", "opt-level=s").expect(0)
    with open(path, "rb") as file:
        ours = file.read()
    box.cargo(kit, "build", "--release")
    with open(path, "rb") as file:
        check(file.read() == ours, "build and apply give other bytes")
