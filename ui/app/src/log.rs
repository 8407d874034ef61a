//! What was said of late, for a bug report: notices, refusals and failures, with when.

use std::cell::RefCell;
use std::collections::VecDeque;

/// Most lines that are kept; the oldest makes room.
const MAX_LINES: usize = 100;

/// A line that was said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// By the page's clock, in milliseconds.
    pub(crate) at_millis: f64,
    /// What was said.
    pub(crate) text: String,
}

thread_local! {
    static LINES: RefCell<VecDeque<Line>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps a line.
pub(crate) fn note(at_millis: f64, text: String) {
    LINES.with_borrow_mut(|lines| {
        if lines.len() >= MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(Line { at_millis, text });
    });
}

/// The lines, the oldest first.
pub(crate) fn lines() -> Vec<Line> {
    LINES.with_borrow(|lines| lines.iter().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_make_room() {
        for number in 0..MAX_LINES + 2 {
            note(number as f64, format!("line {number}"));
        }
        let lines = lines();
        assert_eq!((lines.len(), lines[0].text.as_str()), (MAX_LINES, "line 2"));
    }
}
