//! A phrase's spectrum over time as a picture.
//!
//! Time runs to the right, pitch upwards in octaves, and colour tells decibels: from dark at [`FLOOR`] through the
//! family's tint to white at the top.

use anyhow::Context;
use realfft::RealFftPlanner;

/// Pixels.
pub(crate) const WIDTH: usize = 480;
/// Pixels.
pub(crate) const HEIGHT: usize = 150;

/// The lowest and the highest frequency shown, in hertz.
pub(crate) const RANGE: (f64, f64) = (30.0, 20_000.0);

/// Decibels below a full-scale sine that are drawn as dark as nothing.
pub(crate) const FLOOR: f64 = -96.0;

/// Decibels at which a pixel is white.
const CEILING: f64 = -18.0;

const RATE: f64 = 48_000.0;

/// Frames of a window: bins of 11.7 Hz.
const WINDOW: usize = 4_096;

/// The surface that a silent pixel shows.
const DARK: [u8; 3] = [0x0f, 0x11, 0x15];

/// A picture of left and right samples, in a tint.
pub(crate) fn png(samples: &[f32], tint: [u8; 3]) -> anyhow::Result<Vec<u8>> {
    let pixels = pixels(samples)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette(tint));
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().context("cannot begin a PNG")?;
    writer.write_image_data(&pixels).context("cannot write a PNG")?;
    writer.finish().context("cannot end a PNG")?;
    Ok(bytes)
}

/// A brightness for each pixel, row by row from the top.
fn pixels(samples: &[f32]) -> anyhow::Result<Vec<u8>> {
    let mono: Vec<f64> = samples.chunks_exact(2).map(|pair| f64::from(pair[0] + pair[1]) * 0.5).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
    let mut bins = transform.make_output_vec();
    let mut pixels = vec![0; WIDTH * HEIGHT];
    for x in 0..WIDTH {
        let centre = (mono.len() as f64 * (x as f64 + 0.5) / WIDTH as f64) as usize;
        let mut window: Vec<f64> = (0..WINDOW).map(|n| hann(n) * at(&mono, centre + n)).collect();
        transform.process(&mut window, &mut bins).context("cannot transform a window")?;
        let levels: Vec<f64> = bins.iter().map(|bin| level(bin.norm())).collect();
        for y in 0..HEIGHT {
            pixels[y * WIDTH + x] = brightness(&levels, y);
        }
    }
    Ok(pixels)
}

/// The sample half a window before `shifted`; silence outside of the phrase.
fn at(mono: &[f64], shifted: usize) -> f64 {
    shifted.checked_sub(WINDOW / 2).and_then(|n| mono.get(n)).copied().unwrap_or(0.0)
}

fn hann(n: usize) -> f64 {
    0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / WINDOW as f64).cos()
}

/// Decibels of a bin's magnitude; a full-scale sine is 0 dB.
fn level(magnitude: f64) -> f64 {
    20.0 * (magnitude * 4.0 / WINDOW as f64).max(1e-9).log10()
}

/// The frequency at the upper edge of a row.
fn hertz_at(row: usize) -> f64 {
    let (low, high) = RANGE;
    high * (low / high).powf(row as f64 / HEIGHT as f64)
}

/// Where a frequency lies, from 0 at the top to 1 at the bottom.
pub(crate) fn place_of(hertz: f64) -> f64 {
    let (low, high) = RANGE;
    (high / hertz).ln() / (high / low).ln()
}

/// The loudest bin of a row, or what lies between two bins where a row is narrower than one.
fn brightness(levels: &[f64], row: usize) -> u8 {
    let place = |hertz: f64| hertz * WINDOW as f64 / RATE;
    let (from, to) = (place(hertz_at(row + 1)), place(hertz_at(row)));
    let between = |place: f64| {
        let (whole, rest) = (place as usize, place.fract());
        levels[whole] * (1.0 - rest) + levels[whole + 1] * rest
    };
    let inside = levels[from.ceil() as usize..=to as usize].iter().copied();
    let loudest = inside.fold(between((from + to) * 0.5), f64::max);
    let share = ((loudest - FLOOR) / (CEILING - FLOOR)).clamp(0.0, 1.0);
    (share * 255.0).round() as u8
}

/// From the dark surface through the tint to white.
fn palette(tint: [u8; 3]) -> Vec<u8> {
    let mix = |from: u8, to: u8, share: f64| {
        (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8
    };
    let colour = |n: u32| {
        let share = f64::from(n) / 255.0;
        (0..3).map(move |c| {
            if share < 0.7 {
                mix(DARK[c], tint[c], share / 0.7)
            } else {
                mix(tint[c], 255, (share - 0.7) / 0.3)
            }
        })
    };
    (0..256).flat_map(colour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_a_line_at_its_place_and_silence_is_dark() {
        let tone: Vec<f32> = (0..96_000)
            .flat_map(|n| {
                let x = (std::f64::consts::TAU * 1_000.0 * f64::from(n) / RATE).sin() as f32;
                [x, x]
            })
            .collect();
        let pixels = pixels(&tone).unwrap();
        let column: Vec<u8> = (0..HEIGHT).map(|y| pixels[y * WIDTH + WIDTH / 2]).collect();
        let brightest = (0..HEIGHT).max_by_key(|y| column[*y]).unwrap();
        let expected = place_of(1_000.0) * HEIGHT as f64;
        assert!((brightest as f64 - expected).abs() < 2.0, "{brightest}, expected {expected:.1}");
        assert_eq!((column[brightest], column[2]), (255, 0));
    }

    #[test]
    fn a_picture_is_a_small_png() {
        let bytes = png(&vec![0.1; 48_000], [200, 100, 50]).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
        assert!(bytes.len() < 60_000);
    }
}
