//! `docs/instruments.md` is what the catalogue says and what these tests measure.
//!
//! The page is written by `OFFBEAT_BLESS=1 cargo test -p audio-engine --test instruments`. Without that, a page that says
//! something else than is found here fails: figures may differ by [`TOLERANCES`], which is less than can be heard, and
//! everything else not at all.

use std::fmt::Write;
use std::path::PathBuf;

use super::alias;
use super::character::{DIFFERENT, Neighbour, neighbours};
use super::figures::{Figures, figures};
use super::levels::{PEAKS, TAILS, TOLERANCE, target};
use super::parameter_tables;
use score::catalogue::{Family, INSTRUMENTS, Instrument, Playback};

/// Columns whose figures may differ a little from the committed page, by how much, and by which share of the figure.
const TOLERANCES: [(&str, f64, f64); 6] = [
    ("LUFS", 0.3, 0.0),
    ("peak dBFS", 0.5, 0.0),
    ("centroid Hz", 0.0, 0.03),
    ("tail s", 0.02, 0.03),
    ("alias dB", 3.0, 0.0),
    ("apart dB", 0.2, 0.0),
];

/// Aliases below this, in decibels, are the arithmetic's own noise, and one figure is as good as another.
const INAUDIBLE: f64 = -90.0;

#[test]
fn the_page_of_instruments_says_what_is_measured() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/instruments.md");
    let text = page();
    if std::env::var_os("OFFBEAT_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differences = differences(&committed, &text);
    assert!(
        differences.is_empty(),
        "docs/instruments.md is out of date; if that is meant, see the top of this file:\n{}",
        differences.join("\n")
    );
}

fn page() -> String {
    let mut text = String::from(
        "# Instruments\n\n\
         <!-- Written by a test: OFFBEAT_BLESS=1 cargo test -p audio-engine --test instruments -->\n\n\
         Every built-in instrument with what it measures, and every parameter of instruments and effects. Ids are what \
         sessions hold.\n\n",
    );
    explain(&mut text);
    let neighbours = neighbours();
    for family in Family::ALL {
        family_table(&mut text, family, &neighbours);
    }
    alias_notes(&mut text);
    parameter_tables::write(&mut text);
    text
}

fn explain(text: &mut String) {
    let count = INSTRUMENTS.len();
    let _ = write!(
        text,
        "## How the {count} instruments are measured\n\n\
         One note each on its base note, at velocity 0.7 (an unlocked step), held for half a second where it can be held, \
         without effects. A test fails where a figure leaves its bounds.\n\n\
         | column | what | bounds |\n|---|---|---|\n\
         | LUFS | momentary loudness (ITU-R BS.1770) of the loudest 400 ms | within {TOLERANCE} LU of the family's target |\n\
         | peak dBFS | the largest sample | {} to {} dBFS |\n\
         | centroid Hz | centre of gravity of the first second's third-octave bands | stated for some in `character.rs` |\n\
         | tail s | until it stays 60 dB below its peak | {} to {} s |\n\
         | alias dB | the loudest line up to {:.0} kHz that does not follow the key, on C5, G5, C6, F#6 and C7, below \
         the loudest line; vibrato, tremolo, noise and resonance turned down, the preset's own drive left on | {:.0} dB |\n\
         | nearest | the instrument of the family that sounds most like it, and how far that is | at least {DIFFERENT} dB |\n\n\
         *Apart* is the mean difference of two sounds in decibels, over thirty third-octave bands from 25 Hz to 20 kHz and \
         four parts of the note (0 to 30 ms, to 120 ms, to 480 ms, to 2 s), each sound's loudest band being 0 dB and nothing below \
         -60 dB. *Plays* says whether a note is held for its step (held) or rings to its own end (rings).\n\n",
        PEAKS.start(),
        PEAKS.end(),
        TAILS.start(),
        TAILS.end(),
        alias::BAND / 1_000.0,
        alias::BOUND,
    );
}

