//! Plucked strings: a delay line that loses a little at every turn (Karplus and Strong; Jaffe and Smith).

use super::tweaks::{Tweaks, share};
use super::voice::{Moment, Note};
use crate::dsp::bend::{Bend, Drive};
use crate::dsp::math::{exp2, flushed, key_frequency};
use crate::dsp::noise::Noise;
use crate::dsp::svf::{Coefficients, Response, Svf};
use crate::dsp::{Block, CHUNK, SAMPLE_RATE};

/// A string preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct StringPreset {
    /// Seconds for 40 dB at middle C; low strings ring longer.
    pub(super) decay: f32,
    pub(super) release: f32,
    /// From 0 (the highs ring on) to 1 (they die at once).
    pub(super) damping: f32,
    /// Where it is plucked, as a share of its length.
    pub(super) pick: f32,
    /// Hertz above which the pluck itself has nothing, at velocity 0.7.
    pub(super) brightness: f32,
    /// Level of the finger's or plectrum's noise.
    pub(super) scratch: f32,
    /// Centre and gain of the body's two resonances.
    pub(super) body: [(f32, f32); 2],
    /// Corner of the pick-up or microphone.
    pub(super) cutoff: f32,
    pub(super) drive: f32,
}

/// The longest string, 2,048 frames: 23.5 Hz.
const LINE: usize = 2_048;

/// A string note.
#[derive(Debug, Clone)]
pub(super) struct PluckedString {
    line: [f32; LINE],
    write: usize,
    /// Whole frames of delay, and the allpass coefficient for the rest.
    delay: usize,
    allpass: f32,
    allpass_state: [f32; 2],
    damping: f32,
    previous: f32,
    loss: f32,
    decay: f32,
    release: f32,
    released: bool,
    key: f32,
    key_target: f32,
    base_key: f32,
    scratch: f32,
    scratch_fall: f32,
    noise: Noise,
    body: [(Svf, Coefficients, f32); 2],
    top: Svf,
    top_coefficients: Coefficients,
    low_cut: Svf,
    low_cut_coefficients: Coefficients,
    drive: Drive,
    bend: Bend,
}

impl PluckedString {
    pub(super) fn new(preset: &StringPreset, key: f32, note: &Note<'_>, tweaks: &Tweaks) -> Self {
        let drive = share(preset.drive, tweaks.drive());
        let bright = exp2(1.5 * tweaks.tone() + 2.5 * (note.velocity - 0.7));
        let formant = |(hertz, gain): (f32, f32)| {
            (Svf::default(), Coefficients::new(Response::Bandpass, hertz, 0.25), gain)
        };
        let mut string = Self {
            line: [0.0; LINE],
            write: 0,
            delay: 100,
            allpass: 0.0,
            allpass_state: [0.0; 2],
            damping: 0.5 * share(preset.damping, 0.5 * tweaks.damping()),
            previous: 0.0,
            loss: 1.0,
            decay: preset.decay * tweaks.decay() * exp2((60.0 - key) / 18.0),
            release: preset.release * tweaks.release(),
            released: false,
            key,
            key_target: key,
            base_key: key - note.pitch,
            scratch: share(preset.scratch, tweaks.noise()),
            scratch_fall: 0.997,
            noise: Noise::seeded(note.seed),
            body: preset.body.map(formant),
            top: Svf::default(),
            top_coefficients: Coefficients::new(
                Response::Lowpass,
                (preset.cutoff * bright).clamp(200.0, 20_000.0),
                1.3,
            ),
            low_cut: Svf::default(),
            low_cut_coefficients: Coefficients::new(Response::Highpass, 28.0, 1.41),
            drive: Drive::past_one(6.0 * drive * drive),
            bend: Bend::default(),
        };
        string.tune();
        let pick = (preset.pick + 0.4 * tweaks.pick_position()).clamp(0.02, 0.5);
        string.pluck(pick, preset.brightness * bright);
        string
    }

