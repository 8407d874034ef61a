//! From a session to a MIDI file.

use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use score::catalogue::{Family, Instrument, Playback};
use score::cycle::{Cycle, MAX_CYCLE_BARS};
use score::lower::lower_first_scene;
use score::program::ProgramTrack;
use score::schedule::{Onset, OnsetKind, schedule};
use score::time::{MICROS_PER_BEAT, STEP};
use score::track::MAX_TRACKS;
use score::{Beats, Program, Score, Tempo, Track};

use super::events::Events;
use super::programs::program_of;
use super::{DRUM_CHANNEL, GATED, LEGATO_TICKS, PAN_CONTROLLER, STEPS, TICKS_PER_BEAT, VOLUME_CONTROLLER};
use crate::exchange::report::{LeftOut, Report};
use crate::exchange::text::place_of;

/// How long a note is written that rings to its own end: half a step, so that it ends before the next one whatever the swing.
const RINGING_TICKS: i64 = TICKS_PER_BEAT as i64 / 8;

/// The channels of tracks that are no drums.
const CHANNELS: [u8; 15] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];

/// A session as the bytes of a MIDI file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenMidi {
    /// A standard MIDI file of type 1, 960 ticks to the quarter note.
    pub bytes: Vec<u8>,
    /// What is heard of the session and could not be written.
    pub report: Vec<LeftOut>,
}

/// A note as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// In ticks from the start of the file.
    pub(super) start: i64,
    /// After `start`.
    pub(super) end: i64,
    pub(super) key: u8,
    /// 1..=127: zero would end the note.
    pub(super) velocity: u8,
}

/// Writes one cycle of a session's first scene: a file of type 1 with a track of settings and one for each playing track, as
/// long as the cycle. A muted track has its name and no notes.
#[allow(clippy::missing_panics_doc, reason = "the size of what is written is bounded")]
pub fn write_midi(score: &Score) -> WrittenMidi {
    let program = lower_first_scene(score);
    let cycle = Cycle::of(&program);
    let mut report = Report::default();
    report_session(score, cycle, &mut report);
    let onsets = onsets_of(&program, cycle);
    let end = ticks(cycle.beats().end - cycle.beats().start);
    let labels: Vec<[String; 3]> =
        score.playing_tracks().iter().map(|(_, track)| labels_of(track, score)).collect();
    let mut tracks = vec![conductor(score, &program, end)];
    let mut channels = CHANNELS.iter().copied().cycle();
    for (number, (track, labels)) in program.tracks.iter().zip(&labels).enumerate() {
        let Some(row) = track.instrument.get() else { continue };
        let place = place_of(number, &labels[0]);
        let is_drum = row.family == Family::Drums && track.sample.is_none();
        let channel = if is_drum { Some(DRUM_CHANNEL) } else { channels.next() }.unwrap_or_default();
        let voice = Voice { row, track, is_drum, channel };
        if track.mute {
            report.add(&place, "it is muted", "it is written without its notes");
        }
        let notes =
            if track.mute { Vec::new() } else { voice.notes(&onsets[number], end, &place, &mut report) };
        tracks.push(voice.chunk(labels, &notes, end));
    }
    let timing = Timing::Metrical(u15::new(TICKS_PER_BEAT));
    let smf = Smf { header: Header::new(Format::Parallel, timing), tracks };
    let mut bytes = Vec::new();
    smf.write(&mut bytes).expect("seventeen tracks of bounded events fit every limit of the format");
    WrittenMidi { bytes, report: report.finish() }
}

fn report_session(score: &Score, cycle: Cycle, report: &mut Report) {
    if cycle.is_cut {
        let why =
            format!("the tracks come round together later than that: the file holds {MAX_CYCLE_BARS} bars");
        report.add("the session", format!("all after bar {MAX_CYCLE_BARS}"), why);
    }
    let parked = score.tracks_in_order().len().saturating_sub(MAX_TRACKS);
    if parked > 0 {
        report.add("the session", format!("{parked} parked tracks"), "they are not heard: left out");
    }
}

