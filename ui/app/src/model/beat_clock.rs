//! Where the music is between two reports of the engine.

use score::meter::LoopRegion;
use score::time::{MICROS_PER_BEAT, STEP};
use score::{Beats, Meter, Tempo};

/// Longest stretch after a report in which the music is taken to have moved on, in milliseconds: a stalled engine stands still.
const MAX_AHEAD_MILLIS: f64 = 250.0;

/// A report of the engine: this beat is heard at this moment of the page's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Report {
    /// In micro-beats.
    pub(crate) beat: f64,
    /// In milliseconds of the page's clock; may lie ahead of the present.
    pub(crate) at_millis: f64,
    /// Whether the music moves.
    pub(crate) is_playing: bool,
    /// The level of what is heard, 1 being full scale.
    pub(crate) peak: f32,
}

impl Report {
    /// The beat at a moment, in micro-beats.
    pub(crate) fn beat_at(&self, now_millis: f64, tempo: Tempo) -> f64 {
        if !self.is_playing {
            return self.beat;
        }
        let passed = (now_millis - self.at_millis).min(MAX_AHEAD_MILLIS);
        (self.beat + passed * tempo.bpm() * MICROS_PER_BEAT as f64 / 60_000.0).max(0.0)
    }
}

/// Where a beat is heard: what lies past a stretch that repeats is folded into it, as [`score::schedule`] does.
pub(crate) fn folded(beat: f64, region: Option<LoopRegion>) -> f64 {
    let Some(region) = region else { return beat };
    let step = STEP.0 as f64;
    let (first, end) = (f64::from(region.first()) * step, f64::from(region.last() + 1) * step);
    if beat < end { beat } else { first + (beat - first) % (end - first) }
}

/// The step of a pattern of this length that sounds at a beat, from 0.
pub(crate) fn step_of(beat: f64, length: u16) -> u16 {
    let step = (beat / STEP.0 as f64).floor() as i64;
    step.rem_euclid(i64::from(length.max(1))) as u16
}

/// The position as musicians write it: bar, beat and step, each from 1.
pub(crate) fn position(beat: f64, meter: Meter) -> String {
    let micros = beat.max(0.0) as i64;
    let count = meter.bar().0 / i64::from(meter.numerator());
    let (bar, within) = (micros / meter.bar().0, micros % meter.bar().0);
    format!("{}.{}.{}", bar + 1, within / count + 1, within % count / STEP.0 + 1)
}

/// The last bar that can be gone to: an hour of the fastest music in the shortest bars, and more.
const MAX_BAR: i64 = 99_999;

/// The beat at a position as musicians write it: a bar, and behind dots a beat and a step, each from 1. `None` where there is none, as
/// at the fifth beat of four.
pub(crate) fn beat_of(text: &str, meter: Meter) -> Option<Beats> {
    let mut numbers = text.trim().split('.').map(|number| number.trim().parse::<i64>().ok());
    let mut next = |most: i64| match numbers.next() {
        None => Some(0),
        Some(number) => number.filter(|number| (1..=most).contains(number)).map(|number| number - 1),
    };
    let count = meter.bar().0 / i64::from(meter.numerator());
    let (bar, beat, step) =
        (next(MAX_BAR)?, next(i64::from(meter.numerator()))?, next((count / STEP.0).max(1))?);
    let is_whole = numbers.next().is_none();
    is_whole.then_some(Beats(bar * meter.bar().0 + beat * count + step * STEP.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_that_is_typed_is_the_one_that_is_shown() {
        let four = Meter::default();
        for (text, shown) in [("1", "1.1.1"), ("5", "5.1.1"), (" 5.3 ", "5.3.1"), ("2.4.4", "2.4.4")] {
            assert_eq!(position(beat_of(text, four).unwrap().0 as f64, four), shown);
        }
        let seven = Meter::from_parts(7, 8).unwrap();
        assert_eq!(position(beat_of("3.7.2", seven).unwrap().0 as f64, seven), "3.7.2");
        for text in ["", "0", "-1", "1.5", "1.1.5", "1.1.1.1", "x", "1.", "100000", "99999999999999999999"] {
            assert_eq!(beat_of(text, four), None, "{text}");
        }
    }

    #[test]
    fn the_beat_moves_on_between_reports_and_stops_with_the_engine() {
        let report = Report { beat: 4_000_000.0, at_millis: 1_000.0, is_playing: true, peak: 0.5 };
        let tempo = Tempo::default();
        let beats: Vec<i64> =
            [900.0, 1_000.0, 1_100.0, 9_000.0].map(|now| report.beat_at(now, tempo) as i64).into();
        assert_eq!(beats, [3_800_000, 4_000_000, 4_200_000, 4_500_000]);
        let stopped = Report { is_playing: false, ..report };
        assert_eq!(stopped.beat_at(9_000.0, tempo) as i64, 4_000_000);
    }

    #[test]
    fn what_lies_past_a_loop_is_heard_within_it() {
        // Steps 4 to 7: the second beat.
        let region = LoopRegion::from_steps(4, 7);
        let heard = |beats: f64| folded(beats * 1_000_000.0, region) / 1_000_000.0;
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        assert!(close(heard(0.5), 0.5) && close(heard(1.9), 1.9));
        assert!(close(heard(2.0), 1.0) && close(heard(3.25), 1.25) && close(heard(17.75), 1.75));
        assert!(close(folded(9e6, None), 9e6));
    }

    #[test]
    fn each_track_has_its_own_place() {
        let beat = 5.3 * 1_000_000.0;
        assert_eq!([16, 8, 5].map(|length| step_of(beat, length)), [5, 5, 1]);
    }

    #[test]
    fn a_position_counts_bars_beats_and_steps_from_one() {
        let meter = Meter::default();
        assert_eq!(position(0.0, meter), "1.1.1");
        assert_eq!(position(5_500_000.0, meter), "2.2.3");
        assert_eq!(position(3_750_000.0, Meter::from_parts(7, 8).unwrap()), "2.1.2");
    }
}
