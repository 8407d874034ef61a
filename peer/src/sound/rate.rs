//! For cards that do not run at 48 kHz: the engine always does, so its sound is converted on the way out.

use audio_engine::Processor;
use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Async, FixedAsync, Resampler, SincInterpolationParameters, WindowFunction};

/// Frames converted at a time, at the card's rate: 5 ms, so that the work is spread evenly over the callbacks.
const CHUNK_FRAMES: usize = 256;

/// Half the length of the converter's filter: quality well past what a loudspeaker shows, at 1.3 ms of delay.
const FILTER_FRAMES: usize = 128;

/// Asks the engine for frames at 48 kHz and gives them at another rate. Real-time safe once made.
pub(super) struct Converter {
    resampler: Async<f32>,
    engine: [Vec<f32>; 2],
    card: [Vec<f32>; 2],
    given: usize,
}

impl std::fmt::Debug for Converter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Converter").field("given", &self.given).finish_non_exhaustive()
    }
}

impl Converter {
    /// A converter to `rate` frames a second, or `None` for a rate that no converter can be made for.
    pub(super) fn new(rate: u32) -> Option<Self> {
        let ratio = f64::from(rate) / f64::from(score::time::SAMPLE_RATE);
        let filter = SincInterpolationParameters::new(FILTER_FRAMES, WindowFunction::BlackmanHarris2);
        let resampler = Async::new_sinc(ratio, 1.0, &filter, CHUNK_FRAMES, 2, FixedAsync::Output).ok()?;
        let engine = vec![0.0; resampler.input_frames_max()];
        let card = vec![0.0; resampler.output_frames_max()];
        Some(Self {
            resampler,
            engine: [engine.clone(), engine],
            card: [card.clone(), card],
            given: CHUNK_FRAMES,
        })
    }

    /// How far what is heard lies behind what the engine was asked for, in the card's frames.
    pub(super) fn delay_frames(&self) -> usize {
        self.resampler.output_delay()
    }

    /// Fills both channels with the next frames at the card's rate.
    pub(super) fn process(&mut self, processor: &mut Processor, left: &mut [f32], right: &mut [f32]) {
        let mut done = 0;
        while done < left.len() {
            if self.given == CHUNK_FRAMES {
                self.convert_chunk(processor);
            }
            let count = (CHUNK_FRAMES - self.given).min(left.len() - done);
            let from = self.given..self.given + count;
            left[done..done + count].copy_from_slice(&self.card[0][from.clone()]);
            right[done..done + count].copy_from_slice(&self.card[1][from]);
            self.given += count;
            done += count;
        }
    }

    fn convert_chunk(&mut self, processor: &mut Processor) {
        let needed = self.resampler.input_frames_next();
        let [left, right] = &mut self.engine;
        processor.process(&mut left[..needed], &mut right[..needed]);
        let from = SequentialSliceOfVecs::new(&self.engine, 2, needed);
        let to = SequentialSliceOfVecs::new_mut(&mut self.card, 2, CHUNK_FRAMES);
        let converted = match (from, to) {
            (Ok(from), Ok(mut to)) => self.resampler.process_into_buffer(&from, &mut to, None).is_ok(),
            _ => false,
        };
        if !converted {
            // The buffers were made for this converter, so this cannot be; silence is what a fault may sound like.
            self.card.iter_mut().for_each(|channel| channel.fill(0.0));
        }
        self.given = 0;
    }
}
