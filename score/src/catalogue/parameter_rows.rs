//! The table of parameters.
//!
//! Instrument parameters act on the preset: a *factor* (unit ratio, default 1) multiplies the preset's own time
//! or rate, an *offset* (default 0) is added to the preset's own amount. `harmonicity` and `modulation_index`
//! are absolute, because files state them so; `Instrument::default_of` gives each instrument's own.

use super::parameter::{EffectSlot, ParamIndex, Parameter, Taper, Unit};

/// Names of the filter's modes.
pub const FILTER_MODES: &[&str] = &["lowpass", "highpass", "bandpass", "notch"];

/// Names of the filter's slopes, in decibels per octave.
pub const FILTER_SLOPES: &[&str] = &["12", "24"];

/// Names of the delay's times, shortest first: a share of a whole note, `t` for triplet, `.` for dotted.
pub const DELAY_TIMES: &[&str] = &[
    "1/32t", "1/32", "1/16t", "1/32.", "1/16", "1/8t", "1/16.", "1/8", "1/4t", "1/8.", "1/4", "1/2t", "1/4.",
    "1/2", "1/1t", "1/2.", "1/1",
];

/// A row to fill in.
pub(super) const BLANK: Parameter = Parameter {
    index: ParamIndex(0),
    id: "",
    name: "",
    slot: None,
    unit: Unit::Percent,
    min: 0.0,
    max: 1.0,
    default: 0.0,
    taper: Taper::Linear,
    choices: &[],
    about: "",
};

const fn row(id: &'static str, name: &'static str, about: &'static str) -> Parameter {
    Parameter { id, name, about, ..BLANK }
}

/// A factor of the preset's own time or rate, from `1 / reach` to `reach`.
const fn factor(id: &'static str, name: &'static str, reach: f32, about: &'static str) -> Parameter {
    let rule = Parameter { unit: Unit::Ratio, taper: Taper::Logarithmic, ..BLANK };
    Parameter { id, name, about, min: 1.0 / reach, max: reach, default: 1.0, ..rule }
}

/// A share added to the preset's own amount.
const fn offset(id: &'static str, name: &'static str, about: &'static str) -> Parameter {
    Parameter { min: -1.0, ..row(id, name, about) }
}

/// Semitones added to the preset's own.
const fn semitones(id: &'static str, name: &'static str, reach: f32, about: &'static str) -> Parameter {
    Parameter { unit: Unit::Semitones, min: -reach, max: reach, ..row(id, name, about) }
}

/// A share from 0 to 1.
const fn share(id: &'static str, name: &'static str, default: f32, about: &'static str) -> Parameter {
    Parameter { default, ..row(id, name, about) }
}

const fn switch(id: &'static str, name: &'static str, on: bool, about: &'static str) -> Parameter {
    let default = if on { 1.0 } else { 0.0 };
    Parameter { unit: Unit::Switch, taper: Taper::Stepped, default, ..row(id, name, about) }
}

const fn choice(
    id: &'static str,
    name: &'static str,
    of: &'static [&'static str],
    default: usize,
) -> Parameter {
    let rule = Parameter { unit: Unit::Choice, taper: Taper::Stepped, ..BLANK };
    Parameter { id, name, max: (of.len() - 1) as f32, default: default as f32, choices: of, ..rule }
}

const fn range(base: Parameter, unit: Unit, taper: Taper, min: f32, max: f32, default: f32) -> Parameter {
    Parameter { unit, min, max, default, taper, ..base }
}

const fn at(slot: EffectSlot, base: Parameter) -> Parameter {
    Parameter { slot: Some(slot), ..base }
}

const fn about(about: &'static str, base: Parameter) -> Parameter {
    Parameter { about, ..base }
}

