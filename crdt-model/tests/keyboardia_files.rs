//! Real users' files import without loss. They lie beside the project, not in it: where the folder is not there, the tests
//! say so and pass.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "these are tests, and values are stored, never computed"
)]

use std::fs;
use std::path::Path;

use crdt_model::exchange::{FileFormat, Imported, detect, import, read_session_json, write_session_json};
use score::{Score, Step, Tempo, Track};
use serde_json::Value;

/// Every file with its raw JSON and what it imports as.
fn files() -> Vec<(String, Value, Imported)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/keyboardia-sessions");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: there is no folder ../shared/data/keyboardia-sessions beside the project");
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "the folder is there, but holds no session");
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).unwrap();
        assert_eq!(detect(&bytes), FileFormat::Keyboardia, "{}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&bytes).unwrap(), import(&bytes).unwrap())
    };
    paths.iter().map(read).collect()
}

fn state(raw: &Value) -> &Value {
    raw.get("state").unwrap_or(raw)
}

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key).and_then(Value::as_f64)
}

#[test]
fn every_track_step_and_lock_is_kept() {
    for (file, raw, imported) in files() {
        let tracks = imported.score.tracks_in_order();
        let raw_tracks = state(&raw)["tracks"].as_array().unwrap();
        assert_eq!(tracks.len(), raw_tracks.len(), "{file}");
        for (raw_track, (_, track)) in raw_tracks.iter().zip(tracks) {
            check_track(&file, &imported.score, raw_track, track);
        }
    }
}

fn check_track(file: &str, score: &Score, raw: &Value, track: &Track) {
    let place = format!("{file}, {}", track.name);
    assert_eq!(raw["name"], track.name, "{place}");
    assert_eq!(raw["sampleId"], track.instrument, "{place}");
    assert_eq!(raw["muted"].as_bool().unwrap_or(false), track.mute, "{place}");
    assert_eq!(number(raw, "volume").map(|volume| volume as f32), Some(track.volume), "{place}");
    assert_eq!(number(raw, "transpose").unwrap_or(0.0) as i8, track.transpose, "{place}");
    assert_eq!(number(raw, "swing").unwrap_or(0.0) as f32, track.swing, "{place}");
    assert_eq!(number(raw, "pan").unwrap_or(0.0) as f32, track.pan, "{place}");
    let pattern = track.pattern(score.first_scene());
    assert_eq!(raw["stepCount"], pattern.length, "{place}");
    let (steps, locks) = (raw["steps"].as_array().unwrap(), raw["parameterLocks"].as_array().unwrap());
    for number in 0..128_u16 {
        let step = pattern.step(number).cloned().unwrap_or_default();
        let on = steps.get(usize::from(number)).and_then(Value::as_bool).unwrap_or(false);
        assert_eq!(on, step.on, "{place}, step {}", number + 1);
        let none = Value::Null;
        check_lock(
            &format!("{place}, step {}", number + 1),
            locks.get(usize::from(number)).unwrap_or(&none),
            &step,
        );
    }
}

fn check_lock(place: &str, raw: &Value, step: &Step) {
    assert_eq!(number(raw, "pitch"), step.pitch.map(f64::from), "{place}");
    assert_eq!(number(raw, "volume").map(|volume| volume as f32), step.volume, "{place}");
    assert_eq!(raw.get("tie").and_then(Value::as_bool).unwrap_or(false), step.tie, "{place}");
}

#[test]
fn tempo_swing_scale_loop_and_effects_are_kept() {
    for (file, raw, imported) in files() {
        let (raw, score) = (state(&raw), &imported.score);
        let tempo = number(raw, "tempo").or(number(raw, "bpm")).unwrap();
        assert_eq!(Tempo::from_bpm(tempo), Some(score.tempo), "{file}");
        assert_eq!(number(raw, "swing").unwrap_or(0.0) as f32, score.swing, "{file}");
        if let Some(scale) = raw.get("scale") {
            let name = format!("{} {}", scale["root"].as_str().unwrap(), scale["scaleId"].as_str().unwrap());
            assert_eq!(score.scale.to_string(), name, "{file}");
        }
        let region = score.loop_region.map(|region| (region.first(), region.last()));
        let raw_region = raw
            .get("loopRegion")
            .map(|region| (region["start"].as_u64().unwrap() as u16, region["end"].as_u64().unwrap() as u16));
        assert_eq!(region, raw_region, "{file}");
        if raw.get("effects").is_some() {
            assert_eq!(score.master.len(), 10, "{file}: every effect parameter has its place");
        }
    }
}

#[test]
fn reports_name_descriptions_and_unknown_instruments_alone() {
    for (file, _, imported) in files() {
        for entry in &imported.report {
            let expected = entry.what == "description" || entry.why.contains("this instrument is not known");
            assert!(expected, "{file}: {entry}");
        }
    }
}

#[test]
fn what_was_imported_survives_our_own_json() {
    for (file, _, imported) in files() {
        let text = write_session_json(None, &imported.score);
        assert_eq!(read_session_json(text.as_bytes()).unwrap().score, imported.score, "{file}");
    }
}
