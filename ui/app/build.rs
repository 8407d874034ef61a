//! The module is linked with its relocations: the bundle splits it by them.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut cargo = io::stdout();
    writeln!(cargo, "cargo:rerun-if-changed=build.rs")?;
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        writeln!(cargo, "cargo:rustc-link-arg-cdylib=--emit-relocs")?;
    }
    Ok(())
}
