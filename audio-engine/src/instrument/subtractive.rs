//! The virtual-analogue engine: two oscillators, one of them in unison, sub, noise, a filter, two envelopes, an LFO.

use super::tweaks::{Tweaks, shaped, share};
use super::unison::{Unison, Wave, add};
use super::voice::{Moment, Note};
use crate::dsp::bend::Bend;
use crate::dsp::cascade::{Cascade, Corner, Slope};
use crate::dsp::dc::DcBlocker;
use crate::dsp::envelope::{Adsr, Envelope, fall_per_chunk};
use crate::dsp::kept::Kept;
use crate::dsp::ladder::Ladder;
use crate::dsp::math::{exp2, flushed, key_frequency, ratio, saturate};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::{advance, phase_step, sine, sine_at};
use crate::dsp::wave::Fall;
pub(super) use crate::dsp::wave::Shape;
use crate::dsp::{Block, CHUNK, CHUNK_SECONDS, SAMPLE_RATE, SILENCE, ramp, scale};

/// One oscillator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oscillator {
    pub(super) shape: Shape,
    pub(super) level: f32,
    /// Semitones from the note.
    pub(super) semitones: f32,
}

/// Which filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterKind {
    /// Two poles.
    Low12,
    /// Four poles, clean.
    Low24,
    /// Four poles that bend and squelch.
    Ladder,
    High,
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

/// Hertz up to which the waves reach the ladder, 24 dB an octave: the cubic it bends them with makes three times as much of that,
/// which folds to nowhere below 20 kHz.
const LADDER_HERTZ: f32 = 5_000.0;

/// Semitones by which a filter's corner may be off: half a cent, whose steps lie below every bound on aliases. An envelope that dies away
/// moves by less for much of its time.
const UNHEARD: f32 = 0.005;

/// Damping of a stage that does not resonate.
const FLAT: f32 = 1.3;

