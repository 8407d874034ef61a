//! Whose clock is followed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use score::{LocalTime, PlayerKey, SharedTime};
use view::Role;

use super::{Line, SharedClock, Steered};
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::MAX_CLOCK_HOPS;
use crate::link::Link;
use crate::wire::{Root, SharedClockState};

impl Jam {
    /// Shared time at a moment of this machine's clock; `None` before anybody played.
    pub fn shared_time(&self, now: LocalTime) -> Option<SharedTime> {
        self.shared.as_ref().map(|shared| shared.now(now))
    }

    /// Begins a shared time, where there is none.
    pub(crate) fn found_epoch(&mut self, now: LocalTime) {
        if self.shared.is_some() {
            return;
        }
        self.clock_news = true;
        let line = Line { local: now, shared: SharedTime(0), rate_ppt: 0 };
        self.shared = Some(SharedClock {
            epoch: u64::from_le_bytes(self.random.bytes()),
            root: Root { since: SharedTime(0), key: self.config.key },
            parent: None,
            target: line,
            steered: Steered::at(line),
            uncertainty_micros: 0,
        });
    }

    /// Looks again at whom to follow, and steers.
    pub(crate) fn keep_shared_time(&mut self, now: LocalTime) {
        self.meet_epochs(now);
        self.choose_root(now);
        self.steer(now, false);
    }

    /// Takes over the epoch of a link, where we have none or a lesser one.
    fn meet_epochs(&mut self, now: LocalTime) {
        let ours = self.shared.as_ref().map(|shared| (self.epoch_players(), Reverse(shared.epoch)));
        let epoch = self.shared.as_ref().map(|shared| shared.epoch);
        let stronger = |(id, link): (LinkId, &Link)| {
            link.clock.fit()?;
            let theirs = link.shared.as_ref().filter(|theirs| Some(theirs.epoch) != epoch)?;
            let weight = (theirs.players, Reverse(theirs.epoch));
            ours.is_none_or(|ours| weight > ours).then_some((weight, id))
        };
        let Some((_, id)) = self.ready_links().filter_map(stronger).max() else { return };
        self.adopt_epoch(now, id);
    }

    fn adopt_epoch(&mut self, now: LocalTime, id: LinkId) {
        let Some((theirs, target)) = self.line_through(id, now) else { return };
        let before = self.shared_time(now);
        self.shared = Some(SharedClock {
            epoch: theirs.epoch,
            root: theirs.root,
            parent: Some(id),
            target,
            steered: Steered::at(target),
            uncertainty_micros: theirs.uncertainty_micros,
        });
        let moved = before.map(|before| target.shared.nanos_since(before));
        self.epoch_changed(now, moved);
    }

    /// What the other end of a link says of shared time, and what that is by our clock.
    fn line_through(&self, id: LinkId, now: LocalTime) -> Option<(SharedClockState, Line)> {
        let link = self.links.get(&id)?;
        let theirs = link.shared.clone()?;
        let line = theirs.line.bounded().by_our_clock(link.clock.fit()?, now);
        Some((theirs, line))
    }

    /// Players who share our time, ourselves included.
    pub(crate) fn epoch_players(&self) -> u16 {
        let Some(shared) = &self.shared else { return 0 };
        let in_epoch = |link: &&Link| link.shared.as_ref().is_some_and(|theirs| theirs.epoch == shared.epoch);
        let is_server = |link: &Link| link.remote.as_ref().is_some_and(|remote| remote.role == Role::Archive);
        let links = || self.ready_links().map(|(_, link)| link).filter(in_epoch);
        let linked: BTreeSet<PlayerKey> =
            links().filter(|link| !is_server(link)).map(|link| link.key).collect();
        let own = linked.len() + usize::from(self.config.role != Role::Archive);
        let told_by_server =
            links().filter(|link| is_server(link)).filter_map(|link| Some(link.shared.as_ref()?.players));
        told_by_server.fold(u16::try_from(own).unwrap_or(u16::MAX), u16::max)
    }

    /// Follows the link on the shortest way to the oldest root, or is the root where nobody else can be.
    fn choose_root(&mut self, now: LocalTime) {
        let Some(shared) = &self.shared else { return };
        let me = self.config.key;
        let is_root = shared.parent.is_none();
        let candidate = |(id, link): (LinkId, &Link)| {
            let theirs = link.shared.as_ref().filter(|theirs| theirs.epoch == shared.epoch)?;
            let fits = link.clock.fit().is_some() && theirs.path.len() < MAX_CLOCK_HOPS;
            let leads_back = theirs.path.contains(&me) || theirs.root.key == me;
            let better = !is_root || theirs.root < shared.root;
            // A link that is followed stays followed while it is as good as another.
            let rank = (theirs.root, theirs.path.len(), shared.parent != Some(id), id);
            (fits && !leads_back && better).then_some(rank)
        };
        let best = self.ready_links().filter_map(candidate).min();
        let followed = best.and_then(|(.., id)| {
            let uncertainty = self.links.get(&id)?.clock.uncertainty_micros(now)?;
            Some((id, uncertainty, self.line_through(id, now)?))
        });
        let Some(shared) = &mut self.shared else { return };
        match followed {
            Some((id, uncertainty, (theirs, line))) => {
                shared.root = theirs.root;
                shared.parent = Some(id);
                shared.target = line;
                shared.uncertainty_micros = theirs.uncertainty_micros.saturating_add(uncertainty);
            }
            None if !is_root => {
                shared.parent = None;
                shared.root = Root { since: shared.now(now), key: me };
            }
            None => {}
        }
    }

    pub(crate) fn steer(&mut self, now: LocalTime, may_jump: bool) {
        let may_jump = may_jump || !self.timeline.is_playing();
        let Some(shared) = &mut self.shared else { return };
        let due = shared.steered.due().is_some_and(|due| due <= now);
        let aims_elsewhere = {
            let later = now.plus_nanos(crate::limits::STEER_NANOS);
            let off = |at| shared.target.shared_at(at).nanos_since(shared.steered.now(at)).saturating_abs();
            shared.steered.due().is_none()
                && (off(now) > crate::limits::MAX_UNSTEERED_NANOS
                    || off(later) > crate::limits::MAX_UNSTEERED_NANOS)
        };
        if due || aims_elsewhere {
            shared.steered.towards(&shared.target, now, may_jump);
        }
    }
}
