#!/usr/bin/env python3
"""How long `cargo hone history` takes with many runs in its database, and how much memory: a real try, kept so many times over.

usage: history.py CARGO_HONE [--runs N] [--rounds N]
"""
import argparse
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time


def make_project(base, hone):
    root = os.path.join(base, "app")
    os.makedirs(os.path.join(root, "src"))
    with open(os.path.join(root, "Cargo.toml"), "w") as file:
        file.write('[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n')
    with open(os.path.join(root, "src/main.rs"), "w") as file:
        file.write('fn main() {\n    println!("{}", std::env::args().count());\n}\n')
    command = [hone, "hone", "try", "opt-level=1", "strip=symbols", "--run", "x", "--rounds", "20"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


def multiply(path, n):
    """Keeps run 1 as runs 2 to n, too, with all that belongs to it."""
    with sqlite3.connect(path) as db:
        tables = [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            key = "id" if table == "run" else "run"
            if key not in columns:
                continue
            names = ", ".join(columns)
            values = ", ".join("n" if c == key else c for c in columns)
            db.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {n})"
                f" INSERT INTO {table}({names}) SELECT {values} FROM numbers, {table} WHERE {key} = 1"
            )
    db.close()


def run(command, folder):
    """Wall time and CPU time in seconds, peak memory in MB, bytes of output."""
    with tempfile.TemporaryFile() as out:
        start = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{command}: exit code {child.returncode}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.tell() or os.fstat(out.fileno()).st_size


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hone")
    parser.add_argument("--runs", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    hone = os.path.abspath(options.hone)
    with tempfile.TemporaryDirectory(prefix="hone-bench-") as base:
        root = make_project(base, hone)
        database = os.path.join(root, "target/hone/hone.db")
        multiply(database, options.runs)
        print(f"{options.runs} runs, a database of {os.path.getsize(database) / 1e6:.0f} MB, load {os.getloadavg()[0]:.0f}\n")
        print("| command | wall time | CPU time | peak memory | output |\n| --- | ---: | ---: | ---: | ---: |")
        for args in (["history"], ["history", "--format", "json"], ["history", str(options.runs)], []):
            found = [run([hone, "hone", *args], root) for _ in range(options.rounds)]
            wall, cpu, peak, size = (statistics.median(f[i] for f in found) for i in range(4))
            print(f"| `{' '.join(['cargo hone', *args])}` | {wall:.2f} s | {cpu:.2f} s | {peak:.0f} MB | {size / 1e6:.1f} MB |")
        export = run([hone, "hone", "history", "--export"], root)
        print(f"| `cargo hone history --export` | {export[0]:.2f} s | {export[1]:.2f} s | {export[2]:.0f} MB | {export[3] / 1e6:.1f} MB |")


if __name__ == "__main__":
    main()
