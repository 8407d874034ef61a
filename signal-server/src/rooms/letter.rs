//! What others want of a room.

use std::sync::Arc;

use crdt_model::Checkpoint;
use crdt_model::trust::{ChangeHash, SessionOrigin};
use jam::wire::Parting;
use score::Score;
use tokio::sync::oneshot;
use view::Command;

use super::RoomError;
use crate::carriers::NewLink;

/// Where the answer to a letter goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, RoomError>>;

/// A letter to a room.
#[derive(Debug)]
pub(super) enum Letter {
    /// A link wants to take part.
    Link { link: Box<NewLink>, answer: Reply<()> },
    /// What does the session hold?
    State { answer: Reply<State> },
    /// Carry out a command, and answer when it is durable.
    Command { command: Command, answer: Reply<()> },
    /// Say farewell, save and close.
    Leave(Parting),
}

impl Letter {
    /// Tells the writer that the session cannot be opened.
    pub(super) fn refuse(self, error: RoomError) {
        // Whoever has gone away meanwhile needs no answer.
        match self {
            Self::Link { answer, .. } | Self::Command { answer, .. } => {
                answer.send(Err(error)).ok();
            }
            Self::State { answer } => {
                answer.send(Err(error)).ok();
            }
            Self::Leave(_) => {}
        }
    }
}

/// What a session holds at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Who founded it, and with which nonce.
    pub origin: SessionOrigin,
    /// What its document ends at.
    pub heads: Vec<ChangeHash>,
    /// The music.
    pub score: Arc<Score>,
}

impl State {
    /// The state that a picture shows, if it is one and shows all.
    pub(super) fn of_picture(bytes: &[u8]) -> Option<Self> {
        let checkpoint = Checkpoint::read(bytes).ok().filter(|checkpoint| checkpoint.is_whole)?;
        let Checkpoint { origin, heads, score, .. } = checkpoint;
        Some(Self { origin, heads, score: Arc::new(score) })
    }
}
