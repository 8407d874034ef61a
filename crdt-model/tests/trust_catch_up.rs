//! Two replicas that lost touch find out what they lack and give it to each other.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod trust_support;

use crdt_model::trust::limits::{MAX_ACTOR_CHANGES, MAX_BATCH_BYTES};
use crdt_model::trust::{Admission, Chain, Coverage, Have, Outcome, Record, Refusal, Voucher, WholeDocument};
use proptest::prelude::*;
use trust_support::{Forger, Replica, altered, catch_up, raw_change, session, settle};

/// Two replicas that share a founding and then edited apart.
fn apart(edits: usize) -> (Replica, Replica) {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    bob.take(&ada.found());
    for edit in 0..edits {
        ada.put(&format!("a/{edit}"), edit as i64);
        bob.put(&format!("b/{edit}"), edit as f64 + 0.5);
        if edit % 10 == 9 {
            bob.reopen(edit as u8);
        }
    }
    (ada, bob)
}

fn bytes_of(records: &[Record]) -> Vec<Vec<u8>> {
    records.iter().map(|record| record.change.clone()).collect()
}

#[test]
fn after_working_apart_both_hold_the_same() {
    let (mut ada, mut bob) = apart(60);
    assert!(catch_up(&mut ada, &mut bob) && catch_up(&mut bob, &mut ada));
    assert!(!catch_up(&mut ada, &mut bob) && !catch_up(&mut bob, &mut ada));
    assert_eq!((ada.heads(), ada.content()), (bob.heads(), bob.content()));
    assert_eq!(ada.admission.have(), bob.admission.have());
    ada.assert_saves();
}

#[test]
fn one_voucher_for_each_actor_covers_all_of_its_changes() {
    let (ada, _) = apart(40);
    let missing = ada.admission.missing(&Have::default());
    assert_eq!((missing.changes.len(), missing.coverage.len()), (41, 1));
}

#[test]
fn batches_fit_a_frame_and_yield_everything_in_causal_order() {
    let mut ada = Replica::new(1);
    ada.found();
    let text = "x".repeat(100_000);
    // Text that repeats is compressed away, so each value is another one.
    let value =
        |i: u32| (0..100_000u32).map(|j| char::from(b'!' + (blake3_byte(i, j) % 90))).collect::<String>();
    (0..20).for_each(|i| drop(ada.put(&format!("big/{i}"), value(i))));
    drop(ada.put("flat", text));
    let missing = ada.admission.missing(&Have::default());
    let (mut rest, mut batches) = (&missing.changes[..], 0);
    let mut seen = 0;
    while !rest.is_empty() {
        let (batch, taken) = ada.admission.batch(rest);
        assert!(batch.iter().map(Vec::len).sum::<usize>() <= MAX_BATCH_BYTES);
        for bytes in batch {
            seen += 1;
            assert_eq!(automerge::Change::from_bytes(bytes).unwrap().seq(), seen);
        }
        (rest, batches) = (&rest[taken..], batches + 1);
    }
    assert!(batches > 1 && seen == 22);
}

fn blake3_byte(i: u32, j: u32) -> u8 {
    let mixed = (u64::from(i) << 32 | u64::from(j)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes()[0]
}

#[test]
fn a_batch_in_any_order_enters() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let mut records = vec![ada.found()];
    records.extend((0..30).map(|i| ada.put("a/1", i)));
    let newest = Coverage::from(records[30].voucher);
    let mut changes = bytes_of(&records);
    changes.reverse();
    let outcome = bob.admission.admit_batch(&mut bob.document, &changes, &[newest]);
    assert_eq!((outcome.applied.len(), outcome.refused.len(), outcome.incomplete), (31, 0, 0));
    assert!(outcome.applied.is_sorted_by_key(|applied| applied.seq));
    assert_eq!(ada.heads(), bob.heads());
}

#[test]
fn changes_that_no_voucher_covers_stay_out() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let mut records = vec![ada.found()];
    records.extend((0..5).map(|i| ada.put("a/1", i)));
    let third = Coverage::from(records[2].voucher);
    let outcome = bob.admission.admit_batch(&mut bob.document, &bytes_of(&records), &[third]);
    assert_eq!(outcome.applied.len(), 3);
    let uncovered: Vec<_> = outcome.refused.iter().map(|(_, refusal)| refusal.clone()).collect();
    assert_eq!(uncovered, [4, 5, 6].map(|seq| Refusal::NoVoucher { seq }));
    assert_eq!(bob.take(&records[3]).len(), 1, "they are not held against the actor");
    let mut carol = Replica::new(3);
    let none = carol.admission.admit_batch(&mut carol.document, &bytes_of(&records), &[]);
    assert!(none.applied.is_empty() && carol.admission.is_empty());
}

