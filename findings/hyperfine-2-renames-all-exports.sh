#!/usr/bin/env bash
# hyperfine 2 exports its results under other names: scripts that read .results[0].mean get null, and exit code 0.
#
# Guess:    a new major version changes options; the JSON and the CSV that scripts have read for years keep their names.
# Versions: hyperfine 2.0.0 (crates.io, needs rustc 1.97), hyperfine 1.15.0 (Debian 12), jq 1.6.
# Seen:     JSON: a result of 1.15 has command, mean, stddev, median, user, system, min, max, times, exit_codes; one of 2.0 has
#           command, measurements and summary. The mean is summary.time_wall_clock.mean now, the single times are
#           measurements[].time_wall_clock.value, and `jq '.results[0].mean'` prints null and ends with 0, where arithmetic
#           makes 0 of it. CSV: the second column is a unit, no longer the mean.
# Matters:  gates in CI that divide two means compare null with null and pass for ever; spreadsheets read "s" as a time. New is
#           the peak memory of each run, in bytes.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

changed() {
	echo "changed: $*"
	exit 1
}

skipped() {
	echo "skipped: $*"
	exit 77
}

# deb PACKAGE=VERSION...: the Debian 12 packages, unpacked here
deb() {
	local package
	for package in "$@"; do
		apt-get -qq download "$package" >>apt.log 2>&1 ||
			apt-get -qq download "${package%%=*}" >>apt.log 2>&1 || skipped "no $package"
	done
	for package in ./*.deb; do
		dpkg-deb -x "$package" root
	done
	export PATH=$work/root/usr/bin:$PATH
	export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
}

deb hyperfine=1.15.0-2 jq=1.6-2.1 libjq1=1.6-2.1 libonig5=6.9.8-1
rustup run 1.97.0 rustc -V >rustc.log 2>&1 || skipped "no rustc 1.97: rustup toolchain install 1.97.0 --profile minimal"
rustup run 1.97.0 cargo install hyperfine --version 2.0.0 --locked --root new --target-dir target >install.log 2>&1 ||
	skipped "hyperfine 2.0.0 cannot be installed"

hyperfine -N -r 5 --export-json old.json --export-csv old.csv true >old.log 2>&1
new/bin/hyperfine -N -r 5 --export-json new.json --export-csv new.csv true >new.log 2>&1

keys=$(jq -c '.results[0] | keys' old.json)
echo "1.15: $keys"
[[ $keys == *'"mean"'* && $keys == *'"times"'* ]] || changed "hyperfine 1.15 has $keys"
keys=$(jq -c '.results[0] | keys' new.json)
echo "2.0:  $keys"
[ "$keys" = '["command","measurements","summary"]' ] || changed "hyperfine 2.0 has $keys"

mean=$(jq '.results[0].mean' new.json) || changed "jq fails where a key is missing"
sum=$(jq '.results[0].mean + 0' new.json)
echo "what scripts read of 2.0: $mean, in a sum $sum"
[ "$mean $sum" = "null 0" ] || changed "there is a mean where it was: $mean"
jq -e '.results[0].summary.time_wall_clock.mean > 0 and .results[0].measurements[4].memory_peak_resident.value > 0' new.json >is.log ||
	changed "no mean below summary, or no memory"

old=$(head -1 old.csv | cut -d, -f2) new=$(tail -1 new.csv | cut -d, -f2)
echo "second column of the CSV: 1.15 $old, 2.0 holds $new"
[ "$old $new" = "mean s" ] || changed "columns of the CSV"
