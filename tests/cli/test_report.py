"""`report` makes one HTML page of a run: what is in it, what of it a browser shows, and what is refused."""

import json
import re
import shutil
import subprocess
import tempfile

from harness import Skip, check

EVIL = "</script><script>throw 1</script><!--<script>"
WORKLOAD = f"""\
[[workload]]
name = "{EVIL}"
run = "{{bin}} sum"
"""
TRY = ("try", "small+lto=false", "opt-level=s", "--rounds", "2", "-q")
BROWSER = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom")
DATA = re.compile(r'<script type="application/json" id="run">(.*?)</script>', re.S)
# What a test does in the page: clicks, and leaves what it found as JSON in #result.
BEFORE = "<script>window.wrong = []; addEventListener('error', e => wrong.push(e.message));</script>"
AFTER = """<script>
const found = { wrong, ready: document.documentElement.dataset.ready || null, shown: {} };
const all = s => [...document.querySelectorAll(s)], one = s => document.querySelector(s);
found.table = all('#table tbody tr').map(r => [r.querySelector('th').firstChild.textContent, ...[...r.querySelectorAll('td[data-v]')].map(c => [c.dataset.v, c.textContent])]);
found.marks = all('#front .pt').map(n => n.dataset.name);
one('#front .pt').focus();
found.told = one('#front .tip').textContent;
one('#front .pt').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
found.moved = document.activeElement.dataset.name;
found.medians = all('#rounds .medians tbody tr').map(r => [r.querySelector('th').textContent, r.querySelector('td').dataset.v]);
one('#rounds details').open = true;
found.sum = one('#compare #sum')?.textContent || null;
const tiles = () => all('#map > button').map(n => [n.dataset.name, Number(n.dataset.v)]);
found.crates = tiles();
const big = all('#map > button').find(n => n.querySelector('*') || run.functions.owners.some((o, i) => o[0] === n.dataset.name && run.functions.rows.filter(r => r[0] === i).length > 2));
found.into = big?.dataset.name ?? null;
if (big) big.click();
found.functions = tiles();
found.inside = one('#inside')?.textContent || null;
if (big) one('#map > button').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
found.back = tiles().length;
const search = one('#search');
if (search) { search.value = 'main'; search.dispatchEvent(new Event('input')); found.searched = one('#found').textContent; }
found.services = all('#services svg circle').length;
found.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
found.unnamed = all('button, select, input').filter(n => !(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length)).map(n => n.outerHTML);
setTimeout(() => { found.samples = all('#rounds details tbody tr').length; document.body.replaceChildren(Object.assign(document.createElement('pre'), { id: 'result', textContent: JSON.stringify(found) })); }, 100);
</script></html>"""


