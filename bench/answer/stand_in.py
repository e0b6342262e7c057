"""Stands in for cargo, rustc and cc below a recorded hone (record.py): runs the real one, and writes down what it took.

Nothing is imported that is slow to load: there is one for every unit. CPU time is the kernel's, that of a busy machine, too.
A unit's is taken apart by its threads, looked at every LOOK_S: the one called rustc does what nothing else can do
meanwhile, the others generate code beside each other.
"""

import json
import os
import re
import select
import sys
import time

LOOK_S = 0.04
REAL = json.loads(os.environ["CORES_REAL"])


def write(record):
    """One line, in one write, so that those of others do not get between."""
    fd = os.open(os.environ["CORES_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    os.write(fd, (json.dumps(record) + "\n").encode())
    os.close(fd)


def start(program, words, env, errors=None):
    pid = os.fork()
    if pid == 0:
        if errors is not None:
            os.dup2(errors, 2)
        os.execve(program, words, env)
    return pid


def value_of(words, name):
    """Of `-C name=value` or `--name value`, the last one."""
    found = None
    for i, word in enumerate(words):
        if word == name and name.startswith("--") and i + 1 < len(words):
            found = words[i + 1]
        elif word == name or word == "-C" + name:
            found = "yes"
        elif word.removeprefix("-C").startswith(name + "="):
            found = word.removeprefix("-C").split("=", 1)[1]
    return found


class Threads:
    """CPU time of each thread of a process, in seconds, as it was last seen."""

    def __init__(self, pid):
        self.pid, self.seconds, self.serial = pid, {}, set()

    def look(self):
        try:
            for tid in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{tid}/schedstat", encoding="ascii") as file:
                    self.seconds[tid] = int(file.read().split()[0]) / 1e9
                with open(f"/proc/{self.pid}/task/{tid}/comm", encoding="utf-8", errors="replace") as file:
                    # A thread has its creator's name until it takes its own.
                    (self.serial.add if file.read().strip() == "rustc" else self.serial.discard)(tid)
        except (OSError, ValueError, IndexError):
            pass

    def sum_of(self, is_serial):
        return sum(s for tid, s in self.seconds.items() if not is_serial or tid in self.serial)

    def longest(self):
        """Of those that generate code."""
        return max((s for tid, s in self.seconds.items() if tid not in self.serial), default=0.0)


def rustc(words, env):
    if "--crate-name" not in words and not any(w.startswith("--crate-name=") for w in words) or "___" in words:
        os.execve(REAL["rustc"], words, env)  # a question of cargo's or hone's
    unit = f"{os.getpid()}.{time.monotonic_ns()}"
    ends = os.pipe()
    begin = time.time()
    pid = start(REAL["rustc"], words, env | {"CORES_UNIT": unit}, ends[1])
    os.close(ends[1])
    threads, until_metadata, is_open = Threads(pid), None, True
    while is_open:
        if select.select([ends[0]], [], [], LOOK_S)[0]:
            text = os.read(ends[0], 1 << 16)
            is_open = bool(text)
            if b'"emit":"metadata"' in text and until_metadata is None:
                threads.look()
                until_metadata = threads.sum_of(False)
            while text:
                text = text[os.write(2, text):]
        threads.look()
    _, status, usage = os.wait4(pid, 0)
    externs = [words[i + 1] for i, w in enumerate(words[:-1]) if w == "--extern" and "=" in words[i + 1]]
    write(
        {
            "unit": unit,
            "run": env.get("CORES_RUN"),
            "name": value_of(words, "--crate-name"),
            "hash": value_of(words, "extra-filename") or "",
            "type": value_of(words, "--crate-type"),
            "package": env.get("CARGO_MANIFEST_DIR", ""),
            "is_probe": "CARGO_CRATE_NAME" not in env,
            "deps": [re.sub(r"^lib|\.[a-z]+$", "", os.path.basename(e.split("=", 1)[1])) for e in externs],
            "flags": {k: v for k in ("opt-level", "codegen-units", "lto", "panic") if (v := value_of(words, k))},
            "begin": begin,
            "end": time.time(),
            "cpu": usage.ru_utime + usage.ru_stime,
            "metadata": until_metadata,
            "serial": threads.sum_of(True),
            "longest": threads.longest(),
            "stand_in": time.process_time(),
        }
    )
    return os.waitstatus_to_exitcode(status)


def cc(words, env):
    if not any(w == "-o" or w.startswith("@") for w in words):
        os.execve(REAL["cc"], words, env)
    begin = time.time()
    _, status, usage = os.wait4(start(REAL["cc"], words, env), 0)
    cpu = usage.ru_utime + usage.ru_stime
    write(
        {
            "link": env.get("CORES_UNIT"),
            "run": env.get("CORES_RUN"),
            "begin": begin,
            "end": time.time(),
            "cpu": cpu,
            "stand_in": time.process_time(),
        }
    )
    return os.waitstatus_to_exitcode(status)


def parents():
    """This process and those above it."""
    found, pid = [], os.getpid()
    while pid > 1:
        found.append(pid)
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            pid = int(file.read().rsplit(")", 1)[1].split()[1])
    return found


def cargo(words, env):
    log = env.get("HONE_RUSTC_LOG")
    if not log or not {"rustc", "build"} & set(words[1:3]):
        os.execve(REAL["cargo"], words, env)
    if "HONE_RUSTC_SLOT" in env:
        log += "." + env["HONE_RUSTC_SLOT"]
    run = f"{os.getpid()}.{time.monotonic_ns()}"
    begin = time.time()
    _, status, usage = os.wait4(start(REAL["cargo"], words, env | {"CORES_RUN": run}), 0)
    units = []
    if os.path.exists(log):
        with open(log, encoding="utf-8") as file:
            units = [line.rstrip("\n").split("\t") for line in file]
    write(
        {
            "run": run,
            "parents": parents(),
            "slot": env.get("HONE_RUSTC_SLOT"),
            "words": words[1:],
            "begin": begin,
            "end": time.time(),
            "cpu": usage.ru_utime + usage.ru_stime,
            # crate, type, seconds of wall time, whether it was taken from what an earlier build made
            "stand_in": time.process_time(),
            "units": [[u[0], u[1], int(u[2]) / 1e9, u[-1] == "taken"] for u in units],
        }
    )
    return os.waitstatus_to_exitcode(status)


def main():
    name = os.path.basename(sys.argv[0])
    status = {"cargo": cargo, "rustc": rustc, "cc": cc}[name]([REAL[name], *sys.argv[1:]], dict(os.environ))
    if status < 0:
        os.kill(os.getpid(), -status)
    sys.exit(status)


if __name__ == "__main__":
    main()
