#!/usr/bin/env bash
# A program that a build script embeds (artifact build dependency) is built at opt-level 0 in release, for any target.
#
# Guess:    an artifact is made to be shipped: it gets the release profile, above all where `target` names another machine.
# Versions: cargo 1.95.0 with -Zbindeps (by RUSTC_BOOTSTRAP=1).
# Seen:     in [build-dependencies] artifact = "bin" gives opt-level 0, with lto = "fat" of the release profile; so does
#           target = "target" or a target by name, where the unit is no host unit any more. In [dependencies] it is 3. A
#           level in [profile.release.package.NAME] helps. (Read from the unit graph, nothing is built.)
# Matters:  firmware, eBPF objects, WebAssembly modules and bootloaders that a program carries are what build scripts
#           embed: they ship unoptimized in a release build, and take the time of a fat LTO for it.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL

changed() {
	echo "changed: $*"
	exit 1
}

export RUSTC_BOOTSTRAP=1
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p src helper/src
echo 'fn main() {}' | tee src/main.rs helper/src/main.rs build.rs >all.log
printf '[package]\nname = "helper"\nversion = "0.1.0"\nedition = "2021"\n' >helper/Cargo.toml
# level KIND KEYS LINES: opt-level, lto and platform of the helper as a dependency of that kind
level() {
	printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[profile.release]\nlto = "fat"\n%s\n' "$3" >Cargo.toml
	printf '[%s]\nhelper = { path = "helper", artifact = "bin"%s }\n' "$1" "$2" >>Cargo.toml
	cargo build --release --target "$host" -Zbindeps --unit-graph -Zunstable-options >graph.json 2>cargo.log || {
		cat cargo.log
		changed "no unit graph"
	}
	python3 - <<'END'
import json
for unit in json.load(open("graph.json"))["units"]:
    if unit["target"]["name"] == "helper":
        print(unit["profile"]["opt_level"], unit["profile"]["lto"], "target" if unit["platform"] else "host")
END
}
# is EXPECTED KIND KEYS [LINES]
is() {
	local seen
	seen=$(level "$2" "$3" "${4:-}")
	[ "$seen" = "$1" ] || changed "$2$3${4:+, $4}: $seen"
}
is '3 fat target' dependencies ''
is '0 fat host' build-dependencies ''
is '0 fat target' build-dependencies ', target = "target"'
is '0 fat target' build-dependencies ", target = \"$host\""
is '3 fat target' build-dependencies ', target = "target"' $'[profile.release.package.helper]\nopt-level = 3'
echo "artifact of a build dependency: opt-level 0 and fat LTO, for the target, too; of a dependency: 3"
