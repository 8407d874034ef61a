//! Instruments: their rows, and what an id means.

use super::instrument_rows::ROWS;
use super::nearest::nearest;
use super::parameter::{Parameter, parameter};
use super::{Family, Synthesis};
use crate::SampleHash;

/// An instrument's position in [`INSTRUMENTS`]: what a compiled program carries in place of the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstrumentIndex(pub u8);

impl InstrumentIndex {
    /// The row, or `None` for an index past the table (a program image from elsewhere may hold any byte).
    pub fn get(self) -> Option<&'static Instrument> {
        INSTRUMENTS.get(usize::from(self.0))
    }
}

/// How long a note sounds when nobody locked its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Playback {
    /// It rings to its own end, whatever the step's length, unless the track's `gate` switch cuts it.
    OneShot,
    /// It is held for the step's gate, then released.
    Held,
}

/// Instruments of one group cut each other off, as the open and closed hats of one kit do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChokeGroup(pub u8);

/// An FM or AM instrument's own values for the two parameters that files state in absolute terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModulationDefaults {
    /// Modulator frequency over carrier frequency.
    pub harmonicity: f32,
    /// Depth of the modulation, as the parameter `modulation_index` counts it.
    pub modulation_index: f32,
}

/// One built-in instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Its position in [`INSTRUMENTS`].
    pub index: InstrumentIndex,
    /// The id that documents and files hold, e.g. `synth:acid`.
    pub id: &'static str,
    /// The name shown to players.
    pub name: &'static str,
    /// The group it is offered in.
    pub family: Family,
    /// How it makes its sound.
    pub synthesis: Synthesis,
    /// How long an unlocked note sounds.
    pub playback: Playback,
    /// The MIDI key of a note without pitch lock or transposition. For drums it is the General MIDI percussion
    /// key, used in MIDI files only.
    pub base_note: u8,
    /// The kit it chokes with, if any.
    pub choke: Option<ChokeGroup>,
    /// Whether it has pulse waves, whose width can be set.
    pub pulse: bool,
    /// Its own harmonicity and modulation index, where it has them.
    pub modulation: Option<ModulationDefaults>,
}

impl Instrument {
    /// The parameters it answers to, in the order to show them.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let shown = |id: &&&str| self.pulse || **id != "pulse_width";
        self.synthesis.parameter_ids().iter().filter(shown).filter_map(|id| parameter(id))
    }

    /// The value at which this instrument sounds as its preset was made.
    pub fn default_of(&self, parameter: &Parameter) -> f32 {
        match (parameter.id, self.modulation) {
            ("harmonicity", Some(own)) => own.harmonicity,
            ("modulation_index", Some(own)) => own.modulation_index,
            _ => parameter.default,
        }
    }

    /// Sets the choke group of a row.
    pub(super) const fn choking(self, group: u8) -> Self {
        Instrument { choke: Some(ChokeGroup(group)), ..self }
    }

    /// Says that a row has pulse waves.
    pub(super) const fn pulsed(self) -> Self {
        Instrument { pulse: true, ..self }
    }

    /// States a row's harmonicity and modulation index.
    pub(super) const fn modulated(self, harmonicity: f32, modulation_index: f32) -> Self {
        Instrument { modulation: Some(ModulationDefaults { harmonicity, modulation_index }), ..self }
    }
}

/// Every built-in instrument, in the order of the design: percussion and effects, `synth:`, `tone:`,
/// `advanced:`, `sampled:`.
pub static INSTRUMENTS: [Instrument; ROWS.len()] = numbered(ROWS);

const fn numbered(mut rows: [Instrument; ROWS.len()]) -> [Instrument; ROWS.len()] {
    let mut at = 0;
    while at < rows.len() {
        rows[at].index = InstrumentIndex(at as u8);
        at += 1;
    }
    rows
}

/// The built-in instrument with exactly this id.
pub fn instrument(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|row| row.id == id)
}

