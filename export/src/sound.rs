//! Sound: a seamless loop of everything, or of each track.

use std::io::Cursor;
use std::ops::ControlFlow;

use audio_engine::{Progress, Samples, render_loop};
use hound::{SampleFormat, WavSpec, WavWriter};
use score::cycle::Cycle;
use score::lower::lower_first_scene;
use score::time::SAMPLE_RATE;
use score::{Program, Score};

use crate::zip::Zip;
use crate::{ExportError, stems};

/// Most bytes of sound that are made at once: they are in memory, in a browser as well.
pub(crate) const MAX_SOUND_BYTES: u64 = 256 << 20;

/// Bytes of a frame: two channels of 32 bits.
const FRAME_BYTES: u64 = 8;

/// How the caller hears how far it is, 0..=1, and ends it.
type Watch<'a> = &'a mut dyn FnMut(f32) -> ControlFlow<()>;

/// The loop of everything, as a WAV file.
pub(crate) fn whole(score: &Score, samples: &Samples, watch: Watch<'_>) -> Result<Vec<u8>, ExportError> {
    let program = lower_first_scene(score);
    fits(&program, 1)?;
    take(&program, samples, &mut |done| watch(done))
}

/// The loop of everything and of each track that is heard, as WAV files in a ZIP.
pub(crate) fn stems(score: &Score, samples: &Samples, watch: Watch<'_>) -> Result<Vec<u8>, ExportError> {
    let program = lower_first_scene(score);
    let names: Vec<String> = score.playing_tracks().iter().map(|(_, track)| track.name.clone()).collect();
    let heard: Vec<(usize, String)> = names
        .into_iter()
        .enumerate()
        .filter(|(at, _)| program.tracks.get(*at).is_some_and(|t| !t.mute))
        .collect();
    let files = heard.len() + 1;
    fits(&program, files as u64)?;
    let mut part = |index: usize, program: &Program| {
        take(program, samples, &mut |done| watch((index as f32 + done) / files as f32))
    };
    let mut zip = Zip::default();
    zip.add(&stems::file_name(0, "Master", "wav"), &part(0, &program)?);
    for (index, (track, name)) in heard.into_iter().enumerate() {
        let alone = stems::alone(&program, track);
        zip.add(&stems::file_name(track + 1, &name, "wav"), &part(index + 1, &alone)?);
    }
    Ok(zip.finish())
}

fn fits(program: &Program, files: u64) -> Result<(), ExportError> {
    let beats = Cycle::of(program).beats();
    let bytes = program.tempo.frames_until(beats.end - beats.start).0.saturating_mul(FRAME_BYTES * files);
    if bytes > MAX_SOUND_BYTES { Err(ExportError::TooLong { mb: bytes >> 20 }) } else { Ok(()) }
}

fn take(program: &Program, samples: &Samples, watch: Watch<'_>) -> Result<Vec<u8>, ExportError> {
    let range = Cycle::of(program).beats();
    let sound = render_loop(program, samples.clone(), range, |Progress { done, total }| {
        watch(done as f32 / total.max(1) as f32)
    })?;
    let spec = WavSpec {
        channels: 2,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 32,
        sample_format: SampleFormat::Float,
    };
    let mut file = Cursor::new(Vec::with_capacity(sound.len() * 4 + 128));
    let written = (|| {
        let mut writer = WavWriter::new(&mut file, spec)?;
        sound.iter().try_for_each(|sample| writer.write_sample(*sample))?;
        writer.finalize()
    })();
    written.map_err(|error: hound::Error| ExportError::Wav(error.to_string()))?;
    Ok(file.into_inner())
}
