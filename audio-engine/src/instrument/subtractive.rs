//! The virtual-analogue engine: two oscillators, one of them in unison, sub, noise, a filter, two envelopes, an LFO.

use core::slice;

pub(super) use super::shaper::FilterKind;
use super::shaper::{Channel, Shaper, Shaping, Waiting};
use super::tweaks::{Tweaks, shaped, share};
use super::unison::{Unison, Wave, add};
use super::voice::Note;
use crate::dsp::edge::Ahead;
use crate::dsp::envelope::{Adsr, Envelope, fall_per_chunk};
use crate::dsp::kept::Kept;
use crate::dsp::math::{flushed, key_frequency, ratio, saturate};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::{phase_step, sine_at};
use crate::dsp::wave::Fall;
pub(super) use crate::dsp::wave::Shape;
use crate::dsp::{Block, CHUNK, CHUNK_SECONDS, SAMPLE_RATE, SILENCE};

/// One oscillator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oscillator {
    pub(super) shape: Shape,
    pub(super) level: f32,
    /// Semitones from the note.
    pub(super) semitones: f32,
}

/// The LFO: rates and depths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wobble {
    /// Hertz, or cycles per beat when `synced`.
    pub(super) rate: f32,
    pub(super) synced: bool,
    /// A square instead of a sine.
    pub(super) square: bool,
    /// Semitones of the cutoff.
    pub(super) cutoff: f32,
    /// Share of the pulse width.
    pub(super) width: f32,
    /// Semitones of the pitch.
    pub(super) vibrato: f32,
    /// Share of the level.
    pub(super) tremolo: f32,
    /// Seconds until vibrato and tremolo are at full depth.
    pub(super) delay: f32,
}

/// A subtractive preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct SubtractivePreset {
    pub(super) first: Oscillator,
    pub(super) second: Oscillator,
    /// Oscillators in unison for `first`, 1 to 7.
    pub(super) unison: u8,
    /// Semitones from the outermost of the unison to the middle.
    pub(super) detune: f32,
    /// Stereo spread of the unison, 0 to 1.
    pub(super) width: f32,
    pub(super) pulse_width: f32,
    /// Level of the sub-oscillator, an octave below.
    pub(super) sub: f32,
    /// Level of the product of both oscillators.
    pub(super) ring: f32,
    pub(super) noise: f32,
    /// Extra voices for a built-in chord: semitones above the note; zero is none.
    pub(super) chord: [f32; 2],
    pub(super) filter: FilterKind,
    /// Hertz at middle C.
    pub(super) cutoff: f32,
    pub(super) resonance: f32,
    /// Share of the note's distance from middle C that the cutoff follows.
    pub(super) tracking: f32,
    /// Semitones by which the filter envelope opens.
    pub(super) filter_depth: f32,
    pub(super) filter_envelope: Adsr,
    pub(super) amplifier: Adsr,
    pub(super) drive: f32,
    /// Semitones at which the pitch begins, and the seconds of its way home.
    pub(super) pitch_depth: f32,
    pub(super) pitch_decay: f32,
    pub(super) glide: f32,
    pub(super) wobble: Wobble,
    /// Semitones by which full velocity opens the filter beyond that of 70 %.
    pub(super) velocity_cutoff: f32,
}

/// Semitones by which a filter's corner may be off: half a cent, whose steps lie below every bound on aliases. An envelope that dies away
/// moves by less for much of its time.
const UNHEARD: f32 = 0.005;

/// A subtractive note.
#[derive(Debug, Clone)]
pub(super) struct Subtractive {
    key: f32,
    key_target: f32,
    /// The frequency by the key as it is heard.
    hertz: Kept<f32>,
    glide: f32,
    base_key: f32,
    first: Oscillator,
    second: Oscillator,
    /// Frequencies of both oscillators over the note's.
    ratios: [f32; 2],
    unison: Unison,
    second_wave: Wave,
    /// What either channel sounds of both; where they ring, of the first alone.
    ahead: [Ahead; 2],
    /// The second where both ring.
    ringing: Ahead,
    sub_wave: Wave,
    fall: Fall,
    pulse_width: f32,
    sub: f32,
    ring: f32,
    noise_level: f32,
    noise: Noise,
    stereo: bool,
    cutoff: f32,
    tracking: f32,
    filter_depth: f32,
    filter_envelope: Envelope,
    amplifier: Envelope,
    /// The corner's frequency by its semitones.
    corner: Kept<f32>,
    shaping: Shaping,
    shapers: [Shaper; 2],
    pitch: f32,
    pitch_fall: f32,
    wobble: Wobble,
    /// The LFO moves something.
    is_swayed: bool,
    wobble_phase: u32,
    wobble_step: u32,
    wobble_grown: f32,
    tremolo_before: f32,
}

