//! Runs many simulated sessions, and says what they were like.
//!
//! `cargo run --release -p jam --example simulate -- --seeds 10000 [--first N] [--star]`, where a star's players are linked with a
//! server alone

#[path = "../tests/simulator/sim/mod.rs"]
mod sim;

use std::time::Instant;

/// Reads `--name NUMBER` from the command line.
fn option(name: &str, default: u64) -> u64 {
    let arguments: Vec<String> = std::env::args().collect();
    let value = arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
    value.map_or(default, |value| {
        value.parse().unwrap_or_else(|_| panic!("{name} takes a number, not `{value}`"))
    })
}

fn main() {
    let (seeds, first) = (option("--seeds", 1_000), option("--first", 0));
    let started = Instant::now();
    let star = std::env::args().any(|argument| argument == "--star");
    let topology = if star { sim::Topology::Star } else { sim::Topology::Mesh };
    let reports = sim::run_all(first..first + seeds, topology);
    summarise(&reports, started.elapsed().as_secs_f64());
}

fn summarise(reports: &[sim::Report], seconds: f64) {
    let sum = |field: fn(&sim::Report) -> u64| reports.iter().map(field).sum::<u64>();
    let most = |field: fn(&sim::Report) -> u64| reports.iter().map(field).max().unwrap_or(0);
    println!("{} seeds without a divergence in {seconds:.1} s", reports.len());
    println!("edits {}, partitions {}, crashes {}", sum(|r| r.edits), sum(|r| r.cuts), sum(|r| r.crashes));
    println!("frames {}, refused messages {}", sum(|r| r.frames), sum(|r| r.refused));
    println!("equivocations seen {}, edits made again {}", sum(|r| r.equivocations), sum(|r| r.reissued));
    println!(
        "saved edits looked for {}, lost 0; catch-ups after a mismatch {}",
        sum(|r| r.marks),
        sum(|r| r.mismatches)
    );
    println!("torn stores opened {}", sum(|r| r.torn));
    println!("longest convergence after healing {} ms", most(|r| r.convergence_millis));
    println!("busiest link while quiet {} bytes a second", most(|r| r.quiet_bytes_per_second));
}
