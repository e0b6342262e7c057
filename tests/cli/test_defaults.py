"""Defaults of options: CARGO_HONE_* variables and [hone] of hone.toml."""

from harness import check


def kit(box, hone_toml, folder="kit"):
    return box.kit(folder, **{"hone.toml": hone_toml})


def format_of(result):
    result.expect(0)
    if result.out.startswith("{"):
        return "json"
    return "csv" if "," in result.out.splitlines()[0] else "text"


def test_precedence(box):
    """Option, then variable, then hone.toml, then what is built in; each beats those behind it."""
    project = kit(box, '[hone]\nformat = "json"\n')
    variable = {"CARGO_HONE_FORMAT": "csv"}
    check(format_of(box.run(project, "show")) == "json", "hone.toml")
    check(format_of(box.run(project, "show", env=variable)) == "csv", "the variable beats hone.toml")
    check(format_of(box.run(project, "show", "--format=text", env=variable)) == "text", "the option beats all")
    check(format_of(box.run(project, "show", env={"CARGO_HONE_FORMAT": ""})) == "json", "an empty variable is none")
    check(format_of(box.run(box.kit("plain"), "show")) == "text", "what is built in")
    # For one command, from the nearer source: a variable for all beats hone.toml's table of a command.
    project = kit(box, '[hone]\nformat = "csv"\n\n[hone.show]\nformat = "json"\n', "own")
    check(format_of(box.run(project, "show")) == "json", "the command's own table")
    check(format_of(box.run(project, "history")) != "json", "a table of another command")
    check(format_of(box.run(project, "show", env=variable)) == "csv", "a variable for all")
    both = variable | {"CARGO_HONE_SHOW_FORMAT": "json"}
    check(format_of(box.run(project, "show", env=both)) == "json", "the command's own variable")


def test_kinds_of_values(box):
    """Strings, numbers, lists and switches, in both places."""
    project = kit(box, '[hone]\nbin = "kit"\nrounds = 20\nallow = ["glibc"]\noffline = true\nverbose = 0\n')
    said = box.run(project, "try", "--budget", "wrong").expect_error(2, "--budget takes a time like 90s").err
    check("--rounds" not in said, f"--budget leaves the default of --rounds out: {said}")
    check('not typed, but taken: --allow ["glibc"] (hone.toml:4:9), --bin "kit" (hone.toml:2:7)' in said, said)
    said = box.run(project, "show", "-v", env={"CARGO_HONE_OFFLINE": "false"}).expect(0).err
    check("--offline" not in said and '--bin "kit"' in said, f"a variable switches off what hone.toml has on: {said}")
    said = box.run(project, "show", "-v").expect(0).err
    check("--offline (hone.toml:5:11)" in said, said)
    check("not typed" not in box.run(project, "show", "-q").expect(0).err, "-q drops notes")
    # A rival that was typed, or one from a nearer source, leaves the other's default out.
    box.bad(project, ["show", "--example", "none"], 2, "none")
    box.bad(project, ["show"], 2, "none", "CARGO_HONE_EXAMPLE", env={"CARGO_HONE_EXAMPLE": "none"})
    # Lists.
    project = kit(box, '[hone.show]\nallow = ["strip-none"]\n', "lists")
    box.bad(project, ["show"], 2, "no problem is called `b`", env={"CARGO_HONE_SHOW_ALLOW": "strip-none, b"})
    box.good(project, ["show"])


def test_where_it_is_found(box):
    """Beside the nearest Cargo.toml that has one, up to the workspace, and not above."""
    box.write("above/hone.toml", '[hone]\nformat = "csv"\n')
    box.write("above/Cargo.toml", '[workspace]\nmembers = []\nexclude = ["kit"]\n')
    root = box.kit("above/kit", manifest='[workspace]\nmembers = ["one"]\n', **{"src/main.rs": None, "Cargo.lock": None})
    box.write(root / "one/Cargo.toml", '[package]\nname = "one"\nversion = "1.0.0"\nedition = "2021"\n')
    box.write(root / "one/src/main.rs", "fn main() {}")
    check(format_of(box.run(root / "one", "show")) == "text", "above the workspace")
    box.write(root / "hone.toml", '[hone]\nformat = "json"\n')
    check(format_of(box.run(root / "one/src", "show")) == "json", "the workspace's")
    check(format_of(box.run(box.root, "show", "--manifest-path", root / "one/Cargo.toml")) == "json", "--manifest-path")
    box.write(root / "one/hone.toml", '[hone]\nformat = "csv"\n')
    check(format_of(box.run(root / "one", "show")) == "csv", "the package's")
    # Chosen from elsewhere it does not count, which is said; nor is that said where it does.
    warning = "does not count from here"
    said = box.run(root, "build", "-p", "one", "opt-level=s", "--no-baseline").err
    check(warning in said and "one/hone.toml" in said, said)
    for folder, args in ((root / "one/src", []), (root, ["--manifest-path", "one/Cargo.toml"])):
        said = box.run(folder, "build", "opt-level=s", "--no-baseline", *args).err
        check(warning not in said, said)


