//! What enters a session's document, and what is refused and why.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod trust_support;

use std::num::NonZeroU64;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};
use crdt_model::trust::limits::{MAX_CHANGE_OPS, MAX_QUARANTINED_BYTES, MAX_QUARANTINED_CHANGES};
use crdt_model::trust::{ActorId, ActorNonce, Identity, Outcome, Record, Refusal, Voucher};
use trust_support::{Forger, Replica, altered, raw_change, session};

/// Two players in one founded session, and the records of the first.
fn founded() -> (Replica, Replica, Vec<Record>) {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let record = ada.found();
    bob.take(&record);
    (ada, bob, vec![record])
}

fn refusal(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::Refused(refusal) => refusal,
        other => panic!("it was to be refused, but: {other:?}"),
    }
}

#[test]
fn honest_edits_enter_and_both_replicas_hold_the_same() {
    let (mut ada, mut bob, _) = founded();
    let edits: Vec<_> = (0..20).map(|step| ada.put(&format!("a/{step}"), f64::from(step) * 0.1)).collect();
    for record in &edits {
        drop(bob.take(record));
    }
    let answers: Vec<_> = (0..20).map(|step| bob.put(&format!("a/{step}"), i64::from(step))).collect();
    for record in &answers {
        drop(ada.take(record));
    }
    let gone = [bob.delete("a/3"), bob.delete("a/4")];
    for record in &gone {
        drop(ada.take(record));
    }
    assert_eq!(ada.heads(), bob.heads());
    assert_eq!(ada.content(), bob.content());
    ada.assert_saves();
    bob.assert_saves();
}

#[test]
fn concurrent_edits_under_one_key_enter_in_either_order() {
    let (mut ada, mut bob, _) = founded();
    let (one, other) = (ada.put("a/1", 1), bob.put("a/1", "x"));
    ada.take(&other);
    bob.take(&one);
    let over = ada.put("a/1", 2.5);
    bob.take(&over);
    assert_eq!((ada.heads(), ada.content()), (bob.heads(), bob.content()));
    ada.assert_saves();
}

#[test]
fn a_replayed_record_changes_nothing() {
    let (mut ada, mut bob, _) = founded();
    let record = ada.put("a/1", true);
    bob.take(&record);
    let heads = bob.heads();
    assert_eq!(bob.admit(&record), Outcome::AlreadyKnown);
    assert_eq!(bob.heads(), heads);
}

#[test]
fn forged_authorship_is_refused() {
    let (mut ada, mut bob, _) = founded();
    let record = ada.put("a/1", true);
    let mallory = Identity::from_secret(&[66; 32]);

    let own_voucher =
        Voucher::sign(&mallory, &session(), ada.nonce, record.voucher.seq, record.voucher.chain);
    assert_eq!(refusal(bob.admit(&Record { voucher: own_voucher, ..record.clone() })), Refusal::WrongActor);

    let signed_by_another = Voucher { signature: own_voucher.signature, ..record.voucher };
    assert_eq!(
        refusal(bob.admit(&Record { voucher: signed_by_another, ..record.clone() })),
        Refusal::BadSignature
    );

    bob.take(&record);
}

#[test]
fn a_record_of_another_session_is_refused() {
    let (mut ada, mut bob, records) = founded();
    let record = ada.put("a/1", true);
    let chain = Forger::of(&ada).chain_before(&records).then(&raw_change(&record).hash().into());
    let elsewhere = Voucher::sign(&ada.identity, &score::id::SessionId([9; 16]), ada.nonce, 2, chain);
    assert_eq!(refusal(bob.admit(&Record { voucher: elsewhere, ..record.clone() })), Refusal::BadSignature);
    bob.take(&record);
}

#[test]
fn a_voucher_for_other_changes_is_noticed_and_does_not_poison_the_change() {
    let (mut ada, mut bob, _) = founded();
    let record = ada.put("a/1", true);
    let other_chain = Voucher::sign(
        &ada.identity,
        &session(),
        ada.nonce,
        2,
        record.voucher.chain.then(&raw_change(&record).hash().into()),
    );
    assert_eq!(
        bob.admit(&Record { voucher: other_chain, ..record.clone() }),
        Outcome::Contradiction(ada.actor())
    );
    let other_seq = Voucher::sign(&ada.identity, &session(), ada.nonce, 3, record.voucher.chain);
    assert_eq!(refusal(bob.admit(&Record { voucher: other_seq, ..record.clone() })), Refusal::WrongChain);
    bob.take(&record);
}

