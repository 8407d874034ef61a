//! An engine that follows a timeline plays each step once and at its frame, whatever the clock and the sound card do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use score::id::{SceneId, TrackId};
use score::program_image::write_image;
use score::{Beats, LocalTime, Pattern, Score, Step, Tempo, Track};
use ui_worklet::{Player, SEGMENT_BYTES};
use view::transport::pace;
use view::{FrameLine, Segment, Transport};

const SECOND: i64 = 1_000_000_000;
/// A moment far from zero, as browsers count.
const ORIGIN: LocalTime = LocalTime(1_760_000_000 * SECOND);
const BLOCK: usize = 128;
/// How far from its frame a click passes the threshold.
const ATTACK_FRAMES: f64 = 24.0;

/// Seeded 64-bit numbers (splitmix64).
struct Random(u64);

impl Random {
    fn within(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % (2 * most.unsigned_abs() + 1)) as i64 - most
    }
}

/// A short click on every beat.
fn clicks(tempo: Tempo) -> Vec<u8> {
    let scene = SceneId::from_random(0);
    let steps = [0, 4, 8, 12].map(|step| (step, Step::active())).into();
    let pattern = Pattern { steps, ..Pattern::default() };
    let track =
        Track { instrument: "rim".to_owned(), patterns: [(scene, pattern)].into(), ..Track::default() };
    let tracks = [(TrackId::from_random(1), track)].into();
    let scenes = [(scene, score::score::Scene::default())].into();
    let score = Score { tempo, tracks, scenes, ..Score::default() };
    let mut image = Vec::new();
    write_image(&score::lower(&score, scene), &mut image);
    image
}

fn give(player: &mut Player, bytes: &[u8]) -> usize {
    player.image_slot()[..bytes.len()].copy_from_slice(bytes);
    bytes.len()
}

fn follow(player: &mut Player, transport: &Transport) {
    let numbers = transport.segments.iter().flat_map(|segment| {
        let tempo = segment.tempo.map_or(0, |tempo| i64::from(tempo.milli_bpm()));
        [segment.from.0, segment.beat.0, tempo, segment.pace]
    });
    let bytes: Vec<u8> = numbers.flat_map(i64::to_le_bytes).collect();
    let count = give(player, &bytes);
    player.set_timeline(count).unwrap();
}

/// The frames of the host at which something begins to sound after a silence.
fn onsets(sound: &[f32]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut quiet_since = 0;
    for (frame, sample) in sound.iter().enumerate() {
        if sample.abs() > 0.02 {
            if frame - quiet_since > 2_400 {
                found.push(frame);
            }
            quiet_since = frame;
        }
    }
    found
}

/// A card that runs `ppm` fast, and what the page believes of it: off by up to `wander` frames, another amount every tenth of a second.
struct Card {
    truth: FrameLine,
    wander: i64,
    random: Random,
}

impl Card {
    fn new(ppm: f64, wander: i64, seed: u64) -> Self {
        let nanos_per_frame = 1e9 / 48_000.0 / (1.0 + ppm * 1e-6);
        let truth = FrameLine { frame: 96.0 * 1_000.0, heard_at: ORIGIN, nanos_per_frame };
        Self { truth, wander, random: Random(seed) }
    }

    /// Plays so many blocks, and has `between` do something before each.
    fn play(
        &mut self,
        player: &mut Player,
        blocks: usize,
        mut between: impl FnMut(&mut Player, LocalTime),
    ) -> Vec<f32> {
        let mut sound = Vec::new();
        for block in 0..blocks {
            let frame = self.truth.frame + (block * BLOCK) as f64;
            if block % 37 == 0 {
                let off = self.random.within(self.wander) as f64;
                player.set_clock(FrameLine { frame: self.truth.frame + off, ..self.truth });
            }
            between(player, self.truth.time_at(frame));
            player.follow(frame);
            player.render(BLOCK);
            sound.extend_from_slice(&player.left()[..BLOCK]);
        }
        sound
    }
}

