//! What happens in a run: who edits when, and what goes wrong.

use score::edit::{PatternEdit, PatternRef, TrackEdit};
use score::{Edit, MessageId, Score, Tempo, TrackId, UnixMillis};

use super::network::SECOND;
use super::random::Random;

/// Something that happens at its time.
#[derive(Clone, Debug)]
pub enum Action {
    /// A player edits, or the next one who can.
    Edit(usize),
    Point(usize),
    Drop(usize, usize),
    Cut {
        side: u64,
        silent: bool,
    },
    Mend,
    Crash {
        node: usize,
        silent: bool,
    },
    Restart(usize),
    /// A program ends in order, and says that it starts again.
    Leave(usize),
    /// A server's power is cut when it has next stored something, before it has told anyone.
    Doom(usize),
    /// The equivocator's store is copied, and both copies are opened.
    Fork {
        node: usize,
        twin: usize,
    },
}

/// How long players edit and things go wrong.
pub const TROUBLED_NANOS: i64 = 60 * SECOND;

/// Draws a run for `nodes` peers, of which the last one, if `twins`, is the equivocator's copy.
pub fn draw(nodes: usize, twins: Option<(usize, usize)>, random: &mut Random) -> Vec<(i64, Action)> {
    let mut script = Vec::new();
    let mut add = |at: i64, action| script.push((at, action));
    let apart = |node: usize| twins.is_some_and(|(one, other)| node == one || node == other);
    for _ in 0..random.between(40, 70) {
        add(random.between(0, TROUBLED_NANOS), Action::Edit(random.index(nodes)));
    }
    for _ in 0..random.below(12) {
        add(random.between(0, TROUBLED_NANOS), Action::Point(random.index(nodes)));
    }
    let mut start = random.between(2, 12) * SECOND;
    for _ in 0..random.between(2, 4) {
        let side = 1 + random.below((1 << nodes) - 2);
        add(start, Action::Cut { side, silent: random.chance(40) });
        start += random.between(2, 12) * SECOND;
        add(start, Action::Mend);
        start += random.between(1, 8) * SECOND;
    }
    for _ in 0..random.below(6) {
        let (a, b) = (random.index(nodes), random.index(nodes));
        add(random.between(0, TROUBLED_NANOS), Action::Drop(a.min(b), a.max(b)));
    }
    for _ in 0..random.below(4) {
        let node = random.index(nodes);
        if !apart(node) {
            let at = random.between(0, TROUBLED_NANOS);
            add(at, Action::Crash { node, silent: random.chance(30) });
            add(at + random.between(1, 12) * SECOND, Action::Restart(node));
        }
    }
    if let Some((node, twin)) = twins {
        add(random.between(4, 45) * SECOND, Action::Fork { node, twin });
    }
    script
}

/// What befalls the server of a star: its peers find it gone in every way in which a server goes.
pub fn draw_server(server: usize, random: &mut Random) -> Vec<(i64, Action)> {
    let mut script = Vec::new();
    for _ in 0..random.between(2, 5) {
        script.push((random.between(5, 60) * SECOND, Action::Doom(server)));
    }
    if random.chance(50) {
        script.push((random.between(5, 60) * SECOND, Action::Leave(server)));
    }
    if random.chance(50) {
        let at = random.between(5, 50) * SECOND;
        script.push((at, Action::Crash { node: server, silent: random.chance(50) }));
        script.push((at + random.between(1, 12) * SECOND, Action::Restart(server)));
    }
    script
}

/// An edit that suits a score, and its mark if it is one that nothing overwrites.
pub fn edit(score: &Score, by: score::PlayerKey, random: &mut Random) -> (Edit, Option<MessageId>) {
    let tracks: Vec<TrackId> = score.tracks_in_order().into_iter().map(|(id, _)| id).collect();
    if tracks.is_empty() || (tracks.len() < 16 && random.chance(8)) {
        let id = TrackId::from_random(random.next());
        return (Edit::AddTrack { id, instrument: "kick".into(), name: "Kick".into() }, None);
    }
    let track = tracks[random.index(tracks.len())];
    let at = PatternRef { track, scene: score.first_scene() };
    let step = random.below(16) as u16;
    match random.below(10) {
        0..=3 => {
            let id = MessageId::from_random(random.next());
            let text = format!("mark {id}");
            (Edit::Say { id, by, at: UnixMillis(0), text }, Some(id))
        }
        4 => (Edit::SetTempo(Tempo::from_milli_bpm(60_000 + random.below(90_000) as u32).unwrap()), None),
        5 => (Edit::Track(track, TrackEdit::SetVolume(random.below(101) as f32 / 100.0)), None),
        6 => (Edit::Track(track, TrackEdit::SetDeleted(random.chance(50))), None),
        7 => (Edit::Pattern(at, PatternEdit::SetLength(1 + random.below(32) as u16)), None),
        _ => (Edit::Pattern(at, PatternEdit::SetStep { step, on: random.chance(60) }), None),
    }
}
