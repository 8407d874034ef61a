//! Text and patterns, both ways.

use proptest::prelude::*;

use super::*;
use crate::arbitrary::any_bounded_pattern;
use crate::catalogue::PARAMETERS;
use crate::step::LockKind;

#[test]
fn cells_are_velocities_ties_and_silence() {
    let pattern = read_pattern("Xxo._ |  X").unwrap();
    let volumes: Vec<_> = (0..6).map(|n| pattern.step(n).map(|step| (step.volume, step.tie))).collect();
    let expected = [
        Some((Some(1.0), false)),
        Some((None, false)),
        Some((Some(0.4), false)),
        None,
        Some((None, true)),
        Some((Some(1.0), false)),
    ];
    assert_eq!(volumes, expected);
    assert_eq!(pattern.length, 6);
}

#[test]
fn locks_follow_in_braces() {
    let text = "x.x_{1:pitch=3,chance=50;2:volume=0.5,tie}{3:notes=-5+0@0.5,cutoff=12, delay.time=1/8.,\"odd id\"=4}";
    let pattern = read_pattern(text).unwrap();
    let [first, second, third] = [0, 1, 2].map(|number| pattern.step(number).unwrap());
    assert_eq!((first.pitch, first.chance), (Some(3), Some(50)));
    assert_eq!((second.on, second.tie, second.volume), (false, true, Some(0.5)));
    assert_eq!(third.notes, [(-5, 0.7), (0, 0.5)].into());
    let locks =
        [("cutoff", 12.0), ("delay.time", 9.0), ("odd id", 4.0)].map(|(id, value)| (id.to_owned(), value));
    assert_eq!(third.locks, locks.into());
    assert_eq!(
        write_pattern(&pattern),
        "x.x_{1:pitch=3,chance=50;2:volume=0.5,tie;3:notes=-5+0@0.5,cutoff=12,delay.time=1/8.,\"odd id\"=4}"
    );
}

#[test]
fn errors_say_what_where_and_what_is_allowed() {
    let error = |text: &str| read_pattern(text).unwrap_err().to_string();
    assert_eq!(
        error("X..?"),
        "column 4: `?` is not a step; use X (velocity 1.0), x (0.7), o (0.4), _ (tie) or . (off), then locks such as {5:pitch=3}"
    );
    assert_eq!(error("X...{5:tie}"), "column 6: there is no step 5; the pattern has steps 1 to 4");
    assert_eq!(error("X{1:pitch=25}"), "column 11: pitch is 25; it must lie between -24 and 24");
    assert_eq!(error("X{1:pitch=up}"), "column 11: pitch cannot be `up`: give a whole number");
    assert!(error("X{1:pich=3}").starts_with("column 5: `pich` is not a lock; use pitch, volume, tie, gate"));
    assert_eq!(error("X{1:delay.wet=2}"), "column 15: delay.wet cannot be 2: give a number from 0 to 1");
    assert_eq!(error("X{1:pitch=3"), "column 12: expected `,`, `;` or `}`, found the end");
    assert_eq!(
        error("X{pitch=3}"),
        "column 3: expected a step number from 1, as in {5:pitch=3}, found `pitch=3}`"
    );
    assert_eq!(error("X{1:tie}X"), "column 9: expected `{` (steps come before all locks), found `X`");
    assert_eq!(error(" | "), "there is no step: write one cell per step, such as `X...x...`");
    assert_eq!(error(&"x".repeat(129)), "there are more than 128 steps; a pattern has 1 to 128");
    assert!(error("X{1:notes=0+99}").contains("notes is 99; it must lie between -24 and 24"));
    assert!(error("X{1:condition=5:4}").contains("condition cannot be `5:4`: give ON:EVERY"));
    assert!(error("X{1:volume=NaN}").contains("volume is NaN; it must lie between 0 and 1"));
    assert!(error(&"x".repeat(MAX_LINE_BYTES + 1)).contains("at most 2097152 are read"));
}

#[test]
fn no_parameter_is_named_like_a_lock() {
    for row in &PARAMETERS {
        assert!(LockKind::ALL.iter().all(|kind| kind.word() != row.id) && row.id != NOTES, "{}", row.id);
    }
}

#[test]
fn a_text_of_tracks_reads_back() {
    let pattern = read_pattern("X..x{4:pitch=7}").unwrap();
    let names = ["Kick", "808 Hat", "a: b", "#1", "", "\"q\\\"", "Größe"];
    let text = write_tracks(names.iter().map(|&name| (name, &pattern)));
    assert!(text.starts_with("Kick:      X..x{4:pitch=7}\n808 Hat:   X..x"), "{text}");
    let read = read_tracks(&format!("# a beat\n\n{text}")).unwrap();
    assert_eq!(read.iter().map(|track| track.name.as_str()).collect::<Vec<_>>(), names);
    assert!(read.iter().all(|track| track.pattern == pattern));
}

#[test]
fn a_text_of_tracks_names_the_line_that_is_wrong() {
    let error = read_tracks("kick: X...\nhat X.x.").unwrap_err().to_string();
    assert_eq!(error, "line 2: expected a track's name and a colon, as in `kick: X...x...`");
    let error = read_tracks("kick: X.q.").unwrap_err().to_string();
    assert!(error.starts_with("line 1 (`kick`), after the colon: column 4: `q` is not a step"), "{error}");
}

proptest! {
    #[test]
    fn what_was_written_reads_back(pattern in any_bounded_pattern()) {
        let text = write_pattern(&pattern);
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(read_pattern(&text), Ok(pattern), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[Xxo._|{}:;,=@+0-9a-z\" \\\\é]{0,60}") {
        if let Ok(pattern) = read_pattern(&text) {
            prop_assert_eq!(read_pattern(&write_pattern(&pattern)), Ok(pattern));
        }
        _ = read_tracks(&text);
    }
}
