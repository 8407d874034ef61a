//! How far apart players hear the same step, five minutes for each path: `cargo xtask bench sync`. In simulated time, so that
//! nothing that the machine does meanwhile matters, and the same figures come out every time.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "test code")]

#[path = "../tests/sync/ear.rs"]
mod ear;
#[path = "../tests/sync/profile.rs"]
mod profile;
#[path = "../tests/sync/rig.rs"]
mod rig;
#[path = "../tests/music/stage.rs"]
mod stage;

use profile::PROFILES;
use stage::SECOND;

/// Sessions that each row is made of.
const SEEDS: u64 = 3;

fn main() {
    println!(
        "| profile | players | p50 us | p99 us | max us | bar us | steps | missed | clock B/s | other B/s |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for profile in &PROFILES {
        for count in [2, 5] {
            let mut runs = (0..SEEDS).map(|seed| profile.play(seed, count, 300 * SECOND));
            let mut heard = runs.next().expect("there is a first seed");
            for run in runs {
                heard.spreads.add(run.spreads);
                heard.clock_bytes = heard.clock_bytes.max(run.clock_bytes);
                heard.other_bytes = heard.other_bytes.max(run.other_bytes);
            }
            let spreads = &heard.spreads;
            let [p50, p99, max] = [50, 99, 100].map(|percent| spreads.micros(percent));
            let bar = profile.bar_micros.map_or("-".to_owned(), |bar| format!("{bar:.0}"));
            let (steps, missed) = (spreads.nanos.len(), spreads.missed);
            println!(
                "| {} | {count} | {p50:.0} | {p99:.0} | {max:.0} | {bar} | {steps} | {missed} | {} | {} |",
                profile.name, heard.clock_bytes, heard.other_bytes
            );
            println!("sync {}, {count} players, p99\t{p99:.0}\tus", profile.name);
        }
    }
}
