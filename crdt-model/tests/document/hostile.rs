//! A player whose program writes whatever it likes, with valid signatures.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use crdt_model::trust::{ActorId, ActorNonce, Admission, Identity, Outcome, Record};
use proptest::prelude::*;
use score::Tempo;
use score::edit::TrackEdit;

use crate::players::{Player, pair};

struct Hostile {
    identity: Identity,
    nonce: ActorNonce,
    doc: AutoCommit,
    admission: Admission,
}

impl Hostile {
    fn joins(player: &Player) -> Self {
        let (identity, nonce) = (Identity::from_secret(&[66; 32]), ActorNonce([66; 16]));
        let actor = ActorId::derive(&identity.player(), &nonce);
        let mut hostile = Self {
            identity,
            nonce,
            doc: AutoCommit::new().with_actor(actor.into()),
            admission: Admission::new(player.session.id()),
        };
        hostile.pull(player);
        hostile
    }

    fn pull(&mut self, player: &Player) {
        let missing = player.session.missing(&self.admission.have());
        let (changes, _) = player.session.admission().batch(&missing.changes);
        self.admission.admit_batch(&mut self.doc, &changes, &missing.coverage);
    }

    fn write(&mut self, write: impl FnOnce(&mut AutoCommit)) -> Record {
        write(&mut self.doc);
        self.doc.commit().expect("the write is one");
        let change = self.doc.get_last_local_change().unwrap();
        self.admission.vouch_local(&self.identity, self.nonce, change).unwrap()
    }

    /// The map at a path of keys.
    fn map(&self, path: &[&str]) -> ObjId {
        path.iter().fold(ROOT, |object, key| self.doc.get(&object, *key).unwrap().unwrap().1)
    }
}

#[test]
fn another_map_put_in_place_of_a_container_is_ignored_and_hides_nothing() {
    let (mut ada, mut bob, track, scene) = pair();
    let mut eve = Hostile::joins(&ada);
    let before = ada.session.score().clone();
    let replaced = eve.write(|doc| {
        for key in ["tracks", "scenes", "master", "chat"] {
            doc.put_object(ROOT, key, ObjType::Map).unwrap();
        }
        doc.delete(ROOT, "song").unwrap();
        doc.put(ROOT, "samples", "nothing").unwrap();
    });
    ada.receive(replaced);
    assert_eq!(ada.session.score(), &before);
    ada.check();
    // Automerge itself reports nothing of what happens in the hidden map any more.
    bob.pull(&ada);
    bob.step(track, scene, 3, true);
    ada.pull(&bob);
    assert!(ada.is_on(track, scene, 3));
    ada.check();
    ada.reopen();
    assert!(ada.is_on(track, scene, 3));
}

#[test]
fn out_of_range_is_clamped_and_nonsense_is_passed_over() {
    let (mut ada, _, track, scene) = pair();
    let mut eve = Hostile::joins(&ada);
    let id = track.to_string();
    let at = |map: &str| eve.map(&["tracks", &id, map]);
    let (on, pitch, notes, locks, length) = (at("on"), at("pitch"), at("notes"), at("locks"), at("length"));
    let strip = eve.map(&["tracks", &id]);
    let record = eve.write(|doc| {
        doc.put(ROOT, "tempo", 1e300).unwrap();
        doc.put(ROOT, "swing", "much").unwrap();
        doc.put(ROOT, "meter", "17/3").unwrap();
        doc.put(ROOT, "name", format!("a\u{202e}b\u{0}{}", "x".repeat(5_000))).unwrap();
        doc.put(ROOT, "loop", ScalarValue::Null).unwrap();
        doc.put(&strip, "volume", -3).unwrap();
        doc.put(&strip, "pan", "left").unwrap();
        doc.put(&strip, "order", "y".repeat(4_000)).unwrap();
        for key in
            ["/", "a/b", "999", &format!("{scene}/0128"), &format!("{scene}/05"), &format!("{scene}/70000")]
        {
            doc.put(&on, key, true).unwrap();
        }
        doc.put(&on, format!("{scene}/3"), 1).unwrap();
        doc.put(&pitch, format!("{scene}/2"), 99).unwrap();
        doc.put(&pitch, format!("{scene}/4/5"), 1).unwrap();
        doc.put(&notes, format!("{scene}/2/+3"), 1.0).unwrap();
        doc.put(&notes, format!("{scene}/2/25"), 1.0).unwrap();
        doc.put(&locks, format!("{scene}/2/cut off"), 1.0).unwrap();
        doc.put(&locks, format!("{scene}/2/cutoff"), f64::INFINITY).unwrap();
        doc.put(&length, scene.to_string(), -5).unwrap();
        doc.put(&length, "nowhere", 5).unwrap();
    });
    ada.receive(record);
    let score = ada.session.score();
    assert_eq!((score.tempo, score.swing, score.name.chars().count()), (Tempo::MAX, 0.0, 100));
    assert_eq!(score.meter.to_string(), "4/4");
    let held = &score.tracks[&track];
    assert_eq!((held.volume, held.pan, held.order.len()), (0.0, 0.0, 48));
    let pattern = held.pattern(scene);
    assert_eq!(pattern.length, 1);
    assert_eq!(pattern.steps.keys().collect::<Vec<_>>(), [&2]);
    assert_eq!(pattern.step(2).unwrap().pitch, Some(24));
    ada.check();
    // And what was put wrong can be put right.
    ada.track(track, TrackEdit::SetVolume(0.5));
    ada.track(track, TrackEdit::MoveTo(0));
    ada.check();
}

