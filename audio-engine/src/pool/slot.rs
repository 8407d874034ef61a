//! One place of the voice pool: the bookkeeping of a voice, kept apart from the voices themselves so that walking over all places
//! touches little memory.

use score::time::Beats;

use super::{Canvas, Slide, Start};
use crate::instrument::Voice;
use crate::smooth::QUANTUM_FRAMES;

/// The shortest tap on a key, 50 ms: what is let go sooner, or in the very moment that a device which was waited for begins to play,
/// is heard all the same.
const TAP_FRAMES: u16 = 2_400;

/// What becomes of a slot's voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No voice.
    Free,
    /// Its note is held, until a beat or for as long as it rings.
    Held { until: Option<Beats> },
    /// Its key is held down by hand, for so many frames so far; past [`TAP_FRAMES`] they are not counted.
    Pressed { held: u16 },
    /// Its key was let go sooner than a tap lasts: it is held for so many frames more.
    Tapped { left: u16 },
    /// Its note has ended and dies away by itself.
    Released,
    /// It is being faded out and has `left` of `length` frames to go.
    Fading { left: u16, length: u16 },
}

/// What the pool knows about one of its voices.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) state: State,
    pub(super) strip: u8,
    pub(super) choke: u8,
    pub(super) pitch: f32,
    /// Number of its onset.
    pub(super) order: u64,
    /// The beat of its onset or of its last slide.
    pub(super) touched: Beats,
    /// Frames of the quantum in hand that it has rendered.
    pub(super) rendered: usize,
    /// Its voice has begun a chunk.
    pub(super) is_begun: bool,
}

impl Slot {
    pub(super) fn free() -> Self {
        Self {
            state: State::Free,
            strip: 0,
            choke: 0,
            pitch: 0.0,
            order: 0,
            touched: Beats::ZERO,
            rendered: 0,
            is_begun: false,
        }
    }

    pub(super) fn is_free(&self) -> bool {
        self.state == State::Free
    }

    pub(super) fn is_held(&self) -> bool {
        matches!(self.state, State::Held { .. } | State::Pressed { .. } | State::Tapped { .. })
    }

    /// Whether it sounds and may be stolen.
    pub(super) fn is_sounding(&self) -> bool {
        self.is_held() || self.state == State::Released
    }

    pub(super) fn start(&mut self, voice: &mut Voice, offset: usize, order: u64, start: &Start<'_>) {
        match start.sample {
            Some(sample) => voice.start_sample(sample, &start.note),
            None => voice.start(start.instrument, &start.note),
        }
        self.strip = start.strip;
        self.choke = start.choke;
        self.pitch = start.note.pitch;
        self.order = order;
        self.touched = start.at;
        self.rendered = offset;
    }

    pub(super) fn slide(&mut self, voice: &mut Voice, slide: Slide) {
        voice.slide(slide.pitch, slide.velocity);
        let was_to_end = matches!(self.state, State::Held { until: Some(_) });
        self.state = State::Held { until: slide.until.or(was_to_end.then_some(slide.end)) };
        self.pitch = slide.pitch;
        self.touched = slide.at;
    }

    pub(super) fn release(&mut self, voice: &mut Voice) {
        voice.release();
        self.state = State::Released;
    }

    /// The key is let go.
    pub(super) fn let_go(&mut self, voice: &mut Voice) {
        match self.state {
            State::Pressed { held } if held < TAP_FRAMES => {
                self.state = State::Tapped { left: TAP_FRAMES - held };
            }
            _ => self.release(voice),
        }
    }

    /// So many frames of a note by hand have passed.
    fn pass(&mut self, voice: &mut Voice, frames: u16) {
        match &mut self.state {
            State::Pressed { held } => *held = (*held + frames).min(TAP_FRAMES),
            State::Tapped { left } if *left > frames => *left -= frames,
            State::Tapped { .. } => self.release(voice),
            _ => {}
        }
    }

    pub(super) fn fade(&mut self, length: u16) {
        if self.is_sounding() {
            self.state = State::Fading { left: length, length };
        }
    }

    pub(super) fn clear(&mut self) {
        self.state = State::Free;
        self.rendered = 0;
    }

    /// Whether it has frames to render up to the end of a quantum of `frames` frames.
    pub(super) fn is_behind(&self, frames: usize) -> bool {
        !self.is_free() && self.rendered < frames
    }

    /// Hands out what its voice has ready, or gives the slot free where there will be nothing more.
    pub(super) fn hand_out(&mut self, voice: &mut Voice, canvas: &mut Canvas<'_>, frames: usize) {
        let ready = if voice.is_alive() { voice.ready() } else { frames };
        self.sound_to(voice, canvas, (self.rendered + ready).min(frames), |voice, _, left, right| {
            voice.hand_out(left, right);
        });
    }

    /// Renders up to `offset` frames into the quantum.
    pub(super) fn render_to(&mut self, voice: &mut Voice, canvas: &mut Canvas<'_>, offset: usize) {
        if self.is_behind(offset) {
            self.sound_to(voice, canvas, offset, Voice::render);
        }
    }

    /// Adds the voice to its bus up to `offset` frames into the quantum, by what fills stretches with it from a frame of the song on.
    #[inline]
    fn sound_to(
        &mut self,
        voice: &mut Voice,
        canvas: &mut Canvas<'_>,
        offset: usize,
        fill: impl Fn(&mut Voice, u64, &mut [f32], &mut [f32]),
    ) {
        let from = self.rendered;
        let song_frame = canvas.song_frame.wrapping_add(from as u64);
        let bus = &mut canvas.buses[usize::from(self.strip)];
        bus.is_silent = false;
        let (left, right) = (&mut bus.left[from..offset], &mut bus.right[from..offset]);
        if let State::Fading { left: remaining, length } = self.state {
            let (mut faded_left, mut faded_right) = ([0.0; QUANTUM_FRAMES], [0.0; QUANTUM_FRAMES]);
            let frames = offset - from;
            fill(voice, song_frame, &mut faded_left[..frames], &mut faded_right[..frames]);
            for i in 0..frames {
                let gain = f32::from(remaining.saturating_sub(i as u16)) / f32::from(length);
                left[i] += faded_left[i] * gain;
                right[i] += faded_right[i] * gain;
            }
            self.state = State::Fading { left: remaining.saturating_sub(frames as u16), length };
        } else {
            fill(voice, song_frame, left, right);
            self.pass(voice, (offset - from) as u16);
        }
        self.rendered = offset;
        if matches!(self.state, State::Fading { left: 0, .. }) || !voice.is_alive() {
            self.clear();
        }
    }
}
