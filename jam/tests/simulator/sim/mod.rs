//! Whole sessions of many peers on one thread, in simulated time, replayed from a seed.
//!
//! Documents and signatures are real. Links are reliable and ordered, as QUIC streams are, but may die at any moment with all
//! that is on its way; disks forget what was not synced when their peer crashes. Some peers are not honest:
//! - an *equivocator* runs twice from one copied store, as one actor, and so writes two histories;
//! - a *saboteur* announces what it has and withholds parts of it, sends garbage and repeats itself.
//!
//! What has to hold is in [`checks`].

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::needless_pass_by_value,
    clippy::manual_assert,
    clippy::unwrap_used,
    reason = "test code, read by a test and an example"
)]

mod checks;
mod network;
mod node;
mod random;
mod saboteur;
mod script;
mod world;

pub use checks::Report;
use world::World;

/// Runs one seed.
///
/// # Panics
/// When something that has to hold does not; the message names the seed.
pub fn run(seed: u64) -> Report {
    let mut world = World::new(seed);
    world.play();
    checks::check(&mut world)
}
