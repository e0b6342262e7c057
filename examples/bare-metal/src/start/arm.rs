//! Cortex-M: from the reset vector to main, and Arm's way to the emulator.

use core::arch::{asm, global_asm};

// The initial stack pointer, and the handlers that this program has: reset, and one for all faults.
global_asm!(
    ".section .vectors, \"a\"",
    ".word stack_top",
    ".word reset",
    ".rept 14",
    ".word fault",
    ".endr",
    ".text",
);

extern "C" {
    static mut data_start: u32;
    static mut data_end: u32;
    static data_load: u32;
    static mut bss_start: u32;
    static mut bss_end: u32;
}

#[no_mangle]
unsafe extern "C" fn reset() -> ! {
    // In assembly, so that the compiler cannot make a call of memcpy out of it before there is memory.
    asm!(
        "0: cmp {to}, {end}", "bhs 1f", "ldr {x}, [{from}], #4", "str {x}, [{to}], #4", "b 0b", "1:",
        to = inout(reg) core::ptr::addr_of_mut!(data_start) => _,
        end = in(reg) core::ptr::addr_of_mut!(data_end),
        from = inout(reg) core::ptr::addr_of!(data_load) => _,
        x = out(reg) _,
    );
    asm!(
        "0: cmp {to}, {end}", "bhs 1f", "str {zero}, [{to}], #4", "b 0b", "1:",
        to = inout(reg) core::ptr::addr_of_mut!(bss_start) => _,
        end = in(reg) core::ptr::addr_of_mut!(bss_end),
        zero = in(reg) 0,
    );
    crate::main()
}

pub fn semihost(operation: usize, argument: usize) {
    // SAFETY: the emulator reads what argument points to and changes r0 only.
    unsafe { asm!("bkpt #0xab", inout("r0") operation => _, in("r1") argument) }
}
