//! From a file's bytes to frames. Runs in the child process alone.

use std::io::Cursor;

use score::time::SAMPLE_RATE;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_VORBIS};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

/// Longest sample in seconds.
pub(super) const MAX_SECONDS: usize = 30;

/// Rates that a file may have, in frames per second.
const MIN_RATE: u32 = 8_000;
const MAX_RATE: u32 = 384_000;

/// Why bytes are no sample, as a sentence that follows the file's name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecodeError {
    #[error("this is no WAV, FLAC, MP3 or Ogg Vorbis file; convert it to one of these")]
    Unknown,
    #[error("the file is broken ({0}); make it anew or give another one")]
    Broken(String),
    #[error(
        "the file says that it holds {declared} frames, but holds {held}; make it anew or give another one"
    )]
    Lies { declared: u64, held: u64 },
    #[error("the sound lasts longer than {MAX_SECONDS} s; cut it shorter")]
    TooLong,
    #[error("the file holds no sound")]
    Empty,
    #[error("the sound has {0} channels; give a mono or stereo file")]
    Channels(usize),
    #[error("the sound has {0} frames per second; give a file of {MIN_RATE} to {MAX_RATE}")]
    Rate(u32),
    #[error("the sample was not stored by an Offbeat: it must be FLAC at {SAMPLE_RATE} frames per second")]
    NotStored,
}

/// Sound as a file holds it.
#[derive(Debug)]
pub(super) struct Decoded {
    /// 1 or 2.
    pub(super) channels: usize,
    pub(super) rate: u32,
    /// Channels alternate.
    pub(super) samples: Vec<f32>,
}

/// Decodes a file that a player gives.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
    let mut format = probe(bytes)?;
    let track = format.default_track(TrackType::Audio).ok_or(DecodeError::Unknown)?;
    let (id, declared) = (track.id, track.num_frames);
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or(DecodeError::Unknown)?;
    let is_lossy = matches!(params.codec, CODEC_ID_MP3 | CODEC_ID_VORBIS);
    let mut decoder = decoder(params)?;
    let mut sound: Option<Decoded> = None;
    while let Some(packet) = next(&mut *format)? {
        if packet.track_id != id {
            continue;
        }
        let buffer = match decoder.decode(&packet) {
            Ok(buffer) => buffer,
            // A lossy stream that was cut out of a longer one begins with packets that lean on what is gone.
            Err(Error::DecodeError(_)) if is_lossy && sound.is_none() => continue,
            Err(error) => return Err(DecodeError::Broken(error.to_string())),
        };
        let (channels, rate) = (buffer.spec().channels().count(), buffer.spec().rate());
        let sound = match &mut sound {
            Some(sound) if (sound.channels, sound.rate) == (channels, rate) => sound,
            Some(_) => return Err(DecodeError::Broken("its format changes in the middle".to_owned())),
            None => sound.insert(begin(channels, rate)?),
        };
        let first = sound.samples.len();
        if first + buffer.samples_interleaved() > MAX_SECONDS * rate as usize * channels {
            return Err(DecodeError::TooLong);
        }
        sound.samples.resize(first + buffer.samples_interleaved(), 0.0);
        buffer.copy_to_slice_interleaved::<f32, _>(&mut sound.samples[first..]);
    }
    if decoder.finalize().verify_ok == Some(false) {
        return Err(DecodeError::Broken("its checksum does not match".to_owned()));
    }
    let sound = sound.filter(|sound| !sound.samples.is_empty()).ok_or(DecodeError::Empty)?;
    let held = (sound.samples.len() / sound.channels) as u64;
    match declared {
        // Of lossy files it is an estimate.
        Some(declared) if !is_lossy && declared != held => Err(DecodeError::Lies { declared, held }),
        _ => Ok(sound),
    }
}

/// Decodes a file that lay in a store: nothing but what an Offbeat stores is accepted, so that it sounds the same everywhere.
pub(super) fn decode_stored(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
    if !bytes.starts_with(b"fLaC") {
        return Err(DecodeError::NotStored);
    }
    let decoded = decode(bytes)?;
    if decoded.rate == SAMPLE_RATE { Ok(decoded) } else { Err(DecodeError::NotStored) }
}

fn probe(bytes: Vec<u8>) -> Result<Box<dyn FormatReader>, DecodeError> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default());
    let (hint, format, metadata) = (Hint::new(), FormatOptions::default(), MetadataOptions::default());
    symphonia::default::get_probe().probe(&hint, source, format, metadata).map_err(|error| match error {
        Error::DecodeError(reason) => DecodeError::Broken(reason.to_owned()),
        _ => DecodeError::Unknown,
    })
}

fn decoder(params: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, DecodeError> {
    let options = AudioDecoderOptions::default().verify(params.codec == CODEC_ID_FLAC);
    symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(|error| match error {
        Error::Unsupported(_) => DecodeError::Unknown,
        error => DecodeError::Broken(error.to_string()),
    })
}

/// The next packet; the end of the bytes ends the sound, and whether that was too early is seen by its length.
fn next(format: &mut dyn FormatReader) -> Result<Option<symphonia::core::packet::Packet>, DecodeError> {
    match format.next_packet() {
        Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        packet => packet.map_err(|error| DecodeError::Broken(error.to_string())),
    }
}

fn begin(channels: usize, rate: u32) -> Result<Decoded, DecodeError> {
    if !(1..=2).contains(&channels) {
        return Err(DecodeError::Channels(channels));
    }
    if !(MIN_RATE..=MAX_RATE).contains(&rate) {
        return Err(DecodeError::Rate(rate));
    }
    Ok(Decoded { channels, rate, samples: Vec::new() })
}
