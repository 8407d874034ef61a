//! The pattern in Chromium: by its own `OfflineAudioContext`, and by Offbeat's module.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use score::program::Program;
use serde_json::{Value, json};
use tests::{Page, Sound};

use crate::pattern::{self, Note, SECONDS};
use crate::processor_time;

const RENDERING: &str = include_str!("chromium.js");

/// How long one rendering may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(4);

/// A browser without a window, whose processor time is that of all its processes.
pub(crate) struct Browser {
    page: Page,
}

impl Browser {
    pub(crate) fn open() -> Result<Self> {
        let page = Page::chromium("the comparison of speeds", Sound::Off)?.with_patience(PATIENCE);
        page.opens("about:blank")?;
        Ok(Self { page })
    }

    /// By the browser's own units.
    pub(crate) fn render(&self, notes: &[Note], sampled: bool) -> Result<f64> {
        let notes: Vec<_> = notes.iter().map(|note| json!([note.track, note.start, note.hertz])).collect();
        let given = json!({"notes": notes, "tracks": pattern::TRACKS, "seconds": SECONDS});
        self.measure(if sampled { "sampled" } else { "native" }, &given)
    }

    /// By Offbeat's module.
    pub(crate) fn render_ours(&self, program: &Program, sampled: bool) -> Result<f64> {
        let mut image = Vec::new();
        score::program_image::write_image(program, &mut image);
        let given = json!({
            "module": BASE64.encode(&module()?), "image": BASE64.encode(&image), "seconds": SECONDS,
            "milliBpm": program.tempo.milli_bpm(), "recording": sampled.then_some(pattern::RECORDING),
        });
        self.measure("offbeat", &given)
    }

    fn measure(&self, what: &str, given: &Value) -> Result<f64> {
        let before = processor_time::of_descendants()?;
        self.page.looks(RENDERING, &[json!(what), given.clone()])?;
        let rendered = self.page.awaits("the rendered pattern", "return window.rendered ?? null", &[])?;
        let after = processor_time::of_descendants()?;
        ensure!(rendered["error"].is_null(), "{what}: {}", rendered["error"]);
        ensure!(rendered["peak"].as_f64() > Some(0.01), "silence costs nothing: {what}");
        Ok(after - before)
    }
}

/// The module that `cargo xtask web` has built.
fn module() -> Result<Vec<u8>> {
    let profile: PathBuf =
        std::env::current_exe()?.ancestors().nth(2).context("target/<profile>/deps")?.into();
    let path = profile.with_file_name("wasm32-unknown-unknown").join("web/ui_worklet.wasm");
    std::fs::read(&path).with_context(|| format!("{}: `cargo xtask web` builds it", path.display()))
}
