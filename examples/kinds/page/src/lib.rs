//! The library as a module for a page, without any generator: `use.mjs` loads it.

/// Room for `n` bytes, which `page_different` takes over.
#[no_mangle]
pub extern "C" fn page_room(n: usize) -> *mut u8 {
    Box::leak(vec![0u8; n].into_boxed_slice()).as_mut_ptr()
}

/// # Safety
/// `text` came from `page_room(n)` and was not given away yet.
#[no_mangle]
pub unsafe extern "C" fn page_different(text: *mut u8, n: usize) -> usize {
    // SAFETY: the caller's promise.
    let bytes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(text, n)) };
    textkit::different(&String::from_utf8_lossy(&bytes))
}
