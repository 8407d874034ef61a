//! What travels beside a link's stream: small frames that are of no use if they come late.
//!
//! QUIC sends a datagram once. A frame that is lost on the stream holds up all behind it for a round trip or more; a reading of a
//! clock that is lost is simply not there. Questions for the time are answered here, where they arrive, and not by the session,
//! which may be busy: the answer says exactly when the question came.

use iroh::endpoint::Connection;
use jam::limits::MAX_DATAGRAM_BYTES;
use score::time::LocalTime;

use super::{Answer, Answers};
use crate::clock::HostClock;

/// A link's datagrams, as they arrive.
#[derive(Debug)]
pub struct Datagrams {
    connection: Connection,
    answers: Option<Answers>,
}

impl Datagrams {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, answers: None }
    }

    /// The next one that is for the session, and when it arrived by this clock; `None` when the link has ended.
    pub async fn next(&mut self, clock: &HostClock) -> Option<(Vec<u8>, LocalTime)> {
        loop {
            let bytes = self.connection.read_datagram().await.ok()?;
            let came = clock.now();
            match self.answers.get_or_insert_with(|| Answers::by(*clock)).answer(&bytes) {
                Answer::Is(answer) => drop(self.connection.send_datagram(answer.into())),
                Answer::TooOften => {}
                Answer::NotAsked if bytes.len() > MAX_DATAGRAM_BYTES => {}
                Answer::NotAsked => return Some((bytes.to_vec(), came)),
            }
        }
    }
}