#[test]
fn a_forged_voucher_covers_nothing() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let records = [ada.found(), ada.put("a/1", 1)];
    let forged = Voucher { signature: Forger::of(&bob).identity.sign(b"mine"), ..records[1].voucher };
    let outcome = bob.admission.admit_batch(&mut bob.document, &bytes_of(&records), &[forged.into()]);
    assert!(outcome.applied.is_empty() && outcome.refused.len() == 2);
    assert!(bob.admission.is_empty());
}

#[test]
fn one_bad_change_in_a_batch_keeps_out_only_what_builds_on_it() {
    let (mut ada, mut bob, mut carol) = (Replica::new(1), Replica::new(2), Replica::new(3));
    let founding = ada.found();
    bob.take(&founding);
    let honest = bob.put("b/1", 1);
    let good = ada.put("a/1", 1);
    let bad = altered(&raw_change(&ada.put("a/2", 2)), |change| change.start_op = 99.try_into().unwrap());
    let forger = Forger::of(&ada);
    let bad = forger.vouch(good.voucher.chain, bad);
    let records = [founding, good, bad.clone(), honest.clone()];
    let coverage = [bad.voucher.into(), honest.voucher.into()];
    let outcome = carol.admission.admit_batch(&mut carol.document, &bytes_of(&records), &coverage);
    assert_eq!(outcome.applied.len(), 3);
    assert!(matches!(outcome.refused[..], [(Some(_), Refusal::AbsurdStartOp { .. })]));

    let mut dave = Replica::new(4);
    catch_up(&mut carol, &mut dave);
    assert_eq!(dave.heads(), carol.heads(), "what is left of Ada's line is still vouched for");
}

#[test]
fn what_misses_dependencies_is_told_apart_from_what_is_refused() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let founding = ada.found();
    bob.take(&founding);
    let seen = ada.put("a/1", 1);
    bob.take(&seen);
    let upon = bob.put("b/1", 1);
    let mut carol = Replica::new(3);
    carol.take(&founding);
    let outcome = carol.admission.admit_batch(
        &mut carol.document,
        &bytes_of(std::slice::from_ref(&upon)),
        &[upon.voucher.into()],
    );
    assert_eq!((outcome.applied.len(), outcome.refused.len(), outcome.incomplete), (0, 0, 1));
}

#[test]
fn a_batch_lets_in_what_waited_for_it() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let records: Vec<_> = std::iter::once(ada.found()).chain((0..5).map(|i| ada.put("a/1", i))).collect();
    assert_eq!(bob.admit(&records[5]), Outcome::Waiting);
    let coverage = [Coverage::from(records[4].voucher)];
    let outcome = bob.admission.admit_batch(&mut bob.document, &bytes_of(&records[..5]), &coverage);
    assert_eq!(outcome.applied.len(), 6);
    assert_eq!(ada.heads(), bob.heads());
}

#[test]
fn an_empty_replica_takes_the_whole_session() {
    let (mut ada, mut bob) = apart(50);
    let mut both = [ada, bob];
    settle(&mut both);
    [ada, bob] = both;
    drop(bob.delete("a/3"));
    let whole = bob.admission.whole();
    let bytes = postcard::to_allocvec(&whole).unwrap();
    let read: WholeDocument = postcard::from_bytes(&bytes).unwrap();
    let mut carol = Replica::new(3);
    let outcome = carol.admission.admit_whole(&mut carol.document, &read).unwrap();
    assert_eq!(outcome.applied.len(), carol.admission.len());
    assert!(outcome.refused.is_empty());
    assert_eq!((carol.heads(), carol.content()), (bob.heads(), bob.content()));
    assert_eq!(carol.admission.have(), bob.admission.have());
    carol.assert_saves();
    let twice = ada.admission.admit_whole(&mut ada.document, &read);
    assert!(matches!(twice, Err(Refusal::Unsupported(_))));
}

#[test]
fn a_whole_session_of_another_chain_is_refused_whole() {
    let (ada, _) = apart(20);
    let other = ada.admission.coverage(&ada.actor()).unwrap().clone();
    let elsewhere = Admission::new(score::id::SessionId([3; 16]));
    assert_ne!(elsewhere.session(), &session());
    let mut whole = ada.admission.whole();
    whole.coverage = vec![Coverage {
        voucher: Voucher::sign(&ada.identity, &session(), ada.nonce, other.voucher.seq, Chain([1; 32])),
        beyond: vec![],
    }];
    let mut carol = Replica::new(3);
    assert_eq!(carol.admission.admit_whole(&mut carol.document, &whole), Err(Refusal::WrongChain));
    assert!(carol.admission.is_empty());
}

