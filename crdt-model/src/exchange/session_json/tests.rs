//! What was written reads back, and what is refused is named.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use score::meter::LoopRegion;
use score::pattern::Pattern;
use score::scale::{Scale, ScaleKind};
use score::score::{ChatMessage, Parent, Sample, Scene, SongEntry, Version};
use score::step::Condition;
use score::track::EffectValue;
use score::{
    EntryId, MessageId, Meter, PlayerKey, SampleHash, SceneId, Step, Tempo, Track, TrackColour, TrackId,
    UnixMillis, VersionId,
};

use super::*;

fn any_settings() -> impl Strategy<Value = BTreeMap<String, f64>> {
    btree_map("[a-z_.]{1,12}", any::<f64>().prop_filter("numbers", |value| value.is_finite()), 0..3)
}

fn any_effects() -> impl Strategy<Value = BTreeMap<String, EffectValue>> {
    let number = any::<f64>().prop_filter("numbers", |value| value.is_finite()).prop_map(EffectValue::Number);
    btree_map("[a-z_.]{1,12}", prop_oneof![number, "[a-z/0-9]{1,8}".prop_map(EffectValue::Text)], 0..3)
}

fn any_step() -> impl Strategy<Value = Step> {
    let condition = option::of((1_u8..=16).prop_map(|every| Condition::from_parts(1, every).unwrap()));
    let plain = (any::<bool>(), any::<bool>(), option::of(-24_i8..=24), option::of(0.0_f32..=1.0));
    let timing =
        (option::of(5_u8..=100), option::of(0_u8..=100), option::of(1_u8..=8), option::of(-50_i8..=50));
    let notes = btree_map(-24_i8..=24, 0.0_f32..=1.0, 0..3);
    (plain, timing, condition, notes, any_settings()).prop_map(
        |((on, tie, pitch, volume), (gate_length, chance, ratchet, nudge), condition, notes, locks)| Step {
            on,
            pitch,
            volume,
            tie,
            gate_length,
            chance,
            ratchet,
            nudge,
            condition,
            notes,
            locks,
        },
    )
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    (1_u16..=128, btree_map(0_u16..128, any_step(), 0..6)).prop_map(|(length, mut steps)| {
        steps.retain(|_, step| !step.is_blank());
        Pattern { length, steps }
    })
}

fn any_track() -> impl Strategy<Value = Track> {
    let words = ("[A-Za-z:]{0,8}", "[a-z:]{0,12}", "[0-9A-Za-z]{1,4}");
    let mix = (0.0_f32..=1.0, -1.0_f32..=1.0, -24_i8..=24, 0.0_f32..=100.0, 0_u8..=8);
    let patterns = btree_map((0_u64..3).prop_map(SceneId::from_random), any_pattern(), 0..3);
    (words, mix, any::<[bool; 3]>(), any_settings(), any_effects(), patterns).prop_map(
        |(words, mix, [deleted, mute, gate], params, effects, mut patterns)| {
            patterns.retain(|_, pattern| !pattern.is_blank());
            Track {
                name: words.0,
                instrument: words.1,
                order: words.2,
                deleted,
                volume: mix.0,
                pan: mix.1,
                mute,
                transpose: mix.2,
                swing: mix.3,
                gate,
                choke: mix.4,
                colour: TrackColour::ALL.get(usize::from(mix.4)).copied(),
                params,
                effects,
                patterns,
            }
        },
    )
}

fn any_things() -> impl Strategy<Value = Score> {
    let scene = ("[a-z]{0,8}", "[0-9A-Za-z]{1,4}", any::<bool>()).prop_map(|(name, order, deleted)| Scene {
        name,
        order,
        deleted,
    });
    let entry = (0_u64..3, 1_u8..=64, "[0-9A-Za-z]{1,4}", any::<bool>()).prop_map(
        |(scene, repeats, order, deleted)| SongEntry {
            scene: SceneId::from_random(scene),
            repeats,
            order,
            deleted,
        },
    );
    let scenes = btree_map((0_u64..4).prop_map(SceneId::from_random), scene, 0..4);
    let song = btree_map(any::<u64>().prop_map(EntryId::from_random), entry, 0..3);
    let sample = ("[a-z]{1,8}", 0_u64..1 << 50, 1_u8..=2, any::<u32>(), any::<[u8; 32]>()).prop_map(
        |(name, frames, channels, rate, by)| Sample {
            name,
            frames,
            channels,
            rate,
            bytes: frames,
            by: PlayerKey(by),
            at: UnixMillis(7),
        },
    );
    let samples = btree_map(any::<[u8; 32]>().prop_map(SampleHash), sample, 0..2);
    let version = (any::<[u8; 32]>(), vec(any::<[u8; 32]>(), 0..3)).prop_map(|(by, heads)| Version {
        name: "v".to_owned(),
        heads,
        by: PlayerKey(by),
        at: UnixMillis(-1),
    });
    let versions = btree_map(any::<u64>().prop_map(VersionId::from_random), version, 0..2);
    let message = ("[ -~é]{0,20}", any::<[u8; 32]>()).prop_map(|(text, by)| ChatMessage {
        by: PlayerKey(by),
        at: UnixMillis(0),
        text: text.trim().to_owned(),
    });
    let chat = btree_map(any::<u64>().prop_map(MessageId::from_random), message, 0..2);
    (scenes, song, samples, versions, chat).prop_map(|(scenes, song, samples, versions, chat)| {
        let slices = samples.keys().map(|&hash| (hash, vec![0, 4_410])).collect();
        Score { scenes, song, samples, slices, versions, chat, ..Score::default() }
    })
}

