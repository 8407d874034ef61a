//! "My ears": how one player alone hears a session, as plain data and as flat bytes.
//!
//! It is no part of the document and is sent to nobody; it travels from an interface to the engine that this player hears.
//! [`read_private_mix`] believes nothing that the bytes say of themselves.

use crate::catalogue::{InstrumentIndex, ParamIndex};
use crate::id::TrackId;
use crate::program::Setting;

/// Most tracks that may be heard differently: more than a session shows.
pub const MAX_PRIVATE_TRACKS: usize = 64;
/// Most effect settings of a chain: above the parameters that there are.
const MAX_PRIVATE_SETTINGS: usize = 256;
/// Bytes of a track's id.
const ID_BYTES: usize = 8;

const MUTE: u8 = 1;
const SOLO: u8 = 2;
const INSTRUMENT: u8 = 4;

/// All that is different for one player.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateMix {
    /// How loud this player listens to all of it, 0..=1.
    pub level: f32,
    /// How loud the metronome clicks, 0..=1; 0 for not at all.
    pub click: f32,
    /// Parameters of the master's effects over the shared ones.
    pub master: Vec<Setting>,
    /// The tracks that are heard differently.
    pub tracks: Vec<PrivateTrack>,
}

impl Default for PrivateMix {
    /// Everything as it is shared.
    fn default() -> Self {
        Self { level: 1.0, click: 0.0, master: Vec::new(), tracks: Vec::new() }
    }
}

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

/// Appends a private mix to a buffer: level, click, the master's settings; then for each track its id, flags, instrument, level and
/// settings. Tracks and settings past the most there may be are left out.
pub fn write_private_mix(mix: &PrivateMix, image: &mut Vec<u8>) {
    image.extend_from_slice(&mix.level.to_le_bytes());
    image.extend_from_slice(&mix.click.to_le_bytes());
    write_settings(&mix.master, image);
    for track in mix.tracks.iter().take(MAX_PRIVATE_TRACKS) {
        let flags = [(track.mute, MUTE), (track.solo, SOLO), (track.instrument.is_some(), INSTRUMENT)];
        image.extend_from_slice(track.track.as_str().as_bytes());
        image.push(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum());
        image.push(track.instrument.map_or(0, |instrument| instrument.0));
        image.extend_from_slice(&track.level.to_le_bytes());
        write_settings(&track.effects, image);
    }
}

fn write_settings(settings: &[Setting], image: &mut Vec<u8>) {
    let settings = &settings[..settings.len().min(MAX_PRIVATE_SETTINGS)];
    image.extend_from_slice(&(settings.len() as u16).to_le_bytes());
    for setting in settings {
        image.extend_from_slice(&setting.param.0.to_le_bytes());
        image.extend_from_slice(&setting.value.to_le_bytes());
    }
}

/// The private mix that these bytes are, the shared one where there are none; `None` when they are no mix.
pub fn read_private_mix(mut image: &[u8]) -> Option<PrivateMix> {
    let mut mix = PrivateMix::default();
    if image.is_empty() {
        return Some(mix);
    }
    (mix.level, mix.click) = (read_level(&mut image)?, read_level(&mut image)?);
    mix.master = read_settings(&mut image)?;
    while !image.is_empty() {
        if mix.tracks.len() == MAX_PRIVATE_TRACKS {
            return None;
        }
        mix.tracks.push(read_track(&mut image)?);
    }
    Some(mix)
}

fn read_track(image: &mut &[u8]) -> Option<PrivateTrack> {
    let id: [u8; ID_BYTES] = take(image)?;
    let [flags, instrument] = take(image)?;
    Some(PrivateTrack {
        track: core::str::from_utf8(&id).ok()?.parse().ok()?,
        mute: flags & MUTE != 0,
        solo: flags & SOLO != 0,
        instrument: (flags & INSTRUMENT != 0).then_some(InstrumentIndex(instrument)),
        level: read_level(image)?,
        effects: read_settings(image)?,
    })
}

fn read_level(image: &mut &[u8]) -> Option<f32> {
    let level = f32::from_le_bytes(take(image)?);
    level.is_finite().then(|| level.clamp(0.0, 1.0))
}

fn read_settings(image: &mut &[u8]) -> Option<Vec<Setting>> {
    let count = usize::from(u16::from_le_bytes(take(image)?));
    if count > MAX_PRIVATE_SETTINGS {
        return None;
    }
    let mut settings = Vec::with_capacity(count);
    for _ in 0..count {
        let param = ParamIndex(u16::from_le_bytes(take(image)?));
        settings.push(Setting { param, value: f32::from_le_bytes(take(image)?) });
    }
    Some(settings)
}

fn take<const N: usize>(image: &mut &[u8]) -> Option<[u8; N]> {
    let (field, rest) = image.split_first_chunk::<N>()?;
    *image = rest;
    Some(*field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> PrivateMix {
        let wet = Setting { param: ParamIndex(40), value: 0.25 };
        let first = PrivateTrack::shared(TrackId::from_random(1));
        let second = PrivateTrack::shared(TrackId::from_random(2));
        let tracks = vec![
            PrivateTrack { mute: true, level: 0.5, effects: vec![wet], ..first },
            PrivateTrack { solo: true, instrument: Some(InstrumentIndex(98)), ..second },
        ];
        PrivateMix { level: 0.75, click: 0.5, master: vec![wet, wet], tracks }
    }

    fn image(mix: &PrivateMix) -> Vec<u8> {
        let mut image = Vec::new();
        write_private_mix(mix, &mut image);
        image
    }

    #[test]
    fn a_mix_reads_as_written_and_an_empty_one_is_the_shared_one() {
        assert_eq!(read_private_mix(&image(&some())), Some(some()));
        assert_eq!(read_private_mix(&[]), Some(PrivateMix::default()));
        assert_eq!(read_private_mix(&image(&PrivateMix::default())), Some(PrivateMix::default()));
        assert!(!some().tracks[0].is_shared() && PrivateTrack::shared(TrackId::from_random(1)).is_shared());
    }

    #[test]
    fn bytes_that_are_no_mix_are_refused() {
        let good = image(&some());
        // Where the first track begins: behind two levels, a number and two settings.
        let first = 4 + 4 + 2 + 2 * 6;
        for end in [1, 7, 9, 11, first - 1, first + 1, first + 9, first + 15, good.len() - 1] {
            assert_eq!(read_private_mix(&good[..end]), None, "cut at {end}");
        }
        let with = |at: usize, bytes: &[u8]| {
            let mut strange = good.clone();
            strange[at..at + bytes.len()].copy_from_slice(bytes);
            read_private_mix(&strange)
        };
        assert_eq!(with(first, b"!"), None, "no id");
        assert_eq!(with(8, &[0xff; 2]), None, "more settings than there are bytes");
        for at in [0, 4, first + 10] {
            assert_eq!(with(at, &f32::NAN.to_le_bytes()), None, "no level at {at}");
        }
        let track = PrivateTrack::shared(TrackId::from_random(1));
        let full = PrivateMix { tracks: vec![track; MAX_PRIVATE_TRACKS], ..PrivateMix::default() };
        assert_eq!(read_private_mix(&image(&full)), Some(full.clone()));
        let more = [image(&full), good[first..].to_vec()].concat();
        assert_eq!(read_private_mix(&more), None, "more tracks than may be");
    }
}
