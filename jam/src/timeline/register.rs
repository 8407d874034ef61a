//! The timeline as it is written, signed and told.

use crdt_model::trust::{Identity, Signature, verify};
use score::{Beats, PlayerKey, SessionId, SharedTime, Tempo};
use serde::{Deserialize, Serialize};

/// What everybody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The shared time that this is in.
    pub epoch: u64,
    /// Whether the session plays.
    pub state: State,
    /// Where the music is at `time_origin`; where it stands, if it does not play.
    pub beat_origin: Beats,
    /// When that is so.
    pub time_origin: SharedTime,
}

/// Whether the session plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It is at its start.
    Stopped,
    /// It stands.
    Paused,
    /// It plays from `time_origin` on.
    Playing {
        /// How fast.
        tempo: Tempo,
        /// How fast it played before; `None` where it stood.
        before: Option<Tempo>,
    },
}

/// A timeline, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedTimeline {
    /// What was written.
    pub timeline: Timeline,
    /// Higher than that of any timeline its author had seen.
    pub lamport: u64,
    /// Who wrote it.
    pub author: PlayerKey,
    /// The author's signature.
    pub signature: Signature,
}

impl SignedTimeline {
    pub(crate) fn new(timeline: Timeline, lamport: u64, session: SessionId, identity: &Identity) -> Self {
        let signature = identity.sign(&statement(&timeline, lamport, session));
        Self { timeline, lamport, author: identity.player(), signature }
    }

    pub(crate) fn is_genuine(&self, session: SessionId) -> bool {
        verify(&self.author, &statement(&self.timeline, self.lamport, session), &self.signature)
    }

    /// What decides between two timelines.
    pub(crate) fn version(&self) -> (u64, PlayerKey) {
        (self.lamport, self.author)
    }
}

/// `"offbeat timeline\n" || session || postcard(timeline, lamport)`.
fn statement(timeline: &Timeline, lamport: u64, session: SessionId) -> Vec<u8> {
    let head = [&b"offbeat timeline\n"[..], &session.0].concat();
    postcard::to_extend(&(timeline, lamport), head)
        .expect("a timeline is plain data, which postcard can write")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_one_timeline_of_one_session() {
        let ada = Identity::from_secret(&[1; 32]);
        let (session, other) = (SessionId([1; 16]), SessionId([2; 16]));
        let timeline =
            Timeline { epoch: 1, state: State::Paused, beat_origin: Beats(3), time_origin: SharedTime(4) };
        let signed = SignedTimeline::new(timeline, 5, session, &ada);
        assert!(signed.is_genuine(session) && !signed.is_genuine(other));
        assert!(!SignedTimeline { lamport: 6, ..signed.clone() }.is_genuine(session));
        let author = Identity::from_secret(&[2; 32]).player();
        assert!(!SignedTimeline { author, ..signed }.is_genuine(session));
    }
}
