//! One sounding note.

use score::catalogue::{InstrumentIndex, ParamIndex};
use wide::f32x4;

use super::fm::Fm;
use super::modal::Modal;
use super::organ::Organ;
use super::percussion::Percussion;
use super::presets::{Preset, preset};
use super::shaper::Waiting;
use super::string::PluckedString;
use super::subtractive::Subtractive;
use super::tweaks::Tweaks;
use crate::dsp::math::gain;
use crate::dsp::{Block, CHUNK, CHUNK_SECONDS, SILENCE, ramp};
use crate::sample::{Sample, SamplePlayer};
use crate::scan::Scan;

/// A note to start.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// Semitones from the instrument's base note.
    pub pitch: f32,
    /// From 0 to 1; the gain is -40 dB * (1 - velocity).
    pub velocity: f32,
    /// Decides noise and random phases; the same seed gives the same bits.
    pub seed: u64,
    /// Seconds per beat, for modulation that keeps time.
    pub seconds_per_beat: f32,
    /// Parameters that differ from the catalogue's defaults; effect parameters in it are passed over.
    pub params: &'a [(ParamIndex, f32)],
}

/// What the engines behind a voice are told for each chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// The song frame of the chunk's first frame.
    pub(crate) frame: u64,
}

/// One of the engines, with the state of a note.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "voices live in a fixed pool; nothing may be boxed")]
enum Engine {
    Silent,
    Percussion(Percussion),
    Subtractive(Subtractive),
    Fm(Fm),
    Organ(Organ),
    String(PluckedString),
    Modal(Modal),
    Sample(SamplePlayer),
}

impl Engine {
    /// Whether both channels carry the same samples.
    fn is_mono(&self) -> bool {
        matches!(self, Engine::Subtractive(engine) if engine.is_mono())
    }

    /// Whether an amplifier has closed that is applied with the voice's own level.
    fn is_over(&self) -> bool {
        matches!(self, Engine::Subtractive(engine) if engine.is_over())
    }
}

/// Seconds over which a voice that is cut fades out.
const CUT_SECONDS: f32 = 0.004;

/// Over how many frames the first chunk rises to full level, 0.3 ms: no note begins with a step.
const RISE_FRAMES: usize = 16;

/// Chunks below [`INAUDIBLE`] after which a string or a bar counts as over: unlike an envelope, what only rings has no end
/// of its own.
const QUIET_CHUNKS: u16 = 30;

/// -100 dBFS.
const INAUDIBLE: f32 = 1e-5;

/// One sounding note: fixed in size, without heap, a plain value to copy.
///
/// A voice renders chunks of 32 frames counted from its own first frame and hands them out piece by piece, so the
/// bits do not depend on how a host cuts its blocks. [`release`](Voice::release), [`slide`](Voice::slide) and
/// [`cut`](Voice::cut) are heard from the next chunk on, at most 31 frames (0.6 ms) later. Every method is real-time
/// safe.
#[derive(Debug, Clone)]
pub struct Voice {
    engine: Engine,
    left: Block,
    right: Block,
    /// Frames of the chunk that are already handed out.
    used: usize,
    /// The preset's and the player's level.
    trim: f32,
    /// The velocity's gain as heard, and where it is going.
    loudness: f32,
    loudness_target: f32,
    /// Before the first chunk.
    is_fresh: bool,
    fade: f32,
    fade_step: f32,
    /// The engine's own level before the chunk in hand and at its end, and whether it is the last.
    engine_level: (f32, f32),
    is_over: bool,
    level: f32,
    quiet: u16,
}

impl Voice {
    /// A voice that does not sound.
    pub fn silent() -> Self {
        Self {
            engine: Engine::Silent,
            left: SILENCE,
            right: SILENCE,
            used: CHUNK,
            trim: 0.0,
            loudness: 0.0,
            loudness_target: 0.0,
            is_fresh: true,
            fade: 1.0,
            fade_step: 0.0,
            engine_level: (1.0, 1.0),
            is_over: false,
            level: 0.0,
            quiet: 0,
        }
    }

