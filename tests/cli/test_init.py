"""cargo hone init, and hone.toml as `try` reads it."""

from harness import KIT_MANIFEST, check


def test_init_writes_once(box):
    kit = box.kit(**{"tests/data/input.txt": "some words\n" * 50})
    shown = box.good(kit, ["init", "--print"])
    for part in ("[[workload]]", 'bin = "kit"', "{bin} tests/data/input.txt", "kind = \"service\""):
        check(part in shown.out, f"{part} is missing\n{shown}")
    check(not (kit / "hone.toml").exists(), "--print wrote a file")
    wrote = box.run(kit, "init")
    check(wrote.code == 0 and (kit / "hone.toml").read_text() == shown.out, f"not what was printed\n{wrote}")
    box.bad(kit, ["init"], 1, "hone.toml exists already", "--print")


def test_init_sees_a_server(box):
    kit = box.kit(manifest=KIT_MANIFEST + "\n[dependencies]\ntiny_http = { path = 'tiny_http' }\n", **{
        "tiny_http/Cargo.toml": "[package]\nname = 'tiny_http'\nversion = '0.1.0'\n",
        "tiny_http/src/lib.rs": ""})
    shown = box.good(kit, ["init", "--print"])
    check(shown.out.index("uses tiny_http") < shown.out.index('name = "typical"'), f"the service is not first\n{shown}")


def test_init_for_a_device(box):
    """A program without an operating system is run by an emulator: the project's own runner, where it names one."""
    kit = box.kit()
    target = ["--target", "thumbv7m-none-eabi"]
    shown = box.good(kit, ["init", "--print", *target])
    check("qemu-system-arm " in shown.out and "--version" not in shown.out and "service" not in shown.out, f"{shown}")
    box.write("kit/.cargo/config.toml", "[target.thumbv7m-none-eabi]\nrunner = 'my-emulator -x'\n")
    shown = box.good(kit, ["init", "--print", *target])
    check('# run = "my-emulator -x {bin}"' in shown.out, f"{shown}")


def test_every_example_in_the_file_parses(box):
    """What init comments out is accepted once the # is gone."""
    bench = 'fn main() { println!("test x ... bench: 1 ns/iter (+/- 0)"); }\n'
    kit = box.kit(manifest=KIT_MANIFEST + "\n[[bench]]\nname = 'speed'\nharness = false\n", **{"benches/speed.rs": bench})
    text = box.good(kit, ["init", "--print"]).out
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        if bare.startswith("[") or " = " in bare:
            lines.append(bare.replace('stdin = "input.txt"', 'stdin = "Cargo.toml"'))
    check('bench = "speed"' in lines, text)
    (kit / "hone.toml").write_text("\n".join(lines) + "\n")
    # It gets as far as running the program: wrk may not be there, but no line is refused.
    result = box.run(kit, "try", "baseline", "--rounds", "1")
    check("hone.toml:" not in result.err, f"{result}")


def test_mistake_in_the_file(box):
    kit = box.kit(**{"hone.toml": "[[workload]]\nname = 'x'\nrun = '{bin}'\nwieght = 2\n"})
    box.bad(kit, ["try"], 1, "hone.toml:4:", "wieght", "help:", "weight")
