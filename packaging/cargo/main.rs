//! cargo-hone is a C program: this only hands over. Rust's own start-up code is left out, as it would
//! change how signals act, for hone and for all that it starts.
#![no_main]

use std::ffi::{c_char, c_int};

// What the C code links with.
use libsqlite3_sys as _;
use libz_sys as _;
use zstd_sys as _;

extern "C" {
    fn hone_main(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

#[no_mangle]
pub extern "C" fn main(argc: c_int, argv: *mut *mut c_char) -> c_int {
    unsafe { hone_main(argc, argv) }
}
