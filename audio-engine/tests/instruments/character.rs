//! What makes instruments themselves: pitch, brightness, and being unlike each other.

use super::figures::figures;
use super::measure::{RATE, Sound, play, usual};
use score::catalogue::{Instrument, instrument};

/// The smallest mean difference of two fingerprints, in decibels, at which two presets count as different.
pub(crate) const DIFFERENT: f64 = 2.0;

/// The shape of a sound in decibels, free of its level: bands within 60 dB of the loudest.
fn shape(sound: &Sound) -> Vec<f64> {
    let bands = sound.fingerprint();
    let most = bands.iter().copied().fold(1e-12, f64::max);
    bands.iter().map(|energy| (10.0 * libm::log10(energy / most + 1e-12)).max(-60.0)).collect()
}

/// How far two shapes are apart, in decibels: the mean over all bands and parts of the sound.
fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(x, y)| (x - y).abs()).sum::<f64>() / one.len() as f64
}

/// An instrument, that of its family which sounds most like it, and how far they are apart.
pub(crate) type Neighbour = (&'static Instrument, &'static Instrument, f64);

/// Every instrument's nearest neighbour.
pub(crate) fn neighbours() -> Vec<Neighbour> {
    let shapes: Vec<(&Instrument, Vec<f64>)> =
        figures().iter().map(|(row, figures)| (*row, shape(&figures.sound))).collect();
    let nearest = |(row, shape): &(&'static Instrument, Vec<f64>)| {
        let others = shapes.iter().filter(|(other, _)| other.family == row.family && other.id != row.id);
        let near = others.map(|(other, theirs)| (*row, *other, distance(shape, theirs)));
        near.min_by(|a, b| a.2.total_cmp(&b.2)).expect("a family has several instruments")
    };
    shapes.iter().map(nearest).collect()
}

#[test]
fn no_two_instruments_of_one_family_are_near_duplicates() {
    let alike: Vec<String> = neighbours()
        .iter()
        .filter(|(.., apart)| *apart < DIFFERENT)
        .map(|(a, b, apart)| format!("{} and {}: {apart:.2} dB", a.id, b.id))
        .collect();
    assert!(alike.is_empty(), "{}", alike.join("\n"));
}

/// The strongest period of a steady part of the sound near `expected` hertz, refined between frames.
fn pitch_near(sound: &Sound, expected: f64) -> f64 {
    let part = &sound.left[9_600..19_200.min(sound.frames())];
    let agreement = |lag: f64| {
        let (whole, rest) = (lag as usize, lag - libm::floor(lag));
        let delayed =
            |i: usize| f64::from(part[i + whole]) * (1.0 - rest) + f64::from(part[i + whole + 1]) * rest;
        let n = part.len() - whole - 2;
        let (mut product, mut energy) = (0.0, 1e-12);
        for (i, x) in part.iter().take(n).enumerate() {
            product += f64::from(*x) * delayed(i);
            energy += delayed(i) * delayed(i);
        }
        product / energy.sqrt()
    };
    // Eight periods at once, for an eighth of the error.
    let period = RATE / expected * 8.0;
    let lags = (0..=240).map(|n| period * (0.97 + 0.06 * f64::from(n) / 240.0));
    let best =
        lags.map(|lag| (agreement(lag), lag)).fold((f64::MIN, 0.0), |a, b| if b.0 > a.0 { b } else { a });
    RATE / best.1 * 8.0
}

#[test]
fn strings_bars_and_operators_are_in_tune() {
    let ids = [
        "tone:pluck-string",
        "sampled:finger-bass",
        "sampled:clean-guitar",
        "sampled:acoustic-guitar",
        "synth:clavinet",
        "sampled:piano",
        "sampled:vibraphone",
        "sampled:marimba",
        "synth:rhodes",
        "synth:organ",
        "synth:bass",
        "synth:sub",
    ];
    for id in ids {
        let row = instrument(id).expect(id);
        for pitch in [-24.0_f32, -12.0, 0.0, 7.0, 12.0] {
            let sound = play(row.index, pitch, 0.7, &[], 24_000, 24_000);
            let expected = 440.0 * libm::exp2((60.0 + f64::from(pitch) - 69.0) / 12.0);
            let cents = 1_200.0 * libm::log2(pitch_near(&sound, expected) / expected);
            assert!(cents.abs() < 8.0, "{id} at {pitch}: {cents:.1} cents");
        }
    }
}

#[test]
fn a_harder_stroke_is_brighter() {
    for id in ["snare", "synth:bass", "synth:acid", "synth:rhodes", "sampled:piano", "sampled:clean-guitar"] {
        let row = instrument(id).expect(id);
        let [soft, hard] =
            [0.3, 1.0].map(|velocity| play(row.index, 0.0, velocity, &[], 24_000, 48_000).centroid());
        assert!(hard > soft * 1.05, "{id}: {soft:.0} Hz to {hard:.0} Hz");
    }
}

#[test]
fn sounds_lie_where_their_names_say() {
    let between = [
        ("kick", 40.0, 140.0),
        ("sampled:808-kick", 35.0, 100.0),
        ("hihat", 6_000.0, 16_000.0),
        ("sampled:acoustic-crash", 3_000.0, 10_000.0),
        ("subbass", 40.0, 110.0),
        ("clave", 2_000.0, 3_200.0),
        ("cowbell", 500.0, 1_600.0),
        ("shaker", 5_000.0, 12_000.0),
    ];
    for (id, low, high) in between {
        let centroid = usual(instrument(id).expect(id).index).centroid();
        assert!((low..high).contains(&centroid), "{id}: {centroid:.0} Hz");
    }
    let tail = |id: &str| usual(instrument(id).expect(id).index).tail();
    assert!(tail("openhat") > 4.0 * tail("hihat"));
    assert!(tail("sampled:808-kick") > 1.5 * tail("kick"));
    assert!(tail("sampled:vibraphone") > 3.0 * tail("sampled:marimba"));
    assert!(tail("sampled:acoustic-crash") > 2.0);
}

#[test]
fn a_slide_glides_to_its_pitch_without_striking_again() {
    use audio_engine::instrument::{Note, Voice};
    let acid = instrument("synth:acid").expect("a row");
    let mut voice = Voice::silent();
    voice.start(acid.index, &Note { pitch: 0.0, velocity: 0.7, seed: 1, seconds_per_beat: 0.5, params: &[] });
    let mut sound = Sound { left: vec![0.0; 24_000], right: vec![0.0; 24_000] };
    let (before, after) = sound.left.split_at_mut(4_800);
    voice.render(0, before, &mut sound.right[..4_800]);
    voice.slide(12.0, 0.7);
    voice.render(4_800, after, &mut sound.right[4_800..]);
    let cents = 1_200.0 * libm::log2(pitch_near(&sound, 523.25) / 523.25);
    assert!(cents.abs() < 12.0, "{cents:.1} cents");
    let step = sound.left[4_700..5_000].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
    let usual = sound.left[1_000..4_700].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
    assert!(step <= usual * 1.5, "a click of {step}, usual {usual}");
}
