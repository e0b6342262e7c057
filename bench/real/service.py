"""A server under load, through `cargo hone try` as its owner would use it, and the table of what that said."""

import json
import os
import subprocess

import measuring
import steps
import toolchain
from projects import PROJECTS

CANDIDATES = ["small", "fast", "fastest-bold", steps.ALLOCATED]


def workload_file(name, folders):
    """hone.toml: what the README's owner of a server would write."""
    service = PROJECTS[name]["service"]
    return f"""\
[[workload]]
name = "serve"
kind = "service"
run = '{service["run"].replace("{in}", str(folders.input))}'
normalise = [{{ pattern = '127\\.0\\.0\\.1:[0-9]+', with = "HOST" }}]

[workload.service]
ready = "{service["ready"]}"
load = "{service["load"]}"
connections = {service["connections"]}
window = "{service["window"]}"
compare = ["{service["path"]}"]
stop = "INT"
"""


def measured(name, result, folders, hone):
    """The step: built and driven by hone alone."""
    if "service" not in PROJECTS[name]:
        return
    folders.fresh_copy()
    (folders.project / "hone.toml").write_text(workload_file(name, folders))
    args = ["try", *CANDIDATES, "--locked", "--target-dir", folders.target, "--format", "json", "--budget", steps.BUDGET]
    # Built first, with a single round; measured only if a file is another one than last time.
    built = steps.run([hone, *args, "--rounds", "1"], folders.project, stdout=subprocess.PIPE)
    hashes = steps.built_hashes(json.loads(built.stdout))
    if steps.was_measured(result.get("service"), hashes):
        print(f"{name}: the same files as last time are not measured again", flush=True)
        return
    load = os.getloadavg()[0]
    done = steps.run([hone, *args], folders.project, stdout=subprocess.PIPE)
    tried = json.loads(done.stdout)
    (workload,) = tried["workloads"]
    metrics = {}
    for metric in workload["metrics"]:
        keys = ("median", "ratio", "low", "high", "verdict")
        metrics[metric["metric"]] = {t["name"]: {k: t[k] for k in keys} for t in metric["trials"]}
        if metric["primary"]:
            samples = {t["name"]: t["samples"] for t in metric["trials"]}
    result["service"] = {
        "command": f"cargo hone try {' '.join(CANDIDATES)} --locked --budget {steps.BUDGET}",
        "rounds": workload["rounds"],
        "primary": next(m["metric"] for m in workload["metrics"] if m["primary"]),
        "noise": next(m["noise"] for m in workload["metrics"] if m["primary"]),
        "metrics": metrics,
        "samples": samples,
        "machine": tried["machine"],
        "rustc": tried["toolchain"]["rustc"],
        "best": tried["best"]["any"],
        "load": load,
        "sha256": hashes,
        "where": toolchain.machine(),
    }


def milli(seconds, text="{:.2f}"):
    return "" if seconds is None else text.format(seconds * 1e3)


def beside(service, candidate, to, error=0.05):
    """Median and interval of the CPU time a request over that of another candidate, in the rounds that both ran in."""
    mine, other = (service.get("samples", {}).get(name, []) for name in (candidate, to))
    ratios = [a / b for a, b in zip(mine, other) if a and b]
    return measuring.sign_interval(ratios, error) if ratios else None


def row(service, candidate):
    def median(metric):
        return service["metrics"].get(metric, {}).get(candidate, {}).get("median")

    cost = service["metrics"][service["primary"]][candidate]
    ratio = "1" if candidate == "baseline" else f"{cost['ratio']:.3f} {cost['verdict']}"
    if candidate != "baseline" and cost["low"] and cost["high"]:
        ratio = f"{cost['ratio']:.3f} [{cost['low']:.3f}, {cost['high']:.3f}] {cost['verdict']}"
    to_fast = beside(service, candidate, "fast")
    to_fast = "" if not to_fast else "1" if candidate == "fast" else "{:.3f} [{:.3f}, {:.3f}]".format(*to_fast)
    rate, cpu, memory = median("requests_per_s"), median("cpu_per_request"), median("peak_memory")
    cells = [candidate, f"{rate:,.0f}", milli(cpu, "{:.4f}"), ratio, to_fast, milli(median("latency_p50")), milli(median("latency_p99"))]
    cells += [f"{memory / 1e6:.1f}", milli(median("cold_start"), "{:.1f}"), f"{1e6 * cpu:.1f}", f"{memory / 1e9 * 1e6 / rate:.2f}"]
    return "| " + " | ".join(cells) + " |"


def section(name, result):
    """Nothing in it is written by hand."""
    service, project = result["service"], PROJECTS[name]["service"]
    state = service["machine"].get("state", {})
    noise = "" if service["noise"] is None else f"; the baseline and its copy differed by {100 * service['noise']:.1f} %"
    lines = [
        "### Under wrk",
        "",
        f"`{service['command']}` with a hone.toml that says `run = \"{project['run'].replace('{in}/', '')}\"` and "
        f"`load = \"{project['load']}\"`: {project['connections']} connections, windows of {project['window']} on a fresh server each, "
        f"{service['rounds']} rounds, server and wrk on a CPU of their own. Load average {service['load']:.1f} before it began, "
        f"{state.get('load_before', 0):.1f} when the rounds did and {state.get('load_after', 0):.1f} after them{noise}.",
        "",
        "| candidate | requests/s | CPU-ms a request | ratio to the baseline | /fast | p50 ms | p99 ms | memory MB | start to first 200, ms | CPU-s a million | GB-s a million |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [row(service, candidate) for candidate in service["metrics"][service["primary"]]]
    lines += [
        "",
        "/fast: of the rounds that both ran in. A million requests: CPU-s = 1e6 x CPU time per request; GB-s = peak memory x 1e6 / requests per second. wrk keeps its",
        "connections busy (a closed loop): its latencies compare the builds under the same load and promise nothing to a user.",
        "",
    ]
    return lines
