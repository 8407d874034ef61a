//! From a player's file to a stored sample, and from a session's samples to what the engine plays.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use audio_engine::{Sample, SampleData, Samples};
use score::id::SampleHash;
use score::{Program, Score};

use super::apart::{Frames, Kind, decode_apart};
use super::store::{MAX_STORED_BYTES, SampleStore};
use super::{SampleError, flac};

/// Largest file that is brought in: 30 s of stereo at 192 kHz in 32 bits fit.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// A file as it will be stored.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The hash of `flac`.
    pub hash: SampleHash,
    /// What is stored.
    pub flac: Vec<u8>,
    /// Length in frames of 48 kHz.
    pub frames: u64,
    /// 1 or 2.
    pub channels: u8,
}

/// Reads a WAV, FLAC, MP3 or Ogg Vorbis file of at most 30 s. Nothing is stored.
///
/// # Errors
/// When it cannot be read, is too large or too long, broken, lies about its length, or is something else.
pub async fn record_file(path: &Path) -> Result<Recording, SampleError> {
    let refused = |reason: String| SampleError::Refused { what: path.display().to_string(), reason };
    let place = path.to_owned();
    let bytes = tokio::task::spawn_blocking(move || read(&place)).await;
    let bytes = bytes.map_err(|error| refused(error.to_string()))??;
    let Frames { channels, samples } = decode_apart(bytes, Kind::File).await?.map_err(refused)?;
    let flac = tokio::task::spawn_blocking(move || {
        flac::encode(&samples, channels).map(|flac| (flac, samples.len() / channels))
    });
    let (flac, frames) = flac.await.map_err(|error| refused(error.to_string()))?.map_err(refused)?;
    if flac.len() > MAX_STORED_BYTES {
        return Err(SampleError::Bulky { path: path.to_owned(), bytes: flac.len() });
    }
    let hash = SampleHash(*blake3::hash(&flac).as_bytes());
    Ok(Recording { hash, flac, frames: frames as u64, channels: channels as u8 })
}

fn read(path: &Path) -> Result<Vec<u8>, SampleError> {
    let about = std::fs::metadata(path).map_err(SampleError::io("read", path))?;
    if !about.is_file() {
        return Err(SampleError::NotAFile(path.to_owned()));
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(SampleError::TooLarge { path: path.to_owned(), bytes: about.len(), max: MAX_FILE_BYTES });
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(SampleError::io("read", path))?;
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(SampleError::io("read", path))?;
    Ok(bytes)
}

/// The recordings of a program.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Those at hand.
    pub samples: Samples,
    /// Why others are not, each once and in the order of the tracks.
    pub missing: Vec<SampleError>,
}

/// Loads the recordings that a program plays; `score` says what they are called and where they are cut.
pub async fn gather(store: &SampleStore, score: &Score, program: &Program) -> Gathered {
    let mut gathered = Gathered::default();
    let mut seen = BTreeSet::new();
    for hash in program.tracks.iter().filter_map(|track| track.sample) {
        if !seen.insert(hash) {
            continue;
        }
        let name = score.samples.get(&hash).map_or("without a name", |sample| sample.name.as_str());
        match load(store, hash, name).await {
            Ok(data) => {
                let cuts = score.slices.get(&hash).map_or(&[][..], Vec::as_slice).into();
                gathered.samples.insert(hash, Sample { data, cuts });
            }
            Err(error) => gathered.missing.push(error),
        }
    }
    gathered
}

/// Loads one recording; `name` is for messages.
pub(crate) async fn load(
    store: &SampleStore,
    hash: SampleHash,
    name: &str,
) -> Result<Arc<SampleData>, SampleError> {
    let refused = |reason: String| SampleError::Refused { what: format!("the sample {name}"), reason };
    let (shelf, called) = (store.clone(), name.to_owned());
    let bytes = tokio::task::spawn_blocking(move || shelf.get(hash, &called)).await;
    let bytes = bytes.map_err(|error| refused(error.to_string()))??;
    let Frames { channels, samples } = decode_apart(bytes, Kind::Stored).await?.map_err(refused)?;
    let data =
        SampleData::from_interleaved(&samples, channels).map_err(|error| refused(error.to_string()))?;
    Ok(Arc::new(data))
}
