//! Stems: each track for itself, as it goes into the mix.

use std::fs;
use std::path::Path;

use score::Program;
use score::program::Span;
use serde::Serialize;

use crate::failure::Outcome;
use crate::output;
use crate::sound_file::SoundFormat;

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

/// The program with one track heard alone, through its own strip. The others play on unheard, so that hats choke and voices
/// are stolen as in the mix; the master's effects are left out, for they work on the sum.
pub(super) fn alone(program: &Program, index: usize) -> Program {
    let mut program = program.clone();
    program.master = Span::default();
    for (at, track) in program.tracks.iter_mut().enumerate() {
        track.mute |= at != index;
    }
    program
}

/// Makes the folder, and those that it lies in, unless they are there.
pub(super) fn make_folder(folder: &Path) -> Outcome {
    let failed =
        |error| anyhow::Error::new(error).context(format!("could not make the folder {}", folder.display()));
    Ok(fs::create_dir_all(folder).map_err(failed)?)
}

/// A name that every file system takes, and that no other stem has: its number comes first, and what is neither a letter nor a
/// digit is replaced.
pub(super) fn file_name(number: usize, name: &str, format: SoundFormat) -> String {
    let safe = |c: char| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    let name = name.trim();
    let between = if name.is_empty() { "" } else { " " };
    format!("{number:02}{between}{name}.{}", format.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        let named = |number, name| file_name(number, name, SoundFormat::Flac);
        assert_eq!(named(1, "Kick"), "01 Kick.flac");
        assert_eq!(named(12, "../../etc/passwd"), "12 ______etc_passwd.flac");
        assert_eq!(named(3, "a:b*c?\\\u{202e}.wav "), "03 a_b_c____wav.flac");
        assert_eq!(named(4, "  "), "04.flac");
        assert_eq!(named(5, "Bässe 低音"), "05 Bässe 低音.flac");
        assert!(named(16, &"低".repeat(32)).len() < 255);
    }
}