pub(super) const INSTRUMENT_ROWS: [Parameter; 37] = [
    semitones("tune", "Tune", 24.0, "Semitones added to every note."),
    factor("attack", "Attack", 100.0, "Factor of the preset's attack time."),
    factor("decay", "Decay", 10.0, "Factor of the preset's decay time."),
    offset("sustain", "Sustain", "Added to the preset's sustain level."),
    factor("release", "Release", 10.0, "Factor of the preset's release time."),
    semitones("cutoff", "Cutoff", 60.0, "Semitones added to the filter's cutoff."),
    offset("resonance", "Resonance", "Added to the filter's resonance."),
    semitones("filter_env", "Filter envelope", 60.0, "Semitones added to the filter envelope's depth."),
    factor("filter_decay", "Filter decay", 10.0, "Factor of the filter envelope's decay time."),
    offset("drive", "Drive", "Added to the preset's saturation."),
    offset("detune", "Detune", "Added to the spread in pitch of the oscillators."),
    offset("width", "Width", "Added to the spread in the stereo field."),
    offset("sub", "Sub", "Added to the level of the oscillator an octave below."),
    offset("noise", "Noise", "Added to the level of noise, breath or pick."),
    offset("pulse_width", "Pulse width", "Added to the width of pulse waves."),
    range(
        row("glide", "Glide", "Seconds that a tied note takes to reach its pitch, added to the preset's."),
        Unit::Seconds,
        Taper::Linear,
        0.0,
        2.0,
        0.0,
    ),
    semitones("pitch_env", "Pitch envelope", 48.0, "Semitones added to the pitch envelope's depth."),
    factor("pitch_decay", "Pitch decay", 10.0, "Factor of the pitch envelope's decay time."),
    factor("lfo_rate", "LFO rate", 10.0, "Factor of the modulation's rate."),
    offset("lfo_depth", "LFO depth", "Added to the modulation's depth."),
    offset("vibrato", "Vibrato", "Added to the depth of pitch vibrato; 100 % is one semitone."),
    offset("tremolo", "Tremolo", "Added to the depth of amplitude tremolo."),
    range(
        row("harmonicity", "Harmonicity", "Modulator frequency over carrier frequency."),
        Unit::Ratio,
        Taper::Logarithmic,
        0.1,
        20.0,
        1.0,
    ),
    range(
        row(
            "modulation_index",
            "Modulation index",
            "Depth of modulation as files count it: 10 is 3 radians.",
        ),
        Unit::Index,
        Taper::Linear,
        0.0,
        40.0,
        1.0,
    ),
    offset("feedback", "Feedback", "Added to the operator's modulation of itself."),
    offset("tone", "Tone", "Darker below zero, brighter above."),
    offset("click", "Click", "Added to the level of the attack's click or key noise."),
    offset("percussion", "Percussion", "Added to the organ's percussive second harmonic."),
    offset("rotary", "Rotary", "Added to the depth of the rotary speaker."),
    offset("damping", "Damping", "Above zero the high partials die sooner."),
    offset("pick_position", "Pick position", "Where the string is plucked, added to the preset's."),
    share("start", "Start", 0.0, "Where in the sample a note begins."),
    share("end", "End", 1.0, "Where in the sample a note ends."),
    range(
        row("slice", "Slice", "Which slice plays; 0 is the whole sample."),
        Unit::Count,
        Taper::Stepped,
        0.0,
        64.0,
        0.0,
    ),
    switch("reverse", "Reverse", false, "Plays the sample backwards."),
    switch("loop", "Loop", false, "Repeats the sample between start and end while held."),
    range(
        row("gain", "Gain", "Level of the instrument before volume and effects."),
        Unit::Decibels,
        Taper::Linear,
        -24.0,
        12.0,
        0.0,
    ),
];

use EffectSlot::{Chorus, Compressor, Delay, Distortion, Eq, Filter, Gain, Phaser, Reverb, Trim};
use Taper::{Linear, Logarithmic};
use Unit::{Decibels, Hertz, Pan, Percent, Ratio, Seconds};

