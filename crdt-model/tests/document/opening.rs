use crdt_model::trust::{ActorNonce, Identity};
use crdt_model::{Checkpoint, CheckpointError, LoadError, Session, Stored};
use score::Edit;

use crate::players::{found, pair};

#[test]
fn a_session_opens_as_it_was_closed() {
    let (mut ada, mut bob, track, scene) = pair();
    bob.step(track, scene, 3, true);
    ada.pull(&bob);
    let before = ada.session.score().clone();
    ada.reopen();
    assert_eq!(ada.session.score(), &before);
    ada.step(track, scene, 4, true);
    bob.pull(&ada);
    assert!(bob.is_on(track, scene, 4));
    ada.check();
}

#[test]
fn a_snapshot_and_the_records_after_it_are_enough() {
    let (mut ada, _, track, scene) = pair();
    let snapshot = ada.session.snapshot();
    let at = ada.records.len();
    ada.step(track, scene, 3, true);
    let stored = Stored {
        origin: ada.session.origin(),
        snapshot: Some(snapshot),
        records: ada.records[at..].to_vec(),
        proofs: Vec::new(),
    };
    let opened = Session::load(Identity::from_secret(&[1; 32]), ActorNonce([90; 16]), stored).unwrap();
    assert_eq!(opened.score(), ada.session.score());
    assert!(opened.can_undo());
}

#[test]
fn a_snapshot_with_its_document_opens_as_without_and_a_wrong_document_is_passed_over() {
    let (mut ada, mut bob, track, scene) = pair();
    bob.step(track, scene, 2, true);
    ada.pull(&bob);
    let before = ada.session.automerge();
    ada.step(track, scene, 3, true);
    let document = ada.session.automerge();
    let (snapshot, at) = (ada.session.snapshot(), ada.records.len());
    ada.step(track, scene, 4, true);
    let open = |document: Option<&[u8]>| {
        let stored = Stored {
            origin: ada.session.origin(),
            snapshot: Some(snapshot.clone()),
            records: ada.records[at..].to_vec(),
            proofs: Vec::new(),
        };
        Session::load_with(Identity::from_secret(&[1; 32]), ActorNonce([90; 16]), stored, document).unwrap()
    };
    let damaged = document.iter().map(|byte| byte ^ 1).collect::<Vec<_>>();
    for document in
        [None, Some(&document[..]), Some(&before), Some(&damaged), Some(&document[..50]), Some(b"")]
    {
        let mut opened = open(document);
        assert_eq!(opened.score(), ada.session.score());
        assert_eq!(opened.heads(), ada.session.heads());
        assert_eq!(opened.have(), ada.session.have());
        let is_on = |opened: &Session, number| {
            opened.score().tracks[&track].pattern(scene).step(number).is_some_and(|step| step.on)
        };
        opened.undo().unwrap().unwrap();
        assert!(is_on(&opened, 3) && !is_on(&opened, 4));
    }
}

#[test]
fn a_damaged_store_says_so() {
    let ada = found(1);
    let mut records = ada.records.clone();
    records[0].change[40] ^= 1;
    let stored = Stored { origin: ada.session.origin(), snapshot: None, records, proofs: Vec::new() };
    let opened = Session::load(Identity::from_secret(&[1; 32]), ActorNonce([90; 16]), stored);
    assert!(matches!(opened.unwrap_err(), LoadError::Refused { .. }));
}

#[test]
fn a_torn_write_does_not_keep_a_session_from_opening() {
    let (mut ada, mut bob, track, scene) = pair();
    let before = ada.session.snapshot();
    (0..5).for_each(|step| bob.step(track, scene, step, true));
    let mut torn = bob.records[bob.records.len() - 5..].to_vec();
    let newest = torn[4].voucher;
    torn.iter_mut().for_each(|record| record.voucher = newest);
    torn.pop();
    let origin = ada.session.origin();
    let stored = Stored { origin, snapshot: Some(before), records: torn, proofs: Vec::new() };
    let opened = Session::load(Identity::from_secret(&[1; 32]), ActorNonce([90; 16]), stored).unwrap();
    assert_eq!((opened.left_out(), opened.score()), (4, ada.session.score()));
    ada.pull(&bob);
    ada.reopen();
    assert_eq!(ada.session.left_out(), 0);
}

#[test]
fn a_checkpoint_shows_the_session_in_two_kilobytes() {
    let (mut ada, _, _, scene) = pair();
    for id in 2..9 {
        let track = ada.add_track(id);
        (0..16).filter(|step| step % 4 == id as u16 % 4).for_each(|step| ada.step(track, scene, step, true));
    }
    ada.edit(Edit::SetMasterEffect("reverb.decay".to_owned(), Some(score::track::EffectValue::Number(2.5))));
    let checkpoint = ada.session.checkpoint();
    let bytes = checkpoint.write();
    assert!(bytes.len() < 2_500, "{} bytes", bytes.len());
    assert_eq!(Checkpoint::read(&bytes), Ok(checkpoint.clone()));
    assert!(checkpoint.is_whole);
    assert_eq!((&checkpoint.score, checkpoint.heads), (ada.session.score(), ada.session.heads()));
    assert_eq!(Checkpoint::read(&bytes[..bytes.len() - 1]), Err(CheckpointError::Malformed));
    assert_eq!(Checkpoint::read(b"something else"), Err(CheckpointError::Malformed));
}

#[test]
fn a_checkpoint_holds_the_newest_messages() {
    let mut ada = found(1);
    let by = ada.session.player();
    for at in 0..205 {
        let id = score::MessageId::from_random(at);
        ada.edit(Edit::Say { id, by, at: score::UnixMillis(at as i64), text: "x".repeat(500) });
    }
    let checkpoint = ada.session.checkpoint();
    assert_eq!(ada.session.score().chat.len(), 205);
    assert_eq!((checkpoint.score.chat.len(), checkpoint.is_whole), (200, false));
    assert_eq!(checkpoint.score.chat.values().map(|message| message.at.0).min(), Some(5));
}
