//! The onsets that come next, listed a little ahead.
//!
//! Listing onsets means looking at every track. Doing it once for a window of many quanta costs a fraction of doing it for
//! each; as onsets depend on nothing but the program and the beat, the window changes nothing that is heard. A program swap or a
//! jump forgets the list.

use core::ops::Range;

use arrayvec::ArrayVec;
use score::Program;
use score::schedule::{Onset, schedule};
use score::time::{Beats, STEP};

/// How far ahead onsets are listed: a quarter of a step, 31 ms at 120 BPM.
const WINDOW: Beats = Beats(STEP.0 / 4);

/// Most onsets listed at once: many more notes than there are voices. Those past it are dropped.
const MAX_ONSETS: usize = 512;

/// Onsets in the order of time.
#[derive(Debug)]
pub(crate) struct Agenda {
    /// With their number as listed, which orders those of one moment.
    onsets: ArrayVec<(Onset, u32), MAX_ONSETS>,
    /// How many of them have been given.
    given: usize,
    /// All onsets before this beat are listed.
    listed_to: Beats,
}

impl Agenda {
    pub(crate) fn new() -> Self {
        Self { onsets: ArrayVec::new(), given: 0, listed_to: Beats(i64::MIN) }
    }

    /// Forgets what was listed: the program or the position has changed.
    pub(crate) fn forget(&mut self) {
        self.onsets.clear();
        self.given = 0;
        self.listed_to = Beats(i64::MIN);
    }

    /// The onsets within `beats`, which must follow on from the range before unless the agenda was told to forget.
    pub(crate) fn due(&mut self, program: &Program, beats: &Range<Beats>) -> impl Iterator<Item = &Onset> {
        if self.listed_to < beats.end {
            self.list(program, beats.start.max(self.listed_to)..beats.end + WINDOW);
        }
        let first = self.given;
        let due = self.onsets[first..].iter().take_while(|(onset, _)| onset.at < beats.end).count();
        self.given += due;
        self.onsets[first..self.given].iter().map(|(onset, _)| onset)
    }

    fn list(&mut self, program: &Program, range: Range<Beats>) {
        self.onsets.drain(..core::mem::take(&mut self.given));
        let mut number = self.onsets.last().map_or(0, |(_, number)| number + 1);
        self.listed_to = range.end;
        schedule(program, range, &mut |onset| {
            // Room is for more notes than can sound; one that finds none is dropped.
            let _ = self.onsets.try_push((onset, number));
            number += 1;
        });
        self.onsets.sort_unstable_by_key(|(onset, number)| (onset.at, *number));
    }
}
