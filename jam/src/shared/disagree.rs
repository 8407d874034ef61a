//! Who is wrong where clocks of one epoch disagree.
//!
//! A machine that slept, or whose clock was set, has a shared time that is far from everybody else's, and nothing tells it so but
//! the others. It must not lead them astray, above all not back: whoever disagrees with most gives way. Of two alone the one who is
//! behind does, for a machine that sleeps falls behind; and everybody gives way to a server, which never sleeps.

use std::collections::BTreeSet;

use score::LocalTime;
use view::Role;

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::MAX_SLEWED_NANOS;

/// The links whose shared time is far from ours, though it is the same epoch.
#[derive(Debug, Default)]
pub(super) struct Disagreeing {
    pub(super) links: BTreeSet<LinkId>,
    /// Whether we are to follow one of them, rather than none.
    pub(super) we_are_wrong: bool,
}

impl Jam {
    pub(super) fn disagreeing(&self, now: LocalTime) -> Disagreeing {
        let Some(shared) = &self.shared else { return Disagreeing::default() };
        let mut links = BTreeSet::new();
        let (mut all, mut all_ahead, mut server) = (0, true, false);
        for (id, link) in self.ready_links() {
            let same = link.shared.as_ref().is_some_and(|theirs| theirs.epoch == shared.epoch);
            if !same || link.clock.usable(now).is_none() {
                continue;
            }
            let Some((_, line)) = self.line_through(id, now) else { continue };
            all += 1;
            let behind = shared.steered.behind(&line, now);
            if behind.saturating_abs() > MAX_SLEWED_NANOS {
                links.insert(id);
                all_ahead &= behind > 0;
                server |= link.remote.as_ref().is_some_and(|remote| remote.role == Role::Archive);
            }
        }
        let we_are_wrong = match (links.len(), all) {
            (0, _) => false,
            (1, 1) => server || all_ahead,
            (disagreeing, all) => 2 * disagreeing > all,
        };
        Disagreeing { links, we_are_wrong }
    }
}
