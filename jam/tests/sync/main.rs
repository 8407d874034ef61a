//! The same step is heard at the same moment: sound of the real engine, by players whose clocks and sound cards run at speeds of
//! their own, over paths with delay, jitter and loss. All in simulated time and from a seed, so that every run is the same one.
//!
//! `cargo xtask bench sync` has them play for five minutes each, and prints the table.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "test code")]

mod ear;
mod profile;
mod rig;
#[path = "../music/stage.rs"]
mod stage;

use profile::{PROFILES, Profile};
use rig::Rig;
use score::{Edit, Tempo};
use stage::{MILLI, SECOND};
use view::Command;

fn named(name: &str) -> &'static Profile {
    PROFILES.iter().find(|profile| profile.name == name).unwrap()
}

fn hold_the_bar(name: &str, count: usize, seconds: i64) {
    let profile = named(name);
    let heard = profile.play(1, count, seconds * SECOND);
    let (steps, p99, missed) = (heard.spreads.nanos.len(), heard.spreads.micros(99), heard.spreads.missed);
    println!(
        "{name}, {count} players: {steps} steps, p99 {p99:.0} us, {missed} missed; {} and {} bytes a second",
        heard.clock_bytes, heard.other_bytes
    );
    assert!(steps as i64 > seconds * 2, "{steps} steps were heard in {seconds} s");
    assert_eq!(missed, 0, "steps lost, doubled or out of time");
    assert!(profile.bar_micros.is_none_or(|bar| p99 < bar), "99 of 100 steps within {p99} us");
    assert!(heard.clock_bytes < 100, "{} bytes a second to read clocks", heard.clock_bytes);
    assert_eq!(heard.other_bytes, 0, "nothing else is sent while everybody plays");
}

#[test]
fn two_players_on_one_network_hear_a_step_within_fifty_microseconds() {
    hold_the_bar("lan", 2, 40);
}

#[test]
fn five_players_by_radio_hear_a_step_within_half_a_millisecond() {
    hold_the_bar("wifi", 5, 40);
}

#[test]
fn five_players_across_a_country_hear_a_step_within_a_millisecond() {
    hold_the_bar("wan", 5, 40);
}

#[test]
fn two_players_across_the_world_hear_a_step_within_two_milliseconds() {
    hold_the_bar("far", 2, 40);
}

#[test]
fn a_clock_that_runs_fast_is_learned() {
    hold_the_bar("skew", 2, 40);
}

#[test]
fn who_slept_hears_with_the_others_again_two_seconds_after_waking() {
    hold_the_bar("suspend", 3, 60);
    hold_the_bar("suspend", 2, 60);
}

#[test]
fn nobody_is_led_astray_by_the_one_whose_clock_was_followed_and_who_slept() {
    hold_the_bar("suspend reference", 3, 60);
    hold_the_bar("suspend reference", 2, 60);
}

#[test]
fn who_had_their_clock_set_hears_with_the_others_again_after_two_seconds() {
    hold_the_bar("step", 3, 60);
    hold_the_bar("step reference", 3, 60);
}

/// Of every two steps at 120 beats a minute one sounds: two to a beat.
const SOUNDS_PER_BEAT: i64 = 2;

#[test]
fn a_hundred_changes_of_tempo_are_heard_without_a_step_lost_or_doubled_on_any_machine() {
    for (seed, path) in [(3, stage::WIFI), (4, stage::WAN), (5, stage::FAR)] {
        let mut rig = Rig::new(seed);
        rig.player(180_000);
        rig.player(-90_000);
        rig.stage.mesh(path);
        rig.run(SECOND);
        rig.stage.command(0, Command::Play);
        rig.run(2 * SECOND);
        for _ in 0..100 {
            let author = rig.stage.below(3) as usize;
            let tempo = Tempo::from_milli_bpm(60_000 + rig.stage.below(140_000) as u32).unwrap();
            rig.stage.command(author, Command::Edit(Edit::SetTempo(tempo)));
            let pause = 20 * MILLI + rig.stage.below(700 * MILLI);
            rig.run(pause);
        }
        rig.run(3 * SECOND);
        // Ended between two sounds, so that everybody has heard the last one or nobody.
        while !(200_000..300_000).contains(&(rig.stage.beat(0) % 500_000)) {
            rig.run(MILLI);
        }
        let played = rig.stage.beat(0) * SOUNDS_PER_BEAT / 1_000_000 + 1;
        for ear in &rig.ears {
            assert_eq!(ear.onsets.len() as i64, played, "seed {seed}: every step is heard once");
        }
        let apart = |step: usize| {
            let heard = || rig.ears.iter().map(|ear| ear.onsets[step]);
            heard().max().unwrap() - heard().min().unwrap()
        };
        let mut apart: Vec<i64> = (4..played as usize).map(apart).collect();
        apart.sort_unstable();
        let p99 = apart[apart.len() * 99 / 100];
        println!(
            "seed {seed}: {played} steps, 99 of 100 within {} us, all within {} us",
            p99 / 1_000,
            apart.last().unwrap() / 1_000
        );
    }
}

#[test]
fn nothing_is_heard_of_it_when_the_one_whose_clock_was_followed_is_gone() {
    hold_the_bar("noserver", 3, 60);
}

#[test]
fn two_jams_that_meet_are_one_after_two_seconds() {
    hold_the_bar("islands", 5, 40);
}
