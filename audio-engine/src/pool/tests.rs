//! The pool keeps its limits, takes the least audible voice, and never clicks.

use score::catalogue::instrument;

use super::*;
use crate::smooth::QUANTUM_FRAMES;

/// A pool that renders quantum after quantum.
struct Stage {
    pool: VoicePool,
    buses: Box<[Bus; STRIPS]>,
    frame: u64,
    /// The sum of all strips, left.
    heard: Vec<f32>,
    /// Every strip by itself, left and right.
    apart: [Vec<[f32; 2]>; STRIPS],
}

impl Stage {
    fn new() -> Self {
        let buses = Box::new([const { Bus::silent() }; STRIPS]);
        Self { pool: VoicePool::new(), buses, frame: 0, heard: Vec::new(), apart: Default::default() }
    }

    fn start(&mut self, offset: usize, strip: u8, pitch: f32, velocity: f32) {
        self.start_sound("subbass", offset, strip, pitch, velocity);
    }

    fn start_sound(&mut self, sound: &str, offset: usize, strip: u8, pitch: f32, velocity: f32) {
        let note = Note { pitch, velocity, seed: 1, seconds_per_beat: 0.5, params: &[] };
        let instrument = instrument(sound).unwrap().index;
        let at = Beats(self.frame as i64 + offset as i64);
        let start = Start { strip, choke: 0, instrument, sample: None, note, until: None, at };
        let mut canvas = Canvas { song_frame: self.frame, buses: &mut self.buses };
        self.pool.start(&mut canvas, offset, &start);
    }

    fn quanta(&mut self, count: usize) {
        for _ in 0..count {
            let mut canvas = Canvas { song_frame: self.frame, buses: &mut self.buses };
            self.pool.finish(&mut canvas, QUANTUM_FRAMES);
            let sum = |frame: usize| self.buses.iter().map(|bus| bus.left[frame]).sum::<f32>();
            self.heard.extend((0..QUANTUM_FRAMES).map(sum));
            for (apart, bus) in self.apart.iter_mut().zip(self.buses.iter()) {
                apart.extend(bus.left.iter().zip(&bus.right).map(|(left, right)| [*left, *right]));
            }
            self.buses.iter_mut().for_each(Bus::clear);
            self.frame += QUANTUM_FRAMES as u64;
        }
    }

    fn steepest(&self, from: usize) -> f32 {
        self.heard[from..].windows(2).fold(0.0, |most, pair| most.max((pair[1] - pair[0]).abs()))
    }

    fn of_strip(&self, strip: u8) -> usize {
        self.pool.slots.iter().filter(|slot| slot.is_sounding() && slot.strip == strip).count()
    }
}

#[test]
fn a_full_pool_steals_without_a_click() {
    let mut stage = Stage::new();
    for voice in 0..MAX_VOICES {
        stage.start(voice, (voice % STRIPS) as u8, (voice % 5) as f32, 0.7);
    }
    stage.quanta(40);
    assert_eq!(stage.pool.sounding(), MAX_VOICES);
    let (calm, from) = (stage.steepest(20 * QUANTUM_FRAMES), stage.heard.len());
    for voice in 0..12 {
        stage.start(voice * 5, (voice % STRIPS) as u8, 3.0, 0.7);
        stage.quanta(5);
    }
    assert_eq!(stage.pool.sounding(), MAX_VOICES);
    assert!(stage.steepest(from - 1) < 1.5 * calm, "{} after {calm}", stage.steepest(from - 1));
}

#[test]
fn the_quiet_voice_gives_way() {
    let mut stage = Stage::new();
    for voice in 0..MAX_VOICES {
        let velocity = if voice == 37 { 0.1 } else { 0.8 };
        stage.start(0, (voice % (STRIPS - 1)) as u8 + u8::from(voice == 37), 0.0, velocity);
    }
    stage.quanta(20);
    stage.start(0, 15, 0.0, 0.8);
    let fading: Vec<usize> = (0..stage.pool.slots.len())
        .filter(|slot| matches!(stage.pool.slots[*slot].state, State::Fading { .. }))
        .collect();
    assert_eq!(fading, [37]);
}

#[test]
fn a_track_keeps_to_its_share() {
    let mut stage = Stage::new();
    for voice in 0..40 {
        stage.start(0, 2, voice as f32, 0.7);
        stage.quanta(1);
    }
    assert_eq!(stage.of_strip(2), MAX_VOICES_PER_TRACK);
}

#[test]
fn more_onsets_than_there_is_room_for_are_dropped() {
    let mut stage = Stage::new();
    for voice in 0..1_000 {
        stage.start(3, (voice % STRIPS) as u8, 0.0, 0.7);
    }
    assert!(stage.pool.sounding() <= MAX_VOICES);
    stage.quanta(10);
    assert!(stage.heard.iter().all(|sample| sample.is_finite()));
    let fading = |slot: &&Slot| matches!(slot.state, State::Fading { .. });
    assert_eq!(stage.pool.slots.iter().filter(fading).count(), 0, "all fades have ended");
}

#[test]
fn a_voice_is_the_same_in_any_company() {
    // Mono and stereo, of every filter, some that bend, some that block a constant, some without any of it.
    let sounds = [
        "pluck",
        "synth:lead",
        "synth:acid",
        "synth:brass",
        "synth:bass",
        "lead",
        "synth:shimmer",
        "synth:hoover",
    ];
    let sounds =
        sounds.into_iter().chain(["synth:wobble", "kick", "synth:supersaw", "synth:glass", "synth:rhodes"]);
    let begin = |stage: &mut Stage, number: usize, sound: &str| {
        let offset = number * 23 % QUANTUM_FRAMES;
        stage.start_sound(sound, offset, number as u8, number as f32 - 6.0, 0.8);
    };
    let mut together = Stage::new();
    sounds.clone().enumerate().for_each(|(number, sound)| begin(&mut together, number, sound));
    together.quanta(60);
    for (number, sound) in sounds.enumerate() {
        let mut alone = Stage::new();
        begin(&mut alone, number, sound);
        alone.quanta(60);
        assert!(alone.apart[number].iter().any(|[left, _]| left.abs() > 0.001), "{sound} sounds");
        let bits = |stage: &Stage| {
            stage.apart[number].as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(bits(&alone), bits(&together), "{sound}");
    }
}
