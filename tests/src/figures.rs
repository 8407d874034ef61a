//! Figures, as `cargo xtask bench` collects them.

use std::time::Duration;

/// Prints a figure: a line of name, value and unit with tabs between. The value keeps three digits that mean something.
pub fn figure(name: &str, value: f64, unit: &str) {
    let decimals = match value.abs() {
        0.0 | 100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    println!("{name}\t{value:.decimals$}\t{unit}");
}

/// The value that `percent` of all values do not exceed, in milliseconds.
///
/// # Panics
/// When there is no value.
pub fn percentile_millis(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).clamp(1, times.len());
    times[place - 1].as_secs_f64() * 1e3
}

/// How many seconds a benchmark in real time takes for a row: as many as `OFFBEAT_BENCH_SECONDS` says, or a minute.
pub fn seconds_for_a_row() -> u64 {
    std::env::var("OFFBEAT_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}
