//! Sound in every format, loops, stems and MIDI files, with the real program.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod program;

use program::{Home, example};
use serde_json::Value;

/// The samples of a float WAV file, left and right alternating.
fn wav(home: &Home, name: &str) -> Vec<f32> {
    hound::WavReader::open(home.path(name)).unwrap().samples::<f32>().map(Result::unwrap).collect()
}

fn peak(samples: impl Iterator<Item = f32>) -> f32 {
    samples.map(f32::abs).fold(0.0, f32::max)
}

/// The largest difference between a sample and the one before it of the same channel, over a range of frames that may go
/// round the end of a loop.
fn largest_step(samples: &[f32], frames: std::ops::Range<isize>) -> f32 {
    let length = samples.len() as isize;
    let at = |index: isize| samples[index.rem_euclid(length) as usize];
    peak(frames.flat_map(|frame| [frame * 2, frame * 2 + 1]).map(|index| at(index) - at(index - 2)))
}

#[test]
fn every_format_holds_the_same_sound_and_prints_the_same_hash() {
    let home = Home::with_house();
    let hash = home.says(&["render", "house", "--out", "float.wav"]);
    let float = wav(&home, "float.wav");
    for (format, name, bits, worst) in
        [("wav16", "a.wav", 16, 1.5 / 32_768.0), ("wav24", "b.wav", 24, 0.51 / 8_388_608.0)]
    {
        assert_eq!(home.says(&["render", "house", "--out", name, "--format", format]), hash);
        let mut reader = hound::WavReader::open(home.path(name)).unwrap();
        assert_eq!(reader.spec().bits_per_sample, bits);
        let full_scale = 2_f32.powi(i32::from(bits) - 1);
        let whole: Vec<f32> =
            reader.samples::<i32>().map(|sample| sample.unwrap() as f32 / full_scale).collect();
        let error = peak(whole.iter().zip(&float).map(|(a, b)| a - b));
        assert!(whole.len() == float.len() && error <= worst, "{format}: {error}");
    }
    for name in ["c.flac", "d.ogg", "e.wav", "f"] {
        assert_eq!(home.says(&["render", "house", "--out", name]), hash, "{name}");
    }
    assert_eq!(std::fs::read(home.path("c.flac")).unwrap()[..4], *b"fLaC");
    assert_eq!(std::fs::read(home.path("d.ogg")).unwrap()[..4], *b"OggS");
    // The program's own decoder checks lengths and checksums.
    home.says(&["edit", "house", "add-sample c.flac; add-sample d.ogg"]);
    assert!(std::fs::metadata(home.path("d.ogg")).unwrap().len() < 100_000);
}

#[test]
fn a_loop_has_no_seam_and_carries_its_tail() {
    let home = Home::empty();
    for name in ["house.json", "polymeter.json", "melody.json"] {
        let file = example(name);
        let hash = home.says(&["render", &file, "--loop", "--bars", "4", "--out", "loop.wav"]);
        assert_eq!(
            home.says(&["render", &file, "--loop", "--bars", "4", "--out", "again.wav"]),
            hash,
            "{name}"
        );
        home.says(&["render", &file, "--bars", "4", "--out", "plain.wav"]);
        let (looped, plain) = (wav(&home, "loop.wav"), wav(&home, "plain.wav"));
        assert_eq!(looped.len(), plain.len(), "{name}");
        let tail = peak(looped.iter().zip(&plain).take(48_000).map(|(a, b)| a - b));
        assert!(tail > 1e-4, "{name}: nothing sounds past the end ({tail})");
        // Ten milliseconds before the seam nothing begins: what steps there are are the sound's own.
        let (seam, before) = (largest_step(&looped, 0..1), largest_step(&looped, -480..0));
        assert!(seam < before * 2.0 + 1e-3, "{name}: a step of {seam} at the seam, {before} before it");
        println!("{name}: step at the seam {seam:.6}, largest before it {before:.6}, tail {tail:.4}");
    }
}

