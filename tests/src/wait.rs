//! Waiting for a condition; for a time only where something is heard, or is to be, in time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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

/// Lets real time pass: music that is recorded from real devices takes it.
pub fn pass_until(moment: Instant) {
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}

/// True time, in nanoseconds since 1970.
///
/// # Errors
/// When the machine's calendar is before that.
pub fn calendar() -> anyhow::Result<i64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as i64)
}
