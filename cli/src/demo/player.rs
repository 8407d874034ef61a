//! One of the demo's players: a whole peer with a home of its own.

use std::sync::Arc;

use anyhow::Context as _;
use crdt_model::exchange::write_session_json;
use peer::clock::HostClock;
use peer::session::{SessionHandle, Subscription};
use score::{PlayerKey, ScorePatch, TrackId};
use tokio::sync::broadcast::error::TryRecvError;
use view::{Command, View, ViewPatch};

use super::hands::Hands;
use crate::failure::Outcome;
use crate::words::{self, BroughtFiles, Context};

/// A step that somebody has just edited, and who.
pub(super) type Edited = (PlayerKey, TrackId, u16);

/// A player with an open session.
pub(super) struct Player {
    pub(super) name: &'static str,
    pub(super) handle: SessionHandle,
    pub(super) view: View,
    /// The player's last edit, in words.
    pub(super) act: String,
    pub(super) edits: usize,
    /// The hash of the player's replica, in hexadecimal digits.
    pub(super) hash: String,
    patches: tokio::sync::broadcast::Receiver<Arc<ViewPatch>>,
    hands: Hands,
}

impl Player {
    /// Takes a seat at an open session.
    pub(super) async fn at(handle: SessionHandle, name: &'static str, seed: u64) -> Outcome<Self> {
        handle.command(Command::Rename(name.to_owned())).await?;
        let (view, patches) = handle.subscribe().await?;
        let hash = hash_of(&view);
        let hands = Hands::new(seed);
        Ok(Self { name, handle, view, act: String::new(), edits: 0, hash, patches, hands })
    }

    /// Who this is.
    pub(super) fn key(&self) -> Option<PlayerKey> {
        self.view.players.iter().find(|player| player.me).map(|player| player.key)
    }

    /// Makes the next edit.
    pub(super) async fn act(&mut self) -> Outcome {
        let Some(text) = self.hands.next(&self.view.score) else { return Ok(()) };
        let edits = words::split(std::slice::from_ref(&format!("{text};")))?;
        let mut random = || getrandom::u64().unwrap_or_default();
        let mut context = Context {
            score: &self.view.score,
            me: self.key().context("a player sits at the session")?,
            now: HostClock::calendar(),
            random: &mut random,
            scene: self.view.score.first_scene(),
            samples: &BroughtFiles::new(),
        };
        // The other one may have changed what this edit stands on, in the moment between looking and doing: then it is
        // skipped, as a player's hand would stop.
        let Some(command) = edits.first().and_then(|edit| words::parse(edit, &mut context).ok()) else {
            return Ok(());
        };
        self.act = text;
        if self.handle.command(command).await.is_ok() {
            self.edits += 1;
        }
        Ok(())
    }

    /// Brings the view up to date; returns the steps that were edited.
    pub(super) async fn look(&mut self) -> Outcome<Vec<Edited>> {
        let mut edited = Vec::new();
        let mut is_changed = false;
        loop {
            match self.patches.try_recv() {
                Ok(patch) => {
                    is_changed |= matches!(*patch, ViewPatch::Score { .. } | ViewPatch::Reset(_));
                    edited.extend(steps(&patch));
                    self.view.apply((*patch).clone());
                }
                Err(TryRecvError::Lagged(_)) => {
                    let (view, patches): Subscription = self.handle.subscribe().await?;
                    (self.view, self.patches, is_changed) = (view, patches, true);
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if is_changed {
            self.hash = hash_of(&self.view);
        }
        Ok(edited)
    }

    /// The way to the other player, in words.
    pub(super) fn link(&self) -> String {
        let Some(link) = self.view.connection.links.first() else { return "alone".to_owned() };
        let path = match link.path {
            view::LinkPath::Direct => "direct",
            view::LinkPath::Relayed => "relayed",
            view::LinkPath::Server => "by server",
        };
        match link.round_trip_micros {
            Some(micros) => format!("{path} {:.1} ms", f64::from(micros) / 1000.0),
            None => path.to_owned(),
        }
    }
}

/// The hash of the shared state: equal replicas have equal ones.
fn hash_of(view: &View) -> String {
    blake3::hash(write_session_json(Some(view.session), &view.score).as_bytes()).to_hex().to_string()
}

fn steps(patch: &ViewPatch) -> Vec<Edited> {
    let ViewPatch::Score { by, changes } = patch else { return Vec::new() };
    let step = |change: &ScorePatch| match change {
        ScorePatch::Step(at, number, _) => Some((*by, at.track, *number)),
        _ => None,
    };
    changes.iter().filter_map(step).collect()
}