fn family_table(text: &mut String, family: Family, neighbours: &[Neighbour]) {
    let _ = write!(text, "### {}\n\nTarget: {} LUFS.\n\n", family.name(), target(family));
    let columns = [
        "id",
        "name",
        "plays",
        "base note",
        "LUFS",
        "peak dBFS",
        "centroid Hz",
        "tail s",
        "alias dB",
        "nearest",
        "apart dB",
    ];
    let _ = writeln!(text, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
    for (row, figures) in figures().iter().filter(|(row, _)| row.family == family) {
        let near = neighbours.iter().find(|(of, ..)| of.id == row.id).expect("everyone has a neighbour");
        let _ = writeln!(text, "{}", instrument_row(row, figures, near.1.id, near.2));
    }
    text.push('\n');
}

fn instrument_row(row: &Instrument, figures: &Figures, nearest: &str, apart: f64) -> String {
    let plays = match row.playback {
        Playback::OneShot => "rings",
        Playback::Held => "held",
    };
    let alias = match figures.alias {
        None => "-".to_owned(),
        Some(level) if level < INAUDIBLE => format!("< {INAUDIBLE:.0}"),
        Some(level) => format!("{level:.1}"),
    };
    format!(
        "| `{}` | {} | {plays} | {} | {:.1} | {:.1} | {:.0} | {:.2} | {alias} | `{nearest}` | {apart:.1} |",
        row.id,
        row.name,
        note_name(row.base_note),
        figures.loudness,
        figures.peak,
        figures.centroid,
        figures.tail,
    )
}

/// A MIDI key as musicians write it, middle C being C4.
fn note_name(key: u8) -> String {
    const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
    format!("{}{}", NAMES[usize::from(key % 12)], i32::from(key / 12) - 1)
}

fn alias_notes(text: &mut String) {
    text.push_str("### Aliases\n\nNot judged (-):\n\n");
    let mut reasons: Vec<&str> = INSTRUMENTS.iter().filter_map(alias::exemption).collect();
    reasons.dedup();
    for reason in reasons {
        let _ = writeln!(text, "- {reason}.");
    }
    text.push('\n');
}

/// What a reader would have to be told of between two pages.
fn differences(committed: &str, measured: &str) -> Vec<String> {
    let mut differences = Vec::new();
    let (old, new) = (committed.lines().collect::<Vec<_>>(), measured.lines().collect::<Vec<_>>());
    if old.len() != new.len() {
        differences.push(format!("{} lines, measured {}", old.len(), new.len()));
    }
    let mut columns: Vec<&str> = Vec::new();
    for (old, new) in old.iter().zip(&new) {
        let (before, after) = (split(old), split(new));
        if after.iter().any(|cell| TOLERANCES.iter().any(|(column, ..)| cell == column)) {
            columns.clone_from(&after);
        }
        let same =
            before.len() == after.len()
                && before.iter().zip(&after).enumerate().all(|(at, (a, b))| {
                    a == b || is_close(columns.get(at).copied().unwrap_or_default(), a, b)
                });
        if !same {
            differences.push(format!("- {old}\n+ {new}"));
        }
    }
    differences
}

fn split(line: &str) -> Vec<&str> {
    line.split('|').map(str::trim).collect()
}

/// Whether two figures of a column are the same within its tolerance.
fn is_close(column: &str, a: &str, b: &str) -> bool {
    let Some((_, most, share)) = TOLERANCES.iter().find(|(name, ..)| *name == column) else { return false };
    let number = |cell: &str| cell.trim_start_matches("< ").parse::<f64>().ok();
    let (Some(a), Some(b)) = (number(a), number(b)) else { return false };
    (a - b).abs() <= most.max(share * a.abs())
}

#[test]
fn a_page_that_says_something_else_is_told_from_one_that_rounds_differently() {
    let table = |row: &str| format!("| id | LUFS | nearest |\n|---|---|---|\n{row}\n");
    let page = table("| `kick` | -24.0 | `tom` |");
    assert!(differences(&page, &table("| `kick` | -24.2 | `tom` |")).is_empty());
    for other in [
        "| `kick` | -24.4 | `tom` |",
        "| `kick` | -24.0 | `rim` |",
        "| `kick` | quiet | `tom` |",
        "| `kick` |",
    ] {
        assert_eq!(differences(&page, &table(other)).len(), 1, "{other}");
    }
    assert!(!differences(&page, "").is_empty());
}
