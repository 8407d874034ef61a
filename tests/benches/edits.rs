//! What an edit costs: made here, received there, and on the link between, with nothing but the two sessions and their
//! messages in the way.

use std::time::{Duration, Instant};

use crdt_model::trust::{ActorNonce, Identity};
use crdt_model::{FoundingRandom, Session};
use jam::wire::{Kind, LENGTH_PREFIX_BYTES};
use jam::{CommandId, Config, Effect, Event, Jam, LinkId};
use score::{Edit, LocalTime, UnixMillis};
use tests::{figure, painting};
use view::{Command, LinkPath};

const EDITS: usize = 10_000;

/// Between two edits: what a link may keep up.
const PACE_NANOS: i64 = jam::limits::SECOND / jam::limits::LINK_MESSAGES_PER_SECOND as i64;

fn main() {
    let mut pair = Pair::linked();
    for edit in painting::beginning(pair.ada.session().score()) {
        pair.edit(edit);
    }
    let mut cost = Cost::default();
    for number in 0..EDITS {
        let edit = painting::painted(number, pair.ada.session().score());
        cost.add(&pair.edit(edit));
    }
    assert_eq!(pair.ada.session().heads(), pair.ben.session().heads(), "both hold the same in the end");
    let each = |total: Duration| total.as_secs_f64() / EDITS as f64;
    let bytes = |total: usize| total as f64 / EDITS as f64;
    figure("an edit made: applied, signed, encoded, shown", each(cost.editing) * 1e6, "us");
    figure("an edit received: verified, admitted, shown", each(cost.receiving) * 1e6, "us");
    figure("edits made and received", 1.0 / (each(cost.editing) + each(cost.receiving)), "per second");
    figure("an edit on a link", bytes(cost.change_bytes), "bytes");
    figure("what comes back for it, and all else a link carries", bytes(cost.other_bytes), "bytes");
}

/// Two players' sessions, and the frames that go to and fro between them.
struct Pair {
    ada: Jam,
    ben: Jam,
    now: LocalTime,
    commands: u64,
}

#[derive(Default)]
struct Cost {
    editing: Duration,
    receiving: Duration,
    change_bytes: usize,
    other_bytes: usize,
}

impl Cost {
    fn add(&mut self, other: &Self) {
        self.editing += other.editing;
        self.receiving += other.receiving;
        self.change_bytes += other.change_bytes;
        self.other_bytes += other.other_bytes;
    }

    fn count(&mut self, frame: &[u8]) {
        let bytes = frame.len() + LENGTH_PREFIX_BYTES;
        match Kind::of(frame) {
            Ok(Kind::Change) => self.change_bytes += bytes,
            _ => self.other_bytes += bytes,
        }
    }
}

impl Pair {
    fn linked() -> Self {
        let (ada, ben) = (Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32]));
        let (hers, his) = (ada.player(), ben.player());
        let config = |key| Config::player(key, [3; 32]);
        let random = FoundingRandom { nonce: [4; 16], seed: 5 };
        let (founded, _) = Session::create(ada, random, "Bench", UnixMillis(0)).expect("a good name");
        let joined = Session::join(ben, ActorNonce([6; 16]), founded.origin());
        let (ada, ben) = (Jam::open(config(hers), founded), Jam::open(config(his), joined));
        let mut pair = Self { ada, ben, now: LocalTime(0), commands: 0 };
        pair.ada.handle(pair.now, Event::LinkUp { link: LinkId(1), key: his, path: LinkPath::Direct });
        pair.ben.handle(pair.now, Event::LinkUp { link: LinkId(1), key: hers, path: LinkPath::Direct });
        pair.exchange(&mut Cost::default());
        assert_eq!(pair.ada.session().heads(), pair.ben.session().heads(), "Ben has caught up");
        pair
    }

    /// Ada makes an edit, and everything that follows from it happens.
    fn edit(&mut self, edit: Edit) -> Cost {
        let mut cost = Cost::default();
        self.now = self.now.plus_nanos(PACE_NANOS);
        self.commands += 1;
        let command = Event::Command { id: CommandId(self.commands), command: Command::Edit(edit) };
        let started = Instant::now();
        self.ada.handle(self.now, command);
        let frames = drain(&mut self.ada, self.now);
        cost.editing = started.elapsed();
        let started = Instant::now();
        for frame in &frames {
            self.ben.handle(self.now, Event::Frame { link: LinkId(1), bytes: frame.to_vec() });
        }
        let answers = drain(&mut self.ben, self.now);
        cost.receiving = started.elapsed();
        frames.iter().chain(&answers).for_each(|frame| cost.count(frame));
        for frame in answers {
            self.ada.handle(self.now, Event::Frame { link: LinkId(1), bytes: frame.to_vec() });
        }
        self.exchange(&mut cost);
        cost
    }

    /// Carries frames until neither has any more to say.
    fn exchange(&mut self, cost: &mut Cost) {
        loop {
            let (hers, his) = (drain(&mut self.ada, self.now), drain(&mut self.ben, self.now));
            if hers.is_empty() && his.is_empty() {
                return;
            }
            hers.iter().chain(&his).for_each(|frame| cost.count(frame));
            for frame in hers {
                self.ben.handle(self.now, Event::Frame { link: LinkId(1), bytes: frame.to_vec() });
            }
            for frame in his {
                self.ada.handle(self.now, Event::Frame { link: LinkId(1), bytes: frame.to_vec() });
            }
        }
    }
}

/// Carries out all effects on a disk that is at once done; the frames to send.
fn drain(jam: &mut Jam, now: LocalTime) -> Vec<std::sync::Arc<[u8]>> {
    let mut frames = Vec::new();
    while let Some(effect) = jam.next_effect() {
        match effect {
            Effect::Send { frame, .. } | Effect::Datagram { frame, .. } => frames.push(frame),
            Effect::Store { ticket, .. } => jam.handle(now, Event::Stored { upto: ticket }),
            Effect::Reply { result, .. } => result.expect("the edit is good"),
            Effect::Close { reason, .. } => panic!("the link was closed: {reason}"),
            Effect::Refused { reason, .. } => panic!("a message was refused: {reason}"),
            Effect::Pause { .. }
            | Effect::Patch(_)
            | Effect::Program(_)
            | Effect::KnownPeers(_)
            | Effect::Transport(_)
            | Effect::ArchiveWanted { .. } => {}
        }
    }
    frames
}
