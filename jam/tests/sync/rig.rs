//! Players who are heard: a stage, an ear for each, and what became of every step.

use score::edit::{PatternEdit, PatternRef};
use score::{Edit, TrackId};
use view::Command;

use super::ear::Ear;
use super::stage::{MILLI, SECOND, Stage};

/// Between two steps that sound, at 120 beats a minute: every other sixteenth.
pub const INTERVAL: i64 = 250 * MILLI;
/// How fast the players' cards run, in parts per billion.
const CARDS: [i64; 8] = [0, 40_000, -70_000, 15_000, 90_000, -25_000, 60_000, -90_000];

pub struct Rig {
    pub stage: Stage,
    pub ears: Vec<Ear>,
}

impl Rig {
    /// A session with one track whose every other step sounds, and its founder.
    pub fn new(seed: u64) -> Self {
        let mut stage = Stage::new(seed);
        let id = TrackId::from_random(5);
        let track = Edit::AddTrack { id, instrument: "rim".into(), name: "Rim".into() };
        stage.command(0, Command::Edit(track));
        let scene = *stage.players[0].jam.session().score().scenes.keys().next().unwrap();
        let steps = (0..16).step_by(2).map(|step| {
            Edit::Pattern(PatternRef { track: id, scene }, PatternEdit::SetStep { step, on: true })
        });
        stage.command(0, Command::Edit(Edit::All(steps.collect())));
        let mut rig = Self { stage, ears: Vec::new() };
        rig.listen(0);
        rig
    }

    /// Another player, whose clock is wrong by that much.
    pub fn player(&mut self, ppb: i64) -> usize {
        let player = self.stage.player(ppb);
        self.listen(player);
        player
    }

    fn listen(&mut self, player: usize) {
        self.ears.push(Ear::new(player, CARDS[player % CARDS.len()], self.stage.now));
    }

    pub fn run(&mut self, nanos: i64) {
        let end = self.stage.now + nanos;
        while self.stage.now < end {
            self.stage.run(MILLI.min(end - self.stage.now));
            for ear in &mut self.ears {
                ear.play(&self.stage);
            }
        }
    }

    /// A machine sleeps, others go on; it links again within a second of waking.
    pub fn suspend(&mut self, player: usize, nanos: i64, others: &[usize], path: super::stage::Path) {
        self.stage.suspend(player);
        let end = self.stage.now + nanos;
        while self.stage.now < end {
            self.stage.run(MILLI);
            for (index, ear) in self.ears.iter_mut().enumerate() {
                if index != player {
                    ear.play(&self.stage);
                }
            }
        }
        self.ears[player].slept(nanos);
        self.stage.wake(player);
        self.run(SECOND / 2);
        for &other in others {
            if !self.stage.are_linked(player, other) {
                self.stage.link(player, other, path);
            }
        }
    }

    /// How far apart these players' onsets are, step by step, between two moments, in nanoseconds; and how many steps were not
    /// heard exactly once by each.
    pub fn spreads(&self, players: &[usize], from: i64, to: i64) -> Spreads {
        let within = |player: usize| {
            let onsets = &self.ears[player].onsets;
            let first = onsets.partition_point(|at| *at < from - INTERVAL / 2);
            let end = onsets.partition_point(|at| *at < to + INTERVAL / 2);
            &onsets[first..end]
        };
        let mut spreads = Spreads::default();
        let Some((&leader, others)) = players.split_first() else { return spreads };
        for &at in within(leader).iter().filter(|at| (from..to).contains(*at)) {
            let (mut least, mut most, mut once) = (at, at, true);
            for &other in others {
                let near: Vec<i64> =
                    within(other).iter().copied().filter(|heard| (heard - at).abs() < INTERVAL / 2).collect();
                once &= near.len() == 1;
                least = near.iter().copied().fold(least, i64::min);
                most = near.iter().copied().fold(most, i64::max);
            }
            spreads.missed += usize::from(!once);
            spreads.nanos.push(most - least);
        }
        for &player in players {
            let onsets = within(player);
            let gaps = onsets.windows(2).map(|pair| pair[1] - pair[0]);
            spreads.missed += gaps.filter(|gap| (gap - INTERVAL).abs() > INTERVAL / 4).count();
        }
        spreads
    }
}

/// How far apart the same step was heard.
#[derive(Clone, Debug, Default)]
pub struct Spreads {
    pub nanos: Vec<i64>,
    /// Steps that somebody did not hear, or heard twice, or heard out of time.
    pub missed: usize,
}

impl Spreads {
    pub fn add(&mut self, other: Self) {
        self.nanos.extend(other.nanos);
        self.missed += other.missed;
    }

    /// What so many percent do not exceed, in microseconds.
    pub fn micros(&self, percent: usize) -> f64 {
        let mut nanos = self.nanos.clone();
        nanos.sort_unstable();
        let place = (nanos.len() * percent).div_ceil(100).clamp(1, nanos.len().max(1));
        nanos.get(place - 1).map_or(f64::NAN, |nanos| *nanos as f64 / 1_000.0)
    }
}
