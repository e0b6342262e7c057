#!/bin/sh
# Builds the recipes of a project by nothing but cargo: no code of hone takes part.
# Usage: literal.sh SOURCE PROJECT OUT BIN [RECIPE...]
#   SOURCE   the pristine source; not touched
#   PROJECT  where a fresh copy of it is put for each recipe. The path matters: debug information holds
#            it, so hone's own builds have to happen at the same one.
#   OUT      target folders, finished binaries and results.tsv (recipe, bytes, sha256, commands)
#   BIN      the binary to build
# LITERAL_TARGET_DIR names another target folder, for a program that embeds the folder it was built in.
# It must not exist.
#
# Usage: literal.sh --keys RECIPE CARGO_TOML   only writes the keys of a recipe into a manifest
set -eu

# The keys of a recipe, one a line, as they are published.
keys() {
	case $1 in
	baseline) ;;
	small) printf '%s\n' 'opt-level = "z"' 'lto = true' 'codegen-units = 1' 'panic = "abort"' 'strip = "debuginfo"' ;;
	fast) printf '%s\n' 'opt-level = 3' 'lto = "fat"' 'codegen-units = 1' 'panic = "abort"' ;;
	balanced) printf '%s\n' 'opt-level = "s"' 'lto = "fat"' 'codegen-units = 1' 'panic = "abort"' 'strip = "symbols"' ;;
	*) echo "literal.sh: no recipe $1" >&2; exit 2 ;;
	esac
}

# Writes the keys into [profile.release] of a Cargo.toml: a line with the same key goes, the others
# stay; the table is appended when there is none.
write_keys() {
	keys "$2" >"$out/keys"
	awk -v keys="$out/keys" '
		function put(   line) { while ((getline line < keys) > 0) print line; close(keys); done = 1 }
		BEGIN { while ((getline line < keys) > 0) { split(line, part, " "); set[part[1]] = 1 } close(keys) }
		/^[ \t]*\[/ { inside = ($0 ~ /^[ \t]*\[profile\.release\]/) }
		inside && /=/ { key = $0; sub(/[ \t]*=.*/, "", key); sub(/^[ \t]*/, "", key); if (key in set) next }
		{ print }
		inside && /^[ \t]*\[profile\.release\]/ { put() }
		END { if (!done) { print ""; print "[profile.release]"; put() } }
	' "$1" >"$out/Cargo.toml"
	cat "$out/Cargo.toml" >"$1"
}

if [ "$1" = --keys ]; then
	out=$(mktemp -d)
	write_keys "$3" "$2"
	rm -r "$out"
	exit 0
fi
source=$1 project=$2 out=$3 bin=$4
shift 4
[ $# -gt 0 ] || set -- baseline small fast balanced

mkdir -p "$out"
touch "$out/results.tsv"
for recipe in "$@"; do
	rm -rf "$project"
	mkdir -p "$(dirname "$project")"
	cp -R "$source" "$project"
	edit=
	if [ "$recipe" != baseline ]; then
		write_keys "$project/Cargo.toml" "$recipe"
		edit="[profile.release] $(keys "$recipe" | paste -s -d ';' | sed 's/;/; /g') && "
	fi
	target=${LITERAL_TARGET_DIR:-$out/target}
	if [ -e "$target" ]; then
		echo "literal.sh: $target exists" >&2
		exit 1
	fi
	(cd "$project" && cargo build --release --locked --bin "$bin" --target-dir "$target")
	cp "$target/release/$bin" "$out/$bin-$recipe"
	rm -rf "$target"
	size=$(wc -c <"$out/$bin-$recipe")
	sha256=$(sha256sum "$out/$bin-$recipe" | cut -d ' ' -f 1)
	grep -v "^$recipe	" "$out/results.tsv" >"$out/results.new" || true
	printf '%s\t%s\t%s\t%s\n' "$recipe" "$size" "$sha256" "${edit}cargo build --release --locked --bin $bin" >>"$out/results.new"
	mv "$out/results.new" "$out/results.tsv"
	echo "$recipe: $size bytes, sha256 $sha256"
done
rm -f "$out/keys" "$out/Cargo.toml"
