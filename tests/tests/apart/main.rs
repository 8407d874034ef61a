//! Processes on machines of their own, with clocks and sound cards that run at speeds of their own and a network between them that
//! takes its time and loses: the same step leaves every sound card at the same moment.
//!
//! Every machine is a network namespace, so that packets go by no way but the one that is on trial; where a system makes none the tests
//! say so and are not run. `cargo xtask bench apart` lets them play for longer, with more of them.

#![allow(dead_code, unreachable_pub, reason = "shared with a benchmark")]

mod jam;
mod machines;
mod relay;

use anyhow::{Result, ensure};

use machines::{Place, own_network};
use relay::{Path, WAN, WIFI};

/// A machine that is busy with other tests hands packets on late, and starts late: what is held here is far from what is measured.
const MOST_MICROS: f64 = 10_000.0;

fn play_together(test: &str, count: usize, path: Path) -> Result<()> {
    match own_network([test, "--exact", "--nocapture"])? {
        Place::Inside => {}
        Place::Done => return Ok(()),
        Place::NotHere => {
            eprintln!("not run here: this system makes no network namespaces (unshare -rn, ip, nsenter)");
            return Ok(());
        }
    }
    let heard = jam::play(count, path, 12)?;
    jam::went_by(&heard, path)?;
    let (steps, median) = (heard.spreads.nanos.len(), heard.spreads.micros(50));
    println!("{count} processes, {}: {steps} steps, half within {median:.0} us", path.name);
    ensure!(steps >= 30, "{steps} steps were compared");
    ensure!(median < MOST_MICROS, "half of the steps were heard within {median} us");
    Ok(())
}

#[test]
fn two_processes_across_a_country_hear_the_same_step_together() -> Result<()> {
    play_together("two_processes_across_a_country_hear_the_same_step_together", 2, WAN)
}

#[test]
fn five_processes_by_radio_hear_the_same_step_together() -> Result<()> {
    play_together("five_processes_by_radio_hear_the_same_step_together", 5, WIFI)
}