def browse(page, width=1280):
    """What AFTER found in the page, in a browser that has no network."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        raise Skip("there is no chromium")
    with tempfile.TemporaryDirectory(prefix="hone-browser-") as folder:
        path = f"{folder}/page.html"
        with open(path, "w", encoding="utf-8") as file:
            file.write(page.replace("<meta name", BEFORE + "<meta name", 1).replace("</html>", AFTER))
        done = subprocess.run([program, *BROWSER, f"--user-data-dir={folder}/profile", f"--window-size={width},900", f"file://{path}"],
                              capture_output=True, text=True, check=False, timeout=300)
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    match = re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.S)
    check(match, f"the page did not come to its end: {done.stderr[-2000:]}")
    found = json.loads(match[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    check(not said and not found["wrong"] and found["ready"], f"{said} {found['wrong']}")
    return found


def run_of(page):
    data = DATA.search(page)
    check(data and "<" not in data[1], "markup in the data")
    return json.loads(data[1])


def tried(box):
    kit = box.kit(**{"hone.toml": WORKLOAD})
    box.run(kit, *TRY).expect(0)
    return kit


def hold_figures(run, exported):
    """Everything that the page holds of the run is what `history --export` tells."""
    for mine, theirs in zip(run["trials"], exported["trials"], strict=True):
        for key in mine.keys() - {"sections"}:
            check(mine[key] == theirs[key], f"{mine['name']}: {key} is {mine[key]}, was {theirs[key]}")
    for key in ("project", "toolchain", "machine", "best", "confirmed", "workloads", "composite"):
        check(run[key] == exported[key], key)
    for i, trial in enumerate(run["trials"]):
        check(sum(row[2 + i] for row in run["owners"]) == trial["size"], f"owners of {trial['name']}")
    for i, name in enumerate(run["functions"]["trials"]):
        size = next(t["size"] for t in run["trials"] if t["name"] == name)
        check(sum(row[2 + i] for row in run["functions"]["rows"]) == size, f"functions of {name}")


def hold_page(found, run):
    """What is shown is what the page holds."""
    built = [t for t in run["trials"] if t["status"] == "built"]
    for row in found["table"]:
        trial = next(t for t in run["trials"] if t["name"] == row[0])
        if trial["status"] == "built":
            check(float(row[1][0]) == trial["size"] and row[1][1] == f"{trial['size']:,}", row)
            check(float(row[3][0]) == trial["stripped_size"], row)
    check(len(found["table"]) == len(run["trials"]) and sorted(found["marks"]) == sorted(t["name"] for t in built), found["marks"])
    check(found["told"].startswith(found["marks"][0]) and found["moved"] == found["marks"][1], found["told"])
    medians = {t["name"]: t["median"] for t in run["workloads"][0]["metrics"][0]["trials"]}
    check({n: float(v) for n, v in found["medians"]} == medians, found["medians"])
    check(found["samples"] == run["workloads"][0]["rounds"], found["samples"])
    check(found["into"] and found["inside"].startswith(found["into"]) and found["functions"] != found["crates"], found["inside"])
    check(found["back"] == len(found["crates"]), "Escape does not lead back")
    check("rows hold" in found["searched"], found["searched"])
    check(not found["unnamed"], found["unnamed"])
    check(found["wide"] <= 0, f"the page is {found['wide']} px wider than its window")


def grown(page):
    """The same page with 40 candidates, 3,000 functions and long names."""
    run = run_of(page)
    first, long = run["trials"][0], "a_very_long_name" * 12
    metric = run["workloads"][0]["metrics"][0]
    for i in range(38):
        name = f"{long}-{i}+link.icf=all<b>&\"'"
        size = first["size"] - 1000 * i
        run["trials"].append({**run["trials"][1], "name": name, "size": size, "labels": ["behaviour", "glibc"][: i % 3],
                              "cost": {"ratio": 0.8 + i / 60, "low": 0.7 + i / 60, "high": 0.9 + i / 60, "verdict": "better"}})
        metric["trials"].append({**metric["trials"][1], "name": name})
        for row in run["owners"]:
            row.append(0)
        run["owners"][0][-1] = size
    service = [{**metric, "metric": name, "unit": unit, "better": better, "primary": name == "cpu_per_request",
                "trials": [{**t, "median": scale * (1 + i / 50), "samples": [scale, scale]} for i, t in enumerate(metric["trials"])]}
               for name, unit, better, scale in (("cpu_per_request", "s", "lower", 1e-5), ("requests_per_s", "1/s", "higher", 9e4),
                                                 ("latency_p50", "s", "lower", 2e-4), ("latency_p90", "s", "lower", 5e-4), ("latency_p99", "s", "lower", 3e-3))]
    run["workloads"].append({**run["workloads"][0], "name": "serve", "kind": "service", "metrics": service})
    run["history"] += [{**run["history"][0], "run": -i, "baseline_size": first["size"] + 100 * i} for i in range(5)]
    functions = run["functions"]
    for i in range(3000):
        functions["rows"].append([i % len(functions["owners"]), f"<{long} as main::Trait<'a>>::{i}", *[7 + i % 50] * len(functions["trials"])])
    text = json.dumps(run).replace("<", "\\u003c")
    return DATA.sub(lambda _: f'<script type="application/json" id="run">{text}</script>', page)


def hold_gone(box, kit):
    """What is not there any more is said in the page; the crates, which the run keeps, stay."""
    artifact = next((kit / "target/hone/artifacts").glob("*/kit"))
    artifact.write_bytes(b"another program")
    run = run_of(box.good(kit, ["report", "-o", "-"]).out)
    check([m["why"] for m in run["functions"]["missing"]] == ["its file was replaced by a later build"], run["functions"]["missing"])
    box.run(kit, "clean").expect(0)
    box.good(kit, ["report"], "no artifact of that run is there any more")
    page = (kit / "target/hone/report.html").read_text()
    run = run_of(page)
    check(len(run["functions"]["missing"]) == 3 and not run["functions"]["rows"] and run["owners"], run["functions"])
    return page


def hold_refusals(box, kit):
    """A file that is no page stays."""
    box.bad(kit, ["report", "7"], 1, "no run 7 of this project")
    box.bad(kit, ["report", "-o", "src/main.rs"], 1, "src/main.rs", "stays as it is")
    box.bad(kit, ["report", "-o", "src"], 1, "src", "is a folder", "src/report.html")
    box.bad(kit, ["report", "-o", "gone/page.html"], 1, "gone")
    box.bad(kit, ["report", "-o", "/dev/null"], 1, "/dev/null")


def test_a_page(box):
    """One file, with the figures of the run in it, that loads nothing and that no name can break."""
    kit = tried(box)
    page_path = kit / "target/hone/report.html"
    told = box.good(kit, ["report"], "run 1", "kit")
    check(told.out.strip() == str(page_path), told)
    page = page_path.read_text()
    run = run_of(page)
    hold_figures(run, box.good(kit, ["history", "1", "--export"]).json()["runs"][0])
    check(run["workloads"][0]["name"] == EVIL and EVIL not in page, "the workload's name")
    check(not re.search(r"""(src|href)=["']?(https?:)?//|@import|url\(""", page), "something is loaded from elsewhere")
    check(len(page) < 500_000 and page.startswith("<!doctype html>"), len(page))
    check({n["goal"] for n in run["next"]} and all("apply" in n["apply"] for n in run["next"]), run["next"])
    check(run["functions"]["trials"][0] == "baseline" and not run["functions"]["missing"], run["functions"]["missing"])
    check(box.good(kit, ["report", "1", "-o", "-"]).out == page, "standard output has another page")
    for _ in range(2):
        box.good(kit, ["report", "--output", "target/mine.html"])
    check((kit / "target/mine.html").read_text() == page, "another page")
    hold_refusals(box, kit)
    gone = hold_gone(box, kit)
    page_path.unlink()
    page_path.symlink_to(kit / "Cargo.toml")
    box.bad(kit, ["report"], 1, "holds a link, report.html")
    # In a browser it holds the same, and clicks lead on; also when it is large, and on a phone.
    hold_page(browse(page), run)
    large = grown(page)
    found = browse(large, width=480)
    check(len(found["table"]) == 41 and len(found["marks"]) == 41, found["marks"])
    check(found["services"] == 3 * 41, found["services"])
    hold_page(found, run_of(large))
    found = browse(gone)
    check(found["crates"] and found["into"] is None, found["crates"])


def test_no_page(box):
    kit = box.kit()
    box.bad(kit, ["report"], 1, "nothing was measured yet")
    box.bad(kit, ["report", "first"], 2, "`first` is not the number of a run")
    box.bad(kit, ["report", "-p", "nobody"], 2, "nobody")
    check(not (kit / "target/hone").exists(), "reading made a folder")