/// What an instrument id stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sound {
    /// A row of the catalogue.
    BuiltIn(&'static Instrument),
    /// A player's recording or file, by the BLAKE3 hash of its stored bytes.
    Sample(SampleHash),
    /// An id the catalogue does not hold; the nearest built-in plays it, and interfaces say so.
    Unknown(&'static Instrument),
}

/// What `id` means. Total: every text, a hostile one included, has an answer.
pub fn resolve(id: &str) -> Sound {
    if let Some(hash) = id.strip_prefix("sample:").and_then(|hash| hash.parse().ok()) {
        return Sound::Sample(hash);
    }
    instrument(id).map_or_else(|| Sound::Unknown(nearest(id)), Sound::BuiltIn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const IDS: &str = "kick snare hihat clap tom rim cowbell openhat shaker conga tambourine clave cabasa \
        woodblock bass subbass lead pluck chord pad zap noise \
        synth:bass synth:lead synth:pad synth:pluck synth:acid synth:funkbass synth:clavinet synth:rhodes \
        synth:organ synth:wurlitzer synth:discobass synth:strings synth:brass synth:stab synth:sub synth:shimmer \
        synth:jangle synth:dreampop synth:bell synth:supersaw synth:hypersaw synth:wobble synth:growl \
        synth:evolving synth:sweep synth:warmpad synth:glass synth:epiano synth:vibes synth:organphase \
        synth:reese synth:hoover \
        tone:fm-epiano tone:fm-bass tone:fm-bell tone:am-bell tone:am-tremolo tone:membrane-kick \
        tone:membrane-tom tone:metal-cymbal tone:metal-hihat tone:pluck-string tone:duo-lead \
        advanced:supersaw advanced:sub-bass advanced:wobble-bass advanced:warm-pad advanced:vibrato-lead \
        advanced:tremolo-strings advanced:acid-bass advanced:thick-lead \
        sampled:808-kick sampled:808-snare sampled:808-hihat-closed sampled:808-hihat-open sampled:808-clap \
        sampled:acoustic-kick sampled:acoustic-snare sampled:acoustic-hihat-closed sampled:acoustic-hihat-open \
        sampled:acoustic-ride sampled:acoustic-crash sampled:brushes-snare sampled:finger-bass sampled:slap-bass \
        sampled:piano sampled:vibraphone sampled:marimba sampled:kalimba sampled:steel-drums \
        sampled:hammond-organ sampled:alto-sax sampled:clean-guitar sampled:acoustic-guitar \
        sampled:string-section sampled:french-horn sampled:vinyl-crackle";

    #[test]
    fn the_catalogue_holds_exactly_the_ninety_nine_ids_in_order() {
        let listed: Vec<&str> = IDS.split_whitespace().collect();
        let rows: Vec<&str> = INSTRUMENTS.iter().map(|row| row.id).collect();
        assert_eq!(rows.len(), 99);
        assert_eq!(rows, listed);
    }

    #[test]
    fn ids_and_names_are_unique_and_indices_count_up() {
        let ids: BTreeSet<&str> = INSTRUMENTS.iter().map(|row| row.id).collect();
        let names: BTreeSet<&str> = INSTRUMENTS.iter().map(|row| row.name).collect();
        assert_eq!((ids.len(), names.len()), (99, 99));
        for (at, row) in INSTRUMENTS.iter().enumerate() {
            assert_eq!(usize::from(row.index.0), at);
            assert_eq!(row.index.get(), Some(row));
        }
        assert_eq!(InstrumentIndex(99).get(), None);
    }

    #[test]
    fn an_id_is_a_built_in_a_sample_or_unknown() {
        assert!(matches!(resolve("synth:acid"), Sound::BuiltIn(row) if row.id == "synth:acid"));
        assert!(matches!(resolve("sawtooth"), Sound::Unknown(_)));
        let hash = "00ff".repeat(16);
        let Sound::Sample(bytes) = resolve(&format!("sample:{hash}")) else { panic!("not a sample") };
        assert_eq!(bytes.0[..4], [0, 255, 0, 255]);
        assert!(matches!(resolve("sample:abc"), Sound::Unknown(_)));
        assert!(matches!(resolve(&format!("sample:{}", "zz".repeat(32))), Sound::Unknown(_)));
    }
}
