//! The pattern in Csound.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::Result;

use crate::pattern::{Note, SECONDS};
use crate::processor_time;

/// Control rate every 64 frames, as scsynth's; both waves band-limited.
const ORCHESTRA: &str = "\
sr = 48000
ksmps = 64
nchnls = 2
0dbfs = 1
instr 1
  kamp expseg 0.001, 0.002, 1, 0.123, 0.35, 0.21, 0.0001
  kcut expseg 7000, 0.16, 520, 0.175, 500
  asaw vco2 0.45, p4
  atri vco2 0.45, p4 * 2, 12
  alow lowpass2 asaw + atri, kcut, 1
  alow lowpass2 alow, kcut, 1
  aout = alow * kamp * 0.05
  outs aout, aout
endin
";

/// Seconds of a note with its release.
const NOTE_SECONDS: f64 = 0.335;

pub(crate) fn render(notes: &[Note]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let (piece, sound) = (folder.path().join("piece.csd"), folder.path().join("out.wav"));
    let mut score = String::new();
    for note in notes {
        writeln!(score, "i 1 {:.4} {NOTE_SECONDS} {:.4}", note.start, note.hertz)?;
    }
    let text = format!(
        "<CsoundSynthesizer>\n<CsInstruments>\n{ORCHESTRA}</CsInstruments>\n<CsScore>\n{score}e {SECONDS}\n</CsScore>\n</CsoundSynthesizer>\n"
    );
    std::fs::write(&piece, text)?;
    let mut csound = Command::new("csound");
    csound.args(["-d", "-m0", "-W", "-f", "-o"]).arg(&sound).arg(&piece);
    let seconds = processor_time::of_command(&mut csound)?;
    crate::scsynth::must_sound(&sound)?;
    Ok(seconds)
}
