//! Those who wait until something is safe.

use jam::Ticket;
use score::id::PlayerKey;
use tokio::sync::oneshot;

use super::SessionError;

/// Open questions to a session.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    saved: Vec<(Ticket, oneshot::Sender<Result<(), SessionError>>)>,
    synced: Vec<oneshot::Sender<()>>,
    agreed: Vec<(PlayerKey, oneshot::Sender<()>)>,
}

impl Waiting {
    /// Somebody waits until everything up to `ticket` is durable.
    pub(super) fn for_saved(&mut self, ticket: Ticket, answer: oneshot::Sender<Result<(), SessionError>>) {
        self.saved.push((ticket, answer));
    }

    /// Somebody waits until a peer has all that is here, and the other way round.
    pub(super) fn for_synced(&mut self, answer: oneshot::Sender<()>) {
        self.synced.retain(|answer| !answer.is_closed());
        self.synced.push(answer);
    }

    /// Somebody waits until one peer holds what is here.
    pub(super) fn for_agreed(&mut self, with: PlayerKey, answer: oneshot::Sender<()>) {
        self.agreed.retain(|(_, answer)| !answer.is_closed());
        self.agreed.push((with, answer));
    }

    /// Answers those whose peer `agrees`.
    pub(super) fn agreed(&mut self, agrees: impl Fn(&PlayerKey) -> bool) {
        for (_, answer) in self.agreed.extract_if(.., |(peer, _)| agrees(peer)) {
            answer.send(()).ok();
        }
    }

    /// The disk has come as far as `durable`, or refuses.
    pub(super) fn saved(&mut self, durable: Ticket, trouble: Option<&str>) {
        let answer = |(ticket, answer): (Ticket, oneshot::Sender<Result<(), SessionError>>)| {
            if ticket <= durable {
                answer.send(Ok(())).ok();
                return None;
            }
            match trouble {
                Some(trouble) => {
                    answer.send(Err(SessionError::NotSaved(trouble.to_owned()))).ok();
                    None
                }
                None => Some((ticket, answer)),
            }
        };
        self.saved = std::mem::take(&mut self.saved).into_iter().filter_map(answer).collect();
    }

    /// Whether somebody waits for a peer.
    pub(super) fn wants_sync(&self) -> bool {
        !self.synced.is_empty()
    }

    /// A peer has everything.
    pub(super) fn synced(&mut self) {
        for answer in self.synced.drain(..) {
            answer.send(()).ok();
        }
    }
}
