//! A sound card that is a file: what is played is written down, with the moment at which it is heard.
//!
//! For whoever wants to know when sound leaves several processes of one machine, each with a card that runs at a speed of its own. The
//! file begins with two numbers of eight bytes, the least first: when its first frame is heard, in nanoseconds since 1970, and how much
//! too fast the card runs, in parts per billion. The frames of the left channel follow, four bytes each, as [`f32`].

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cpal::ErrorKind;
use score::time::SAMPLE_RATE;

use super::callback::Callback;
use super::health::Health;
use crate::clock::HostClock;

/// Names the file that a process plays into, see [`FileOutput`]. For tests with several processes on one machine.
pub const SOUND_FILE_VARIABLE: &str = "OFFBEAT_SOUND_FILE";

/// Frames that it asks for at once.
const BLOCK_FRAMES: usize = 512;

/// From asking for a frame to its being heard: four blocks, so that a busy machine is seldom late.
const LATENCY_NANOS: i64 = 42_666_667;

/// Nanoseconds of one second; parts per billion are of it.
const SECOND: i128 = 1_000_000_000;

/// Which file to play into, and how fast: as text how much too fast the card runs in parts per million, a comma, and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOutput {
    /// How much too fast the card runs, in parts per billion.
    pub ppb: i64,
    /// Where the sound goes; what is there is gone.
    pub path: PathBuf,
}

/// A text that names no file to play into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no file to play into: parts per million, a comma and a path, such as 40,a.sound")]
pub struct FileOutputError(String);

impl FileOutput {
    /// What [`SOUND_FILE_VARIABLE`] says, where it says something.
    pub(super) fn of_process() -> Option<Self> {
        let text = std::env::var(SOUND_FILE_VARIABLE).ok()?;
        let wanted =
            text.parse().inspect_err(|error| tracing::warn!(%error, "nothing is played into a file"));
        wanted.ok()
    }
}

impl FromStr for FileOutput {
    type Err = FileOutputError;

    fn from_str(text: &str) -> Result<Self, FileOutputError> {
        let read = || {
            let (ppm, path) = text.split_once(',')?;
            let ppm = ppm.trim().parse::<i16>().ok().filter(|ppm| ppm.abs() <= 1_000)?;
            (!path.is_empty()).then(|| Self { ppb: i64::from(ppm) * 1_000, path: path.into() })
        };
        read().ok_or_else(|| FileOutputError(text.chars().take(64).collect()))
    }
}

/// A card that plays. Dropping it ends the file.
#[derive(Debug)]
pub(super) struct FileCard {
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FileCard {
    /// Has the card play what `callback` renders.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub(super) fn start(
        output: &FileOutput,
        callback: Callback,
        clock: HostClock,
        health: Arc<Health>,
    ) -> io::Result<Self> {
        let ends = Arc::new(AtomicBool::new(false));
        let origin = Instant::now() + Duration::from_nanos(LATENCY_NANOS as u64);
        let file = begin(&output.path, origin, output.ppb)?;
        let mut turn = Turn { file, callback, clock, health, origin, ppb: output.ppb, frame: 0 };
        let stop = ends.clone();
        let play = move || {
            while !stop.load(Ordering::Relaxed) {
                if let Err(error) = turn.play_block() {
                    tracing::warn!(%error, "the file that is played into is full");
                    turn.health.note(ErrorKind::DeviceNotAvailable);
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("file card".to_owned()).spawn(play)?;
        Ok(Self { ends, thread: Some(thread) })
    }
}

impl Drop for FileCard {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Makes the file and writes down when its first frame is heard.
fn begin(path: &Path, origin: Instant, ppb: i64) -> io::Result<BufWriter<File>> {
    let (now, calendar) = (Instant::now(), SystemTime::now());
    let since_1970 = calendar.duration_since(UNIX_EPOCH).unwrap_or_default() + origin.duration_since(now);
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&(since_1970.as_nanos() as i64).to_le_bytes())?;
    file.write_all(&ppb.to_le_bytes())?;
    Ok(file)
}

/// What the card's thread holds.
struct Turn {
    file: BufWriter<File>,
    callback: Callback,
    clock: HostClock,
    health: Arc<Health>,
    /// When frame 0 is heard.
    origin: Instant,
    ppb: i64,
    frame: u64,
}

impl Turn {
    /// Waits until the next block is due, and plays it. Where it is too late for that there is a gap, as in any card.
    fn play_block(&mut self) -> io::Result<()> {
        let heard_at = self.heard_at();
        let early = heard_at.saturating_duration_since(Instant::now());
        std::thread::sleep(early.saturating_sub(Duration::from_nanos(LATENCY_NANOS as u64)));
        let mut sound = [0.0_f32; 2 * BLOCK_FRAMES];
        let now = Instant::now();
        if now < heard_at {
            // By the machine's clock, which may be a wrong one: so is what it says of its cards.
            let latency = self.clock.at(heard_at).nanos_since(self.clock.at(now));
            self.callback.fill(&mut sound, Duration::from_nanos(latency.max(0) as u64));
        } else {
            self.health.note(ErrorKind::Xrun);
        }
        for [left, _] in sound.as_chunks().0 {
            self.file.write_all(&left.to_le_bytes())?;
        }
        self.frame += BLOCK_FRAMES as u64;
        Ok(())
    }

    /// When the next frame is heard.
    fn heard_at(&self) -> Instant {
        let rate = i128::from(SAMPLE_RATE) * (SECOND + i128::from(self.ppb));
        self.origin + Duration::from_nanos((i128::from(self.frame) * SECOND * SECOND / rate) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_to_play_into_has_a_speed_and_a_path() {
        let output = "-40,sounds/a,b.sound".parse::<FileOutput>().unwrap();
        assert_eq!(output, FileOutput { ppb: -40_000, path: "sounds/a,b.sound".into() });
        for text in ["", "a.sound", "1,", "1001,a", "x,a"] {
            assert!(text.parse::<FileOutput>().is_err(), "{text}");
        }
    }
}
