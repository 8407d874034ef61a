use crdt_model::trust::{ActorId, ActorNonce, Identity};
use crdt_model::{EditError, FoundingRandom, Session};
use score::score::Parent;
use score::{Edit, Score, Tempo, UnixMillis};

use crate::players::{NOW, found};

#[test]
fn a_session_begins_with_one_change_a_name_and_a_scene() {
    let ada = found(1);
    assert_eq!(ada.session.score().name, "Night shift");
    assert_eq!(ada.session.score().created_at, NOW);
    assert_eq!(ada.session.score().scenes_in_order().len(), 1);
    let founder = ActorId::derive(&ada.session.player(), &ActorNonce([1; 16]));
    assert!(ada.session.admission().position(&founder).is_some());
    assert!(!ada.session.can_undo(), "founding is not to be undone");
    ada.check();
}

#[test]
fn an_empty_replica_waits_for_the_session_before_it_edits() {
    let ada = found(1);
    let mut bob = ada.invite(2);
    assert!(bob.session.is_empty());
    assert_eq!(bob.try_edit(&Edit::SetSwing(10.0), None), Err(EditError::Empty));
    bob.pull(&ada);
    assert!(!bob.session.is_empty());
    assert_eq!(bob.session.score(), ada.session.score());
    bob.check();
}

#[test]
fn a_session_made_from_a_score_holds_its_music() {
    let mut ada = found(1);
    let track = ada.add_track(5);
    let scene = ada.session.score().first_scene();
    (0..16).for_each(|step| ada.step(track, scene, step, step % 3 == 0));
    let parent =
        Parent { id: ada.session.id().to_string(), heads: "00ff".to_owned(), name: "Night shift".to_owned() };
    let source = Score {
        parent: Some(parent),
        tempo: Tempo::from_milli_bpm(97_123).unwrap(),
        ..ada.session.score().clone()
    };
    let random = FoundingRandom { nonce: [9; 16], seed: 3 };
    let (remix, records) =
        Session::create_from(Identity::from_secret(&[9; 32]), random, &source, UnixMillis(5)).unwrap();
    assert_eq!(remix.score(), &Score { created_at: UnixMillis(5), ..source });
    assert_eq!(records.len(), 2, "what founds and what fills");
    assert_ne!(remix.id(), ada.session.id());
}

#[test]
fn every_whole_score_of_many_steps_fits_into_changes_that_others_take() {
    use score::pattern::MAX_STEPS;
    use score::{Pattern, Step, Track, TrackId};
    let scene = Score::default().first_scene();
    let steps = (0..MAX_STEPS).map(|number| {
        let notes = (-24..=24).map(|pitch| (pitch, 0.5)).collect();
        (number, Step { on: true, notes, ..Step::default() })
    });
    let pattern = Pattern { length: MAX_STEPS, steps: steps.collect() };
    let track = Track { patterns: [(scene, pattern)].into(), ..Track::default() };
    let tracks =
        (0..16).map(|id| (TrackId::from_random(id), Track { order: format!("{id:02}V"), ..track.clone() }));
    let source = Score { tracks: tracks.collect(), ..Score::default() };
    let random = FoundingRandom { nonce: [9; 16], seed: 3 };
    let (session, records) =
        Session::create_from(Identity::from_secret(&[9; 32]), random, &source, NOW).unwrap();
    assert_eq!(session.score().tracks, source.tracks);
    assert!(records.len() > 3, "one change could not hold it");
    let mut bob = Session::join(Identity::from_secret(&[2; 32]), ActorNonce([2; 16]), session.origin());
    for record in records {
        assert!(matches!(bob.admit(record).outcome, crdt_model::trust::Outcome::Applied(_)));
    }
    assert_eq!(bob.score(), session.score());
}
