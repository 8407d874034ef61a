//! Sessions of five players under trouble, replayed from seeds. See [`sim`].
//!
//! `OFFBEAT_SIM_SEED=n cargo test -p jam --test simulator` replays one seed. A release build runs all the seeds that the project
//! promises; a debug build, in which signatures and documents are ten times slower, runs fewer.

mod sim;

use sim::Topology;

/// How many seeds a run of the tests tries.
const SEEDS: u64 = if cfg!(debug_assertions) { 8 } else { 500 };

/// The same for players who are linked with a server alone.
const STAR_SEEDS: u64 = if cfg!(debug_assertions) { 6 } else { 200 };

#[test]
fn honest_replicas_agree_after_every_trouble() {
    if let Ok(seed) = std::env::var("OFFBEAT_SIM_SEED") {
        let seed = seed.parse().expect("OFFBEAT_SIM_SEED is a number");
        let reports = [Topology::Mesh, Topology::Star].map(|topology| sim::run(seed, topology));
        println!("{reports:#?}");
        return;
    }
    let reports = sim::run_all(0..SEEDS, Topology::Mesh);
    for report in &reports {
        assert!(report.edits >= 40 && report.cuts >= 2, "too tame: {report:?}");
    }
    let sum = |field: fn(&sim::Report) -> u64| reports.iter().map(field).sum::<u64>();
    let (equivocations, marks) = (sum(|r| r.equivocations), sum(|r| r.marks));
    let (crashes, torn) = (sum(|r| r.crashes), sum(|r| r.torn));
    println!(
        "{SEEDS} seeds: {equivocations} equivocations seen, {} edits made again, {marks} saved marks kept, {crashes} crashes, \
         {torn} torn stores opened",
        sum(|r| r.reissued)
    );
    assert!(equivocations > 0 && marks > 0 && crashes > 0, "the trouble never came");
    assert!(torn > 0 || cfg!(debug_assertions), "no write was ever torn");
}

#[test]
fn players_of_a_server_that_crashes_agree_and_lose_nothing_that_it_acknowledged() {
    let reports = sim::run_all(0..STAR_SEEDS, Topology::Star);
    let sum = |field: fn(&sim::Report) -> u64| reports.iter().map(field).sum::<u64>();
    let (marks, crashes) = (sum(|r| r.marks), sum(|r| r.crashes));
    println!("{STAR_SEEDS} seeds: {marks} saved or acknowledged marks kept, {crashes} crashes");
    assert!(marks > 0 && crashes >= 2 * STAR_SEEDS, "the trouble never came");
}

#[test]
fn a_seed_replays_to_the_last_bit() {
    let (one, other) = (sim::run(6, Topology::Mesh), sim::run(6, Topology::Mesh));
    assert_eq!((one.fingerprint, one.frames), (other.fingerprint, other.frames));
}
