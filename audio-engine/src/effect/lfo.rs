//! A slow sine on an integer phase: exact however long it runs.

/// Phase steps per cycle.
const CYCLE: f32 = 4_294_967_296.0;

/// A sine of a given rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lfo {
    phase: u32,
    /// Phase per frame.
    step: u32,
}

impl Lfo {
    pub(super) fn set_rate(&mut self, hertz: f32) {
        self.step = (hertz * (CYCLE / crate::dsp::SAMPLE_RATE)) as u32;
    }

    pub(super) fn restart(&mut self) {
        self.phase = 0;
    }

    pub(super) fn advance(&mut self, frames: usize) {
        self.phase = self.phase.wrapping_add(self.step.wrapping_mul(frames as u32));
    }

    /// The sine, `turn` quarters of a cycle ahead, to 2e-4: `x (pi - x^2 (pi^3/6 - ...))` fitted over a half cycle.
    pub(super) fn sine(self, quarters: u32) -> f32 {
        let phase = self.phase.wrapping_add(quarters << 30);
        // From -1 to 1 over the cycle; folded to a quarter on both sides of zero.
        let x = phase as i32 as f32 / (CYCLE / 2.0);
        let folded = if x > 0.5 {
            1.0 - x
        } else if x < -0.5 {
            -1.0 - x
        } else {
            x
        };
        let s = folded * folded;
        folded * (3.140_625 - s * (5.136_719 - s * 2.292_969))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_one() {
        let mut lfo = Lfo::default();
        lfo.set_rate(1.0);
        for frame in 0..48_000 {
            let angle = core::f64::consts::TAU * f64::from(frame) / 48_000.0;
            assert!((f64::from(lfo.sine(0)) - libm::sin(angle)).abs() < 5e-3, "frame {frame}");
            assert!((f64::from(lfo.sine(1)) - libm::cos(angle)).abs() < 5e-3, "frame {frame}");
            lfo.advance(1);
        }
    }
}
