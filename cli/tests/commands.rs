//! Every command, as scripts use it.

mod program;

use program::{Home, example};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_new_session_prints_its_id_and_is_found_by_name_id_and_beginning() {
    let home = Home::empty();
    let id = home.says(&["new", "Rainy Tuesday"]);
    assert_eq!((id.len(), id.lines().count()), (26, 1));
    for named in ["Rainy Tuesday", "RAINY TUESDAY", "rainy", &id, &id[..8], &id.to_uppercase()] {
        assert!(home.says(&["show", named]).starts_with("# Rainy Tuesday · 120 BPM"), "{named}");
    }
    assert_eq!(home.says(&["list"]), format!("{id}  Rainy Tuesday"));
    assert_eq!(json(&home.says(&["list", "--json"]))[0]["id"], id.as_str());
}

#[test]
fn a_session_without_a_name_gets_two_words() {
    let home = Home::empty();
    let made = json(&home.says(&["new", "--json"]));
    assert_eq!(made["name"].as_str().unwrap().split(' ').count(), 2, "{made}");
}

#[test]
fn edits_are_shown_as_text_and_json() {
    let home = Home::with_house();
    home.says(&["edit", "house", "step", "kick", "3", "on"]);
    home.says(&[
        "edit",
        "house",
        "lock kick 3 pitch=3 volume=0.4; tempo 128; swing 20; pan kick -0.5; rotate acid -1",
    ]);
    let text = home.says(&["show", "house"]);
    assert_eq!(
        text.lines().take(3).collect::<Vec<_>>(),
        [
            "# House · 128 BPM · swing 20 % · 4/4 · C minor-pentatonic",
            "kick: X.o.x...{3:pitch=3}",
            "acid: ..ox"
        ]
    );
    let shown = json(&home.says(&["show", "house", "--json"]));
    assert_eq!((&shown["tempo"], &shown["swing"]), (&128.into(), &20.into()));
    assert_eq!(shown["tracks"][0]["pan"], -0.5);
    assert_eq!(shown["tracks"][0]["steps"].as_array().unwrap().len(), 8);
}

#[test]
fn undo_and_redo_reach_over_processes() {
    let home = Home::with_house();
    home.says(&["edit", "house", "tempo 90"]);
    home.says(&["edit", "house", "undo"]);
    assert!(home.says(&["show", "house"]).contains("120 BPM"));
    home.says(&["edit", "house", "redo"]);
    assert!(home.says(&["show", "house"]).contains("90 BPM"));
}

#[test]
fn an_edit_may_speak_of_what_the_edits_before_it_made() {
    let home = Home::with_house();
    home.says(&[
        "edit",
        "house",
        "rename kick Boom; step boom 2 on; copy boom to acid; remove-track boom; mute #1",
    ]);
    let text = home.says(&["show", "house"]);
    assert!(text.contains("acid: Xx..x..."), "{text}");
    assert_eq!(json(&home.says(&["show", "house", "--json"]))["tracks"][0]["mute"], true);
}

#[test]
fn json_reports_each_edit_when_it_is_safe() {
    let home = Home::with_house();
    let out = home.says(&["edit", "house", "--json", "tempo 90; tempo 91"]);
    let reports: Vec<Value> = out.lines().map(json).collect();
    assert_eq!(reports.len(), 2);
    assert!(reports.iter().all(|report| report["saved"] == true));
    assert_eq!(reports[1]["edit"], "tempo 91");
}

#[test]
fn effects_survive_the_way_through_the_homes_socket() {
    let home = Home::with_house();
    home.says(&["edit", "house", "effect kick delay.wet=0.3 delay.time=1/8"]);
    let mut host = home.starts(&["host", "house"]);
    host.ticket();
    let shown = json(&home.says(&["show", "house", "--json"]));
    assert_eq!(shown["tracks"][0]["effects"]["delay.time"], "1/8");
}

