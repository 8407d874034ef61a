//! The metronome: a click on every count, higher on the first of a bar, for this player alone.
//!
//! It joins behind the limiter, so it moves neither the shared mix nor its meter, and waits for as long as the limiter delays
//! the music: a click and a note of one beat are heard on one frame. It counts as the meter does, and follows the loop region.

use core::ops::Range;

use arrayvec::ArrayVec;
use score::meter::{LoopRegion, Meter};
use score::time::{Beats, MICROS_PER_BEAT};

use crate::dsp::oscillator::{phase_step, sine_at};
use crate::limiter::LATENCY_FRAMES;
use crate::mixer::Bus;
use crate::smooth::Smooth;

/// Clicks that wait or sound at once: the next one, and one that a jump of the music left behind.
const MAX_CLICKS: usize = 3;

/// Pitch of a count, and of the first of a bar, in hertz: above most of the music.
const PITCHES: [f32; 2] = [1_200.0, 1_800.0];

/// Peak of a count, and of the first of a bar, at level 1.
const PEAKS: [f32; 2] = [0.35, 0.5];

/// What is left of a click's gain after each frame: it falls by 40 dB in 30 ms.
const DECAY: f32 = 0.996_807;

/// A click below this gain is over.
const INAUDIBLE: f32 = 1.0e-5;

/// What the music counts by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) meter: Meter,
    pub(crate) loop_region: Option<LoopRegion>,
}

/// Counts, and clicks.
#[derive(Clone, Debug)]
pub(crate) struct Metronome {
    level: Smooth,
    clicks: ArrayVec<Click, MAX_CLICKS>,
}

/// One click.
#[derive(Clone, Copy, Debug)]
struct Click {
    /// Frames until it begins.
    wait: usize,
    phase: u32,
    step: u32,
    gain: f32,
}

impl Metronome {
    pub(crate) fn new() -> Self {
        Self { level: Smooth::at(0.0), clicks: ArrayVec::new() }
    }

    /// Moves to a level, 0..=1; at 0 it is off.
    pub(crate) fn set_level(&mut self, level: f32) {
        self.level.aim(level);
    }

    /// Takes note of the count that begins within `beats`, if one does, at the frame of the quantum that `offset_of` gives.
    pub(crate) fn count(&mut self, count: Count, beats: &Range<Beats>, offset_of: impl Fn(Beats) -> usize) {
        if self.level.rests_at(0.0) {
            return;
        }
        let Some((beat, is_first)) = count.next_from(beats.start).filter(|(beat, _)| *beat < beats.end)
        else {
            return;
        };
        if self.clicks.is_full() {
            self.clicks.remove(0);
        }
        let kind = usize::from(is_first);
        let wait = LATENCY_FRAMES + offset_of(beat);
        self.clicks.push(Click { wait, phase: 0, step: phase_step(PITCHES[kind]), gain: PEAKS[kind] });
    }

    /// Adds what clicks to a finished quantum, which stays within full scale.
    pub(crate) fn add(&mut self, bus: &mut Bus, frames: usize) {
        if self.level.rests_at(0.0) {
            self.clicks.clear();
            return;
        }
        let level = self.level.advance();
        for click in &mut self.clicks {
            let slope = level.slope(frames);
            for at in click.wait.min(frames)..frames {
                let sample = sine_at(click.phase) * click.gain * (level.from + slope * (at + 1) as f32);
                for channel in [&mut bus.left, &mut bus.right] {
                    channel[at] = (channel[at] + sample).clamp(-1.0, 1.0);
                }
                click.phase = click.phase.wrapping_add(click.step);
                click.gain *= DECAY;
            }
            click.wait = click.wait.saturating_sub(frames);
        }
        self.clicks.retain(|click| click.gain > INAUDIBLE);
    }
}

impl Count {
    /// The first count at `beat` or later, and whether a bar begins with it. Beats are those of the transport, which run on
    /// where a loop region repeats; counts are those of the beats that are heard.
    fn next_from(self, beat: Beats) -> Option<(Beats, bool)> {
        let unit = MICROS_PER_BEAT * 4 / i64::from(self.meter.denominator());
        let up = |beat: i64| beat.div_euclid(unit) * unit + if beat.rem_euclid(unit) == 0 { 0 } else { unit };
        let is_first = |count: i64| count.rem_euclid(self.meter.bar().0) == 0;
        let Some(region) = self.loop_region else {
            let count = up(beat.0);
            return Some((Beats(count), is_first(count)));
        };
        let start = Beats::from_steps(i64::from(region.first())).0;
        let length = Beats::from_steps(i64::from(region.steps())).0;
        let end = start + length;
        let heard = if beat.0 < end { beat.0 } else { start + (beat.0 - start).rem_euclid(length) };
        let (here, again) = (up(heard), up(start));
        if here < end {
            return Some((beat + Beats(here - heard), is_first(here)));
        }
        (again < end).then_some((beat + Beats(end - heard + again - start), is_first(again)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(count: Count, beats: i64) -> Vec<(i64, bool)> {
        let mut from = Beats::ZERO;
        let mut all = Vec::new();
        while let Some((beat, is_first)) =
            count.next_from(from).filter(|(beat, _)| beat.0 < beats * MICROS_PER_BEAT)
        {
            all.push((beat.0 * 4 / MICROS_PER_BEAT, is_first));
            from = beat + Beats(1);
        }
        all
    }

    #[test]
    fn the_meter_says_what_is_counted() {
        let four = Count::default();
        assert_eq!(counts(four, 5), [(0, true), (4, false), (8, false), (12, false), (16, true)]);
        let seven = Count { meter: Meter::from_parts(7, 8).unwrap(), ..four };
        let eighths: Vec<(i64, bool)> = (0..10).map(|n| (n * 2, n % 7 == 0)).collect();
        assert_eq!(counts(seven, 5), eighths);
    }

    #[test]
    fn the_count_goes_round_with_the_loop_region() {
        let region =
            |first, last| Count { loop_region: LoopRegion::from_steps(first, last), ..Count::default() };
        let bar_two = counts(region(16, 31), 12);
        assert_eq!(bar_two, (0..12).map(|n| (n * 4, n % 4 == 0)).collect::<Vec<_>>());
        let odd = counts(region(2, 6), 5);
        assert_eq!(
            odd,
            [(0, true), (4, false), (9, false), (14, false), (19, false)],
            "step 4 is heard every 5 steps"
        );
        assert_eq!(counts(region(1, 2), 5), [(0, true)], "no count falls into the loop");
    }

    #[test]
    fn a_click_ends_and_has_no_step_in_it() {
        let mut metronome = Metronome::new();
        metronome.set_level(1.0);
        (0..100).for_each(|_| metronome.add(&mut Bus::silent(), 64));
        metronome.count(Count::default(), &(Beats::ZERO..Beats(10)), |_| 5);
        let mut samples = Vec::new();
        for _ in 0..120 {
            let mut bus = Bus::silent();
            metronome.add(&mut bus, 64);
            samples.extend(bus.left);
        }
        assert!(metronome.clicks.is_empty());
        assert!(samples[..LATENCY_FRAMES + 5].iter().all(|sample| *sample == 0.0));
        let steepest = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < PEAKS[1] * core::f32::consts::TAU * PITCHES[1] / 48_000.0 * 1.05, "{steepest}");
    }
}
