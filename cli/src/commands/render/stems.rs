//! Stems: each track for itself, as it goes into the mix.

use std::fs;
use std::path::Path;

use score::Program;
use serde::Serialize;

use crate::failure::Outcome;
use crate::output;

/// A stem, as `--json` prints it.
#[derive(Serialize)]
pub(super) struct Stem {
    /// The track's place in the players' order, from 1.
    pub(super) track: usize,
    pub(super) name: String,
    pub(super) file: String,
    pub(super) blake3: String,
}

/// A track that becomes a stem.
pub(super) struct Heard {
    /// Its place in the players' order, from 1.
    pub(super) number: usize,
    pub(super) name: String,
}

/// The playing tracks that are not muted. Says which are.
pub(super) fn heard(program: &Program, names: Vec<String>) -> Vec<Heard> {
    let mut heard = Vec::new();
    for (at, (track, name)) in program.tracks.iter().zip(names).enumerate() {
        if track.mute {
            output::note(&format!("track {} ({name}) is muted: it has no stem", at + 1));
        } else {
            heard.push(Heard { number: at + 1, name });
        }
    }
    heard
}

/// Makes the folder, and those that it lies in, unless they are there.
pub(super) fn make_folder(folder: &Path) -> Outcome {
    let failed =
        |error| anyhow::Error::new(error).context(format!("could not make the folder {}", folder.display()));
    Ok(fs::create_dir_all(folder).map_err(failed)?)
}
