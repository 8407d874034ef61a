//! The figures of every instrument's usual note, measured once for all tests that judge them.

use std::sync::OnceLock;

use super::alias;
use super::measure::{Sound, decibels, usual};
use score::catalogue::{INSTRUMENTS, Instrument};

/// What is measured of one instrument: the note of [`usual`], and the aliases of high ones.
pub(crate) struct Figures {
    pub(crate) sound: Sound,
    /// LUFS, of the loudest 400 ms.
    pub(crate) loudness: f64,
    /// dBFS.
    pub(crate) peak: f64,
    /// Hertz.
    pub(crate) centroid: f64,
    /// Seconds from the note's start until it stays 60 dB below its peak.
    pub(crate) tail: f64,
    /// Decibels below the loudest line.
    pub(crate) alias: Option<f64>,
}

/// Every instrument of the catalogue with its figures.
pub(crate) fn figures() -> &'static [(&'static Instrument, Figures)] {
    static FIGURES: OnceLock<Vec<(&Instrument, Figures)>> = OnceLock::new();
    FIGURES.get_or_init(|| INSTRUMENTS.iter().map(|row| (row, measured(row))).collect())
}

fn measured(row: &Instrument) -> Figures {
    let sound = usual(row.index);
    Figures {
        loudness: sound.loudness(),
        peak: decibels(sound.peak()),
        centroid: sound.centroid(),
        tail: sound.tail(),
        alias: alias::level(row),
        sound,
    }
}