pub(super) const EFFECT_ROWS: [Parameter; 51] = [
    at(Trim, switch("trim.on", "Trim", true, "Switches the trim.")),
    at(Trim, range(row("trim.gain", "Trim", "Level into the effects."), Decibels, Linear, -24.0, 24.0, 0.0)),
    at(Filter, switch("filter.on", "Filter", false, "Switches the filter.")),
    at(Filter, about("What the filter lets through.", choice("filter.mode", "Mode", FILTER_MODES, 0))),
    at(Filter, about("Decibels per octave.", choice("filter.slope", "Slope", FILTER_SLOPES, 0))),
    at(
        Filter,
        range(
            row("filter.cutoff", "Cutoff", "Corner frequency."),
            Hertz,
            Logarithmic,
            20.0,
            20_000.0,
            1_000.0,
        ),
    ),
    at(Filter, share("filter.resonance", "Resonance", 0.2, "Emphasis at the corner.")),
    at(Distortion, switch("distortion.on", "Distortion", true, "Switches the distortion.")),
    at(Distortion, share("distortion.amount", "Amount", 0.4, "How hard the wave is bent.")),
    at(Distortion, share("distortion.tone", "Tone", 0.7, "How much of the bent wave's top is kept.")),
    at(Distortion, share("distortion.wet", "Wet", 0.0, "Share of the distorted sound.")),
    at(Eq, switch("eq.on", "EQ", true, "Switches the equaliser.")),
    at(Eq, range(row("eq.low_gain", "Low", "Low shelf."), Decibels, Linear, -18.0, 18.0, 0.0)),
    at(
        Eq,
        range(
            row("eq.low_frequency", "Low frequency", "Corner of the low shelf."),
            Hertz,
            Logarithmic,
            30.0,
            500.0,
            120.0,
        ),
    ),
    at(Eq, range(row("eq.mid_gain", "Mid", "Bell."), Decibels, Linear, -18.0, 18.0, 0.0)),
    at(
        Eq,
        range(
            row("eq.mid_frequency", "Mid frequency", "Centre of the bell."),
            Hertz,
            Logarithmic,
            200.0,
            8_000.0,
            1_000.0,
        ),
    ),
    at(Eq, range(row("eq.mid_q", "Mid Q", "Narrowness of the bell."), Ratio, Logarithmic, 0.3, 8.0, 0.8)),
    at(Eq, range(row("eq.high_gain", "High", "High shelf."), Decibels, Linear, -18.0, 18.0, 0.0)),
    at(
        Eq,
        range(
            row("eq.high_frequency", "High frequency", "Corner of the high shelf."),
            Hertz,
            Logarithmic,
            1_500.0,
            16_000.0,
            6_000.0,
        ),
    ),
    at(Compressor, switch("compressor.on", "Compressor", false, "Switches the compressor.")),
    at(
        Compressor,
        range(
            row("compressor.threshold", "Threshold", "Level above which it acts."),
            Decibels,
            Linear,
            -60.0,
            0.0,
            -18.0,
        ),
    ),
    at(
        Compressor,
        range(
            row("compressor.ratio", "Ratio", "Decibels in per decibel out."),
            Ratio,
            Logarithmic,
            1.0,
            20.0,
            3.0,
        ),
    ),
    at(
        Compressor,
        range(
            row("compressor.attack", "Attack", "Time to clamp down."),
            Seconds,
            Logarithmic,
            0.000_1,
            0.5,
            0.01,
        ),
    ),
    at(
        Compressor,
        range(row("compressor.release", "Release", "Time to let go."), Seconds, Logarithmic, 0.01, 2.0, 0.15),
    ),
    at(
        Compressor,
        range(row("compressor.knee", "Knee", "Width of the soft bend."), Decibels, Linear, 0.0, 24.0, 6.0),
    ),
    at(
        Compressor,
        range(
            row("compressor.makeup", "Make-up", "Gain after compression."),
            Decibels,
            Linear,
            0.0,
            24.0,
            0.0,
        ),
    ),
    at(Chorus, switch("chorus.on", "Chorus", true, "Switches the chorus.")),
    at(Chorus, range(row("chorus.rate", "Rate", "Speed of the sway."), Hertz, Logarithmic, 0.1, 10.0, 1.5)),
    at(Chorus, share("chorus.depth", "Depth", 0.5, "Width of the sway.")),
    at(Chorus, share("chorus.wet", "Wet", 0.0, "Share of the chorus.")),
    at(Phaser, switch("phaser.on", "Phaser", true, "Switches the phaser.")),
    at(Phaser, range(row("phaser.rate", "Rate", "Speed of the sweep."), Hertz, Logarithmic, 0.05, 10.0, 0.5)),
    at(Phaser, share("phaser.depth", "Depth", 0.5, "Width of the sweep.")),
    at(
        Phaser,
        range(
            row("phaser.feedback", "Feedback", "Sharpness of the notches."),
            Percent,
            Linear,
            0.0,
            0.95,
            0.3,
        ),
    ),
    at(Phaser, share("phaser.wet", "Wet", 0.0, "Share of the phaser.")),
    at(Delay, switch("delay.on", "Delay", true, "Switches the delay.")),
    at(Delay, about("Time between echoes, in note values.", choice("delay.time", "Time", DELAY_TIMES, 7))),
    at(
        Delay,
        range(
            row("delay.feedback", "Feedback", "How much of each echo is echoed again."),
            Percent,
            Linear,
            0.0,
            0.95,
            0.3,
        ),
    ),
    at(Delay, switch("delay.ping_pong", "Ping-pong", false, "Echoes alternate between the sides.")),
    at(
        Delay,
        range(
            row("delay.cutoff", "Cutoff", "Each echo loses what is above it."),
            Hertz,
            Logarithmic,
            500.0,
            20_000.0,
            8_000.0,
        ),
    ),
    at(Delay, share("delay.wet", "Wet", 0.0, "Share of the echoes.")),
    at(Reverb, switch("reverb.on", "Reverb", true, "Switches the reverb.")),
    at(
        Reverb,
        range(
            row("reverb.decay", "Decay", "Time to die away by 60 dB."),
            Seconds,
            Logarithmic,
            0.1,
            10.0,
            2.0,
        ),
    ),
    at(Reverb, share("reverb.damping", "Damping", 0.5, "How much sooner the highs die.")),
    at(
        Reverb,
        range(
            row("reverb.pre_delay", "Pre-delay", "Silence before the room answers."),
            Seconds,
            Linear,
            0.0,
            0.25,
            0.02,
        ),
    ),
    at(Reverb, share("reverb.size", "Size", 0.6, "Size of the room.")),
    at(Reverb, share("reverb.wet", "Wet", 0.0, "Share of the reverb.")),
    at(Gain, switch("gain.on", "Gain", true, "Switches the output stage.")),
    at(
        Gain,
        range(row("gain.gain", "Gain", "Level out of the effects."), Decibels, Linear, -60.0, 12.0, 0.0),
    ),
    at(Gain, range(row("gain.pan", "Pan", "Left to right out of the effects."), Pan, Linear, -1.0, 1.0, 0.0)),
    at(Gain, range(row("gain.width", "Width", "0 is mono, 100 % as it is."), Percent, Linear, 0.0, 2.0, 1.0)),
];
