"""Results are kept: history lists, shows, compares and exports them; a database that hone cannot use is
said to be so and left alone."""

import sqlite3

from harness import check

TRY = ("try", "opt-level=s", "--run", "sum", "--rounds", "2")
SMALL = ("try", "small", "--run", "sum", "--rounds", "2")


def database(project):
    return project / "target/hone/hone.db"


def ask(project, sql):
    with sqlite3.connect(database(project)) as db:
        rows = db.execute(sql).fetchall()
    db.close()
    return rows


def hold_what_was_tried(tried, shown):
    """`history RUN` has every key of try, with what it said; the tables of the text are the same, too."""
    elsewhere = {"schema", "hone", "time"}
    for key in tried.keys() - elsewhere - {"trials", "workloads", "best"}:
        check({**shown[key], "rustc_verbose": 0} == {**tried[key], "rustc_verbose": 0} if key == "toolchain" else shown[key] == tried[key], f"{key} was {tried[key]}, is {shown[key]}")
    check(shown["duration"] == tried["time"], shown["duration"])
    check(tried["best"].items() <= shown["best"].items(), shown["best"])
    for had, has in zip(tried["trials"], shown["trials"], strict=True):
        check(had.items() <= has.items(), f"{had['name']}: {[k for k in had if has.get(k) != had[k]]}")
    for had, has in zip(tried["workloads"], shown["workloads"], strict=True):
        check({k: v for k, v in had.items() if k != "metrics"}.items() <= has.items(), has["name"])
        for old, new in zip(had["metrics"], has["metrics"], strict=True):
            old.pop("control")
            for trial in old["trials"]:
                trial.pop("samples")
            check(old == new, f"{old['metric']} of {has['name']}")


def test_a_life(box):
    """try keeps what it printed; history gives it back, also after clean; explain tells of it."""
    kit = box.kit()
    box.good(kit, ["history"], "nothing was measured yet")
    check(not (kit / "target/hone/hone.db").exists(), "reading made a database")
    check(box.run(kit, "history", "--format", "json").expect(0).json()["runs"] == [], "runs out of nowhere")

    tried = box.run(kit, *SMALL, "--format", "json").expect(0)
    size = tried.trial("small")["size"]
    box.run(kit, "clean").expect(0, "results were kept")

    listed = box.good(kit, ["history", "--format", "json"]).json()
    check(next(iter(listed)) == "schema" and len(listed["runs"]) == 1, listed)
    check(listed["runs"][0]["run"] == 1 and listed["runs"][0]["best"]["small"] == "small", listed)
    box.good(kit, ["history"], "smallest", "kit", "release")
    box.good(kit, ["history", "1"], f"{size:,}", "Size and build", "sum", "Largest sections")
    box.good(kit, ["history", "1", "--format", "markdown"], "| small |")

    box.good(kit, ["explain", "opt-level"], 'small (opt-level="z" and 4 more): size 0.', "too few rounds")
    told = box.good(kit, ["explain", "opt-level", "--format", "json"]).json()["settings"][0]["tried"]
    check([t["assigns"] for t in told] == ['opt-level="z"'], told)
    check(abs(told[0]["size_ratio"] - size / tried.trial("baseline")["size"]) < 1e-9, told)
    box.good(kit, ["explain", "debug", "--format", "markdown"])
    check("in this project" not in box.good(kit, ["explain", "debug"]).out, "debug was never tried")

    shown = box.good(kit, ["history", "1", "--format", "json"]).json()["runs"][0]
    hold_what_was_tried(tried.json(), shown)
    exported = box.good(kit, ["history", "1", "--export"]).json()["runs"][0]
    mine = {t["name"]: t for t in exported["trials"]}
    theirs = {t["name"]: t for t in tried.json()["trials"]}
    for name, trial in theirs.items():
        for key in ("size", "stripped_size", "gzip_size", "zstd_size", "hash", "min_glibc", "status", "labels", "settings"):
            check(mine[name][key] == trial[key], f"{name}: {key} was {trial[key]}, is {mine[name][key]}")
    for had, has in zip(tried.json()["workloads"], exported["workloads"], strict=True):
        for old, new in zip(had["metrics"], has["metrics"], strict=True):
            check(old["metric"] == new["metric"] and old["control"] == new["control"], new["metric"])
            for a, b in zip(old["trials"], new["trials"], strict=True):
                for key in ("name", "samples", "median", "ratio", "verdict"):
                    check(a[key] == b[key], f"{old['metric']}: {key} was {a[key]}, is {b[key]}")


