//! The table of instruments: one row each, in the order of the design.

use super::instrument::{Instrument, InstrumentIndex, Playback};
use super::{Family, Synthesis};

use Family::{Bass, Drums, Fx, Keys, Leads, Pads};
use Synthesis::{Am, Fm, Modal, Organ, Percussion, String, Subtractive};

/// An instrument that rings to its own end.
const fn hit(
    id: &'static str,
    name: &'static str,
    family: Family,
    synthesis: Synthesis,
    base_note: u8,
) -> Instrument {
    Instrument {
        index: InstrumentIndex(0),
        id,
        name,
        family,
        synthesis,
        playback: Playback::OneShot,
        base_note,
        choke: None,
        modulation: None,
        stand_in: None,
    }
}

/// An instrument that is held for the step's gate, with middle C as its unlocked note.
const fn held(id: &'static str, name: &'static str, family: Family, synthesis: Synthesis) -> Instrument {
    Instrument { playback: Playback::Held, ..hit(id, name, family, synthesis, 60) }
}

pub(super) const ROWS: [Instrument; 99] = [
    hit("kick", "Kick", Drums, Percussion, 36),
    hit("snare", "Snare", Drums, Percussion, 38),
    hit("hihat", "Hi-Hat", Drums, Percussion, 42).choking(1),
    hit("clap", "Clap", Drums, Percussion, 39),
    hit("tom", "Tom", Drums, Percussion, 45),
    hit("rim", "Rim", Drums, Percussion, 37),
    hit("cowbell", "Cowbell", Drums, Percussion, 56),
    hit("openhat", "Open Hat", Drums, Percussion, 46).choking(1),
    hit("shaker", "Shaker", Drums, Percussion, 82),
    hit("conga", "Conga", Drums, Percussion, 63),
    hit("tambourine", "Tambourine", Drums, Percussion, 54),
    hit("clave", "Clave", Drums, Percussion, 75),
    hit("cabasa", "Cabasa", Drums, Percussion, 69),
    hit("woodblock", "Woodblock", Drums, Percussion, 76),
    hit("bass", "Bass Hit", Bass, Subtractive, 36),
    hit("subbass", "Sub Hit", Bass, Subtractive, 36),
    hit("lead", "Lead Hit", Leads, Subtractive, 60),
    hit("pluck", "Pluck Hit", Leads, Subtractive, 60),
    hit("chord", "Chord Hit", Pads, Subtractive, 60),
    hit("pad", "Pad Hit", Pads, Subtractive, 60),
    hit("zap", "Zap", Fx, Percussion, 60),
    hit("noise", "Noise", Fx, Percussion, 60),
    held("synth:bass", "Synth Bass", Bass, Subtractive),
    held("synth:lead", "Synth Lead", Leads, Subtractive),
    held("synth:pad", "Soft Pad", Pads, Subtractive),
    held("synth:pluck", "Synth Pluck", Leads, Subtractive),
    held("synth:acid", "Acid", Bass, Subtractive),
    held("synth:funkbass", "Funk Bass", Bass, Subtractive).played_for_it_by("synth:bass"),
    held("synth:clavinet", "Clavinet", Keys, String).played_for_it_by("synth:pluck"),
    held("synth:rhodes", "Rhodes", Keys, Fm).played_for_it_by("pluck"),
    held("synth:organ", "Organ", Keys, Organ).played_for_it_by("synth:lead"),
    held("synth:wurlitzer", "Wurlitzer", Keys, Fm).played_for_it_by("pluck"),
    held("synth:discobass", "Disco Bass", Bass, Subtractive).played_for_it_by("synth:bass"),
    held("synth:strings", "Disco Strings", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:brass", "Brass", Fx, Subtractive).played_for_it_by("synth:lead"),
    held("synth:stab", "House Stab", Fx, Subtractive).played_for_it_by("chord"),
    held("synth:sub", "Sub", Bass, Subtractive).played_for_it_by("subbass"),
    held("synth:shimmer", "Shimmer", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:jangle", "Jangle", Pads, String).played_for_it_by("synth:pluck"),
    held("synth:dreampop", "Dream Pop", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:bell", "Bell", Fx, Fm).played_for_it_by("pluck"),
    held("synth:supersaw", "Supersaw", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("synth:hypersaw", "Hypersaw", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("synth:wobble", "Wobble", Fx, Subtractive).played_for_it_by("synth:acid"),
    held("synth:growl", "Growl", Fx, Subtractive).played_for_it_by("synth:acid"),
    held("synth:evolving", "Evolving", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:sweep", "Sweep", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:warmpad", "Warm Pad", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("synth:glass", "Glass", Pads, Fm).played_for_it_by("synth:pad"),
    held("synth:epiano", "E-Piano", Keys, Fm).played_for_it_by("pluck"),
    held("synth:vibes", "Vibes", Keys, Fm).played_for_it_by("pluck"),
    held("synth:organphase", "Phase Organ", Keys, Organ).played_for_it_by("synth:lead"),
    held("synth:reese", "Reese", Bass, Subtractive).played_for_it_by("synth:bass"),
    held("synth:hoover", "Hoover", Bass, Subtractive).played_for_it_by("synth:lead"),
    held("tone:fm-epiano", "FM E-Piano", Keys, Fm).modulated(1.0, 14.0).played_for_it_by("pluck"),
    held("tone:fm-bass", "FM Bass", Bass, Fm).modulated(1.0, 8.0).played_for_it_by("synth:bass"),
    held("tone:fm-bell", "FM Bell", Fx, Fm).modulated(3.5, 20.0).played_for_it_by("pluck"),
    held("tone:am-bell", "AM Bell", Fx, Am).modulated(3.5, 1.0).played_for_it_by("pluck"),
    held("tone:am-tremolo", "AM Tremolo", Fx, Am).modulated(1.0, 1.0).played_for_it_by("synth:lead"),
    hit("tone:membrane-kick", "Membrane Kick", Drums, Percussion, 35).played_for_it_by("kick"),
    hit("tone:membrane-tom", "Membrane Tom", Drums, Percussion, 41).played_for_it_by("tom"),
    hit("tone:metal-cymbal", "Metal Cymbal", Drums, Percussion, 57).played_for_it_by("openhat"),
    hit("tone:metal-hihat", "Metal Hat", Drums, Percussion, 44).played_for_it_by("hihat"),
    held("tone:pluck-string", "Pluck String", Leads, String).played_for_it_by("synth:pluck"),
    held("tone:duo-lead", "Duo Lead", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("advanced:supersaw", "Fat Saw", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("advanced:sub-bass", "Octave Sub", Bass, Subtractive).played_for_it_by("subbass"),
    held("advanced:wobble-bass", "Wobble Bass", Bass, Subtractive).played_for_it_by("synth:acid"),
    held("advanced:warm-pad", "Lush Pad", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("advanced:vibrato-lead", "Vibrato Lead", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("advanced:tremolo-strings", "Tremolo Strings", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("advanced:acid-bass", "Acid Bass", Bass, Subtractive).played_for_it_by("synth:acid"),
    held("advanced:thick-lead", "Thick Lead", Leads, Subtractive).played_for_it_by("synth:lead"),
    hit("sampled:808-kick", "808 Kick", Drums, Percussion, 35).played_for_it_by("kick"),
    hit("sampled:808-snare", "808 Snare", Drums, Percussion, 40).played_for_it_by("snare"),
    hit("sampled:808-hihat-closed", "808 Closed Hat", Drums, Percussion, 42)
        .choking(2)
        .played_for_it_by("hihat"),
    hit("sampled:808-hihat-open", "808 Open Hat", Drums, Percussion, 46)
        .choking(2)
        .played_for_it_by("openhat"),
    hit("sampled:808-clap", "808 Clap", Drums, Percussion, 39).played_for_it_by("clap"),
    hit("sampled:acoustic-kick", "Acoustic Kick", Drums, Percussion, 36).played_for_it_by("kick"),
    hit("sampled:acoustic-snare", "Acoustic Snare", Drums, Percussion, 38).played_for_it_by("snare"),
    hit("sampled:acoustic-hihat-closed", "Acoustic Closed Hat", Drums, Percussion, 42)
        .choking(3)
        .played_for_it_by("hihat"),
    hit("sampled:acoustic-hihat-open", "Acoustic Open Hat", Drums, Percussion, 46)
        .choking(3)
        .played_for_it_by("openhat"),
    hit("sampled:acoustic-ride", "Acoustic Ride", Drums, Percussion, 51).played_for_it_by("openhat"),
    hit("sampled:acoustic-crash", "Acoustic Crash", Drums, Percussion, 49).played_for_it_by("openhat"),
    hit("sampled:brushes-snare", "Brushes Snare", Drums, Percussion, 38).played_for_it_by("snare"),
    held("sampled:finger-bass", "Finger Bass", Bass, String).played_for_it_by("synth:bass"),
    held("sampled:slap-bass", "Slap Bass", Bass, String).played_for_it_by("synth:bass"),
    held("sampled:piano", "Piano", Keys, String).played_for_it_by("pluck"),
    hit("sampled:vibraphone", "Vibraphone", Keys, Modal, 60).played_for_it_by("pluck"),
    hit("sampled:marimba", "Marimba", Keys, Modal, 60).played_for_it_by("pluck"),
    hit("sampled:kalimba", "Kalimba", Keys, Modal, 60).played_for_it_by("pluck"),
    hit("sampled:steel-drums", "Steel Drums", Keys, Modal, 60).played_for_it_by("pluck"),
    held("sampled:hammond-organ", "Hammond Organ", Keys, Organ).played_for_it_by("synth:lead"),
    held("sampled:alto-sax", "Alto Sax", Leads, Subtractive).played_for_it_by("synth:lead"),
    held("sampled:clean-guitar", "Clean Guitar", Leads, String).played_for_it_by("synth:pluck"),
    held("sampled:acoustic-guitar", "Acoustic Guitar", Leads, String).played_for_it_by("synth:pluck"),
    held("sampled:string-section", "String Section", Pads, Subtractive).played_for_it_by("synth:pad"),
    held("sampled:french-horn", "French Horn", Pads, Subtractive).played_for_it_by("synth:pad"),
    hit("sampled:vinyl-crackle", "Vinyl Crackle", Fx, Percussion, 60).played_for_it_by("noise"),
];
