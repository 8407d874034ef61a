//! Tests and benchmarks of the whole product: the real `offbeat` program, in processes of its own, with real homes on the
//! disk, real links between them and real files.
//!
//! [`Player`] is one person: a home folder and the commands that person types. Nothing here knows how Offbeat works inside;
//! it sees what a user sees: arguments, output, exit codes and files.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! let ada = tests::Player::arrives()?;
//! let session = ada.says(&["new", "Fuzzy Penguin"])?;
//! ada.says(&["edit", &session, "add-track kick; step kick 1 on"])?;
//! # Ok(()) }
//! ```

mod axe;
mod browser;
mod card;
mod examples;
mod figures;
mod footprint;
mod hosting;
mod installed;
mod onsets;
mod page;
pub mod painting;
mod picture;
mod player;
mod process;
mod program;
mod pulse;
mod recording;
mod server;
mod shown;
mod spreads;
mod wait;

pub use browser::dom_after_loading;
pub use card::Card;
pub use examples::{examples, shared_sessions};
pub use figures::{figure, percentile_millis, seconds_for_a_row};
pub use footprint::Footprint;
pub use hosting::Running;
pub use onsets::onsets;
pub use page::{Desktop, Key, Odd, Page, Point, Screen, Sound, Step, Theme, Work};
pub use player::{Outcome, Player};
pub use program::offbeat;
pub use pulse::{Pulse, Recorder};
pub use recording::recorded;
pub use server::Server;
pub use shown::plays;
pub use spreads::{INTERVAL, Spreads};
pub use wait::{calendar, eventually, pass_until};