    /// Starts a note, forgetting whatever the voice was playing. An index past the catalogue stays silent.
    pub fn start(&mut self, instrument: InstrumentIndex, note: &Note<'_>) {
        *self = Self::silent();
        let Some(row) = instrument.get() else { return };
        let tweaks = Tweaks::new(note.params);
        let pitch = if note.pitch.is_finite() { note.pitch.clamp(-96.0, 96.0) } else { 0.0 };
        let note = Note { pitch, velocity: unit(note.velocity), ..*note };
        let (preset, level) = preset(row);
        let key = f32::from(row.base_note) + note.pitch + tweaks.tune();
        self.engine = match preset {
            Preset::Percussion(preset) => Engine::Percussion(Percussion::new(preset, &note, &tweaks)),
            Preset::Subtractive(preset) => Engine::Subtractive(Subtractive::new(preset, key, &note, &tweaks)),
            Preset::Fm(preset) => Engine::Fm(Fm::new(preset, key, &note, &tweaks)),
            Preset::Organ(preset) => Engine::Organ(Organ::new(preset, key, note.pitch, &tweaks)),
            Preset::String(preset) => Engine::String(PluckedString::new(preset, key, &note, &tweaks)),
            Preset::Modal(preset) => Engine::Modal(Modal::new(preset, key, &note, &tweaks)),
        };
        self.trim = gain(level + tweaks.gain_decibels());
        self.loudness = velocity_gain(note.velocity);
        self.loudness_target = self.loudness;
    }

    /// Starts a note of a recording, forgetting whatever the voice was playing. A stretch without frames stays silent.
    pub fn start_sample(&mut self, sample: &Sample, note: &Note<'_>) {
        *self = Self::silent();
        let tweaks = Tweaks::new(note.params);
        let pitch = if note.pitch.is_finite() { note.pitch.clamp(-96.0, 96.0) } else { 0.0 };
        let Some(player) = SamplePlayer::new(sample, pitch, &tweaks) else { return };
        self.engine = Engine::Sample(player);
        self.trim = gain(tweaks.gain_decibels());
        self.loudness = velocity_gain(unit(note.velocity));
        self.loudness_target = self.loudness;
    }

    /// Lets the note go: held sounds enter their release, percussion and other one-shots fade quickly. A host calls it at
    /// the end of a held note's gate, and for one-shots only where the track's gate switch is on.
    pub fn release(&mut self) {
        match &mut self.engine {
            Engine::Silent => {}
            Engine::Percussion(_) => self.fade_out(0.012),
            Engine::Subtractive(engine) => engine.release(),
            Engine::Fm(engine) => engine.release(),
            Engine::Organ(engine) => engine.release(),
            Engine::String(engine) => engine.release(),
            Engine::Modal(engine) => engine.release(),
            Engine::Sample(player) => {
                let seconds = player.release_seconds();
                self.fade_out(seconds);
            }
        }
    }

    /// Fades the voice out in 4 ms: for chokes, and for stealing.
    pub fn cut(&mut self) {
        self.fade_out(CUT_SECONDS);
    }

    /// Moves a sounding note to another pitch (semitones from the base note) and velocity without striking it again; it
    /// glides as its instrument does.
    pub fn slide(&mut self, pitch: f32, velocity: f32) {
        let pitch = if pitch.is_finite() { pitch.clamp(-96.0, 96.0) } else { 0.0 };
        match &mut self.engine {
            Engine::Silent => return,
            Engine::Percussion(engine) => engine.slide(pitch),
            Engine::Subtractive(engine) => engine.slide(pitch),
            Engine::Fm(engine) => engine.slide(pitch),
            Engine::Organ(engine) => engine.slide(pitch),
            Engine::String(engine) => engine.slide(pitch),
            Engine::Modal(engine) => engine.slide(pitch),
            Engine::Sample(player) => player.slide(pitch),
        }
        self.loudness_target = velocity_gain(unit(velocity));
    }

    /// Adds the voice to `left` and `right` (of equal length), the first frame being `song_frame`. Frames must follow on
    /// from call to call.
    pub fn render(&mut self, song_frame: u64, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len().min(right.len());
        let mut done = 0;
        while done < frames && self.is_alive() {
            if self.is_due() {
                let mut waiting = Waiting::default();
                self.begin(song_frame + done as u64, &mut waiting);
                waiting.finish();
                self.complete();
            }
            let next = done..done + self.ready().min(frames - done);
            self.hand_out(&mut left[next.clone()], &mut right[next.clone()]);
            done = next.end;
        }
    }

    /// Adds as many of the frames that are ready as are asked for.
    pub(crate) fn hand_out(&mut self, left: &mut [f32], right: &mut [f32]) {
        let from = self.used;
        self.used = (from + left.len()).min(CHUNK);
        add(left, &self.left[from..self.used]);
        add(right, &self.right[from..self.used]);
    }

    /// Whether all of the last chunk is handed out and there will be another.
    pub(crate) fn is_due(&self) -> bool {
        self.ready() == 0 && self.is_alive()
    }

    /// Frames that are ready to be handed out.
    pub(crate) fn ready(&self) -> usize {
        CHUNK - self.used
    }

    /// Whether it still sounds.
    pub fn is_alive(&self) -> bool {
        !matches!(self.engine, Engine::Silent) || self.used < CHUNK
    }

