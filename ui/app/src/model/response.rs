//! What filter and equaliser do to each frequency: their transfer functions, as the engine computes them.
//!
//! Both are state-variable filters by trapezoidal integration (A. Simper, Cytomic 2012 and 2013): with the tangent's warping
//! `w = tan(pi f / rate) / tan(pi corner / rate)` and damping `k`, the band-pass is `jw / (1 - w^2 + jkw)`, the low-pass `1 / (1 -
//! w^2 + jkw)`, and what is heard a mix of those and of the input.

use std::fmt::Write;

use score::time::SAMPLE_RATE;

/// Lowest and highest frequency that is drawn, in hertz.
const SPAN: (f64, f64) = (20.0, 20_000.0);

/// A complex number.
type Complex = (f64, f64);

/// One state-variable filter.
#[derive(Clone, Copy, Debug)]
struct Stage {
    /// The integrators' gain.
    g: f64,
    damping: f64,
    /// Shares of input, band-pass and low-pass.
    mix: [f64; 3],
}

/// The filter's settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter {
    /// As the catalogue counts them: low-pass, high-pass, band-pass, notch.
    pub(crate) mode: f32,
    /// 0 for 12 dB an octave, 1 for 24.
    pub(crate) slope: f32,
    /// Hertz.
    pub(crate) cutoff: f32,
    /// 0..=1.
    pub(crate) resonance: f32,
}

/// The equaliser's settings, low to high.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eq {
    /// Decibels.
    pub(crate) gains: [f32; 3],
    /// Hertz.
    pub(crate) frequencies: [f32; 3],
    /// Of the bell.
    pub(crate) q: f32,
}

impl Filter {
    /// Decibels at a frequency.
    pub(crate) fn decibels(&self, hertz: f64) -> f64 {
        let damping = 2.0 - 1.95 * f64::from(self.resonance);
        let dampings = [damping, std::f64::consts::SQRT_2];
        let count = if self.slope >= 0.5 { 2 } else { 1 };
        let stages = dampings.iter().take(count).map(|&damping| Stage {
            g: warped(f64::from(self.cutoff)),
            damping,
            mix: match self.mode as u8 {
                0 => [0.0, 0.0, 1.0],
                1 => [1.0, -damping, -1.0],
                2 => [0.0, damping, 0.0],
                _ => [1.0, -damping, 0.0],
            },
        });
        stages.map(|stage| stage.decibels(hertz)).sum()
    }
}

impl Eq {
    /// Decibels at a frequency.
    pub(crate) fn decibels(&self, hertz: f64) -> f64 {
        let shelf = std::f64::consts::SQRT_2;
        let bands = [shelf, 1.0 / f64::from(self.q).max(0.1), shelf];
        (0..3).map(|band| self.band(band, bands[band]).decibels(hertz)).sum()
    }

    fn band(&self, band: usize, damping: f64) -> Stage {
        let a = 10f64.powf(f64::from(self.gains[band]) / 40.0);
        let g = warped(f64::from(self.frequencies[band]));
        match band {
            0 => Stage { g: g / a.sqrt(), damping, mix: [1.0, damping * (a - 1.0), a * a - 1.0] },
            1 => Stage { g, damping: damping / a, mix: [1.0, damping / a * (a * a - 1.0), 0.0] },
            _ => Stage { g: g * a.sqrt(), damping, mix: [a * a, damping * (1.0 - a) * a, 1.0 - a * a] },
        }
    }
}

impl Stage {
    fn decibels(&self, hertz: f64) -> f64 {
        let w = warped(hertz) / self.g;
        let [direct, band, low] = self.mix;
        // direct + (band jw + low) / (1 - w^2 + jkw)
        let below: Complex = (1.0 - w * w, self.damping * w);
        let above: Complex = (direct * below.0 + low, direct * below.1 + band * w);
        let power = |(re, im): Complex| re * re + im * im;
        10.0 * (power(above) / power(below).max(1e-30)).max(1e-12).log10()
    }
}

fn warped(hertz: f64) -> f64 {
    let rate = f64::from(SAMPLE_RATE);
    (std::f64::consts::PI * hertz.min(rate * 0.49) / rate).tan()
}

/// A curve as the path of an SVG of this size, `reach` decibels from the middle to either edge.
pub(crate) fn path(width: f64, height: f64, reach: f64, decibels: impl Fn(f64) -> f64) -> String {
    const POINTS: u32 = 72;
    let mut path = String::new();
    for point in 0..=POINTS {
        let along = f64::from(point) / f64::from(POINTS);
        let hertz = SPAN.0 * (SPAN.1 / SPAN.0).powf(along);
        let level = (decibels(hertz) / reach).clamp(-1.0, 1.0);
        let (x, y) = (along * width, (1.0 - level) * height / 2.0);
        path.push(if point == 0 { 'M' } else { 'L' });
        // A string takes all that is written to it.
        write!(path, "{x:.1} {y:.1}").ok();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, by: f64) -> bool {
        (a - b).abs() < by
    }

    #[test]
    fn a_low_pass_lets_lows_through_and_falls_by_its_slope() {
        // Without emphasis: damping of a Butterworth.
        let flat = ((2.0 - std::f64::consts::SQRT_2) / 1.95) as f32;
        let filter = Filter { mode: 0.0, slope: 0.0, cutoff: 500.0, resonance: flat };
        assert!(near(filter.decibels(30.0), 0.0, 0.1));
        assert!(near(filter.decibels(500.0), -3.01, 0.05));
        assert!(near(filter.decibels(2_000.0) - filter.decibels(4_000.0), 12.3, 0.5));
        let steep = Filter { slope: 1.0, ..filter };
        assert!(near(steep.decibels(2_000.0), 2.0 * filter.decibels(2_000.0), 0.1));
        let high = Filter { mode: 1.0, ..filter };
        assert!(high.decibels(50.0) < -30.0 && near(high.decibels(15_000.0), 0.0, 0.2));
        let notch = Filter { mode: 3.0, ..filter };
        assert!(notch.decibels(500.0) < -60.0);
    }

    #[test]
    fn shelves_and_bell_reach_their_gains() {
        let eq = Eq { gains: [6.0, -9.0, 3.0], frequencies: [100.0, 1_000.0, 8_000.0], q: 4.0 };
        assert!(near(eq.decibels(20.0), 6.0, 0.3), "{}", eq.decibels(20.0));
        assert!(near(eq.decibels(1_000.0), -9.0, 0.3), "{}", eq.decibels(1_000.0));
        assert!(near(eq.decibels(20_000.0), 3.0, 0.4), "{}", eq.decibels(20_000.0));
        let flat = Eq { gains: [0.0; 3], ..eq };
        assert!(near(flat.decibels(440.0), 0.0, 1e-9));
    }

    #[test]
    fn a_curve_stays_within_its_picture() {
        let path = path(100.0, 40.0, 24.0, |hertz| if hertz < 1_000.0 { 900.0 } else { -900.0 });
        assert!(path.starts_with("M0.0 0.0L") && path.ends_with("L100.0 40.0"), "{path}");
    }
}
