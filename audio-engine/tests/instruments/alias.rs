//! Aliases, of every instrument that has lines to judge: a line that does not follow the key is none of the sound's own.
//!
//! Whatever an instrument is made of (harmonics, chords, bells' partials, sidebands), its lines keep their ratios to the
//! note: play it 12 cents higher and all of them lie 12 cents higher. What was folded at half the rate does not: it
//! lies `48,000 * 0.7 %` (333 hertz) and its multiples from there. So a note is also played a little higher and a little
//! lower, and each of its lines that is in neither at its place is an alias. (Missing on one side alone, it is the
//! highest partial that an instrument has room for.) The measure knows nothing of how a sound is made, and has no list of
//! harmonics that a preset could evade.

use super::figures::{Figures, figures};
use super::measure::{RATE, play};
use realfft::RealFftPlanner;
use score::catalogue::{Instrument, ParamIndex, Synthesis, parameter};

/// Decibels below a note's loudest line under which every alias should lie.
pub(crate) const BOUND: f64 = -60.0;

/// What is reported where nothing was found: the arithmetic's own noise lies about here.
pub(crate) const SILENT: f64 = -120.0;

/// The notes judged, as MIDI keys: C5, G5, C6, F#6, C7.
const KEYS: [f32; 5] = [72.0, 79.0, 84.0, 90.0, 96.0];

/// By how many cents the other notes are lower and higher: two each, for an alias would have to meet another line in both.
const MOVED: [[f64; 2]; 2] = [[-12.0, -31.0], [12.0, 31.0]];

/// Hertz up to which aliases are judged.
pub(crate) const BAND: f64 = 20_000.0;

/// Frames left out at the start, while pitch envelopes settle, and frames of the window: lines 6 Hz apart are told apart.
const SETTLING: usize = 14_400;
const WINDOW: usize = 32_768;

/// Hertz, and share of its frequency, to either side in which a line is looked for: the partials of a stiff string are stretched
/// a little more from key to key. An alias is 330 Hz off at least.
const NEAR: (f64, f64) = (12.0, 0.004);

/// A line that is this much weaker where it should have moved to is not there. Filters and random phases move true
/// lines by less.
const MISSING: f64 = 20.0;

/// Everything that moves or bends a sound beside its oscillators is turned down, and the note is made to last. A share of
/// -1 takes away any preset's own.
const STILLED: [(&str, f32); 13] = [
    ("vibrato", -1.0),
    ("tremolo", -1.0),
    ("lfo_depth", -1.0),
    ("noise", -1.0),
    ("click", -1.0),
    ("percussion", -1.0),
    ("rotary", -1.0),
    ("resonance", -1.0),
    ("sustain", 1.0),
    ("decay", 10.0),
    ("filter_decay", 10.0),
    ("attack", 0.01),
    ("release", 10.0),
];

/// Why the aliases of an instrument are not judged, where they are not: stilled, nothing of it is left to hear.
///
/// The tests of `dsp/oscillator.rs` judge a square of metal.
pub(crate) fn exemption(row: &Instrument) -> Option<&'static str> {
    (row.synthesis == Synthesis::Percussion && stilled(row, KEYS[0]).iter().all(|x| x.abs() < INAUDIBLE))
        .then_some(
            "noise and metal alone, without a tuned body: what folds of noise is noise; each of metal's six inharmonic squares is \
             judged by itself, -45 dB at the pitches of cymbals and hats, and lies under the noise that it is mixed with",
        )
}

/// -100 dBFS.
const INAUDIBLE: f32 = 1e-5;

/// The loudest alias of any of [`KEYS`] in decibels below that note's loudest line, at least [`SILENT`]; nothing where
/// there is an [`exemption`].
pub(crate) fn level(row: &Instrument) -> Option<f64> {
    exemption(row).is_none().then(|| KEYS.iter().map(|key| level_at(row, *key)).fold(SILENT, f64::max))
}

/// The loudest alias at one key.
fn level_at(row: &Instrument, key: f32) -> f64 {
    alias(|ratio| spectrum(row, key + 12.0 * libm::log2(ratio) as f32))
}

