//! Strangers' bytes: whatever comes as a frame, decoding answers with a message or a readable refusal.
//!
//! Frames that ever broke decoding are kept in `wire_crashers/`, one file each, and tried every time.

use crdt_model::trust::{ChangeHash, Identity, SessionOrigin};
use crdt_model::{FoundingRandom, Session};
use jam::limits::{MAX_FRAME_BYTES, MAX_PEERS};
use jam::wire::{
    self, Address, Bye, Changes, Clock, Heads, Hello, Message, Others, PROTOCOLS, Parting, Person, Presence,
    Protocols, Root, SharedClockState, WireError,
};
use jam::{CommandId, Config, Event, Jam, Line, LinkId};
use proptest::prelude::*;
use score::{LocalTime, PlayerKey, SharedTime, UnixMillis};
use view::{Command, LinkPath, Role};

fn hello(protocols: Protocols) -> Hello {
    let origin = SessionOrigin { founder: PlayerKey([1; 32]), nonce: [2; 16] };
    Hello {
        protocols,
        session: origin.id(),
        origin: Some(origin),
        key: PlayerKey([3; 32]),
        role: Role::Editor,
        archive: false,
        name: "Ada".into(),
        address: Some(Address(vec![1, 2, 3])),
    }
}

fn absurd_shared_time() -> SharedClockState {
    SharedClockState {
        epoch: 0,
        root: Root { since: SharedTime(i64::MIN), key: PlayerKey([0; 32]) },
        path: vec![PlayerKey([0; 32])],
        line: Line { local: LocalTime(i64::MIN), shared: SharedTime(i64::MAX), rate_ppt: i64::MIN },
        uncertainty_micros: u32::MAX,
        players: u16::MAX,
    }
}

/// Times at the ends of what a number holds, in every order, from someone whose clock is followed.
#[test]
fn absurd_clocks_are_survived() {
    let founder = Identity::from_secret(&[1; 32]);
    let random = FoundingRandom { nonce: [7; 16], seed: 1 };
    let session = Session::create(founder.clone(), random, "Clocks", UnixMillis(0)).unwrap().0;
    let origin = session.origin();
    let mut jam = Jam::open(Config::player(founder.player(), [1; 32]), session);
    let (link, key) = (LinkId(1), PlayerKey([3; 32]));
    let mut now = LocalTime(0);
    jam.handle(now, Event::LinkUp { link, key, path: LinkPath::Direct });
    let greeting = Hello { session: origin.id(), origin: Some(origin), key, ..hello(PROTOCOLS) };
    let mut told =
        vec![Message::Hello(greeting), Message::Clock(Clock::Shared(Box::new(absurd_shared_time())))];
    let ends = [i64::MAX, i64::MIN, 0, i64::MIN + 1, -1];
    told.extend((1..60).map(|number| {
        Message::Clock(Clock::Answer {
            number,
            came: LocalTime(ends[number as usize % ends.len()]),
            held_nanos: u32::MAX,
        })
    }));
    for message in told {
        now = now.plus_nanos(100_000_000);
        jam.handle(now, Event::Frame { link, bytes: wire::encode(&message) });
        jam.handle(now, Event::Command { id: CommandId(0), command: Command::Stop });
        jam.handle(now, Event::Command { id: CommandId(0), command: Command::Play });
        while jam.next_effect().is_some() {}
    }
    assert!(jam.shared_time(now).is_some() && jam.transport().is_some());
}

fn messages() -> Vec<Message> {
    vec![
        Message::Hello(hello(PROTOCOLS)),
        Message::Bye(Bye {
            parting: Parting::Restarting,
            reason: "soon back".into(),
            retry_after_millis: Some(2_000),
        }),
        Message::Heads(Heads { changes: vec![ChangeHash([7; 32]); 3], proofs: [9; 16] }),
        Message::Changes(Changes { changes: vec![vec![1, 2, 3], vec![]], left: 9 }),
        Message::Peers(vec![(PlayerKey([4; 32]), Address(vec![5; 100]))]),
        Message::Linked(vec![PlayerKey([4; 32]); 2]),
        Message::Presence(Presence { name: "Ada".into(), cursor: None }),
        Message::Others(Others {
            here: vec![(PlayerKey([6; 32]), Person { role: Role::Listener, presence: Presence::default() })],
            gone: vec![PlayerKey([7; 32])],
        }),
        Message::Ping(7),
        Message::Clock(Clock::Ask(7)),
        Message::Clock(Clock::Shared(Box::new(absurd_shared_time()))),
        Message::Clock(Clock::Answer { number: 7, came: LocalTime(-1), held_nanos: 3 }),
        Message::More,
    ]
}

#[test]
fn a_message_reads_what_it_writes() {
    for message in messages() {
        assert_eq!(wire::decode(&wire::encode(&message)), Ok(message));
    }
}

#[test]
fn every_frame_that_ever_broke_decoding_is_answered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_crashers");
    let mut tried = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let _ = wire::decode(&std::fs::read(file.unwrap().path()).unwrap());
        tried += 1;
    }
    assert!(tried >= 3, "the folder holds at least the frames that declare absurd lengths");
}

#[test]
fn unknown_kinds_and_versions_are_refused_by_name() {
    for reserved in [16, 18, 25, 255] {
        let error = wire::decode(&[reserved, 0]).unwrap_err();
        assert_eq!(error, WireError::UnknownKind(reserved));
        assert!(error.to_string().contains(&reserved.to_string()));
    }
    let later = Message::Hello(hello(Protocols { newest: 9, oldest: 8 }));
    assert!(matches!(wire::decode(&wire::encode(&later)), Err(WireError::Version { .. })));
}

#[test]
fn a_later_hello_is_read_as_far_as_it_is_known() {
    let next = Message::Hello(hello(Protocols { newest: PROTOCOLS.newest + 1, oldest: PROTOCOLS.newest }));
    let mut frame = wire::encode(&next);
    frame.extend([1, 2, 3, 4]);
    assert_eq!(wire::decode(&frame), Ok(next));
    let mut ping = wire::encode(&Message::Ping(1));
    ping.push(0);
    assert_eq!(wire::decode(&ping), Err(WireError::Trailing { kind: "Ping", bytes: 1 }));
}

#[test]
fn declared_lengths_are_checked_before_room_is_made() {
    assert!(wire::frame_length([0; 4]).is_err());
    assert!(wire::frame_length((MAX_FRAME_BYTES as u32 + 1).to_le_bytes()).is_err());
    assert_eq!(wire::frame_length(1000u32.to_le_bytes()), Ok(1000));
    let many = Message::Linked(vec![PlayerKey([4; 32]); MAX_PEERS + 1]);
    assert!(matches!(wire::decode(&wire::encode(&many)), Err(WireError::Malformed { .. })));
}

proptest! {
    #[test]
    fn noise_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = wire::decode(&bytes);
    }

    #[test]
    fn damaged_messages_are_answered(
        which in 0usize..13,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut frame = wire::encode(&messages()[which]);
        for (at, byte) in damage {
            let at = at.index(frame.len());
            frame[at] = byte;
        }
        let _ = wire::decode(&frame);
        frame.truncate(cut.index(frame.len()));
        let _ = wire::decode(&frame);
    }
}
