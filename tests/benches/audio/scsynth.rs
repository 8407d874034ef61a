//! The pattern in `SuperCollider`'s server, which renders a file of timed commands.
//!
//! Its language, which would compile the patch, is another package: the patch's few units are written in the server's own file
//! format here (`SuperCollider`'s "Synth Definition File Format", version 2).

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::pattern::{Note, SECONDS};
use crate::processor_time;

/// An input: a constant by its value, or the output of an earlier unit.
#[derive(Clone, Copy)]
enum In {
    Value(f32),
    Unit(usize),
}

/// Rates of calculation.
const CONTROL: u8 = 1;
const AUDIO: u8 = 2;

/// A unit without outputs.
const NO_OUTPUT: usize = 0;

/// `0.002 s` up, `0.123 s` to 0.35, `0.21 s` to nothing, then the synth frees itself (`doneAction` 2).
const AMPLIFIER: &[f32] = &[
    1.0, 1.0, 0.0, 1.0, 2.0, 0.001, 3.0, -99.0, -99.0, 1.0, 0.002, 2.0, 0.0, 0.35, 0.123, 2.0, 0.0, 0.0001,
    0.21, 2.0, 0.0,
];

/// The corner falls from 7,000 to 520 Hz in 0.16 s.
const CORNER: &[f32] = &[1.0, 1.0, 0.0, 1.0, 0.0, 7_000.0, 1.0, -99.0, -99.0, 520.0, 0.16, 2.0, 0.0];

/// `RLPF.ar(RLPF.ar(Saw.ar(f) + LFTri.ar(2 f), corner), corner) * amplifier` to both channels.
fn patch() -> Vec<u8> {
    use In::{Unit, Value};
    let constants = |values: &[f32]| values.iter().map(|value| Value(*value)).collect::<Vec<_>>();
    let (times, plus) = (2, 0);
    let units: Vec<(&str, u8, Vec<In>, usize, i16)> = vec![
        ("Control", CONTROL, vec![], 1, 0),
        ("Saw", AUDIO, vec![Unit(0)], 1, 0),
        ("BinaryOpUGen", CONTROL, vec![Unit(0), Value(2.0)], 1, times),
        ("LFTri", AUDIO, vec![Unit(2), Value(0.0)], 1, 0),
        ("BinaryOpUGen", AUDIO, vec![Unit(1), Unit(3)], 1, plus),
        ("EnvGen", CONTROL, constants(CORNER), 1, 0),
        ("RLPF", AUDIO, vec![Unit(4), Unit(5), Value(1.0)], 1, 0),
        ("RLPF", AUDIO, vec![Unit(6), Unit(5), Value(1.0)], 1, 0),
        ("EnvGen", CONTROL, constants(AMPLIFIER), 1, 0),
        ("BinaryOpUGen", AUDIO, vec![Unit(7), Unit(8)], 1, times),
        ("BinaryOpUGen", AUDIO, vec![Unit(9), Value(0.025)], 1, times),
        ("Out", AUDIO, vec![Value(0.0), Unit(10), Unit(10)], NO_OUTPUT, 0),
    ];
    let mut values: Vec<f32> = Vec::new();
    let mut body = (units.len() as i32).to_be_bytes().to_vec();
    for (class, rate, inputs, outputs, special) in &units {
        name(&mut body, class);
        body.push(*rate);
        body.extend((inputs.len() as i32).to_be_bytes());
        body.extend((*outputs as i32).to_be_bytes());
        body.extend(special.to_be_bytes());
        for input in inputs {
            let (unit, place) = match input {
                Unit(unit) => (*unit as i32, 0),
                Value(value) => (-1, place_of(&mut values, *value)),
            };
            body.extend(unit.to_be_bytes());
            body.extend(place.to_be_bytes());
        }
        body.extend(std::iter::repeat_n(*rate, *outputs));
    }
    let mut file = b"SCgf".to_vec();
    file.extend(2_i32.to_be_bytes());
    file.extend(1_i16.to_be_bytes());
    name(&mut file, "patch");
    file.extend((values.len() as i32).to_be_bytes());
    for value in &values {
        file.extend(value.to_be_bytes());
    }
    // One parameter, the frequency.
    file.extend(1_i32.to_be_bytes());
    file.extend(440.0_f32.to_be_bytes());
    file.extend(1_i32.to_be_bytes());
    name(&mut file, "freq");
    file.extend(0_i32.to_be_bytes());
    file.extend(body);
    file.extend(0_i16.to_be_bytes());
    file
}

