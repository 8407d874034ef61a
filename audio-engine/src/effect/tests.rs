//! Each effect does what its name says, starts and stops without a click, and does nothing when off.

use core::f32::consts::TAU;

use score::catalogue::{effect_parameters, parameter_index};
use score::program::Setting;
use score::time::Tempo;

use super::{Bench, Chain, Moment, Settings};
use crate::smooth::QUANTUM_FRAMES;

const MOMENT: Moment = Moment { tempo: Tempo::MIN };

fn settings(values: &[(&str, f32)]) -> Settings {
    let mut settings = Settings::neutral();
    for (id, value) in values {
        let param = parameter_index(id).unwrap_or_else(|| panic!("no parameter {id}"));
        assert!(settings.set(Setting { param, value: *value }));
    }
    settings
}

fn moment() -> Moment {
    Moment { tempo: Tempo::from_milli_bpm(120_000).unwrap() }
}

/// Runs a mono signal through a chain with these settings, giving both channels.
fn through(values: &[(&str, f32)], input: &[f32]) -> [Vec<f32>; 2] {
    let mut chain = Chain::new();
    chain.reset(0, &settings(values));
    run(&mut chain, input)
}

fn run(chain: &mut Chain, input: &[f32]) -> [Vec<f32>; 2] {
    let mut output = [Vec::new(), Vec::new()];
    for block in input.chunks(QUANTUM_FRAMES) {
        let (mut left, mut right) = (padded(block), padded(block));
        chain.process([Some([&mut left, &mut right]), None], block.len(), moment(), &mut Bench::new());
        output[0].extend(&left[..block.len()]);
        output[1].extend(&right[..block.len()]);
    }
    output
}

/// A block with something behind its end that must not matter.
fn padded(block: &[f32]) -> [f32; QUANTUM_FRAMES] {
    let mut padded = [7.0; QUANTUM_FRAMES];
    padded[..block.len()].copy_from_slice(block);
    padded
}

fn sine(hertz: f32, gain: f32, frames: usize) -> Vec<f32> {
    (0..frames).map(|i| gain * libm::sinf(TAU * (hertz * i as f32 / 48_000.0).fract())).collect()
}

