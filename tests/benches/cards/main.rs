//! How far apart two sound cards of different speed leave a step: `cargo xtask bench cards`. In real time, a minute for each row, or as
//! many seconds as `OFFBEAT_BENCH_SECONDS` says.

mod jams;

use anyhow::{Result, ensure};
use tests::{Pulse, Spreads, seconds_for_a_row};

/// Has players play for so many seconds.
type Play = fn(u64) -> Result<Spreads>;

fn main() -> Result<()> {
    ensure!(Pulse::is_installed(), "pulseaudio and pulseaudio-utils are not installed");
    let seconds = seconds_for_a_row();
    println!("| players | p50 us | p99 us | max us | first later, us | steps | missed |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    // Cargo passes `--bench`; any other argument is a part of the row that is wanted.
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let rows: [(&str, Play); 4] = [
        ("two native", jams::two_natives),
        ("a page and a native", jams::page_and_native),
        ("a native and a file", jams::native_and_file),
        ("a page and a file", jams::page_and_file),
    ];
    for (players, play) in rows {
        if wanted.is_empty() || wanted.iter().any(|part| players.contains(part.as_str())) {
            tell(players, &play(seconds)?);
        }
    }
    Ok(())
}

fn tell(players: &str, spreads: &Spreads) {
    let [p50, p99, max] = [50, 99, 100].map(|percent| spreads.micros(percent));
    let (steps, missed) = (spreads.nanos.len(), spreads.missed);
    let later = spreads.first_later_micros;
    println!("| {players} | {p50:.0} | {p99:.0} | {max:.0} | {later:.0} | {steps} | {missed} |");
    println!("cards, {players}, median\t{p50:.0}\tus");
    println!("cards, {players}, p99\t{p99:.0}\tus");
}