#[test]
fn every_beat_sounds_once_and_in_time_while_clock_and_card_are_steered_and_wander() {
    for (seed, ppm, wander, bpm) in
        [(1, 0.0, 0, 120), (2, 200.0, 0, 173), (3, -200.0, 40, 97), (4, 80.0, 90, 300)]
    {
        let tempo = Tempo::from_milli_bpm(bpm * 1_000).unwrap();
        let (mut player, mut card) = (Player::new(), Card::new(ppm, wander, seed));
        let count = give(&mut player, &clicks(tempo));
        player.play_image(count).unwrap();
        let start = ORIGIN.plus_nanos(SECOND / 10 + 12_345);
        let mut transport = Transport::alone(tempo, Beats::ZERO, start);
        follow(&mut player, &transport);
        let mut random = Random(seed);
        let mut beats: Vec<LocalTime> = Vec::new();
        let mut block = 0;
        let sound = card.play(&mut player, 20 * 375, |player, now| {
            block += 1;
            let segment = *transport.segments.last().unwrap();
            // When each beat is, by what is told at that moment.
            while segment.from <= now && segment.beat_at(now) >= Beats::from_beats(beats.len() as i64) {
                beats.push(now);
            }
            if block % 190 == 0 && segment.from < now {
                // Half a second later shared time is steered anew, by up to a thousandth.
                let pace = pace(tempo) + pace(tempo) / 1_000_000 * random.within(1_000);
                let segment = Segment { from: now, beat: segment.beat_at(now), pace, ..segment };
                transport.segments = vec![segment];
                follow(player, &transport);
            }
        });
        let heard = onsets(&sound);
        assert!(heard.len().abs_diff(beats.len()) <= 1, "{bpm}: {} of {} beats", heard.len(), beats.len());
        for (beat, frame) in beats.iter().zip(&heard) {
            let off = card.truth.time_at(card.truth.frame + *frame as f64).nanos_since(*beat) as f64 * 48e-6;
            // The beat is known to a block, of which the sound comes within.
            let most = wander as f64 + ATTACK_FRAMES;
            assert!(off > -(BLOCK as f64) - most && off < most, "{bpm}: {off} frames off at {beat:?}");
        }
    }
}

#[test]
fn a_page_that_opens_late_joins_in_phase_and_a_stop_is_heard_by_all() {
    let tempo = Tempo::default();
    let mut card = Card::new(50.0, 0, 5);
    let mut sounds = Vec::new();
    for late in [0, 1_000] {
        let mut player = Player::new();
        let count = give(&mut player, &clicks(tempo));
        player.play_image(count).unwrap();
        let transport = Transport::alone(tempo, Beats::ZERO, ORIGIN.plus_nanos(SECOND / 4));
        let mut block = 0;
        sounds.push(card.play(&mut player, 4 * 375, |player, _| {
            if block == late {
                follow(player, &transport);
            } else if block == 1_300 {
                follow(player, &Transport::stopped());
            }
            block += 1;
        }));
    }
    let [all, joined] = [&sounds[0], &sounds[1]].map(|sound| onsets(sound));
    assert_eq!(all.len(), 7, "a quarter of a second, then two beats a second until the stop");
    assert_eq!(joined.len(), 2);
    for (a, b) in all[all.len() - joined.len()..].iter().zip(&joined) {
        assert!(a.abs_diff(*b) <= 1, "{all:?} and {joined:?}");
    }
}

#[test]
fn bytes_that_are_no_timeline_are_refused_and_change_nothing() {
    let mut player = Player::new();
    for bytes in [0, SEGMENT_BYTES - 1, SEGMENT_BYTES * 65, usize::MAX] {
        assert!(player.set_timeline(bytes).is_none());
    }
    player.image_slot()[16] = 1;
    assert!(player.set_timeline(SEGMENT_BYTES).is_none(), "a thousandth of a beat a minute is no tempo");
}
