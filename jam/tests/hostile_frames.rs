//! Strangers' bytes: whatever comes as a frame, decoding answers with a message or a readable refusal.
//!
//! Frames that ever broke decoding are kept in `wire_crashers/`, one file each, and tried every time.

use crdt_model::trust::{ChangeHash, SessionOrigin};
use jam::limits::{MAX_FRAME_BYTES, MAX_PEERS};
use jam::wire::{
    self, Address, Bye, Changes, Clock, Heads, Hello, Message, Others, PROTOCOLS, Parting, Person, Presence,
    Protocols, WireError,
};
use proptest::prelude::*;
use score::{LocalTime, PlayerKey};
use view::Role;

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
        Message::Clock(Clock::Answer { number: 7, at: LocalTime(-1) }),
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
    for reserved in [16, 18, 24, 255] {
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
        which in 0usize..12,
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
