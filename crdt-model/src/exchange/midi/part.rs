//! The parts of a MIDI file: the notes that one chunk plays on one channel.

use std::collections::BTreeMap;

use midly::{EventIter, MetaMessage, MidiMessage, TrackEventKind};
use score::text::{MAX_SESSION_NAME_CHARS, clean_name};
use score::time::MICROS_PER_BEAT;

use super::{GATED, PAN_CONTROLLER, STEPS, VOLUME_CONTROLLER};
use crate::exchange::report::Report;

/// Most notes that are read from a file.
const MAX_NOTES: usize = 100_000;

/// The last moment at which a note may begin, in micro-beats: 64 scenes of 128 steps.
pub(super) const MAX_BEATS: i64 = 64 * 32 * MICROS_PER_BEAT;

/// A note, in micro-beats from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawNote {
    pub(super) start: i64,
    /// After `start`.
    pub(super) end: i64,
    pub(super) key: u8,
    /// 1..=127.
    pub(super) velocity: u8,
}

/// What one chunk plays on one channel.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    /// What the chunk says its instrument is.
    pub(super) instrument: String,
    /// How many steps the chunk says that its pattern has.
    pub(super) steps: Option<u16>,
    /// Whether it says that notes end with their steps which would ring to their own end.
    pub(super) is_gated: bool,
    pub(super) channel: u8,
    pub(super) program: Option<u8>,
    pub(super) volume: Option<u8>,
    pub(super) pan: Option<u8>,
    /// In the order in which they begin.
    pub(super) notes: Vec<RawNote>,
}

/// All parts of a file, and what it says about the whole.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) name: String,
    /// Microseconds of a quarter note.
    pub(super) tempo: Option<u32>,
    /// Numerator, and the power of two of the denominator.
    pub(super) meter: Option<(u8, u8)>,
    pub(super) all: Vec<Part>,
    /// When the longest chunk ends, in micro-beats.
    pub(super) end: i64,
    notes: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Parts {
    /// Reads one chunk; `ticks_per_beat` is at least 1.
    pub(super) fn add_chunk(&mut self, events: EventIter<'_>, ticks_per_beat: u16) -> Result<(), String> {
        let mut chunk = Chunk { ticks_per_beat: ticks_per_beat.into(), ..Chunk::default() };
        let mut damage = Ok(());
        for event in events {
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    damage = Err(error.to_string());
                    break;
                }
            };
            chunk.tick = chunk.tick.saturating_add(event.delta.as_int().into());
            match event.kind {
                TrackEventKind::Midi { channel, message } => self.midi(&mut chunk, channel.as_int(), message),
                TrackEventKind::Meta(MetaMessage::EndOfTrack) => break,
                TrackEventKind::Meta(meta) => self.meta(&mut chunk, meta),
                TrackEventKind::SysEx(_) | TrackEventKind::Escape(_) => {
                    self.leave_out("system exclusive messages");
                }
            }
        }
        self.finish(chunk);
        damage
    }

    fn finish(&mut self, mut chunk: Chunk) {
        let now = chunk.now();
        self.end = self.end.max(now.min(MAX_BEATS));
        let held: Vec<(u8, u8)> = chunk.held.keys().copied().collect();
        for (channel, key) in held {
            chunk.release(channel, key);
        }
        chunk.parts.retain(|_, part| !part.notes.is_empty());
        if self.name.is_empty() && (chunk.parts.is_empty() && self.all.is_empty()) {
            self.name = clean_name(&chunk.name, MAX_SESSION_NAME_CHARS);
        }
        for part in chunk.parts.into_values() {
            let (name, instrument) = (chunk.name.clone(), chunk.instrument.clone());
            self.all.push(Part { name, instrument, steps: chunk.steps, is_gated: chunk.is_gated, ..part });
        }
    }

    fn midi(&mut self, chunk: &mut Chunk, channel: u8, message: MidiMessage) {
        match message {
            MidiMessage::NoteOn { key, vel } if vel.as_int() > 0 => {
                chunk.release(channel, key.as_int());
                if chunk.now() >= MAX_BEATS {
                    self.leave_out("notes past beat 2048");
                } else if self.notes >= MAX_NOTES {
                    self.leave_out("notes past the 100,000th");
                } else {
                    self.notes += 1;
                    chunk.strike(channel, key.as_int(), vel.as_int());
                }
            }
            MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
                chunk.release(channel, key.as_int());
            }
            MidiMessage::ProgramChange { program } => {
                let part = chunk.part(channel);
                if *part.program.get_or_insert(program.as_int()) != program.as_int() {
                    self.leave_out("changes of program");
                }
            }
            MidiMessage::Controller { controller, value } => {
                let value = value.as_int();
                let part = chunk.part(channel);
                let kept = match controller.as_int() {
                    VOLUME_CONTROLLER => *part.volume.get_or_insert(value) == value,
                    PAN_CONTROLLER => *part.pan.get_or_insert(value) == value,
                    _ => false,
                };
                if !kept {
                    self.leave_out("controllers and changes of volume and pan");
                }
            }
            MidiMessage::PitchBend { .. } => self.leave_out("pitch bends"),
            MidiMessage::Aftertouch { .. } | MidiMessage::ChannelAftertouch { .. } => {
                self.leave_out("aftertouch");
            }
        }
    }

    fn meta(&mut self, chunk: &mut Chunk, meta: MetaMessage<'_>) {
        match meta {
            MetaMessage::TrackName(name) if chunk.name.is_empty() => chunk.name = text_of(name),
            MetaMessage::InstrumentName(name) if chunk.instrument.is_empty() => {
                chunk.instrument = text_of(name);
            }
            MetaMessage::Text(text) if chunk.steps.is_none() => {
                let text = text_of(text);
                let gated = text.strip_suffix(GATED);
                let count = gated.unwrap_or(&text).strip_suffix(STEPS);
                chunk.steps = count.and_then(|count| count.parse().ok());
                chunk.is_gated = gated.is_some() && chunk.steps.is_some();
            }
            MetaMessage::Tempo(micros) if *self.tempo.get_or_insert(micros.as_int()) != micros.as_int() => {
                self.leave_out("changes of tempo");
            }
            MetaMessage::TimeSignature(numerator, denominator, ..)
                if *self.meter.get_or_insert((numerator, denominator)) != (numerator, denominator) =>
            {
                self.leave_out("changes of time signature");
            }
            MetaMessage::Lyric(_) => self.leave_out("lyrics"),
            MetaMessage::Marker(_) | MetaMessage::CuePoint(_) => self.leave_out("markers"),
            _ => {}
        }
    }

    fn leave_out(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    /// Tells what was passed over.
    pub(super) fn tell(&self, report: &mut Report) {
        for (what, count) in &self.left_out {
            report.add("the file", format!("{what} ({count})"), "patterns hold no such thing: left out");
        }
    }
}

