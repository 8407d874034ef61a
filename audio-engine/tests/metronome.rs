//! The metronome: heard on every count by the player who wants it, and by nobody else.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use audio_engine::{Control, LATENCY_FRAMES, Transport, engine};
use score::Program;
use score::meter::Meter;
use score::time::{Beats, Frames};
use support::{add_track, dense, empty, pattern, peak};

/// Frames of a beat at 120 BPM.
const BEAT_FRAMES: usize = 24_000;

/// Plays from the start in blocks of `block` frames; `direct` is called before each with its first frame.
fn play(
    program: &Program,
    frames: usize,
    block: usize,
    mut direct: impl FnMut(&mut Control, usize),
) -> Vec<f32> {
    let (mut control, mut processor) = engine();
    control.set_program(program.clone());
    control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
    let mut samples = vec![0.0; frames * 2];
    for (number, piece) in samples.chunks_mut(block * 2).enumerate() {
        direct(&mut control, number * block);
        processor.process_interleaved(piece);
    }
    samples
}

fn on_from_the_start(control: &mut Control, frame: usize) {
    if frame == 0 {
        control.set_metronome(Some(1.0));
    }
}

/// The frames at which something sounds after at least 100 ms of silence, and the peak of what follows.
fn beginnings(samples: &[f32]) -> Vec<(usize, f32)> {
    let mut quiet = usize::MAX;
    let mut all: Vec<(usize, f32)> = Vec::new();
    for (frame, sample) in samples.chunks(2).map(|pair| pair[0].abs()).enumerate() {
        if sample > 0.0 && quiet > 4_800 {
            all.push((frame, 0.0));
        }
        quiet = if sample > 0.0 { 0 } else { quiet.saturating_add(1) };
        if let Some((_, peak)) = all.last_mut() {
            *peak = peak.max(sample);
        }
    }
    all
}

#[test]
fn every_count_clicks_with_the_notes_of_its_beat_and_a_bar_begins_louder() {
    let program = Program { meter: Meter::from_parts(3, 4).unwrap(), ..empty() };
    let clicks = beginnings(&play(&program, 7 * BEAT_FRAMES, 480, on_from_the_start));
    assert_eq!(clicks.len(), 7);
    for (number, (frame, peak)) in clicks.iter().enumerate() {
        let due = number * BEAT_FRAMES + LATENCY_FRAMES;
        assert!((due..due + 3).contains(frame), "count {number} at frame {frame}, due {due}");
        // The level of the first is still rising.
        let accent = if number % 3 == 0 { 0.4..0.5 } else { 0.3..0.35 };
        assert!(number == 0 || accent.contains(peak), "count {number} peaks at {peak}");
    }
}

#[test]
fn the_metronome_is_the_same_in_blocks_of_any_size() {
    let program = dense(3, false);
    let whole = play(&program, 2 * BEAT_FRAMES, 2 * BEAT_FRAMES, on_from_the_start);
    for block in [1, 64, 127, 1_024] {
        assert!(whole == play(&program, 2 * BEAT_FRAMES, block, on_from_the_start), "blocks of {block}");
    }
}

#[test]
fn without_it_nothing_is_added_and_with_it_the_meters_and_the_scale_hold() {
    let program = dense(3, true);
    let never = play(&program, BEAT_FRAMES, 64, |_, _| {});
    let off = play(&program, BEAT_FRAMES, 64, |control, frame| match frame {
        0 => control.set_metronome(None),
        640 => control.set_metronome(Some(f32::NAN)),
        _ => {}
    });
    assert!(never == off);
    let mut levels = [Vec::new(), Vec::new()];
    for (on, levels) in levels.iter_mut().enumerate() {
        let samples = play(&program, 3 * BEAT_FRAMES, 64, |control, frame| {
            if frame == 0 && on == 1 {
                control.set_metronome(Some(9.0));
            }
            let report = control.report();
            levels.push((report.master, report.tracks.clone()));
        });
        assert!(peak(&samples) <= 1.0);
    }
    assert!(levels[0] == levels[1], "what the meters show is the music alone");
}

#[test]
fn a_stop_ends_it_and_turning_it_off_fades_it() {
    let program = empty();
    let stopped = play(&program, 4 * BEAT_FRAMES, 480, |control, frame| {
        on_from_the_start(control, frame);
        if frame == 2 * BEAT_FRAMES - 480 {
            control.set_transport(Transport::stopped());
        }
    });
    assert_eq!(beginnings(&stopped).len(), 2);
    let turned_off = play(&program, 4 * BEAT_FRAMES, 64, |control, frame| match frame {
        0 => control.set_metronome(Some(1.0)),
        // In the middle of the second click.
        24_256 => control.set_metronome(Some(0.0)),
        _ => {}
    });
    let left: Vec<f32> = turned_off.iter().step_by(2).copied().collect();
    let steepest = |part: &[f32]| part.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(steepest(&left[24_240..30_000]) <= steepest(&left[24_000..24_240]));
    assert!(peak(&left[30_000..]) == 0.0, "no count clicks after it");
}

#[test]
fn a_render_has_no_clicks() {
    let mut program = empty();
    add_track(&mut program, "kick", &pattern("................"));
    let mut render = audio_engine::Render::new(program, Beats::ZERO..Beats::from_beats(4)).unwrap();
    let mut samples = vec![1.0; 2 * 4 * BEAT_FRAMES];
    assert_eq!(render.next_block(&mut samples), 4 * BEAT_FRAMES);
    assert!(peak(&samples) == 0.0);
}
