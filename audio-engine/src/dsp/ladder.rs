//! The four-pole ladder with a bend at its input: the squelch.

use super::Block;
use super::math::{flushed, prewarped};

/// Four trapezoidal one-pole stages in a loop, the loop solved without a delay (after Zavalishin, *The Art of VA Filter
/// Design*, chapter 5), the input and feedback bent together as in the transistor pair of the original.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ladder {
    stages: [f32; 4],
}

impl Ladder {
    /// Filters a chunk in place. `resonance` 0..1 (self-oscillation lies just above 1), `drive` is the gain into the bend.
    pub(crate) fn run(&mut self, hertz: f32, resonance: f32, drive: f32, block: &mut Block) {
        let g = prewarped(hertz.min(18_000.0));
        let pole = g / (1.0 + g);
        let rest = 1.0 - pole;
        let feedback = 3.95 * resonance.clamp(0.0, 1.0);
        let loop_gain = pole * pole * pole * pole;
        let solve = 1.0 / (1.0 + feedback * loop_gain);
        // Half of what resonance takes from the bass is given back, as the classic box does.
        let makeup = 1.0 + 0.5 * feedback;
        let undo = 1.0 / drive.max(0.05);
        let mut s = self.stages;
        let entering = makeup * solve * drive;
        let returning = feedback * solve * drive;
        // What the states alone put out at the fourth stage, as one sum.
        let held = [rest * pole * pole * pole, rest * pole * pole, rest * pole, rest];
        let powers = [pole, pole * pole, pole * pole * pole, loop_gain];
        for x in block.iter_mut() {
            let tail = (held[0] * s[0] + held[1] * s[1]) + (held[2] * s[2] + held[3] * s[3]);
            let u = bend(*x * entering - returning * tail) * undo;
            // Each stage is what it held plus its share of the input: no stage waits for the one before.
            let h1 = rest * s[0];
            let h2 = pole * h1 + rest * s[1];
            let h3 = pole * h2 + rest * s[2];
            let y = [powers[0] * u + h1, powers[1] * u + h2, powers[2] * u + h3, powers[3] * u + tail];
            for (stage, y) in s.iter_mut().zip(y) {
                *stage = 2.0 * y - *stage;
            }
            *x = y[3];
        }
        self.stages = s.map(flushed);
    }
}

/// A cubic bend, flat from 1.5 on: softer to compute than a quotient, inside a loop that waits for it.
#[inline]
fn bend(x: f32) -> f32 {
    let x = if x > 1.5 { 1.5 } else { x };
    let x = if x < -1.5 { -1.5 } else { x };
    x - x * x * x * (4.0 / 27.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::CHUNK;

    #[test]
    fn the_ladder_stays_bounded_at_full_resonance_and_any_cutoff() {
        for hertz in [5.0, 100.0, 5_000.0, 30_000.0] {
            let mut ladder = Ladder::default();
            for n in 0..2_000 {
                let mut block = [if n % 7 == 0 { 1.0 } else { -1.0 }; CHUNK];
                ladder.run(hertz, 1.0, 4.0, &mut block);
                assert!(block.iter().all(|x| x.is_finite() && x.abs() < 20.0), "{hertz}");
            }
        }
    }
}
