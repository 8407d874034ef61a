//! "My ears": one player's private mix, applied after the shared one and sent to nobody.

use score::PrivateTrack;
use score::catalogue::InstrumentIndex;
use score::id::TrackId;
use score::program::Setting;

use crate::effect::Overrides;
use crate::prepared::{Owners, STRIPS};

/// How one player hears one track, on top of the shared mix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ears {
    /// Not heard by this player.
    pub mute: bool,
    /// Heard alone, with the other soloed tracks.
    pub solo: bool,
    /// Level, 0..=1.
    pub level: f32,
}

impl Default for Ears {
    /// The track as the shared mix has it.
    fn default() -> Self {
        Self { mute: false, solo: false, level: 1.0 }
    }
}

/// The private mix of a whole session, but for its level and its metronome.
#[derive(Clone, Debug)]
pub(crate) struct PrivateMix {
    master: Overrides,
    tracks: Vec<(TrackId, Ears)>,
    effects: Vec<(TrackId, Overrides)>,
    instruments: Vec<(TrackId, InstrumentIndex)>,
}

impl Default for PrivateMix {
    /// Everything as it is shared.
    fn default() -> Self {
        Self { master: Overrides::NONE, tracks: Vec::new(), effects: Vec::new(), instruments: Vec::new() }
    }
}

impl PrivateMix {
    /// Most tracks that can be set; a session has fewer, parked ones included.
    const MAX_TRACKS: usize = 256;

    /// Sets how a track is heard; beyond [`PrivateMix::MAX_TRACKS`] others it is left as it was.
    pub(crate) fn set(&mut self, track: TrackId, ears: Ears) {
        self.tracks.retain(|(id, _)| *id != track);
        if ears != Ears::default() && self.tracks.len() < Self::MAX_TRACKS {
            self.tracks.push((track, ears));
        }
    }

    /// Replaces a track's own effect settings; beyond [`PrivateMix::MAX_TRACKS`] others they are left as they were.
    pub(crate) fn set_effects(&mut self, track: TrackId, settings: &[Setting]) {
        let overrides = Overrides::of(settings);
        self.effects.retain(|(id, _)| *id != track);
        if overrides != Overrides::NONE && self.effects.len() < Self::MAX_TRACKS {
            self.effects.push((track, overrides));
        }
    }

    /// Puts a whole mix in place of this one; whether more than gains is different.
    pub(crate) fn replace(&mut self, master: &[Setting], tracks: &[PrivateTrack]) -> bool {
        let before = std::mem::take(self);
        self.master = Overrides::of(master);
        for PrivateTrack { track, mute, solo, level, instrument, effects } in tracks {
            self.set(*track, Ears { mute: *mute, solo: *solo, level: *level });
            self.set_effects(*track, effects);
            self.instruments.retain(|(id, _)| id != track);
            if let Some(instrument) = instrument.filter(|_| self.instruments.len() < Self::MAX_TRACKS) {
                self.instruments.push((*track, instrument));
            }
        }
        before.master != self.master
            || before.effects != self.effects
            || before.instruments != self.instruments
    }

    /// The instrument that a track has for this player alone.
    pub(crate) fn instrument(&self, track: TrackId) -> Option<InstrumentIndex> {
        self.instruments.iter().find(|(id, _)| *id == track).map(|(_, instrument)| *instrument)
    }

    /// What a track's effects are set to for this player alone.
    pub(crate) fn effects(&self, track: TrackId) -> Overrides {
        self.effects.iter().find(|(id, _)| *id == track).map_or(Overrides::NONE, |(_, own)| own.clone())
    }

    /// What the master's effects are set to for this player alone.
    pub(crate) fn master(&self) -> &Overrides {
        &self.master
    }

    /// Hears everything as it is shared.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The gain that a track gets: none when muted or not soloed while another of `sounding` is.
    pub(crate) fn gain(&self, track: TrackId, sounding: &[TrackId]) -> f32 {
        let ears = self.of(track);
        let solo_elsewhere = || sounding.iter().any(|id| self.of(*id).solo);
        if ears.mute || (!ears.solo && solo_elsewhere()) || !ears.level.is_finite() {
            0.0
        } else {
            ears.level.clamp(0.0, 1.0)
        }
    }

    /// The gain of each strip.
    pub(crate) fn gains(&self, owners: &Owners, sounding: &[TrackId]) -> [f32; STRIPS] {
        owners.map(|owner| owner.map_or(1.0, |track| self.gain(track, sounding)))
    }

    fn of(&self, track: TrackId) -> Ears {
        self.tracks.iter().find(|(id, _)| *id == track).map(|(_, ears)| *ears).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_solo_silences_the_others_and_a_mute_wins_over_it() {
        let [kick, hat, bass] = [1, 2, 3].map(TrackId::from_random);
        let all = [kick, hat, bass];
        let mut mix = PrivateMix::default();
        mix.set(kick, Ears { solo: true, level: 0.5, ..Ears::default() });
        mix.set(hat, Ears { solo: true, mute: true, ..Ears::default() });
        assert_eq!(all.map(|track| mix.gain(track, &all)), [0.5, 0.0, 0.0]);
        mix.set(kick, Ears::default());
        mix.set(hat, Ears::default());
        assert_eq!(all.map(|track| mix.gain(track, &all)), [1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_solo_of_a_track_that_is_gone_silences_nobody() {
        let [kick, gone] = [1, 2].map(TrackId::from_random);
        let mut mix = PrivateMix::default();
        mix.set(gone, Ears { solo: true, ..Ears::default() });
        assert!((mix.gain(kick, &[kick]) - 1.0).abs() < f32::EPSILON);
    }
}
