"""Workloads that misbehave: a clear message, the exit code, nothing left running, measured data kept. The engine's own
tests (tests/unit/test_measure.c, test_service.c) have more of them; these are what the user sees."""

import fcntl
import os
import pty
import socket
import sqlite3
import subprocess
import termios
import time

from harness import check, one_cpu

FAST = ("--rounds", "2")


def told_apart(box, baseline, other):
    """A command that does one thing with the baseline and another with the candidate panic=abort, then what the kit
    does."""
    case = f'if [ "$("$0" panic-kind)" = abort ]; then {other}; else {baseline}; fi'
    return f"/bin/sh -c '{case}; exec \"$0\" sum' {{bin}}"


def nth_time(box, n, name="count"):
    """Shell words that end the program by SIGSEGV the n-th time they are run."""
    file = box.root / name
    return f"echo >>{file}; [ $(wc -l <{file}) = {n} ] && kill -SEGV $$"


def test_missing(box):
    kit = box.kit()
    box.bad(kit, ["try", "baseline", "--run", "/nonexistent/wrapper {bin} sum", *FAST], 1,
            "/nonexistent/wrapper", "no such file")
    box.write(kit / "hone.toml", "[[workload]]\nname = 'w'\nrun = 'no-such-emulator {bin} sum'\n")
    box.bad(kit, ["try", "baseline", *FAST], 1, "workload `w`", "no-such-emulator")


def test_not_executable(box):
    wrapper = box.write("wrapper", "#!/bin/sh\nexec \"$@\"\n", 0o644)
    box.bad(box.kit(), ["try", "baseline", "--run", f"{wrapper} {{bin}} sum", *FAST], 1, str(wrapper),
            "Permission denied")