def test_bad_values(box):
    project = box.kit()
    for variable, value, words in (
        ("CARGO_HONE_FORMAT", "xml", ("found `xml` (--format is of CARGO_HONE_FORMAT)",)),
        ("CARGO_HONE_COLOR", "sometimes", ("found `sometimes` (--color is of CARGO_HONE_COLOR)",)),
        ("CARGO_HONE_OFFLINE", "maybe", ("CARGO_HONE_OFFLINE takes true or false, not `maybe`",)),
        ("CARGO_HONE_VERBOSE", "11", ("CARGO_HONE_VERBOSE takes 0, 1 or 2",)),
    ):
        box.bad(project, ["show"], 2, *words, env={variable: value})
    for variable, value, words in (
        ("CARGO_HONE_BUDGET", "soon", ("--budget takes a time", "`soon` (--budget is of CARGO_HONE_BUDGET)")),
        ("CARGO_HONE_ROUNDS", "-3", ("(--rounds is of CARGO_HONE_ROUNDS)",)),
        ("CARGO_HONE_TRY_PRECISION", "99", ("(--precision is of CARGO_HONE_TRY_PRECISION)",)),
        ("CARGO_HONE_ALLOW", "glib", ("`glib`", "(--allow is of CARGO_HONE_ALLOW)")),
        ("CARGO_HONE_TIMEOUT", "0", ("(--timeout is of CARGO_HONE_TIMEOUT)",)),
        ("CARGO_HONE_MAX_DISK", "much", ("(--max-disk is of CARGO_HONE_MAX_DISK)",)),
    ):
        box.bad(project, ["try"], 2, *words, env={variable: value})
    # A misspelt variable is for nobody, which is said; what it was meant for goes on.
    result = box.good(project, ["show"], env={"CARGO_HONE_OFLINE": "true", "CARGO_HONE_SHOW_DENNY": "all"})
    for name in ("CARGO_HONE_OFFLINE?", "CARGO_HONE_SHOW_DENY?"):
        check(f"did you mean {name}" in result.err, f"{result}")
    box.good(project, ["show"], env={"CARGO_HONE_TRY_BUDGET": "1min", "CARGO_HONE_JOBS": "2"})


def test_bad_keys(box):
    for number, (text, words) in enumerate(
        (
            ('[hone]\nalow = "glibc"\n', ("hone.toml:2:", "[hone] has no key `alow`", "did you mean `allow`?")),
            ("[hone]\nmax_disk = 3\n", ("did you mean `max-disk`?",)),
            ('[hone.show]\ndenny = "all"\n', ("[hone.show] has no key `denny`", "did you mean `deny`?")),
            ('[hone.shwo]\ndeny = "all"\n', ("[hone] has no key `shwo`",)),
            ("[hone]\nforce = true\n", ("[hone] has no key `force`",)),
            ("[hone]\nshow = 3\n", ("`hone.show` is a table: write [hone.show]",)),
            ("hone = 3\n", ("`hone` is a table: write [hone]",)),
            ("[hone]\noffline = 1\n", ("`offline` takes true or false", "hone.toml:2:11")),
            ("[hone]\nformat = true\n", ("`format` takes a string or a number",)),
            ('[hone]\nformat = "json\n', ("hone.toml:2:",)),
            ('[hone]\nfeatures = ["a", 2.5, []]\n', ("`features` takes a string or a number",)),
        )
    ):
        project = kit(box, text, f"kit-{number}")
        box.bad(project, ["show"], 1, *words)
    box.bad(kit(box, "[hon]\n", "table"), ["try"], 1, "`hon` is not known here; hone.toml holds [[workload]] tables, [hone], "
            "[budget] and [candidates]")
    # A value that only the command can judge.
    project = kit(box, '[hone]\nformat = "jsn"\n', "value")
    box.bad(project, ["show"], 2, "but found `jsn` (--format is of hone.toml:2:10)")


def test_help_reads_nothing(box):
    """--help and completions work beside a broken hone.toml, and whatever variables say."""
    project = kit(box, "[[[\n")
    for args in (["--help"], ["try", "--help"], ["completions", "bash"], ["help", "try"]):
        box.good(project, args, env={"CARGO_HONE_FORMAT": "xml"} if "completions" not in args else None)


def test_paths_are_from_the_files_folder(box):
    """The same folder and target wherever hone is started; a path in a variable is from there."""
    project = kit(box, '[hone]\ntarget-dir = "a b"\n')
    for folder, args in ((project, []), (project / "src", []), (box.root, ["--manifest-path", "kit/Cargo.toml"])):
        built = box.run(folder, "build", "opt-level=1", "--no-baseline", *args).expect(0)
        check(built.out.strip() == str(project / "a b/release/kit"), f"{folder}: {built}")
    built = box.run(project / "src", "build", "opt-level=1", "--no-baseline", env={"CARGO_HONE_TARGET_DIR": "../v"}).expect(0)
    check(built.out.strip() == str(project / "v/release/kit"), built)
    box.write(project / "hone.toml", '[hone]\ntarget = "none.json"\n')
    box.bad(project / "src", ["build", "opt-level=1"], 1, str(project / "none.json"), root=project)
