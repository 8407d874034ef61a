//! A player who writes two changes under one number: it is proven, and all honest replicas end with the same document.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod trust_support;

use crdt_model::trust::limits::MAX_FORKED_CHANGES_PER_ACTOR;
use crdt_model::trust::{ChangeHash, Identity, Outcome, Proof, Record, Refusal};
use proptest::prelude::*;
use proptest::sample::Index;
use trust_support::{Replica, catch_up, raw_change, session, settle};

fn hash(record: &Record) -> ChangeHash {
    raw_change(record).hash().into()
}

/// A founded session, and two copies of one actor of player 66 that have seen its founding.
fn twins() -> (Record, Replica, Replica) {
    let mut founder = Replica::new(1);
    let founding = founder.found();
    let (mut one, mut other) = (Replica::new(66), Replica::new(66));
    one.take(&founding);
    other.take(&founding);
    (founding, one, other)
}

/// A replica of player `number` that has taken `records`.
fn replica(number: u8, records: &[&Record]) -> Replica {
    let mut replica = Replica::new(number);
    for record in records {
        drop(replica.take(record));
    }
    replica
}

fn proof_of(outcome: Outcome) -> Proof {
    match outcome {
        Outcome::Equivocation(equivocation) => equivocation.proof,
        other => panic!("it was to be proven, but: {other:?}"),
    }
}

#[test]
fn two_changes_with_one_number_are_a_proof_and_the_smaller_hash_stays() {
    let (founding, mut one, mut other) = twins();
    let (left, right) = (one.put("a/1", 1), other.put("a/1", 2));
    let (kept, dropped) = if hash(&left) < hash(&right) { (left, right) } else { (right, left) };

    let mut first_kept = replica(2, &[&founding, &kept]);
    let proof = proof_of(first_kept.admit(&dropped));
    assert_eq!(proof.verify(&session()), Ok(()));
    assert_eq!(proof.forked(), Some((hash(&kept), hash(&dropped))));
    assert_eq!(first_kept.admission.rewrites(), 0, "what stays was there already");
    assert!(matches!(
        first_kept.admit(&dropped),
        Outcome::Refused(Refusal::KnownRefused | Refusal::Equivocated)
    ));

    let mut first_dropped = replica(3, &[&founding, &dropped]);
    let Outcome::Equivocation(equivocation) = first_dropped.admit(&kept) else {
        panic!("it was to be proven")
    };
    assert_eq!(equivocation.proof.id(), proof.id());
    assert_eq!(equivocation.fell_out.iter().map(|change| change.hash).collect::<Vec<_>>(), [hash(&dropped)]);
    assert_eq!(equivocation.applied.iter().map(|change| change.hash).collect::<Vec<_>>(), [hash(&kept)]);

    assert_eq!((first_kept.heads(), first_kept.content()), (first_dropped.heads(), first_dropped.content()));
    first_dropped.assert_saves();
}

#[test]
fn what_honest_players_built_on_a_losing_branch_falls_out_and_is_issued_again() {
    let (founding, mut one, mut other) = twins();
    let (left, right) = (one.put("a/1", 1), other.put("a/1", 2));
    let (kept, dropped) = if hash(&left) < hash(&right) { (left, right) } else { (right, left) };
    let mut bob = replica(2, &[&founding]);
    let before = bob.put("b/1", 1);
    bob.take(&dropped);
    let (upon, later) = (bob.put("b/2", 2), bob.put("b/3", 3));
    let mut carol = replica(3, &[&founding, &kept, &before]);

    let Outcome::Equivocation(equivocation) = bob.admit(&kept) else { panic!("it was to be proven") };
    let fallen: Vec<_> = equivocation.fell_out.iter().map(|change| change.hash).collect();
    assert_eq!(fallen, [hash(&dropped), hash(&upon), hash(&later)]);
    assert!(bob.admission.holds(&hash(&before)), "what was not built on it stays");

    bob.reopen(1);
    let again = bob.put("b/2", 2);
    catch_up(&mut bob, &mut carol);
    assert!(carol.admission.holds(&hash(&again)));
    assert!(!catch_up(&mut carol, &mut bob) && !catch_up(&mut bob, &mut carol));
    assert_eq!((bob.heads(), bob.content()), (carol.heads(), carol.content()));

    let mut dave = Replica::new(4);
    catch_up(&mut carol, &mut dave);
    catch_up(&mut bob, &mut dave);
    assert_eq!(
        dave.heads(),
        carol.heads(),
        "what is left of a line is vouched for, though its voucher reached further"
    );
    let mut erin = Replica::new(5);
    erin.admission.admit_whole(&mut erin.document, &bob.admission.whole()).unwrap();
    assert_eq!(erin.heads(), bob.heads());
}

