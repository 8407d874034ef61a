//! What is pressed rather than written: play, pause, stop, and to another bar, for everybody who listens.

use score::Beats;
use view::Command;

use super::cursor::{Context, Cursor};
use super::error::WordsError;

type Read = Result<Command, WordsError>;

/// The last bar that can be gone to: days of music at any tempo.
const MAX_BAR: u32 = 100_000;

#[allow(clippy::unnecessary_wraps, reason = "a row of the table of verbs")]
pub(super) fn play(_: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Play)
}

#[allow(clippy::unnecessary_wraps, reason = "a row of the table of verbs")]
pub(super) fn pause(_: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Pause)
}

#[allow(clippy::unnecessary_wraps, reason = "a row of the table of verbs")]
pub(super) fn stop(_: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Stop)
}

pub(super) fn go_to_bar(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let bar = cursor.number("bar", 1, MAX_BAR)?;
    Ok(Command::Seek(Beats(context.score.meter.bar().0 * i64::from(bar - 1))))
}
