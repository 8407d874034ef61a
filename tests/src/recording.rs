//! What a sound card that is a file has played, and when.

use std::path::Path;

use anyhow::{Context, Result};

use crate::card::heard_after;
use crate::onsets::onsets;

/// When sounds begin in a file that a card was (`peer::sound::FileOutput`), in nanoseconds of true time.
///
/// # Errors
/// When it is no such file.
pub fn recorded(path: &Path) -> Result<Vec<i64>> {
    let bytes = std::fs::read(path)?;
    let (head, frames) = bytes.split_at_checked(16).context("the card has played nothing")?;
    let number = |at: usize| i64::from_le_bytes(std::array::from_fn(|byte| head[at + byte]));
    let (origin, ppb) = (number(0), number(8));
    let samples: Vec<f32> = frames.as_chunks().0.iter().map(|frame| f32::from_le_bytes(*frame)).collect();
    let at = |frame: usize| origin + heard_after(frame, ppb);
    Ok(onsets(&samples).into_iter().map(at).collect())
}
