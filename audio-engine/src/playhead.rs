//! Where the processor stands in the music, and which stretch of it comes next.

use core::ops::Range;

use arrayvec::ArrayVec;
use score::time::{Beats, Frames};

use crate::smooth::QUANTUM_FRAMES;
use crate::transport::Transport;

/// Transports that wait for their origin; one more drops the last of them.
const MAX_WAITING: usize = 8;

/// 10 ms. An onset that is at most this late when a transport arrives sounds at once rather than not at all; and a position that
/// moves by at most this, as a host's clock corrections make it, neither skips nor doubles an onset.
const TOLERANCE_FRAMES: u64 = 480;

/// What a transport that has come into force did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The music goes on where it was, perhaps at another tempo, or still stands.
    Continued,
    /// It began, ended, or went on elsewhere while it played: held notes end.
    Broke,
}

/// The frame counter and the transport in force.
#[derive(Clone, Debug)]
pub(crate) struct Playhead {
    transport: Transport,
    waiting: ArrayVec<Transport, MAX_WAITING>,
    /// The first frame not yet rendered.
    frame: u64,
    /// The frame at which playing began: song frames count from it.
    anchor: u64,
    /// Every beat before this one has been scheduled.
    scheduled_to: Beats,
}

impl Playhead {
    pub(crate) fn new() -> Self {
        Self {
            transport: Transport::stopped(),
            waiting: ArrayVec::new(),
            frame: 0,
            anchor: 0,
            scheduled_to: Beats::ZERO,
        }
    }

    pub(crate) fn frame(&self) -> u64 {
        self.frame
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Frames since playing began. Control-rate work is anchored to these, so that what is heard from a start does not
    /// depend on when it was.
    pub(crate) fn song_frame(&self) -> u64 {
        self.frame.wrapping_sub(self.anchor)
    }

    /// Takes a transport: it holds from its origin on, whatever had been said before about that time.
    pub(crate) fn offer(&mut self, transport: Transport) {
        self.waiting.retain(|other| other.frame_origin < transport.frame_origin);
        if self.waiting.is_full() {
            self.waiting.pop();
        }
        self.waiting.push(transport);
    }

    /// Puts the next waiting transport into force if its time has come.
    pub(crate) fn turn(&mut self) -> Option<Turn> {
        if self.waiting.first()?.frame_origin.0 > self.frame {
            return None;
        }
        let next = self.waiting.remove(0);
        let before = core::mem::replace(&mut self.transport, next);
        let here = next.first_beat_from(Frames(self.frame));
        if before.playing && next.playing {
            let moved = (here - self.scheduled_to).0.abs();
            if moved <= next.tempo.beats_in(Frames(TOLERANCE_FRAMES)).0 {
                return Some(Turn::Continued);
            }
        }
        let lateness = self.frame - next.frame_origin.0;
        let is_in_time = lateness <= TOLERANCE_FRAMES;
        self.scheduled_to = if is_in_time { next.beat_origin } else { here };
        if next.playing && !before.playing {
            self.anchor = if is_in_time { next.frame_origin.0 } else { self.frame };
        }
        // What stood stands on: a key that is held meanwhile is not let go.
        Some(if before.playing || next.playing { Turn::Broke } else { Turn::Continued })
    }

    /// Frames of the next quantum: up to the next multiple of [`QUANTUM_FRAMES`] of song frames, or the next transport.
    pub(crate) fn quantum(&self) -> usize {
        let to_grid = QUANTUM_FRAMES as u64 - self.song_frame() % QUANTUM_FRAMES as u64;
        let to_turn =
            self.waiting.first().map_or(u64::MAX, |next| next.frame_origin.0.saturating_sub(self.frame));
        to_grid.min(to_turn.max(1)) as usize
    }

    /// The beats that begin within the next `frames` frames and have not been scheduled; `None` when stopped.
    pub(crate) fn take_beats(&mut self, frames: usize) -> Option<Range<Beats>> {
        if !self.transport.playing {
            return None;
        }
        let end = self.transport.first_beat_from(Frames(self.frame + frames as u64)).max(self.scheduled_to);
        Some(core::mem::replace(&mut self.scheduled_to, end)..end)
    }

    /// The frame within a quantum of `frames` frames at which `beat` falls; the nearest one for beats outside of it.
    pub(crate) fn offset_of(&self, beat: Beats, frames: usize) -> usize {
        let distance = self.transport.frame_at_beat(beat).0.saturating_sub(self.frame);
        distance.min(frames as u64 - 1) as usize
    }

    /// Moves on.
    pub(crate) fn advance(&mut self, frames: usize) {
        self.frame += frames as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use score::time::Tempo;

    /// Plays until `to`, giving each stretch of beats.
    fn run(playhead: &mut Playhead, to: u64) -> Vec<Range<Beats>> {
        let mut ranges = Vec::new();
        while playhead.frame < to {
            while playhead.turn().is_some() {}
            let frames = playhead.quantum();
            ranges.extend(playhead.take_beats(frames));
            playhead.advance(frames);
        }
        ranges
    }

    fn assert_seamless(ranges: &[Range<Beats>]) {
        for pair in ranges.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
    }

    fn bpm(bpm: u32) -> Tempo {
        Tempo::from_milli_bpm(bpm * 1_000).unwrap()
    }

    #[test]
    fn playing_waits_for_its_frame_and_starts_on_the_grid() {
        let mut playhead = Playhead::new();
        playhead.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(1_001)));
        let ranges = run(&mut playhead, 1_001 + 24_000);
        assert_eq!(ranges[0].start, Beats::ZERO);
        assert!(ranges.last().unwrap().end > Beats(999_900));
        assert_seamless(&ranges);
        assert_eq!(playhead.song_frame() % 64, 0);
    }

