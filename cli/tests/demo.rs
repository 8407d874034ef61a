//! The demo, where nobody watches: a line per bar, and an end.

mod program;

use program::{Home, example};

#[test]
fn two_players_jam_and_hold_the_same_in_the_end() {
    let home = Home::empty();
    let out = home.says(&["demo", "--bars", "2"]);
    let bars = out
        .lines()
        .filter(|line| line.starts_with("bar ") && line.contains("Ada: ") && line.contains("both hold"));
    assert!(bars.count() >= 1, "{out}");
    let last = out.lines().last().unwrap();
    assert!(last.contains("both players hold the same session: blake3 "), "{out}");
    assert!(!home.path("home").exists(), "the demo has homes of its own");
}

#[test]
fn a_file_is_jammed_on_for_some_seconds() {
    let home = Home::empty();
    let out = home.says(&["demo", &example("polymeter.json"), "--for", "2"]);
    assert!(out.contains("both players hold the same session"), "{out}");
}

#[test]
fn a_demo_ends_cleanly_when_asked_to() {
    let home = Home::empty();
    let mut demo = home.starts(&["demo", "--bars", "1000"]);
    assert!(demo.line().unwrap().starts_with("bar "));
    assert_eq!(demo.terminate().code(), Some(0));
}

#[test]
fn a_file_that_is_no_session_ends_it_before_it_begins() {
    let home = Home::empty();
    home.fails(&["demo", "missing.json"], 1, &["missing.json"]);
}