#[test]
fn exports_come_back_as_the_same_session() {
    let home = Home::empty();
    for name in ["house.json", "polymeter.json", "melody.json", "dense.json"] {
        let first = home.says(&["import", &example(name)]);
        home.says(&["export", &first, "--format", "json", "--out", "out.json"]);
        let second = home.says(&["import", "out.json"]);
        // Its id, and the moment when it was made, are a session's own.
        let shown = |id: &str| {
            let json = home.says(&["show", id, "--json"]).replacen(id, "", 1);
            json.lines().filter(|line| !line.contains("\"created_at\"")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(shown(&first), shown(&second), "{name}");
    }
}

#[test]
fn text_comes_back_with_its_tempo_and_instruments() {
    let home = Home::with_house();
    home.says(&["edit", "house", "tempo 97.5; rename acid Deep"]);
    home.says(&["export", "house", "--format", "text", "--out", "house.txt"]);
    let again = home.says(&["import", "house.txt"]);
    let shown = json(&home.says(&["show", &again, "--json"]));
    assert_eq!((&shown["name"], &shown["tempo"]), (&"House".into(), &97.5.into()));
    assert_eq!(shown["tracks"][1]["instrument"], "synth:acid");
}

#[test]
fn the_automerge_document_is_exported() {
    let home = Home::with_house();
    home.says(&["export", "house", "--format", "automerge", "--out", "house.automerge"]);
    assert_eq!(std::fs::read(home.path("house.automerge")).unwrap()[..4], [0x85, 0x6f, 0x4a, 0x83]);
}

#[test]
fn a_render_prints_the_hash_of_its_samples_before_resampling() {
    let home = Home::with_house();
    let hash = home.says(&["render", "house", "--out", "a.wav", "--bars", "2"]);
    let mut wav = hound::WavReader::open(home.path("a.wav")).unwrap();
    assert_eq!((wav.spec().channels, wav.spec().sample_rate, wav.duration()), (2, 48_000, 192_000));
    let bytes: Vec<u8> = wav.samples::<f32>().flat_map(|sample| sample.unwrap().to_le_bytes()).collect();
    assert_eq!(hash, format!("blake3 {}", blake3::hash(&bytes).to_hex()));
    assert!(bytes.iter().any(|&byte| byte != 0), "the house is silent");
    assert_eq!(home.says(&["render", "house", "--out", "b.wav", "--bars", "2", "--rate", "44100"]), hash);
    let resampled = hound::WavReader::open(home.path("b.wav")).unwrap();
    assert_eq!((resampled.spec().sample_rate, resampled.duration()), (44_100, 176_400));
}

#[test]
fn a_file_renders_as_the_session_made_of_it() {
    let home = Home::empty();
    let id = home.says(&["import", &example("house.json")]);
    let of_file = home.says(&["render", &example("house.json"), "--out", "a.wav"]);
    assert_eq!(home.says(&["render", &id, "--out", "b.wav"]), of_file);
}

#[test]
fn an_import_says_what_it_left_out() {
    let home = Home::empty();
    std::fs::write(
        home.path("odd.json"),
        r#"{"tempo":97,"tracks":[{"sampleId":"sawtooth","steps":[true,"?"]}]}"#,
    )
    .unwrap();
    let ended = home.tries(&["import", "odd.json"]);
    assert_eq!((ended.code, ended.out.len()), (Some(0), 26));
    assert!(!ended.err.is_empty());
    let report = json(&home.says(&["import", "odd.json", "--json"]));
    assert!(!report["left_out"].as_array().unwrap().is_empty(), "{report}");
    assert_eq!(report["name"], "odd");
    assert!(home.says(&["show", &ended.out]).contains("plays sawtooth (heard as"));
}

#[test]
fn the_doctor_looks_at_everything() {
    let home = Home::with_house();
    let findings = json(&home.says(&["doctor", "--json"]));
    let looked_at: Vec<&str> =
        findings.as_array().unwrap().iter().map(|finding| finding["what"].as_str().unwrap()).collect();
    assert_eq!(looked_at, ["home", "identity", "sessions", "sound", "network", "mdns"]);
    assert!(home.says(&["doctor"]).contains("1, whole"));
}

#[test]
fn every_help_has_an_example() {
    let home = Home::empty();
    for command in
        ["new", "import", "list", "show", "edit", "render", "host", "join", "export", "doctor", "demo"]
    {
        let help = home.says(&[command, "--help"]);
        assert!(help.contains(&format!("offbeat {command}")) && help.contains("Examples:"), "{help}");
    }
    assert!(home.says(&["--help"]).contains("Examples:"));
}

#[test]
fn who_reads_a_few_bytes_only_is_not_told_of_a_failure() {
    let home = Home::empty();
    let id = home.says(&["import", &example("dense.json")]);
    let mut show = home.command(&["show", &id, "--json"]);
    let mut child =
        show.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = program::Ended::of(&child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn a_new_session_may_begin_on_a_beat() {
    let home = Home::empty();
    home.says(&["new", "House", "--beat"]);
    let shown = home.says(&["show", "house"]);
    assert!(shown.starts_with("# House") && shown.contains("kick: X...x...X..ox..."), "{shown}");
}