#[test]
fn a_gap_is_refused() {
    let (mut ada, mut bob, records) = founded();
    let record = ada.put("a/1", true);
    let skipping = altered(&raw_change(&record), |change| change.seq = 3);
    let forged = Forger::of(&ada).vouch(Forger::of(&ada).chain_before(&records), skipping);
    assert_eq!(refusal(bob.admit(&forged)), Refusal::Gap { seq: 3, expected: 2 });
    assert_eq!(refusal(bob.admit(&forged)), Refusal::KnownRefused);
    bob.take(&record);
}

#[test]
fn a_change_beside_its_actors_previous_change_is_refused() {
    let (mut ada, mut bob, mut records) = founded();
    let second = ada.put("a/1", true);
    let third = ada.put("a/2", true);
    bob.take(&second);
    let beside = altered(&raw_change(&third), |change| {
        change.deps = raw_change(&second).deps().to_vec();
        change.start_op = raw_change(&second).start_op();
    });
    records.push(second);
    let forged = Forger::of(&ada).vouch(Forger::of(&ada).chain_before(&records), beside);
    assert_eq!(refusal(bob.admit(&forged)), Refusal::MissingPrevious { seq: 3 });
    bob.take(&third);
}

#[test]
fn absurd_operation_ids_are_refused() {
    let (mut ada, mut bob, records) = founded();
    let record = ada.put("a/1", true);
    let expected = raw_change(&record).start_op().get();
    for absurd in [expected + 1, expected - 1, u64::from(u32::MAX)] {
        let change =
            altered(&raw_change(&record), |change| change.start_op = NonZeroU64::new(absurd).unwrap());
        let forged = Forger::of(&ada).vouch(Forger::of(&ada).chain_before(&records), change);
        assert_eq!(refusal(bob.admit(&forged)), Refusal::AbsurdStartOp { start_op: absurd, expected });
    }
    let change = altered(&raw_change(&record), |change| change.start_op = NonZeroU64::new(1 << 40).unwrap());
    let forged = Forger::of(&ada).vouch(Forger::of(&ada).chain_before(&records), change);
    assert!(matches!(refusal(bob.admit(&forged)), Refusal::Malformed(_)));
    bob.take(&record);
}

#[test]
fn too_many_operations_are_refused_and_the_most_allowed_enter() {
    let (mut ada, mut bob, _) = founded();
    let map = ada.document.put_object(ROOT, "wide", ObjType::Map).unwrap();
    (1..MAX_CHANGE_OPS).for_each(|i| ada.document.put(&map, i.to_string(), true).unwrap());
    bob.take(&ada.commit());
    (0..=MAX_CHANGE_OPS).for_each(|i| ada.document.put(&map, i.to_string(), 2).unwrap());
    ada.document.commit();
    let change = ada.document.get_last_local_change().unwrap();
    let refused = ada.admission.vouch_local(&ada.identity, ada.nonce, change).unwrap_err();
    assert_eq!(refused, Refusal::TooManyOps);
    ada.admission.forget_local(&mut ada.document);
    assert_eq!(ada.heads(), bob.heads());
    let after = ada.put("a/1", true);
    bob.take(&after);
}

#[test]
fn references_to_what_the_ancestors_do_not_hold_are_refused() {
    let (mut ada, mut bob, records) = founded();
    let (mine, beside) = (ada.put("a/1", true), bob.put("a/2", true));
    ada.take(&beside);
    let forger = Forger::of(&ada);
    let over = ada.put("a/2", 5);

    // It builds on Ada's own change alone, yet replaces a value of Bob's, which is no ancestor then.
    let unseen = altered(&raw_change(&over), |change| {
        change.deps = vec![raw_change(&mine).hash()];
    });
    let line = [records[0].clone(), mine.clone()];
    let forged = forger.vouch(forger.chain_before(&line), unseen);
    bob.take(&mine);
    assert!(matches!(refusal(bob.admit(&forged)), Refusal::DanglingReference { op: 0, .. }));

    // It replaces a value under another key.
    let elsewhere = altered(&raw_change(&over), |change| {
        change.operations[0].key = automerge::legacy::Key::Map("a/3".into());
    });
    let forged = forger.vouch(forger.chain_before(&line), elsewhere);
    assert!(matches!(refusal(bob.admit(&forged)), Refusal::DanglingReference { op: 0, .. }));

    // It writes into a scalar.
    let into_scalar = altered(&raw_change(&over), |change| {
        let scalar = raw_change(&mine).start_op().get();
        change.operations[0].obj =
            automerge::legacy::ObjectId::Id(automerge::legacy::OpId(scalar, ada.actor().into()));
    });
    let forged = forger.vouch(forger.chain_before(&line), into_scalar);
    assert!(matches!(refusal(bob.admit(&forged)), Refusal::DanglingReference { op: 0, .. }));

    bob.take(&over);
    assert_eq!((ada.heads(), ada.content()), (bob.heads(), bob.content()));
}

