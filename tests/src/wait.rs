//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

use anyhow::bail;

/// How long a condition may take. Far above anything seen, so that a slow machine does not fail a right program.
const PATIENCE: Duration = Duration::from_mins(2);

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(5);

/// Asks again and again until the answer is there.
///
/// # Errors
/// When it does not come, or asking fails.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if started.elapsed() > PATIENCE {
            bail!("{what} did not happen within {} s", PATIENCE.as_secs());
        }
        // The processors belong to what is waited for.
        std::thread::park_timeout(PAUSE);
    }
}