#[test]
fn a_fork_that_shows_only_in_later_vouchers_is_found_by_lineages() {
    let (founding, mut one, mut other) = twins();
    let left: Vec<_> = (0..5).map(|i| one.put(&format!("l/{i}"), i)).collect();
    let right: Vec<_> = (0..7).map(|i| other.put(&format!("r/{i}"), i)).collect();
    let mut bob = replica(2, &[&[&founding], &left.iter().collect::<Vec<_>>()[..]].concat());
    let mut carol = replica(3, &[&[&founding], &right.iter().collect::<Vec<_>>()[..]].concat());
    assert_eq!(bob.admit(&right[4]), Outcome::Contradiction(one.actor()));
    let mut both = [bob, carol];
    settle(&mut both);
    [bob, carol] = both;
    assert_eq!((bob.heads(), bob.content()), (carol.heads(), carol.content()));
    assert_eq!(bob.admission.proofs().count(), 1);
}

#[test]
fn a_proof_that_does_not_hold_is_refused() {
    let (founding, mut one, mut other) = twins();
    let (left, right) = (one.put("a/1", 1), other.put("a/1", 2));
    let mut bob = replica(2, &[&founding, &left]);
    let proof = proof_of(bob.admit(&right));
    let mut carol = replica(3, &[&founding]);
    let mut refused = |proof: Proof| carol.admission.admit_proof(&mut carol.document, proof).unwrap_err();

    let swapped = Proof { kept: proof.dropped.clone(), dropped: proof.kept.clone(), ..proof.clone() };
    assert!(matches!(refused(swapped), Refusal::BadProof(_)));
    let same = Proof { dropped: proof.kept.clone(), ..proof.clone() };
    assert!(matches!(refused(same), Refusal::BadProof(_)));
    let mut elsewhere = proof.clone();
    elsewhere.seq = 2;
    assert!(matches!(refused(elsewhere), Refusal::BadProof(_)));
    let mut forged = proof.clone();
    forged.dropped.changes[0].0[31] ^= 1;
    assert!(matches!(refused(forged), Refusal::BadProof(_)));
    let mut unsigned = proof.clone();
    unsigned.dropped.voucher.signature = Identity::from_secret(&[9; 32]).sign(b"");
    assert_eq!(refused(unsigned), Refusal::BadSignature);
    assert_eq!(carol.admission.proofs().count(), 0);

    let bytes = postcard::to_allocvec(&proof).unwrap();
    let read: Proof = postcard::from_bytes(&bytes).unwrap();
    assert!(carol.admission.admit_proof(&mut carol.document, read.clone()).unwrap().is_some());
    assert!(
        carol.admission.admit_proof(&mut carol.document, read).unwrap().is_none(),
        "a known proof is no news"
    );
}

#[test]
fn an_actor_that_forks_without_end_loses_all_it_wrote() {
    let (founding, ..) = twins();
    let mut bob = replica(2, &[&founding]);
    let mut twins: Vec<Replica> =
        (0..=MAX_FORKED_CHANGES_PER_ACTOR).map(|_| replica(66, &[&founding])).collect();
    let mut forks: Vec<Record> =
        twins.iter_mut().enumerate().map(|(i, twin)| twin.put("a/1", i as i64)).collect();
    // Each next one has a smaller hash, so each is to stay in place of the one before.
    forks.sort_by_key(|record| std::cmp::Reverse(hash(record)));
    for record in &forks {
        drop(bob.admit(record));
    }
    let rewrites = bob.admission.rewrites();
    assert!(rewrites <= MAX_FORKED_CHANGES_PER_ACTOR as u64 + 1);
    assert_eq!(bob.heads(), [hash(&founding)]);
    let another = replica(66, &[&founding]).put("a/1", "one more");
    assert!(matches!(bob.admit(&another), Outcome::Refused(Refusal::Equivocated)));
    let mut carol = Replica::new(3);
    catch_up(&mut bob, &mut carol);
    assert_eq!(carol.heads(), bob.heads());
    assert!(matches!(carol.admit(&forks[3]), Outcome::Refused(Refusal::Equivocated)));
}

