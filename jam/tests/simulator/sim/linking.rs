//! How links begin, carry frames, and die.

use std::sync::Arc;

use jam::{Event, LinkId};
use view::LinkPath;

use super::network::MILLI;
use super::world::{Future, World};

impl World {
    /// A link dies. Both ends notice soon, or, if it dies in silence, only by hearing nothing.
    pub(super) fn kill_pair(&mut self, a: usize, b: usize, silent: bool) {
        let Some(&id) = self.network.pairs.get(&(a, b)) else { return };
        let Some(link) = self.network.links.get_mut(&id) else { return };
        link.dead = true;
        if !silent {
            for node in [a, b] {
                let at = self.now + self.random.between(0, 300) * MILLI;
                self.at(at, Future::LinkDown { link: id, node });
            }
        }
    }

    pub(super) fn link_down(&mut self, id: u64, node: usize) {
        let Some(link) = self.network.links.get(&id) else { return };
        if link.up[link.side(node)] {
            self.handle(node, Event::LinkDown { link: LinkId(id) });
            self.given_up(id, node, None);
        }
    }

    /// One end has given a link up. When both have, they try again after a while.
    pub(super) fn given_up(&mut self, id: u64, node: usize, retry_after_millis: Option<u32>) {
        let Some(link) = self.network.links.get_mut(&id) else { return };
        let side = link.side(node);
        link.up[side] = false;
        if let Some([a, b]) = self.network.forget(id) {
            let pause =
                self.random.between(500, 3_000).max(i64::from(retry_after_millis.unwrap_or(0))) * MILLI;
            self.at(self.now + pause, Future::Dial(a, b));
        }
    }

    pub(super) fn dial(&mut self, a: usize, b: usize) {
        if self.network.pairs.contains_key(&(a, b)) {
            return;
        }
        let down = self.nodes[a].jam.is_none() || self.nodes[b].jam.is_none();
        if down || self.network.is_cut(a, b) {
            let at = self.now + self.random.between(500, 3_000) * MILLI;
            return self.at(at, Future::Dial(a, b));
        }
        let id = self.network.connect(a, b, &mut self.random);
        for (node, other) in [(a, b), (b, a)] {
            let key = self.nodes[other].key();
            self.handle(node, Event::LinkUp { link: LinkId(id), key, path: LinkPath::Direct });
        }
    }

    pub(super) fn deliver(&mut self, id: u64, to: usize, frame: Arc<[u8]>) {
        let Some(link) = self.network.links.get(&id) else { return };
        let side = link.side(to);
        if link.dead || !link.up[side] {
            return;
        }
        let resume = link.paused_until[side];
        if resume > self.now {
            return self.at(resume, Future::Frame { link: id, to, frame });
        }
        self.handle(to, Event::Frame { link: LinkId(id), bytes: frame.to_vec() });
    }
}