#[test]
fn a_held_sound_goes_round_without_a_gap() {
    let home = Home::empty();
    home.says(&["new", "Drone"]);
    // Held from the ninth step over the seam to the seventh.
    home.says(&["edit", "drone", "add-track synth:organ; pattern organ _______.x_______"]);
    home.says(&["render", "drone", "--loop", "--out", "tied.wav"]);
    let tied = wav(&home, "tied.wav");
    let loudness =
        |frames: std::ops::Range<usize>| peak(tied[frames.start * 2..frames.end * 2].iter().copied());
    let (start, middle) = (loudness(0..480), loudness(60_000..70_000));
    assert!(start > middle / 2.0 && middle > 0.01, "{start} at the start, {middle} in the middle");
    assert!(largest_step(&tied, 0..1) <= largest_step(&tied, 1..90_000), "the wave has a step at the seam");
}

#[test]
fn a_loop_is_as_long_as_it_takes_all_tracks_to_come_round() {
    let home = Home::with_house();
    home.says(&["edit", "house", "length kick 12; length acid 16"]);
    let rendered: Value =
        serde_json::from_str(&home.says(&["render", "house", "--loop", "--out", "l.wav", "--json"])).unwrap();
    assert_eq!(rendered["frames"], 48 * 6_000);
}

#[test]
fn stems_add_up_to_the_mix() {
    let home = Home::with_house();
    home.says(&[
        "edit",
        "house",
        "add-track hihat; pattern hihat x.x.; add-track openhat; pattern openhat .x.x",
    ]);
    home.says(&[
        "edit",
        "house",
        "rename acid ../b/ass; volume kick 0.3; volume #2 0.2; effect #2 delay.wet=0.3",
    ]);
    let hash = home.says(&["render", "house", "--out", "mix.wav", "--bars", "2"]);
    assert_eq!(home.says(&["render", "house", "--stems", "new/stems", "--bars", "2"]), hash);
    let mut names: Vec<String> = std::fs::read_dir(home.path("new/stems"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(names[0] == "00 Master.wav" && names[2] == "02 ___b_ass.wav", "{names:?}");
    let mix = wav(&home, "mix.wav");
    assert_eq!(wav(&home, "new/stems/00 Master.wav"), mix);
    let mut sum = vec![0.0_f32; mix.len()];
    for name in &names[1..] {
        let stem = wav(&home, &format!("new/stems/{name}"));
        assert!(peak(stem.iter().copied()) > 1e-3, "{name} is silent");
        sum.iter_mut().zip(stem).for_each(|(sum, sample)| *sum += sample);
    }
    let error = peak(sum.iter().zip(&mix).map(|(a, b)| a - b));
    assert!(peak(mix.iter().copied()) < 0.85, "the limiter works on the mix: the test needs a softer one");
    assert!(error < 1e-5, "the stems differ from the mix by {error}");
}

#[test]
fn a_muted_track_has_no_stem_and_it_is_said() {
    let home = Home::with_house();
    home.says(&["edit", "house", "mute kick"]);
    let ended = home.tries(&["render", "house", "--stems", "stems", "--format", "flac", "--json"]);
    let rendered: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(rendered["stems"].as_array().unwrap().len(), 1);
    assert_eq!((&rendered["stems"][0]["track"], &rendered["stems"][0]["name"]), (&2.into(), &"acid".into()));
    assert!(ended.err.contains("track 1 (kick) is muted"), "{}", ended.err);
    assert!(home.path("stems/00 Master.flac").exists() && !home.path("stems/01 kick.flac").exists());
}

#[test]
fn what_does_not_go_together_is_said() {
    fn render<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["render", "house"], more].concat()
    }
    let home = Home::with_house();
    home.fails(&render(&["--out", "a.wav", "--format", "flac"]), 2, &["a.wav", "FLAC", "leave out --format"]);
    home.fails(&render(&["--out", "a.mp3"]), 2, &[".mp3 is not written", ".flac"]);
    for more in [
        &["--out", "a.wav", "--stems", "b"][..],
        &["--out", "a.wav", "--loop", "--rate", "44100"],
        &["--out", "a.wav", "--format", "mp3"],
        &[],
    ] {
        assert_eq!(home.tries(&render(more)).code, Some(2), "{more:?}");
    }
    home.fails(&render(&["--out", "a.flac", "--rate", "192000"]), 1, &["192000", "96000"]);
    std::fs::write(home.path("file"), "old").unwrap();
    home.fails(&render(&["--stems", "file/stems"]), 1, &["file/stems"]);
    assert!(!home.path("a.wav").exists() && !home.path("a.flac").exists());
}

