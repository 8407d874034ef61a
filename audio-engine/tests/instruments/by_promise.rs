//! What the names of synthesised instruments promise, in figures: sidebands of bells, octaves of subs, filters that close or sweep,
//! saws that beat, two tones of a cowbell, crackles.

use super::by_name::{energy, held, hertz_of, line, spectrum};
use super::measure::{RATE, Sound};

/// Hertz: centre of gravity of a stretch's magnitudes up to 16 kHz.
fn centroid(sound: &Sound, from: usize) -> f64 {
    let bin = RATE / 32_768.0;
    let bins = &spectrum(sound, from)[..(16_000.0 / bin) as usize];
    let weights = bins.iter().map(|level| libm::exp10(level / 20.0));
    let (sum, moment) = weights
        .enumerate()
        .fold((0.0, 0.0), |(sum, moment), (at, weight)| (sum + weight, moment + weight * at as f64 * bin));
    moment / sum
}

/// Decibels of the lines at these ratios to a note's pitch.
fn levels<const N: usize>(id: &str, from: usize, ratios: [f64; N]) -> [f64; N] {
    let spectrum = spectrum(&held(id, 0.7), from);
    ratios.map(|ratio| line(&spectrum, hertz_of(id, 0.0) * ratio, 0.01).1)
}

/// Lines within 20 dB of the strongest around a harmonic.
fn breadth(id: &str, harmonic: f64) -> usize {
    let (base, bin) = (hertz_of(id, 0.0), RATE / 32_768.0);
    let spectrum = spectrum(&held(id, 0.7), 24_000);
    let near = &spectrum[(base * (harmonic - 0.4) / bin) as usize..(base * (harmonic + 0.4) / bin) as usize];
    let most = near.iter().copied().fold(f64::MIN, f64::max);
    near.iter().filter(|level| **level > most - 20.0).count()
}

#[test]
fn an_am_bell_has_one_pair_of_sidebands_and_an_fm_bell_several() {
    let [carrier, low, high, second] = levels("tone:am-bell", 24_000, [1.0, 2.5, 4.5, 8.0]);
    assert!((low - high).abs() < 3.0, "the pair is even: {low:.1} and {high:.1} dB");
    assert!(low > carrier - 25.0, "{low:.1} dB beside a carrier of {carrier:.1} dB");
    assert!(second < low - 25.0, "a second pair: {second:.1} dB beside {low:.1} dB");
    let [carrier, low, high, second] = levels("tone:fm-bell", 9_600, [1.0, 2.5, 4.5, 8.0]);
    assert!(low.max(high) > carrier - 20.0, "{carrier:.1}, {low:.1}, {high:.1} dB");
    assert!(second > carrier - 45.0, "no second pair: {second:.1} dB beside {carrier:.1} dB");
    // A modulator in unison with its carrier puts them on the harmonics.
    let [carrier, second, third] = levels("tone:fm-bass", 9_600, [1.0, 2.0, 3.0]);
    assert!(second.min(third) > carrier - 45.0, "{carrier:.1}, {second:.1}, {third:.1} dB");
}

#[test]
fn what_is_struck_or_plucked_by_an_operator_or_a_filter_mellows() {
    let mellows = |id: &&str| {
        let sound = held(id, 0.8);
        let (early, late) = (centroid(&sound, 0), centroid(&sound, 48_000));
        (early <= 1.1 * late).then(|| format!("{id}: {early:.0} Hz, later {late:.0} Hz"))
    };
    let ids = [
        "tone:fm-epiano",
        "synth:rhodes",
        "synth:wurlitzer",
        "synth:clavinet",
        "synth:acid",
        "advanced:acid-bass",
        "synth:pluck",
    ];
    let bad: Vec<String> = ids.iter().filter_map(mellows).collect();
    assert!(bad.is_empty(), "{bad:?}");
}

#[test]
fn subs_lie_below_and_octave_subs_an_octave_below() {
    let [half, base] = levels("advanced:sub-bass", 24_000, [0.5, 1.0]);
    assert!((half - base).abs() < 20.0, "{half:.1} and {base:.1} dB");
    for id in ["synth:sub", "subbass", "advanced:sub-bass"] {
        let sound = held(id, 0.7);
        let (low, high) = (energy(&sound, 0, 20.0, 600.0), energy(&sound, 0, 1_200.0, 16_000.0));
        assert!(low > high + 25.0, "{id}: {low:.1} dB low, {high:.1} dB high");
    }
}

#[test]
fn supersaws_beat_and_a_lone_saw_does_not() {
    let lone = breadth("synth:bass", 10.0);
    for id in ["advanced:supersaw", "synth:supersaw", "synth:hypersaw", "advanced:thick-lead"] {
        let many = breadth(id, 10.0);
        assert!(many > 2 * lone, "{id}: {many} lines, a bass {lone}");
    }
}

#[test]
fn a_duo_is_two_voices_a_fifth_apart() {
    let [first, second, between] = levels("tone:duo-lead", 24_000, [1.0, 1.5, 1.25]);
    assert!((first - second).abs() < 15.0, "{first:.1} and {second:.1} dB");
    assert!(first.min(second) > between + 15.0, "{between:.1} dB between {first:.1} and {second:.1} dB");
}

#[test]
fn a_cowbell_rings_in_two_tones_and_a_zap_falls() {
    let [low, between, high] = levels_at("cowbell", [545.0, 670.0, 807.0]);
    assert!(low.min(high) > between + 12.0, "{low:.1}, {between:.1}, {high:.1} dB");
    let zap = held("zap", 0.7);
    let early = zero_crossings(&zap.left[..2_400]);
    let late = zero_crossings(&zap.left[4_800..7_200]);
    assert!(early > 2 * late, "{early} crossings, later {late}");
}

/// Decibels of the lines of a sound at these frequencies.
fn levels_at<const N: usize>(id: &str, hertz: [f64; N]) -> [f64; N] {
    let spectrum = spectrum(&held(id, 0.7), 0);
    hertz.map(|hertz| line(&spectrum, hertz, 0.02).1)
}

fn zero_crossings(samples: &[f32]) -> usize {
    samples.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count()
}

#[test]
fn slaps_are_brighter_than_fingers_and_a_saxophone_than_a_horn() {
    let of = |id: &str| centroid(&held(id, 0.7), 0);
    for (bright, dull) in [
        ("sampled:slap-bass", "sampled:finger-bass"),
        ("sampled:acoustic-guitar", "sampled:finger-bass"),
        ("synth:clavinet", "sampled:piano"),
        ("sampled:alto-sax", "sampled:french-horn"),
        ("synth:shimmer", "advanced:warm-pad"),
    ] {
        assert!(of(bright) > 1.2 * of(dull), "{bright} {:.0} Hz, {dull} {:.0} Hz", of(bright), of(dull));
    }
}

#[test]
fn vinyl_crackles_for_as_long_as_it_turns() {
    let sound = held("sampled:vinyl-crackle", 0.7);
    for part in sound.left[..96_000].chunks(24_000) {
        let mean = part.iter().map(|x| f64::from(x.abs())).sum::<f64>() / part.len() as f64;
        let most = part.iter().fold(0.0, |most, x| f64::from(x.abs()).max(most));
        assert!(most > 8.0 * mean, "crackles of {most:.4} over {mean:.4}");
    }
}
