use proptest::prelude::*;
use score::edit::{PatternEdit, PatternOp, PatternRef, SceneEdit, SongEntryEdit, TrackEdit};
use score::id::EntryId;
use score::step::{LockKind, StepLock};
use score::track::EffectValue;
use score::{Edit, SceneId, Tempo, TrackId};

use crate::players::{Player, found, pair, sync};

#[test]
fn edits_of_one_step_made_at_once_both_survive() {
    let (mut ada, mut bob, track, scene) = pair();
    let at = PatternRef { track, scene };
    ada.edit(Edit::Pattern(at, PatternEdit::SetLock { step: 0, lock: StepLock::Pitch(3) }));
    bob.edit(Edit::Pattern(at, PatternEdit::SetLock { step: 0, lock: StepLock::Volume(0.4) }));
    sync(&mut ada, &mut bob);
    let step = ada.session.score().tracks[&track].pattern(scene).step(0).unwrap().clone();
    assert_eq!((step.pitch, step.volume), (Some(3), Some(0.4)));
}

#[test]
fn notes_of_one_chord_added_at_once_both_stay() {
    let (mut ada, mut bob, track, scene) = pair();
    let at = PatternRef { track, scene };
    ada.edit(Edit::Pattern(at, PatternEdit::SetNote { step: 0, pitch: 0, velocity: Some(0.5) }));
    bob.edit(Edit::Pattern(at, PatternEdit::SetNote { step: 0, pitch: 7, velocity: Some(0.6) }));
    sync(&mut ada, &mut bob);
    assert_eq!(ada.session.score().tracks[&track].pattern(scene).step(0).unwrap().notes.len(), 2);
}

#[test]
fn a_removed_track_comes_back_with_what_was_done_to_it_meanwhile() {
    let (mut ada, mut bob, track, scene) = pair();
    ada.track(track, TrackEdit::SetDeleted(true));
    bob.step(track, scene, 7, true);
    sync(&mut ada, &mut bob);
    assert!(ada.session.score().tracks[&track].deleted);
    assert!(ada.undo());
    assert!(ada.is_on(track, scene, 7));
}

#[test]
fn a_merge_may_bring_more_tracks_than_play() {
    let mut ada = found(1);
    let mut bob = ada.invite(2);
    bob.pull(&ada);
    (0..16).for_each(|id| _ = ada.add_track(id));
    (16..32).for_each(|id| _ = bob.add_track(id));
    sync(&mut ada, &mut bob);
    assert_eq!(ada.session.score().tracks_in_order().len(), 32);
    assert_eq!(ada.session.score().playing_tracks().len(), 16);
    let parked = TrackId::from_random(31);
    ada.track(parked, TrackEdit::SetVolume(0.5));
}

#[test]
fn tracks_moved_to_one_place_at_once_stand_in_one_order_everywhere_and_can_be_moved_apart() {
    let mut ada = found(1);
    let ids: Vec<_> = (0..6).map(|id| ada.add_track(id)).collect();
    let mut bob = ada.invite(2);
    bob.pull(&ada);
    ada.track(ids[5], TrackEdit::MoveTo(1));
    bob.track(ids[4], TrackEdit::MoveTo(1));
    sync(&mut ada, &mut bob);
    ada.track(ids[0], TrackEdit::MoveTo(2));
    let order: Vec<_> = ada.session.score().tracks_in_order().into_iter().map(|(id, _)| id).collect();
    assert_eq!(order[1..3].iter().filter(|&&id| id == ids[0]).count(), 1);
    assert_eq!(order.iter().position(|&id| id == ids[0]), Some(2));
    sync(&mut ada, &mut bob);
}

#[derive(Clone, Copy, Debug)]
struct Turn {
    player: usize,
    action: u8,
    a: u16,
    b: u16,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..3_usize, 0..40_u8, any::<u16>(), any::<u16>());
    proptest::collection::vec(turn.prop_map(|(player, action, a, b)| Turn { player, action, a, b }), 1..60)
}

fn pattern_edit(turn: Turn) -> PatternEdit {
    let Turn { action, a, b, .. } = turn;
    let step = a % 20;
    let unit = f32::from(b % 11) / 10.0;
    match action % 12 {
        0..=2 => PatternEdit::SetStep { step, on: b % 2 == 0 },
        3 => PatternEdit::SetLength(1 + b % 32),
        4 => PatternEdit::SetLock { step, lock: StepLock::Pitch((b % 49) as i8 - 24) },
        5 => PatternEdit::SetLock { step, lock: StepLock::Volume(unit) },
        6 => PatternEdit::ClearLock { step, kind: LockKind::ALL[usize::from(b) % 8] },
        7 => PatternEdit::SetNote { step, pitch: (b % 5) as i8, velocity: (b % 3 > 0).then_some(unit) },
        8 => PatternEdit::SetParamLock {
            step,
            parameter: "filter.resonance_of_tomorrow".to_owned(),
            value: (b % 3 > 0).then_some(f64::from(b)),
        },
        9 => PatternEdit::Operate(PatternOp::Rotate(b as i16 % 7)),
        10 => PatternEdit::Operate(PatternOp::Random { density: (b % 101) as u8, seed: a.into() }),
        _ => {
            PatternEdit::Operate([PatternOp::Clear, PatternOp::Double, PatternOp::Invert][usize::from(b) % 3])
        }
    }
}