/// A track's name, its instrument, and its length.
fn labels_of(track: &Track, score: &Score) -> [String; 3] {
    let steps = track.pattern(score.first_scene()).length;
    [
        track.name.clone(),
        track.instrument.clone(),
        format!("{steps}{STEPS}{}", if track.gate { GATED } else { "" }),
    ]
}

/// The onsets of each track in a cycle, in order of time.
///
/// What the next time round is nudged ahead of its start is left out: the first time round has it on its first step.
fn onsets_of(program: &Program, cycle: Cycle) -> Vec<Vec<Onset>> {
    let beats = cycle.beats();
    let mut onsets = vec![Vec::new(); program.tracks.len()];
    let mut add = |onset: Onset| {
        if let Some(track) = onsets.get_mut(usize::from(onset.track)) {
            track.push(Onset { at: onset.at - beats.start, ..onset });
        }
    };
    let near_end = beats.end - Beats(STEP.0 / 2);
    schedule(program, beats.start..near_end, &mut add);
    schedule(&on_the_seam(program, cycle), near_end..beats.end, &mut add);
    for track in &mut onsets {
        track.sort_by_key(|onset| (onset.at, onset.kind == OnsetKind::Slide));
    }
    onsets
}

/// The program with the step that begins a cycle never ahead of its place.
fn on_the_seam(program: &Program, cycle: Cycle) -> Program {
    let mut program = program.clone();
    for track in &program.tracks {
        let local = cycle.first.rem_euclid(i64::from(track.steps.count.max(1))) as usize;
        if let Some(step) = program.steps.get_mut(track.steps.indices().start + local) {
            step.nudge_percent = step.nudge_percent.max(0);
        }
    }
    program
}

/// The nearest tick.
fn ticks(beats: Beats) -> i64 {
    (beats.0 * i64::from(TICKS_PER_BEAT) + MICROS_PER_BEAT / 2).div_euclid(MICROS_PER_BEAT)
}

/// The chunk with the session's name, tempo and time signature.
fn conductor<'a>(score: &'a Score, program: &Program, end: i64) -> Vec<TrackEvent<'a>> {
    let (numerator, denominator) = (program.meter.numerator(), program.meter.denominator());
    let clocks = 96 / denominator;
    let mut events = Events::default();
    events.meta(0, MetaMessage::TrackName(score.name.as_bytes()));
    events.meta(0, MetaMessage::Tempo(u24::new(micros_per_beat(program.tempo))));
    events.meta(0, MetaMessage::TimeSignature(numerator, denominator.trailing_zeros() as u8, clocks, 8));
    events.finish(end)
}

/// The nearest microsecond; at most three million.
fn micros_per_beat(tempo: Tempo) -> u32 {
    let milli = u64::from(tempo.milli_bpm());
    ((60_000_000_000 + milli / 2) / milli) as u32
}

/// What a track's notes are written with.
struct Voice<'a> {
    row: &'static Instrument,
    track: &'a ProgramTrack,
    is_drum: bool,
    channel: u8,
}