fn impulse(frames: usize) -> Vec<f32> {
    let mut signal = vec![0.0; frames];
    signal[0] = 1.0;
    signal
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

/// Gain in decibels at a frequency, once the chain has settled.
fn response(values: &[(&str, f32)], hertz: f32) -> f32 {
    let input = sine(hertz, 0.25, 24_000);
    let [output, _] = through(values, &input);
    20.0 * libm::log10f(rms(&output[12_000..]) / rms(&input[12_000..]))
}

#[test]
fn a_neutral_chain_changes_no_bit() {
    let input = sine(441.0, 0.7, 4_800);
    let [left, right] = through(&[], &input);
    assert!(left == input && right == input);
}

#[test]
fn the_filter_falls_by_its_slope() {
    let lowpass = |slope: f32, hertz| {
        let values = [("filter.on", 1.0), ("filter.cutoff", 500.0), ("filter.slope", slope)];
        response(&[values[0], values[1], values[2], ("filter.resonance", 0.3)], hertz)
    };
    assert!(lowpass(0.0, 50.0).abs() < 0.5 && lowpass(1.0, 50.0).abs() < 0.5);
    let (gentle, steep) = (lowpass(0.0, 4_000.0), lowpass(1.0, 4_000.0));
    assert!((-38.5..-34.0).contains(&gentle), "three octaves at 12 dB: {gentle}");
    assert!((-77.0..-70.0).contains(&steep), "three octaves at 24 dB: {steep}");
    let mode = |mode, hertz| response(&[("filter.on", 1.0), ("filter.mode", mode)], hertz);
    assert!(mode(1.0, 100.0) < -35.0 && mode(1.0, 10_000.0).abs() < 1.0, "high-pass");
    assert!(mode(2.0, 1_000.0).abs() < 0.5 && mode(2.0, 60.0) < -15.0, "band-pass");
    assert!(mode(3.0, 1_000.0) < -40.0 && mode(3.0, 60.0).abs() < 0.5, "notch");
}

#[test]
fn the_equaliser_lifts_what_it_names() {
    let low = |hertz| response(&[("eq.low_gain", 12.0)], hertz);
    assert!((low(30.0) - 12.0).abs() < 0.7 && low(5_000.0).abs() < 0.2, "{} {}", low(30.0), low(5_000.0));
    let mid = |hertz| response(&[("eq.mid_gain", -9.0), ("eq.mid_q", 2.0)], hertz);
    assert!((mid(1_000.0) + 9.0).abs() < 0.3 && mid(60.0).abs() < 0.3 && mid(12_000.0).abs() < 0.3);
    let high = |hertz| response(&[("eq.high_gain", 6.0)], hertz);
    assert!((high(18_000.0) - 6.0).abs() < 0.5 && high(200.0).abs() < 0.2);
}

#[test]
fn distortion_bends_and_keeps_the_loudness_near() {
    let input = sine(220.0, 0.25, 24_000);
    let [bent, _] = through(&[("distortion.wet", 1.0), ("distortion.amount", 0.8)], &input);
    let change = 20.0 * libm::log10f(rms(&bent[4_800..]) / rms(&input[4_800..]));
    assert!((-1.0..4.0).contains(&change), "{change} dB");
    let flatness = bent[4_800..].iter().fold(0.0f32, |peak, x| peak.max(x.abs())) / rms(&bent[4_800..]);
    assert!(flatness < 1.25, "a clipped sine is nearly square: crest {flatness}");
}

#[test]
fn the_compressor_holds_down_what_is_loud() {
    let settled = |gain: f32, extra: &[(&str, f32)]| {
        let values = [&[("compressor.on", 1.0), ("compressor.ratio", 4.0)], extra].concat();
        let input = sine(1_000.0, gain, 48_000);
        let [output, _] = through(&values, &input);
        20.0 * libm::log10f(rms(&output[40_000..]) / rms(&input[40_000..]))
    };
    assert!(settled(0.05, &[]).abs() < 0.1, "under the threshold");
    let held = settled(1.0, &[]);
    assert!((-14.0..-12.5).contains(&held), "18 dB over, a quarter is left: {held}");
    assert!((settled(0.05, &[("compressor.makeup", 6.0)]) - 6.0).abs() < 0.2);
}

#[test]
fn echoes_come_in_time_and_alternate() {
    let echoes = |channel: &[f32]| -> Vec<usize> {
        let mut found = Vec::new();
        for (frame, sample) in channel.iter().enumerate() {
            if sample.abs() > 0.02 && found.last().is_none_or(|last| frame > last + 1_000) {
                found.push(frame);
            }
        }
        found
    };
    let values =
        [("delay.wet", 1.0), ("delay.time", 7.0), ("delay.feedback", 0.5), ("delay.cutoff", 20_000.0)];
    let [left, right] = through(&values, &impulse(60_000));
    assert_eq!(echoes(&left)[..4], [12_000, 24_000, 36_000, 48_000], "eighths at 120 BPM");
    assert_eq!(echoes(&left), echoes(&right));
    let values = [values[0], values[1], values[2], values[3], ("delay.ping_pong", 1.0)];
    let [left, right] = through(&values, &impulse(60_000));
    assert_eq!(echoes(&left), [12_000, 36_000]);
    assert_eq!(echoes(&right), [24_000, 48_000]);
}

#[test]
fn the_reverb_dies_away_in_its_decay_time() {
    for decay in [0.5f32, 2.0] {
        let values = [
            ("reverb.wet", 1.0),
            ("reverb.decay", decay),
            ("reverb.damping", 0.0),
            ("reverb.pre_delay", 0.0),
        ];
        let [left, right] = through(&values, &impulse((decay * 48_000.0) as usize + 24_000));
        let level = |at: f32| 20.0 * libm::log10f(rms(&left[(at * 48_000.0) as usize..][..9_600]));
        let fall = level(0.1) - level(0.1 + decay / 2.0);
        assert!((26.0..34.0).contains(&fall), "half of 60 dB in half of {decay} s: {fall}");
        assert!(left != right, "the room is wide");
    }
    let late = [("reverb.wet", 1.0), ("reverb.pre_delay", 0.2)];
    let [left, _] = through(&late, &impulse(24_000));
    let first = left.iter().position(|sample| sample.abs() > 1e-6).unwrap();
    assert!(first >= 9_600, "{first}");
}

#[test]
fn chorus_and_phaser_move() {
    for slot in ["chorus", "phaser"] {
        let wet = format!("{slot}.wet");
        let input = sine(700.0, 0.25, 96_000);
        let [left, right] = through(&[(&wet, 1.0)], &input);
        let levels: Vec<f32> = left.chunks(2_400).skip(2).map(rms).collect();
        let most = levels.iter().fold(0.0f32, |most, level| most.max(*level));
        let least = levels.iter().fold(1.0f32, |least, level| least.min(*level));
        assert!(most > 1.2 * least, "{slot}: {least} to {most}");
        assert!(left != right, "{slot} is wide");
        assert!(most < 0.36 && least > 0.0, "{slot}");
    }
}

#[test]
fn every_switch_and_every_knob_moves_without_a_click() {
    let input = sine(110.0, 0.25, 48_000);
    let at_rest = 0.25 * TAU * 110.0 / 48_000.0;
    let steepest =
        |samples: &[f32]| samples.windows(2).fold(0.0f32, |most, pair| most.max((pair[1] - pair[0]).abs()));
    for parameter in effect_parameters() {
        let slot = parameter.id.split('.').next().unwrap();
        let mut audible = vec![(parameter.id, parameter.default)];
        let (on, wet) = (format!("{slot}.on"), format!("{slot}.wet"));
        for id in [&on, &wet] {
            if parameter_index(id).is_some() && id != parameter.id {
                audible.push((id, 1.0));
            }
        }
        if slot == "eq" && parameter.id.ends_with("frequency") {
            audible.push((if parameter.id.contains("low") { "eq.low_gain" } else { "eq.high_gain" }, 6.0));
        }
        let before = settings(&audible);
        for value in [parameter.min, parameter.max] {
            audible[0].1 = value;
            let after = settings(&audible);
            let mut chain = Chain::new();
            chain.reset(0, &before);
            run(&mut chain, &input);
            chain.aim(0, &after);
            let [there, _] = run(&mut chain, &input);
            let [settled, _] = run(&mut chain, &input);
            let allowed = 2.5 * steepest(&settled).max(at_rest)
                + 0.012 * there.iter().fold(0.25f32, |p, x| p.max(x.abs()));
            assert!(
                steepest(&there[..24_000]) < allowed,
                "{} to {value}: a step of {}, allowed {allowed}",
                parameter.id,
                steepest(&there[..24_000])
            );
        }
    }
}

#[test]
fn silence_ends_at_rest_and_a_cleared_chain_is_silent() {
    let values = [("delay.wet", 0.5), ("reverb.wet", 0.5), ("filter.on", 1.0), ("phaser.wet", 1.0)];
    let mut chain = Chain::new();
    chain.reset(0, &settings(&values));
    assert!(chain.rests(0));
    run(&mut chain, &impulse(64));
    assert!(!chain.rests(0));
    for _ in 0..60 {
        run(&mut chain, &vec![0.0; 9_600]);
    }
    assert!(chain.rests(0), "twelve seconds later");
    run(&mut chain, &impulse(64));
    chain.clear(0);
    let [left, right] = run(&mut chain, &vec![0.0; 48_000]);
    assert!(left.iter().chain(&right).all(|sample| *sample == 0.0));
}

#[test]
fn long_echoes_at_the_slowest_tempo_stay_finite() {
    let mut chain = Chain::new();
    chain.reset(0, &settings(&[("delay.wet", 1.0), ("delay.time", 16.0), ("delay.feedback", 0.95)]));
    for block in sine(200.0, 1.0, 480_000).chunks(QUANTUM_FRAMES) {
        let (mut left, mut right) = (padded(block), padded(block));
        chain.process([Some([&mut left, &mut right]), None], block.len(), MOMENT, &mut Bench::new());
        assert!(left.iter().chain(&right).all(|sample| sample.abs() < 100.0));
    }
}

/// What happens to one of two strips: the settings that it begins with and those it moves to, at which quantum, and when it sounds.
struct Part {
    settings: [&'static [(&'static str, f32)]; 3],
    moves: [usize; 2],
    sounds: fn(usize) -> bool,
}

