//! The engine as the worklet's script uses it.

use score::private_mix::write_private_mix;
use score::program::Setting;
use score::{PrivateMix, PrivateTrack};

use super::*;

fn hear(player: &mut Player, tracks: &[PrivateTrack]) -> bool {
    hear_all(player, &PrivateMix { tracks: tracks.to_vec(), ..PrivateMix::default() })
}

fn hear_all(player: &mut Player, mix: &PrivateMix) -> bool {
    let mut image = Vec::new();
    write_private_mix(mix, &mut image);
    player.image_slot()[..image.len()].copy_from_slice(&image);
    player.hear(image.len())
}

#[test]
fn a_full_program_fits_the_slot() {
    use score::program::{ChordNote, MAX_PROGRAM_NOTES, MAX_PROGRAM_SETTINGS, MAX_PROGRAM_STEPS, Setting};
    let mut program = Program::with_full_capacity();
    let note = ChordNote { pitch: 0, velocity: 1.0 };
    program.notes.resize(MAX_PROGRAM_NOTES, note);
    program
        .settings
        .resize(MAX_PROGRAM_SETTINGS, Setting { param: score::catalogue::ParamIndex(0), value: 0.0 });
    let step = score::program::ProgramStep {
        on: true,
        tie: false,
        pitch: 0,
        velocity: 1.0,
        gate_percent: 100,
        chance_percent: 100,
        ratchet: 1,
        nudge_percent: 0,
        condition: None,
        notes: score::program::Span::default(),
        locks: score::program::Span::default(),
    };
    program.steps.resize(MAX_PROGRAM_STEPS, step);
    let mut image = Vec::new();
    score::program_image::write_image(&program, &mut image);
    assert!(image.len() + 16 * 1024 < MAX_IMAGE_BYTES, "{} bytes and sixteen tracks", image.len());
}

fn play(player: &mut Player, program: &Program) {
    let mut image = Vec::new();
    score::program_image::write_image(program, &mut image);
    player.image_slot()[..image.len()].copy_from_slice(&image);
    player.play_image(image.len()).unwrap();
}

#[test]
fn a_change_of_tempo_keeps_the_beat() {
    let mut player = Player::new();
    let tempo = |bpm: u32| Tempo::from_milli_bpm(bpm * 1000).unwrap();
    play(&mut player, &Program { tempo: tempo(120), ..Program::default() });
    player.render(128);
    player.play_from(Beats(4_000_000));
    for _ in 0..375 {
        player.render(128);
    }
    assert_eq!(player.beat(), Beats(6_000_000), "two beats in a second");
    play(&mut player, &Program { tempo: tempo(60), ..Program::default() });
    for _ in 0..375 {
        player.render(128);
    }
    assert_eq!(player.beat(), Beats(7_000_000));
    let behind = player.beat() - player.heard_beat();
    assert_eq!(behind, Beats(2_000), "96 frames at one beat a second");
}

#[test]
fn a_track_is_heard_alone_until_all_are_heard() {
    let score = score::starter::starter("", 1);
    let ids: Vec<TrackId> = score.tracks.keys().copied().collect();
    let mut player = Player::new();
    play(&mut player, &score::lower::lower_first_scene(&score));
    player.play_from(Beats::ZERO);
    let bar = |player: &mut Player| -> f32 {
        let mut sum = 0.0;
        player.play_from(Beats::ZERO);
        for _ in 0..750 {
            player.render(128);
            sum += player.left()[..128].iter().map(|sample| sample * sample).sum::<f32>();
        }
        sum
    };
    let all = bar(&mut player);
    let alone = PrivateTrack { solo: true, ..PrivateTrack::shared(ids[0]) };
    assert!(hear(&mut player, &[alone]));
    let one = bar(&mut player);
    assert!(one < all * 0.9, "{one} of {all}");
    player.image_slot()[..8].copy_from_slice(b"no id 1!");
    assert!(!player.hear(9) && !player.hear(usize::MAX));
    assert!(hear(&mut player, &[]));
    let again = bar(&mut player);
    assert!(again > all * 0.9, "{again} of {all}");
}

#[test]
fn a_key_sounds_while_nothing_plays() {
    let score = score::starter::starter("", 1);
    let mut player = Player::new();
    play(&mut player, &score::lower::lower_first_scene(&score));
    player.render(128);
    let id = score.tracks.keys().next().unwrap().to_string();
    player.image_slot()[..8].copy_from_slice(id.as_bytes());
    player.strike(0, Some(0.9));
    let mut peak = 0.0f32;
    for _ in 0..40 {
        player.render(128);
        peak = player.left()[..128].iter().fold(peak, |peak, sample| peak.max(sample.abs()));
    }
    assert!(peak > 0.01, "{peak}");
    player.image_slot()[..8].copy_from_slice(b"no id 1!");
    player.strike(0, Some(0.9));
    player.strike(0, None);
}

