//! Following a timeline by the clock of the page, at the frame.

use audio_engine::{LATENCY_FRAMES, Transport as EngineTransport};
use score::{Beats, Frames, LocalTime, Tempo};
use view::{Cue, Follower, FrameLine, Playing, Segment, Transport};

/// Bytes of a segment: four numbers of eight bytes.
pub const SEGMENT_BYTES: usize = 32;

/// Most segments of a timeline: as many as a session knows at once.
pub const MAX_TIMELINE_SEGMENTS: usize = 64;

/// How often an engine is looked after, in its frames: 11 ms.
const FOLLOW_EVERY: u64 = 512;

/// Where the music is, when frames are heard, and what the engine was told.
#[derive(Debug, Default)]
pub(crate) struct Following {
    transport: Option<Transport>,
    /// By the frames of the host's counter.
    line: Option<FrameLine>,
    follower: Follower,
    /// When the engine is looked after next.
    due: u64,
}

impl Following {
    /// Whether there is a timeline.
    pub(crate) fn is_on(&self) -> bool {
        self.transport.is_some()
    }

    pub(crate) fn set_transport(&mut self, transport: Transport) {
        self.transport = Some(transport);
        self.due = 0;
    }

    pub(crate) fn set_line(&mut self, line: FrameLine) {
        let is_sound = line.nanos_per_frame > 0.0 && line.frame.is_finite();
        self.line = is_sound.then_some(line);
    }

    /// Tells the engine, whose next frame is `next` where the host's is `host_frame`, what it lacks.
    pub(crate) fn follow(&mut self, host_frame: f64, next: Frames, mut tell: impl FnMut(EngineTransport)) {
        let (Some(transport), Some(line)) = (&self.transport, &self.line) else { return };
        if next.0 < self.due {
            return;
        }
        self.due = next.0 + FOLLOW_EVERY;
        // An onset is heard later than its frame, by the engine's delay.
        let ahead = host_frame - next.0 as f64 + LATENCY_FRAMES as f64;
        let line = FrameLine { frame: line.frame - ahead, ..*line };
        for &Cue { frame, beat, tempo, is_playing } in self.follower.follow(transport, &line, next) {
            let (beat_origin, frame_origin) = (beat, frame);
            tell(EngineTransport { playing: is_playing, tempo, beat_origin, frame_origin });
        }
    }

    /// The beat at a frame of the engine; `None` without a timeline.
    pub(crate) fn beat_at(&self, frame: Frames) -> Option<Beats> {
        self.is_on().then(|| self.follower.beat_at(frame))
    }
}

/// The timeline that these bytes are; `None` when they are none.
pub(crate) fn read_timeline(bytes: &[u8]) -> Option<Transport> {
    let (segments, rest) = bytes.as_chunks::<SEGMENT_BYTES>();
    if segments.is_empty() || segments.len() > MAX_TIMELINE_SEGMENTS || !rest.is_empty() {
        return None;
    }
    let segments: Vec<Segment> = segments.iter().map(read_segment).collect::<Option<_>>()?;
    let plays = segments.iter().any(|segment| segment.tempo.is_some());
    Some(Transport { playing: if plays { Playing::Playing } else { Playing::Stopped }, segments })
}

fn read_segment(bytes: &[u8; SEGMENT_BYTES]) -> Option<Segment> {
    let (numbers, _) = bytes.as_chunks::<8>();
    let [from, beat, milli_bpm, pace] = <[[u8; 8]; 4]>::try_from(numbers).ok()?.map(i64::from_le_bytes);
    let tempo = match milli_bpm {
        0 => None,
        _ => Some(Tempo::from_milli_bpm(u32::try_from(milli_bpm).ok()?)?),
    };
    Some(Segment { from: LocalTime(from), beat: Beats(beat), tempo, pace })
}
