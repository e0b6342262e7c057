"""hone's folder stays below --max-disk: what was used longest ago goes first, never a winner, never what the run
needs."""

import json
import os
import subprocess

from harness import check


def artifacts(project):
    """Hash of the artifact -> folder."""
    found = {}
    for record in (project / "target/hone/artifacts").glob("*/record.json"):
        text = json.loads(record.read_text())
        found[f"{text['hash_hi'] % 2**64:016x}{text['hash_lo'] % 2**64:016x}"] = record.parent
    return found


def used_long_ago(folder, hours):
    then = folder.stat().st_mtime - 3600 * hours
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (then, then))


def size(project):
    return 1000 * int(subprocess.check_output(["du", "-sl", "-B1000", project / "target/hone"]).split()[0])


def test_oldest_goes_first(box):
    kit = box.kit()
    quick = ["--run", "sum", "--rounds", "2", "--format", "json", "-j1"]  # all in one of cargo's folders
    first = box.run(kit, "try", "opt-level=1", "opt-level=s", *quick).expect(0)
    winner = first.trial(first.json()["best"]["any"]["small"])["hash"]
    losers = {t["hash"] for t in first.json()["trials"]} - {winner}
    units = sorted((kit / "target/hone/build/0/release/.fingerprint").iterdir())
    check(len(units) == 3, units)
    for folder in [*artifacts(kit).values(), *units]:
        used_long_ago(folder, 48)

    # One more build: with a cap that everything fits into, all stay.
    second = box.run(kit, "try", "opt-level=0", *quick, "--max-disk", "1GB").expect(0)
    check(set(artifacts(kit)) >= losers | {winner}, artifacts(kit))

    # And with one that it does not: all but the winners and what this run used.
    box.run(kit, "try", "opt-level=0", *quick, "--max-disk", "1MB").expect(0, "Removed", "above")
    left = set(artifacts(kit))
    now = {t["hash"] for t in second.json()["trials"]}
    check(winner in left, f"the winner is gone: {left}")
    check(now <= left, f"what the run needs is gone: {now} {left}")
    check(not (losers - now) & left, f"old losers are left: {losers & left}")
    check(len(list((kit / "target/hone/build/0/release/.fingerprint").iterdir())) == 2, "units of old builds are left")
    check(box.run(kit, "history", "1").expect(0), "results are gone")

    # What was used now is fresh the next time; what went is built again.
    box.run(kit, "try", "opt-level=0", *quick).expect(0, "Fresh opt-level=0", "Fresh baseline")
    box.run(kit, "try", "opt-level=1", *quick).expect(0, "Built opt-level=1")


def test_within_the_cap(box):
    """In between: as much as has to go, oldest first."""
    kit = box.kit()
    quick = ["--run", "sum", "--rounds", "2", "--format", "json", "-j1"]  # all in one of cargo's folders
    result = box.run(kit, "try", "opt-level=1", "opt-level=3", "opt-level=s", *quick).expect(0)
    best = result.json()["best"]["any"]
    names = [n for n in ("opt-level=1", "opt-level=3") if n not in (best["small"], best["fast"], best["balanced"])]
    check(names, "both won something")
    folders = artifacts(kit)
    for age, name in enumerate(reversed(names)):
        used_long_ago(folders[result.trial(name)["hash"]], 100 + age)
    cap = size(kit) - 100_000
    box.run(kit, "try", "opt-level=s", *quick, "--max-disk", str(cap)).expect(0, "Removed")
    left = artifacts(kit)
    check(result.trial(names[0])["hash"] not in left, f"the oldest is left: {left}")
    check(all(result.trial(n)["hash"] in left for n in names[1:]), f"more went than had to: {left}")


def test_wrong_size(box):
    box.bad(box.kit(), ["try", "--max-disk", "much"], 2, "--max-disk", "much")
