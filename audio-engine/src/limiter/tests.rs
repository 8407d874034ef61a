//! The limiter keeps its ceiling, and leaves alone what is under it.

use core::f64::consts::PI;

use super::*;

/// -1 dBFS.
const CEILING: f64 = 0.891_250_9;

/// A loud and nasty signal: sines near a quarter and a third of the rate (whose peaks fall between samples), noise that falls to nothing at the very top, and
/// impulses, with silent gaps.
fn stress(frames: usize, gain: f32) -> Vec<f32> {
    let (mut noise, mut last) = (1u32, 0.0);
    (0..frames)
        .map(|i| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let t = i as f64;
            let kind = (i / 3_000) % 5;
            let sample = match kind {
                0 => libm::sin(2.0 * PI * t * 0.2501 + 0.785),
                1 => libm::sin(2.0 * PI * t * 0.3333 + 0.3),
                2 => {
                    let white = f64::from(noise >> 8) / f64::from(1 << 23) - 1.0;
                    0.5 * (white + core::mem::replace(&mut last, white))
                }
                3 => f64::from(u8::from(i % 777 == 0)),
                _ => 0.0,
            };
            sample as f32 * gain
        })
        .collect()
}

fn limited(input: &[f32], block: usize) -> Vec<f32> {
    let mut limiter = Limiter::new();
    let mut output = Vec::new();
    for chunk in input.chunks(block) {
        let (mut left, mut right) = (chunk.to_vec(), chunk.to_vec());
        limiter.process(&mut left, &mut right);
        assert_eq!(left, right);
        output.extend(left);
    }
    output
}

/// The largest magnitude of an eight times oversampled signal, by a 64-tap Blackman sinc: independent of the detector.
fn true_peak(signal: &[f32]) -> f64 {
    let mut peak = 0.0f64;
    for centre in 32..signal.len() - 32 {
        for eighth in 0..8 {
            let fraction = f64::from(eighth) / 8.0;
            let value: f64 = (-31..=32)
                .map(|k| {
                    let t = f64::from(k) - fraction;
                    let sinc = if t == 0.0 { 1.0 } else { libm::sin(PI * t) / (PI * t) };
                    let window =
                        0.42 + 0.5 * libm::cos(PI * t / 32.0) + 0.08 * libm::cos(2.0 * PI * t / 32.0);
                    f64::from(signal[(centre as i64 + i64::from(k)) as usize]) * sinc * window
                })
                .sum();
            peak = peak.max(value.abs());
        }
    }
    peak
}

#[test]
fn the_true_peak_stays_under_the_ceiling() {
    let input = stress(15_000, 4.0);
    assert!(true_peak(&input) > 3.9);
    let peak = true_peak(&limited(&input, QUANTUM_FRAMES));
    assert!(peak <= CEILING, "true peak {peak}");
    assert!(peak > 0.7, "the limiter does not simply silence: {peak}");
}

#[test]
fn what_needs_no_limiting_passes_bit_for_bit() {
    let input = stress(15_000, 0.6);
    let output = limited(&input, QUANTUM_FRAMES);
    assert_eq!(input[..input.len() - LATENCY_FRAMES], output[LATENCY_FRAMES..]);
}

#[test]
fn the_split_into_blocks_changes_no_bit() {
    let input = stress(15_000, 1.5);
    let whole = limited(&input, QUANTUM_FRAMES);
    for block in [1, 7, 16, 63] {
        assert_eq!(whole, limited(&input, block), "blocks of {block}");
    }
}
