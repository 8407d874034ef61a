//! How far apart processes hear the same step that have machines, clocks and sound cards of their own, over a network that takes its
//! time: `cargo xtask bench apart`. In real time, a minute for each row, or as many seconds as `OFFBEAT_BENCH_SECONDS` says.

#![allow(dead_code, unreachable_pub, reason = "shared with a test")]

#[path = "../tests/apart/jam.rs"]
mod jam;
#[path = "../tests/apart/machines.rs"]
mod machines;
#[path = "../tests/apart/relay.rs"]
mod relay;

use anyhow::Result;

use machines::{Place, own_network};
use relay::{FAR, LAN, WAN, WIFI};

fn main() -> Result<()> {
    match own_network(std::env::args_os().skip(1))? {
        Place::Inside => measure(),
        Place::Done => Ok(()),
        Place::NotHere => anyhow::bail!("this system makes no network namespaces (unshare -rn, ip, nsenter)"),
    }
}

fn measure() -> Result<()> {
    let seconds = tests::seconds_for_a_row();
    println!("| path | processes | p50 us | p99 us | max us | bar us | steps | missed | wire B/s |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for path in [LAN, WIFI, WAN, FAR] {
        for count in [2, 5] {
            let heard = jam::play(count, path, seconds)?;
            jam::went_by(&heard, path)?;
            let [p50, p99, max] = [50, 99, 100].map(|percent| heard.spreads.micros(percent));
            let (steps, missed) = (heard.spreads.nanos.len(), heard.spreads.missed);
            println!(
                "| {} | {count} | {p50:.0} | {p99:.0} | {max:.0} | {:.0} | {steps} | {missed} | {} |",
                path.name, path.bar_micros, heard.wire_bytes
            );
            println!("processes {}, {count} players, p99\t{p99:.0}\tus", path.name);
        }
    }
    Ok(())
}
