//! How long a part's pattern is.

use std::collections::BTreeMap;

use score::Step;
use score::pattern::{MAX_STEPS, Pattern};

/// The shortest fitting length after which a part plays the same again for as long as the file is: the one that the file
/// states, else a number of bars, else any. `None` when it never does, and is longer than a pattern.
pub(super) fn period(steps: &BTreeMap<i64, Step>, total: i64, stated: Option<u16>, bar: i64) -> Option<i64> {
    let longest = i64::from(MAX_STEPS);
    let stated = stated.map(i64::from).filter(|length| (1..=longest).contains(length));
    let bars = (1..=longest / bar.max(1)).map(|bars| bars * bar);
    let whole = (total <= longest).then_some(total);
    let mut lengths = stated.into_iter().chain(bars.filter(|length| *length <= total));
    let shorter = lengths.find(|&length| length <= total && repeats(steps, total, length));
    shorter.or(whole).or_else(|| (1..=longest).find(|&length| repeats(steps, total, length)))
}

/// The pattern of the first `length` steps from `first` on.
pub(super) fn pattern(steps: &BTreeMap<i64, Step>, first: i64, length: i64) -> Pattern {
    let own = steps.range(first..first + length).map(|(at, step)| ((at - first) as u16, step.clone()));
    let mut pattern = Pattern { length: length.clamp(1, MAX_STEPS.into()) as u16, steps: own.collect() };
    // What the first time round could not show of the step on the seam, the second does.
    if first == 0
        && let (Some(begun), Some(again)) = (steps.get(&0), steps.get(&length))
        && is_same_on_seam(begun, again)
    {
        pattern.steps.insert(0, Step { volume: begun.volume, ..again.clone() });
    }
    pattern
}

fn repeats(steps: &BTreeMap<i64, Step>, total: i64, length: i64) -> bool {
    let same = |at: i64, step: &Step| {
        let before = steps.get(&(at - length));
        before == Some(step) || (at == length && before.is_some_and(|begun| is_same_on_seam(begun, step)))
    };
    let after_first = steps.range(length.min(total)..total).all(|(&at, step)| same(at, step));
    let nothing_missing =
        steps.range(..(total - length).max(0)).all(|(at, _)| steps.contains_key(&(at + length)));
    after_first && nothing_missing
}

/// Whether the step that begins the music could be the one that continues it: nothing is heard ahead of the start, and
/// nothing is held into it.
fn is_same_on_seam(begun: &Step, again: &Step) -> bool {
    let early = again.nudge.is_some_and(|nudge| nudge < 0) && begun.nudge.is_none();
    let nudge = if early { again.nudge } else { begun.nudge };
    let (tie, volume) = (again.tie || begun.tie, if again.tie { begun.volume } else { again.volume });
    let again = Step { volume, ..again.clone() };
    Step { nudge, tie, ..begun.clone() } == again
}
