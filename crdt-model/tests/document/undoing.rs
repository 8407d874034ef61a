use crdt_model::Act;
use score::edit::TrackEdit;
use score::id::{MessageId, VersionId};
use score::{Edit, Tempo, TrackId};

use crate::players::{NOW, Player, found, pair, sync};

fn bpm(player: &Player) -> f64 {
    player.session.score().tempo.bpm()
}

fn tempo(bpm: f64) -> Edit {
    Edit::SetTempo(Tempo::from_bpm(bpm).unwrap())
}

#[test]
fn undo_takes_back_ones_own_last_act_and_redo_makes_it_again() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.edit(tempo(128.0));
    ada.step(track, scene, 0, true);
    bob.pull(&ada);
    bob.step(track, scene, 4, true);
    ada.pull(&bob);
    assert!(ada.undo());
    assert!(!ada.is_on(track, scene, 0) && ada.is_on(track, scene, 4), "the other's step stays");
    assert!(ada.undo());
    assert_eq!(bpm(&ada), 120.0);
    assert!(ada.redo() && ada.redo() && !ada.redo());
    assert!(ada.is_on(track, scene, 0));
    assert_eq!(bpm(&ada), 128.0);
    sync(&mut ada, &mut bob);
}

#[test]
fn what_someone_changed_since_is_left_alone() {
    let (mut ada, mut bob, track, _) = pair();
    ada.edit(Edit::All(vec![tempo(128.0), Edit::Track(track, TrackEdit::SetVolume(0.1))]));
    bob.pull(&ada);
    bob.edit(tempo(140.0));
    ada.pull(&bob);
    assert!(ada.undo());
    assert_eq!(bpm(&ada), 140.0);
    assert_eq!(ada.session.score().tracks[&track].volume, 0.8);
    ada.check();
}

#[test]
fn the_same_value_by_someone_else_is_left_alone_too() {
    let (mut ada, mut bob, ..) = pair();
    ada.edit(tempo(128.0));
    bob.pull(&ada);
    bob.edit(tempo(99.0));
    bob.edit(tempo(128.0));
    ada.pull(&bob);
    ada.edit(Edit::SetSwing(5.0));
    assert!(ada.undo());
    ada.undo();
    assert_eq!(bpm(&ada), 128.0);
}

#[test]
fn an_act_of_which_nothing_is_left_is_passed_over() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.step(track, scene, 1, true);
    ada.edit(tempo(128.0));
    bob.pull(&ada);
    bob.edit(tempo(140.0));
    ada.pull(&bob);
    assert!(ada.undo());
    assert!(!ada.is_on(track, scene, 1), "the tempo is not ours to take back, so the step is");
}

#[test]
fn a_gesture_is_taken_back_at_once() {
    let (mut ada, _, track, _) = pair();
    for volume in [0.7, 0.6, 0.5, 0.4] {
        ada.try_edit(&Edit::Track(track, TrackEdit::SetVolume(volume)), Some(Act(1))).unwrap();
    }
    ada.try_edit(&Edit::Track(track, TrackEdit::SetPan(0.5)), Some(Act(2))).unwrap();
    assert!(ada.undo());
    assert_eq!(ada.session.score().tracks[&track].volume, 0.4);
    assert!(ada.undo());
    assert_eq!(ada.session.score().tracks[&track].volume, 0.8);
    assert!(ada.redo());
    assert_eq!(ada.session.score().tracks[&track].volume, 0.4);
}

#[test]
fn taking_back_a_track_removes_it_and_loses_nothing_made_in_it_meanwhile() {
    let (mut ada, mut bob, ..) = pair();
    let id = ada.add_track(50);
    bob.pull(&ada);
    let scene = bob.session.score().first_scene();
    bob.step(id, scene, 3, true);
    assert!(ada.undo());
    sync(&mut ada, &mut bob);
    assert!(ada.session.score().tracks[&id].deleted && ada.is_on(id, scene, 3));
    assert!(ada.redo());
    assert!(!ada.session.score().tracks[&id].deleted);
    assert_eq!(ada.session.score().tracks[&id].name, "Kick");
    ada.check();
}

#[test]
fn undo_survives_closing_and_another_opening() {
    let mut ada = found(1);
    let track = ada.add_track(1);
    ada.edit(tempo(128.0));
    for volume in [0.7, 0.6] {
        ada.try_edit(&Edit::Track(track, TrackEdit::SetVolume(volume)), Some(Act(1))).unwrap();
    }
    ada.edit(tempo(150.0));
    assert!(ada.undo());
    ada.reopen();
    assert!(ada.session.can_undo() && ada.session.can_redo());
    assert!(ada.redo());
    assert_eq!(bpm(&ada), 150.0);
    assert!(ada.undo());
    ada.reopen();
    assert!(ada.undo());
    assert_eq!(ada.session.score().tracks[&track].volume, 0.8, "the gesture as a whole");
    assert!(ada.undo());
    assert_eq!(bpm(&ada), 120.0);
    assert!(ada.undo());
    assert!(ada.session.score().tracks[&track].deleted);
    assert!(!ada.undo(), "founding stays");
    ada.check();
}

