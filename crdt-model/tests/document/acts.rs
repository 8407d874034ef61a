use crdt_model::{Act, ActSubject};
use score::edit::TrackEdit;
use score::id::VersionId;
use score::{Edit, Tempo, UnixMillis};

use crate::players::{NOW, pair, sync};

fn tempo(bpm: f64) -> Edit {
    Edit::SetTempo(Tempo::from_bpm(bpm).unwrap())
}

#[test]
fn acts_are_listed_with_who_did_what_and_when() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.session.set_date(NOW);
    for volume in [0.7, 0.6, 0.5] {
        ada.try_edit(&Edit::Track(track, TrackEdit::SetVolume(volume)), Some(Act(1))).unwrap();
    }
    sync(&mut ada, &mut bob);
    bob.session.set_date(UnixMillis(NOW.0 + 60_000));
    bob.step(track, scene, 3, true);
    bob.edit(tempo(99.0));
    sync(&mut ada, &mut bob);
    let by = ada.session.player();
    ada.edit(Edit::SaveVersion { id: VersionId::from_random(1), name: "v1".to_owned(), by, at: NOW });
    let acts = ada.session.acts(3);
    let (ada_key, bob_key) = (ada.session.player(), bob.session.player());
    let told: Vec<_> =
        acts.iter().map(|act| (act.by, act.at_seconds - NOW.0 / 1_000, act.subject.clone())).collect();
    let expected = [
        (bob_key, 60, ActSubject::Session("tempo".to_owned())),
        (bob_key, 60, ActSubject::Steps(track)),
        (ada_key, 0, ActSubject::Track(track, "volume".to_owned())),
    ];
    assert_eq!(told, expected, "the fader's movement is one act, and naming a version is none");
    assert_ne!(acts[2].first, acts[2].last);
    assert!(acts.iter().all(|act| !act.is_undone));
    assert_eq!(bob.session.acts(3), acts, "everybody lists the same");
    assert_eq!(ada.session.acts(1_000).last().map(|act| act.subject.clone()), Some(ActSubject::Tracks));
}

#[test]
fn an_act_that_was_taken_back_says_so_until_it_is_made_again() {
    let (mut ada, ..) = pair();
    ada.edit(tempo(99.0));
    ada.edit(tempo(101.0));
    let undone = |player: &mut crate::players::Player| -> Vec<bool> {
        player.session.acts(2).iter().map(|act| act.is_undone).collect()
    };
    assert!(ada.undo());
    assert_eq!(undone(&mut ada), [true, false]);
    assert!(ada.redo());
    assert_eq!(undone(&mut ada), [false, false]);
    assert!(ada.undo() && ada.undo());
    assert_eq!(undone(&mut ada), [true, true]);
}

#[test]
fn an_act_leads_to_the_states_before_and_with_it() {
    let (mut ada, _, track, scene) = pair();
    ada.edit(tempo(99.0));
    ada.step(track, scene, 0, true);
    ada.edit(tempo(101.0));
    let step = ada.session.acts(2)[1].clone();
    let with = ada.session.score_at(&[step.last]).unwrap();
    let before = ada.session.heads_before(step.first).unwrap();
    let before = ada.session.score_at(&before).unwrap();
    let is_on = |score: &score::Score| score.tracks[&track].pattern(scene).step(0).is_some();
    assert_eq!((is_on(&with), is_on(&before), with.tempo.bpm()), (true, false, 99.0));
    let changes = ada.session.restore_at(&[step.last]).unwrap();
    changes.iter().for_each(|change| ada.keep(change));
    assert_eq!(ada.session.score().tempo.bpm(), 99.0);
    assert!(ada.undo());
    assert_eq!(ada.session.score().tempo.bpm(), 101.0);
    assert!(ada.session.restore_at(&[crdt_model::trust::ChangeHash([9; 32])]).is_err());
    assert_eq!(ada.session.heads_before(crdt_model::trust::ChangeHash([9; 32])), None);
}
