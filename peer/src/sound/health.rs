//! How a stream fares, told by the audio thread without a word.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpal::ErrorKind;

/// The shortest time between two lines about gaps in the sound: a struggling machine must not also write logs.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// Counters that the audio threads write and anybody reads.
#[derive(Debug, Default)]
pub(super) struct Health {
    xruns: AtomicU64,
    load_percent: AtomicU32,
    is_other: AtomicBool,
    lost: AtomicBool,
}

impl Health {
    /// Takes in what the device complains about. Real-time safe.
    pub(super) fn note(&self, kind: ErrorKind) {
        match kind {
            ErrorKind::Xrun => _ = self.xruns.fetch_add(1, Ordering::Relaxed),
            ErrorKind::DeviceChanged => self.is_other.store(true, Ordering::Release),
            // It plays, only less reliably.
            ErrorKind::RealtimeDenied => {}
            _ => self.lost.store(true, Ordering::Release),
        }
    }

    /// Whether the stream goes to another device since the last call. Real-time safe.
    pub(super) fn take_change(&self) -> bool {
        self.is_other.swap(false, Ordering::AcqRel)
    }

    /// Takes in how much of the time goes into rendering. Real-time safe.
    pub(super) fn note_load(&self, share: f64) {
        self.load_percent.store((share * 100.0).round() as u32, Ordering::Relaxed);
    }

    /// How much of the time goes into rendering, in percent.
    pub(super) fn load_percent(&self) -> u32 {
        self.load_percent.load(Ordering::Relaxed)
    }

    /// Gaps in the sound so far.
    pub(super) fn xruns(&self) -> u64 {
        self.xruns.load(Ordering::Relaxed)
    }

    /// Whether the device has gone for good.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }
}

/// Tells of gaps now and then instead of one by one.
#[derive(Debug, Default)]
pub(super) struct XrunReporter {
    told: u64,
    told_at: Option<Instant>,
}

impl XrunReporter {
    /// How many gaps there were since the last report, if it is time for one and there were any.
    pub(super) fn news(&mut self, xruns: u64, now: Instant) -> Option<u64> {
        let due = self.told_at.is_none_or(|told_at| now.duration_since(told_at) >= REPORT_EVERY);
        let gaps = xruns - self.told;
        (due && gaps > 0).then(|| {
            self.told = xruns;
            self.told_at = Some(now);
            gaps
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_at_most_every_ten_seconds_and_none_is_forgotten() {
        let mut reporter = XrunReporter::default();
        let start = Instant::now();
        assert_eq!(reporter.news(0, start), None);
        assert_eq!(reporter.news(3, start), Some(3));
        assert_eq!(reporter.news(50, start + Duration::from_secs(9)), None);
        assert_eq!(reporter.news(51, start + Duration::from_secs(10)), Some(48));
        assert_eq!(reporter.news(51, start + Duration::from_secs(30)), None);
    }

    #[test]
    fn gaps_are_counted_a_change_is_told_once_and_only_a_device_that_is_gone_is_lost() {
        let health = Health::default();
        health.note(ErrorKind::Xrun);
        health.note(ErrorKind::RealtimeDenied);
        assert_eq!((health.xruns(), health.is_lost()), (1, false));
        assert!(!health.take_change(), "a gap is no other device");
        health.note(ErrorKind::DeviceChanged);
        assert!(health.take_change() && !health.take_change());
        health.note(ErrorKind::DeviceNotAvailable);
        assert!(health.is_lost());
    }
}
