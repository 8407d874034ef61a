use crdt_model::EditError;
use score::edit::{PatternEdit, PatternOp, PatternRef, SceneEdit, TrackEdit};
use score::id::{EntryId, MessageId, SampleHash, VersionId};
use score::meter::{LoopRegion, Meter};
use score::scale::Scale;
use score::score::Sample;
use score::step::{LockKind, StepLock};
use score::track::EffectValue;
use score::{Edit, Pattern, SceneId, Step, Tempo, TrackColour, TrackId, UnixMillis};

use crate::players::{NOW, found, pair};

#[test]
fn every_edit_of_a_step_shows_in_the_score_and_goes_away_again() {
    let (mut ada, _, track, scene) = pair();
    let at = PatternRef { track, scene };
    let locks = [
        StepLock::Pitch(7),
        StepLock::Volume(0.4),
        StepLock::Tie,
        StepLock::GateLength(50),
        StepLock::Chance(25),
        StepLock::Ratchet(3),
        StepLock::Nudge(-20),
        StepLock::Condition("2:4".parse().unwrap()),
    ];
    for lock in locks {
        ada.edit(Edit::Pattern(at, PatternEdit::SetLock { step: 5, lock }));
    }
    ada.edit(Edit::Pattern(at, PatternEdit::SetNote { step: 5, pitch: 12, velocity: Some(0.9) }));
    let parameter = "filter.cutoff".to_owned();
    ada.edit(Edit::Pattern(
        at,
        PatternEdit::SetParamLock { step: 5, parameter: parameter.clone(), value: Some(440.0) },
    ));
    let step = ada.session.score().tracks[&track].pattern(scene).step(5).unwrap().clone();
    assert_eq!(step.step_locks().collect::<Vec<_>>(), locks);
    assert_eq!((step.notes[&12], step.locks[&parameter]), (0.9, 440.0));
    ada.check();
    for kind in LockKind::ALL {
        ada.edit(Edit::Pattern(at, PatternEdit::ClearLock { step: 5, kind }));
    }
    ada.edit(Edit::Pattern(at, PatternEdit::SetNote { step: 5, pitch: 12, velocity: None }));
    ada.edit(Edit::Pattern(at, PatternEdit::SetParamLock { step: 5, parameter, value: None }));
    assert!(ada.session.score().tracks[&track].patterns.is_empty());
    ada.check();
}

#[test]
fn every_property_of_session_and_track_can_be_set() {
    let (mut ada, mut bob, track, _) = pair();
    let edits = [
        Edit::SetName("Second set".to_owned()),
        Edit::SetTempo(Tempo::from_milli_bpm(174_500).unwrap()),
        Edit::SetSwing(33.0),
        Edit::SetMeter(Meter::from_parts(7, 8).unwrap()),
        Edit::SetScale("D dorian".parse::<Scale>().unwrap()),
        Edit::SetScaleLock(true),
        Edit::SetLoop(LoopRegion::from_steps(4, 31)),
        Edit::SetMasterEffect("reverb.decay".to_owned(), Some(EffectValue::Number(3.0))),
        Edit::Track(track, TrackEdit::SetName("Boom".to_owned())),
        Edit::Track(track, TrackEdit::SetInstrument("synth:acid".to_owned())),
        Edit::Track(track, TrackEdit::SetVolume(0.25)),
        Edit::Track(track, TrackEdit::SetPan(-1.0)),
        Edit::Track(track, TrackEdit::SetMute(true)),
        Edit::Track(track, TrackEdit::SetTranspose(-12)),
        Edit::Track(track, TrackEdit::SetSwing(50.0)),
        Edit::Track(track, TrackEdit::SetGate(true)),
        Edit::Track(track, TrackEdit::SetChoke(3)),
        Edit::Track(track, TrackEdit::SetColour(Some(TrackColour::Teal))),
        Edit::Track(track, TrackEdit::SetParam("future_knob".to_owned(), Some(0.5))),
        Edit::Track(track, TrackEdit::SetEffect("delay.wet".to_owned(), Some(EffectValue::Number(0.5)))),
        Edit::Track(track, TrackEdit::SetDeleted(true)),
    ];
    for edit in edits {
        assert!(ada.edit(edit.clone()).is_some(), "{edit:?} changes something");
        assert!(ada.edit(edit.clone()).is_none(), "{edit:?} changes nothing the second time");
        ada.check();
    }
    crate::players::sync(&mut ada, &mut bob);
    let score = bob.session.score();
    assert_eq!((score.swing, score.loop_region), (33.0, LoopRegion::from_steps(4, 31)));
    assert_eq!(score.tracks[&track].params["future_knob"], 0.5);
    assert_eq!(score.tracks[&track].colour, Some(TrackColour::Teal));
}

