//! Programs built in code and played, for tests.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "tests may")]

use audio_engine::{Control, Processor, Transport, engine};
use score::Program;
use score::catalogue::{INSTRUMENTS, instrument, parameter_index};
use score::id::TrackId;
use score::program::{ProgramStep, ProgramTrack, Setting, Span};
use score::time::{Beats, Frames, Tempo};

/// A silent step.
pub(crate) const REST: ProgramStep = ProgramStep {
    on: false,
    tie: false,
    pitch: 0,
    velocity: 0.7,
    gate_percent: 100,
    chance_percent: 100,
    ratchet: 1,
    nudge_percent: 0,
    condition: None,
    notes: Span { start: 0, count: 0 },
    locks: Span { start: 0, count: 0 },
};

/// An unlocked step.
pub(crate) const HIT: ProgramStep = ProgramStep { on: true, ..REST };

/// A program at 120 BPM without tracks.
pub(crate) fn empty() -> Program {
    Program { seed: 7, tempo: Tempo::from_milli_bpm(120_000).unwrap(), ..Program::default() }
}

/// The steps of a pattern: `x` plays, `X` plays loud, `_` ties, anything else rests.
pub(crate) fn pattern(text: &str) -> Vec<ProgramStep> {
    let step = |letter| match letter {
        'X' => ProgramStep { velocity: 1.0, ..HIT },
        'x' => HIT,
        '_' => ProgramStep { tie: true, ..HIT },
        _ => REST,
    };
    text.chars().map(step).collect()
}

/// Adds a track and gives its index.
pub(crate) fn add_track(program: &mut Program, sound: &str, steps: &[ProgramStep]) -> usize {
    let index = program.tracks.len();
    let span = Span { start: program.steps.len() as u16, count: steps.len() as u16 };
    program.steps.extend_from_slice(steps);
    program.tracks.push(ProgramTrack {
        id: TrackId::from_random(index as u64 + 1),
        instrument: instrument(sound).unwrap_or_else(|| panic!("no instrument {sound}")).index,
        sample: None,
        volume: 0.8,
        pan: 0.0,
        mute: false,
        transpose: 0,
        swing: 0.0,
        gate: false,
        choke: 0,
        steps: span,
        params: Span::default(),
        effects: Span::default(),
    });
    index
}

/// Adds settings to the program's pool.
pub(crate) fn add_settings(program: &mut Program, settings: &[(&str, f32)]) -> Span {
    let span = Span { start: program.settings.len() as u16, count: settings.len() as u16 };
    program.settings.extend(settings.iter().map(|(id, value)| Setting {
        param: parameter_index(id).unwrap_or_else(|| panic!("no parameter {id}")),
        value: *value,
    }));
    span
}

/// Every effect at once.
pub(crate) const ALL_EFFECTS: &[(&str, f32)] = &[
    ("trim.gain", 2.0),
    ("filter.on", 1.0),
    ("filter.cutoff", 3_000.0),
    ("filter.slope", 1.0),
    ("distortion.wet", 0.5),
    ("eq.low_gain", 3.0),
    ("eq.mid_gain", -4.0),
    ("eq.high_gain", 2.0),
    ("compressor.on", 1.0),
    ("chorus.wet", 0.5),
    ("phaser.wet", 0.5),
    ("delay.wet", 0.4),
    ("delay.ping_pong", 1.0),
    ("reverb.wet", 0.4),
    ("gain.pan", 0.2),
    ("gain.width", 1.4),
];

/// One line of a dense pattern, different for each seed: some hits, ties, ratchets, nudges and chances.
pub(crate) fn busy_steps(seed: u64, length: usize) -> Vec<ProgramStep> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    (0..length)
        .map(|_| ProgramStep {
            on: next(3) > 0,
            tie: next(5) == 0,
            pitch: next(25) as i8 - 12,
            velocity: 0.4 + next(60) as f32 * 0.01,
            gate_percent: 30 + next(70) as u8,
            chance_percent: 60 + next(41) as u8,
            ratchet: if next(8) == 0 { 3 } else { 1 },
            nudge_percent: next(41) as i8 - 20,
            ..REST
        })
        .collect()
}

/// Sixteen tracks of sixty-four steps; `first` picks the sixteen instruments.
pub(crate) fn dense(first: usize, effects: bool) -> Program {
    let mut program = empty();
    let settings = if effects { add_settings(&mut program, ALL_EFFECTS) } else { Span::default() };
    for track in 0..16 {
        let sound = INSTRUMENTS[(first + track) % INSTRUMENTS.len()].id;
        let index = add_track(&mut program, sound, &busy_steps((first + track) as u64 + 1, 64));
        program.tracks[index].effects = settings;
        program.tracks[index].pan = track as f32 / 8.0 - 1.0;
        program.tracks[index].choke = u8::from(track > 13);
        program.tracks[index].gate = track % 4 == 0;
        program.tracks[index].swing = 0.1 * (track % 5) as f32;
    }
    if effects {
        program.master = settings;
    }
    program
}

/// The largest magnitude.
pub(crate) fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

/// A program of one track.
pub(crate) fn solo(sound: &str, steps: &[ProgramStep]) -> Program {
    let mut program = empty();
    add_track(&mut program, sound, steps);
    program
}

/// The left channel.
pub(crate) fn left(samples: &[f32]) -> Vec<f32> {
    samples.iter().step_by(2).copied().collect()
}

/// The first frame where two renders differ.
pub(crate) fn parting(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits()).map(|sample| sample / 2)
}

/// The largest change from a sample to the next.
pub(crate) fn steepest(samples: &[f32]) -> f32 {
    samples.windows(2).fold(0.0, |most, pair| most.max((pair[1] - pair[0]).abs()))
}

/// Plays live: `direct` is called before each block of 64 frames with the number of the block.
pub(crate) fn live(blocks: usize, mut direct: impl FnMut(&mut Control, &Processor, usize)) -> Vec<f32> {
    let (mut control, mut processor) = engine();
    let mut samples = Vec::new();
    for block in 0..blocks {
        direct(&mut control, &processor, block);
        let mut buffer = [0.0; 128];
        processor.process_interleaved(&mut buffer);
        samples.extend(buffer);
    }
    samples
}

/// Plays a program from its first beat on.
pub(crate) fn play_from_start(control: &mut Control, program: &Program) {
    control.set_program(program.clone());
    control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
}
