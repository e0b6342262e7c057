"""kill -9 leaves nothing behind: whatever a killed hone has started ends with it."""

import os
import signal
import subprocess
import time
from pathlib import Path

from harness import check

# Starts what is hard to end: a compiler in the background, one in a session of its own, a daemon whose parents are gone.
TREE = """
sh -c 'sleep 600' &
setsid sh -c 'sleep 600; :' &
(setsid sh -c 'trap "" TERM HUP; sleep 600 & wait' </dev/null >/dev/null 2>&1 &)
sleep 0.1; : >{up}; sleep 600; :
"""


def start(box, project, *args):
    """hone, until the file `up` is there."""
    child = subprocess.Popen(
        box.command(args), cwd=project, env=box.env, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 600
    while not (box.root / "up").exists() and child.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    check((box.root / "up").exists(), f"hone ended before it was to be killed: {child.poll()}")
    return child


def children(pid):
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_building(box):
    """cargo, its compilers and what these have started."""
    project = box.kit()
    tree = TREE.format(up=box.root / "up")
    box.program("cargo", f'#!/bin/sh\ncase $1 in build|rustc) {tree};; *) exec @REAL@ "$@";; esac\n')
    child = start(box, project, "build", "small")
    child.kill()
    child.wait()
    check(not box.left(), f"left: {box.left()}")


def test_measuring(box):
    """A program behind a shell, with daemons of its own."""
    project = box.kit()
    box.write("run.sh", "#!/bin/sh\n" + TREE.format(up=box.root / "up"), 0o755)
    child = start(box, project, "try", "opt-level=1", "--run", f"{box.root}/run.sh {{bin}}")
    child.kill()
    child.wait()
    check(not box.left(), f"left: {box.left()}")


def test_signals(box):
    """What a build has left behind ends after SIGTERM, too."""
    project = box.kit()
    tree = TREE.format(up=box.root / "up")
    box.program("cargo", f'#!/bin/sh\ncase $1 in build|rustc) {tree};; *) exec @REAL@ "$@";; esac\n')
    child = start(box, project, "build", "small")
    child.send_signal(signal.SIGTERM)
    child.wait()
    check(not box.left(), f"left: {box.left()}")


def test_with_the_launcher(box):
    """Killed at the same moment, neither can do anything: the program that was started ends all the same."""
    project = box.kit()
    up = box.root / "up"
    box.program("cargo", f'#!/bin/sh\ncase $1 in build|rustc) : >{up}; exec sleep 600;; *) exec @REAL@ "$@";; esac\n')
    child = start(box, project, "build", "small")
    launchers = children(child.pid)
    check(launchers, "no launcher")
    child.send_signal(signal.SIGSTOP)
    for pid in launchers:
        os.kill(pid, signal.SIGKILL)
    child.kill()
    child.wait()
    check(not box.left(), f"left: {box.left()}")
