//! Every verb is read from words as a player would type them.

use score::edit::{Edit, PatternEdit, PatternOp, TrackEdit};
use score::id::SampleHash;
use score::step::StepLock;
use score::{PlayerKey, Score, Tempo, Track, TrackColour, TrackId, UnixMillis};
use view::Command;

use super::*;

fn session() -> Score {
    let mut score = Score::default();
    for (number, (name, instrument)) in
        [("kick", "kick"), ("Acid Bass", "synth:acid"), ("hat", "hihat"), ("Hat", "openhat")]
            .into_iter()
            .enumerate()
    {
        let track = Track {
            name: name.into(),
            instrument: instrument.into(),
            order: format!("a{number}"),
            ..Track::default()
        };
        score.tracks.insert(TrackId::from_random(number as u64 + 1), track);
    }
    score
}

fn read(text: &str) -> Result<Command, WordsError> {
    let score = session();
    let mut random = || 99;
    let samples = files();
    let mut context = Context {
        score: &score,
        me: PlayerKey([1; 32]),
        now: UnixMillis(5),
        random: &mut random,
        scene: score.first_scene(),
        samples: &samples,
    };
    let words = split(&[format!("{text} ")])?;
    parse(&words[0], &mut context)
}

fn files() -> BroughtFiles {
    let brought = Brought { hash: SampleHash([9; 32]), frames: 4_800, channels: 2, bytes: 999 };
    [("/tmp/hat.wav".to_owned(), brought)].into()
}

fn edit(text: &str) -> Edit {
    match read(text) {
        Ok(Command::Edit(edit)) => edit,
        other => panic!("`{text}` gave {other:?}"),
    }
}

fn pattern_edit(text: &str) -> PatternEdit {
    match edit(text) {
        Edit::Pattern(_, edit) => edit,
        other => panic!("`{text}` gave {other:?}"),
    }
}

#[test]
fn steps_count_from_one_in_words_and_from_zero_in_edits() {
    assert_eq!(pattern_edit("step kick 5 on"), PatternEdit::SetStep { step: 4, on: true });
    assert!(matches!(read("step kick 0 on"), Err(WordsError::OutOfRange(_))));
    assert!(matches!(read("step kick 129 on"), Err(WordsError::OutOfRange(_))));
}

#[test]
fn tracks_are_named_by_name_in_any_case_by_position_or_by_id() {
    let by_name = edit("mute ACID BASS");
    assert_eq!(by_name, Edit::Track(TrackId::from_random(2), TrackEdit::SetMute(true)));
    assert_eq!(edit("mute #2"), by_name);
    assert_eq!(edit(&format!("mute {}", TrackId::from_random(2))), by_name);
}

#[test]
fn a_name_of_two_tracks_is_refused_with_both_positions() {
    let message = read("mute hat").unwrap_err().to_string();
    assert!(message.contains("#3") && message.contains("#4"), "{message}");
}

#[test]
fn an_unknown_track_is_answered_with_those_there_are() {
    let message = read("mute cow").unwrap_err().to_string();
    assert!(message.contains("no track `cow`") && message.contains("#1 kick"), "{message}");
}

#[test]
fn locks_are_one_act() {
    let Edit::All(edits) = edit("lock kick 5 pitch=3 volume=0.4") else { panic!("two locks are one act") };
    let inner: Vec<_> = edits
        .into_iter()
        .map(|edit| if let Edit::Pattern(_, edit) = edit { edit } else { panic!() })
        .collect();
    assert_eq!(
        inner,
        [
            PatternEdit::SetLock { step: 4, lock: StepLock::Pitch(3) },
            PatternEdit::SetLock { step: 4, lock: StepLock::Volume(0.4) }
        ]
    );
    assert!(read("lock kick 5 pitch=25").unwrap_err().to_string().contains("-24 and 24"));
    assert!(read("lock kick 5 nonsense=1").is_err());
}

#[test]
fn patterns_are_written_in_notation() {
    let PatternEdit::Replace(pattern) = pattern_edit("pattern kick X...x...X..o....") else { panic!() };
    assert_eq!(pattern.length, 16);
    assert_eq!(pattern.steps.keys().copied().collect::<Vec<_>>(), [0, 4, 8, 11]);
}

#[test]
fn operations_take_their_numbers() {
    assert_eq!(
        pattern_edit("euclid kick 5 2"),
        PatternEdit::Operate(PatternOp::Euclid { hits: 5, rotation: 2 })
    );
    assert_eq!(pattern_edit("rotate kick -1"), PatternEdit::Operate(PatternOp::Rotate(-1)));
    assert_eq!(
        pattern_edit("random kick 40"),
        PatternEdit::Operate(PatternOp::Random { density: 40, seed: 99 })
    );
}