    /// Fills the string with one turn of shaped noise: low-passed as the finger is soft, and combed by the place of the
    /// pick, whose nodes cannot sound.
    fn pluck(&mut self, pick: f32, brightness: f32) {
        let period = (self.delay + 1).min(LINE / 2);
        let soft = Coefficients::new(Response::Lowpass, brightness.clamp(200.0, 20_000.0), 1.41);
        let mut filter = Svf::default();
        let place = ((period as f32 * pick) as usize).max(1);
        let mut shaped = [0.0_f32; LINE];
        // Twice round, so that the filter has settled and the turn closes on itself.
        let seed = self.noise;
        for _ in 0..2 {
            self.noise = seed;
            for start in (0..period).step_by(CHUNK) {
                let mut block = self.noise.block();
                filter.run(&soft, &mut block);
                for (slot, x) in shaped[start..(start + CHUNK).min(period)].iter_mut().zip(block) {
                    *slot = x;
                }
            }
        }
        let mean = shaped[..period].iter().sum::<f32>() / period as f32;
        let mut energy = 0.0;
        for i in 0..period {
            let x = shaped[i] - mean;
            let y = shaped[(i + period - place) % period] - mean;
            self.line[i] = x - y;
            energy += self.line[i] * self.line[i];
        }
        // Equal energy whatever the brightness and the place.
        let level = 0.3 / (energy / period as f32).sqrt().max(1e-4);
        for x in &mut self.line[..period] {
            *x *= level;
        }
        self.write = period;
    }

    /// Sets the delay so that the whole loop, its filters included, is one period.
    fn tune(&mut self) {
        let hertz = key_frequency(self.key).clamp(24.0, 8_000.0);
        let period = SAMPLE_RATE / hertz - self.damping;
        let whole = (period - 0.3) as usize;
        let rest = period - whole as f32;
        self.delay = whole.clamp(2, LINE - 2);
        self.allpass = (1.0 - rest) / (1.0 + rest);
        let seconds = if self.released { self.release.min(self.decay) } else { self.decay };
        self.loss = exp2(-6.643_856 / (hertz * seconds.max(0.005)));
    }

    pub(super) fn release(&mut self) {
        self.released = true;
        self.tune();
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.key_target = self.base_key + pitch;
    }

    /// Adds a chunk. A note ends when its voice finds it inaudible.
    pub(super) fn chunk(&mut self, _: Moment, left: &mut Block, right: &mut Block) -> bool {
        if (self.key_target - self.key).abs() > 0.001 {
            self.key += (self.key_target - self.key) * 0.28;
            self.tune();
        }
        let mut block = self.turn();
        self.scratch(&mut block);
        let dry = block;
        for (filter, coefficients, gain) in &mut self.body {
            if *gain > 0.0 {
                let mut resonance = dry;
                filter.run(coefficients, &mut resonance);
                for (x, y) in block.iter_mut().zip(resonance) {
                    *x += y * *gain;
                }
            }
        }
        if self.drive.is_heard() {
            self.bend.run(self.drive, &mut block);
        }
        self.top.run(&self.top_coefficients, &mut block);
        self.low_cut.run(&self.low_cut_coefficients, &mut block);
        for i in 0..CHUNK {
            left[i] += block[i];
            right[i] += block[i];
        }
        false
    }

    fn turn(&mut self) -> Block {
        let mut out = [0.0; CHUNK];
        let keep = self.loss * (1.0 - self.damping);
        let lose = self.loss * self.damping;
        let [mut x1, mut y1] = self.allpass_state;
        for out in &mut out {
            let read = self.line[(self.write + LINE - self.delay) % LINE];
            let y = self.allpass * (read - y1) + x1;
            (x1, y1) = (read, y);
            let kept = flushed(keep * y + lose * self.previous);
            self.previous = y;
            self.line[self.write] = kept;
            self.write = (self.write + 1) % LINE;
            *out = kept;
        }
        self.allpass_state = [flushed(x1), flushed(y1)];
        self.previous = flushed(self.previous);
        out
    }

    fn scratch(&mut self, block: &mut Block) {
        if self.scratch < 1e-4 {
            return;
        }
        let noise = self.noise.block();
        for (x, n) in block.iter_mut().zip(noise) {
            *x += n * self.scratch;
            self.scratch *= self.scratch_fall;
        }
    }
}
