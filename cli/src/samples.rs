//! The samples of a home: brought in by edits, loaded for the engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audio_engine::Samples;
use peer::samples::{Recording, SampleStore, gather, record_file};
use score::lower::lower_first_scene;
use score::{Program, Score};

use crate::desk::Desk;
use crate::failure::Outcome;
use crate::home_folder::home_folder;
use crate::output;
use crate::words::{Brought, BroughtFiles, sample_file};

/// The files that edits bring in, ready to be stored.
#[derive(Default)]
pub(crate) struct Incoming {
    recordings: BTreeMap<String, Recording>,
}

impl Incoming {
    /// Reads every file that the edits name. Nothing is stored.
    pub(crate) async fn read(edits: &[Vec<String>]) -> Outcome<Self> {
        let mut recordings = BTreeMap::new();
        for file in edits.iter().filter_map(|words| sample_file(words)) {
            if !recordings.contains_key(file) {
                recordings.insert(file.to_owned(), record_file(Path::new(file)).await?);
            }
        }
        Ok(Self { recordings })
    }

    /// What edits need to know of the files.
    pub(crate) fn files(&self) -> BroughtFiles {
        let brought = |recording: &Recording| Brought {
            hash: recording.hash,
            frames: recording.frames,
            channels: recording.channels,
            bytes: recording.flac.len() as u64,
        };
        self.recordings.iter().map(|(file, recording)| (file.clone(), brought(recording))).collect()
    }

    /// Stores them, before anybody is told of them.
    pub(crate) fn store(&self, desk: &mut Desk) -> Outcome<Stored> {
        if self.recordings.is_empty() {
            return Ok(Stored::default());
        }
        let store = SampleStore::at(desk.peer()?.home());
        let mut added = Vec::new();
        for recording in self.recordings.values() {
            let was_there = store.has(recording.hash);
            store.put(&recording.flac)?;
            if !was_there {
                added.push(recording.hash);
            }
        }
        Ok(Stored { store: Some(store), added })
    }
}

/// Samples that were added to the home.
#[derive(Default)]
pub(crate) struct Stored {
    store: Option<SampleStore>,
    added: Vec<score::id::SampleHash>,
}

impl Stored {
    /// Takes those away again that a session does not know: the edits that were to tell it have failed.
    pub(crate) fn forget_unknown(&self, score: &Score) {
        let Some(store) = &self.store else { return };
        self.added
            .iter()
            .filter(|hash| !score.samples.contains_key(hash))
            .for_each(|&hash| store.forget(hash));
    }
}

/// The samples that a program plays, from the player's home. Says once of each that is missing why.
pub(crate) async fn load(desk: &mut Desk, score: &Score, program: &Program) -> Outcome<Samples> {
    if program.tracks.iter().all(|track| track.sample.is_none()) {
        return Ok(Samples::new());
    }
    let store = SampleStore::at(desk.peer()?.home());
    let gathered = gather(&store, score, program).await;
    gathered.missing.iter().for_each(|missing| output::note(&missing.to_string()));
    Ok(gathered.samples)
}

/// The stored form of the samples that a session plays, to be carried to other homes. Says of each that is missing why.
pub(crate) fn carried(home: Option<&PathBuf>, score: &Score) -> Outcome<Vec<Vec<u8>>> {
    let program = lower_first_scene(score);
    let mut hashes: Vec<_> = program.tracks.iter().filter_map(|track| track.sample).collect();
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let store = SampleStore::at(&home_folder(home.map(PathBuf::as_path))?);
    let mut carried = Vec::new();
    for hash in hashes {
        let name = score.samples.get(&hash).map_or("without a name", |sample| sample.name.as_str());
        match store.get(hash, name) {
            Ok(flac) => carried.push(flac),
            Err(missing) => output::note(&missing.to_string()),
        }
    }
    Ok(carried)
}
