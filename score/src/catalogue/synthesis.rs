//! The kinds of synthesis, and which instrument parameters each kind answers to.

/// How an instrument makes its sound; it decides which parameters the interface shows for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Synthesis {
    /// Tuned body, filtered noise, metal and clap: drums and effects.
    Percussion,
    /// Oscillators, noise, filter, two envelopes, LFO.
    Subtractive,
    /// Four-operator frequency modulation.
    Fm,
    /// Amplitude modulation of one oscillator by another.
    Am,
    /// Drawbars with percussion and rotary speaker.
    Organ,
    /// Plucked and struck strings.
    String,
    /// Modal bars, membranes, plates.
    Modal,
    /// A player's recording.
    Sampler,
}

const PERCUSSION: &[&str] =
    &["tune", "attack", "decay", "pitch_env", "pitch_decay", "noise", "click", "tone", "resonance", "drive"];
const SUBTRACTIVE: &[&str] = &[
    "tune",
    "attack",
    "decay",
    "sustain",
    "release",
    "cutoff",
    "resonance",
    "filter_env",
    "filter_decay",
    "drive",
    "detune",
    "width",
    "sub",
    "noise",
    "pulse_width",
    "glide",
    "lfo_rate",
    "lfo_depth",
    "vibrato",
    "tremolo",
];
const FM: &[&str] = &[
    "tune",
    "attack",
    "decay",
    "sustain",
    "release",
    "harmonicity",
    "modulation_index",
    "feedback",
    "tone",
    "detune",
    "glide",
    "vibrato",
    "tremolo",
];
const AM: &[&str] = &[
    "tune",
    "attack",
    "decay",
    "sustain",
    "release",
    "harmonicity",
    "modulation_index",
    "tone",
    "glide",
    "vibrato",
    "tremolo",
];
const ORGAN: &[&str] =
    &["tune", "attack", "release", "tone", "click", "percussion", "drive", "rotary", "vibrato", "width"];
const STRING: &[&str] = &["tune", "decay", "release", "tone", "damping", "pick_position", "noise", "drive"];
const MODAL: &[&str] = &["tune", "decay", "release", "tone", "damping", "noise", "drive", "tremolo", "width"];
const SAMPLER: &[&str] = &["tune", "attack", "release", "glide", "start", "end", "slice", "reverse", "loop"];

impl Synthesis {
    /// Ids of the parameters that this kind of instrument answers to, in the order to show them.
    pub const fn parameter_ids(self) -> &'static [&'static str] {
        match self {
            Synthesis::Percussion => PERCUSSION,
            Synthesis::Subtractive => SUBTRACTIVE,
            Synthesis::Fm => FM,
            Synthesis::Am => AM,
            Synthesis::Organ => ORGAN,
            Synthesis::String => STRING,
            Synthesis::Modal => MODAL,
            Synthesis::Sampler => SAMPLER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::parameter;

    #[test]
    fn every_listed_parameter_exists_and_belongs_to_instruments() {
        let kinds = [
            Synthesis::Percussion,
            Synthesis::Subtractive,
            Synthesis::Fm,
            Synthesis::Am,
            Synthesis::Organ,
            Synthesis::String,
            Synthesis::Modal,
            Synthesis::Sampler,
        ];
        for id in kinds.iter().flat_map(|kind| kind.parameter_ids()) {
            let row = parameter(id).unwrap_or_else(|| panic!("{id} is not in the catalogue"));
            assert_eq!(row.slot, None, "{id}");
        }
    }
}
