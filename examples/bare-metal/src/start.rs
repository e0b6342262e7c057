//! What the program needs of its device: a start, a console and an end. All by semihosting.

use core::fmt;

#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "arm")]
use arm::semihost;
#[cfg(target_arch = "riscv32")]
mod riscv;
#[cfg(target_arch = "riscv32")]
use riscv::semihost;

#[no_mangle]
extern "C" fn fault() -> ! {
    exit(102)
}

const SYS_WRITE0: usize = 0x04;
const SYS_EXIT_EXTENDED: usize = 0x20;
const STOPPED_BY_APPLICATION: usize = 0x20026;

/// Text to the emulator's terminal.
pub struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let mut buffer = [0u8; 64];
        for part in s.as_bytes().chunks(buffer.len() - 1) {
            buffer[..part.len()].copy_from_slice(part);
            buffer[part.len()] = 0;
            semihost(SYS_WRITE0, buffer.as_ptr() as usize);
        }
        Ok(())
    }
}

pub fn exit(code: i32) -> ! {
    let block = [STOPPED_BY_APPLICATION, code as usize];
    loop {
        semihost(SYS_EXIT_EXTENDED, block.as_ptr() as usize);
    }
}
