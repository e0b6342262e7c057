"""One comparison, one input: what is written while hone works, by whom, and what becomes of it."""

import subprocess
import threading

from harness import check

MAIN = """\
mod made;
fn main() {
    let file = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some(out) = std::env::args().nth(2) {
        std::fs::write(out, format!("{:?}", std::time::SystemTime::now())).unwrap();
    }
    println!("{} {} {}", made::WORD, include_str!("../word.txt").len(), text.len());
}
"""

# Another text each time, into the sources.
BUILD = """\
fn main() {
    let now = std::time::SystemTime::now();
    std::fs::write("src/made.rs", format!("// {now:?}\\npub const WORD: &str = \\"word\\";\\n")).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}
"""


def kit(box, folder="kit", **files):
    contents = {"word.txt": "word\n", "in.txt": "in\n", "out.txt": "old\n", ".gitignore": "target\n"}
    return box.kit(folder, main=MAIN, **{"build.rs": BUILD, "src/made.rs": "", "Cargo.lock": None}, **contents, **files)


def run_and_edit(box, project, args, when, edit):
    """Runs hone, and edits once it has said `when`."""
    args = box.command(args)
    pipe = subprocess.PIPE
    child = subprocess.Popen(args, cwd=project, env=box.env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
    said, out = [], []
    reader = threading.Thread(target=lambda: out.append(child.stdout.read()))
    reader.start()
    edited = False
    for line in child.stderr:
        said.append(line)
        if not edited and when.encode() in line:
            edit()
            edited = True
    code = child.wait(timeout=120)
    reader.join()
    result = box.result(args, code, out[0], b"".join(said))
    check(edited, f"hone never said `{when}`\n{result}")
    return result


def test_what_build_and_workload_write(box):
    """A source that the build script writes, another one each time, Cargo.lock that cargo makes, and the workload's
    output are no change."""
    project = kit(box)
    box.run(project, "try", "opt-level=1", "--run", "{bin} in.txt out.txt", "--rounds", "3").expect(0)
    check("SystemTime" in (project / "out.txt").read_text(), "the workload wrote nothing")


def test_places_are_no_inputs(box):
    """What a workload names above the project, or of the kernel's, others write to all the time."""
    project = kit(box)
    done = box.run(project, "try", "opt-level=1", "--run", "sh -c '{bin} in.txt' / .. /proc /sys", "--rounds", "2", "--format", "json").expect(0)
    check(len(done.json()["trials"]) == 2, done)


def test_edited_between_builds(box):
    """It stops with the next build, no figure, nothing stored, exit 1, and the name. What was built is there still."""
    project = kit(box)
    manifest = (project / "Cargo.toml").read_text()
    edits = (
        (["try", "opt-level=1"], "Cargo.toml", manifest + "debug = 1\n"),
        (["build", "opt-level=1"], ".cargo/config.toml", "[profile.release]\nopt-level = 0\n"),
    )
    for command, name, text in edits:
        result = run_and_edit(
            box, project, command, "Built baseline", lambda n=name, t=text: box.write(project / n, t)
        )
        result.expect_error(1, f"{name} changed while candidates were built", "there is no figure")
        check(not result.out, f"there is a figure\n{result}")
    check(not box.run(project, "history", "--format", "json").json()["runs"], "something was stored")


def test_edited_while_it_runs(box):
    """A source and an input of the workload, once programs are timed."""
    project = kit(box)
    for name in ("in.txt", "src/main.rs"):
        words = ["try", "opt-level=1", "--run", "{bin} in.txt", "--rounds", "300"]
        result = run_and_edit(
            box, project, words, "Measuring", lambda name=name: box.write(project / name, MAIN + "// other\n")
        )
        result.expect_error(1, f"{name} changed while programs ran", "there is no figure")
        check(not result.out, f"there is a figure\n{result}")