#[test]
fn an_edit_is_one_change_whatever_it_touches() {
    let (mut ada, _, track, scene) = pair();
    let before = ada.session.admission().len();
    let at = PatternRef { track, scene };
    let steps = (0..64).map(|number| (number, Step::active())).collect();
    ada.edit(Edit::All(vec![
        Edit::Pattern(at, PatternEdit::Replace(Pattern { length: 64, steps })),
        Edit::Pattern(at, PatternEdit::Operate(PatternOp::Rotate(1))),
        Edit::AddTrack {
            id: TrackId::from_random(9),
            instrument: "snare".to_owned(),
            name: "Snare".to_owned(),
        },
        Edit::Track(TrackId::from_random(9), TrackEdit::SetVolume(0.5)),
    ]));
    assert_eq!(ada.session.admission().len(), before + 1);
    assert_eq!(ada.session.score().tracks[&TrackId::from_random(9)].volume, 0.5);
    ada.check();
}

#[test]
fn a_paste_writes_only_what_differs() {
    let (mut ada, mut bob, track, scene) = pair();
    let at = PatternRef { track, scene };
    let pattern: Pattern =
        Pattern { length: 16, steps: (0..8).map(|step| (step * 2, Step::active())).collect() };
    ada.edit(Edit::Pattern(at, PatternEdit::Replace(pattern.clone())));
    bob.pull(&ada);
    // While Ada pastes a pattern that differs in step 3 alone, Bob switches step 0 off: both hold.
    let mut pasted = pattern;
    pasted.change_step(3, |step| step.on = true);
    ada.edit(Edit::Pattern(at, PatternEdit::Replace(pasted)));
    bob.step(track, scene, 0, false);
    crate::players::sync(&mut ada, &mut bob);
    assert!(ada.is_on(track, scene, 3) && !ada.is_on(track, scene, 0));
}

#[test]
fn a_refused_edit_names_the_value_and_its_range_and_leaves_nothing_behind() {
    let (mut ada, _, track, scene) = pair();
    let at = PatternRef { track, scene };
    let before = ada.session.heads();
    let refused =
        |ada: &mut crate::players::Player, edit: Edit| ada.try_edit(&edit, None).unwrap_err().to_string();
    assert_eq!(refused(&mut ada, Edit::SetSwing(101.0)), "swing is 101; it must lie between 0 and 100");
    assert!(refused(&mut ada, Edit::SetSwing(f32::NAN)).starts_with("swing is NaN"));
    assert_eq!(
        refused(&mut ada, Edit::Pattern(at, PatternEdit::SetStep { step: 128, on: true })),
        "step is 128; it must lie between 0 and 127"
    );
    assert_eq!(
        refused(
            &mut ada,
            Edit::Pattern(at, PatternEdit::Operate(PatternOp::Euclid { hits: 17, rotation: 0 }))
        ),
        "hits is 17; it must lie between 0 and 16"
    );
    let stranger = TrackId::from_random(99);
    let unknown = Edit::Track(stranger, TrackEdit::SetMute(true));
    assert_eq!(ada.try_edit(&unknown, None), Err(EditError::UnknownTrack(stranger)));
    let wrong =
        Edit::Track(track, TrackEdit::SetEffect("delay.feedback".to_owned(), Some(EffectValue::Number(2.0))));
    assert!(refused(&mut ada, wrong).contains("delay.feedback"));
    // The first part of a refused edit is taken back.
    let half = Edit::All(vec![Edit::SetSwing(50.0), Edit::SetSwing(200.0)]);
    refused(&mut ada, half);
    assert_eq!(ada.session.score().swing, 0.0);
    assert_eq!(ada.session.heads(), before);
    ada.copy = ada.session.score().clone();
    ada.check();
    assert!(ada.edit(Edit::SetSwing(50.0)).is_some(), "and the session goes on");
}