fn place_of(values: &mut Vec<f32>, value: f32) -> i32 {
    let found = values.iter().position(|known| known.to_bits() == value.to_bits());
    found.unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    }) as i32
}

fn name(file: &mut Vec<u8>, name: &str) {
    file.push(name.len() as u8);
    file.extend(name.as_bytes());
}

/// A string or type tag of Open Sound Control: ended by zeros up to a multiple of four.
fn text(message: &mut Vec<u8>, text: &str) {
    message.extend(text.as_bytes());
    message.extend(std::iter::repeat_n(0, 4 - text.len() % 4));
}

/// Appends a bundle of one message at a time.
fn at(file: &mut Vec<u8>, seconds: f64, message: &[u8]) {
    let mut bundle = b"#bundle\0".to_vec();
    bundle.extend(((seconds * 4_294_967_296.0) as u64).to_be_bytes());
    bundle.extend((message.len() as i32).to_be_bytes());
    bundle.extend(message);
    file.extend((bundle.len() as i32).to_be_bytes());
    file.extend(bundle);
}

fn commands(notes: &[Note]) -> Vec<u8> {
    let patch = patch();
    let mut define = Vec::new();
    text(&mut define, "/d_recv");
    text(&mut define, ",b");
    define.extend((patch.len() as i32).to_be_bytes());
    define.extend(&patch);
    define.extend(std::iter::repeat_n(0, patch.len().next_multiple_of(4) - patch.len()));
    let mut file = Vec::new();
    at(&mut file, 0.0, &define);
    for (number, note) in (1_000_i32..).zip(notes) {
        let mut start = Vec::new();
        text(&mut start, "/s_new");
        text(&mut start, ",siiisf");
        text(&mut start, "patch");
        for value in [number, 0, 0] {
            start.extend(value.to_be_bytes());
        }
        text(&mut start, "freq");
        start.extend((note.hertz as f32).to_be_bytes());
        at(&mut file, note.start, &start);
    }
    // The last command says where the sound ends.
    let mut end = Vec::new();
    text(&mut end, "/n_free");
    text(&mut end, ",i");
    end.extend(1_i32.to_be_bytes());
    at(&mut file, SECONDS, &end);
    file
}

pub(crate) fn render(notes: &[Note]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let (piece, sound) = (folder.path().join("piece.osc"), folder.path().join("out.wav"));
    std::fs::write(&piece, commands(notes))?;
    let mut scsynth = Command::new("scsynth");
    scsynth.arg("-N").arg(&piece).arg("_").arg(&sound).args(["48000", "WAV", "float", "-o", "2", "-i", "0"]);
    let seconds = processor_time::of_command(&mut scsynth)?;
    must_sound(&sound)?;
    Ok(seconds)
}

/// Whether a file holds the whole pattern and is not silent.
pub(crate) fn must_sound(file: &Path) -> Result<()> {
    let mut reader = hound::WavReader::open(file)?;
    let length = f64::from(reader.duration()) / 48_000.0;
    ensure!((SECONDS - 0.5..SECONDS + 1.0).contains(&length), "{length} s were rendered");
    let peak = reader.samples::<f32>().flatten().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    ensure!(peak > 0.01, "a peak of {peak}: silence costs nothing");
    Ok(())
}
