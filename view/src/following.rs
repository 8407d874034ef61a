//! From where the music is by a machine's clock to what its engine has to be told.
//!
//! An engine counts frames. When a frame is heard is known from the sound card, as a line between frames and the machine's clock
//! that is estimated anew all the time: cards run at a speed of their own, lose a moment, begin late. So where the music is by the
//! frames is computed anew from the transport each time, and nothing is counted on. An engine that is found to be off by less than a
//! tenth of a second is led back by playing a little faster or slower, so that no onset is lost and none comes twice; past that it
//! goes on elsewhere.

use arrayvec::ArrayVec;
use score::{Beats, Frames, LocalTime, Tempo};

use crate::transport::{Segment, Transport};

/// Most cues that an engine is given at once: one that holds already, and as many as it keeps waiting.
pub const MAX_CUES: usize = 8;

/// What an engine may be off by and still be led back: 0.1 s. Past that the way back would take longer than anybody listens
/// for the next step.
const MAX_LED_FRAMES: f64 = 4_800.0;

/// How many frames of an error are taken back in so many frames of sound: a sixteenth, a semitone for those who could hear
/// it in what has no pitch.
const FRAMES_PER_LED_FRAME: f64 = 16.0;

/// Most frames of it that are taken back at once: an engine passes over half as much again.
const MAX_LED_AT_ONCE: f64 = 240.0;

/// An engine that is off by less is left alone, in frames: an onset falls on a whole frame in any case, so that half of one is what
/// nobody can better.
const NEAR_FRAMES: f64 = 0.5;

/// 10 ms. A start that is found to have been so little ago is given as it is, and the engine plays what begins there.
const LATE_FRAMES: f64 = 480.0;

/// When frames are heard: a line between the frames of an engine and the machine's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameLine {
    /// A frame of the engine's counter.
    pub frame: f64,
    /// When what begins at that frame leaves the machine.
    pub heard_at: LocalTime,
    /// How long a frame lasts by the machine's clock, about 20,833 ns.
    pub nanos_per_frame: f64,
}

/// What an engine is told: from a frame on, the music is at a beat and moves, or stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// From which frame of the engine's counter on this holds.
    pub frame: Frames,
    /// The beat at that frame.
    pub beat: Beats,
    /// How fast it moves; what is synchronised with the tempo keeps it while the music stands.
    pub tempo: Tempo,
    /// Whether it moves.
    pub is_playing: bool,
}

/// The cues that an engine was given, to know what it lacks.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    told: ArrayVec<Cue, MAX_CUES>,
    /// The frame at which it was last looked whether the engine is right.
    led_to: u64,
    tempo: Tempo,
}

impl FrameLine {
    /// The frame that is heard at a moment, fractional, and negative before the first one.
    pub fn frame_at(&self, at: LocalTime) -> f64 {
        self.frame + at.nanos_since(self.heard_at) as f64 / self.nanos_per_frame
    }

    /// The same for whoever is heard so many microseconds later than this says.
    #[must_use]
    pub fn trimmed_by(self, micros: i32) -> Self {
        Self { heard_at: self.heard_at.plus_nanos(i64::from(micros) * 1_000), ..self }
    }

    /// When a frame is heard.
    pub fn time_at(&self, frame: f64) -> LocalTime {
        self.heard_at.plus_nanos(((frame - self.frame) * self.nanos_per_frame) as i64)
    }

    /// The same, with everything heard some frames later.
    fn later_by(&self, frames: f64) -> Self {
        Self { frame: self.frame + frames, ..*self }
    }
}

impl Cue {
    /// The beat at a frame, as the engine counts it.
    pub fn beat_at(&self, frame: Frames) -> Beats {
        if !self.is_playing {
            return self.beat;
        }
        self.beat + self.tempo.beats_in(Frames(frame.0.saturating_sub(self.frame.0)))
    }

    /// Whether an engine that was told this need not be told another cue, by which it is off by `lag` frames.
    fn stands_for(&self, other: &Self, lag: Option<f64>) -> bool {
        match (self.is_playing, other.is_playing) {
            (true, true) => self.tempo == other.tempo && lag.is_some_and(|lag| lag.abs() < NEAR_FRAMES),
            (false, false) => self.beat == other.beat,
            _ => false,
        }
    }
}

