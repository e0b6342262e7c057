#!/usr/bin/env bash
# strip = "symbols" takes the texts of defmt's log away, and saves a device nothing: they are names in the symbol table.
#
# Guess:    the texts are in section .defmt, which no strip removes (it is none of debug information).
# Versions: defmt 1.2.0, defmt-decoder 1.1.0, cortex-m-rt 0.7.7, rustc 1.95.0, target thumbv7m-none-eabi.
# Seen:     the section is there in all three files, a byte for each text. With strip = "none" and "debuginfo" the
#           decoder finds both texts ("debuginfo" loses their files and lines); with "symbols" it ends with
#           "`.defmt` section found, but no version symbol - check your linker configuration", though the linker's
#           configuration is right. .text, .rodata and .data, all that is flashed, are equal in the three files.
# Matters:  `strip = true` of the size recipes is copied into firmware, where the log then cannot be read, and the
#           flash is what it was.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET

changed() {
	echo "changed: $*"
	exit 1
}
rustup target add thumbv7m-none-eabi >/dev/null 2>&1 || { echo "skipped: no libraries for thumbv7m-none-eabi"; exit 77; }

mkdir -p device/src device/.cargo host/src
cat >device/Cargo.toml <<'END'
[package]
name = "device"
version = "0.1.0"
edition = "2021"
[dependencies]
cortex-m = { version = "=0.7.10", features = ["critical-section-single-core"] }
cortex-m-rt = "=0.7.7"
defmt = "=1.2.0"
defmt-semihosting = "=0.3.0"
panic-halt = "=1.0.0"
[profile.release]
opt-level = "s"
lto = true
codegen-units = 1
END
cat >device/.cargo/config.toml <<'END'
[build]
target = "thumbv7m-none-eabi"
[target.thumbv7m-none-eabi]
rustflags = ["-Clink-arg=-Tlink.x", "-Clink-arg=-Tdefmt.x"]
END
cat >device/memory.x <<'END'
MEMORY {
	FLASH : ORIGIN = 0x00000000, LENGTH = 256K
	RAM : ORIGIN = 0x20000000, LENGTH = 64K
}
END
cat >device/build.rs <<'END'
fn main() {
    println!("cargo::rustc-link-search={}", std::env::var("CARGO_MANIFEST_DIR").unwrap());
}
END
cat >device/src/main.rs <<'END'
#![no_std]
#![no_main]
use defmt_semihosting as _;
use panic_halt as _;

#[cortex_m_rt::entry]
fn main() -> ! {
    defmt::println!("started with {=u8}", 42);
    defmt::error!("a fault {}", 7u32);
    loop {
        cortex_m::asm::wfi();
    }
}
END
cat >host/Cargo.toml <<'END'
[package]
name = "host"
version = "0.1.0"
edition = "2021"
[dependencies]
defmt-decoder = "=1.1.0"
END
cat >host/src/main.rs <<'END'
fn main() {
    let file = std::env::args().nth(1).unwrap();
    match defmt_decoder::Table::parse(&std::fs::read(file).unwrap()) {
        Ok(Some(table)) => println!("{} texts", table.indices().count()),
        Ok(None) => println!("no table"),
        Err(error) => println!("{error}"),
    }
}
END
(cd host && cargo build -q)

# flashed FILE: the bytes of what is written into flash
flashed() {
	python3 - "$1" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
offset, = struct.unpack_from("<I", data, 28)
size, count = struct.unpack_from("<HH", data, 42)
for n in range(count):
    kind, at, _, address, bytes_, *_ = struct.unpack_from("<8I", data, offset + n * size)
    if kind == 1 and bytes_:
        print(hex(address), data[at:at + bytes_].hex())
END
}
for strip in none debuginfo symbols; do
	(cd device && DEFMT_LOG=info cargo build -q --release --config "profile.release.strip='$strip'")
	cp device/target/thumbv7m-none-eabi/release/device $strip
	flashed $strip >$strip.flash
	cmp -s none.flash $strip.flash || changed "strip = $strip changes what is flashed"
	readelf -S --wide $strip | grep -q ' \.defmt ' || changed "$strip: no section .defmt"
	texts=$(host/target/debug/host $strip)
	echo "$strip: $(stat -c %s $strip) bytes, $texts"
	case $strip in
		symbols) [[ $texts == *"no version symbol"* ]] || changed "$texts" ;;
		*) [ "$texts" = "2 texts" ] || changed "$texts" ;;
	esac
done