def test_two_runs(box):
    """Side by side; times only while machine and toolchain are the same."""
    kit = box.kit()
    box.run(kit, *TRY).expect(0)
    with (kit / "src/main.rs").open("a") as file:
        file.write('#[used] static MORE: [u8; 8000] = [7; 8000];\n')
    box.run(kit, *TRY).expect(0)

    pair = box.good(kit, ["history", "1", "2", "--format", "json"]).json()
    check(pair["differs"] is None and len(pair["runs"]) == 2, pair)
    for trial in pair["trials"]:
        check(trial["sizes"][1] >= trial["sizes"][0] + 8000, trial)
        check(len(trial["costs"]) == 2, trial)
    box.good(kit, ["history", "1", "2"], "time, run 1", "time, run 2")

    with sqlite3.connect(database(kit)) as db:
        db.execute("UPDATE run SET cpu = 'another', rustc = 'rustc 0.9' WHERE id = 1")
    db.close()
    apart = box.good(kit, ["history", "1", "2"], "times are not compared: not the same machine, toolchain")
    check("time, run 1" not in apart.out, apart)
    apart = box.good(kit, ["history", "1", "2", "--format", "json"]).json()
    check(apart["differs"] == "machine, toolchain" and apart["trials"][0]["costs"] == [], apart)


def test_two_workspaces_in_one_target_dir(box):
    """Neither sees the other's runs."""
    one, two = box.kit("one"), box.kit("two")
    shared = {"CARGO_TARGET_DIR": str(box.root / "shared")}
    box.run(one, *TRY, env=shared).expect(0)
    check(box.run(two, "history", "--format", "json", env=shared).expect(0).json()["runs"] == [], "mixed")
    box.bad(two, ["history", "1"], 1, "no run 1 of this project", env=shared)
    box.run(one, "history", "1", env=shared).expect(0)


def test_wrong_words(box):
    kit = box.kit()
    box.bad(kit, ["history", "first"], 2, "`first` is not the number of a run")
    box.bad(kit, ["history", "1", "2", "--export"], 2, "--export takes one run")
    box.bad(kit, ["history", "-p", "nobody"], 2, "nobody")
    box.bad(kit, ["history", "7"], 1, "nothing was measured yet")


def test_a_database_of_a_newer_hone(box):
    """history refuses; try gives its result all the same."""
    kit = box.kit()
    box.run(kit, *TRY).expect(0)
    with sqlite3.connect(database(kit)) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    box.bad(kit, ["history"], 1, "written by a newer hone", "move the file away")
    result = box.run(kit, *TRY, "--format", "json").expect(0, "warning", "newer hone")
    check(len(result.json()["trials"]) == 2, result)
    check(ask(kit, "SELECT count(*) FROM run") == [(1,)], "it was written to")


def test_a_damaged_database(box):
    """The same for a file that is none."""
    kit = box.kit()
    box.run(kit, *TRY).expect(0)
    database(kit).write_bytes(b"nonsense " * 4000)
    box.bad(kit, ["history"], 1, "not a database", "move it away")
    result = box.run(kit, *TRY, "--format", "json").expect(0, "warning", "move it away")
    check(len(result.json()["trials"]) == 2, result)
    check(database(kit).read_bytes() == b"nonsense " * 4000, "hone changed a file that is not its own")


def test_a_locked_database(box):
    """The result is printed at once; that it was not kept is a warning."""
    kit = box.kit()
    box.run(kit, *TRY).expect(0)
    db = sqlite3.connect(database(kit), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    result = box.run(kit, *TRY, "--format", "json").expect(0, "warning", "another program holds the database")
    check(len(result.json()["trials"]) == 2, result)
    box.good(kit, ["history"], "kit")  # who reads need not wait
    db.execute("ROLLBACK")
    db.close()
    check(ask(kit, "SELECT count(*) FROM run") == [(1,)], "it was written to")
