//! A bend at twice the rate: what it adds above half the rate is taken away before it could fold.
//!
//! Half-band filters (a sinc under a Kaiser window, 31 taps at twice the rate) go up and down again: of every second frame they
//! leave the input as it is, so each costs sixteen products a frame. Together they delay by [`DELAY`] frames.

use super::math::saturate;
use super::{Block, CHUNK, SILENCE};

/// Products of each half-band filter per frame.
const TAPS: usize = 16;

/// Frames by which a bent sound comes later.
#[cfg(test)]
pub(crate) const DELAY: usize = TAPS - 1;

/// Every second tap of the filter; the others are zero but for the middle one. 62 dB from 30 kHz on.
const HALF_BAND: [f32; TAPS] = half_band();

/// Both filters' memories of one channel.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bend {
    entered: [f32; TAPS - 1],
    /// Bent frames that lie on those of the input, and those between.
    on: [f32; TAPS / 2 - 1],
    between: [f32; TAPS - 1],
}

impl Bend {
    /// Bends a chunk in place: `drive` is the gain into the bend, `undrive` that out of it.
    pub(crate) fn run(&mut self, drive: f32, undrive: f32, block: &mut Block) {
        let entered: [f32; TAPS - 1 + CHUNK] = joined(&self.entered, block);
        let (mut on, mut between) = (SILENCE, filtered(&entered));
        for i in 0..CHUNK {
            on[i] = saturate(entered[i + TAPS / 2 - 1] * drive);
            between[i] = saturate(between[i] * drive);
        }
        let all_on: [f32; TAPS / 2 - 1 + CHUNK] = joined(&self.on, &on);
        let all_between: [f32; TAPS - 1 + CHUNK] = joined(&self.between, &between);
        let down = filtered(&all_between);
        for i in 0..CHUNK {
            block[i] = (all_on[i] + down[i]) * (0.5 * undrive);
        }
        self.entered.copy_from_slice(&entered[CHUNK..]);
        self.on.copy_from_slice(&all_on[CHUNK..]);
        self.between.copy_from_slice(&all_between[CHUNK..]);
    }
}

fn joined<const BEFORE: usize, const ALL: usize>(before: &[f32; BEFORE], block: &Block) -> [f32; ALL] {
    const { assert!(BEFORE + CHUNK == ALL) };
    let mut all = [0.0; ALL];
    all[..BEFORE].copy_from_slice(before);
    all[BEFORE..].copy_from_slice(block);
    all
}

/// The half-band filter's values between frames; each is the middle of sixteen frames.
#[inline]
fn filtered(all: &[f32; TAPS - 1 + CHUNK]) -> Block {
    let mut sums = SILENCE;
    // The filter is symmetric: one product for both of its sides.
    for (tap, weight) in HALF_BAND[..TAPS / 2].iter().enumerate() {
        let (early, late) = (&all[tap..tap + CHUNK], &all[TAPS - 1 - tap..TAPS - 1 - tap + CHUNK]);
        for ((sum, x), y) in sums.iter_mut().zip(early).zip(late) {
            *sum += (x + y) * weight;
        }
    }
    sums
}

/// `sinc(t) * I0(beta sqrt(1 - (t/8)^2))` halfway between frames, with a sum of one.
const fn half_band() -> [f32; TAPS] {
    // Half the shape for 62 dB, squared: what the series of the window function takes.
    const QUARTER_BETA_SQUARED: f64 = 5.65 * 5.65 / 4.0;
    let mut taps = [0.0_f64; TAPS];
    let (mut at, mut sum) = (0, 0.0);
    while at < TAPS {
        let away = if at < TAPS / 2 { TAPS / 2 - 1 - at } else { at - TAPS / 2 };
        let t = away as f64 + 0.5;
        // Halfway between its zeros the sine of the sinc is one, with alternating signs.
        let sign = if away % 2 == 0 { 1.0 } else { -1.0 };
        let place = t / (TAPS as f64 / 2.0);
        let quarter = QUARTER_BETA_SQUARED * (1.0 - place * place);
        let (mut window, mut term, mut k) = (1.0, 1.0, 1.0);
        while k < 24.0 {
            term = term * quarter / (k * k);
            window += term;
            k += 1.0;
        }
        taps[at] = sign * window / t;
        sum += taps[at];
        at += 1;
    }
    let mut scaled = [0.0_f32; TAPS];
    let mut at = 0;
    while at < TAPS {
        scaled[at] = (taps[at] / sum) as f32;
        at += 1;
    }
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bent(hertz: f64, gain: f64, drive: f32) -> Vec<f32> {
        let mut bend = Bend::default();
        let sine = |n: usize| gain * libm::sin(std::f64::consts::TAU * hertz * n as f64 / 48_000.0);
        let mut signal: Vec<f32> = (0..9_600).map(|n| sine(n) as f32).collect();
        for block in signal.as_chunks_mut::<CHUNK>().0 {
            bend.run(drive, 1.0 / drive, block);
        }
        signal
    }

    fn level(signal: &[f32], hertz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, x) in signal.iter().enumerate() {
            let angle = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
            re += f64::from(*x) * libm::cos(angle);
            im += f64::from(*x) * libm::sin(angle);
        }
        20.0 * libm::log10((re * re + im * im).sqrt() * 2.0 / signal.len() as f64 + 1e-12)
    }

    #[test]
    fn what_is_soft_passes_as_it_was_a_little_later() {
        for hertz in [100.0, 5_000.0, 15_000.0] {
            let signal = bent(hertz, 0.01, 1.0);
            for (n, x) in signal.iter().enumerate().skip(200) {
                let due =
                    0.01 * libm::sin(std::f64::consts::TAU * hertz * (n as f64 - DELAY as f64) / 48_000.0);
                assert!((f64::from(*x) - due).abs() < 1e-4, "{hertz} Hz, frame {n}: {x}, {due}");
            }
        }
    }

    #[test]
    fn overtones_of_a_hard_bend_do_not_fold() {
        let signal = &bent(5_000.0, 0.5, 4.0)[4_800..];
        assert!(level(signal, 15_000.0) > -40.0, "the third harmonic is there");
        // The seventh, of 35 kHz, would fold to 13 kHz.
        let folded = level(signal, 13_000.0) - level(signal, 5_000.0);
        assert!(folded < -70.0, "{folded:.1} dB");
    }
}
