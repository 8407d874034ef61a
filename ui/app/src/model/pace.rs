//! How often something that moves is told: at once when it rests, and then the newest of it ten times a second at most.

/// Least time between two words of it, in milliseconds.
const INTERVAL_MILLIS: f64 = 100.0;

/// What to do with a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Turn {
    /// Tell it.
    Now,
    /// Ask again in so many milliseconds.
    Later(f64),
    /// It was told, or somebody asks again already.
    Never,
}

/// What was told last, and when.
#[derive(Debug)]
pub(crate) struct Pace<T> {
    told: T,
    at_millis: f64,
    is_waiting: bool,
}

impl<T: PartialEq + Clone> Pace<T> {
    /// Nothing was told; the others take it to be `told`.
    pub(crate) const fn new(told: T) -> Self {
        Self { told, at_millis: f64::NEG_INFINITY, is_waiting: false }
    }

    /// The value is this at this moment.
    pub(crate) fn turn(&mut self, now_millis: f64, value: &T) -> Turn {
        if *value == self.told || self.is_waiting {
            return Turn::Never;
        }
        let due = self.at_millis + INTERVAL_MILLIS;
        if now_millis < due {
            self.is_waiting = true;
            return Turn::Later(due - now_millis);
        }
        self.at_millis = now_millis;
        self.told = value.clone();
        Turn::Now
    }

    /// The wait is over: ask again.
    pub(crate) fn waited(&mut self) {
        self.is_waiting = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_movement_is_told_ten_times_and_its_end_is_told() {
        let mut pace = Pace::new(0);
        let (mut told, mut wake) = (Vec::new(), None);
        for millis in 0..1_200 {
            let now = f64::from(millis);
            let value = (millis + 1).min(1_000);
            let is_over = wake.is_some_and(|at| at <= now);
            if is_over {
                pace.waited();
                wake = None;
            }
            match pace.turn(now, &value) {
                Turn::Now => told.push(value),
                Turn::Later(after) => wake = Some(now + after),
                Turn::Never => {}
            }
        }
        assert!((10..=11).contains(&told.len()), "{told:?}");
        assert_eq!((told[0], told.last()), (1, Some(&1_000)));
    }

    #[test]
    fn what_has_not_changed_is_not_told() {
        let mut pace = Pace::new(None);
        assert_eq!(pace.turn(0.0, &None::<u8>), Turn::Never);
        assert_eq!(pace.turn(0.0, &Some(1)), Turn::Now);
        assert_eq!(pace.turn(500.0, &Some(1)), Turn::Never);
    }
}