impl Follower {
    /// What the engine has to be told, in this order, so that it plays what the transport says; nothing where it does already.
    /// `next` is the next frame that it renders. Real-time safe.
    ///
    /// To be called some sixty times a second while an engine runs, and whenever the transport changes.
    pub fn follow(&mut self, transport: &Transport, line: &FrameLine, next: Frames) -> &[Cue] {
        while self.told.get(1).is_some_and(|cue| cue.frame <= next) {
            self.told.remove(0);
        }
        let passed = next.0.saturating_sub(std::mem::replace(&mut self.led_to, next.0));
        let lag = self.lag(transport, line, next);
        let left = lag.map_or(0.0, |lag| led_back(lag, passed as f64));
        let mut cues = self.cues(transport, &line.later_by(left), next);
        if let (Some(told), Some(cue)) = (self.told.first(), cues.first_mut())
            && told.stands_for(cue, lag)
        {
            *cue = *told;
        }
        if cues == self.told {
            return &[];
        }
        self.told = cues;
        &self.told
    }

    /// The beat at a frame, as the engine was told. Frames that are long over count as those of the cue that is in force.
    pub fn beat_at(&self, frame: Frames) -> Beats {
        let in_force = self.told.iter().rev().find(|cue| cue.frame <= frame).or(self.told.first());
        in_force.map_or(Beats::ZERO, |cue| cue.beat_at(frame))
    }

    /// Forgets what was told: the engine is another one.
    pub fn forget(&mut self) {
        self.told.clear();
    }

    /// By how many frames what the engine plays is later than it should be; `None` where it is to begin, to end, or to go on
    /// elsewhere.
    fn lag(&self, transport: &Transport, line: &FrameLine, next: Frames) -> Option<f64> {
        let told = self.told.first().filter(|told| told.is_playing && told.frame <= next)?;
        let (segment, tempo) = playing_near(transport, line, next)?;
        let wanted = segment.beat_at(line.time_at(next.0 as f64));
        let lag = (wanted - told.beat_at(next)).0 as f64 / micros_per_frame(tempo);
        (lag.abs() <= MAX_LED_FRAMES).then_some(lag)
    }

    fn cues(&mut self, transport: &Transport, line: &FrameLine, next: Frames) -> ArrayVec<Cue, MAX_CUES> {
        let mut cues = ArrayVec::new();
        let current = place(transport, line, next);
        for (index, segment) in transport.segments.iter().enumerate().skip(current) {
            let start = line.frame_at(segment.from).round();
            let since = next.0 as f64 - start;
            let is_given_as_it_is = index > current || (start >= 0.0 && (0.0..=LATE_FRAMES).contains(&since));
            let (frame, beat) = if is_given_as_it_is {
                (Frames(start as u64), segment.beat)
            } else {
                (next, segment.beat_at(line.time_at(next.0 as f64)))
            };
            self.tempo = segment.tempo.unwrap_or(self.tempo);
            let cue = Cue { frame, beat, tempo: self.tempo, is_playing: segment.tempo.is_some() };
            if cues.try_push(cue).is_err() {
                break;
            }
        }
        cues
    }
}

/// What is left of an error when the engine has been led back as far as may be in so many frames.
fn led_back(lag: f64, passed: f64) -> f64 {
    if lag.abs() < NEAR_FRAMES {
        return lag;
    }
    let step = (passed / FRAMES_PER_LED_FRAME).clamp(1.0, MAX_LED_AT_ONCE);
    lag - lag.clamp(-step, step)
}

/// Which segment holds at a frame.
fn place(transport: &Transport, line: &FrameLine, next: Frames) -> usize {
    let has_begun = |segment: &Segment| line.frame_at(segment.from).round() <= next.0 as f64;
    transport.segments.iter().rposition(has_begun).unwrap_or(0)
}

/// What is played at a frame, or is about to begin there.
fn playing_near<'a>(
    transport: &'a Transport,
    line: &FrameLine,
    next: Frames,
) -> Option<(&'a Segment, Tempo)> {
    let current = place(transport, line, next);
    let plays = |segment: &'a Segment| segment.tempo.map(|tempo| (segment, tempo));
    let begins_soon = |segment: &&Segment| line.frame_at(segment.from) - next.0 as f64 <= LATE_FRAMES;
    let segment = transport.segments.get(current).and_then(plays);
    segment.or_else(|| transport.segments.get(current + 1).filter(begins_soon).and_then(plays))
}

/// Micro-beats that pass in a frame: thousandths of a beat a minute, times 10^6 / (60,000 * 48,000).
fn micros_per_frame(tempo: Tempo) -> f64 {
    f64::from(tempo.milli_bpm()) / 2_880.0
}

#[cfg(test)]
mod tests;