    #[test]
    fn a_tempo_change_and_small_corrections_neither_skip_nor_double_a_beat() {
        let mut playhead = Playhead::new();
        playhead.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(0)));
        playhead.offer(Transport::playing(bpm(90), Beats::from_beats(1), Frames(24_000)));
        let mut ranges = run(&mut playhead, 48_000);
        for correction in [-200i64, 200, -5] {
            let origin = 24_000i64 + correction;
            playhead.offer(Transport::playing(bpm(90), Beats::from_beats(1), Frames(origin as u64)));
            let to = playhead.frame + 5_000;
            ranges.extend(run(&mut playhead, to));
        }
        assert_seamless(&ranges);
    }

    #[test]
    fn a_seek_breaks_and_starts_at_its_beat() {
        let mut playhead = Playhead::new();
        playhead.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(0)));
        run(&mut playhead, 10_000);
        let here = Frames(playhead.frame);
        playhead.offer(Transport::playing(bpm(120), Beats::from_beats(8), here));
        assert_eq!(playhead.turn(), Some(Turn::Broke));
        assert_eq!(playhead.take_beats(64).unwrap().start, Beats::from_beats(8));
    }

    #[test]
    fn a_start_that_arrives_a_little_late_loses_no_onset() {
        let mut playhead = Playhead::new();
        run(&mut playhead, 640);
        playhead.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(600)));
        assert_eq!(run(&mut playhead, 700)[0].start, Beats::ZERO);
        let mut joiner = Playhead::new();
        run(&mut joiner, 96_000);
        joiner.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(0)));
        let first = run(&mut joiner, 97_000)[0].start;
        assert!(first > Beats(3_999_900), "joining later starts where the others are");
    }

    #[test]
    fn a_newer_transport_overrules_what_was_said_about_its_time() {
        let mut playhead = Playhead::new();
        playhead.offer(Transport::playing(bpm(120), Beats::ZERO, Frames(1_000)));
        playhead.offer(Transport::playing(bpm(140), Beats::ZERO, Frames(2_000)));
        playhead.offer(Transport::stopped());
        assert!(run(&mut playhead, 5_000).is_empty());
    }
}
