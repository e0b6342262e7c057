"""kill -9 in each phase of a build or a comparison: whatever hone has started then is hard to end, and has to be gone
soon after."""

import os
import random
import signal
import time
from pathlib import Path

# A compiler in the background, one in a session of its own, and a daemon whose parents are gone.
TREE = """
sh -c 'sleep 600' &
setsid sh -c 'sleep 600; :' &
(setsid sh -c 'trap "" TERM HUP; sleep 600 & wait' </dev/null >/dev/null 2>&1 &)
sleep 0.05; : >@UP@; sleep 600; :
"""
# Does so when it is called for the n-th time.
COUNTED = "#!/bin/sh\necho >>@COUNT@\n[ $(wc -l <@COUNT@) -lt {n} ] || {{\n{tree}\n}}\n"
SERVICE = """
[[workload]]
name = "serve"
kind = "service"
run = "@SCRIPT@ {bin} {port}"
[workload.service]
ready = "tcp"
load = "true"
"""

BUILD = ["build", "opt-level=1", "--no-baseline"]
TRAINED = ["build", "opt-level=3,pgo", "--no-baseline", "--train"]
# Each: the arguments, and when a program of the project's begins to be hard to end; 0: cargo itself does.
PHASES = {
    "build": (BUILD, 0),
    "instrumented build": ([*TRAINED, "1"], 0),
    "training": ([*TRAINED, "@SCRIPT@ {bin}"], 1),
    "behaviour": (["try", "opt-level=1", "--run", "@SCRIPT@ {bin}"], 1),
    "warm-up": (["try", "opt-level=1", "--run", "@SCRIPT@ {bin}"], 5),
    "rounds": (["try", "opt-level=1", "--run", "@SCRIPT@ {bin}"], 16),
    "service": (["try", "opt-level=1"], 1),
}


def children(pid):
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def start(box, name):
    """A hone in that phase, with everything started."""
    args, turn = PHASES[name]
    up, count, script = (box.root / n for n in ("up", "count", "script"))
    tree = TREE.replace("@UP@", str(up))
    for path in (up, count):
        path.unlink(missing_ok=True)
    box.restore("fresh")
    script.write_text(COUNTED.format(n=turn, tree=tree).replace("@COUNT@", str(count)))
    script.chmod(0o755)
    if name == "service":
        (box.project / "hone.toml").write_text(SERVICE.replace("@SCRIPT@", str(script)))
    player = box.root / "programs/cargo"
    text = player.read_text()
    if not turn:
        hard = f'#!/bin/sh\ncase $1 in build|rustc) {tree};; esac\nexec bash {player}.played "$@"\n'
        # Its own name is part of what is asked for.
        (box.root / "programs/cargo.played").write_text(text.replace("${0##*/}", "cargo"))
        player.write_text(hard)
    try:
        child = box.start([a.replace("@SCRIPT@", str(script)) for a in args])
        end = time.monotonic() + 300
        while not up.exists() and child.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        player.write_text(text)
    if not up.exists():
        child.kill()
        raise OSError(f"{name}: it did not come so far: {child.communicate()}")
    return child


def kill(box, name, check):
    child = start(box, name)
    time.sleep(random.uniform(0, 0.1))
    child.kill()
    child.communicate()
    check(not box.left(box.patience), f"left: {box.left(0)}")


def kill_with_launcher(box, name, check):
    """At the same moment, so that neither can do anything; the next hone ends what is left before it builds."""
    child = start(box, name)
    child.send_signal(signal.SIGSTOP)
    for pid in children(child.pid):
        os.kill(pid, signal.SIGKILL)
    child.kill()
    child.communicate()
    box.good(BUILD)
    check(not box.left(box.patience), f"left: {box.left(0)}")
