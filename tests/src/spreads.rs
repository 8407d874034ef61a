//! How far apart several machines are heard.

/// Between two steps that sound, in nanoseconds: every other sixteenth at 120 beats a minute.
pub const INTERVAL: i64 = 250_000_000;

/// How far apart the same step was heard.
#[derive(Clone, Debug, Default)]
pub struct Spreads {
    /// From the first machine to the last, step by step, in nanoseconds.
    pub nanos: Vec<i64>,
    /// Steps that some machine lost, doubled or played out of time.
    pub missed: usize,
    /// By how much the first machine was heard later than the last, in the middle of all steps, in microseconds.
    pub first_later_micros: f64,
}

impl Spreads {
    /// Compares what every machine played between two moments.
    pub fn of(machines: &[Vec<i64>], from: i64, to: i64) -> Self {
        let mut spreads = Self::default();
        let Some((first, others)) = machines.split_first() else { return spreads };
        let mut later = Vec::new();
        for &at in first.iter().filter(|at| (from..to).contains(*at)) {
            let (mut least, mut most, mut once, mut last) = (at, at, true, None);
            for other in others {
                let mut near = other.iter().copied().filter(|heard| (heard - at).abs() < INTERVAL / 2);
                let Some(heard) = near.next() else {
                    once = false;
                    continue;
                };
                once &= near.next().is_none();
                (least, most) = (least.min(heard), most.max(heard));
                last = Some(heard);
            }
            later.extend(last.map(|last| at - last));
            spreads.missed += usize::from(!once);
            spreads.nanos.push(most - least);
        }
        later.sort_unstable();
        spreads.first_later_micros = later.get(later.len() / 2).map_or(0.0, |nanos| *nanos as f64 / 1e3);
        for machine in machines {
            let within: Vec<i64> = machine.iter().copied().filter(|at| (from..to).contains(at)).collect();
            let gaps = within.windows(2).map(|pair| pair[1] - pair[0]);
            spreads.missed += gaps.filter(|gap| (gap - INTERVAL).abs() > INTERVAL / 4).count();
        }
        spreads
    }

    /// What so many percent do not exceed, in microseconds.
    pub fn micros(&self, percent: usize) -> f64 {
        let mut nanos = self.nanos.clone();
        nanos.sort_unstable();
        let place = (nanos.len() * percent).div_ceil(100).clamp(1, nanos.len().max(1));
        nanos.get(place - 1).map_or(f64::NAN, |nanos| *nanos as f64 / 1_000.0)
    }
}