const PARTS: [Part; 2] = [
    Part {
        settings: [
            &[
                ("filter.on", 1.0),
                ("filter.slope", 1.0),
                ("chorus.wet", 0.4),
                ("reverb.wet", 0.5),
                ("trim.gain", 3.0),
            ],
            &[("filter.on", 1.0), ("filter.cutoff", 300.0), ("phaser.wet", 0.5), ("eq.mid_gain", 6.0)],
            &[("distortion.wet", 1.0), ("delay.wet", 0.5), ("delay.time", 2.0), ("compressor.on", 1.0)],
        ],
        moves: [150, 400],
        sounds: |quantum| quantum % 90 < 60 && !(600..1_500).contains(&quantum),
    },
    Part {
        settings: [
            &[("delay.wet", 1.0), ("delay.ping_pong", 1.0), ("distortion.wet", 0.6), ("gain.width", 1.5)],
            &[("eq.low_gain", -6.0), ("compressor.on", 1.0), ("reverb.wet", 1.0), ("chorus.wet", 1.0)],
            &[],
        ],
        moves: [220, 500],
        sounds: |quantum| (20..300).contains(&quantum) || (700..800).contains(&quantum) || quantum > 1_800,
    },
];

/// The bits of those parts that play, each in its place of a chain.
fn play(parts: [Option<&Part>; 2]) -> [Vec<u32>; 2] {
    let mut chain = Chain::new();
    let mut bench = Bench::new();
    let mut heard = [Vec::new(), Vec::new()];
    for (strip, part) in parts.iter().enumerate() {
        if let Some(part) = part {
            chain.reset(strip, &settings(part.settings[0]));
        }
    }
    for quantum in 0..2_000 {
        let frames = [64, 64, 17, 64, 1, 63, 64][quantum % 7];
        let mut buses = [[[0.0f32; QUANTUM_FRAMES]; 2]; 2];
        let mut sounds = [None, None];
        for (((strip, part), bus), sound) in parts.iter().enumerate().zip(&mut buses).zip(&mut sounds) {
            let Some(part) = part else { continue };
            for (place, at) in part.moves.iter().enumerate().filter(|(_, at)| **at == quantum) {
                assert!(*at > 0);
                chain.aim(strip, &settings(part.settings[place + 1]));
            }
            let is_heard = (part.sounds)(quantum);
            for (i, sample) in bus.iter_mut().flatten().enumerate().filter(|_| is_heard) {
                *sample = 0.4 * libm::sinf((quantum * 37 + i * i % 91) as f32);
            }
            if is_heard || !chain.rests(strip) {
                let [left, right] = bus;
                *sound = Some([left, right]);
            }
        }
        chain.process(sounds, frames, moment(), &mut bench);
        for (heard, bus) in heard.iter_mut().zip(&buses) {
            heard.extend(bus.iter().flat_map(|channel| &channel[..frames]).map(|sample| sample.to_bits()));
        }
    }
    heard
}

#[test]
fn a_strip_sounds_beside_another_as_it_does_alone() {
    let [one, other] = &PARTS;
    let both = play([Some(one), Some(other)]);
    assert!(both.iter().all(|bits| bits.iter().any(|bits| *bits != 0)));
    let [alone, nothing] = play([Some(one), None]);
    assert!(both[0] == alone && nothing.iter().all(|bits| *bits == 0));
    assert!(both[1] == play([None, Some(other)])[1]);
    let [second, first] = play([Some(other), Some(one)]);
    assert!(both == [first, second], "in each other's place");
}