#[test]
fn messages_and_versions_are_not_undone() {
    let (mut ada, ..) = pair();
    ada.edit(tempo(128.0));
    let by = ada.session.player();
    ada.edit(Edit::Say { id: MessageId::from_random(1), by, at: NOW, text: "hi".to_owned() });
    ada.edit(Edit::SaveVersion { id: VersionId::from_random(1), name: "v1".to_owned(), by, at: NOW });
    assert!(ada.undo());
    assert_eq!(bpm(&ada), 120.0);
    assert_eq!((ada.session.score().chat.len(), ada.session.score().versions.len()), (1, 1));
}

#[test]
fn a_version_is_restored_as_one_act() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.edit(tempo(128.0));
    ada.step(track, scene, 0, true);
    let (version, by) = (VersionId::from_random(1), ada.session.player());
    ada.edit(Edit::SaveVersion { id: version, name: "good".to_owned(), by, at: NOW });
    let good = ada.session.score().clone();
    sync(&mut ada, &mut bob);
    bob.edit(tempo(60.0));
    bob.step(track, scene, 0, false);
    bob.track(track, TrackEdit::SetDeleted(true));
    let extra = bob.add_track(60);
    sync(&mut ada, &mut bob);
    let spoilt = ada.session.score().clone();
    let changes = ada.session.restore(version).unwrap();
    changes.iter().for_each(|change| ada.keep(change));
    ada.check();
    assert!(ada.session.score().tracks[&extra].deleted, "removed, not lost");
    assert_eq!(ada.session.score().tracks[&track], good.tracks[&track]);
    assert_eq!(bpm(&ada), 128.0);
    assert!(ada.undo());
    assert_eq!(ada.session.score(), &spoilt);
    ada.check();
}

#[test]
fn a_score_takes_the_place_of_another_as_one_act() {
    let (mut ada, _, track, _) = pair();
    ada.edit(tempo(128.0));
    let before = ada.session.score().clone();
    let starter = score::starter("Another", 7);
    let changes = ada.session.replace(&starter).unwrap();
    changes.iter().for_each(|change| ada.keep(change));
    ada.check();
    let score = ada.session.score();
    assert_eq!((score.name.as_str(), score.tempo), ("Another", starter.tempo));
    assert!(score.tracks[&track].deleted, "removed, not lost");
    assert_eq!(score.tracks_in_order().len(), 4);
    assert!(ada.undo());
    assert_eq!(ada.session.score().tracks_in_order().len(), before.tracks_in_order().len());
    assert_eq!(bpm(&ada), 128.0);
    ada.check();
}

#[test]
fn an_earlier_state_can_be_looked_at() {
    let (mut ada, mut bob, track, scene) = pair();
    let (heads, score) = (ada.session.heads(), ada.session.score().clone());
    ada.step(track, scene, 9, true);
    bob.track(track, TrackEdit::SetMute(true));
    sync(&mut ada, &mut bob);
    assert_eq!(bob.session.score_at(&heads), Some(score));
    assert_eq!(bob.session.score_at(&[crdt_model::trust::ChangeHash([0; 32])]), None);
}

#[test]
fn what_one_player_did_since_is_taken_back_and_others_work_stays() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.step(track, scene, 0, true);
    ada.edit(tempo(128.0));
    sync(&mut ada, &mut bob);
    let since = ada.session.heads();
    bob.step(track, scene, 0, false);
    bob.edit(tempo(20.0));
    let junk = bob.add_track(66);
    let by = bob.session.player();
    bob.edit(Edit::Say { id: MessageId::from_random(1), by, at: NOW, text: "ha".to_owned() });
    sync(&mut ada, &mut bob);
    ada.step(track, scene, 8, true);
    bob.edit(tempo(21.0));
    sync(&mut ada, &mut bob);
    let vandal = bob.session.player();
    let changes = ada.session.revert_player(vandal, &since).unwrap();
    changes.iter().for_each(|change| ada.keep(change));
    assert_eq!(bpm(&ada), 128.0);
    assert!(ada.is_on(track, scene, 0) && ada.is_on(track, scene, 8));
    assert!(ada.session.score().tracks[&junk].deleted);
    assert_eq!(ada.session.score().chat.len(), 1, "what was said was said");
    sync(&mut ada, &mut bob);
    assert!(ada.undo());
    assert_eq!(bpm(&ada), 21.0);
    assert!(!ada.session.score().tracks[&junk].deleted && junk == TrackId::from_random(66));
}
