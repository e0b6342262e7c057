"""One hone at a time where two would spoil each other's work, and only folders of hone's own are written and removed."""

import os
import signal
import subprocess
import time
from pathlib import Path

from harness import check, tree_hash

# Builds until the file `go` is there.
SLOW = '#!/bin/sh\ncase $1 in build|rustc) : >{up}; while [ ! -e {go} ]; do sleep 0.02; done;; esac\nexec @REAL@ "$@"\n'


class Busy:
    """A hone that is building."""

    def __init__(self, box, project, *args):
        self.box, self.go, up = box, box.root / "go", box.root / "up"
        box.program("cargo", SLOW.format(up=up, go=self.go))
        self.child = subprocess.Popen(
            box.command(args or ["build", "baseline"]), cwd=project, env=box.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        end = time.monotonic() + 120
        while not up.exists() and self.child.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        check(up.exists(), "hone did not come so far as to build")
        self.name = f"process {self.child.pid}"

    def run(self, project, *args):
        return subprocess.run(self.box.command(args), cwd=project, env=self.box.env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)  # fmt: skip

    def refuses(self, project, *args):
        done = self.run(project, *args)
        said = f"another hone is at work in {project}"
        check(done.returncode == 1 and said in done.stderr, (args, done))
        check(f"{self.name}, `cargo hone build baseline`" in done.stderr, (args, done))

    def finish(self):
        self.go.write_text("")
        err = self.child.communicate(timeout=120)[1]
        check(self.child.returncode == 0, err)


def wait_for(child, text):
    """Lines of stderr until one has the text."""
    lines = []
    for line in child.stderr:
        lines.append(line)
        if text in line:
            return lines
    check(False, f"`{text}` never came: {lines}")
    return lines


def test_no_wait(box):
    """Every command that would wait says for whom, and fails where that is asked for. Those that only look go on."""
    kit = box.kit(manifest='[package]\nname = "kit"\nversion = "1.0.0"\nedition = "2021"\n[profile.release]\nlto = "ful"\n')
    box.write(kit / "Cargo.toml", (kit / "Cargo.toml").read_text().replace('lto = "ful"\n', "lto = true\n"))
    busy = Busy(box, kit)
    before = tree_hash(kit)
    for args in (["apply", "opt-level=1"], ["apply", "--undo"], ["init"], ["show", "--fix"], ["try"], ["build", "small"],
                 ["size", "baseline"]):  # fmt: skip
        busy.refuses(kit, *args, "--no-wait")
    busy.refuses(kit, "clean")
    for args in (["apply", "opt-level=1", "-n"], ["init", "--print"], ["show"]):
        done = busy.run(kit, *args)
        check(done.returncode == 0, done)
    check(tree_hash(kit) == before, "files of the project were changed")
    busy.finish()


def test_waits(box):
    """apply waits for a build of the same workspace and then sees what is there, a build waits for a build."""
    kit = box.kit()
    busy = Busy(box, kit)
    waiting = [
        subprocess.Popen(box.command(args), cwd=kit, env=box.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, text=True)
        for args in (["apply", "opt-level=1"], ["build", "opt-level=1"], ["init"])
    ]  # fmt: skip
    before = tree_hash(kit)
    said = [wait_for(child, "Waiting")[-1] for child in waiting]
    check(all(busy.name in line and "cargo hone build baseline" in line for line in said), said)
    check(tree_hash(kit) == before, "one did not wait")
    busy.finish()
    for child in waiting:
        err = child.communicate(timeout=200)[1]
        check(child.returncode == 0, err)
    check("opt-level = 1" in (kit / "Cargo.toml").read_text() and (kit / "hone.toml").exists(), "not written")


def test_stopped_while_waiting(box):
    kit = box.kit()
    busy = Busy(box, kit)
    for sig in (signal.SIGINT, signal.SIGTERM):
        child = subprocess.Popen(box.command(["apply", "opt-level=1"]), cwd=kit, env=box.env, stdin=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)  # fmt: skip
        wait_for(child, "Waiting")
        child.send_signal(sig)
        child.communicate(timeout=60)
        check(child.returncode == 128 + sig, child.returncode)
    busy.finish()


def test_two_applies_at_once(box):
    """Both come, one after the other: each has its record, and both can be taken back."""
    kit = box.kit()
    first = tree_hash(kit)
    children = [
        subprocess.Popen(box.command(["apply", what]), cwd=kit, env=box.env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for what in ("opt-level=1", "lto=fat", "panic=abort")
    ]  # fmt: skip
    for child in children:
        err = child.communicate(timeout=60)[1]
        check(child.returncode == 0, err)
    records = sorted(p.name for p in (kit / ".cargo/hone/undo").glob("*.json"))
    check(records == ["0001.json", "0002.json", "0003.json"], records)
    for _ in records:
        box.run(kit, "apply", "--undo").expect(0)
    check(tree_hash(kit) == first, "undo does not lead back")


def test_folders_that_are_not_hones(box):
    """Nothing is written or removed through a link, or in a folder that somebody else has made."""
    kit, other = box.kit(), box.root / "other"
    box.write("other/build/precious", "mine")
    hone = kit / "target/hone"
    box.write(kit / "target/x", "")

    def refused(*parts):
        before = tree_hash(kit), tree_hash(hone), tree_hash(other)
        for args in (["clean"], ["build", "small"]):
            box.run(kit, *args).expect_error(1, *parts)
        check((tree_hash(kit), tree_hash(hone), tree_hash(other)) == before, "files were changed")

    os.symlink(other, hone)
    refused("target/hone is a link")
    hone.unlink()
    hone.mkdir()
    (hone / "build").symlink_to(other / "build")
    refused("holds a link", "build")
    box.write(hone / "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")
    refused("holds a link", "build")
    (hone / "CACHEDIR.TAG").unlink()
    (hone / "build").unlink()
    box.write(hone / "notes.txt", "mine")
    refused("no mark of hone's", "notes.txt")
    (hone / "notes.txt").unlink()
    box.write(hone / "build/mine", "mine")
    refused("no mark of hone's")
    # A folder of hone 0.1: its lock, and all of its folders.
    for name in ("artifacts", "run", "profiles", "tools"):
        (hone / name).mkdir()
    box.write(hone / "lock", "")
    box.run(kit, "clean").expect(0, "Removed")
    check(sorted(p.name for p in hone.iterdir()) == ["CACHEDIR.TAG", "lock"], list(hone.iterdir()))


def test_orphans_are_ended(box):
    """Hone, launcher and cargo die at once, a compiler goes on: the next hone ends it before it builds."""
    kit = box.kit()
    up = box.root / "up"
    box.program("cargo", f'#!/bin/sh\ncase $1 in build|rustc) setsid sleep 600 & : >{up}; exec sleep 600;; esac\nexec @REAL@ "$@"\n')
    child = subprocess.Popen(box.command(["build", "small"]), cwd=kit, env=box.env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    while not up.exists() and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGSTOP)
    for pid in Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)
    child.kill()
    child.wait()
    box.program("cargo", '#!/bin/sh\nexec @REAL@ "$@"\n')
    # The sleeper was never a child of this one.
    box.run(kit, "build", "opt-level=1", "--no-baseline").expect(0, "of a hone that was killed", "ended")