    /// The peak of the last chunk, from 0 upwards: what a host compares when it must steal.
    pub fn level(&self) -> f32 {
        self.level
    }

    fn fade_out(&mut self, seconds: f32) {
        self.fade_step = self.fade_step.max(CHUNK_SECONDS / seconds);
    }

    /// Begins the next chunk, at `frame` of the song. It is complete once all that waits has been shaped, and the voice has been told so
    /// by [`complete`](Voice::complete).
    pub(crate) fn begin<'a>(&'a mut self, frame: u64, waiting: &mut Waiting<'a>) {
        let moment = Moment { frame };
        (self.left, self.right) = (SILENCE, SILENCE);
        let (left, right) = (&mut self.left, &mut self.right);
        self.engine_level = (1.0, 1.0);
        self.is_over = match &mut self.engine {
            Engine::Silent => true,
            Engine::Percussion(engine) => engine.chunk(moment, left, right),
            Engine::Subtractive(engine) => {
                self.engine_level = engine.chunk(left, right, waiting);
                false
            }
            Engine::Fm(engine) => engine.chunk(moment, left, right),
            Engine::Organ(engine) => engine.chunk(moment, left, right),
            Engine::String(engine) => engine.chunk(moment, left, right),
            Engine::Modal(engine) => engine.chunk(moment, left, right),
            Engine::Sample(player) => player.chunk(left, right),
        };
    }

    /// Completes the chunk: its level, its peak, and whether it was the last. A number that is not finite never leaves a voice.
    pub(crate) fn complete(&mut self) {
        let (fade, loudness) = (self.fade, self.loudness);
        self.fade = (fade - self.fade_step).max(0.0);
        self.loudness += (self.loudness_target - loudness) * 0.19;
        let from = self.trim * fade * loudness * self.engine_level.0;
        let mut gains = ramp(from, self.trim * self.fade * self.loudness * self.engine_level.1);
        if std::mem::take(&mut self.is_fresh) {
            let rise = |frame: usize| (frame + 1) as f32 / RISE_FRAMES as f32;
            gains[..RISE_FRAMES].iter_mut().enumerate().for_each(|(frame, gain)| *gain *= rise(frame));
        }
        let peak = if self.engine.is_mono() {
            let peak = scaled_peak([&mut self.left], &gains);
            self.right = self.left;
            peak
        } else {
            scaled_peak([&mut self.left, &mut self.right], &gains)
        };
        self.used = 0;
        self.level = peak.unwrap_or(0.0);
        let is_over = self.is_over || self.fade == 0.0 || self.engine.is_over();
        if is_over || peak.is_none() || self.rings_out() {
            self.engine = Engine::Silent;
        }
        if peak.is_none() {
            (self.left, self.right) = (SILENCE, SILENCE);
        }
    }

    /// Counts the chunks that nobody hears of a string or a bar; whether there have been enough.
    fn rings_out(&mut self) -> bool {
        let rings = matches!(self.engine, Engine::String(_) | Engine::Modal(_));
        self.quiet = if rings && self.level < INAUDIBLE { self.quiet.saturating_add(1) } else { 0 };
        self.quiet > QUIET_CHUNKS
    }
}

/// Adds samples to others: mostly a whole chunk, whose length the compiler knows.
#[inline]
fn add(out: &mut [f32], samples: &[f32]) {
    if let (Some((out, [])), Some((samples, []))) =
        (out.split_first_chunk_mut::<CHUNK>(), samples.split_first_chunk::<CHUNK>())
    {
        out.iter_mut().zip(samples).for_each(|(out, x)| *out += x);
    } else {
        out.iter_mut().zip(samples).for_each(|(out, x)| *out += x);
    }
}

/// Multiplies channels by the gains; the largest magnitude, or `None` when a sample is not finite.
#[inline]
fn scaled_peak<const N: usize>(channels: [&mut Block; N], gains: &Block) -> Option<f32> {
    let mut scan = Scan::EMPTY;
    for channel in channels {
        for (four, gain) in channel.as_chunks_mut::<4>().0.iter_mut().zip(gains.as_chunks::<4>().0) {
            let x = f32x4::new(*four) * f32x4::new(*gain);
            *four = x.to_array();
            scan.see(x);
        }
    }
    scan.peak()
}

/// The gain of a velocity: -40 dB * (1 - velocity), and silence at zero.
fn velocity_gain(velocity: f32) -> f32 {
    if velocity > 0.0 { gain(-40.0 * (1.0 - velocity)) } else { 0.0 }
}

/// `value` in 0..=1; NaN counts as zero.
fn unit(value: f32) -> f32 {
    if value > 0.0 { value.min(1.0) } else { 0.0 }
}