#[test]
fn a_track_has_its_own_level_effects_and_meter() {
    use score::catalogue::parameter_index;
    let mut player = Player::new();
    let score = score::starter::starter("", 1);
    play(&mut player, &score::lower::lower_first_scene(&score));
    let bar = |player: &mut Player| -> (f32, Meters) {
        player.play_from(Beats::ZERO);
        let mut most = 0.0_f32;
        for _ in 0..750 {
            player.render(128);
            most = player.left()[..128].iter().fold(most, |most, sample| most.max(sample.abs()));
        }
        (most, player.meters().clone())
    };
    let (shared, meters) = bar(&mut player);
    assert_eq!(meters.count(), 1 + score.tracks.len());
    assert!(meters.levels().iter().all(|[peak, rms]| rms <= peak));
    let ids = meters.ids().to_vec();
    assert!(ids.iter().all(|id| score.tracks.keys().any(|track| track.as_str().as_bytes() == id)));
    let all = |change: &dyn Fn(PrivateTrack) -> PrivateTrack| -> Vec<PrivateTrack> {
        score.tracks.keys().map(|&id| change(PrivateTrack::shared(id))).collect()
    };
    assert!(hear(&mut player, &all(&|track| PrivateTrack { level: 0.1, ..track })));
    bar(&mut player);
    let (quiet, metered) = bar(&mut player);
    assert!(quiet < 0.2 * shared, "{quiet} of {shared}");
    assert!(metered.levels()[1][0] > 0.5 * meters.levels()[1][0], "the tracks' meters show the shared mix");
    assert!(hear(&mut player, &all(&|track| PrivateTrack { mute: true, ..track })));
    bar(&mut player);
    assert!(bar(&mut player).0 < 1e-4, "muted");
    let trim = Setting { param: parameter_index("trim.gain").unwrap(), value: -24.0 };
    assert!(hear(&mut player, &all(&|track| PrivateTrack { effects: vec![trim], ..track })));
    bar(&mut player);
    let trimmed = bar(&mut player).0;
    assert!(trimmed < 0.2 * shared && trimmed > 0.0, "{trimmed} of {shared}");
    let clicks = |level| PrivateMix { click: 1.0, level, ..PrivateMix::default() };
    let muted = score.tracks.keys().map(|&id| PrivateTrack { mute: true, ..PrivateTrack::shared(id) });
    assert!(hear_all(&mut player, &PrivateMix { tracks: muted.collect(), ..clicks(1.0) }));
    bar(&mut player);
    assert!(bar(&mut player).0 > 0.4, "the metronome");
    assert!(hear_all(&mut player, &PrivateMix { master: vec![trim], ..PrivateMix::default() }));
    bar(&mut player);
    let trimmed = bar(&mut player).0;
    assert!(trimmed < 0.2 * shared && trimmed > 0.0, "{trimmed} of {shared} behind the master");
    assert!(hear_all(&mut player, &clicks(0.0)));
    bar(&mut player);
    assert!(bar(&mut player).0 < 1e-9, "turned down");
}

#[test]
fn a_recording_that_was_handed_over_is_played() {
    use score::SampleHash;
    let score = score::starter::starter("", 1);
    let mut program = score::lower::lower_first_scene(&score);
    program.tracks.iter_mut().for_each(|track| track.sample = Some(SampleHash([7; 32])));
    let mut player = Player::new();
    let peak = |player: &mut Player| {
        play(player, &program);
        player.play_from(Beats::ZERO);
        player.render(1_024);
        player.left().iter().fold(0.0_f32, |most, sample| most.max(sample.abs()))
    };
    assert!(peak(&mut player) == 0.0, "no recording, no sound");
    player.recording_room(20_000).fill(0.25);
    player.image_slot()[..32].fill(7);
    assert!(player.keep_recording(2, 0));
    assert!(peak(&mut player) > 0.1);
    player.recording_room(20_000);
    assert!(!player.keep_recording(3, 0), "no such number of channels");
    player.recording_room(0);
    assert!(!player.keep_recording(1, 0), "no frames");
}

#[test]
fn bytes_that_are_no_program_are_refused() {
    let mut player = Player::new();
    player.image_slot()[..4].copy_from_slice(b"nope");
    assert!(player.play_image(4).is_err());
    assert!(player.play_image(usize::MAX).is_err());
    player.render(usize::MAX);
    assert!(player.left().iter().all(|sample| *sample == 0.0));
}