#[test]
fn a_midi_file_comes_back_as_the_same_grid() {
    let home = Home::with_house();
    home.says(&[
        "edit",
        "house",
        "tempo 97.5; meter 7/8; swing 24; pattern acid x..o_.x.; lock acid 4 pitch=5; lock acid 5 pitch=5",
    ]);
    home.says(&["export", "house", "--format", "midi", "--out", "house.mid"]);
    let before = home.says(&["show", "house"]);
    let back = home.says(&["import", "house.mid"]);
    assert_eq!(home.says(&["show", &back]), before);
}

#[test]
fn example_sessions_survive_a_midi_file() {
    let home = Home::empty();
    for name in ["house.json", "polymeter.json", "melody.json", "dense.json"] {
        let id = home.says(&["import", &example(name)]);
        home.says(&["export", &id, "--format", "midi", "--out", "first.mid"]);
        let back = home.says(&["import", "first.mid"]);
        home.says(&["render", &back, "--out", "a.wav"]);
        assert!(peak(wav(&home, "a.wav").into_iter()) > 0.01, "{name} is silent after a round trip");
    }
}

#[test]
fn files_that_are_no_music_are_refused() {
    let home = Home::empty();
    for (name, bytes, words) in [
        ("short.mid", &b"MThd"[..], "not a standard MIDI file"),
        ("silent.mid", b"MThd\0\0\0\x06\0\x01\0\0\0\x60", "no note"),
        ("film.mid", b"MThd\0\0\0\x06\0\x01\0\0\xe8\x04", "film frames"),
        ("patterns.mid", b"MThd\0\0\0\x06\0\x02\0\0\0\x60", "type 2"),
    ] {
        std::fs::write(home.path(name), bytes).unwrap();
        home.fails(&["import", name], 1, &[name, words]);
    }
    assert_eq!(home.says(&["list"]), "");
}

#[test]
fn the_effects_and_fm_parameters_of_keyboardia_are_heard() {
    let home = Home::empty();
    let render = |name: &str, effects: &str, fm: &str| {
        let track =
            format!(r#"{{"sampleId":"tone:fm-bass","name":"B","steps":[true,false,false,true]{fm}}}"#);
        std::fs::write(home.path(name), format!(r#"{{"tempo":120{effects},"tracks":[{track}]}}"#)).unwrap();
        home.says(&["render", name, "--out", "a.wav"])
    };
    let plain = render("plain.json", "", "");
    let effects = [
        r#""reverb":{"decay":2,"wet":0.4}"#,
        r#""delay":{"time":"8n","feedback":0.4,"wet":0.4}"#,
        r#""delay":{"time":"4n","feedback":0.4,"wet":0.4}"#,
        r#""chorus":{"frequency":2,"depth":0.6,"wet":0.5}"#,
        r#""distortion":{"amount":0.6,"wet":0.5}"#,
    ];
    let mut heard = vec![plain.clone()];
    for effect in effects {
        let hash = render("wet.json", &format!(r#","effects":{{{effect}}}"#), "");
        assert!(!heard.contains(&hash), "{effect} is not heard");
        heard.push(hash);
        assert_eq!(
            render("bypassed.json", &format!(r#","effects":{{"bypass":true,{effect}}}"#), ""),
            plain,
            "{effect}"
        );
    }
    for fm in [r#","fmParams":{"harmonicity":3}"#, r#","fmParams":{"modulationIndex":20}"#] {
        let hash = render("fm.json", "", fm);
        assert!(!heard.contains(&hash), "{fm} is not heard");
        heard.push(hash);
    }
}