impl Subtractive {
    pub(super) fn new(preset: &SubtractivePreset, key: f32, note: &Note<'_>, tweaks: &Tweaks) -> Self {
        let wobble = shaken(&preset.wobble, tweaks);
        let rate =
            if wobble.synced { wobble.rate / note.seconds_per_beat.clamp(0.05, 10.0) } else { wobble.rate };
        let unison = Unison::gathered(preset, note.seed, tweaks);
        let opened = tweaks.cutoff() + preset.velocity_cutoff * (note.velocity - 0.7) * (1.0 / 0.3);
        let cutoff = preset.cutoff * ratio(opened);
        let pulse_width = (preset.pulse_width + 0.5 * tweaks.pulse_width()).clamp(0.04, 0.96);
        let mut engine = Self {
            key,
            key_target: key,
            hertz: Kept::new(key, key_frequency),
            glide: fall_per_chunk(preset.glide + tweaks.glide()),
            base_key: key - note.pitch,
            first: preset.first,
            second: preset.second,
            ratios: [ratio(preset.first.semitones), ratio(preset.second.semitones)],
            second_wave: Wave::at(0x3000_0000),
            ahead: [Ahead::SILENT; 2],
            ringing: Ahead::SILENT,
            sub_wave: Wave::at(0),
            fall: Fall::at(pulse_width),
            pulse_width,
            sub: share(preset.sub, tweaks.sub()),
            ring: preset.ring,
            noise_level: share(preset.noise, tweaks.noise()),
            noise: Noise::seeded(note.seed),
            stereo: unison.is_several() && preset.width + tweaks.width() > 0.0,
            unison,
            cutoff,
            tracking: preset.tracking,
            filter_depth: preset.filter_depth + tweaks.filter_env(),
            filter_envelope: Envelope::started(Adsr {
                attack: preset.filter_envelope.attack * tweaks.attack(),
                decay: preset.filter_envelope.decay * tweaks.filter_decay(),
                ..preset.filter_envelope
            }),
            amplifier: Envelope::started(shaped(preset.amplifier, tweaks)),
            corner: Kept::new(0.0, |semitones| cutoff * ratio(semitones)),
            shaping: Shaping::new(preset, cutoff * ratio(preset.tracking * (key - 60.0)), tweaks),
            shapers: Default::default(),
            pitch: preset.pitch_depth,
            pitch_fall: fall_per_chunk(preset.pitch_decay),
            is_swayed: [wobble.cutoff, wobble.width, wobble.vibrato, wobble.tremolo]
                .iter()
                .any(|depth| *depth != 0.0),
            wobble,
            wobble_phase: 0,
            wobble_step: (rate * (4_294_967_296.0 / SAMPLE_RATE) * CHUNK as f32) as u32,
            wobble_grown: 0.0,
            tremolo_before: 1.0,
        };
        let hertz = engine.hertz.at(engine.key + engine.pitch, key_frequency);
        engine.tune(hertz);
        // The waves are drawn one chunk ahead.
        engine.tune(hertz);
        engine.draw();
        engine.ahead.iter_mut().chain([&mut engine.ringing]).for_each(|ahead| _ = ahead.next());
        engine
    }

    /// Whether both channels carry the same samples.
    pub(super) fn is_mono(&self) -> bool {
        !self.stereo
    }

    pub(super) fn release(&mut self) {
        self.amplifier.release();
        self.filter_envelope.release();
    }

    pub(super) fn slide(&mut self, pitch: f32) {
        self.key_target = self.base_key + pitch;
    }

    /// Whether the amplifier has closed.
    pub(super) fn is_over(&self) -> bool {
        self.amplifier.is_over()
    }

