//! Parameters: what can be turned, locked and learnt, with its unit, range, default and taper.

use super::parameter_rows::{EFFECT_ROWS, INSTRUMENT_ROWS};

/// A parameter's position in [`PARAMETERS`]: what a compiled program carries in place of the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParamIndex(pub u16);

impl ParamIndex {
    /// The row, or `None` for an index past the table (a program image from elsewhere may hold any number).
    pub fn get(self) -> Option<&'static Parameter> {
        PARAMETERS.get(usize::from(self.0))
    }
}

/// What a parameter's number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A share, 1.0 being 100 %; shown as percent.
    Percent,
    /// Cycles per second.
    Hertz,
    /// Seconds.
    Seconds,
    /// Equal-tempered semitones.
    Semitones,
    /// Hundredths of a semitone.
    Cents,
    /// Decibels.
    Decibels,
    /// A factor; shown as ×.
    Ratio,
    /// A modulation index as files of this kind of sequencer count it: 10 is bright.
    Index,
    /// A whole number.
    Count,
    /// Left (-1) to right (1).
    Pan,
    /// The position in `Parameter::choices`.
    Choice,
    /// Off (0) or on (1).
    Switch,
}

/// How a knob's travel maps to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Taper {
    /// Equal travel, equal difference.
    Linear,
    /// Equal travel, equal factor; the range is positive.
    Logarithmic,
    /// Whole numbers only.
    Stepped,
}

/// The effect slots of a track and of the master, in signal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EffectSlot {
    /// Level into the chain.
    Trim,
    /// Multimode filter.
    Filter,
    /// Saturation.
    Distortion,
    /// Three bands.
    Eq,
    /// Dynamics.
    Compressor,
    /// Chorus.
    Chorus,
    /// Phaser.
    Phaser,
    /// Tempo-synced echo.
    Delay,
    /// Room.
    Reverb,
    /// Level, pan and width out of the chain.
    Gain,
}

impl EffectSlot {
    /// Every slot, in signal order.
    pub const ALL: [EffectSlot; 10] = [
        EffectSlot::Trim,
        EffectSlot::Filter,
        EffectSlot::Distortion,
        EffectSlot::Eq,
        EffectSlot::Compressor,
        EffectSlot::Chorus,
        EffectSlot::Phaser,
        EffectSlot::Delay,
        EffectSlot::Reverb,
        EffectSlot::Gain,
    ];

    /// The slot's id: what stands before the dot in its parameters' ids.
    pub const fn id(self) -> &'static str {
        match self {
            EffectSlot::Trim => "trim",
            EffectSlot::Filter => "filter",
            EffectSlot::Distortion => "distortion",
            EffectSlot::Eq => "eq",
            EffectSlot::Compressor => "compressor",
            EffectSlot::Chorus => "chorus",
            EffectSlot::Phaser => "phaser",
            EffectSlot::Delay => "delay",
            EffectSlot::Reverb => "reverb",
            EffectSlot::Gain => "gain",
        }
    }
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its position in [`PARAMETERS`].
    pub index: ParamIndex,
    /// The id that documents and files hold: `cutoff` of an instrument, `filter.cutoff` of an effect.
    pub id: &'static str,
    /// The name shown to players.
    pub name: &'static str,
    /// The effect slot it belongs to; `None` for an instrument's parameter.
    pub slot: Option<EffectSlot>,
    /// What the number counts.
    pub unit: Unit,
    /// The smallest value.
    pub min: f32,
    /// The largest value.
    pub max: f32,
    /// The value when nothing was set. Most instrument parameters act on the preset (added to it, or a factor
    /// of it), so that one default means "as the preset was made" for every instrument.
    pub default: f32,
    /// How a knob's travel maps to it.
    pub taper: Taper,
    /// Names of the values of a [`Unit::Choice`]; empty otherwise.
    pub choices: &'static [&'static str],
    /// One line that says what it does.
    pub about: &'static str,
}

const COUNT: usize = INSTRUMENT_ROWS.len() + EFFECT_ROWS.len();

