"""A workload whose command is QEMU: its plugin counts instructions, which decide. The emulators here are fakes that take
the option as QEMU does; tests/embedded has the real one."""

from harness import check

# Runs the program and writes its size as the count, or does what MODE says.
FAKE = """\
#!/bin/sh
[ "$1" = -plugin ] || exec "$@"
file=$(printf '%s' "${{2%,out=*}}" | sed 's/,,/,/g') out=$(printf '%s' "${{2#*,out=}}" | sed 's/,,/,/g')
shift 2
{mode}
[ -s "$file" ] || exit 9
"$@" || exit
stat -c %s "$1" >"$out"
"""
RUN = ["opt-level=1", "--run", "qemu-fake {bin} sum", "--rounds", "2"]
JSON = [*RUN, "--format", "json"]


def fake(box, mode=""):
    path = box.write("bin/qemu-fake", FAKE.format(mode=mode), 0o755)
    return {"PATH": f"{path.parent}:{box.env['PATH']}"}


def metrics(result):
    return {m["metric"]: m for m in result.json()["workloads"][0]["metrics"]}


def falls_back(result, *words):
    check("instructions (emulator)" not in result.out, str(result))
    check(all(w in result.out for w in ("Speed: qemu-fake", "are not counted", *words)), str(result))


def test_counts_decide(box):
    """Also where a comma is in the path, which stands twice in an option of QEMU's."""
    kit = box.kit("a,b,,c")
    result = box.run(kit, "try", *JSON, env=fake(box)).expect(0)
    metric = metrics(result)["emulated"]
    check(metric["primary"] and metric["unit"] == "count", str(metric))
    for trial, built in zip(metric["trials"], result.json()["trials"]):
        check(trial["samples"] == [built["size"]] * 2, f"{trial} is not {built['size']}")
    text = box.run(kit, "history", "1").expect(0, "instructions (emulator) decides")
    check("peak memory" not in text.out.split("Largest")[0].split("In the emulator")[1], str(text))


def test_other_versions(box):
    """The plugin is made for the version that this QEMU takes."""
    mode = 'case "$file" in *3.so) ;; *) echo "plugin requires API version 1, but this QEMU supports only 3" >&2; exit 1;; esac'
    check("emulated" in metrics(box.run(box.kit(), "try", *JSON, env=fake(box, mode)).expect(0)), "no count")


def test_takes_no_plugin(box):
    """Then times are compared, as before, and the emulator's own words say why."""
    mode = "echo \"qemu: unknown option 'plugin'\" >&2; exit 1"
    falls_back(box.run(box.kit(), "try", *RUN, env=fake(box, mode)).expect(0), "unknown option 'plugin'")


def test_no_compiler(box):
    """Nor is one of a C compiler that cannot make it."""
    env = fake(box)
    box.write("bin/cc", '#!/bin/sh\ncase "$*" in *count.c*) echo "no such luck" >&2; exit 1;; esac\nexec /usr/bin/cc "$@"\n', 0o755)
    falls_back(box.run(box.kit(), "try", *RUN, env=env).expect(0), "no such luck")


def test_leaves_no_count(box):
    """A run that ends well and has counted nothing is none."""
    falls_back(box.run(box.kit(), "try", *RUN, env=fake(box, 'exec "$@"')).expect(0))
