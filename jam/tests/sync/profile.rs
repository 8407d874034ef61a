//! The paths and mishaps on which players are heard.

use view::Command;

use super::rig::{Rig, Spreads};
use super::stage::{FAR, LAN, MILLI, Path, SECOND, WAN, WIFI};

/// How the players' clocks are wrong, in parts per billion.
const CLOCKS: [i64; 5] = [-50_000, 100_000, -200_000, 37_000, 200_000];

/// What happens while everybody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    None,
    /// The player whose clock is followed leaves.
    ReferenceDies,
    /// A player sleeps for 20 s: the one whose clock is followed, or another.
    Sleeps {
        reference: bool,
    },
    /// Somebody sets the clock of a player: of the one whose clock is followed, or of another.
    ClockIsSet {
        reference: bool,
        by: i64,
    },
    /// Two jams that played apart meet.
    Islands,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Profile {
    pub name: &'static str,
    pub path: Path,
    pub mishap: Mishap,
    /// How the clocks are wrong, where not as everywhere.
    pub clocks: Option<[i64; 5]>,
    /// What 99 of 100 steps are to be within, in microseconds; `None` where nothing is promised.
    pub bar_micros: Option<f64>,
}

const fn profile(name: &'static str, path: Path, mishap: Mishap, bar_micros: f64) -> Profile {
    Profile { name, path, mishap, clocks: None, bar_micros: Some(bar_micros) }
}

pub const PROFILES: [Profile; 12] = [
    profile("lan", LAN, Mishap::None, 50.0),
    profile("wifi", WIFI, Mishap::None, 500.0),
    profile("wan", WAN, Mishap::None, 1_000.0),
    profile("far", FAR, Mishap::None, 2_000.0),
    Profile {
        clocks: Some([0, 100_000, 100_000, 0, 100_000]),
        ..profile("skew", WAN, Mishap::None, 1_000.0)
    },
    profile("suspend", WAN, Mishap::Sleeps { reference: false }, 2_000.0),
    profile("suspend reference", WAN, Mishap::Sleeps { reference: true }, 2_000.0),
    profile("step", WAN, Mishap::ClockIsSet { reference: false, by: 300 * MILLI }, 2_000.0),
    profile("step reference", WAN, Mishap::ClockIsSet { reference: true, by: -300 * MILLI }, 2_000.0),
    profile("noserver", WAN, Mishap::ReferenceDies, 2_000.0),
    profile("islands", WAN, Mishap::Islands, 2_000.0),
    Profile {
        bar_micros: None,
        ..profile("asym", Path { lean: 10 * MILLI, ..WAN }, Mishap::None, f64::INFINITY)
    },
];

/// What was heard.
pub struct Heard {
    pub spreads: Spreads,
    /// The most that one player sent in the last minute, in bytes a second: to read clocks, and all else but heartbeats.
    pub clock_bytes: u64,
    pub other_bytes: u64,
}

impl Profile {
    /// Has so many players (two at least) play together for so long.
    pub fn play(&self, seed: u64, count: usize, nanos: i64) -> Heard {
        let clocks = self.clocks.unwrap_or(CLOCKS);
        let mut rig = Rig::new(seed);
        rig.stage.players[0].ppb = clocks[0];
        // Whoever is followed may go: then there is one more.
        let count = count + usize::from(self.mishap == Mishap::ReferenceDies);
        for player in 1..count {
            rig.player(clocks[player % clocks.len()]);
        }
        if self.mishap == Mishap::Islands {
            return self.meet(rig, count, nanos);
        }
        rig.stage.mesh(self.path);
        rig.run(SECOND);
        rig.stage.command(0, Command::Play);
        let start = rig.stage.now + SECOND;
        let all: Vec<usize> = (0..count).collect();
        let spreads = match self.mishap {
            Mishap::Sleeps { reference } => {
                let sleeper = usize::from(!reference);
                let awake: Vec<usize> = all.iter().copied().filter(|player| *player != sleeper).collect();
                rig.run(nanos / 5);
                let slept = rig.stage.now;
                rig.suspend(sleeper, 20 * SECOND, &awake, self.path);
                let woken = rig.stage.now;
                rig.run(nanos - nanos / 5 - (woken - slept));
                let mut spreads = rig.spreads(&all, start, slept - SECOND);
                spreads.add(rig.spreads(&awake, slept, woken));
                spreads.add(rig.spreads(&all, woken + 2 * SECOND, rig.stage.now - SECOND));
                spreads
            }
            Mishap::ClockIsSet { reference, by } => {
                let moved = usize::from(!reference);
                let others: Vec<usize> = all.iter().copied().filter(|player| *player != moved).collect();
                rig.run(nanos / 5);
                let set = rig.stage.now;
                rig.stage.set_clock(moved, by);
                rig.run(nanos - nanos / 5);
                let mut spreads = rig.spreads(&all, start, set - SECOND);
                spreads.add(rig.spreads(&others, set, set + 2 * SECOND));
                spreads.add(rig.spreads(&all, set + 2 * SECOND, rig.stage.now - SECOND));
                spreads
            }
            Mishap::ReferenceDies => {
                rig.run(nanos / 5);
                rig.stage.leave(0);
                rig.run(nanos - nanos / 5);
                rig.spreads(&all[1..], start, rig.stage.now - SECOND)
            }
            _ => {
                rig.run(nanos);
                rig.spreads(&all, start, rig.stage.now - SECOND)
            }
        };
        heard(rig, spreads)
    }

    /// Two jams play apart, and meet.
    fn meet(&self, mut rig: Rig, count: usize, nanos: i64) -> Heard {
        let half = count.div_ceil(2);
        // All know the session first.
        rig.stage.mesh(self.path);
        rig.run(SECOND);
        for player in half..count {
            rig.stage.leave(player);
        }
        let within = |a: usize, b: usize| (a < half) == (b < half);
        let pairs = || (0..count).flat_map(move |a| (a + 1..count).map(move |b| (a, b)));
        for (a, b) in pairs().filter(|&(a, b)| a >= half && within(a, b)) {
            rig.stage.link(a, b, self.path);
        }
        rig.run(SECOND);
        rig.stage.command(0, Command::Play);
        rig.run(3_333 * MILLI);
        rig.stage.command(half, Command::Play);
        rig.run(nanos / 5);
        for (a, b) in pairs().filter(|&(a, b)| !within(a, b)) {
            rig.stage.link(a, b, self.path);
        }
        let met = rig.stage.now;
        rig.run(nanos - nanos / 5);
        let all: Vec<usize> = (0..count).collect();
        // The larger of them, or the one that stays, plays on as if nothing had been; the other jumps once.
        let spreads = rig.spreads(&all, met + 2 * SECOND, rig.stage.now - SECOND);
        heard(rig, spreads)
    }
}

/// Listens for another minute to how much is sent.
fn heard(mut rig: Rig, spreads: Spreads) -> Heard {
    for player in &mut rig.stage.players {
        (player.clock_bytes, player.other_bytes) = (0, 0);
    }
    rig.stage.run(60 * SECOND);
    let most =
        |of: fn(&super::stage::Player) -> u64| rig.stage.players.iter().map(of).max().unwrap_or(0) / 60;
    Heard {
        spreads,
        clock_bytes: most(|player| player.clock_bytes),
        other_bytes: most(|player| player.other_bytes),
    }
}
