//! Carrying out what a peer asks for.

use std::sync::Arc;

use jam::{Effect, Event, Ticket};
use view::ViewPatch;

use super::network::{MILLI, SECOND};
use super::node::Node;
use super::script::Action;
use super::world::{Future, Topology, World};

impl World {
    /// Tells a peer what happened. Returns the ticket of the last thing that it wrote.
    pub(super) fn handle(&mut self, node: usize, event: Event) -> Option<Ticket> {
        let local = self.nodes[node].local(self.now);
        self.nodes[node].jam.as_mut()?.handle(local, event);
        let written = self.drain(node);
        self.note_acknowledged(node);
        written
    }

    /// Where an honest server alone acknowledges, what counts as acknowledged is safe whatever befalls its author.
    fn note_acknowledged(&mut self, node: usize) {
        let Node { view, marks, .. } = &mut self.nodes[node];
        let none_open = view.as_ref().is_some_and(|view| view.connection.unacknowledged == 0);
        if self.topology == Topology::Star && none_open {
            for mark in marks {
                mark.acknowledged = true;
            }
        }
    }

    pub(super) fn drain(&mut self, node: usize) -> Option<Ticket> {
        let mut written = None;
        while let Some(effect) = self.nodes[node].jam.as_mut().and_then(jam::Jam::next_effect) {
            match effect {
                Effect::Send { link, frame } | Effect::Datagram { link, frame, .. } => {
                    self.send(node, link.0, frame);
                }
                Effect::Close { link, retry_after_millis, .. } => {
                    self.close(node, link.0, retry_after_millis);
                }
                Effect::Pause { link, until } => {
                    let until = until.0 - self.nodes[node].clock_offset;
                    if let Some(link) = self.network.links.get_mut(&link.0) {
                        let side = link.side(node);
                        link.paused_until[side] = until;
                    }
                }
                Effect::Store { ticket, entries } => {
                    written = Some(ticket);
                    self.store(node, ticket, entries);
                }
                Effect::Patch(patch) => self.show(node, *patch),
                Effect::Program(_) => self.nodes[node].programs += 1,
                Effect::Refused { link, reason } => self.refused(node, link.0, &reason),
                Effect::Reply { .. }
                | Effect::KnownPeers(_)
                | Effect::Transport(_)
                | Effect::ArchiveWanted { .. } => {}
            }
        }
        self.plan_tick(node);
        written
    }

    pub(super) fn plan_tick(&mut self, node: usize) {
        let Some(deadline) = self.nodes[node].jam.as_ref().and_then(jam::Jam::next_deadline) else { return };
        let at = (deadline.0 - self.nodes[node].clock_offset).max(self.now);
        if self.nodes[node].tick_at.is_none_or(|planned| at < planned || planned < self.now) {
            self.nodes[node].tick_at = Some(at);
            self.at(at, Future::Tick { node });
        }
    }

    pub(super) fn store(&mut self, node: usize, ticket: Ticket, entries: Vec<jam::Entry>) {
        if self.nodes[node].doomed && !self.nodes[node].server && entries.len() > 1 {
            self.nodes[node].doomed = false;
            self.at(self.now, Future::Script(Action::Crash { node, silent: false }));
            self.at(self.now + 3 * SECOND, Future::Script(Action::Restart(node)));
        }
        self.nodes[node].disk.written.push_back((ticket, entries));
        let opening = self.nodes[node].opening;
        let at = self.now + self.random.between(1, 40) * MILLI;
        self.at(at, Future::Synced { node, opening, upto: ticket });
    }

    pub(super) fn show(&mut self, node: usize, patch: ViewPatch) {
        match (&mut self.nodes[node].view, patch) {
            (Some(view), patch) => view.apply(patch),
            (view @ None, ViewPatch::Reset(whole)) => *view = Some(*whole),
            (None, patch) => panic!("{}: {patch:?} before the view", self.replay()),
        }
    }

    pub(super) fn send(&mut self, from: usize, id: u64, frame: Arc<[u8]>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let to = link.ends[1 - link.side(from)];
        if link.dead {
            return;
        }
        let frames = match &mut self.nodes[from].sabotage {
            Some(sabotage) => sabotage.spoil(frame, &mut self.random),
            None => vec![frame],
        };
        for frame in frames {
            self.frames += 1;
            if self.nodes[from].honest && self.nodes[to].honest {
                *self.traffic.bytes.entry(id).or_default() += frame.len() as u64 + 4;
                let is_change = frame.first() == Some(&(jam::wire::Kind::Change as u8));
                *self.traffic.changes.entry(id).or_default() += u64::from(is_change);
            }
            let Some(link) = self.network.links.get_mut(&id) else { return };
            let side = link.side(to);
            let at = link.arrival(side, self.now, &mut self.random);
            self.at(at, Future::Frame { link: id, to, frame });
        }
    }

    /// A peer closes a link: the other end notices after all that was sent.
    pub(super) fn close(&mut self, node: usize, id: u64, retry_after_millis: Option<u32>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let other = link.ends[1 - link.side(node)];
        let side = link.side(other);
        if link.up[side] {
            let at = link.arrival(side, self.now, &mut self.random) + 1;
            self.at(at, Future::LinkDown { link: id, node: other });
        }
        self.given_up(id, node, retry_after_millis);
    }

    pub(super) fn refused(&self, node: usize, id: u64, reason: &str) {
        let Some(link) = self.network.links.get(&id) else { return };
        if link.ends.iter().all(|&end| self.nodes[end].honest) {
            panic!("{}: honest peer {node} refused what an honest one sent: {reason}", self.replay());
        }
    }
}
