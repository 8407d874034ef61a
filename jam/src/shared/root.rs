//! Whose clock is followed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use score::{LocalTime, PlayerKey, SharedTime};
use view::Role;

use super::{Correction, Line, SharedClock};
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{JOINING_NANOS, MAX_CLOCK_HOPS, MAX_UNSTEERED_NANOS, STEER_NANOS};
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
        let root = Root { since: SharedTime(0), key: self.config.key };
        self.shared = Some(SharedClock::new(u64::from_le_bytes(self.random.bytes()), root, line, now));
    }

    /// Looks again at whom to follow, and steers.
    pub(crate) fn keep_shared_time(&mut self, now: LocalTime) {
        self.meet_epochs(now);
        self.choose_root(now);
        self.steer(now);
        self.show_shared_time(now);
    }

    fn show_shared_time(&mut self, now: LocalTime) {
        let Some(parent) = self.shared.as_ref().map(|shared| shared.parent) else { return };
        let path = parent.and_then(|id| self.links.get(&id)?.shared.as_ref().map(|theirs| &theirs.path));
        let (root, hops) = path.map_or((None, 0), |path| (path.first().copied(), path.len()));
        if let Some(shared) = &mut self.shared {
            shared.note_shown(now, root, hops);
        }
    }

    /// Takes over the epoch of a link, where we have none or a lesser one.
    fn meet_epochs(&mut self, now: LocalTime) {
        let ours = self.shared.as_ref().map(|shared| (self.epoch_players(), Reverse(shared.epoch)));
        let epoch = self.shared.as_ref().map(|shared| shared.epoch);
        let stronger = |(id, link): (LinkId, &Link)| {
            link.clock.usable(now)?;
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
        let taken = SharedClock::new(theirs.epoch, theirs.root, target, now);
        self.shared =
            Some(SharedClock { parent: Some(id), uncertainty_micros: theirs.uncertainty_micros, ..taken });
        let moved = before.map(|before| target.shared.nanos_since(before));
        self.epoch_changed(now, moved);
    }

    /// What the other end of a link says of shared time, and what that is by our clock.
    pub(super) fn line_through(&self, id: LinkId, now: LocalTime) -> Option<(SharedClockState, Line)> {
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
        let disagreeing = self.disagreeing(now);
        let Some(shared) = &self.shared else { return };
        let me = self.config.key;
        let is_root = shared.parent.is_none();
        let candidate = |(id, link): (LinkId, &Link)| {
            let theirs = link.shared.as_ref().filter(|theirs| theirs.epoch == shared.epoch)?;
            let fits = link.clock.usable(now).is_some() && theirs.path.len() < MAX_CLOCK_HOPS;
            let leads_back = theirs.path.contains(&me) || theirs.root.key == me;
            let agrees = !disagreeing.links.contains(&id);
            let better = if disagreeing.we_are_wrong {
                !agrees
            } else {
                agrees && (!is_root || theirs.root < shared.root)
            };
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
        let before = shared.parent;
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
        if let Some(parent) = shared.parent
            && before != Some(parent)
        {
            let need = self.need_of(parent);
            if let Some(link) = self.links.get_mut(&parent) {
                link.clock.needed(need);
            }
        }
    }

    pub(crate) fn steer(&mut self, now: LocalTime) {
        let Some(shared) = &mut self.shared else { return };
        // Before a start nothing plays either, neither by what shared time is nor by what it should be.
        let silent = |at| self.timeline.segments.tempo_at(at).is_none();
        let stands =
            !self.timeline.is_playing() || (silent(shared.now(now)) && silent(shared.target.shared_at(now)));
        let correction = if stands {
            Correction::Jump
        } else if now.nanos_since(shared.joined) < JOINING_NANOS {
            Correction::Joining
        } else {
            Correction::Playing
        };
        let due = shared.steered.due().is_some_and(|due| due <= now);
        let off = |at| shared.steered.behind(&shared.target, at).saturating_abs();
        let aims_elsewhere = shared.steered.due().is_none()
            && off(now).max(off(now.plus_nanos(STEER_NANOS))) > MAX_UNSTEERED_NANOS;
        if due || aims_elsewhere {
            shared.steered.towards(&shared.target, now, correction);
        }
    }
}
