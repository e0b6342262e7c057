"""cargo-regress on the pairs that history.py checks: which causes each names, how many bytes of the file's change each leaves without
one, and how long each takes."""

import json
import os
import signal
import subprocess
import time

HEAD = ["| program | pair | change of the file | hone: causes | left | s | cargo-regress: change | its causes | left | sum of what grew | s |",
        "| --- | --- | ---: | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |"]


def regress(tool, project, base, head, deadline):
    """(what cargo-regress tells, or None; its words; seconds), ended after `deadline` seconds. cargo keeps what it compiled in a folder of
    its own, as hone does: by itself cargo-regress compiles everything twice for every pair."""
    start = time.monotonic()
    env = os.environ | {"CARGO_BUILD_BUILD_DIR": str(project.parent / f"regress-{project.name}")}
    argv = [*tool.split(), "--from", base, "--to", head, "--format", "json"]
    with subprocess.Popen(argv, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, start_new_session=True) as p:
        try:
            out, err = p.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGTERM)
            out, err = p.communicate()
            return None, f"{out}{err}\nnot done after {deadline:g} s", time.monotonic() - start
    # git's own words (worktree add) come first on its standard output.
    told = json.loads(out[out.index("\n{") :]) if p.returncode == 0 else None
    return told, out + err, time.monotonic() - start


def hone_causes(told, n=3):
    names = [f"{r['owner']} {r['delta']:+,}" for r in told["crates"][:n]]
    names += [f"{d['name']}: " + ("new" if not d["base"] else "gone" if not d["head"] else f"{d['base']['version']} -> {d['head']['version']}") for d in told["dependencies"][:n]]
    names += [f"{s['key']}: {s['base'] or 'unset'} -> {s['head'] or 'unset'}" for s in told["settings"]]
    return "; ".join(names), told["head"]["size"] - told["base"]["size"] - sum(r["delta"] for r in told["crates"])


def regress_causes(told, n=3):
    names = []
    for r in told["regressions"][:n]:
        cause = (r["cause"] or {}).get("type", "")
        names.append(f"{r['crate_name']} {r['delta_bytes']:+,} ({r['category']}{', ' + cause if cause and cause != r['category'] else ''})")
    return "; ".join(names) or "none"


def line(name, pair, told, tool, project, base, head, words, deadline):
    """A row: `told` is hone's answer with its "wall"; what cargo-regress says goes to the file `words`, too."""
    other, said, wall = regress(tool, project, base, head, deadline)
    words.write_text(said)
    delta = told["head"]["size"] - told["base"]["size"]
    causes, left = hone_causes(told)
    own = f"| {name} | {pair} | {delta:+,} | {causes} | {left} | {told['wall']:.0f}"
    if not other:
        return f"{own} | | failed: {said.strip().splitlines()[-1]} | | | {wall:.0f} |"
    total, grew = other["total_delta_bytes"], sum(r["delta_bytes"] for r in other["regressions"])
    return f"{own} | {total:+,} | {regress_causes(other)} | {delta - total:,} | {grew:+,} | {wall:.0f} |"
