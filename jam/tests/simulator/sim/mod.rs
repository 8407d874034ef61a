//! Whole sessions of many peers on one thread, in simulated time, replayed from a seed.
//!
//! Documents and signatures are real. Links are reliable and ordered, as QUIC streams are, but may die at any moment with all
//! that is on its way; when a peer crashes, its disk forgets a part of what was not synced, and tears what it was writing. Some peers are not honest:
//! - an *equivocator* runs twice from one copied store, as one actor, and so writes two histories;
//! - a *saboteur* announces what it has and withholds parts of it, sends garbage and repeats itself.
//!
//! They are linked with each other, or with a server alone, which is honest, and crashes between storing and telling.
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
mod effects;
mod linking;
mod network;
mod node;
mod random;
mod saboteur;
mod script;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

pub use checks::Report;
pub use world::Topology;
use world::World;

/// Runs one seed.
///
/// # Panics
/// When something that has to hold does not; the message names the seed.
pub fn run(seed: u64, topology: Topology) -> Report {
    let mut world = World::new(seed, topology);
    world.play();
    checks::check(&mut world)
}

/// Runs many seeds on all cores. Each seed is one thread's from its start to its end.
///
/// # Panics
/// When a seed fails; its own message stands above.
pub fn run_all(seeds: std::ops::Range<u64>, topology: Topology) -> Vec<Report> {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut reports = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return reports;
            }
            reports.push(run(seed, topology));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined =
            workers.into_iter().map(|worker| worker.join().expect("a seed failed, and said so above"));
        joined.flatten().collect()
    })
}
