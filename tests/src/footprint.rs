//! What programs take of a machine, as Linux counts it.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// How finely Linux counts when a process began, in parts of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// What the processes of one program take together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Footprint {
    /// Memory in MB; what several processes share is counted once.
    pub share_mb: f64,
    /// Memory in MB; what several processes share is counted for each.
    pub resident_mb: f64,
    /// When the first of them began, in milliseconds since 1970, to some hundredths of a second.
    pub began_millis: f64,
}

impl Footprint {
    /// Of these processes; those that have ended meanwhile take nothing.
    pub(crate) fn of(processes: &[u32]) -> Result<Self> {
        let mut all = Self { began_millis: f64::INFINITY, ..Self::default() };
        for &process in processes {
            let Ok(memory) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else { continue };
            all.share_mb += kilobytes(&memory, "Pss:") / 1e3;
            all.resident_mb += kilobytes(&memory, "Rss:") / 1e3;
            all.began_millis = all.began_millis.min(began_millis(process)?);
        }
        Ok(all)
    }
}

fn kilobytes(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

fn began_millis(process: u32) -> Result<f64> {
    let line = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name, which may hold anything, it is the twentieth field.
    let began = line.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19));
    let began: f64 = began.context("a process began at some time")?.parse()?;
    let uptime = fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split(' ').next().context("the machine runs for some time")?.parse()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    Ok((now - (uptime - began / TICKS_A_SECOND)) * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_some_memory_and_began_before_now() {
        let footprint = Footprint::of(&[std::process::id()]).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1e3;
        assert!(footprint.share_mb > 0.1 && footprint.share_mb <= footprint.resident_mb, "{footprint:?}");
        // The clock of processes is counted in hundredths of a second.
        assert!((now - 600_000.0..now + 50.0).contains(&footprint.began_millis), "{footprint:?} {now}");
    }
}
