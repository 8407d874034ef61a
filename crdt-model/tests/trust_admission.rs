//! What enters a session's document, and what is refused and why.

mod trust_support;

use crdt_model::trust::Outcome;
use trust_support::Replica;

#[test]
fn honest_edits_enter_and_both_replicas_hold_the_same() {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    bob.take(&ada.found());
    let edits: Vec<_> = (0..20).map(|step| ada.put(&format!("a/{step}"), f64::from(step) * 0.1)).collect();
    edits.iter().for_each(|record| drop(bob.take(record)));
    let answers: Vec<_> = (0..20).map(|step| bob.put(&format!("a/{step}"), i64::from(step))).collect();
    answers.iter().for_each(|record| drop(ada.take(record)));
    let gone = [bob.delete("a/3"), bob.delete("a/4")];
    gone.iter().for_each(|record| drop(ada.take(record)));
    assert_eq!(ada.heads(), bob.heads());
    assert_eq!(ada.content(), bob.content());
    ada.assert_saves();
    bob.assert_saves();
    assert_eq!(ada.admit(&answers[0]), Outcome::AlreadyKnown);
}