#[test]
fn a_track_that_is_destroyed_is_gone_for_all_alike_and_comes_back_from_a_version() {
    use score::Edit;
    use score::id::VersionId;
    let (mut ada, mut bob, track, scene) = pair();
    ada.step(track, scene, 3, true);
    let (version, by) = (VersionId::from_random(1), ada.session.player());
    ada.edit(Edit::SaveVersion { id: version, name: "good".to_owned(), by, at: crate::players::NOW });
    let good = ada.session.score().tracks.clone();
    let mut eve = Hostile::joins(&ada);
    let tracks = eve.map(&["tracks"]);
    let record = eve.write(|doc| doc.delete(&tracks, track.to_string()).unwrap());
    ada.receive(record);
    assert!(ada.session.score().tracks.is_empty());
    ada.check();
    let changes = ada.session.restore(version).unwrap();
    changes.iter().for_each(|change| ada.keep(change));
    assert_eq!(ada.session.score().tracks, good);
    crate::players::sync(&mut ada, &mut bob);
    assert!(bob.is_on(track, scene, 3));
}

#[test]
fn what_fell_out_with_a_losing_branch_is_made_again() {
    use score::Edit;
    let (mut ada, mut bob, track, scene) = pair();
    let mut eve = Hostile::joins(&ada);
    let mut twin = Hostile::joins(&ada);
    let one = eve.write(|doc| doc.put(ROOT, "swing", 11.0).unwrap());
    let other = twin.write(|doc| doc.put(ROOT, "swing", 22.0).unwrap());
    // Ada builds on one branch, Bob on the other.
    ada.receive(one.clone());
    ada.step(track, scene, 1, true);
    let made = ada.add_track(40);
    ada.step(made, scene, 2, true);
    bob.receive(other.clone());
    bob.step(track, scene, 5, true);
    bob.edit(Edit::SetName("Bob was here".to_owned()));
    let mut fell_out = 0;
    for (player, record, fresh) in [(&mut ada, other, 71), (&mut bob, one, 72)] {
        let received = player.session.admit(record);
        let fallen = match received.outcome {
            Outcome::Equivocation(equivocation) => equivocation.fell_out,
            outcome => panic!("{outcome:?}"),
        };
        fell_out += fallen.len();
        player.copy = player.session.score().clone();
        let changes = player.session.reissue(&fallen, ActorNonce([fresh; 16])).unwrap();
        changes.iter().for_each(|change| player.keep(change));
        player.check();
    }
    assert!(fell_out > 0);
    crate::players::sync(&mut ada, &mut bob);
    assert!(ada.is_on(track, scene, 1) && ada.is_on(track, scene, 5) && ada.is_on(made, scene, 2));
    assert_eq!(ada.session.score().name, "Bob was here");
}

