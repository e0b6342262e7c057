//! A program without an operating system, to try hone on: a Cortex-M3 that counts, sorts and hashes,
//! prints by semihosting and stops the emulator.
//!
//!     qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -nographic \
//!         -semihosting-config enable=on,target=native -kernel BIN
//!
//! The same for a RISC-V microcontroller, built with --target riscv32imac-unknown-none-elf:
//!
//!     qemu-system-riscv32 -machine sifive_e -nographic \
//!         -semihosting-config enable=on,target=native -kernel BIN
#![no_std]
#![no_main]

mod start;

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicU32, Ordering};
use start::{exit, Console};

/// Read-only data that is in flash only.
static WORDS: [&str; 8] = ["flash", "ram", "stack", "reset", "vector", "region", "linker", "hone"];

/// Data that is stored in flash and runs in RAM.
static SEED: AtomicU32 = AtomicU32::new(0x2545_f491);

/// Data that is in RAM only.
static mut SORTED: [u32; 256] = [0; 256];

fn next() -> u32 {
    let mut x = SEED.load(Ordering::Relaxed);
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    SEED.store(x, Ordering::Relaxed);
    x
}

/// A generic function with two instances.
fn sort<T: PartialOrd + Copy>(v: &mut [T]) {
    for i in 1..v.len() {
        let mut k = i;
        while k > 0 && v[k] < v[k - 1] {
            v.swap(k, k - 1);
            k -= 1;
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc, &b| {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

#[derive(Debug)]
#[allow(dead_code)] // {:?} reads the fields
struct Summary<'a> {
    smallest: u32,
    largest: u32,
    first_word: &'a str,
    ratio: Option<f32>,
}

fn run(out: &mut Console) -> fmt::Result {
    // SAFETY: there is one thread, and no interrupt touches it.
    let numbers = unsafe { &mut *core::ptr::addr_of_mut!(SORTED) };
    for n in numbers.iter_mut() {
        *n = next();
    }
    sort(numbers);
    let mut words = WORDS;
    sort(&mut words);
    let total = words.iter().fold(0, |sum, w| sum ^ crc32(w.as_bytes()));
    let summary = Summary {
        smallest: numbers[0],
        largest: numbers[255],
        first_word: words[0],
        ratio: Some(numbers[0] as f32 / numbers[255] as f32),
    };
    writeln!(out, "crc {total:08x} of {} words", words.len())?;
    writeln!(out, "{summary:?}")
}

fn main() -> ! {
    let mut out = Console;
    let code = i32::from(run(&mut out).is_err());
    exit(code)
}

#[panic_handler]
fn panicked(info: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Console, "{info}");
    exit(101)
}