impl Voice<'_> {
    /// Whether the length of a note says nothing, for it rings to its own end.
    fn rings(&self) -> bool {
        self.row.playback == Playback::OneShot && !self.track.gate && self.track.sample.is_none()
    }

    fn notes(&self, onsets: &[Onset], end: i64, place: &str, report: &mut Report) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        let (mut moved, mut unpitched) = (0, 0);
        let mut pitch_before = None;
        for onset in onsets {
            unpitched += usize::from(self.is_drum && onset.pitch != 0);
            let key = self.key(onset.pitch, &mut moved);
            let start = ticks(onset.at).min(end - 1);
            if onset.kind == OnsetKind::Slide {
                // A drum has one key, and a slide to the pitch that sounds changes locks alone.
                if self.is_drum || pitch_before == Some(onset.pitch) {
                    continue;
                }
                if let Some(held) = notes.last_mut() {
                    held.end = start + LEGATO_TICKS;
                }
            }
            pitch_before = Some(onset.pitch);
            let until = if self.rings() { start + RINGING_TICKS } else { ticks(onset.at + onset.length) };
            notes.push(Note { start, end: until, key, velocity: velocity(onset.velocity) });
        }
        if moved > 0 {
            let why = "MIDI has the keys 0 to 127: moved by octaves";
            report.add(place, format!("{moved} notes out of reach"), why);
        }
        if unpitched > 0 {
            let why = "a drum has one key in MIDI: written with it";
            report.add(place, format!("the pitch of {unpitched} notes"), why);
        }
        self.settle(notes, end)
    }

    fn key(&self, pitch: i16, moved: &mut usize) -> u8 {
        let base = i16::from(self.row.base_note);
        let mut key = if self.is_drum { base } else { base + pitch };
        *moved += usize::from(!(0..=127).contains(&key));
        while key < 0 {
            key += 12;
        }
        while key > 127 {
            key -= 12;
        }
        key as u8
    }

    /// Ends each note before its key is struck again, one that rings before any note, and all within the file.
    fn settle(&self, mut notes: Vec<Note>, end: i64) -> Vec<Note> {
        notes.sort_by_key(|note| (note.start, note.key, core::cmp::Reverse(note.velocity)));
        notes.dedup_by_key(|note| (note.start, note.key));
        for at in 0..notes.len() {
            let note = notes[at];
            let stops = |later: &&Note| later.start > note.start && (self.rings() || later.key == note.key);
            let slides = |later: &Note| later.start + LEGATO_TICKS == note.end;
            let next =
                notes[at + 1..].iter().find(stops).filter(|later| !slides(later) || later.key == note.key);
            let limit = next.map_or(end, |later| later.start.min(end));
            notes[at].end = note.end.min(limit).max(note.start + 1);
        }
        notes
    }

    fn chunk<'a>(&self, labels: &'a [String; 3], notes: &[Note], end: i64) -> Vec<TrackEvent<'a>> {
        let [name, instrument, steps] = labels;
        let mut events = Events::default();
        events.meta(0, MetaMessage::TrackName(name.as_bytes()));
        events.meta(0, MetaMessage::InstrumentName(instrument.as_bytes()));
        events.meta(0, MetaMessage::Text(steps.as_bytes()));
        if !self.is_drum {
            let (volume, pan) = (seven_bits(self.track.volume), pan_of(self.track.pan));
            let program = u7::new(program_of(self.row));
            events.midi(0, self.channel, MidiMessage::ProgramChange { program });
            for (controller, value) in [(VOLUME_CONTROLLER, volume), (PAN_CONTROLLER, pan)] {
                let (controller, value) = (u7::new(controller), u7::new(value));
                events.midi(0, self.channel, MidiMessage::Controller { controller, value });
            }
        }
        for note in notes {
            events.note(self.channel, *note);
        }
        events.finish(end)
    }
}

fn seven_bits(share: f32) -> u8 {
    (share * 127.0 + 0.5) as u8
}

fn velocity(share: f32) -> u8 {
    seven_bits(share).clamp(1, 127)
}

/// 0 is left, 64 the centre, 127 right.
fn pan_of(pan: f32) -> u8 {
    (64.5 + pan * 63.0) as u8
}

/// Keeps the names of the format's numbers in one place.
pub(super) fn message(channel: u8, message: MidiMessage) -> TrackEventKind<'static> {
    TrackEventKind::Midi { channel: u4::new(channel), message }
}

/// A distance in ticks as the format holds it.
pub(super) fn delta(ticks: i64) -> u28 {
    u28::new(ticks.clamp(0, 0x0fff_ffff) as u32)
}
