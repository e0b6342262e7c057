//! RISC-V: from the first instruction to main, and the way to the emulator.

use core::arch::{asm, global_asm};

// Labels are all that assembly needs: these functions have neither a type nor a size.
global_asm!(
    ".section .start, \"ax\"",
    ".globl _start",
    "_start:",
    "la t0, trap",
    "csrw mtvec, t0",
    "la sp, stack_top",
    "la a0, data_start",
    "la a1, data_end",
    "la a2, data_load",
    "1: bgeu a0, a1, 2f",
    "lw t0, 0(a2)",
    "sw t0, 0(a0)",
    "addi a0, a0, 4",
    "addi a2, a2, 4",
    "j 1b",
    "2: la a0, bss_start",
    "la a1, bss_end",
    "3: bgeu a0, a1, 4f",
    "sw zero, 0(a0)",
    "addi a0, a0, 4",
    "j 3b",
    "4: call enter",
    ".balign 4",
    ".globl trap",
    "trap:",
    "la sp, stack_top",
    "call fault",
    ".text",
);

#[no_mangle]
extern "C" fn enter() -> ! {
    crate::main()
}

pub fn semihost(operation: usize, argument: usize) {
    // SAFETY: the emulator reads what argument points to and changes a0 only.
    unsafe {
        asm!(
            ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument,
        )
    }
}