#[test]
fn an_actor_has_room_for_a_long_session_but_not_without_end() {
    // Thirty edits a second for an hour fit; the bound keeps lineages and proofs below 4 MiB.
    const { assert!(MAX_ACTOR_CHANGES >= 30 * 3_600) };
    const { assert!(MAX_ACTOR_CHANGES * 32 <= 4 << 20) };
    let mut bob = Replica::new(2);
    let absurd = Have { actors: [(bob.actor(), (u64::MAX, Chain([0; 32])))].into(), ..Have::default() };
    assert!(bob.admission.missing(&absurd).is_empty());
    bob.found();
    assert!(
        bob.admission.missing(&absurd).is_empty(),
        "a replica that has more of an actor is left to say so"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Three replicas edit, now and then hand on what they have, and end alike.
    #[test]
    fn honest_replicas_converge(steps in prop::collection::vec((0usize..3, 0usize..3, 0u8..6, any::<bool>()), 1..60)) {
        let mut founder = Replica::new(1);
        let founding = founder.found();
        let mut replicas: Vec<Replica> = vec![founder, Replica::new(2), Replica::new(3)];
        drop(replicas[1].take(&founding));
        drop(replicas[2].take(&founding));
        for (number, (writer, other, key, meets)) in steps.into_iter().enumerate() {
            replicas[writer].put(&format!("k/{key}"), number as i64);
            if meets && let Ok([from, to]) = replicas.get_disjoint_mut([writer, other]) {
                catch_up(from, to);
            }
        }
        settle(&mut replicas);
        let (heads, content) = (replicas[0].heads(), replicas[0].content());
        for replica in &mut replicas {
            prop_assert_eq!(replica.heads(), heads.clone());
            prop_assert_eq!(replica.content(), content.clone());
            replica.assert_saves();
        }
    }
}

#[test]
fn a_store_brings_back_everything_and_its_vouchers() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let mut stored = vec![ada.found()];
    bob.take(&stored[0]);
    for i in 0..20 {
        stored.push(ada.put("a/1", i));
        let theirs = bob.put("b/1", i);
        ada.take(&theirs);
        stored.push(theirs);
    }
    // A crash may leave a record twice, and stores say nothing of order.
    stored.push(stored[3].clone());
    stored.reverse();
    let mut again = Replica::with_nonce(1, 1);
    let outcome = again.admission.restore(&mut again.document, &stored);
    assert_eq!((outcome.applied.len(), outcome.refused.len(), outcome.incomplete), (41, 0, 0));
    assert_eq!((again.heads(), again.content()), (ada.heads(), ada.content()));
    assert_eq!(again.admission.have(), ada.admission.have());
    let mut carol = Replica::new(3);
    catch_up(&mut again, &mut carol);
    assert_eq!(carol.heads(), ada.heads());
    carol.take(&again.put("a/2", "goes on"));
}

#[test]
fn a_store_with_a_torn_write_opens_without_it_and_catches_up() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let mut records = vec![ada.found()];
    records.extend((0..9).map(|i| ada.put("a/1", i)));
    // The first two came live; the others in one batch, so that each holds the voucher of the last.
    let newest = records[9].voucher;
    let mut stored = records[..6].to_vec();
    stored[2..].iter_mut().for_each(|record| record.voucher = newest);
    let outcome = bob.admission.restore(&mut bob.document, &stored);
    assert_eq!((outcome.applied.len(), bob.admission.len()), (2, 2));
    assert_eq!(outcome.refused.len(), 4);
    assert!(outcome.refused.iter().all(|(_, refusal)| matches!(refusal, Refusal::NoVoucher { .. })));
    catch_up(&mut ada, &mut bob);
    assert_eq!(bob.heads(), ada.heads());
    let mut carol = Replica::new(3);
    catch_up(&mut bob, &mut carol);
    assert_eq!(carol.heads(), ada.heads(), "what was brought back is handed on");
}

#[test]
fn a_history_that_repeats_itself_opens_from_the_own_store_and_travels_in_batches() {
    let mut ada = Replica::new(1);
    ada.found();
    (0..16_000).for_each(|edit| drop(ada.put("step", edit % 2)));
    let whole = ada.admission.whole();
    let mut again = Replica::new(1);
    again.admission.admit_own_whole(&mut again.document, &whole).unwrap();
    assert_eq!((again.heads(), again.content()), (ada.heads(), ada.content()));
    let mut bob = Replica::new(2);
    let refused = bob.admission.admit_whole(&mut bob.document, &whole);
    assert!(matches!(refused, Err(Refusal::DocumentTooLarge)), "{} bytes", whole.history.len());
    assert_eq!(ada.admission.whole_for_others(), None);
    assert!(catch_up(&mut ada, &mut bob));
    assert_eq!(bob.heads(), ada.heads());
}
