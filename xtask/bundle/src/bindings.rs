//! From a compiled module to what a browser can instantiate.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

/// A module and the script that joins it to the browser.
pub(crate) struct Bound {
    pub(crate) script: String,
    pub(crate) module: Vec<u8>,
}

/// Writes the bindings of a module that was compiled with `wasm-bindgen`; the script loads it as `<name>_bg.wasm` beside it.
///
/// `is_shared` says that another module of the same program joins it.
pub(crate) fn bind(name: &str, module: Vec<u8>, is_shared: bool) -> anyhow::Result<Bound> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, module).web(true)?.typescript(false);
    // Otherwise whoever loads the script would have to say where the module is.
    bindgen.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    // What the later part of a module shares with the first it takes from the first one's exports.
    bindgen.keep_lld_exports(is_shared);
    let mut output = bindgen.generate_output().with_context(|| format!("cannot bind {name}"))?;
    let inline =
        output.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(package, _)| package);
    let scripts: Vec<&String> = inline.chain(output.local_modules().keys()).collect();
    if !scripts.is_empty() {
        // They would be further files to load, one round trip each.
        bail!("{name} brings scripts of its own, for which the bundle has no place: {scripts:?}");
    }
    let module = output.wasm_mut().emit_wasm();
    Ok(Bound { script: output.js().to_owned(), module })
}

/// What our compiler's modules use, and every browser has. "All features" would be written in encodings that no browser reads.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Makes a module faster with `wasm-opt`, where this machine has one. Not for modules made to be small: what it saves in them it
/// loses again in compressing.
pub(crate) fn optimise(module: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let has_optimiser = Command::new("wasm-opt").arg("--version").stdout(Stdio::null()).status();
    if !has_optimiser.is_ok_and(|status| status.success()) {
        return Ok(module);
    }
    let folder = std::env::temp_dir().join(format!("offbeat-bundle-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let optimised = run_optimiser(&folder, &module);
    std::fs::remove_dir_all(&folder).ok();
    // An optimiser of another age may not know what the compiler wrote; the module is good without it.
    Ok(optimised?.unwrap_or(module))
}

fn run_optimiser(folder: &Path, module: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let (from, to) = (folder.join("in.wasm"), folder.join("out.wasm"));
    std::fs::write(&from, module)?;
    let mut command = Command::new("wasm-opt");
    command.arg("-O3").args(FEATURES).arg(&from).arg("-o").arg(&to).stderr(Stdio::null());
    if !command.status().context("cannot start wasm-opt")?.success() {
        return Ok(None);
    }
    Ok(Some(std::fs::read(&to)?))
}
