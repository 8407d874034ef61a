//! Lines through readings of clocks of which the truth is known.

use super::*;
use crate::clock::reading::{Readings, Theirs};
use crate::clock::{Need, Pacing};
use crate::limits::{MILLISECOND, SECOND};
use crate::random::Random;

/// A path between two clocks.
#[derive(Clone, Copy)]
struct Path {
    /// Least time of one way, in nanoseconds.
    way: i64,
    /// Most that is added, evenly spread.
    jitter: i64,
    /// Messages lost, in thousandths; a stream delivers them a round trip later.
    lost: u64,
    rate_ppb: i64,
}

const WAN: Path = Path { way: 15 * MILLISECOND, jitter: 10 * MILLISECOND, lost: 10, rate_ppb: 0 };

struct Truth {
    random: Random,
    path: Path,
    ahead: i64,
}

impl Truth {
    fn new(seed: u8, path: Path) -> Self {
        Self { random: Random::new(&[seed; 32]), path, ahead: 1_234_567_891_011 }
    }

    fn below(&mut self, end: i64) -> i64 {
        (u64::from_le_bytes(self.random.bytes()) % end.max(1) as u64) as i64
    }

    fn one_way(&mut self) -> i64 {
        let again = self.below(1_000) < self.path.lost as i64;
        let way = self.path.way + self.below(self.path.jitter);
        if again { way + 2 * self.path.way } else { way }
    }

    fn ahead_at(&self, at: LocalTime) -> i64 {
        self.ahead + (i128::from(at.0) * i128::from(self.path.rate_ppb) / 1_000_000_000) as i64
    }

    /// A question, and when it is answered.
    fn reading(&mut self, asked: LocalTime) -> (Reading, LocalTime) {
        let arrives = asked.plus_nanos(self.one_way());
        let came = arrives.plus_nanos(self.ahead_at(arrives));
        let held_nanos = 30_000;
        let answered = arrives.plus_nanos(i64::from(held_nanos) + self.one_way());
        (Reading::new(asked, Theirs { came, held_nanos }, answered), answered)
    }

    /// Reads the clock as a link does, until `end`. Calls `look` after every reading.
    fn read(
        &mut self,
        readings: &mut Readings,
        end: i64,
        mut look: impl FnMut(&Self, LocalTime, Option<&Fit>),
    ) {
        let mut pacing = Pacing::starting(LocalTime(0));
        let (mut fit, mut unread) = (None, 0);
        while pacing.due().0 < end {
            let asked = pacing.due();
            pacing.next(asked, Need::Followed { playing: true, followers: 4 });
            let (reading, answered) = self.reading(asked);
            readings.add(reading, fit.as_ref());
            // Drawn anew as a link draws it.
            unread += 1;
            if unread * 10 >= readings.all().len() {
                unread = 0;
                fit = Fit::of(readings.all());
            }
            look(self, answered, fit.as_ref());
        }
    }
}

/// The error of the line in nanoseconds, from `from` on, over seeds: of a hundred, the largest but one; and the largest.
fn errors(path: Path, from: i64, end: i64) -> (i64, i64) {
    let mut errors = Vec::new();
    for seed in 0..6 {
        Truth::new(seed, path).read(&mut Readings::default(), end, |truth, now, fit| {
            if now.0 >= from {
                errors.push((fit.unwrap().ahead_at(now) - truth.ahead_at(now)).abs());
            }
        });
    }
    errors.sort_unstable();
    (errors[errors.len() * 99 / 100], errors[errors.len() - 1])
}

#[test]
fn a_quiet_path_is_read_to_a_few_microseconds_and_rates_are_learned() {
    let lan = Path { way: 100_000, jitter: 50_000, lost: 0, rate_ppb: 150_000 };
    let (usual, worst) = errors(lan, 10 * SECOND, 300 * SECOND);
    assert!(usual < 20_000 && worst < 40_000, "{usual} and {worst} ns");
}

#[test]
fn jitter_and_loss_of_the_open_network_are_seen_through() {
    for rate_ppb in [0, 100_000, -200_000] {
        let (usual, worst) = errors(Path { rate_ppb, ..WAN }, 60 * SECOND, 300 * SECOND);
        assert!(usual < MILLISECOND && worst < 2 * MILLISECOND, "{usual} and {worst} ns at {rate_ppb} ppb");
    }
}

#[test]
fn the_clock_is_usable_within_three_hundred_milliseconds() {
    for seed in 0..50 {
        let mut last = None;
        Truth::new(seed, WAN).read(&mut Readings::default(), 250 * MILLISECOND, |truth, now, fit| {
            if now.0 <= 300 * MILLISECOND {
                let error = fit.map(|fit| (fit.ahead_at(now) - truth.ahead_at(now)).abs());
                last = fit.map(|fit| fit.uncertainty_at(now)).zip(error);
            }
        });
        let (uncertainty, error) = last.unwrap();
        assert!(uncertainty < 5 * MILLISECOND, "seed {seed}: {uncertainty} ns");
        assert!(error < 5 * MILLISECOND, "seed {seed}: {error} ns");
    }
}

#[test]
fn the_uncertainty_is_honest() {
    let (mut within, mut all) = (0, 0);
    for seed in 0..6 {
        Truth::new(seed, WAN).read(&mut Readings::default(), 200 * SECOND, |truth, now, fit| {
            let Some(fit) = fit else { return };
            let error = (fit.ahead_at(now) - truth.ahead_at(now)).abs();
            all += 1;
            within += i32::from(error <= 2 * fit.uncertainty_at(now));
        });
    }
    assert!(f64::from(within) > 0.9 * f64::from(all), "{within} of {all} within two deviations");
}

#[test]
fn a_clock_that_is_set_is_believed_after_three_readings() {
    let mut truth = Truth::new(1, WAN);
    let mut readings = Readings::default();
    truth.read(&mut readings, 60 * SECOND, |_, _, _| {});
    truth.ahead += 20 * SECOND;
    truth.path.rate_ppb = 0;
    let fit = Fit::of(readings.all()).unwrap();
    let now = LocalTime(61 * SECOND);
    for n in 0..4 {
        let asked = now.plus_nanos(n * SECOND);
        readings.add(truth.reading(asked).0, Some(&fit));
    }
    let error = Fit::of(readings.all()).unwrap().ahead_at(now) - truth.ahead_at(now);
    assert!(error.abs() < 20 * MILLISECOND, "{error} ns");
}

#[test]
fn a_lopsided_path_shows_as_half_its_difference_and_is_no_bug() {
    let mut readings = Readings::default();
    for n in 0..20 {
        let asked = LocalTime(n * SECOND);
        let came = asked.plus_nanos(30 * MILLISECOND);
        let answered = came.plus_nanos(10 * MILLISECOND);
        readings.add(Reading::new(asked, Theirs { came, held_nanos: 0 }, answered), None);
    }
    let error = Fit::of(readings.all()).unwrap().ahead_at(LocalTime(20 * SECOND));
    assert!((error - 10 * MILLISECOND).abs() < 3_000, "{error} ns");
}