fn track_edit(turn: Turn) -> TrackEdit {
    let Turn { action, a, b, .. } = turn;
    let unit = f32::from(b % 11) / 10.0;
    match action % 6 {
        0 => TrackEdit::SetVolume(unit),
        1 => TrackEdit::SetDeleted(b % 2 == 0),
        2 => TrackEdit::MoveTo(usize::from(b % 6)),
        3 => TrackEdit::SetParam("attack_of_tomorrow".to_owned(), (a % 2 == 0).then_some(f64::from(b))),
        4 => TrackEdit::SetEffect(
            "shimmer.mode".to_owned(),
            (a % 2 == 0).then(|| EffectValue::Text(format!("m{}", b % 3))),
        ),
        _ => TrackEdit::SetName(format!("T{}", b % 5)),
    }
}

fn edit(player: &Player, turn: Turn) -> Edit {
    let Turn { action, a, b, .. } = turn;
    let score = player.session.score();
    let pick = |n: usize, of: u16| usize::from(of) % n.max(1);
    let track = score.tracks.keys().nth(pick(score.tracks.len(), b / 7)).copied();
    let scene =
        score.scenes.keys().nth(pick(score.scenes.len(), a / 7)).copied().unwrap_or(score.first_scene());
    let entry = score.song.keys().nth(pick(score.song.len(), b / 5)).copied();
    let id = u64::from(a) << 32 | u64::from(b) << 8 | turn.player as u64;
    match (action, track, entry) {
        (0..=13, Some(track), _) => Edit::Pattern(PatternRef { track, scene }, pattern_edit(turn)),
        (14..=19, Some(track), _) => Edit::Track(track, track_edit(turn)),
        (20, ..) => Edit::SetTempo(Tempo::from_milli_bpm(60_000 + u32::from(b)).unwrap()),
        (21, ..) => Edit::SetMasterEffect(
            "reverb.of_tomorrow".to_owned(),
            (a % 2 == 0).then_some(EffectValue::Number(b.into())),
        ),
        (22, ..) => Edit::AddScene {
            id: SceneId::from_random(id),
            name: "S".to_owned(),
            copy_of: (b % 2 == 0).then_some(scene),
        },
        (23, ..) => Edit::Scene(
            scene,
            if a % 2 == 0 {
                SceneEdit::MoveTo(pick(4, b))
            } else {
                SceneEdit::SetName(format!("N{}", b % 3))
            },
        ),
        (24, ..) => Edit::AddSongEntry { id: EntryId::from_random(id), scene, repeats: 1 + (b % 64) as u8 },
        (25, _, Some(entry)) => Edit::SongEntry(entry, SongEntryEdit::SetRepeats(1 + (b % 64) as u8)),
        (26, Some(track), _) => Edit::All(vec![
            Edit::Track(track, track_edit(turn)),
            Edit::Pattern(PatternRef { track, scene }, pattern_edit(turn)),
            Edit::SetSwing(f32::from(b % 101)),
        ]),
        _ => Edit::AddTrack {
            id: TrackId::from_random(id),
            instrument: "kick".to_owned(),
            name: format!("T{}", b % 9),
        },
    }
}

fn play(players: &mut [Player], turn: Turn) {
    let player = &mut players[turn.player];
    match turn.action {
        30..=32 => _ = player.undo(),
        33 => _ = player.redo(),
        34..=36 => {
            let other = (turn.player + 1 + usize::from(turn.a % 2)) % 3;
            let [one, other] = players.get_disjoint_mut([turn.player, other]).unwrap();
            one.pull(other);
        }
        37 => player.reopen(),
        _ => {
            let edit = edit(player, turn);
            // Full sessions and removed scenes refuse some; that is theirs to do.
            let _ = player.try_edit(
                &edit,
                Some(crdt_model::Act(u32::from(turn.a % 8))).filter(|_| turn.b.is_multiple_of(3)),
            );
        }
    }
    players[turn.player].check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_followed_score_is_the_one_that_is_read_and_all_converge(turns in turns()) {
        let mut ada = found(1);
        ada.add_track(1);
        let (mut bob, mut cyd) = (ada.invite(2), ada.invite(3));
        bob.pull(&ada);
        cyd.pull(&ada);
        let mut players = vec![ada, bob, cyd];
        for turn in turns {
            play(&mut players, turn);
        }
        let [ada, bob, cyd] = &mut players[..] else { unreachable!("they are three") };
        ada.pull(bob);
        ada.pull(cyd);
        sync(ada, bob);
        sync(ada, cyd);
        prop_assert_eq!(bob.session.score(), cyd.session.score());
    }

    #[test]
    fn undoing_everything_leads_back_and_redoing_leads_forth(turns in turns()) {
        let mut ada = found(1);
        let start = ada.session.score().clone();
        for turn in turns.into_iter().filter(|turn| turn.action < 30) {
            let edit = edit(&ada, turn);
            let _ = ada.try_edit(&edit, None);
        }
        let end = ada.session.score().clone();
        while ada.undo() {}
        ada.check();
        let back = ada.session.score();
        prop_assert_eq!(back.tempo, start.tempo);
        prop_assert_eq!(back.tracks_in_order().len(), 0);
        prop_assert_eq!(back.scenes_in_order(), start.scenes_in_order());
        while ada.redo() {}
        prop_assert_eq!(ada.session.score(), &end);
        ada.check();
    }
}
