#!/usr/bin/env bash
# RUSTC_WRAPPER set to nothing, cargo's way to switch a wrapper off, also switches off what cargo remembers of rustc.
#
# Guess:    an empty RUSTC_WRAPPER is the same as none where no wrapper is configured; a wrapper that exists costs more.
# Versions: cargo and rustc 1.95.0, x86-64 Linux.
# Seen:     a second `cargo build` with nothing to do starts rustc 0 times: version and target facts come from
#           target/.rustc_info.json. With RUSTC_WRAPPER= or RUSTC_WORKSPACE_WRAPPER= (empty) it starts rustc 3 times, at
#           each call again, and the file is neither read nor written; `cargo metadata` does, too. With a wrapper that
#           exists (/usr/bin/env) it is 0 times again from the second call on.
# Matters:  CI configurations and tools set the variable to nothing to get rid of a sccache of the machine; every cargo
#           call is slower by three starts of rustc then (with rustup's proxies some 70 ms). Leave it unset instead where
#           nothing names a wrapper.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER

changed() {
	echo "changed: $*"
	exit 1
}

mkdir -p app/src bin
printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[profile.release]\n' >app/Cargo.toml
echo 'fn main() {}' >app/src/main.rs

# A rustc in front of the real one, which counts.
real=$(rustup which rustc)
printf '#!/bin/sh\necho x >>%s/calls\nexec %s "$@"\n' "$work" "$real" >bin/rustc
chmod 755 bin/rustc
export PATH="$work/bin:$PATH"

# calls VARIABLE: how often rustc is started by a second build, with nothing to do
calls() {
	(cd app && env "$1" cargo build --release --quiet --offline)
	: >calls
	(cd app && env "$1" cargo build --release --quiet --offline)
	wc -l <calls
}

none=$(calls A=)
wrapper=$(calls RUSTC_WRAPPER=)
workspace=$(calls RUSTC_WORKSPACE_WRAPPER=)
real_one=$(calls RUSTC_WRAPPER=/usr/bin/env)
echo "starts of rustc: $none without the variable, $wrapper with RUSTC_WRAPPER=, $workspace with" \
	"RUSTC_WORKSPACE_WRAPPER=, $real_one with RUSTC_WRAPPER=/usr/bin/env"
[ "$none" -eq 0 ] || changed "nothing is remembered at all"
[ "$wrapper" -gt 0 ] || changed "an empty RUSTC_WRAPPER is as none"
[ "$workspace" -gt 0 ] || changed "an empty RUSTC_WORKSPACE_WRAPPER is as none"
[ "$real_one" -eq 0 ] || changed "a real wrapper is not remembered"