/// A file's text is what its writer's machine spoke; what is no Unicode is replaced.
fn text_of(bytes: &[u8]) -> String {
    const MAX_BYTES: usize = 256;
    String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]).into_owned()
}

/// A chunk while it is read.
#[derive(Default)]
struct Chunk {
    ticks_per_beat: u64,
    tick: u64,
    name: String,
    instrument: String,
    steps: Option<u16>,
    is_gated: bool,
    parts: BTreeMap<u8, Part>,
    /// The place in its part of the note that holds a channel's key.
    held: BTreeMap<(u8, u8), usize>,
}

impl Chunk {
    /// In micro-beats.
    fn now(&self) -> i64 {
        let micros = u128::from(self.tick) * MICROS_PER_BEAT as u128 / u128::from(self.ticks_per_beat.max(1));
        i64::try_from(micros).unwrap_or(i64::MAX / 2)
    }

    fn part(&mut self, channel: u8) -> &mut Part {
        self.parts.entry(channel).or_insert_with(|| Part { channel, ..Part::default() })
    }

    fn strike(&mut self, channel: u8, key: u8, velocity: u8) {
        let start = self.now();
        let notes = &mut self.part(channel).notes;
        notes.push(RawNote { start, end: start + 1, key, velocity });
        let place = notes.len() - 1;
        self.held.insert((channel, key), place);
    }

    fn release(&mut self, channel: u8, key: u8) {
        let now = self.now();
        if let Some(place) = self.held.remove(&(channel, key)) {
            let note = &mut self.part(channel).notes[place];
            note.end = now.max(note.start + 1);
        }
    }
}
