//! Frames as FLAC: 16 bits where these hold every sample exactly, else 24.

use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::Verify;
use flacenc::source::MemSource;
use score::time::SAMPLE_RATE;

/// FLAC bytes of frames whose channels alternate, at 48,000 frames a second. Values past full scale are clamped.
///
/// # Errors
/// The encoder's own words.
pub(super) fn encode(samples: &[f32], channels: usize) -> Result<Vec<u8>, String> {
    let bits = if samples.iter().all(|&sample| fits_16_bits(sample)) { 16 } else { 24 };
    let whole: Vec<i32> = samples.iter().map(|&sample| quantised(sample, bits)).collect();
    let config =
        flacenc::config::Encoder::default().into_verified().map_err(|(_, error)| error.to_string())?;
    let source = MemSource::from_samples(&whole, channels, bits as usize, SAMPLE_RATE as usize);
    let mut stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size)
        .map_err(|error| error.to_string())?;
    // The encoder counts the last, shorter block as the least, by which decoders take the stream for one of varying blocks.
    let sizes = stream.stream_info_mut().set_block_sizes(config.block_size, config.block_size);
    sizes.map_err(|error| error.to_string())?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| error.to_string())?;
    Ok(sink.as_slice().to_vec())
}

fn fits_16_bits(sample: f32) -> bool {
    let scaled = sample * 32_768.0;
    scaled.fract() == 0.0 && (-32_768.0..=32_767.0).contains(&scaled)
}

/// The nearest of the values that `bits` can hold; silence for what is not a number.
fn quantised(sample: f32, bits: u32) -> i32 {
    let full = f64::from(1_u32 << (bits - 1));
    (f64::from(sample) * full).round().clamp(-full, full - 1.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::decode::decode_stored;

    fn there_and_back(samples: &[f32], channels: usize) -> Vec<f32> {
        let decoded = decode_stored(encode(samples, channels).unwrap()).unwrap();
        assert_eq!(decoded.channels, channels);
        decoded.samples
    }

    #[test]
    fn sixteen_bits_come_back_to_the_bit_and_others_within_a_24th() {
        let exact: Vec<f32> =
            (0..30_000).map(|i| ((i * 7_919) % 65_536 - 32_768) as f32 / 32_768.0).collect();
        assert_eq!(there_and_back(&exact, 2), exact);
        let fine: Vec<f32> = (0..30_000).map(|i| (i as f32 * 0.01).sin() * 0.9).collect();
        let back = there_and_back(&fine, 1);
        assert!(fine.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1.0 / 8_388_608.0));
        assert_eq!(back.len(), fine.len());
    }

    #[test]
    fn short_sounds_and_full_scale_survive() {
        for frames in [1, 2, 15, 16, 17, 4_096, 4_097] {
            let samples: Vec<f32> = (0..frames).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
            let back = there_and_back(&samples, 1);
            assert_eq!(back.len(), frames);
            assert!(back.iter().zip(&samples).all(|(a, b)| (a - b).abs() < 2e-7), "{frames} frames");
        }
    }
}