#[test]
fn a_track_gets_a_colour_and_gives_it_back() {
    let set = |text| match edit(text) {
        Edit::Track(_, TrackEdit::SetColour(colour)) => colour,
        other => panic!("{other:?}"),
    };
    assert_eq!(set("colour kick teal"), Some(TrackColour::Teal));
    assert_eq!(set("colour kick own"), None);
    assert!(read("colour kick mauve").unwrap_err().to_string().contains("mauve"));
}

#[test]
fn session_values_are_checked_against_their_ranges() {
    assert_eq!(edit("tempo 128"), Edit::SetTempo(Tempo::from_bpm(128.0).unwrap()));
    assert_eq!(read("tempo 999").unwrap_err().to_string(), "tempo is 999; it must lie between 20 and 300");
    assert_eq!(edit("swing 20"), Edit::SetSwing(20.0));
    assert_eq!(edit("swing kick 20"), Edit::Track(TrackId::from_random(1), TrackEdit::SetSwing(20.0)));
}

#[test]
fn unknown_verbs_and_stray_words_are_named() {
    assert!(read("stepp kick 5 on").unwrap_err().to_string().contains("did you mean"));
    assert!(read("undo twice").unwrap_err().to_string().contains("`twice` is too much"));
    assert!(read("step kick").unwrap_err().to_string().contains("usage: step TRACK STEP on|off"));
}

#[test]
fn a_track_is_added_with_a_free_name() {
    let Edit::AddTrack { instrument, name, .. } = edit("add-track kick") else { panic!() };
    assert_eq!((instrument.as_str(), name.as_str()), ("kick", "kick 2"));
    assert!(read("add-track kik").unwrap_err().to_string().contains("the nearest is"));
}

#[test]
fn the_help_shows_every_verb() {
    let help = help();
    assert!(verb::VERBS.iter().all(|verb| help.contains(verb.usage) && verb.usage.starts_with(verb.name)));
}

#[test]
fn edits_that_stand_alone_are_verbs() {
    let known = |name: &str| name == "in" || verb::VERBS.iter().any(|verb| verb.name == name);
    assert!(verb::ALONE.iter().all(|name| known(name)));
    assert!(
        stands_alone(&["rename".to_owned()]) && !stands_alone(&["step".to_owned()]) && !stands_alone(&[])
    );
}

#[test]
fn a_file_becomes_a_sample_and_a_track_that_plays_it() {
    let Edit::All(edits) = edit("add-sample /tmp/hat.wav Tin Hat") else { panic!("one act") };
    let [Edit::AddSample(hash, sample), Edit::AddTrack { instrument, name, .. }] = &edits[..] else {
        panic!("{edits:?}");
    };
    assert_eq!((sample.name.as_str(), sample.rate, sample.channels), ("Tin Hat", 48_000, 2));
    assert_eq!((instrument, name.as_str()), (&format!("sample:{hash}"), "Tin Hat"));
    let Edit::All(edits) = edit("add-sample /tmp/hat.wav") else { panic!("one act") };
    assert!(matches!(&edits[1], Edit::AddTrack { name, .. } if name == "hat 2"), "`hat` is taken");
    assert!(matches!(read("add-sample other.wav"), Err(WordsError::NotBrought(_))));
    assert!(matches!(read("slices kick 4"), Err(WordsError::NoSample(_))));
    let words = |text: &str| split(&[format!("{text} ")]).unwrap().remove(0);
    assert_eq!(sample_file(&words("add-sample 'a b.wav' x")), Some("a b.wav"));
    assert_eq!(sample_file(&words("in verse add-sample b.wav")), Some("b.wav"));
    assert_eq!(sample_file(&words("add-sample")), None);
    assert_eq!(sample_file(&words("name add-sample b.wav")), None);
}

#[test]
fn what_is_pressed_is_for_everybody_and_bars_count_from_one() {
    for (text, command) in [
        ("play", Command::Play),
        ("pause", Command::Pause),
        ("stop", Command::Stop),
        ("go 1", Command::Seek(score::Beats::ZERO)),
        ("go 3", Command::Seek(score::Beats::from_beats(8))),
    ] {
        assert_eq!(read(text), Ok(command));
    }
    assert!(read("go 0").is_err() && read("play twice").is_err());
}
