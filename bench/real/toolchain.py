"""What a step was made with: the toolchain and what of it is installed, and the machine. With rust-src rustc writes other
paths into programs, so files that were made with it and without are not to be compared byte for byte."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def said(*command):
    """What a program prints, or nothing."""
    if not shutil.which(command[0]):
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def version(program):
    """A program's own number; None: it is not here."""
    found = re.search(r"\d+\.\d+(?:\.\d+)?", said(program, "--version"))
    return found[0] if found else None


def installed(rustc="rustc"):
    """The compiler, the components and targets that rustup has for it, and the tools beside it that a recipe may use."""
    verbose = said(rustc, "-vV")
    sysroot = Path(said(rustc, "--print", "sysroot").strip() or "/nonexistent")
    host = re.search(r"^host: (\S+)", verbose, re.M)
    llvm = re.search(r"^LLVM version: (\d+)", verbose, re.M)
    listed = sysroot / "lib/rustlib/components"  # rustup's own list
    own = sysroot / "lib/rustlib" / (host[1] if host else "") / "bin"
    major = llvm[1] if llvm else ""
    tools = {"llvm-profdata": f"llvm-profdata-{major}", "lld": f"ld.lld-{major}", "mold": "mold", "ld": "ld", "cc": "cc", "valgrind": "valgrind"}
    return {
        "rustc": verbose.splitlines()[0] if verbose else None,
        "rust_src": (sysroot / "lib/rustlib/src/rust/library/core/src").is_dir(),
        "components": sorted(listed.read_text().split()) if listed.exists() else None,
        "own_tools": sorted(tool.name for tool in own.iterdir() if tool.is_file()) if own.is_dir() else [],
        "tools": {name: version(program) or version(name) for name, program in tools.items()},
    }


def machine():
    """What times may be compared on."""
    cpu = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.M)
    return {"cpu": cpu[1] if cpu else platform.machine(), "cores": os.cpu_count(), "kernel": platform.release()}


def other_std(result):
    """Steps that were made with other paths of std than hone's files were: name -> had it rust-src?"""
    had = {name: step["toolchain"]["rust_src"] for name, step in result["steps"].items() if "toolchain" in step and name != "std"}
    ours = had.get("try")
    return {name: there for name, there in had.items() if ours is not None and there != ours}
