//! The events of one chunk of a MIDI file, collected in any order and written in order of time.

use midly::num::u7;
use midly::{MetaMessage, MidiMessage, TrackEvent, TrackEventKind};

use super::write::{Note, delta, message};

/// What comes first of what happens at one tick.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Setting,
    NoteOff,
    NoteOn,
}

/// Events with the tick of each.
#[derive(Default)]
pub(super) struct Events<'a> {
    events: Vec<(i64, Turn, TrackEventKind<'a>)>,
}

impl<'a> Events<'a> {
    pub(super) fn meta(&mut self, at: i64, meta: MetaMessage<'a>) {
        self.events.push((at, Turn::Setting, TrackEventKind::Meta(meta)));
    }

    pub(super) fn midi(&mut self, at: i64, channel: u8, sent: MidiMessage) {
        self.events.push((at, Turn::Setting, message(channel, sent)));
    }

    pub(super) fn note(&mut self, channel: u8, note: Note) {
        let (key, vel) = (u7::new(note.key), u7::new(note.velocity));
        self.events.push((note.start, Turn::NoteOn, message(channel, MidiMessage::NoteOn { key, vel })));
        let off = MidiMessage::NoteOff { key, vel: u7::new(64) };
        self.events.push((note.end, Turn::NoteOff, message(channel, off)));
    }

    /// The events in order, each with its distance from the one before, and the end of the chunk at `end`.
    pub(super) fn finish(mut self, end: i64) -> Vec<TrackEvent<'a>> {
        self.events.sort_by_key(|&(at, turn, _)| (at, turn));
        let last = (end, Turn::NoteOn, TrackEventKind::Meta(MetaMessage::EndOfTrack));
        let mut before = 0;
        self.events
            .into_iter()
            .chain([last])
            .map(|(at, _, kind)| {
                let event = TrackEvent { delta: delta(at - before), kind };
                before = at;
                event
            })
            .collect()
    }
}
