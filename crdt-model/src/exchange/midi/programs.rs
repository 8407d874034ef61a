//! General MIDI's numbers for sounds, and the instruments that stand for them.

use score::catalogue::{Family, Instrument, Synthesis, instrument};

/// The program (from 0) that sounds most like an instrument.
pub(super) fn program_of(row: &Instrument) -> u8 {
    match row.id {
        "sampled:piano" => 0,
        "synth:rhodes" | "synth:epiano" | "synth:wurlitzer" => 4,
        "tone:fm-epiano" => 5,
        "synth:clavinet" => 7,
        "synth:bell" | "tone:fm-bell" | "tone:am-bell" => 14,
        "sampled:vibraphone" | "synth:vibes" => 11,
        "sampled:marimba" => 12,
        "sampled:acoustic-guitar" => 24,
        "sampled:clean-guitar" | "synth:jangle" => 27,
        "sampled:finger-bass" => 33,
        "sampled:slap-bass" | "synth:funkbass" => 36,
        "sampled:string-section" => 48,
        "synth:strings" | "advanced:tremolo-strings" => 50,
        "synth:brass" => 62,
        "sampled:french-horn" => 60,
        "sampled:alto-sax" => 65,
        "sampled:kalimba" => 108,
        "sampled:steel-drums" => 114,
        "noise" | "sampled:vinyl-crackle" => 122,
        _ => match (row.family, row.synthesis) {
            (_, Synthesis::Organ) => 16,
            (Family::Bass, _) => 38,
            (Family::Keys, _) => 4,
            (Family::Leads, _) => 81,
            (Family::Pads, _) => 89,
            (Family::Drums, _) => 117,
            (Family::Fx, _) => 98,
        },
    }
}

/// The instrument that stands for a program (from 0).
#[allow(clippy::match_same_arms, reason = "the table follows the numbers")]
pub(super) fn instrument_of(program: u8) -> &'static str {
    match program {
        0..=3 => "sampled:piano",
        4 => "synth:rhodes",
        5 => "tone:fm-epiano",
        6 | 7 => "synth:clavinet",
        11 => "sampled:vibraphone",
        12 | 13 => "sampled:marimba",
        8..=15 => "synth:bell",
        16 => "sampled:hammond-organ",
        17..=23 => "synth:organ",
        24 | 25 => "sampled:acoustic-guitar",
        26..=31 => "sampled:clean-guitar",
        32..=35 => "sampled:finger-bass",
        36 | 37 => "sampled:slap-bass",
        38 | 39 => "synth:bass",
        45 | 46 => "tone:pluck-string",
        40..=49 => "sampled:string-section",
        50 | 51 => "synth:strings",
        52..=54 => "synth:warmpad",
        55 => "synth:stab",
        60 => "sampled:french-horn",
        56..=63 => "synth:brass",
        64..=79 => "sampled:alto-sax",
        80..=87 => "synth:lead",
        88..=95 => "synth:pad",
        96..=103 => "synth:evolving",
        108 => "sampled:kalimba",
        104..=111 => "tone:pluck-string",
        114 => "sampled:steel-drums",
        112 => "synth:bell",
        113 => "cowbell",
        115 => "woodblock",
        116..=118 => "tom",
        _ => "noise",
    }
}

/// The drum that a key of the drum channel calls for, and the semitones by which it is transposed to tell the toms, bongos and
/// congas of a kit apart.
#[allow(clippy::match_same_arms, reason = "the table follows the numbers")]
pub(super) fn drum_of(key: u8) -> (&'static Instrument, i8) {
    let (id, transpose) = match key {
        35 => ("sampled:808-kick", 0),
        36 => ("kick", 0),
        31 | 37 => ("rim", 0),
        40 => ("sampled:808-snare", 0),
        38 => ("snare", 0),
        28 | 39 => ("clap", 0),
        41 => ("tone:membrane-tom", 0),
        43 => ("tom", -2),
        45 => ("tom", 0),
        47 => ("tom", 2),
        48 => ("tom", 4),
        50 => ("tom", 7),
        42 => ("hihat", 0),
        44 => ("tone:metal-hihat", 0),
        46 => ("openhat", 0),
        49 | 55 => ("sampled:acoustic-crash", 0),
        52 | 57 => ("tone:metal-cymbal", 0),
        51 | 53 | 59 => ("sampled:acoustic-ride", 0),
        54 => ("tambourine", 0),
        56 => ("cowbell", 0),
        58 => ("cabasa", -5),
        60 => ("conga", 9),
        61 => ("conga", 5),
        62 => ("conga", 2),
        63 => ("conga", 0),
        64 => ("conga", -4),
        65 => ("tom", 10),
        66 => ("tom", 6),
        67 => ("cowbell", 5),
        68 => ("cowbell", 0),
        69 => ("cabasa", 0),
        70 | 82 => ("shaker", 0),
        73 | 74 => ("cabasa", 3),
        75 => ("clave", 0),
        76 => ("woodblock", 0),
        77 => ("woodblock", -5),
        0..=34 => ("kick", 0),
        _ => ("shaker", 0),
    };
    (instrument(id).expect("this table names rows of the catalogue"), transpose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use score::catalogue::INSTRUMENTS;

    #[test]
    fn every_program_and_every_key_leads_to_an_instrument() {
        for number in 0..128 {
            assert!(instrument(instrument_of(number)).is_some(), "program {number}");
            assert_eq!(drum_of(number).0.family, Family::Drums, "key {number}");
        }
    }

    #[test]
    fn every_instrument_has_a_program_of_its_family() {
        for row in INSTRUMENTS.iter().filter(|row| row.family == Family::Bass || row.family == Family::Pads) {
            let back = instrument(instrument_of(program_of(row))).unwrap();
            let expected = if row.id == "sampled:french-horn" { Family::Pads } else { row.family };
            assert!(back.family == expected || back.synthesis == row.synthesis, "{} {}", row.id, back.id);
        }
    }

    #[test]
    fn a_drums_own_key_leads_to_a_drum_of_that_key() {
        for row in INSTRUMENTS.iter().filter(|row| row.family == Family::Drums) {
            let (back, transpose) = drum_of(row.base_note);
            assert_eq!((back.base_note, transpose), (row.base_note, 0), "{}", row.id);
        }
    }
}
