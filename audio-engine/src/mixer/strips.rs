//! All strips, two by two.

use super::Bus;
use super::strip::Strip;
use crate::effect::{Bench, Chain, Moment, Settings};
use crate::meter::Level;
use crate::prepared::{STRIPS, StripPlan};

/// Two strips, and their effects side by side.
#[derive(Debug)]
struct Pair {
    chain: Chain,
    strips: [Strip; 2],
}

/// The strips of all tracks.
#[derive(Debug)]
pub(crate) struct Strips {
    pairs: Box<[Pair]>,
    bench: Box<Bench>,
}

impl Strips {
    /// Allocates all delay lines.
    pub(crate) fn new() -> Self {
        let pair = || Pair { chain: Chain::new(), strips: [Strip::new(), Strip::new()] };
        Self { pairs: (0..STRIPS.div_ceil(2)).map(|_| pair()).collect(), bench: Box::new(Bench::new()) }
    }

    /// Follows a program: gains and effects of a strip move to what it says. When the strip changes hands it starts afresh instead,
    /// and tells so, that its voices be cut.
    pub(crate) fn adopt(&mut self, strip: usize, plan: &StripPlan) -> bool {
        let (pair, which) = self.of(strip);
        let is_handed_over = pair.strips[which].adopt(plan);
        if is_handed_over {
            pair.chain.reset(which, &plan.effects);
        } else {
            pair.chain.aim(which, &plan.effects);
        }
        is_handed_over
    }

    /// The track is gone: what still sounds of it fades.
    pub(crate) fn abandon(&mut self, strip: usize) {
        let (pair, which) = self.of(strip);
        pair.strips[which].abandon();
    }

    /// Moves a strip's effects to other settings, as a step's locks ask.
    pub(crate) fn aim_effects(&mut self, strip: usize, effects: &Settings) {
        let (pair, which) = self.of(strip);
        pair.chain.aim(which, effects);
    }

    /// Sets this player's own gain for a track.
    pub(crate) fn set_ears(&mut self, strip: usize, gain: f32, at_once: bool) {
        let (pair, which) = self.of(strip);
        pair.strips[which].set_ears(gain, at_once);
    }

    /// The levels of all strips.
    pub(crate) fn levels(&self) -> impl Iterator<Item = Level> {
        self.pairs.iter().flat_map(|pair| &pair.strips).map(Strip::level)
    }

    /// Mixes `frames` frames of all buses into the master's, and tells of each strip in which a sample was not a number: this quantum of
    /// it is then silent, its effects have forgotten what they held, and the track's voices should be cut.
    pub(crate) fn mix(
        &mut self,
        buses: &mut [Bus; STRIPS],
        into: &mut Bus,
        frames: usize,
        moment: Moment,
        mut is_insane: impl FnMut(usize),
    ) {
        for ((number, pair), buses) in self.pairs.iter_mut().enumerate().zip(buses.chunks_mut(2)) {
            let mut rest = [true; 2];
            let mut sounds = [None, None];
            for ((strip, bus), sound) in buses.iter_mut().enumerate().zip(&mut sounds) {
                rest[strip] = bus.is_silent && pair.chain.rests(strip);
                *sound = (!rest[strip]).then(|| bus.stereo());
            }
            pair.chain.process(sounds, frames, moment, &mut self.bench);
            for (strip, bus) in buses.iter_mut().enumerate() {
                if !pair.strips[strip].mix(bus, into, frames, rest[strip]) {
                    pair.chain.clear(strip);
                    is_insane(2 * number + strip);
                }
            }
        }
    }

    /// The pair of a strip, and which of the two it is.
    fn of(&mut self, strip: usize) -> (&mut Pair, usize) {
        (&mut self.pairs[strip / 2], strip % 2)
    }
}

#[cfg(test)]
mod tests {
    use score::id::TrackId;
    use score::time::Tempo;

    use super::*;
    use crate::effect::Overrides;
    use crate::prepared::Gains;

    fn strips() -> Strips {
        let mut strips = Strips::new();
        let gains = Gains { left: 1.0, right: 0.5 };
        let owner = TrackId::from_random(1);
        let plan = StripPlan {
            owner,
            gains,
            effects: Settings::neutral(),
            own_effects: Overrides::NONE,
            locks_effects: false,
        };
        assert!(strips.adopt(0, &plan), "the strip changes hands");
        assert!(!strips.adopt(0, &plan), "and keeps its owner");
        strips
    }

    fn mix(strips: &mut Strips, sample: f32) -> (bool, Bus) {
        let mut buses = [const { Bus::silent() }; STRIPS];
        buses[0] = Bus { left: [sample; 64], right: [sample; 64], is_silent: false };
        let (mut sum, mut is_sane) = (Bus::silent(), true);
        let moment = Moment { tempo: Tempo::default() };
        strips.mix(&mut buses, &mut sum, 64, moment, |strip| is_sane = strip != 0);
        assert_eq!(buses[0].peak(64), Some(0.0), "the bus is ready for the next quantum");
        (is_sane, sum)
    }

    #[test]
    fn a_fresh_strip_mixes_at_its_gains_at_once() {
        let (is_sane, sum) = mix(&mut strips(), 0.5);
        assert!(is_sane);
        assert!(sum.left.iter().all(|sample| (sample - 0.5).abs() < 1e-6));
        assert!(sum.right.iter().all(|sample| (sample - 0.25).abs() < 1e-6));
    }

    #[test]
    fn what_is_not_a_number_is_silent_and_told() {
        let mut strips = strips();
        for bad in [f32::NAN, f32::INFINITY] {
            let (is_sane, sum) = mix(&mut strips, bad);
            assert!(!is_sane);
            assert_eq!(sum.peak(64), Some(0.0));
            let (is_sane, sum) = mix(&mut strips, 0.5);
            assert!(is_sane);
            assert_eq!(sum.peak(64), Some(0.5));
        }
    }
}
