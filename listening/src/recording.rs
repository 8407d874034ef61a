//! Samples as a FLAC file of sixteen bits, which every browser plays.

use anyhow::anyhow;
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::config::Encoder;
use flacenc::error::Verify;
use flacenc::source::MemSource;

/// Encodes left and right samples at 48 kHz; what is louder than full scale is clipped.
pub(crate) fn flac(samples: &[f32]) -> anyhow::Result<Vec<u8>> {
    let whole: Vec<i32> =
        samples.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i32).collect();
    let config = Encoder::default().into_verified().map_err(|(_, error)| anyhow!("{error}"))?;
    let source = MemSource::from_samples(&whole, 2, 16, 48_000);
    let stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size)
        .map_err(|error| anyhow!("cannot encode FLAC: {error}"))?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| anyhow!("cannot write FLAC: {error}"))?;
    Ok(sink.into_inner())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_recording_is_a_flac_file_smaller_than_its_samples() {
        let samples: Vec<f32> = (0..48_000).map(|n| (n / 2 % 100) as f32 / 200.0 - 0.25).collect();
        let bytes = super::flac(&samples).unwrap();
        assert_eq!(&bytes[..4], b"fLaC");
        assert!(bytes.len() < samples.len() * 2);
    }
}
