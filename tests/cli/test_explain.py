"""explain: every setting and value of the table, in every format, without a project and without cargo."""

import json
import os
import subprocess

from harness import HONE, SOURCE, check


def explain(box, *args):
    """In an empty folder, with a cargo that fails: explain asks neither project nor toolchain."""
    box.program("cargo", "#!/bin/sh\nexit 99\n")
    folder = box.root / "empty"
    folder.mkdir(exist_ok=True)
    result = box.run(folder, "explain", *args)
    check(os.listdir(folder) == [], "explain wrote a file")
    return result


def table(box):
    return explain(box, "--format", "json").expect(0).json()


def test_json_holds_the_whole_table(box):
    report = table(box)
    check(list(report)[:2] == ["schema", "hone"] and report["schema"] == 1, list(report))
    ids = {label["id"] for label in report["labels"]}
    keys = [s["key"] for s in report["settings"]]
    check(len(keys) == len(set(keys)) and {"opt-level", "link.icf", "post.strip"} <= set(keys), keys)
    for s in report["settings"]:
        check(set(s) >= {"key", "kind", "scope", "type", "group", "summary", "range", "values", "folklore"}, s)
        for v in s["values"]:
            check(set(v["labels"]) <= ids, v)
    (strip,) = [s for s in report["settings"] if s["key"] == "strip"]
    check(strip["default_dev"] == '"none"' and strip["default_release"] is None, strip)
    check("debuginfo" in strip["unset_means"], strip["unset_means"])


def test_every_key_and_value_is_explained(box):
    for s in table(box)["settings"]:
        result = explain(box, s["key"]).expect(0, f"{s['key']}: {s['summary']}", "where")
        check(not result.err, result)
        if s["type"] == "list" or s["key"] == "inherits":
            continue
        for v in s["values"]:
            shown = explain(box, f"{s['key']}={v['value']}", "--format", "json").expect(0).json()
            (one,) = shown["settings"]
            check(one["key"] == s["key"] and one["asked"] == v, f"{v}: {shown}")
            text = explain(box, f"{s['key']}={v['value']}").expect(0).out
            check(text.startswith(f"{s['key']} = {v['value']}\n"), text)


def test_the_list_is_grouped_and_fits_the_terminal(box):
    keys = [s["key"] for s in table(box)["settings"]]
    result = explain(box).expect(0)
    lines = result.out.splitlines()
    check(max(map(len, lines)) <= 80, max(lines, key=len))
    listed = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    check(sorted(listed) == sorted(keys), set(listed) ^ set(keys))
    groups = [line for line in lines if line and line[0] != " "]
    check(groups[0] == "size and speed" and len(groups) == len(set(groups)), groups)
    for key in keys:
        for line in explain(box, key).out.splitlines()[1:]:
            check(len(line) <= 80, line)


def test_short_keys_and_values_as_typed(box):
    explain(box, "icf=all").expect(0, 'link.icf = "all"', "-Clink-arg=-Wl,--icf=all")
    explain(box, "strip=all").expect(0, 'post.strip = "all"')
    explain(box, "target-cpu=znver5").expect(0, "-Ctarget-cpu=znver5", "runs only on some CPUs")
    explain(box, "codegen-units=7").expect(0, "codegen-units = 7")
    explain(box, "package.regex@1.opt-level=3").expect(0, "opt-level = 3")
    explain(box, "lto=fat").expect(0, 'lto = "fat"')
    explain(box, "lto=true").expect(0, "lto = true", "same as")


def test_mistakes_are_answered_with_what_was_meant(box):
    explain(box, "strp").expect_error(2, "unknown setting `strp`", "did you mean `strip`?")
    explain(box, "nonsense").expect_error(2, "`cargo hone explain` lists all settings")
    explain(box, "lto=fatt").expect_error(2, "did you mean fat?")
    explain(box, 'opt-level="3"').expect_error(2, "write 3 without quotes")
    explain(box, "small+lto=fat").expect_error(2, "explain takes one")
    explain(box, "lto", "strip").expect_error(2, "unexpected argument 'strip'")
    explain(box, "--format", "csv").expect_error(2, "text, markdown and json")


def test_markdown_is_the_document(box):
    document = explain(box, "--format", "markdown").expect(0).out
    check(
        document == (SOURCE / "docs/settings.md").read_text(),
        "docs/settings.md is old: cargo hone explain --format markdown >docs/settings.md",
    )
    check(document.startswith("# Settings\n"), document[:40])
    one = explain(box, "lto", "--format", "markdown").expect(0).out
    check(one in document, "one setting reads otherwise than in the document")


def test_colour_is_only_for_those_who_ask(box):
    check("\x1b[" not in explain(box, "lto").out, "colour in a pipe")
    coloured = explain(box, "lto", "--color", "always").expect(0).out
    check("\x1b[" in coloured, "no colour although it was asked for")
    report = subprocess.run([HONE, "explain", "lto", "--format", "json", "--color", "always"], capture_output=True)
    json.loads(report.stdout)
