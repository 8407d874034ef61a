//! `offbeat demo`: two players jam on this machine.
//!
//! Each is a whole peer in a temporary home; they find each other by a ticket and edit one session over a real link. The
//! picture is drawn from both players' own views, with the playhead of the engine that is heard. Where stdout is no terminal,
//! a line per bar takes the picture's place.

mod grid;
mod hands;
mod palette;
mod picture;
mod player;
mod screen;
mod stage;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use crate::arguments;
use crate::failure::Outcome;
use crate::output;
use crate::samples;
use crate::signals::Stop;
use crate::source::{self, Source};
use screen::{Key, Screen};
use stage::Stage;

/// The session that is played when no file is given.
const EXAMPLE: (&str, &[u8]) = ("house.json", include_bytes!("../../../examples/house.json"));

/// Between two pictures: thirty a second.
const FRAME: Duration = Duration::from_millis(33);

/// Where nobody watches, the demo ends after so many bars unless told otherwise.
const BARS_UNWATCHED: u32 = 4;

/// When the demo ends by itself.
#[derive(Clone, Copy)]
struct Limit {
    bars: Option<u32>,
    until: Option<Instant>,
}

/// Plays the demo.
pub(crate) async fn run(demo: arguments::Demo, home: Option<PathBuf>) -> Outcome {
    let Source { score, left_out } = match &demo.file {
        Some(path) => source::read(path)?,
        None => source::parse(Path::new(EXAMPLE.0), EXAMPLE.1)?,
    };
    output::notes(&left_out);
    let samples = samples::carried(home.as_ref(), &score)?;
    let mut stop = Stop::listen()?;
    let is_watched = io::stdout().is_terminal();
    let bars = demo.bars.or_else(|| (!is_watched && demo.seconds.is_none()).then_some(BARS_UNWATCHED));
    let until = demo.seconds.map(|seconds| Instant::now() + Duration::from_secs(u64::from(seconds)));
    let mut stage = tokio::select! {
        stage = Stage::set(*score, &samples) => stage?,
        () = stop.asked() => return Ok(()),
    };
    let limit = Limit { bars, until };
    let played = if is_watched {
        watch(&mut stage, &mut stop, limit).await
    } else {
        tell(&mut stage, &mut stop, limit).await
    };
    let verdict = match played {
        Ok(()) => stage.agree().await,
        Err(failure) => Err(failure),
    };
    let cleared = stage.clear().await;
    output::print_line(&verdict?)?;
    cleared
}

impl Limit {
    fn is_reached(self, stage: &Stage) -> bool {
        self.bars.is_some_and(|bars| stage.bars_played() >= bars)
            || self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// Draws the jam until the player ends it.
async fn watch(stage: &mut Stage, stop: &mut Stop, limit: Limit) -> Outcome {
    let mut screen = Screen::open()?;
    let mut frames = tokio::time::interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while !limit.is_reached(stage) {
        tokio::select! {
            _ = frames.tick() => {}
            () = stop.asked() => break,
        }
        match screen.key()? {
            Some(Key::Quit) => break,
            Some(Key::PlayStop) => stage.play_or_stop().await?,
            None => {}
        }
        stage.go_on().await?;
        let (_, rows) = Screen::size();
        screen.draw(&stage.picture(rows).lines())?;
    }
    Ok(())
}

/// Tells of the jam, a line per bar.
async fn tell(stage: &mut Stage, stop: &mut Stop, limit: Limit) -> Outcome {
    let mut frames = tokio::time::interval(FRAME);
    let mut told = 0;
    while !limit.is_reached(stage) {
        tokio::select! {
            _ = frames.tick() => {}
            () = stop.asked() => break,
        }
        stage.go_on().await?;
        // A line is told when the bar's last edits have crossed the link.
        if stage.bars_played() > told && stage.is_agreed() {
            told = stage.bars_played();
            output::print_line(&stage.line())?;
        }
    }
    Ok(())
}
