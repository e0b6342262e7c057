//! Puts the linker scripts where the linker looks for them.
fn main() {
    let mut here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let mut regions = "memory.x";
    if std::env::var("CARGO_CFG_TARGET_ARCH").unwrap() == "riscv32" {
        here.push_str("/riscv");
        regions = "regions.x";
    }
    println!("cargo:rustc-link-arg-bins=-T{here}/link.x");
    println!("cargo:rustc-link-arg-bins=-L{here}");
    println!("cargo:rerun-if-changed={here}/link.x");
    println!("cargo:rerun-if-changed={here}/{regions}");
}