/// The loudest line of a sound that does not follow its key, below its loudest line; `sound` gives the spectrum of the note
/// whose pitch is moved by a ratio.
fn alias(sound: impl Fn(f64) -> Vec<f64>) -> f64 {
    let first = sound(1.0);
    let ratio = |cents: f64| libm::exp2(cents / 1_200.0);
    let moved = MOVED.map(|side| side.map(|cents| (ratio(cents), sound(ratio(cents)))));
    let loudest = first.iter().copied().fold(f64::MIN, f64::max);
    let bin = RATE / WINDOW as f64;
    let aliases = (1..(BAND / bin) as usize).filter(|at| {
        let lacks =
            |(ratio, other): &(f64, Vec<f64>)| around(other, *at as f64 * ratio) < first[*at] - MISSING;
        moved.iter().all(|side| side.iter().any(lacks))
    });
    aliases.map(|at| first[at] - loudest).fold(SILENT, f64::max)
}

/// The loudest bin within [`NEAR`] of a place.
fn around(spectrum: &[f64], place: f64) -> f64 {
    let reach = NEAR.0 * WINDOW as f64 / RATE + NEAR.1 * place;
    let (from, to) = ((place - reach).max(0.0) as usize, (place + reach) as usize + 1);
    spectrum[from.min(spectrum.len())..to.min(spectrum.len())].iter().copied().fold(f64::MIN, f64::max)
}

/// Decibels of each bin of a stilled note.
fn spectrum(row: &Instrument, key: f32) -> Vec<f64> {
    transformed(stilled(row, key).iter().map(|x| f64::from(*x)).collect())
}

/// A stilled note, once it has settled.
fn stilled(row: &Instrument, key: f32) -> Vec<f32> {
    let stilled: Vec<(ParamIndex, f32)> = STILLED
        .iter()
        .map(|(id, value)| (parameter(id).expect("a parameter of the catalogue").index, *value))
        .collect();
    let pitch = key - f32::from(row.base_note);
    let length = SETTLING + WINDOW;
    let mut sound = play(row.index, pitch, 0.7, &stilled, length, length).left;
    sound.resize(length, 0.0);
    sound.split_off(SETTLING)
}

/// Decibels of each bin of [`WINDOW`] samples.
fn transformed(mut windowed: Vec<f64>) -> Vec<f64> {
    for (n, x) in windowed.iter_mut().enumerate() {
        *x *= window(n);
    }
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
    let mut bins = transform.make_output_vec();
    transform.process(&mut windowed, &mut bins).expect("both buffers are of the planned lengths");
    bins.iter().map(|bin| 10.0 * libm::log10(bin.norm_sqr() + 1e-20)).collect()
}

/// Blackman and Harris's window: what leaks from a line stays 92 dB below it.
fn window(n: usize) -> f64 {
    let turn = std::f64::consts::TAU * n as f64 / WINDOW as f64;
    0.358_75 - 0.488_29 * libm::cos(turn) + 0.141_28 * libm::cos(2.0 * turn)
        - 0.011_68 * libm::cos(3.0 * turn)
}

#[test]
fn no_alias_up_to_c7_is_louder_than_the_bound() {
    let too_loud = |(row, figures): &(&Instrument, _)| {
        let Figures { alias, .. } = figures;
        alias.filter(|level| *level > BOUND).map(|level| format!("{}: {level:.1} dB", row.id))
    };
    let said: Vec<String> = figures().iter().filter_map(too_loud).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn the_measure_hears_an_alias_and_takes_no_partial_for_one() {
    let lines = |lines: &[(f64, f64)]| {
        let sample = |n: usize| {
            let turn = std::f64::consts::TAU * n as f64 / RATE;
            lines.iter().map(|(hertz, gain)| gain * libm::sin(turn * hertz)).sum::<f64>()
        };
        transformed((0..WINDOW).map(sample).collect())
    };
    // Two partials of a bell and a weak line of 19 kHz: its own, folded from 29 kHz, or its own that higher notes leave out.
    let judged = |highest: fn(f64) -> f64| {
        alias(|ratio| lines(&[(1_000.0 * ratio, 1.0), (2_756.0 * ratio, 0.3), (highest(ratio), 0.01)]))
    };
    let folded = judged(|ratio| 48_000.0 - 29_000.0 * ratio);
    assert!((folded + 40.0).abs() < 1.0, "{folded:.1} dB");
    for own in
        [judged(|ratio| 19_000.0 * ratio), judged(|ratio| if ratio > 1.0 { 0.0 } else { 19_000.0 * ratio })]
    {
        assert!(own < -90.0, "{own:.1} dB");
    }
}
