//! "My ears": how one player alone hears a session, as plain data and as flat bytes.
//!
//! It is no part of the document and is sent to nobody; it travels from an interface to the engine that this player hears.
//! [`read_private_mix`] believes nothing that the bytes say of themselves.

use crate::catalogue::{InstrumentIndex, ParamIndex};
use crate::id::TrackId;
use crate::program::Setting;

/// Most tracks that may be heard differently: more than a session shows.
pub const MAX_PRIVATE_TRACKS: usize = 64;
/// Most effect settings of one track: above the parameters that there are.
const MAX_PRIVATE_SETTINGS: usize = 256;
/// Bytes of a track's id.
const ID_BYTES: usize = 8;

const MUTE: u8 = 1;
const SOLO: u8 = 2;
const INSTRUMENT: u8 = 4;

/// All that is different about a track for one player.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateTrack {
    /// Which track.
    pub track: TrackId,
    /// Not heard.
    pub mute: bool,
    /// Heard alone, with the other soloed tracks.
    pub solo: bool,
    /// Level on top of the shared one, 0..=1.
    pub level: f32,
    /// Another instrument in place of its own, as when a player tries one out.
    pub instrument: Option<InstrumentIndex>,
    /// Effect parameters over the shared ones and over locks.
    pub effects: Vec<Setting>,
}

impl PrivateTrack {
    /// A track as the shared mix has it.
    pub const fn shared(track: TrackId) -> Self {
        Self { track, mute: false, solo: false, level: 1.0, instrument: None, effects: Vec::new() }
    }

    /// Whether nothing is different about it.
    pub fn is_shared(&self) -> bool {
        *self == Self::shared(self.track)
    }
}

/// Appends a private mix to a buffer: for each track its id, flags, instrument, how many settings, level, and the settings.
/// Tracks and settings past the most there may be are left out.
pub fn write_private_mix(tracks: &[PrivateTrack], image: &mut Vec<u8>) {
    for track in tracks.iter().take(MAX_PRIVATE_TRACKS) {
        let flags = [(track.mute, MUTE), (track.solo, SOLO), (track.instrument.is_some(), INSTRUMENT)];
        let effects = &track.effects[..track.effects.len().min(MAX_PRIVATE_SETTINGS)];
        image.extend_from_slice(track.track.as_str().as_bytes());
        image.push(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum());
        image.push(track.instrument.map_or(0, |instrument| instrument.0));
        image.extend_from_slice(&(effects.len() as u16).to_le_bytes());
        image.extend_from_slice(&track.level.to_le_bytes());
        for setting in effects {
            image.extend_from_slice(&setting.param.0.to_le_bytes());
            image.extend_from_slice(&setting.value.to_le_bytes());
        }
    }
}

/// The private mix that these bytes are; `None` when they are none.
pub fn read_private_mix(mut image: &[u8]) -> Option<Vec<PrivateTrack>> {
    let mut tracks = Vec::new();
    while !image.is_empty() {
        if tracks.len() == MAX_PRIVATE_TRACKS {
            return None;
        }
        let id: [u8; ID_BYTES] = take(&mut image)?;
        let [flags, instrument] = take(&mut image)?;
        let count = usize::from(u16::from_le_bytes(take(&mut image)?));
        let level = f32::from_le_bytes(take(&mut image)?);
        if count > MAX_PRIVATE_SETTINGS || !level.is_finite() {
            return None;
        }
        let mut effects = Vec::with_capacity(count);
        for _ in 0..count {
            let param = ParamIndex(u16::from_le_bytes(take(&mut image)?));
            effects.push(Setting { param, value: f32::from_le_bytes(take(&mut image)?) });
        }
        tracks.push(PrivateTrack {
            track: core::str::from_utf8(&id).ok()?.parse().ok()?,
            mute: flags & MUTE != 0,
            solo: flags & SOLO != 0,
            level: level.clamp(0.0, 1.0),
            instrument: (flags & INSTRUMENT != 0).then_some(InstrumentIndex(instrument)),
            effects,
        });
    }
    Some(tracks)
}

fn take<const N: usize>(image: &mut &[u8]) -> Option<[u8; N]> {
    let (field, rest) = image.split_first_chunk::<N>()?;
    *image = rest;
    Some(*field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Vec<PrivateTrack> {
        let wet = Setting { param: ParamIndex(40), value: 0.25 };
        let first = PrivateTrack::shared(TrackId::from_random(1));
        let second = PrivateTrack::shared(TrackId::from_random(2));
        vec![
            PrivateTrack { mute: true, level: 0.5, effects: vec![wet], ..first },
            PrivateTrack { solo: true, instrument: Some(InstrumentIndex(98)), ..second },
        ]
    }

    #[test]
    fn a_mix_reads_as_written_and_an_empty_one_is_the_shared_one() {
        let mut image = Vec::new();
        write_private_mix(&some(), &mut image);
        assert_eq!(read_private_mix(&image), Some(some()));
        assert_eq!(read_private_mix(&[]), Some(Vec::new()));
        assert!(!some()[0].is_shared() && PrivateTrack::shared(TrackId::from_random(1)).is_shared());
    }

    #[test]
    fn bytes_that_are_no_mix_are_refused() {
        let mut image = Vec::new();
        write_private_mix(&some(), &mut image);
        for end in [1, 8, 10, 15, 17, image.len() - 1] {
            assert_eq!(read_private_mix(&image[..end]), None, "cut at {end}");
        }
        let mut strange = image.clone();
        strange[0] = b'!';
        assert_eq!(read_private_mix(&strange), None, "no id");
        strange.clone_from(&image);
        strange[10..12].fill(0xff);
        assert_eq!(read_private_mix(&strange), None, "more settings than there are bytes");
        strange.clone_from(&image);
        strange[12..16].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(read_private_mix(&strange), None, "no level");
        let many = vec![PrivateTrack::shared(TrackId::from_random(1)); MAX_PRIVATE_TRACKS];
        let mut full = Vec::new();
        write_private_mix(&many, &mut full);
        assert_eq!(read_private_mix(&full).map(|tracks| tracks.len()), Some(MAX_PRIVATE_TRACKS));
        full.extend_from_slice(&image);
        assert_eq!(read_private_mix(&full), None, "more tracks than may be");
    }
}