#[test]
fn what_sessions_do_not_use_is_refused() {
    let mut odd = Vec::new();
    let make = |edit: &dyn Fn(&mut AutoCommit)| {
        let ada = Replica::new(1);
        let mut document = AutoCommit::new().with_actor(ada.actor().into());
        edit(&mut document);
        document.commit();
        let change = document.get_last_local_change().unwrap();
        Forger::of(&ada).vouch(Forger::of(&ada).chain_before(&[]), change)
    };
    odd.push(make(&|document| drop(document.put_object(ROOT, "list", ObjType::List).unwrap())));
    odd.push(make(&|document| drop(document.put_object(ROOT, "text", ObjType::Text).unwrap())));
    odd.push(make(&|document| document.put(ROOT, "counter", automerge::ScalarValue::counter(1)).unwrap()));
    odd.push(make(&|document| document.put(ROOT, "nan", f64::NAN).unwrap()));
    odd.push(make(&|document| {
        document.empty_change(automerge::transaction::CommitOptions::default());
    }));
    for record in odd {
        let outcome = Replica::new(2).admit(&record);
        assert!(matches!(refusal(outcome.clone()), Refusal::Unsupported(_)), "{outcome:?}");
    }
}

#[test]
fn changes_wait_for_their_dependencies_and_enter_together() {
    let (mut ada, mut bob, _) = founded();
    let mut records: Vec<_> = (0..30).map(|step| ada.put(&format!("a/{step}"), step)).collect();
    records.reverse();
    let last = records.pop().unwrap();
    for record in &records {
        assert_eq!(bob.admit(record), Outcome::Waiting);
    }
    assert_eq!(bob.admission.waiting().0, 29);
    assert_eq!(bob.take(&last).len(), 30);
    assert_eq!(bob.admission.waiting(), (0, 0));
    assert_eq!((ada.heads(), ada.content()), (bob.heads(), bob.content()));
}

#[test]
fn what_builds_on_a_refused_change_is_refused() {
    let (mut ada, mut bob, records) = founded();
    let record = ada.put("a/1", true);
    let forger = Forger::of(&ada);
    let bad = altered(&raw_change(&record), |change| change.start_op = NonZeroU64::new(77).unwrap());
    let on_bad = altered(&raw_change(&record), |change| {
        change.seq = 3;
        change.deps = vec![bad.hash()];
        change.start_op = NonZeroU64::new(78).unwrap();
    });
    let before = forger.chain_before(&records);
    let bad_record = forger.vouch(before, bad.clone());
    let child = forger.vouch(before.then(&bad.hash().into()), on_bad);
    assert!(matches!(refusal(bob.admit(&bad_record)), Refusal::AbsurdStartOp { .. }));
    assert_eq!(refusal(bob.admit(&child)), Refusal::RefusedDependency);
}

#[test]
fn a_flood_of_waiting_changes_stays_within_bounds_and_leaves_room_for_others() {
    let (mut ada, mut bob, _) = founded();
    let first = ada.put("a/0", 0);
    let waiting = ada.put("a/1", 1);
    assert_eq!(bob.admit(&waiting), Outcome::Waiting);

    let mallory = Identity::from_secret(&[66; 32]);
    let nowhere = [0x5a; 32];
    for flood in 0..2 * MAX_QUARANTINED_CHANGES {
        let nonce = ActorNonce((flood as u128).to_le_bytes());
        let actor = ActorId::derive(&mallory.player(), &nonce);
        let orphan = altered(&raw_change(&waiting), |change| {
            change.actor_id = actor.into();
            change.seq = 2;
            change.deps = vec![automerge::ChangeHash(nowhere)];
            change.operations[0].obj = automerge::legacy::ObjectId::Root;
            change.message = Some("m".repeat(4_000));
        });
        let forger = Forger { identity: mallory.clone(), nonce };
        let record = forger.vouch(forger.chain_before(&[]), orphan);
        assert_eq!(bob.admit(&record), Outcome::Waiting);
        let (count, bytes) = bob.admission.waiting();
        assert!(count <= MAX_QUARANTINED_CHANGES && bytes <= MAX_QUARANTINED_BYTES);
    }
    assert_eq!(bob.take(&first).len(), 2, "Ada's change has kept its place");
}

#[test]
fn an_actor_takes_over_where_another_of_the_same_player_stopped() {
    let (mut ada, mut bob, _) = founded();
    bob.take(&ada.put("a/1", 1));
    ada.reopen(9);
    let (one, two) = (ada.put("a/1", 2), ada.delete("a/1"));
    bob.take(&one);
    bob.take(&two);
    assert_eq!((ada.heads(), ada.content()), (bob.heads(), bob.content()));
    bob.assert_saves();
}