/// Hertz of the note above which a bend is driven less: higher up, what it adds lies past the top of hearing.
const FULL_DRIVE_HERTZ: f32 = 600.0;

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
    sub_phase: u32,
    sub_step: u32,
    fall: Fall,
    pulse_width: f32,
    sub: f32,
    ring: f32,
    noise_level: f32,
    noise: Noise,
    stereo: bool,
    filter: FilterKind,
    cutoff: f32,
    tracking: f32,
    resonance: f32,
    /// Of both stages.
    dampings: [f32; 2],
    filter_depth: f32,
    filter_envelope: Envelope,
    amplifier: Envelope,
    /// The corner's frequency by its semitones, and the filter by that.
    corner: Kept<f32>,
    coefficients: Kept<Corner>,
    cascade: Cascade,
    ladders: [Ladder; 2],
    bends: [Bend; 2],
    dc: [DcBlocker; 2],
    drive: f32,
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
        let drive = share(preset.drive, tweaks.drive());
        let resonance = share(preset.resonance, tweaks.resonance());
        let unison = Unison::gathered(preset, note.seed, tweaks);
        let opened = tweaks.cutoff() + preset.velocity_cutoff * (note.velocity - 0.7) * (1.0 / 0.3);
        let cutoff = preset.cutoff * ratio(opened);
        // Of two stages only the first resonates; before the ladder, none does.
        let damping = if preset.filter == FilterKind::Ladder { FLAT } else { exp2(1.0 - 5.5 * resonance) };
        let dampings = [damping, FLAT];
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
            sub_phase: 0,
            sub_step: 0,
            fall: Fall::at(pulse_width),
            pulse_width,
            sub: share(preset.sub, tweaks.sub()),
            ring: preset.ring,
            noise_level: share(preset.noise, tweaks.noise()),
            noise: Noise::seeded(note.seed),
            stereo: unison.is_several() && preset.width + tweaks.width() > 0.0,
            unison,
            filter: preset.filter,
            cutoff,
            tracking: preset.tracking,
            resonance,
            dampings,
            filter_depth: preset.filter_depth + tweaks.filter_env(),
            filter_envelope: Envelope::started(Adsr {
                attack: preset.filter_envelope.attack * tweaks.attack(),
                decay: preset.filter_envelope.decay * tweaks.filter_decay(),
                ..preset.filter_envelope
            }),
            amplifier: Envelope::started(shaped(preset.amplifier, tweaks)),
            corner: Kept::new(0.0, |semitones| cutoff * ratio(semitones)),
            coefficients: Kept::new(LADDER_HERTZ, |hertz| Corner::new(hertz, dampings)),
            cascade: Cascade::default(),
            ladders: [Ladder::default(); 2],
            bends: [Bend::default(); 2],
            dc: [DcBlocker::default(); 2],
            drive: 1.0 + 6.0 * drive * drive,
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
        let (mut left, mut right) = (SILENCE, SILENCE);
        engine.draw(&mut left, &mut right);
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

    /// Adds a chunk, on the left alone where both channels are to carry it; true when the amplifier has closed.
    pub(super) fn chunk(&mut self, _: Moment, left: &mut Block, right: &mut Block) -> bool {
        let lfo = self.wobbled();
        // Both powers of two before anything that waits for them.
        let (hertz, corner) = (self.pitched(lfo), self.corner(lfo));
        self.oscillate(hertz, lfo, left, right);
        let eased = (FULL_DRIVE_HERTZ / hertz.max(FULL_DRIVE_HERTZ)) * (self.drive - 1.0);
        self.shape(corner, eased, left, right);
        let tremolo = 1.0 - self.wobble.tremolo * self.wobble_grown * (0.5 + 0.5 * lfo);
        let mut levels = self.amplifier.block();
        if self.is_swayed {
            scale(&mut levels, &ramp(self.tremolo_before, tremolo));
        }
        self.tremolo_before = tremolo;
        scale(left, &levels);
        if self.stereo {
            scale(right, &levels);
        }
        self.amplifier.is_over()
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

    /// Moves every oscillator to the steps that a pitch asks for; returns that of the sub before.
    fn tune(&mut self, hertz: f32) -> u32 {
        self.unison.tune(hertz * self.ratios[0]);
        self.second_wave.tune(phase_step(hertz * self.ratios[1]));
        std::mem::replace(&mut self.sub_step, phase_step(hertz * 0.5))
    }

    /// Adds the first oscillator; gives the second.
    fn draw(&mut self, left: &mut Block, right: &mut Block) -> Option<Block> {
        if self.stereo {
            self.unison.add_stereo(self.first.shape, self.fall, left, right);
        } else {
            self.unison.add(self.first.shape, self.fall, left);
        }
        let is_heard = self.second.level > 0.0 || self.ring > 0.0;
        is_heard.then(|| self.second_wave.next(self.second.shape, self.fall))
    }

    fn oscillate(&mut self, hertz: f32, lfo: f32, left: &mut Block, right: &mut Block) {
        let width = self.pulse_width + 0.45 * self.wobble.width * lfo;
        self.fall = self.fall.moved(width);
        let sub_from = self.tune(hertz);
        let mut middle = SILENCE;
        if let Some(wave) = self.draw(left, right) {
            for i in 0..CHUNK {
                middle[i] += wave[i] * (self.second.level + self.ring * left[i]);
            }
        }
        if self.sub > 0.0 {
            let wave = sine(&advance(&mut self.sub_phase, sub_from, self.sub_step));
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
        add(left, &middle);
        if self.stereo {
            add(right, &middle);
        }
    }

    /// Filters and bends; `drive` is the gain into the bend, past one.
    fn shape(&mut self, hertz: f32, drive: f32, left: &mut Block, right: &mut Block) {
        if self.filter == FilterKind::Ladder {
            let hertz = hertz.clamp(20.0, 18_000.0);
            self.filter(Slope::Low24, LADDER_HERTZ, left, right);
            self.ladders[0].run(hertz, self.resonance, 1.0 + drive, left);
            if self.stereo {
                self.ladders[1].run(hertz, self.resonance, 1.0 + drive, right);
            }
        } else {
            self.bend(drive, left, right);
            let slope = match self.filter {
                FilterKind::Low12 => Slope::Low12,
                FilterKind::High => Slope::High12,
                FilterKind::Low24 | FilterKind::Ladder => Slope::Low24,
            };
            self.filter(slope, hertz, left, right);
        }
        if self.filter == FilterKind::Ladder || self.drive > 1.01 || self.ring > 0.0 {
            self.dc[0].run(left);
            if self.stereo {
                self.dc[1].run(right);
            }
        }
    }

    fn bend(&mut self, drive: f32, left: &mut Block, right: &mut Block) {
        if self.drive > 1.01 {
            let (drive, undrive) = (1.0 + drive, 1.0 / (1.0 + 0.5 * drive));
            self.bends[0].run(drive, undrive, left);
            if self.stereo {
                self.bends[1].run(drive, undrive, right);
            }
        }
    }

    fn filter(&mut self, slope: Slope, hertz: f32, left: &mut Block, right: &mut Block) {
        let dampings = self.dampings;
        let corner = self.coefficients.at(hertz, |hertz| Corner::new(hertz, dampings));
        self.cascade.run(slope, &corner, left, right);
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