#[test]
fn a_player_adds_sixteen_tracks_and_no_more() {
    let mut ada = found(1);
    (0..16).for_each(|id| _ = ada.add_track(id));
    let seventeenth =
        Edit::AddTrack { id: TrackId::from_random(16), instrument: "kick".to_owned(), name: "K".to_owned() };
    assert_eq!(ada.try_edit(&seventeenth, None), Err(EditError::TooManyTracks));
    ada.track(TrackId::from_random(3), TrackEdit::SetDeleted(true));
    assert!(ada.try_edit(&seventeenth, None).unwrap().is_some());
    let back = Edit::Track(TrackId::from_random(3), TrackEdit::SetDeleted(false));
    assert_eq!(ada.try_edit(&back, None), Err(EditError::TooManyTracks));
}

#[test]
fn tracks_move_by_one_register() {
    let mut ada = found(1);
    let ids: Vec<TrackId> = (0..5).map(|id| ada.add_track(id)).collect();
    let order = |ada: &crate::players::Player| -> Vec<TrackId> {
        ada.session.score().tracks_in_order().into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(order(&ada), ids);
    let moved = ada.edit(Edit::Track(ids[4], TrackEdit::MoveTo(1))).unwrap();
    assert_eq!(moved.patches.len(), 1);
    assert_eq!(order(&ada), [ids[0], ids[4], ids[1], ids[2], ids[3]]);
    assert!(ada.edit(Edit::Track(ids[4], TrackEdit::MoveTo(1))).is_none());
    ada.track(ids[0], TrackEdit::MoveTo(99));
    assert_eq!(order(&ada), [ids[4], ids[1], ids[2], ids[3], ids[0]]);
    for turn in 0..400 {
        ada.track(order(&ada)[turn % 5], TrackEdit::MoveTo(1 + turn % 3));
    }
    ada.check();
}

#[test]
fn a_copied_scene_starts_with_the_same_patterns() {
    let (mut ada, _, track, scene) = pair();
    ada.step(track, scene, 2, true);
    let copy = SceneId::from_random(77);
    ada.edit(Edit::AddScene { id: copy, name: "Break".to_owned(), copy_of: Some(scene) });
    assert!(ada.is_on(track, copy, 2));
    ada.step(track, copy, 2, false);
    assert!(ada.is_on(track, scene, 2));
    ada.edit(Edit::Scene(copy, SceneEdit::MoveTo(0)));
    assert_eq!(ada.session.score().first_scene(), copy);
    let entry = EntryId::from_random(1);
    ada.edit(Edit::AddSongEntry { id: entry, scene: copy, repeats: 4 });
    assert_eq!(ada.session.score().song[&entry].repeats, 4);
    ada.check();
}

#[test]
fn samples_slices_and_messages_are_told_to_all() {
    let (mut ada, mut bob, ..) = pair();
    let (hash, by) = (SampleHash([3; 32]), ada.session.player());
    let sample = Sample {
        name: "Door".to_owned(),
        frames: 48_000,
        channels: 1,
        rate: 44_100,
        bytes: 96_044,
        by,
        at: NOW,
    };
    ada.edit(Edit::AddSample(hash, sample.clone()));
    assert!(ada.edit(Edit::AddSample(hash, sample.clone())).is_none());
    ada.edit(Edit::SetSlices(hash, vec![0, 4_410, 9_122]));
    let refused = ada.try_edit(&Edit::SetSlices(hash, vec![5, 5]), None);
    assert_eq!(refused, Err(EditError::BadSlices { frames: 48_000 }));
    let say = |by, text: &str| Edit::Say {
        id: MessageId::from_random(4),
        by,
        at: UnixMillis(9),
        text: text.to_owned(),
    };
    ada.edit(say(by, "louder"));
    assert_eq!(bob.try_edit(&say(by, "in your name"), None), Err(EditError::NotYourName));
    assert!(matches!(
        ada.try_edit(&say(by, &"x".repeat(501)), None),
        Err(EditError::TextLength { max: 500, .. })
    ));
    ada.edit(Edit::SaveVersion { id: VersionId::from_random(1), name: "v1".to_owned(), by, at: NOW });
    crate::players::sync(&mut ada, &mut bob);
    assert_eq!(bob.session.score().samples[&hash], sample);
    assert_eq!(bob.session.score().slices[&hash], [0, 4_410, 9_122]);
    assert_eq!(bob.session.score().chat[&MessageId::from_random(4)].text, "louder");
    assert_eq!(bob.session.score().versions.len(), 1);
}