/// One step of an adversarial session: who edits, and what it has seen of the others before.
#[derive(Clone, Debug)]
struct Step {
    writer: usize,
    key: u8,
    sees: Vec<Index>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0usize..5, 0u8..4, prop::collection::vec(any::<Index>(), 0..4));
    prop::collection::vec(step.prop_map(|(writer, key, sees)| Step { writer, key, sees }), 4..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Writers 0 and 1 are honest; 2, 3 and 4 are copies of one actor. Whatever each saw of the others, and in whatever order three observers
    /// receive it all, the observers end with the same document.
    #[test]
    fn replicas_end_alike_whatever_the_order(steps in steps(), keys in prop::collection::vec(any::<u64>(), 72)) {
        let mut founder = Replica::new(1);
        let founding = founder.found();
        let mut writers: Vec<Replica> = [2, 3, 66, 66, 66].iter().map(|&number| replica(number, &[&founding])).collect();
        let mut records: Vec<Record> = Vec::new();
        let mut reopened = 1;
        for (number, step) in steps.iter().enumerate() {
            let seen: Vec<Record> = step.sees.iter().filter(|_| !records.is_empty()).map(|index| index.get(&records).clone()).collect();
            let writer = &mut writers[step.writer];
            for record in seen {
                let before = writer.admission.rewrites();
                drop(writer.admit(&record));
                if writer.admission.rewrites() > before && step.writer < 2 {
                    writer.reopen(reopened);
                    reopened += 1;
                }
            }
            if step.writer < 2 || !writer.admission.proofs().any(|proof| proof.actor() == writer.actor()) {
                records.push(writer.put(&format!("k/{}", step.key), number as i64));
            }
        }
        let mut observers: Vec<Replica> = (10..13).map(|number| replica(number, &[&founding])).collect();
        for (number, observer) in observers.iter_mut().enumerate() {
            let mut order: Vec<usize> = (0..records.len()).collect();
            order.sort_by_key(|&i| keys[(i * 3 + number) % keys.len()]);
            for i in order {
                drop(observer.admit(&records[i]));
            }
        }
        settle(&mut observers);
        let (heads, content) = (observers[0].heads(), observers[0].content());
        for observer in &mut observers {
            prop_assert_eq!(observer.heads(), heads.clone());
            prop_assert_eq!(observer.content(), content.clone());
            observer.assert_saves();
        }
    }
}

#[test]
fn a_store_opens_with_its_proofs_and_without_what_fell_out() {
    let (founding, mut one, mut other) = twins();
    let (left, right) = (one.put("a/1", 1), other.put("a/1", 2));
    let (kept, dropped) = if hash(&left) < hash(&right) { (left, right) } else { (right, left) };
    let mut bob = replica(2, &[&founding, &dropped]);
    let upon = bob.put("b/1", 1);
    let Outcome::Equivocation(equivocation) = bob.admit(&kept) else { panic!("it was to be proven") };
    let stored = [founding, dropped, upon, kept];
    let mut again = Replica::with_nonce(2, 1);
    again.admission.admit_proof(&mut again.document, equivocation.proof).unwrap();
    let outcome = again.admission.restore(&mut again.document, &stored);
    assert_eq!(
        (outcome.applied.len(), outcome.incomplete),
        (2, 1),
        "what was built on the lost branch stays out"
    );
    assert_eq!((again.heads(), again.content()), (bob.heads(), bob.content()));
    assert_eq!(again.admission.have(), bob.admission.have());
}

#[test]
fn a_change_that_waited_while_its_twin_entered_takes_nothing_out_unseen() {
    let (founding, mut one, mut other) = twins();
    let mut carol = replica(3, &[&founding]);
    let theirs = carol.put("c/1", 1);
    other.take(&theirs);
    let (left, right) = (one.put("a/1", 1), other.put("a/1", 2));
    let mut bob = replica(2, &[&founding]);
    assert_eq!(bob.admit(&right), Outcome::Waiting);
    bob.take(&left);
    let Outcome::Applied(applied) = bob.admit(&theirs) else { panic!("nothing stands against it") };
    assert_eq!(applied.len(), 1);
    assert!(bob.admission.holds(&hash(&left)));
    assert_eq!((bob.admission.rewrites(), bob.admission.proofs().count()), (0, 0));
    assert!(matches!(bob.admit(&right), Outcome::Equivocation(_) | Outcome::Refused(Refusal::Equivocated)));
    assert_eq!(bob.admission.proofs().count(), 1);
}
