//! Any rate to the engine's.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, FixedAsync, Resampler, SincInterpolationParameters, WindowFunction};
use score::time::SAMPLE_RATE;

use super::decode::{DecodeError, Decoded};

/// Length of the resampler's filter in frames.
const FILTER_FRAMES: usize = 256;

/// Frames that the resampler takes at once.
const CHUNK_FRAMES: usize = 1024;

/// The same sound at 48,000 frames a second.
pub(super) fn resampled(sound: Decoded) -> Result<Decoded, DecodeError> {
    let Decoded { channels, rate, samples } = sound;
    if rate == SAMPLE_RATE {
        return Ok(Decoded { channels, rate, samples });
    }
    let refused = |reason: String| DecodeError::Broken(reason);
    let frames = samples.len() / channels;
    let ratio = f64::from(SAMPLE_RATE) / f64::from(rate);
    let filter = SincInterpolationParameters::new(FILTER_FRAMES, WindowFunction::BlackmanHarris2);
    let mut resampler =
        Async::<f32>::new_sinc(ratio, 1.0, &filter, CHUNK_FRAMES, channels, FixedAsync::Input)
            .map_err(|error| refused(error.to_string()))?;
    let input =
        InterleavedSlice::new(&samples, channels, frames).map_err(|error| refused(error.to_string()))?;
    let made = resampler.process_all(&input, frames, None).map_err(|error| refused(error.to_string()))?;
    let mut samples = made.take_data();
    let length = (frames as u64 * u64::from(SAMPLE_RATE)).div_ceil(u64::from(rate)) as usize;
    samples.resize(length * channels, 0.0);
    Ok(Decoded { channels, rate: SAMPLE_RATE, samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_pitch_place_and_length() {
        for rate in [8_000_u32, 22_050, 44_100, 96_000, 192_000] {
            let tone = |frame: usize, rate: u32| {
                (std::f64::consts::TAU * 1_000.0 * frame as f64 / f64::from(rate)).sin() as f32 * 0.5
            };
            let frames = rate as usize / 4;
            let samples = (0..frames).flat_map(|frame| [tone(frame, rate), -tone(frame, rate)]).collect();
            let sound = resampled(Decoded { channels: 2, rate, samples }).unwrap();
            assert_eq!(
                (sound.rate, sound.samples.len() / 2),
                (48_000, (frames * 48_000).div_ceil(rate as usize))
            );
            // Away from the ends, where the tone is cut off; the filter's place is right to within a frame.
            let worst = (2_000..10_000).fold(0.0_f32, |worst, frame| {
                let [left, right] = [sound.samples[2 * frame], sound.samples[2 * frame + 1]];
                assert!((left + right).abs() < 1e-4);
                let near = |shift: f64| {
                    let at = (frame as f64 + shift) / 48_000.0;
                    ((std::f64::consts::TAU * 1_000.0 * at).sin() * 0.5) as f32
                };
                let span = [near(-1.0), near(0.0), near(1.0)];
                let low = span.iter().copied().fold(f32::MAX, f32::min);
                let high = span.iter().copied().fold(f32::MIN, f32::max);
                worst.max(low - left).max(left - high)
            });
            assert!(worst < 5e-3, "{worst} at {rate}");
        }
    }
}
