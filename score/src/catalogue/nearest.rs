//! The nearest instrument for an id that the catalogue does not hold.

use super::instrument::{INSTRUMENTS, Instrument, instrument};

/// Words found in strangers' ids, the most telling first, and what plays them.
const KEYWORDS: &[(&str, &str)] = &[
    ("openhat", "openhat"),
    ("open-hat", "openhat"),
    ("hihat-open", "openhat"),
    ("hat", "hihat"),
    ("crash", "sampled:acoustic-crash"),
    ("ride", "sampled:acoustic-ride"),
    ("cymbal", "tone:metal-cymbal"),
    ("bass-drum", "kick"),
    ("kick", "kick"),
    ("bd", "kick"),
    ("snare", "snare"),
    ("brush", "sampled:brushes-snare"),
    ("clap", "clap"),
    ("snap", "clap"),
    ("cowbell", "cowbell"),
    ("tambourine", "tambourine"),
    ("rim", "rim"),
    ("clave", "clave"),
    ("cabasa", "cabasa"),
    ("shaker", "shaker"),
    ("maraca", "shaker"),
    ("conga", "conga"),
    ("bongo", "conga"),
    ("timbale", "tom"),
    ("tom", "tom"),
    ("wood", "woodblock"),
    ("block", "woodblock"),
    ("perc", "conga"),
    ("drum", "kick"),
    ("808", "sampled:808-kick"),
    ("303", "synth:acid"),
    ("acid", "synth:acid"),
    ("slap", "sampled:slap-bass"),
    ("fm-bass", "tone:fm-bass"),
    ("sub", "synth:sub"),
    ("reese", "synth:reese"),
    ("wobble", "synth:wobble"),
    ("bass", "synth:bass"),
    ("fm-bell", "tone:fm-bell"),
    ("bell", "synth:bell"),
    ("chime", "synth:bell"),
    ("rhodes", "synth:rhodes"),
    ("wurl", "synth:wurlitzer"),
    ("epiano", "synth:epiano"),
    ("e-piano", "synth:epiano"),
    ("piano", "sampled:piano"),
    ("clav", "synth:clavinet"),
    ("hammond", "sampled:hammond-organ"),
    ("organ", "synth:organ"),
    ("vib", "sampled:vibraphone"),
    ("marimba", "sampled:marimba"),
    ("xylo", "sampled:marimba"),
    ("glock", "synth:bell"),
    ("mallet", "sampled:marimba"),
    ("kalimba", "sampled:kalimba"),
    ("steel", "sampled:steel-drums"),
    ("fm", "tone:fm-epiano"),
    ("am", "tone:am-bell"),
    ("supersaw", "synth:supersaw"),
    ("saw", "synth:lead"),
    ("square", "lead"),
    ("pulse", "lead"),
    ("triangle", "synth:pluck"),
    ("sine", "subbass"),
    ("guitar", "sampled:clean-guitar"),
    ("pluck", "synth:pluck"),
    ("harp", "tone:pluck-string"),
    ("arp", "synth:pluck"),
    ("key", "synth:epiano"),
    ("cello", "sampled:string-section"),
    ("violin", "sampled:string-section"),
    ("string", "synth:strings"),
    ("choir", "synth:warmpad"),
    ("vox", "synth:warmpad"),
    ("pad", "synth:pad"),
    ("sax", "sampled:alto-sax"),
    ("flute", "sampled:alto-sax"),
    ("horn", "sampled:french-horn"),
    ("trumpet", "synth:brass"),
    ("brass", "synth:brass"),
    ("chord", "chord"),
    ("stab", "synth:stab"),
    ("lead", "synth:lead"),
    ("crackle", "sampled:vinyl-crackle"),
    ("vinyl", "sampled:vinyl-crackle"),
    ("noise", "noise"),
    ("riser", "synth:sweep"),
    ("sweep", "synth:sweep"),
    ("laser", "zap"),
    ("zap", "zap"),
    ("fx", "zap"),
    ("mono", "synth:lead"),
    ("poly", "synth:pad"),
];

/// What an id sounds like when no word of it is known, by its prefix.
const PREFIXES: &[(&str, &str)] =
    &[("tone:", "tone:duo-lead"), ("advanced:", "advanced:thick-lead"), ("sampled:", "sampled:piano")];

/// Longest part of an id that is looked at: ids are short, a hostile one need not be.
const MAX_ID_BYTES: usize = 64;

/// The instrument that best plays an id which is not in the catalogue: the same name under another prefix,
/// else the first known word in it, else its prefix, else a plain lead. Total and deterministic.
pub fn nearest(id: &str) -> &'static Instrument {
    let end = (0..=id.len().min(MAX_ID_BYTES)).rev().find(|&at| id.is_char_boundary(at)).unwrap_or(0);
    let id = id[..end].trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let stem = id.split_once(':').map_or(id.as_str(), |(_, stem)| stem);
    by_stem(stem)
        .or_else(|| {
            KEYWORDS.iter().find(|(word, _)| stem.contains(word)).and_then(|(_, row)| instrument(row))
        })
        .or_else(|| {
            PREFIXES.iter().find(|(prefix, _)| id.starts_with(prefix)).and_then(|(_, row)| instrument(row))
        })
        .or_else(|| instrument("synth:lead"))
        .unwrap_or(&INSTRUMENTS[0])
}

fn by_stem(stem: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|row| row.id.split_once(':').map_or(row.id, |(_, name)| name) == stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_ids_go_to_their_nearest_relative() {
        let cases = [
            ("sawtooth", "synth:lead"),
            ("fm-synth", "tone:fm-epiano"),
            ("synth:supersaw2", "synth:supersaw"),
            ("supersaw", "synth:supersaw"),
            ("sampled:rhodes", "synth:rhodes"),
            ("Kick_Deep", "kick"),
            ("tr-909-hihat-open", "openhat"),
            ("tone:zzz", "tone:duo-lead"),
            ("", "synth:lead"),
            ("日本語", "synth:lead"),
        ];
        for (id, expected) in cases {
            assert_eq!(nearest(id).id, expected, "{id}");
        }
        assert_eq!(nearest(&"é".repeat(10_000)).id, "synth:lead");
    }

    #[test]
    fn every_keyword_and_prefix_names_an_instrument() {
        for (word, row) in KEYWORDS.iter().chain(PREFIXES) {
            assert!(instrument(row).is_some(), "{word} leads to {row}");
        }
    }
}
