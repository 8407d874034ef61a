//! The listening page: every built-in instrument with a player and a spectrogram, for ears and eyes to judge.
//!
//! `cargo xtask dist sounds` makes it: one folder with `index.html`, a FLAC and a PNG per instrument, and nothing that is
//! fetched from a network. Each instrument plays a short phrase in its register ([`phrase`]) through the whole engine, as a
//! session would.
//!
//! ```text
//! catalogue -> phrase -> audio_engine::render -> recording (FLAC)
//!                                             -> spectrogram (PNG) -> page (HTML)
//! ```

mod page;
mod phrase;
mod recording;
mod spectrogram;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use score::catalogue::INSTRUMENTS;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("error: say which folder to write: listening FOLDER");
        return ExitCode::FAILURE;
    };
    match write(&folder) {
        Ok(()) => {
            println!("{}", folder.join("index.html").display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Renders every instrument and writes the page into `folder`, which is made where it is missing.
fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for instrument in &INSTRUMENTS {
        let samples = phrase::rendered(instrument)?;
        let name = page::file_name(instrument);
        put(folder, &format!("{name}.flac"), &recording::flac(&samples)?)?;
        put(folder, &format!("{name}.png"), &spectrogram::png(&samples, page::tint(instrument.family))?)?;
    }
    put(folder, "index.html", page::html().as_bytes())
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
