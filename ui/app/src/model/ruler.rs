//! The ruler: which steps are marked, and what a drag over it repeats.

use score::Meter;
use score::meter::LoopRegion;
use score::time::STEP;

/// Steps that a drag snaps to: a beat of four.
const SNAP_STEPS: u16 = 4;

/// A marked step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Which, from 0.
    pub(crate) step: u16,
    /// The bar's number, or the bar's and the beat's.
    pub(crate) text: String,
    /// Whether a bar begins here.
    pub(crate) is_bar: bool,
}

/// The bars of so many steps, and their beats between.
pub(crate) fn marks(steps: u16, meter: Meter) -> Vec<Mark> {
    let per_bar = (meter.bar().0 / STEP.0).max(1) as u16;
    let per_beat = (per_bar / u16::from(meter.numerator())).max(1);
    // Eighths stand too close for a number each.
    let shown = if per_beat < SNAP_STEPS { per_beat * 2 } else { per_beat };
    (0..steps)
        .filter(|step| (step % per_bar).is_multiple_of(shown))
        .map(|step| {
            let (bar, within) = (step / per_bar + 1, step % per_bar);
            let is_bar = within == 0;
            let text = if is_bar { bar.to_string() } else { format!("{bar}.{}", within / per_beat + 1) };
            Mark { step, text, is_bar }
        })
        .collect()
}

/// A drag over the ruler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoopDrag {
    /// The end that stays.
    anchor: u16,
    /// Whether that is an end of a stretch that was there, and stays to the step.
    is_edge: bool,
}

impl LoopDrag {
    /// The pointer is pressed at a step: at an end of the stretch it moves that end, else it begins another.
    pub(crate) fn press(step: u16, held: Option<LoopRegion>) -> Self {
        match held {
            Some(held) if step == held.first() && held.steps() > 1 => {
                Self { anchor: held.last(), is_edge: true }
            }
            Some(held) if step == held.last() => Self { anchor: held.first(), is_edge: true },
            _ => Self { anchor: step, is_edge: false },
        }
    }

    /// The stretch as the pointer is over a step; whole beats unless `fine`.
    pub(crate) fn over(self, step: u16, fine: bool) -> Option<LoopRegion> {
        let down = |step: u16, is_kept: bool| if fine || is_kept { step } else { step - step % SNAP_STEPS };
        let up = |step: u16, is_kept: bool| {
            if fine || is_kept { step } else { step - step % SNAP_STEPS + SNAP_STEPS - 1 }
        };
        if step >= self.anchor {
            LoopRegion::from_steps(down(self.anchor, self.is_edge), up(step, false))
        } else {
            LoopRegion::from_steps(down(step, false), up(self.anchor, self.is_edge))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(first: u16, last: u16) -> Option<LoopRegion> {
        LoopRegion::from_steps(first, last)
    }

    #[test]
    fn bars_are_numbered_and_their_beats_after_them() {
        let texts = |steps, meter: &str| -> Vec<String> {
            marks(steps, meter.parse().unwrap()).into_iter().map(|mark| mark.text).collect()
        };
        assert_eq!(texts(20, "4/4"), ["1", "1.2", "1.3", "1.4", "2"]);
        assert_eq!(texts(16, "7/8"), ["1", "1.3", "1.5", "1.7", "2"]);
        assert_eq!(texts(13, "3/4"), ["1", "1.2", "1.3", "2"]);
    }

    #[test]
    fn a_drag_repeats_whole_beats_either_way() {
        assert_eq!(LoopDrag::press(1, None).over(9, false), region(0, 11));
        assert_eq!(LoopDrag::press(9, None).over(1, false), region(0, 11));
        assert_eq!(LoopDrag::press(9, None).over(1, true), region(1, 9));
    }

    #[test]
    fn an_end_is_moved_and_the_other_stays() {
        let held = region(3, 10);
        assert_eq!(LoopDrag::press(10, held).over(17, false), region(3, 19));
        assert_eq!(LoopDrag::press(3, held).over(5, true), region(5, 10));
        assert_eq!(LoopDrag::press(3, held).over(12, true), region(10, 12));
        assert_eq!(LoopDrag::press(6, held).over(7, true), region(6, 7), "within it another begins");
    }
}
