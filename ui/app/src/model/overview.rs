//! The whole of a track's pattern as one small drawing, and which part of the whole is seen.

use std::fmt::Write as _;

/// The outline of the steps that play: those of the pattern, and after them its repeats up to `total` steps. One unit is a
/// step wide and the track high.
pub(crate) fn outlines(plays: impl Fn(u16) -> bool, length: u16, total: u16) -> (String, String) {
    let (mut own, mut repeats) = (String::new(), String::new());
    let length = length.max(1);
    for step in (0..total.max(length)).filter(|step| plays(step % length)) {
        let outline = if step < length { &mut own } else { &mut repeats };
        // Writing to a text cannot fail.
        let _ = write!(outline, "M{step} 0h.8v1h-.8z");
    }
    (own, repeats)
}

/// The part of the grid that is seen, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// How far the steps are scrolled.
    pub(crate) from: f64,
    /// How much of them is seen.
    pub(crate) width: f64,
    /// How wide they are together.
    pub(crate) total: f64,
    /// How many steps stand on each page, where the steps are turned by pages.
    pub(crate) page: Option<u16>,
}

impl Seen {
    /// Whether there is more than is seen.
    pub(crate) fn is_part(&self) -> bool {
        // A pixel is a rounding.
        self.width > 0.0 && self.total > self.width + 1.0
    }

    /// Where the seen part begins and how much it is, as shares of the whole.
    pub(crate) fn shares(&self) -> (f64, f64) {
        if self.total <= 0.0 {
            return (0.0, 1.0);
        }
        ((self.from / self.total).clamp(0.0, 1.0), (self.width / self.total).clamp(0.0, 1.0))
    }

    /// The first and the last step that are seen of so many, counted from 1.
    pub(crate) fn steps(&self, of: u16) -> (u16, u16) {
        if let Some(page) = self.page {
            let first = ((self.from / self.width.max(1.0)).round() as u16 * page + 1).min(of);
            return (first, (first + page - 1).min(of));
        }
        let (from, share) = self.shares();
        let first = (from * f64::from(of)).round() as u16 + 1;
        (first.min(of), (((from + share) * f64::from(of)).round() as u16).clamp(first.min(of), of))
    }

    /// How far to scroll so that the middle of what is seen lies at this share of the whole.
    pub(crate) fn centred_at(&self, share: f64) -> f64 {
        (share * self.total - self.width / 2.0).clamp(0.0, (self.total - self.width).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_pattern_repeats_in_the_whole() {
        let (own, repeats) = outlines(|step| step == 1, 2, 5);
        assert_eq!(own, "M1 0h.8v1h-.8z");
        assert_eq!(repeats, "M3 0h.8v1h-.8z");
    }

    #[test]
    fn what_is_seen_is_told_in_steps() {
        let seen = Seen { from: 500.0, width: 1_000.0, total: 2_000.0, page: None };
        assert!(seen.is_part());
        assert_eq!(seen.shares(), (0.25, 0.5));
        assert_eq!(seen.steps(64), (17, 48));
        assert_eq!(seen.centred_at(0.0) as i32, 0);
        assert_eq!(seen.centred_at(1.0) as i32, 1_000);
        assert!(!Seen { total: 1_000.5, ..seen }.is_part());
        let paged = Seen { from: 360.0, width: 360.0, total: 720.0, page: Some(16) };
        assert_eq!((paged.steps(20), paged.steps(64)), ((17, 20), (17, 32)));
    }
}
