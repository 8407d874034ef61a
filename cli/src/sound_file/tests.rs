//! What was written, read again.

use super::*;

/// Stereo sine waves of 440 and 660 Hz.
fn tone(frames: usize, rate: u32) -> Vec<f32> {
    let wave = |frame: usize, hertz: f64| {
        (std::f64::consts::TAU * hertz * frame as f64 / f64::from(rate)).sin() as f32 * 0.5
    };
    (0..frames).flat_map(|frame| [wave(frame, 440.0), wave(frame, 660.0)]).collect()
}

/// The bytes of a file that holds a tone.
fn bytes_of(format: SoundFormat, rate: u32, frames: usize) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tone");
    let mut file = SoundFile::create(&path, format, rate, frames as u64).unwrap();
    for block in tone(frames, ENGINE_RATE).chunks(777 * CHANNELS) {
        file.write(block).unwrap();
    }
    assert!(!path.exists(), "the file is at its place only when complete");
    file.finish().unwrap();
    assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    std::fs::read(&path).unwrap()
}

fn wav(rate: u32, frames: usize) -> (hound::WavSpec, Vec<f32>) {
    let bytes = bytes_of(SoundFormat::Wav32f, rate, frames);
    let mut reader = hound::WavReader::new(bytes.as_slice()).unwrap();
    let samples = reader.samples::<f32>().map(Result::unwrap).collect();
    (reader.spec(), samples)
}

#[test]
fn at_the_engines_rate_float_samples_are_kept_to_the_bit() {
    let (spec, samples) = wav(ENGINE_RATE, 5_000);
    assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 48_000, 32));
    assert_eq!(samples, tone(5_000, ENGINE_RATE));
}

#[test]
fn at_another_rate_the_tone_stays_where_it_was_in_time_and_pitch() {
    for rate in [44_100, 96_000, 8_001] {
        let (spec, samples) = wav(rate, 48_000);
        assert_eq!(spec.sample_rate, rate);
        assert_eq!(samples.len(), rate as usize * CHANNELS);
        let expected = tone(rate as usize, rate);
        // Away from the edges, where the tone begins and ends abruptly.
        let middle = rate as usize / 2..rate as usize;
        let worst = samples[middle.clone()].iter().zip(&expected[middle]).map(|(a, b)| (a - b).abs());
        let worst = worst.fold(0.0, f32::max);
        assert!(worst < 1e-3, "{worst} at {rate} Hz");
    }
}

#[test]
fn whole_numbers_are_as_near_as_their_width_allows() {
    for (format, bits, worst) in [(SoundFormat::Wav16, 16, 1.5), (SoundFormat::Wav24, 24, 0.5)] {
        let bytes = bytes_of(format, ENGINE_RATE, 5_000);
        let mut reader = hound::WavReader::new(bytes.as_slice()).unwrap();
        assert_eq!(
            (reader.spec().bits_per_sample, reader.spec().sample_format),
            (bits, hound::SampleFormat::Int)
        );
        let full_scale = 2_f64.powi(i32::from(bits) - 1);
        for (written, sample) in reader.samples::<i32>().zip(tone(5_000, ENGINE_RATE)) {
            let error = f64::from(written.unwrap()) - f64::from(sample) * full_scale;
            assert!(error.abs() <= worst, "{error} steps off at {bits} bits");
        }
        assert_eq!(bytes, bytes_of(format, ENGINE_RATE, 5_000), "the dither is the same each time");
    }
}

#[test]
fn what_a_format_cannot_hold_is_refused_before_the_work() {
    let refuse =
        |format, rate| SoundFile::create(Path::new("never"), format, rate, 3_600 * 48_000).err().unwrap();
    assert!(matches!(refuse(SoundFormat::Wav32f, 384_000), SoundFileError::TooLong { .. }));
    assert!(matches!(refuse(SoundFormat::Flac, 192_000), SoundFileError::Rate { .. }));
    assert!(matches!(refuse(SoundFormat::Ogg, 384_000), SoundFileError::Rate { .. }));
    assert!(!Path::new("never").exists());
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let path = Path::new("/nowhere/at/all.wav");
    let refused = SoundFile::create(path, SoundFormat::Wav32f, 48_000, 1).err().unwrap().to_string();
    assert!(refused.contains("/nowhere/at/all.wav"), "{refused}");
}

#[test]
fn a_name_and_a_format_agree_or_it_is_said() {
    let of = |name: &str, asked| SoundFormat::of(Path::new(name), asked).map_err(|error| error.to_string());
    assert_eq!(of("a.flac", None), Ok(SoundFormat::Flac));
    assert_eq!(of("a.OGG", None), Ok(SoundFormat::Ogg));
    assert_eq!(of("a", None), Ok(SoundFormat::Wav32f));
    assert_eq!(of("a", Some(SoundFormat::Ogg)), Ok(SoundFormat::Ogg));
    assert_eq!(of("a.wav", Some(SoundFormat::Wav16)), Ok(SoundFormat::Wav16));
    assert!(of("a.wav", Some(SoundFormat::Flac)).unwrap_err().contains("name it .flac"));
    assert!(of("a.mp3", None).unwrap_err().contains(".mp3 is not written"));
}