fn any_score() -> impl Strategy<Value = Score> {
    let heads = (
        "[A-Za-z0-9]{0,20}",
        any::<u64>(),
        20_000_u32..=300_000,
        0.0_f32..=100.0,
        option::of((0_u16..2_000, 0_u16..2_000)),
        any::<bool>(),
    );
    let tracks = btree_map(any::<u64>().prop_map(TrackId::from_random), any_track(), 0..5);
    (any_things(), heads, tracks, any_effects()).prop_map(|(things, heads, tracks, master)| Score {
        name: heads.0,
        seed: heads.1,
        created_at: UnixMillis(1_700_000_000_000),
        parent: heads.5.then(|| Parent { id: "abc".into(), heads: "def".into(), name: "ghi".into() }),
        tempo: Tempo::from_milli_bpm(heads.2).unwrap(),
        swing: heads.3,
        meter: Meter::from_parts(7, 8).unwrap(),
        scale: Scale::from_parts(9, ScaleKind::Dorian).unwrap(),
        scale_lock: heads.5,
        loop_region: heads.4.and_then(|(first, more)| LoopRegion::from_steps(first, first + more)),
        tracks,
        master,
        ..things
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn export_and_import_lose_nothing(score in any_score()) {
        let id = Some(SessionId([3; 16]));
        let text = write_session_json(id, &score);
        let file = read_session_json(text.as_bytes()).unwrap();
        prop_assert_eq!(&file.score, &score);
        prop_assert_eq!(file.id, id);
        prop_assert_eq!(write_session_json(id, &file.score), text);
    }

    #[test]
    fn cut_files_are_refused(score in any_score(), at in any::<prop::sample::Index>()) {
        let text = write_session_json(None, &score);
        let cut = &text.as_bytes()[..at.index(text.len() - 1)];
        prop_assert!(read_session_json(cut).is_err());
        _ = crate::exchange::import(cut);
    }
}

#[test]
fn keys_stand_in_their_order_and_steps_are_an_array() {
    let mut track =
        Track { name: "Kick".into(), instrument: "kick".into(), order: "V".into(), ..Track::default() };
    let mut pattern = Pattern { length: 2, ..Pattern::default() };
    pattern.change_step(1, |step| {
        *step =
            Step { on: true, pitch: Some(3), volume: Some(0.4), gate_length: Some(50), ..Step::default() };
    });
    pattern.change_step(5, |step| step.tie = true);
    track.patterns.insert(SceneId::from_random(0), pattern);
    let score = Score {
        tempo: Tempo::from_milli_bpm(128_500).unwrap(),
        tracks: [(TrackId::from_random(0), track)].into(),
        ..Score::default()
    };
    let expected = r#"{
  "name": "",
  "tempo": 128.5,
  "swing": 0,
  "meter": "4/4",
  "scale": "C minor-pentatonic",
  "tracks": [
    {
      "id": "aaaaaaaa",
      "name": "Kick",
      "instrument": "kick",
      "length": 2,
      "volume": 0.8,
      "pan": 0,
      "mute": false,
      "transpose": 0,
      "swing": 0,
      "steps": [null,{"on":true,"pitch":3,"volume":0.4,"gate":50}],
      "beyond": {"5":{"on":false,"tie":true}},
      "gate": false,
      "choke": 0,
      "params": {},
      "effects": {},
      "scenes": {},
      "order": "V"
    }
  ],
  "scale_lock": false,
  "loop": null,
"#;
    let text = write_session_json(None, &score);
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_short_file_by_hand_is_enough() {
    let file = read_session_json(
        br#"{"tracks":[{"name":"Kick","instrument":"kick","steps":[{"on":true},null]},{}]}"#,
    );
    let score = file.unwrap().score;
    let tracks = score.tracks_in_order();
    let pattern = tracks[0].1.pattern(score.first_scene());
    assert_eq!((tracks.len(), pattern.length, pattern.steps.len()), (2, 2, 1));
    assert!(tracks[0].1.order < tracks[1].1.order);
}

#[test]
fn refusals_name_the_place_the_value_and_the_range() {
    let error = |text: &str| read_session_json(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error(r#"{"tempo":500}"#), "the session: tempo is 500; it must lie between 20 and 300");
    assert_eq!(
        error(r#"{"tracks":[{"name":"Kick","volume":2}]}"#),
        "track 1 (Kick): volume is 2; it must lie between 0 and 1"
    );
    assert_eq!(
        error(r#"{"tracks":[{"steps":[null,{"pitch":30}]}]}"#),
        "track 1 (), step 2: pitch is 30; it must lie between -24 and 24"
    );
    assert!(error(r#"{"tracks":[{"length":0}]}"#).contains("length is 0; it must lie between 1 and 128"));
    assert!(error(&format!(r#"{{"tracks":[{{"steps":[{}null]}}]}}"#, "null,".repeat(200))).contains("201"));
    let twins = r#"{"tracks":[{"id":"aaaaaaaa"},{"id":"aaaaaaaa"}]}"#;
    assert!(error(twins).contains("its id aaaaaaaa is another track's too"));
    assert!(error(r#"{"meter":"5/3"}"#).contains("a time signature is 1-16 over 4 or 8"));
    assert!(error("{").contains("line 1 column 1"));
}

#[test]
fn files_of_absurd_size_are_not_parsed() {
    let many = format!("[{}]", "0,".repeat(600_000));
    assert!(matches!(
        read_session_json(many.as_bytes()),
        Err(SessionJsonError::Bounds(BoundsError::Values(_)))
    ));
    let large = vec![b' '; crate::exchange::MAX_FILE_BYTES + 1];
    assert!(matches!(read_session_json(&large), Err(SessionJsonError::Bounds(BoundsError::Bytes(_)))));
}
