//! Where the music stands at a frame: the mapping between beats and the engine's frames.

use score::time::{Beats, Frames, Tempo};

/// The mapping between musical time and the engine's frame counter, replaced as a whole.
///
/// From `frame_origin` on, `beat(frame) = beat_origin + (frame - frame_origin) * tempo`. An origin that lies ahead of the
/// frame that the processor has reached is waited for: until then the transport before it stays in force. All arithmetic
/// is on integers and starts from the origin each time, so nothing accumulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transport {
    /// Whether the beat advances. Stopping ends every held note; its release and the effects' tails ring on.
    pub playing: bool,
    /// Speed from `frame_origin` on.
    pub tempo: Tempo,
    /// The beat at `frame_origin`.
    pub beat_origin: Beats,
    /// The frame, on the processor's counter (see [`crate::Processor::frame`]), from which this transport holds.
    pub frame_origin: Frames,
}

impl Transport {
    /// Stopped at the start of the song.
    pub fn stopped() -> Self {
        Self { playing: false, tempo: Tempo::default(), beat_origin: Beats::ZERO, frame_origin: Frames(0) }
    }

    /// Playing from `beat` at `frame`.
    pub fn playing(tempo: Tempo, beat: Beats, frame: Frames) -> Self {
        Self { playing: true, tempo, beat_origin: beat, frame_origin: frame }
    }

    /// The beat that has been reached at the start of `frame`, rounded down to a micro-beat; the origin's beat when
    /// stopped or before the origin.
    pub fn beat_at_frame(&self, frame: Frames) -> Beats {
        if !self.playing {
            return self.beat_origin;
        }
        self.beat_origin + self.tempo.beats_in(Frames(frame.0.saturating_sub(self.frame_origin.0)))
    }

    /// The first frame at or after `beat`: the frame at which an onset at `beat` sounds. Beats before the origin give
    /// the origin's frame.
    pub fn frame_at_beat(&self, beat: Beats) -> Frames {
        let distance = self.tempo.frames_until(beat - self.beat_origin);
        Frames(self.frame_origin.0.saturating_add(distance.0))
    }

    /// The first beat that sounds at `frame` or later.
    ///
    /// Consecutive calls cut musical time into half-open ranges: a beat lies in `first_beat_from(a)..first_beat_from(b)`
    /// exactly when `a <= frame_at_beat(beat) < b`, so a run of blocks meets every onset once.
    pub fn first_beat_from(&self, frame: Frames) -> Beats {
        if !self.playing || frame <= self.frame_origin {
            return self.beat_origin;
        }
        let last_reached = self.tempo.beats_in(Frames(frame.0 - 1 - self.frame_origin.0));
        self.beat_origin + last_reached + Beats(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transport(milli_bpm: u32) -> Transport {
        let tempo = Tempo::from_milli_bpm(milli_bpm).unwrap();
        Transport::playing(tempo, Beats(123_457), Frames(1_000))
    }

    #[test]
    fn ranges_of_blocks_meet_each_beat_at_its_frame() {
        for milli in [20_000, 119_999, 174_321, 300_000] {
            let transport = transport(milli);
            for micros in (0..5_000_000).step_by(83_333) {
                let beat = Beats(123_457 + micros);
                let frame = transport.frame_at_beat(beat);
                assert!(transport.first_beat_from(frame) <= beat);
                assert!(beat < transport.first_beat_from(Frames(frame.0 + 1)));
            }
        }
    }

    #[test]
    fn a_stopped_transport_stays_at_its_beat() {
        let transport = Transport { playing: false, ..transport(120_000) };
        assert_eq!(transport.beat_at_frame(Frames(1 << 40)), Beats(123_457));
        assert_eq!(transport.first_beat_from(Frames(1 << 40)), Beats(123_457));
    }

    #[test]
    fn a_year_of_playing_keeps_the_beat_to_the_frame() {
        let transport = transport(120_000);
        let year = Frames(1_000 + 365 * 86_400 * 48_000);
        assert_eq!(transport.beat_at_frame(year), Beats(123_457 + 365 * 86_400 * 2_000_000));
        assert_eq!(transport.frame_at_beat(transport.beat_at_frame(year)), year);
    }
}