    /// Draws a chunk, on the left alone where both channels are to carry it, and leaves it to be shaped. Gives the amplifier's level
    /// before it and at its end, which whoever sounds it applies with its own.
    pub(super) fn chunk<'a>(
        &'a mut self,
        left: &'a mut Block,
        right: &'a mut Block,
        waiting: &mut Waiting<'a>,
    ) -> (f32, f32) {
        let lfo = self.wobbled();
        // Both powers of two before anything that waits for them.
        let (hertz, corner) = (self.pitched(lfo), self.corner(lfo));
        self.oscillate(hertz, lfo, left, right);
        self.shaping.move_to(corner, hertz);
        let tremolo = 1.0 - self.wobble.tremolo * self.wobble_grown * (0.5 + 0.5 * lfo);
        let before = std::mem::replace(&mut self.tremolo_before, tremolo);
        let (from, to) = self.amplifier.step();
        let (shaping, channels) = (&self.shaping, if self.stereo { 2 } else { 1 });
        for (shaper, block) in self.shapers.iter_mut().zip([left, right]).take(channels) {
            waiting.push(Channel { shaper, shaping, block });
        }
        (from * before, to * tremolo)
    }

    fn wobbled(&mut self) -> f32 {
        if !self.is_swayed {
            return 0.0;
        }
        self.wobble_phase = self.wobble_phase.wrapping_add(self.wobble_step);
        let grow = CHUNK_SECONDS / self.wobble.delay.max(CHUNK_SECONDS);
        self.wobble_grown = (self.wobble_grown + grow).min(1.0);
        let sine = sine_at(self.wobble_phase);
        if self.wobble.square { saturate(sine * 8.0) } else { sine }
    }

    fn pitched(&mut self, lfo: f32) -> f32 {
        self.key = self.key_target + (self.key - self.key_target) * self.glide;
        self.pitch = flushed(self.pitch * self.pitch_fall);
        let key = self.key + self.pitch + lfo * self.wobble.vibrato * self.wobble_grown;
        self.hertz.at(key, key_frequency)
    }

    /// The filter's corner in hertz.
    fn corner(&mut self, lfo: f32) -> f32 {
        let (_, open) = self.filter_envelope.step();
        let semitones =
            self.filter_depth * open + self.wobble.cutoff * lfo + self.tracking * (self.key - 60.0);
        let cutoff = self.cutoff;
        self.corner.near(semitones, UNHEARD, |semitones| cutoff * ratio(semitones.clamp(-120.0, 120.0)))
    }

    /// Moves every oscillator to the steps that a pitch asks for.
    fn tune(&mut self, hertz: f32) {
        self.unison.tune(hertz * self.ratios[0]);
        if self.is_second_heard() {
            self.second_wave.tune(phase_step(hertz * self.ratios[1]));
        }
        if self.sub > 0.0 {
            self.sub_wave.tune(phase_step(hertz * 0.5));
        }
    }

    fn is_second_heard(&self) -> bool {
        self.second.level > 0.0 || self.ring > 0.0
    }

    /// Draws the next chunk of both oscillators.
    fn draw(&mut self) {
        let channels = if self.stereo { 2 } else { 1 };
        let into = &mut self.ahead[..channels];
        self.unison.draw(self.first.shape, self.fall, into);
        if self.ring > 0.0 {
            self.second_wave.draw(self.second.shape, self.fall, 1.0, slice::from_mut(&mut self.ringing));
        } else if self.second.level > 0.0 {
            self.second_wave.draw(self.second.shape, self.fall, self.second.level, into);
        }
    }

    fn oscillate(&mut self, hertz: f32, lfo: f32, left: &mut Block, right: &mut Block) {
        let width = self.pulse_width + 0.45 * self.wobble.width * lfo;
        self.fall = self.fall.moved(width);
        self.tune(hertz);
        self.draw();
        *left = self.ahead[0].next();
        if self.stereo {
            *right = self.ahead[1].next();
        }
        if let Some(middle) = self.middle(left) {
            add(left, &middle);
            if self.stereo {
                add(right, &middle);
            }
        }
    }

    /// What sounds on both sides alike beside the oscillators, of which the first is `left`.
    fn middle(&mut self, left: &Block) -> Option<Block> {
        let mut middle = SILENCE;
        if self.ring > 0.0 {
            let wave = self.ringing.next();
            for i in 0..CHUNK {
                middle[i] = wave[i] * (self.second.level + self.ring * left[i]);
            }
        }
        if self.sub > 0.0 {
            let wave = self.sub_wave.sine();
            for i in 0..CHUNK {
                middle[i] += wave[i] * self.sub;
            }
        }
        if self.noise_level > 0.0 {
            let noise = self.noise.block();
            for i in 0..CHUNK {
                middle[i] += noise[i] * self.noise_level;
            }
        }
        (self.ring + self.sub + self.noise_level > 0.0).then_some(middle)
    }
}

fn shaken(wobble: &Wobble, tweaks: &Tweaks) -> Wobble {
    Wobble {
        rate: wobble.rate * tweaks.lfo_rate(),
        cutoff: (wobble.cutoff + 36.0 * tweaks.lfo_depth()).max(0.0),
        width: share(wobble.width, tweaks.lfo_depth()),
        vibrato: (wobble.vibrato + tweaks.vibrato()).max(0.0),
        tremolo: share(wobble.tremolo, tweaks.tremolo()),
        ..*wobble
    }
}
