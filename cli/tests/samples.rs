//! Samples with the real program: brought in, kept, played, missed; and files that are none.

#![allow(clippy::float_cmp, reason = "silence is exact")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod program;

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use program::Home;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A file of the project's, of a sine wave of 440 Hz.
fn sound(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name).to_str().unwrap().to_owned()
}

/// Writes a WAV file with a sine wave in every channel.
fn wave(home: &Home, name: &str, rate: u32, channels: u16, frames: usize, hertz: f64) {
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut writer = WavWriter::create(home.path(name), spec).unwrap();
    for frame in 0..frames {
        let value = (TAU * hertz * frame as f64 / f64::from(rate)).sin() * 16_000.0;
        (0..channels).for_each(|_| writer.write_sample(value as i16).unwrap());
    }
    writer.finalize().unwrap();
}

/// A home with an empty session called `House`.
fn home() -> Home {
    let home = Home::empty();
    home.says(&["new", "House"]);
    home
}

fn stored(home: &Home) -> Vec<PathBuf> {
    let folder = home.path("home").join("samples");
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Renders the first bar of a session; the left channel.
fn rendered(home: &Home, session: &str) -> Vec<f32> {
    home.says(&["render", session, "--out", "out.wav"]);
    let samples = WavReader::open(home.path("out.wav")).unwrap().into_samples::<f32>();
    samples.map(Result::unwrap).step_by(2).collect()
}

fn peak(frames: &[f32]) -> f32 {
    frames.iter().fold(0.0, |peak, frame| peak.max(frame.abs()))
}

/// The frequency of a wave by its rising zero crossings.
fn hertz(frames: &[f32]) -> f64 {
    let crossings: Vec<usize> =
        (1..frames.len()).filter(|&i| frames[i - 1] < 0.0 && frames[i] >= 0.0).collect();
    let [first, .., last] = crossings[..] else { panic!("no wave") };
    (crossings.len() - 1) as f64 * 48_000.0 / (last - first) as f64
}

#[test]
fn every_format_becomes_a_track_that_sounds_at_its_pitch() {
    for (name, pitch) in [("tone.flac", 440.0), ("tone.mp3", 440.0), ("tone.ogg", 440.0), ("tone.wav", 880.0)]
    {
        let home = home();
        let file = if name == "tone.wav" {
            wave(&home, name, 44_100, 1, 6_000, 880.0);
            name.to_owned()
        } else {
            sound(name)
        };
        home.says(&["edit", "house", "add-sample", &file]);
        home.says(&["edit", "house", "pattern tone X..............."]);
        let shown = json(&home.says(&["show", "house", "--json"]));
        let (hash, sample) = shown["samples"].as_object().unwrap().iter().next().unwrap();
        assert_eq!((&sample["name"], &sample["rate"]), (&"tone".into(), &48_000.into()), "{name}");
        assert_eq!(shown["tracks"][0]["instrument"], format!("sample:{hash}"));
        let files = stored(&home);
        assert_eq!(files.len(), 1, "{name}");
        let bytes = fs::read(&files[0]).unwrap();
        assert!(bytes.starts_with(b"fLaC"));
        assert_eq!(files[0].file_stem().unwrap().to_str().unwrap(), hash);
        assert_eq!(sample["bytes"], bytes.len());
        let out = rendered(&home, "house");
        let heard = hertz(&out[2_500..4_800]);
        assert!((heard - pitch).abs() < pitch * 0.01, "{name}: {heard} Hz");
        assert_eq!(peak(&out[16_000..]), 0.0, "{name} rings on");
    }
}

#[test]
fn pitch_reverse_slices_and_loops_are_heard() {
    let home = home();
    wave(&home, "tone.wav", 48_000, 2, 24_000, 600.0);
    home.says(&["edit", "house", "add-sample tone.wav; pattern tone X..............."]);
    let plain = rendered(&home, "house");
    assert!((hertz(&plain[480..9_600]) - 600.0).abs() < 2.0);
    assert!(peak(&plain[23_000..23_500]) > 0.1);
    home.says(&["edit", "house", "lock tone 1 pitch=12"]);
    let raised = rendered(&home, "house");
    assert!((hertz(&raised[480..9_600]) - 1_200.0).abs() < 4.0);
    assert_eq!(peak(&raised[12_600..]), 0.0, "it is over in half the time");
    home.says(&["edit", "house", "unlock tone 1 pitch; slices tone 4; lock tone 1 slice=2"]);
    let slice = rendered(&home, "house");
    assert!(peak(&slice[..5_000]) > 0.1);
    assert_eq!(peak(&slice[6_600..]), 0.0, "a quarter is 6,000 frames");
    home.says(&[
        "edit",
        "house",
        "param tone reverse=on loop=on; lock tone 1 gate=100; pattern tone X___............",
    ]);
    let held = rendered(&home, "house");
    assert!(peak(&held[23_000..23_500]) > 0.1, "a loop goes on while it is held");
    assert_eq!(peak(&held[27_000..]), 0.0, "and no longer");
    home.says(&["edit", "house", "slices tone off"]);
    assert!(!home.says(&["show", "house", "--json"]).contains("6000"));
    home.fails(&["edit", "house", "slices tone 65"], 2, &["65"]);
}

#[test]
fn a_name_may_be_given_and_the_same_file_is_kept_once() {
    let home = home();
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Deep Bell"]);
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Deep Bell"]);
    assert_eq!(stored(&home).len(), 1);
    let shown = json(&home.says(&["show", "house", "--json"]));
    assert_eq!(shown["samples"].as_object().unwrap().len(), 1);
    assert_eq!(shown["tracks"][1]["name"], "Deep Bell 2");
    home.says(&["edit", "house", "undo"]);
    let shown = home.says(&["show", "house"]);
    assert_eq!(shown.lines().filter(|line| line.starts_with("Deep Bell")).count(), 1, "{shown}");
}

#[test]
fn a_sample_is_added_while_another_process_owns_the_home() {
    let home = home();
    let mut host = home.starts(&["host", "house"]);
    host.ticket();
    home.says(&["edit", "house", "add-sample", &sound("tone.ogg"), "Bell"]);
    assert!(home.says(&["show", "house"]).contains("Bell"));
    assert_eq!(stored(&home).len(), 1);
}

#[test]
fn what_is_no_sample_is_refused_in_one_sentence_and_nothing_changes() {
    let home = home();
    wave(&home, "long.wav", 8_000, 1, 8_000 * 30 + 1, 100.0);
    wave(&home, "surround.wav", 48_000, 6, 100, 100.0);
    wave(&home, "slow.wav", 4_000, 1, 100, 100.0);
    wave(&home, "good.wav", 48_000, 1, 1_000, 100.0);
    let good = fs::read(home.path("good.wav")).unwrap();
    let with_length = |length: u32| {
        let mut bytes = good.clone();
        bytes[4..8].copy_from_slice(&length.saturating_add(36).to_le_bytes());
        bytes[40..44].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    let flac = fs::read(sound("tone.flac")).unwrap();
    let mut bent = flac.clone();
    bent[1_000] ^= 0x55;
    let files: [(&str, Vec<u8>); 9] = [
        ("lies.wav", with_length(1_000_000)),
        ("boasts.wav", with_length(u32::MAX - 7)),
        ("cut.wav", good[..1_000].to_vec()),
        ("cut.flac", flac[..900].to_vec()),
        ("bent.flac", bent),
        ("head.flac", flac[..20].to_vec()),
        ("nothing.wav", Vec::new()),
        ("noise.mp3", (0..9_999_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        ("prose.ogg", b"once upon a time".to_vec()),
    ];
    for (name, bytes) in &files {
        fs::write(home.path(name), bytes).unwrap();
    }
    fs::File::create(home.path("huge.wav")).unwrap().set_len(65 << 20).unwrap();
    let before = home.says(&["show", "house", "--json"]);
    for (name, words) in [
        ("long.wav", &["longer than 30 s", "cut it shorter"][..]),
        ("surround.wav", &["6 channels", "mono or stereo"]),
        ("slow.wav", &["4000 frames per second"]),
        ("lies.wav", &["says that it holds 500000 frames", "holds 1000"]),
        ("boasts.wav", &["says that it holds", "holds 1000"]),
        ("cut.wav", &["says that it holds 1000 frames"]),
        ("cut.flac", &[]),
        ("bent.flac", &["broken"]),
        ("head.flac", &[]),
        ("nothing.wav", &["no WAV, FLAC, MP3 or Ogg Vorbis"]),
        ("noise.mp3", &[]),
        ("prose.ogg", &["no WAV, FLAC, MP3 or Ogg Vorbis"]),
        ("huge.wav", &["68157440 bytes", "67108864"]),
        ("missing.wav", &["could not read missing.wav"]),
        (".", &["no ordinary file"]),
        ("/dev/zero", &["no ordinary file"]),
    ] {
        home.fails(&["edit", "house", "add-sample", name, "Bell"], 1, &[&[name], words].concat());
    }
    home.fails(&["edit", "house", "add-sample"], 2, &["file is missing", "add-sample FILE"]);
    // The edits around it are not made either, and what was read is not kept.
    home.fails(&["edit", "house", "tempo 90; add-sample lies.wav"], 1, &["lies.wav"]);
    home.fails(&["edit", "house", "add-sample good.wav; tempo 999"], 2, &["999"]);
    assert_eq!(home.says(&["show", "house", "--json"]), before);
    assert_eq!(stored(&home), Vec::<PathBuf>::new());
}

#[test]
fn a_missing_and_a_damaged_sample_are_named_once_and_the_rest_plays_on() {
    let home = home();
    home.says(&["edit", "house", "add-track kick; pattern kick X...X...X...X..."]);
    let alone = rendered(&home, "house");
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Bell"]);
    home.says(&["edit", "house", "pattern bell ..X.....; add-track kick Other; pattern other ........"]);
    let shown = json(&home.says(&["show", "house", "--json"]));
    let instrument = shown["tracks"][1]["instrument"].as_str().unwrap().to_owned();
    home.says(&["edit", "house", "instrument", "other", &instrument]);
    assert!(rendered(&home, "house") != alone);
    let file = stored(&home).remove(0);
    let flac = fs::read(&file).unwrap();
    for (bytes, words) in [
        (None, "the sample Bell is not in this home"),
        (Some(&b"noise"[..]), "the sample Bell is damaged"),
        (Some(&flac[..flac.len() - 1]), "the sample Bell is damaged"),
    ] {
        match bytes {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let ended = home.tries(&["render", "house", "--out", "out.wav"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!((ended.err.matches(words).count(), ended.err.lines().count()), (1, 1), "{}", ended.err);
        let samples = WavReader::open(home.path("out.wav")).unwrap().into_samples::<f32>();
        assert!(samples.map(Result::unwrap).step_by(2).eq(alone.iter().copied()));
    }
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Bell"]);
    assert!(rendered(&home, "house") != alone, "adding it again mends it");
}

#[test]
fn a_hostile_file_under_its_right_hash_is_silent_and_named() {
    let home = home();
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Bell"]);
    let text = home.says(&["show", "house", "--json"]);
    let hash = json(&text)["samples"].as_object().unwrap().keys().next().unwrap().clone();
    // A WAV file and a FLAC file of another rate, each honestly named by its hash, as a peer might send them.
    wave(&home, "tone.wav", 48_000, 1, 1_000, 100.0);
    for bytes in [fs::read(home.path("tone.wav")).unwrap(), b"fLaC and then something else".to_vec()] {
        let other = blake3::hash(&bytes).to_hex().to_string();
        fs::write(home.path("home").join("samples").join(format!("{other}.flac")), bytes).unwrap();
        fs::write(home.path("hostile.json"), text.replace(&hash, &other)).unwrap();
        let session = home.says(&["import", "hostile.json"]);
        home.says(&["edit", &session, "pattern bell X..."]);
        let ended = home.tries(&["render", &session, "--out", "out.wav"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.err.starts_with("the sample Bell: "), "{}", ended.err);
        assert_eq!(ended.err.lines().count(), 1);
        assert_eq!(peak(&rendered(&home, &session)), 0.0);
    }
}

#[test]
fn the_demo_plays_the_homes_samples_and_names_those_it_lacks() {
    let home = home();
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Bell"]);
    home.says(&["edit", "house", "pattern bell X...x..."]);
    home.says(&["export", "house", "--format", "json", "--out", "house.json"]);
    let ended = home.tries(&["demo", "house.json", "--bars", "1"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.err.contains("sample"), "{}", ended.err);
    fs::remove_dir_all(home.path("home").join("samples")).unwrap();
    let ended = home.tries(&["demo", "house.json", "--bars", "1"]);
    assert_eq!((ended.code, ended.err.matches("the sample Bell is not in this home").count()), (Some(0), 1));
}

#[test]
fn whoever_hears_a_session_is_told_once_which_sample_is_missing() {
    let home = home();
    home.says(&["edit", "house", "add-sample", &sound("tone.flac"), "Bell"]);
    fs::remove_dir_all(home.path("home").join("samples")).unwrap();
    let mut host = home.starts(&["host", "house", "--play"]);
    host.ticket();
    // Each asking starts a process, so this is far longer than is ever needed.
    let is_told = || {
        home.says(&["list"]);
        host.said().contains("the sample Bell is not in this home")
    };
    assert!(std::iter::repeat_with(is_told).take(1_000).any(|is_told| is_told));
    assert_eq!(host.terminate().code(), Some(0));
    assert_eq!(host.errors().matches("Bell is not in this home").count(), 1);
}

#[test]
fn the_decoder_is_no_command_and_ends_whatever_it_is_fed() {
    let home = Home::empty();
    let help = home.says(&["--help"]);
    assert!(!help.contains("decode-sample"), "{help}");
    // Without input it refuses, on standard output, to whoever started it.
    let ended = home.tries(&["decode-sample", "file"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.out.contains("no WAV, FLAC, MP3 or Ogg Vorbis"), "{ended:?}");
    assert!(ended.err.is_empty());
    assert_eq!(home.tries(&["decode-sample", "nonsense"]).code, Some(2));
}
