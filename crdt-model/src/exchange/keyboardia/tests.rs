//! Files as users have them, and files that nobody should have.

use proptest::prelude::*;
use score::Step;
use score::track::EffectValue;
use serde_json::json;

use super::*;

fn read(value: &Value) -> Imported {
    read_keyboardia(value.to_string().as_bytes()).unwrap()
}

fn report_of(value: &Value) -> Vec<String> {
    read(value).report.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_valid_is_kept() {
    let imported = read(&json!({"name": "Acid", "state": {
        "tempo": 131.5, "swing": 12, "scale": {"root": "A", "scaleId": "dorian", "locked": true},
        "loopRegion": {"start": 4, "end": 19},
        "effects": {"bypass": true, "reverb": {"decay": 2.5, "wet": 0.35}, "delay": {"time": "8n.", "feedback": 0.4},
            "chorus": {"frequency": 2.0, "depth": 0.6}, "distortion": {"amount": 0.1}},
        "tracks": [{"id": "t", "name": "Bass", "sampleId": "tone:fm-bass", "steps": [true, false, true, true],
            "parameterLocks": [{"pitch": -3, "volume": 0.5}, {"tie": true}, null, {"tie": true}],
            "volume": 0.6, "pan": -0.5, "muted": true, "transpose": -12, "stepCount": 3, "swing": 20,
            "fmParams": {"harmonicity": 2.5, "modulationIndex": 8}, "playbackMode": "gate"}],
    }}));
    assert_eq!(imported.report, []);
    let score = &imported.score;
    assert_eq!((score.name.as_str(), score.tempo.milli_bpm(), score.swing), ("Acid", 131_500, 12.0));
    assert_eq!((score.scale.to_string().as_str(), score.scale_lock), ("A dorian", true));
    assert_eq!(score.loop_region, LoopRegion::from_steps(4, 19));
    let number = EffectValue::Number;
    assert_eq!(score.master["reverb.wet"], number(0.35));
    assert_eq!(score.master["reverb.on"], number(0.0));
    assert_eq!(score.master["chorus.rate"], number(2.0));
    assert_eq!(score.master["delay.time"], EffectValue::Text("1/8.".into()));
    let track = score.tracks_in_order()[0].1;
    assert_eq!((track.volume, track.pan, track.mute, track.transpose), (0.6, -0.5, true, -12));
    assert_eq!((track.swing, track.gate, track.params["modulation_index"]), (20.0, true, 8.0));
    let pattern = track.pattern(score.first_scene());
    assert_eq!((pattern.length, pattern.steps.len()), (3, 4));
    let first = Step { on: true, pitch: Some(-3), volume: Some(0.5), ..Step::default() };
    assert_eq!(pattern.steps[&0], first);
    assert_eq!(pattern.steps[&1], Step { tie: true, ..Step::default() });
    assert_eq!(pattern.steps[&3], Step { on: true, tie: true, ..Step::default() });
}

#[test]
fn what_is_changed_or_left_out_is_reported() {
    let report = report_of(&json!({"tempo": 500, "description": "x", "tracks": [
        {"name": "Saw\u{7}", "sampleId": "sawtooth", "steps": [1], "volume": 1.5, "soloed": true, "stepCount": 200,
            "parameterLocks": [{"pitch": 1.5, "filter": 3}]},
        7,
    ]}));
    let expected = [
        "the session: tempo 500: it must lie between 20 and 300: 300 is used",
        "the session: description: sessions have no such thing: left out",
        "track 1 (Saw): step 1: 1: a step is true or false: left out",
        "track 1 (Saw), step 1: pitch 1.5: it is not whole: 2 is used",
        "track 1 (Saw): volume 1.5: it must lie between 0 and 1: 1 is used",
        "track 1 (Saw): soloed: solo is each player's own here: left out",
        "track 1 (Saw): stepCount 200: it must lie between 1 and 128: 128 is used",
        "track 1 (Saw), step 1: filter: sessions have no such thing: left out",
        "the session: track 2: it is no object: left out",
    ];
    for line in expected {
        assert!(report.iter().any(|entry| entry == line), "{line}\nis missing in {report:#?}");
    }
    assert!(report.iter().any(|entry| entry.contains("sampleId `sawtooth`: this instrument is not known")));
    assert!(report.iter().any(|entry| entry.contains("name `Saw`") || entry.contains("`Saw` is used")));
}

#[test]
fn tracks_past_the_sixteenth_are_kept() {
    let tracks: Vec<Value> =
        (0..20).map(|n| json!({"name": format!("T{n}"), "sampleId": "kick", "steps": [true]})).collect();
    let imported = read(&json!({ "tracks": tracks }));
    let names: Vec<_> =
        imported.score.tracks_in_order().iter().map(|(_, track)| track.name.clone()).collect();
    assert_eq!(names, (0..20).map(|n| format!("T{n}")).collect::<Vec<_>>());
    assert!(imported.report.iter().any(|entry| entry.what == "4 tracks past the sixteenth"));
}

#[test]
fn a_report_is_bounded() {
    let steps: Vec<Value> = vec![json!("?"); 128];
    let tracks: Vec<Value> = (0..100).map(|_| json!({"steps": steps})).collect();
    assert_eq!(read(&json!({ "tracks": tracks })).report.len(), 1_001);
}

#[test]
fn what_is_no_session_is_refused() {
    for text in
        ["[]", "7", "{}", r#"{"tracks":{}}"#, r#"{"state":3}"#, "{", "\"", "null", &"[".repeat(10_000)]
    {
        assert!(read_keyboardia(text.as_bytes()).is_err(), "{text}");
    }
}

/// Any JSON, with the keys of a session where keys are.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "tracks",
        "state",
        "tempo",
        "bpm",
        "swing",
        "scale",
        "root",
        "scaleId",
        "loopRegion",
        "start",
        "end",
        "effects",
        "delay",
        "time",
        "wet",
        "name",
        "sampleId",
        "steps",
        "parameterLocks",
        "pitch",
        "volume",
        "tie",
        "stepCount",
        "transpose",
        "fmParams",
        "harmonicity",
        "other",
    ]);
    leaf.prop_recursive(5, 64, 8, move |inner| {
        let object = proptest::collection::vec((key.clone(), inner.clone()), 0..8).prop_map(|pairs| {
            pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Value>()
        });
        prop_oneof![2 => object, 1 => proptest::collection::vec(inner, 0..8).prop_map(Value::from)]
    })
}

proptest! {
    #[test]
    fn hostile_files_never_panic(tracks in any_json(), rest in any_json()) {
        _ = read_keyboardia(rest.to_string().as_bytes());
        let file = json!({"tracks": [tracks], "effects": rest.clone(), "scale": rest.clone(), "loopRegion": rest});
        let imported = read(&file);
        // Whatever was read is a session that exports and imports.
        let text = crate::exchange::write_session_json(None, &imported.score);
        prop_assert_eq!(crate::exchange::read_session_json(text.as_bytes()).unwrap().score, imported.score);
    }
}
