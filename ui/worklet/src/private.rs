//! What this player alone hears, as a script says it.

use audio_engine::{Control, Ears};
use score::TrackId;
use score::catalogue::ParamIndex;
use score::program::Setting;

/// Most tracks that can be heard alone at once, or at a level of their own: more than a session has.
pub const MAX_SOLO_TRACKS: usize = 64;

/// Most settings of a track's private effects: more than there are effect parameters.
pub const MAX_PRIVATE_SETTINGS: usize = 128;

/// Bytes of a track's id.
const ID_BYTES: usize = 8;

/// Tracks that are heard otherwise than the shared mix has them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PrivateMix {
    tracks: Vec<(TrackId, Ears)>,
}

impl PrivateMix {
    /// Hears the tracks whose ids begin the slot alone; none for all.
    pub(crate) fn solo(&mut self, control: &mut Control, slot: &[u8], tracks: usize) {
        let solo: Vec<TrackId> =
            slot.chunks_exact(ID_BYTES).take(tracks.min(MAX_SOLO_TRACKS)).filter_map(id).collect();
        for (track, ears) in self.tracks.clone() {
            self.set(control, track, Ears { solo: solo.contains(&track), ..ears });
        }
        for track in solo {
            let ears = Ears { solo: true, ..self.of(track) };
            self.set(control, track, ears);
        }
    }

    /// Sets the mute and the level of the track whose id begins the slot.
    pub(crate) fn hear(&mut self, control: &mut Control, slot: &[u8], mute: bool, level: f32) {
        let Some(track) = slot.get(..ID_BYTES).and_then(id) else { return };
        let ears = Ears { mute, level, ..self.of(track) };
        self.set(control, track, ears);
    }

    /// Sets the effects of the track whose id begins the slot.
    pub(crate) fn effects(control: &mut Control, slot: &[u8], settings: usize) {
        let Some((track, rest)) = slot.split_at_checked(ID_BYTES) else { return };
        let Some(track) = id(track) else { return };
        let pairs = rest.as_chunks::<8>().0.iter().take(settings.min(MAX_PRIVATE_SETTINGS));
        let settings: Vec<Setting> = pairs.filter_map(|bytes| setting(*bytes)).collect();
        control.set_private_effects(track, &settings);
    }

    fn of(&self, track: TrackId) -> Ears {
        self.tracks.iter().find(|(other, _)| *other == track).map(|(_, ears)| *ears).unwrap_or_default()
    }

    fn set(&mut self, control: &mut Control, track: TrackId, ears: Ears) {
        self.tracks.retain(|(other, _)| *other != track);
        if self.tracks.len() == MAX_SOLO_TRACKS {
            return;
        }
        if ears != Ears::default() {
            self.tracks.push((track, ears));
        }
        control.set_ears(track, ears);
    }
}

fn id(bytes: &[u8]) -> Option<TrackId> {
    core::str::from_utf8(bytes).ok()?.parse().ok()
}

/// A parameter's index and a value.
fn setting(bytes: [u8; 8]) -> Option<Setting> {
    let [a, b, c, d, e, f, g, h] = bytes;
    let param = ParamIndex(u16::try_from(u32::from_le_bytes([a, b, c, d])).ok()?);
    Some(Setting { param, value: f32::from_le_bytes([e, f, g, h]) })
}