/// Any value that a register can hold.
fn any_value() -> impl Strategy<Value = ScalarValue> {
    prop_oneof![
        any::<i64>().prop_map(ScalarValue::Int),
        any::<u64>().prop_map(ScalarValue::Uint),
        (-200_i64..200).prop_map(ScalarValue::Int),
        any::<f64>().prop_map(ScalarValue::F64),
        any::<bool>().prop_map(ScalarValue::Boolean),
        "[ -~]{0,12}".prop_map(|text| ScalarValue::Str(text.into())),
        Just(ScalarValue::Null),
        Just(ScalarValue::Str("7/8".into())),
        Just(ScalarValue::Bytes(vec![1, 2, 3])),
    ]
}

#[derive(Clone, Debug)]
enum Vandalism {
    Put(u16, u16, ScalarValue),
    Make(u16, u16),
    Delete(u16, u16),
}

fn vandalism() -> impl Strategy<Value = Vandalism> {
    let spot = (any::<u16>(), any::<u16>());
    prop_oneof![
        6 => (spot, any_value()).prop_map(|((object, key), value)| Vandalism::Put(object, key, value)),
        2 => spot.prop_map(|(object, key)| Vandalism::Make(object, key)),
        1 => spot.prop_map(|(object, key)| Vandalism::Delete(object, key)),
    ]
}

/// Every map of a document, those that were displaced from sight among them.
fn maps(doc: &AutoCommit, from: &ObjId, found: &mut Vec<ObjId>) {
    let keys: Vec<String> = doc.keys(from).collect();
    found.push(from.clone());
    for key in keys {
        for (value, id) in doc.get_all(from, key).unwrap() {
            if matches!(value, Value::Object(ObjType::Map)) {
                maps(doc, &id, found);
            }
        }
    }
}

fn vandalise(doc: &mut AutoCommit, maps: &[ObjId], act: &Vandalism, names: &[String]) {
    let spot = |object: u16, key: u16| {
        let object = &maps[usize::from(object) % maps.len()];
        let known: Vec<String> = doc.keys(object).chain(names.iter().cloned()).collect();
        (object.clone(), known[usize::from(key) % known.len()].clone())
    };
    match act {
        Vandalism::Put(object, key, value) => {
            let (object, key) = spot(*object, *key);
            doc.put(object, key, value.clone()).unwrap();
        }
        Vandalism::Make(object, key) => {
            let (object, key) = spot(*object, *key);
            doc.put_object(object, key, ObjType::Map).unwrap();
        }
        Vandalism::Delete(object, key) => {
            let (object, key) = spot(*object, *key);
            doc.delete(object, key).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_the_score_is_valid_and_followed_as_it_is_read(
        rounds in proptest::collection::vec(proptest::collection::vec(vandalism(), 1..8), 1..8)
    ) {
        let (mut ada, _, track, scene) = pair();
        ada.step(track, scene, 0, true);
        let mut eve = Hostile::joins(&ada);
        let names = [
            format!("{scene}/1"), format!("{scene}/1/3"), scene.to_string(), track.to_string(),
            "on".to_owned(), "tracks".to_owned(), "filter.cutoff".to_owned(), "deleted".to_owned(),
            "ab".repeat(32), "aaaaaaab".to_owned(),
        ];
        for round in rounds {
            eve.pull(&ada);
            let mut found = Vec::new();
            maps(&eve.doc, &ROOT, &mut found);
            for act in &round {
                vandalise(&mut eve.doc, &found, act, &names);
            }
            if eve.doc.pending_ops() > 0 {
                let record = eve.write(|_| {});
                ada.receive(record);
            }
            ada.check();
            // Ada goes on meanwhile, where her track still stands.
            if ada.session.score().tracks.contains_key(&track) {
                let edit = score::edit::PatternRef { track, scene };
                let edit = score::Edit::Pattern(edit, score::edit::PatternEdit::SetStep { step: 9, on: true });
                let _ = ada.try_edit(&edit, None);
                ada.copy = ada.session.score().clone();
            }
            ada.check();
            let lowered = score::lower::lower_first_scene(ada.session.score());
            prop_assert!(lowered.tracks.len() <= 16);
        }
    }
}
