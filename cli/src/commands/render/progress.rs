//! How far a long render has come, on a terminal.

use std::io::{self, IsTerminal, Write};

use crate::sound_file::ENGINE_RATE;

/// Renders that make less than this many seconds of sound show no progress: they are over before it could be read.
const PROGRESS_SECONDS: usize = 60;

/// Cells of the bar.
const CELLS: usize = 30;

/// How far a long render has come, on a terminal.
pub(super) struct Progress {
    total: usize,
    done: usize,
    shown: Option<usize>,
    is_wanted: bool,
}

impl Progress {
    /// Of so many frames.
    pub(super) fn of(total: usize) -> Self {
        let is_long = total > PROGRESS_SECONDS * ENGINE_RATE as usize;
        Self { total, done: 0, shown: None, is_wanted: is_long && io::stderr().is_terminal() }
    }

    /// So many frames more are done.
    pub(super) fn advance(&mut self, frames: usize) {
        self.done += frames;
        let percent = (self.done * 100 / self.total.max(1)).min(100);
        if self.is_wanted && self.shown != Some(percent) {
            self.shown = Some(percent);
            write!(io::stderr(), "\r{}", line(percent)).ok();
        }
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.shown.is_some() {
            write!(io::stderr(), "\r{:1$}\r", "", line(0).chars().count()).ok();
        }
    }
}

fn line(percent: usize) -> String {
    let full = percent * CELLS / 100;
    format!("rendering [{}{}] {percent:3} %", "#".repeat(full), ".".repeat(CELLS - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_keeps_its_width() {
        assert_eq!(line(50), "rendering [###############...............]  50 %");
        assert!((0..=100).all(|percent| line(percent).len() == line(0).len()));
    }
}
