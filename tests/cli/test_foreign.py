"""What comes from outside steers no terminal: every text of the database, names of Cargo.toml and values of config, in
every command and format."""

import re
import sqlite3

from harness import check

FORMATS = ("text", "markdown", "csv", "json")
# ESC, CSI as one character of C1, a bidirectional override, a line separator, a bell, a line that looks like hone's.
EVIL = "\x1b[31m\x9b2J\u202e\u2066\u2028\x07\x7f"
STEERS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# What hone compares with: with another text the run would be of another project, or not understood.
KEPT = {("run", "workspace"), ("run", "package"), ("run", "bin"), ("run", "verdict"), ("run", "options")}


def hold(result):
    """Nothing that steers is in what was printed; of CSV the ends of lines."""
    found = STEERS.search(result.out.replace("\r\n", "\n") + result.err)
    check(not found, f"{found and ascii(found.group())} reaches the terminal\n{ascii(str(result))[:3000]}")


def poison(database):
    """Every text of every table gets the evil behind it."""
    with sqlite3.connect(database) as db:
        tables = [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'") if t != "sqlite_sequence"]
        for table in tables:
            for column in db.execute(f"PRAGMA table_info({table})").fetchall():
                if column[2] != "TEXT" or (table, column[1]) in KEPT:
                    continue
                db.execute(f"UPDATE {table} SET {column[1]} = coalesce({column[1]}, '') || ?", (EVIL,))
    db.close()


def test_every_column_of_the_database(box):
    kit = box.kit()
    box.run(kit, "try", "opt-level=1", "--run", "sum", "--rounds", "2", "-q").expect(0)
    poison(kit / "target/hone/hone.db")
    for kind in FORMATS:
        for args in ((), ("history",), ("history", "1"), ("history", "1", "1"), ("explain", "opt-level")):
            if kind != "csv" or args[:1] != ("explain",):
                hold(box.run(kit, *args, "--format", kind).expect(0))
    hold(box.run(kit, "history", "1", "--export").expect(0))
    hold(box.run(kit, "report", "-o", "-").expect(0))


def test_config_and_variables(box):
    """Values that cargo takes as they are: flags, and keys that nobody knows."""
    text = EVIL.encode("unicode_escape").decode()
    for raw, toml in (("\\x1b", "\\u001b"), ("\\x9b", "\\u009b"), ("\\x07", "\\u0007"), ("\\x7f", "\\u007f")):
        text = text.replace(raw, toml)
    kit = box.kit(**{".cargo/config.toml": f'[build]\nrustflags = ["-Clink-arg={text}"]\n'})
    (kit / "Cargo.toml").write_text((kit / "Cargo.toml").read_text() + f'"odd{text}" = 1\n[profile."no{text}"]\nlto = true\n')
    for kind in (*FORMATS, "sarif"):
        hold(box.run(kit, "show", "--format", kind))
        if kind != "sarif":
            hold(box.run(kit, "--format", kind))


def test_names_of_files(box):
    """A folder whose name steers a terminal, in commands that print paths."""
    kit = box.kit("k\x1b[31m\u202et")
    for kind in FORMATS:
        hold(box.run(kit, "show", "--format", kind))
        hold(box.run(kit, "history", "--format", kind))
