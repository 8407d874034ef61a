//! An emulated sound card that runs at a speed of its own, and what left it when.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::onsets::onsets;
use crate::pulse::Pulse;
use crate::wait::{calendar, pass_until};

/// What the card takes at once: a millisecond.
const PERIOD_FRAMES: usize = 48;

const NANOS_PER_SECOND: i128 = 1_000_000_000;

/// When a frame of a card is heard that runs so many parts per billion too fast: in nanoseconds after its first frame.
pub(crate) fn heard_after(frame: usize, ppb: i64) -> i64 {
    let rate = 48_000 * (NANOS_PER_SECOND + i128::from(ppb));
    (frame as i128 * NANOS_PER_SECOND * NANOS_PER_SECOND / rate) as i64
}

/// A card behind a `PulseAudio` of its own: a pipe that is emptied as fast as the card plays.
pub struct Card {
    ends: Arc<AtomicBool>,
    player: Option<JoinHandle<Result<Played>>>,
    pulse: Pulse,
}

/// What a card has played: the left channel, and when each period of it began, in nanoseconds since 1970.
struct Played {
    samples: Vec<f32>,
    periods: Vec<i64>,
}

impl Card {
    /// A card that runs `ppm` parts per million too fast.
    ///
    /// # Errors
    /// When `PulseAudio` cannot be started, or opens no pipe.
    pub fn insert(ppm: i32) -> Result<Self> {
        let pulse = Pulse::with_sink(|folder| {
            let pipe = folder.join("card").display().to_string();
            format!("module-pipe-sink sink_name=card file={pipe} rate=48000 format=float32le channels=2")
        })?;
        let pipe = File::open(pulse.folder().join("card")).context("the pipe of the card")?;
        let ends = Arc::new(AtomicBool::new(false));
        let stop = ends.clone();
        let player = std::thread::spawn(move || play(pipe, i64::from(ppm) * 1_000, &stop));
        Ok(Self { ends, player: Some(player), pulse })
    }

    /// What it is plugged into.
    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Takes the card out. When the sounds that it played began, in nanoseconds since 1970.
    ///
    /// # Errors
    /// When `PulseAudio` ended before that.
    pub fn sounds(mut self) -> Result<Vec<i64>> {
        self.ends.store(true, Ordering::Relaxed);
        let played = self.player.take().context("it is taken out once")?.join();
        let Played { samples, periods } = played.map_err(|_| anyhow!("the card's thread has panicked"))??;
        let at = |frame: usize| periods[frame / PERIOD_FRAMES] + heard_after(frame % PERIOD_FRAMES, 0);
        Ok(onsets(&samples).into_iter().map(at).collect())
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

/// Empties the pipe period by period, each when it is due.
fn play(mut pipe: File, ppb: i64, ends: &AtomicBool) -> Result<Played> {
    let (origin, began) = (Instant::now(), calendar()?);
    let mut played = Played { samples: Vec::new(), periods: Vec::new() };
    // How long it has stood still because there was nothing to play.
    let mut stood = Duration::ZERO;
    let mut period = [0; PERIOD_FRAMES * 8];
    while !ends.load(Ordering::Relaxed) {
        let due = Duration::from_nanos(heard_after(played.samples.len(), ppb) as u64) + stood;
        pass_until(origin + due);
        let before = Instant::now();
        pipe.read_exact(&mut period).context("PulseAudio has ended")?;
        let waited = before.elapsed();
        // A pipe that holds something gives it at once.
        let waited = if waited > Duration::from_millis(50) { waited } else { Duration::ZERO };
        stood += waited;
        played.periods.push(began + (due + waited).as_nanos() as i64);
        let (frames, _) = period.as_chunks::<8>();
        played.samples.extend(frames.iter().map(|&[a, b, c, d, ..]| f32::from_le_bytes([a, b, c, d])));
    }
    Ok(played)
}
