//! Puts the linker scripts where the linker looks for them.
fn main() {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    println!("cargo:rustc-link-arg-bins=-T{here}/link.x");
    println!("cargo:rustc-link-arg-bins=-L{here}");
    println!("cargo:rerun-if-changed=link.x");
    println!("cargo:rerun-if-changed=memory.x");
}