/// Every parameter: those of instruments first, then those of effects in signal order.
pub static PARAMETERS: [Parameter; COUNT] = numbered();

const fn numbered() -> [Parameter; COUNT] {
    let mut rows = [const { super::parameter_rows::BLANK }; COUNT];
    let mut at = 0;
    while at < COUNT {
        let row = if at < INSTRUMENT_ROWS.len() {
            &INSTRUMENT_ROWS[at]
        } else {
            &EFFECT_ROWS[at - INSTRUMENT_ROWS.len()]
        };
        rows[at] = Parameter { index: ParamIndex(at as u16), ..*row };
        at += 1;
    }
    rows
}

/// The parameters that instruments answer to.
pub fn instrument_parameters() -> &'static [Parameter] {
    &PARAMETERS[..INSTRUMENT_ROWS.len()]
}

/// The parameters of the effect slots.
pub fn effect_parameters() -> &'static [Parameter] {
    &PARAMETERS[INSTRUMENT_ROWS.len()..]
}

/// The parameter with exactly this id.
pub fn parameter(id: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|row| row.id == id)
}

/// The index of the parameter with exactly this id.
pub fn parameter_index(id: &str) -> Option<ParamIndex> {
    parameter(id).map(|row| row.index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_indices_count_up() {
        let ids: BTreeSet<&str> = PARAMETERS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), PARAMETERS.len());
        for (at, row) in PARAMETERS.iter().enumerate() {
            assert_eq!(usize::from(row.index.0), at);
            assert_eq!(parameter_index(row.id).and_then(ParamIndex::get), Some(row));
        }
        assert_eq!(ParamIndex(u16::MAX).get(), None);
    }

    #[test]
    fn ranges_are_sound_and_hold_their_defaults() {
        for row in &PARAMETERS {
            assert!(row.min < row.max, "{}", row.id);
            assert!((row.min..=row.max).contains(&row.default), "{}: default {}", row.id, row.default);
            if row.taper == Taper::Logarithmic {
                assert!(row.min > 0.0, "{}", row.id);
            }
            if row.unit == Unit::Choice {
                assert_eq!(row.max as usize + 1, row.choices.len(), "{}", row.id);
            } else {
                assert!(row.choices.is_empty(), "{}", row.id);
            }
            assert!(!row.about.is_empty() && !row.name.is_empty(), "{}", row.id);
        }
    }

    #[test]
    fn effect_ids_begin_with_their_slot_and_every_slot_has_a_switch() {
        for row in effect_parameters() {
            let slot = row.slot.expect("an effect parameter has a slot");
            assert_eq!(row.id.split_once('.').map(|(before, _)| before), Some(slot.id()));
        }
        assert!(instrument_parameters().iter().all(|row| row.slot.is_none() && !row.id.contains('.')));
        for slot in EffectSlot::ALL {
            let switch = parameter(&format!("{}.on", slot.id())).expect("every slot can be switched");
            assert_eq!(switch.unit, Unit::Switch);
        }
    }

    #[test]
    fn ranges_and_defaults_are_those_of_the_design() {
        let expected = [
            ("reverb.decay", 0.1, 10.0, 2.0),
            ("delay.feedback", 0.0, 0.95, 0.3),
            ("chorus.rate", 0.1, 10.0, 1.5),
            ("chorus.depth", 0.0, 1.0, 0.5),
            ("distortion.amount", 0.0, 1.0, 0.4),
            ("distortion.wet", 0.0, 1.0, 0.0),
            ("chorus.wet", 0.0, 1.0, 0.0),
            ("phaser.wet", 0.0, 1.0, 0.0),
            ("delay.wet", 0.0, 1.0, 0.0),
            ("reverb.wet", 0.0, 1.0, 0.0),
        ];
        for (id, min, max, default) in expected {
            let row = parameter(id).expect(id);
            assert_eq!((row.min, row.max, row.default), (min, max, default), "{id}");
        }
    }
}
