//! Replies that can be waited for beside other things.

use tokio::sync::mpsc;

use crate::work::{PeerError, Replies, Reply};

/// How many replies may wait for a desk; then the work behind them waits.
const MAX_WAITING: usize = 16;

/// The replies of work that goes on. Dropping it ends the work.
///
/// A reply that is half read from another process must not be given up, so a task of its own reads.
#[derive(Debug)]
pub(super) struct Stream(mpsc::Receiver<Result<Reply, PeerError>>);

impl Stream {
    pub(super) fn of(mut replies: Replies) -> Self {
        let (read, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(async move {
            loop {
                let reply = tokio::select! {
                    reply = replies.next() => reply,
                    () = read.closed() => return,
                };
                let Some(reply) = reply.transpose() else { return };
                let is_last = reply.is_err();
                if read.send(reply).await.is_err() || is_last {
                    return;
                }
            }
        });
        Self(waiting)
    }

    /// The next reply, or `None` when the process that did the work has left. Nothing is lost when this is dropped half-way.
    pub(super) async fn next(&mut self) -> Result<Option<Reply>, PeerError> {
        self.0.recv().await.transpose()
    }
}
