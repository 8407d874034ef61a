//! Links between every two peers, and what befalls them.

use std::collections::BTreeMap;

use super::random::Random;

pub const MILLI: i64 = 1_000_000;
pub const SECOND: i64 = 1_000_000_000;

/// One link, from its opening until both ends have given it up.
#[derive(Debug)]
pub struct Link {
    pub ends: [usize; 2],
    /// Which ends still think that it is there.
    pub up: [bool; 2],
    /// Nothing passes any more.
    pub dead: bool,
    latency: i64,
    jitter: i64,
    /// When the last frame to each end arrives; later ones do not overtake it.
    arrives: [i64; 2],
    /// Until when each end reads nothing.
    pub paused_until: [i64; 2],
}

impl Link {
    pub fn side(&self, node: usize) -> usize {
        usize::from(self.ends[1] == node)
    }

    /// When a frame that is sent to `side` arrives.
    pub fn arrival(&mut self, side: usize, now: i64, random: &mut Random) -> i64 {
        let arrival = now + self.latency + random.between(0, self.jitter);
        self.arrives[side] = self.arrives[side].max(arrival);
        self.arrives[side]
    }
}

#[derive(Debug, Default)]
pub struct Network {
    pub links: BTreeMap<u64, Link>,
    /// The link between two peers, the lower number first.
    pub pairs: BTreeMap<(usize, usize), u64>,
    next: u64,
    /// Who is on the other side of a cut: bits by peer.
    pub partition: u64,
}

impl Network {
    pub fn is_cut(&self, a: usize, b: usize) -> bool {
        (self.partition >> a) & 1 != (self.partition >> b) & 1
    }

    pub fn connect(&mut self, a: usize, b: usize, random: &mut Random) -> u64 {
        self.next += 1;
        let (latency, jitter) = (random.between(0, 120) * MILLI + 1, random.between(1, 60) * MILLI);
        let link = Link {
            ends: [a, b],
            up: [true; 2],
            dead: false,
            latency,
            jitter,
            arrives: [0; 2],
            paused_until: [i64::MIN; 2],
        };
        self.links.insert(self.next, link);
        self.pairs.insert((a, b), self.next);
        self.next
    }

    /// Takes a link away that both ends have given up. Returns its ends if it is gone.
    pub fn forget(&mut self, id: u64) -> Option<[usize; 2]> {
        let ends = self.links.get(&id).filter(|link| link.up == [false; 2]).map(|link| link.ends)?;
        self.links.remove(&id);
        self.pairs.remove(&(ends[0], ends[1]));
        Some(ends)
    }
}
