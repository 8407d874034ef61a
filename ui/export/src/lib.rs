//! A page's files to take elsewhere, made in a worker of their own: it is loaded when somebody exports, renders as fast as the
//! machine goes, and disturbs neither the interface nor the session. What the files hold is [`export`]'s.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use js_sys::{Array, Function, Uint8Array};
use score::Score;
use view::ExportFormat;
use wasm_bindgen::prelude::*;

/// Makes a file of a session: its name, its bytes, and what was left out, in an array. `score` is postcard of a [`Score`],
/// `session` the session's id or nothing, `format` the place in [`ExportFormat::ALL`]. `progress` is told how much is done, 0..=1.
///
/// # Errors
/// Why there is none, to read.
#[wasm_bindgen]
pub fn make(score: &[u8], session: &str, format: u8, progress: &Function) -> Result<Array, String> {
    let unknown = || "The page sent something that its exporter does not know; reload it.".to_owned();
    let score: Score = view::host::decode(score).map_err(|_| unknown())?;
    let format = *ExportFormat::ALL.get(usize::from(format)).ok_or_else(unknown)?;
    let mut watch = |done: f32| {
        // Whoever does not listen stops nothing.
        progress.call1(&JsValue::NULL, &done.into()).ok();
        ControlFlow::Continue(())
    };
    // A page has no recordings: tracks that play some are silent, and the player is told so where the file holds sound.
    let none = BTreeMap::default();
    let exported = export::export(&score, session.parse().ok(), format, &none, &mut watch);
    let mut exported = exported.map_err(|error| format!("There is no file: {error}."))?;
    if matches!(format, ExportFormat::Wav | ExportFormat::Stems) {
        exported.left_out.extend(export::lacking(&score, &none));
    }
    let bytes = Uint8Array::from(exported.bytes.as_slice());
    Ok(Array::of3(&exported.name.into(), &bytes.into(), &exported.left_out.join("; ").into()))
}