def test_does_not_run_here(box):
    """A program of another machine, whose builds took their time: without a workload its sizes are compared."""
    kit = box.kit()
    other = 'cc "$@" || exit 1\nwhile [ "$1" != -o ]; do shift; done\nprintf "\\267" | dd of="$2" bs=1 seek=18 conv=notrunc 2>/dev/null\n'
    env = {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": str(box.program("other-cc", "#!/bin/sh\n" + other))}
    done = box.run(kit, "try", "opt-level=s", "--format", "json", env=env).expect(0, "nothing was run: ", "Exec format error")
    check([t["status"] for t in done.json()["trials"]] == ["built", "built"], done)
    box.run(kit, "try", "opt-level=s", "--run", "a b", env=env).expect(1, "Exec format error")


def test_crashes_now_and_then(box):
    """In round 2: the comparison of behaviour and the warm-up had passed. What was measured before is kept, and the
    same command goes on from it."""
    kit = box.kit()
    # The baseline and its copy: two runs to compare, four of warm-up, two in each round.
    line = told_apart(box, nth_time(box, 9), ":")
    args = ["try", "panic=abort", "--run", line, "--rounds", "4"]
    with one_cpu():
        box.bad(kit, args, 1, "does not always work on the baseline", "in round 2", "SIGSEGV", "1 round is kept",
                "same command goes on")
        with sqlite3.connect(kit / "target/hone/hone.db") as db:
            check(db.execute("SELECT count(*) FROM unfinished_round").fetchall() == [(1,)], "the round is not kept")
        db.close()
        result = box.good(kit, [*args, "--format", "json"], "Resumed")
    check(result.json()["workloads"][0]["resumed"] == 1 and result.json()["workloads"][0]["rounds"] == 4, f"{result}")
    # A candidate: it is out, the others go on.
    line = told_apart(box, ":", nth_time(box, 5, "other"))
    result = box.good(kit, ["try", "panic=abort", "opt-level=1", "--run", line, "--rounds", "4", "--format", "json"])
    out = result.trial("panic=abort")
    check(out["status"] == "failed" and "in round 2" in out["reason"] and "SIGSEGV" in out["reason"], f"{result}")
    check(result.json()["workloads"][0]["rounds"] == 4, f"the others did not go on\n{result}")


def test_never_ends(box):
    kit = box.kit()
    box.bad(kit, ["try", "baseline", "--run", f"hang {box.root / 'flag'}", "--timeout", "500ms", *FAST], 1, "hang",
            "stopped after", "`timeout`")
    line = told_apart(box, ":", "sleep 600")
    result = box.good(kit, ["try", "panic=abort", "opt-level=1", "--run", line, "--timeout", "3s", "--format", "json",
                            *FAST])
    check(result.trial("panic=abort")["status"] == "timeout", f"{result}")
    check(result.trial("opt-level=1")["status"] == "built", f"the others did not go on\n{result}")


def test_a_gigabyte(box):
    """Compared whole, from files; nothing of them stays."""
    kit = box.kit()
    line = "/bin/sh -c 'head -c 1000000000 /dev/zero' {bin}"
    box.good(kit, ["try", "baseline", "--run", line, "--rounds", "1"])
    big = [path for path in (kit / "target").rglob("*") if path.is_file() and path.stat().st_size > 100_000_000]
    check(not big, f"left: {big}")


def test_what_runs_beside_obeys_timeout(box):
    """setup, teardown, --check-cmd and the load of a service: each is stopped, and the way out is named."""
    kit = box.kit()
    for key in ("setup", "teardown"):
        text = f'[[workload]]\nname = "w"\nrun = "{{bin}} sum"\ntimeout = 1\n{key} = "sleep 600"\n'
        box.write(kit / "hone.toml", text)
        result = box.run(kit, "try", "baseline", "--rounds", "1")
        result.expect_error(1, f"the {key} of workload", "stopped after", "`timeout`")
    words = ["try", "baseline", "--run", "sum", "--timeout", "1s", "--rounds", "1"]
    box.run(kit, *words, "--check-cmd", "sleep 600").expect_error(1, "check command", "stopped after", "`timeout`")
    server = "/bin/sh -c 'echo ready; exec sleep 600' {bin}"
    box.write(kit / "hone.toml", f'''
        [[workload]]
        name = "served"
        kind = "service"
        run = """{server}"""
        timeout = "2s"
        [workload.service]
        ready = "line:ready"
        load = "sleep 500"
        window = "1s"
        ''')
    box.run(kit, "try", "baseline", "--rounds", "1").expect(1, "timeout passed")


def test_grandchildren(box):
    """They hold the pipe, or have left the session: the run ends with the program, and they with it."""
    kit = box.kit()
    line = "/bin/sh -c 'sleep 600 & setsid sleep 600 & exec \"$0\" sum' {bin}"
    start = time.monotonic()
    box.good(kit, ["try", "baseline", "--run", line, *FAST])
    box.write(kit / "hone.toml", f"""
        [[workload]]
        name = "piped"
        kind = "bench"
        run = '''{line}'''
        pattern = "([0-9]+)"
        """)
    box.good(kit, ["try", "baseline", *FAST])
    check(time.monotonic() - start < 500, "it waited for them")


def at_a_terminal(box, project, *args):
    """Runs hone as the foreground program of a terminal of its own."""
    ours, theirs = pty.openpty()
    args = box.command(args)
    with subprocess.Popen(
        args, cwd=project, env=box.env, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as child:
        out, err = child.communicate(timeout=600)
    os.close(ours)
    os.close(theirs)
    return box.result(args, child.returncode, out, err)


def test_reads_the_terminal(box):
    """It gets none: it fails at once, with its own words, instead of being stopped until its time is over. What it
    reads from standard input is empty."""
    kit = box.kit()
    line = "/bin/sh -c 'read word </dev/tty || exit 3' {bin}"
    at_a_terminal(box, kit, "try", "baseline", "--run", line, *FAST).expect_error(1, "/dev/tty", "exit code")
    line = "/bin/sh -c 'read word || exec \"$0\" sum' {bin}"
    at_a_terminal(box, kit, "try", "baseline", "--run", line, *FAST).expect(0)


def test_writes_into_the_sources(box):
    kit = box.kit()
    line = "/bin/sh -c 'echo >>src/notes.txt; exec \"$0\" sum' {bin}"
    result = box.run(kit, "try", "baseline", "--run", line, *FAST)
    result.expect(0, "1 file of the project changed", str(kit / "src/notes.txt"), "{out}")


def test_port_in_use(box):
    kit = box.kit()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        box.write(kit / "hone.toml", f"""
            [[workload]]
            name = "serve"
            kind = "service"
            run = "{{bin}} serve {{port}}"
            service = {{ port = {port}, load = "true" }}
            """)
        box.bad(kit, ["try", "baseline", *FAST], 1, "workload `serve`", f"port {port} is in use by another program")


def test_clock_jumps(box):
    """Every look at the time of day gives another day: durations do not come from it."""
    kit = box.kit()
    env = box.preload("jump", """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <string.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long jump(void)
        {
            static int n;
            return strcmp(program_invocation_short_name, "cargo-hone") ? 0 : ++n % 2 ? 86400 : -86400;
        }
        int clock_gettime(clockid_t id, struct timespec *t)
        {
            int code = (int)syscall(SYS_clock_gettime, id, t);
            if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
                t->tv_sec += jump();
            return code;
        }
        int gettimeofday(struct timeval *restrict t, void *restrict zone)
        {
            int code = (int)syscall(SYS_gettimeofday, t, zone);
            t->tv_sec += jump();
            return code;
        }
        time_t time(time_t *t)
        {
            time_t now = (time_t)syscall(SYS_time, NULL) + jump();
            if (t)
                *t = now;
            return now;
        }
        """)
    result = box.good(kit, ["try", "opt-level=1", "--run", "sum", "--rounds", "5", "--format", "json"], env=env)
    (workload,) = result.json()["workloads"]
    times = result.json()["time"]
    check(workload["rounds"] == 5, f"{result}")
    for metric in workload["metrics"]:
        if metric["unit"] == "s":
            check(all(0 <= x < 60 for t in metric["trials"] for x in t["samples"]), f"{metric}")
    check(0 < times["runs_s"] < times["total_s"] < 300 and 0 < times["cargo_s"] < times["total_s"], f"{times}")


def test_full_disk_under_the_database(box):
    """The results lie on a disk of their own, which is full: the result is printed, with a warning; what was kept
    before stays."""
    disk = box.small_disk("1m")
    kit = box.kit()
    args = ["try", "baseline", "--run", "sum", *FAST]
    box.good(kit, args)
    box.mount_over(kit / "target/hone", disk)
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass
    result = box.good(kit, [*args, "--format", "json"], "the rounds are not kept", "this result was not kept", "No space left")
    check(result.json()["workloads"][0]["rounds"] == 2, f"{result}")
    (disk / "filler").unlink()
    shown = box.good(kit, ["history", "--format", "json"]).json()
    check(len(shown["runs"]) == 1, f"{shown}")


# Prints that many bytes, without a disk that has them, on the descriptor that is named; ends well or waits to be ended.
FLOOD = """\
use std::{fs::File, io::Write, mem::ManuallyDrop, os::fd::FromRawFd};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut out = ManuallyDrop::new(unsafe { File::from_raw_fd(words[0].parse().unwrap()) });
    writeln!(out, "the first line").unwrap();
    out.set_len(words[1].parse().unwrap()).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(words[2].parse().unwrap()));
}
"""


def test_gigabytes_of_output(box):
    """Whoever prints without end is told how to go on, and is ended long before the time that it has."""
    kit = box.kit(main=FLOOD)
    for words in ("1 5000000000 300", "2 5000000000 300"):
        started = time.monotonic()
        said = box.bad(kit, ["try", "opt-level=1", "--run", words, "--rounds", "2"], 1,
                       "fails on the baseline", "stopped after it had printed 5,000,000,000 bytes", "let it print less", "{out}", "`files` of hone.toml")
        check(time.monotonic() - started < 200 and len(said.err) < 2000, said)
    trained = box.run(kit, "build", "pgo", "--no-baseline", "--train", "1 5000000000 300")
    check(trained.code == 1 and ("let it print less" in trained.err or "llvm-profdata" in trained.err), trained)
