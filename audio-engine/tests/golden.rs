//! Rendered sound is the same, bit for bit, as it was when its hash was written down.
//!
//! `tests/golden/hashes.txt` holds a BLAKE3 hash of the interleaved little-endian samples of each session below. After a
//! change that is meant to be heard, write it anew with `OFFBEAT_BLESS=1 cargo test -p audio-engine --test golden`.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

use score::Program;
use score::program::Span;
use score::time::{Beats, Tempo};
use support::{ALL_EFFECTS, add_settings, add_track, dense, empty, pattern};

/// A four-to-the-floor beat with a choking pair of hats and a delayed stab.
fn house() -> Program {
    let mut program = empty();
    program.tempo = Tempo::from_milli_bpm(124_000).unwrap();
    for (sound, steps) in [
        ("kick", "X...X...X...X..."),
        ("clap", "....X.......X..."),
        ("hihat", "x.x.x.x.x.x.x.xx"),
        ("openhat", "..x...x...x...x."),
        ("synth:bass", "..x..x..x.x...x."),
        ("chord", "...x......x....."),
    ] {
        let track = add_track(&mut program, sound, &pattern(steps));
        program.tracks[track].swing = 0.2;
        program.tracks[track].choke = u8::from(sound.ends_with("hat"));
    }
    let echoes =
        add_settings(&mut program, &[("delay.wet", 0.35), ("delay.time", 9.0), ("delay.ping_pong", 1.0)]);
    program.tracks[5].effects = echoes;
    program.tracks[5].pan = -0.4;
    program.master = add_settings(&mut program, &[("compressor.on", 1.0), ("eq.low_gain", 2.0)]);
    program
}

/// Patterns of five, seven, twelve and sixteen steps against each other.
fn polymetric() -> Program {
    let mut program = empty();
    program.tempo = Tempo::from_milli_bpm(97_300).unwrap();
    for (sound, steps) in [
        ("conga", "X.x.x"),
        ("clave", "x..x..x"),
        ("shaker", "x.xx.xx.x.x."),
        ("kick", "X.....x.X......."),
        ("zap", "x......"),
    ] {
        add_track(&mut program, sound, &pattern(steps));
    }
    program
}

/// A melody with ties, slides, ratchets, chances and parameter locks, in a room.
fn melodic() -> Program {
    let mut program = empty();
    program.tempo = Tempo::from_milli_bpm(110_000).unwrap();
    let mut steps = pattern("x_x_x.x_x__x.xx.");
    for (number, pitch) in
        [(0, 0), (1, 7), (2, 3), (4, 12), (6, 10), (7, 5), (8, 0), (11, -5), (13, 3), (14, 8)]
    {
        steps[number].pitch = pitch;
    }
    steps[4].ratchet = 3;
    steps[11].chance_percent = 50;
    steps[13].nudge_percent = -30;
    steps[14].gate_percent = 40;
    steps[8].locks = add_settings(&mut program, &[("cutoff", 12.0), ("reverb.wet", 0.6)]);
    let lead = add_track(&mut program, "synth:acid", &steps);
    let room =
        add_settings(&mut program, &[("reverb.wet", 0.25), ("chorus.wet", 0.3), ("distortion.wet", 0.2)]);
    program.tracks[lead].effects = room;
    add_track(&mut program, "synth:pad", &pattern("x_______x_______"));
    add_track(&mut program, "synth:pluck", &pattern("x..x..x..x..x.x."));
    program
}

fn sessions() -> Vec<(&'static str, Program)> {
    let mut effects = dense(40, false);
    let all = add_settings(&mut effects, ALL_EFFECTS);
    effects.tracks.truncate(4);
    effects.tracks.iter_mut().for_each(|track| track.effects = all);
    effects.master = Span { count: 4, ..all };
    vec![
        ("house", house()),
        ("polymetric", polymetric()),
        ("melodic", melodic()),
        ("dense-16x64", dense(0, false)),
        ("synths-16x64", dense(22, false)),
        ("all-effects", effects),
    ]
}

fn hash_of(program: &Program) -> String {
    let beats = Beats::ZERO..Beats::from_beats(16);
    let samples = audio_engine::render(program.clone(), beats, |_| ControlFlow::Continue(())).unwrap();
    let mut hasher = blake3::Hasher::new();
    for sample in samples {
        hasher.update(&sample.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn golden_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/hashes.txt")
}

#[test]
fn sessions_render_to_their_golden_hashes() {
    let rendered: BTreeMap<&str, String> =
        sessions().iter().map(|(name, program)| (*name, hash_of(program))).collect();
    let text = rendered.iter().fold(String::new(), |mut text, (name, hash)| {
        let _ = writeln!(text, "{name} {hash}");
        text
    });
    if std::env::var_os("OFFBEAT_BLESS").is_some() {
        std::fs::write(golden_file(), &text).unwrap();
    }
    let golden = std::fs::read_to_string(golden_file()).unwrap_or_default();
    assert_eq!(text, golden, "the sound has changed; if it was meant to, see the top of this file");
}
