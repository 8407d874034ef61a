//! Sessions of five players under trouble, replayed from seeds. See [`sim`].
//!
//! `OFFBEAT_SIM_SEED=n cargo test -p jam --test simulator` replays one seed. A release build runs all the seeds that the project
//! promises; a debug build, in which signatures and documents are ten times slower, runs fewer.

mod sim;

/// How many seeds a run of the tests tries.
const SEEDS: u64 = if cfg!(debug_assertions) { 8 } else { 500 };

#[test]
fn honest_replicas_agree_after_every_trouble() {
    if let Ok(seed) = std::env::var("OFFBEAT_SIM_SEED") {
        let report = sim::run(seed.parse().expect("OFFBEAT_SIM_SEED is a number"));
        println!("{report:#?}");
        return;
    }
    let reports = sim::run_all(0..SEEDS);
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
fn a_seed_replays_to_the_last_bit() {
    let (one, other) = (sim::run(6), sim::run(6));
    assert_eq!((one.fingerprint, one.frames), (other.fingerprint, other.frames));
}
