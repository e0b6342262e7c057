"""Settings beyond the profile: flags of the linker and of the compiler, through try, build and apply."""

import shutil
import subprocess

from harness import Skip, check

# Without lto, which takes ten times as long and has nothing to do with these.
ABORT = "opt-level=z,panic=abort,strip=symbols"


def sections(path):
    done = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, check=True)
    return done.stdout


def built(box, project, candidate):
    """The path of what build made."""
    return box.run(project, "build", "--no-baseline", candidate).expect(0).out.strip()


def same_after_apply(box, project, candidate, alias="release-build"):
    """apply, then what the user types in a clone elsewhere: the very bytes of build."""
    mine = open(built(box, project, candidate), "rb").read()
    box.run(project, "apply", candidate).expect(0, f"cargo {alias}")
    clone = box.root / "elsewhere" / "deeper" / project.name
    shutil.copytree(project, clone, ignore=shutil.ignore_patterns("target"))
    box.cargo(clone, alias)
    found = [p for p in clone.glob("target/**/release/*") if p.is_file() and p.name == project.name]
    check(len(found) == 1, f"{found}")
    check(found[0].read_bytes() == mine, f"other bytes than hone's: {len(mine)} and {found[0].stat().st_size}")
    box.run(project, "apply", "--undo").expect(0)
    check(not (project / ".cargo").exists(), "undo left .cargo behind")


def test_unwind_tables_are_discarded(box):
    kit = box.kit()
    result = box.good(kit, ["try", "--format=json", ABORT, f"{ABORT},link.unwind=discard"])
    kept, gone = result.json()["trials"][1:]
    check(gone["status"] == "built" and gone["size"] < kept["size"], f"{kept['size']} {gone['size']}")
    check("backtrace" in gone["labels"] and "backtrace" not in kept["labels"], gone["labels"])
    names = sections(gone["path"])
    check(".eh_frame" not in names and ".gcc_except_table" not in names, names)
    check(".eh_frame" in sections(kept["path"]), "the other one has no tables either")


def test_unwind_needs_abort(box):
    kit = box.kit()
    box.bad(kit, ["build", "link.unwind=discard"], 2, 'panic = "abort"', 'panic is "unwind"')
    box.bad(kit, ["try", "balanced+panic=unwind,link.unwind=discard"], 2, 'panic = "abort"')
    box.bad(kit, ["apply", "rustc.force-unwind-tables=off"], 2, 'panic = "abort"')
    # Flags win over the profile.
    box.bad(kit, ["build", "small+link.unwind=discard"], 2, 'panic is "unwind"',
            env={"RUSTFLAGS": "-Cpanic=unwind"})


def test_unwind_with_panic_of_the_project(box):
    kit = box.kit()
    (kit / "Cargo.toml").write_text((kit / "Cargo.toml").read_text() + 'panic = "abort"\n')
    check(".eh_frame" not in sections(built(box, kit, "link.unwind=discard")), "tables are there")


def test_unwind_is_the_same_after_apply(box):
    kit = box.kit()
    same_after_apply(box, kit, f"{ABORT},link.unwind=discard,link.icf=all,link.relr=on,link.build-id=none")


def test_apply_writes_the_linker_script(box):
    kit = box.kit()
    script = kit / ".cargo/hone/drop-unwind.ld"
    box.run(kit, "apply", f"{ABORT},link.unwind=discard").expect(0, "+++ .cargo/hone/drop-unwind.ld")
    check("DISCARD" in script.read_text(), script.read_text())
    again = box.run(kit, "apply", f"{ABORT},link.unwind=discard").expect(0, "Unchanged")
    check("+++" not in again.out, f"a diff\n{again}")
    box.run(kit, "apply", "--undo").expect(0)
    check(not script.exists() and not (kit / ".cargo").exists(), "undo left something behind")


def test_unwind_in_a_folder_with_blanks_and_commas(box):
    kit = box.kit("a, b 'c'")
    check(".eh_frame" not in sections(built(box, kit, f"{ABORT},link.unwind=discard")), "tables are there")


def test_link_settings_do_what_they_say(box):
    kit = box.kit()
    path = built(box, kit, "opt-level=3,link.build-id=none,link.hash-style=sysv,link.relro=off,link.pie=off")
    names = sections(path)
    check(".note.gnu.build-id" not in names and ".gnu.hash" not in names and ".hash" in names, names)
    info = subprocess.run(["readelf", "-hlW", path], capture_output=True, text=True, check=True).stdout
    check("EXEC" in info and "GNU_RELRO" not in info, info)


def test_linkers(box):
    kit = box.kit()
    path = built(box, kit, "link.linker=gnu,strip=none")
    comment = subprocess.run(["readelf", "-p.comment", path], capture_output=True, text=True, check=True).stdout
    check("LLD" not in comment, comment)
    box.bad(kit, ["build", "link.linker=gnu,link.icf=all"], 2, "cannot merge functions")
    box.bad(kit, ["build", "small+link.linker=mold,link.unwind=discard"], 2, "linker script"
            if shutil.which("ld.mold") else "ld.mold")


def test_linker_that_is_not_there(box):
    kit = box.kit()
    tools = {name: shutil.which(name) for name in ("cargo", "rustc", "cc", "ld")}
    if not all(tools.values()):
        raise Skip("no C compiler here")
    for name, path in tools.items():
        (box.programs / name).symlink_to(path)
    box.bad(kit, ["build", "link.linker=mold"], 2, "there is no ld.mold here", "apt-get install mold",
            env={"PATH": str(box.programs)})


def test_linker_that_does_not_know_a_flag(box):
    """A user's own linker is asked: what it does not take is left out, in its words, and the candidate is built without it."""
    kit = box.kit()
    own = box.write("kit/own-driver", '#!/bin/sh\nexec cc "$@" -fuse-ld=bfd\n', 0o755)
    box.write("kit/.cargo/config.toml", f"[target.x86_64-unknown-linux-gnu]\nlinker = '{own}'\n")
    result = box.run(kit, "try", "--format=json", "opt-level=3", "opt-level=3,link.icf=all").expect(0)
    check(any("link.icf is left out: your linker does not take it: " in line and "--icf=all" in line
              for line in result.err.splitlines()), result.err)
    other, plain = result.trial("opt-level=3,link.icf=all"), result.trial("opt-level=3")
    check(other["status"] == plain["status"] == "built" and other["hash"] == plain["hash"], result)
    check(other["labels"] == [], other["labels"])  # two functions do not share an address where icf is left out


def test_code_settings(box):
    kit = box.kit()
    for candidate in ("rustc.target-cpu=x86-64-v2", "opt-level=s,rustc.inline-threshold=5",
                      "opt-level=z,rustc.ext-tsp-size=on,rustc.min-jump-table-entries=16,rustc.compact=on"):
        check(built(box, kit, candidate), candidate)
    same_after_apply(box, kit, "opt-level=s,rustc.inline-threshold=5,rustc.target-cpu=x86-64-v2,relr=on")


def test_option_that_this_llvm_does_not_know(box):
    kit = box.kit()
    box.program("rustc", """\
#!/bin/sh
case "$*" in
*--help-hidden*) @REAL@ "$@" | sed /apply-ext-tsp-for-size/d; exit ;;
*apply-ext-tsp-for-size*) echo "error: Unknown command line argument" >&2; exit 1 ;;
esac
exec @REAL@ "$@"
""")
    box.good(kit, ["build", "opt-level=z,rustc.ext-tsp-size=on"], "rustc.ext-tsp-size is left out",
             "no option apply-ext-tsp-for-size")
