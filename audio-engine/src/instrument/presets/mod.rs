//! Presets: rows of data, one file per family.

mod bass;
mod drums;
mod effects;
mod keys;
mod kits;
mod leads;
mod pads;
mod start;

use score::catalogue::{INSTRUMENTS, Instrument};

use super::fm::FmPreset;
use super::modal::ModalPreset;
use super::organ::OrganPreset;
use super::percussion::PercussionPreset;
use super::string::StringPreset;
use super::subtractive::SubtractivePreset;
use super::tweaks::same;

/// One row: the catalogue's id, the level in decibels that brings it to its family's loudness, and the sound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    id: &'static str,
    level: f32,
    preset: Preset,
}

/// The engine a preset is for, and its values.
#[derive(Debug, Clone, Copy)]
pub(super) enum Preset {
    Percussion(&'static PercussionPreset),
    Subtractive(&'static SubtractivePreset),
    Fm(&'static FmPreset),
    Organ(&'static OrganPreset),
    String(&'static StringPreset),
    Modal(&'static ModalPreset),
}

const FAMILIES: [&[Row]; 7] =
    [drums::ROWS, kits::ROWS, bass::ROWS, keys::ROWS, leads::ROWS, pads::ROWS, effects::ROWS];

/// Rows by the catalogue's index. An instrument without a preset does not build.
static PRESETS: [Row; INSTRUMENTS.len()] = indexed();

const fn indexed() -> [Row; INSTRUMENTS.len()] {
    let mut presets = [FAMILIES[0][0]; INSTRUMENTS.len()];
    let mut at = 0;
    while at < INSTRUMENTS.len() {
        presets[at] = row_of(INSTRUMENTS[at].id);
        at += 1;
    }
    presets
}

const fn row_of(id: &str) -> Row {
    let mut family = 0;
    while family < FAMILIES.len() {
        let mut row = 0;
        while row < FAMILIES[family].len() {
            if same(FAMILIES[family][row].id.as_bytes(), id.as_bytes()) {
                return FAMILIES[family][row];
            }
            row += 1;
        }
        family += 1;
    }
    panic!("an instrument of the catalogue has no preset")
}

/// The preset of an instrument and its level in decibels.
pub(super) fn preset(instrument: &Instrument) -> (Preset, f32) {
    let row = &PRESETS[usize::from(instrument.index.0)];
    (row.preset, row.level)
}

#[cfg(test)]
mod tests {
    use super::super::fm::INDEX_UNIT;
    use super::*;

    #[test]
    fn every_preset_is_of_one_instrument() {
        let rows: Vec<&str> = FAMILIES.iter().flat_map(|family| family.iter().map(|row| row.id)).collect();
        for id in &rows {
            assert!(INSTRUMENTS.iter().any(|row| row.id == *id), "{id} is not in the catalogue");
            assert_eq!(rows.iter().filter(|other| *other == id).count(), 1, "{id}");
        }
    }

    #[test]
    fn the_catalogue_states_the_modulation_that_the_presets_have() {
        for row in &INSTRUMENTS {
            let (Preset::Fm(fm), _) = preset(row) else {
                assert_eq!(row.modulation, None, "{}", row.id);
                continue;
            };
            let stated = row.modulation.expect("an FM instrument states its modulation");
            let [carrier, modulator, ..] = &fm.operators;
            assert!((stated.harmonicity - modulator.ratio / carrier.ratio).abs() < 1e-4, "{}", row.id);
            assert!((stated.modulation_index * INDEX_UNIT - modulator.level).abs() < 1e-4, "{}", row.id);
        }
    }
}
