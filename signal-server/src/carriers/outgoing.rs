//! The room's end of a link: what waits to be sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};
use view::LinkPath;

/// How many frames may wait for a browser that reads slowly before its link is given up: a busy session's seconds.
const MAX_QUEUED_FRAMES: usize = 4_096;

/// How many bytes may wait for one link: jam sends documents in windows of four frames, and live edits go on behind them.
const MAX_QUEUED_BYTES: usize = 8 << 20;

/// Somebody reads so slowly that the link is given up; catching up does the rest when they link again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a link is too slow: {frames} frames and {bytes} bytes wait for it")]
pub struct TooSlow {
    frames: usize,
    bytes: usize,
}

/// Where frames for a link go. When it is dropped, what is queued still goes out and the link ends.
#[derive(Debug)]
pub enum Outgoing {
    /// To a WebSocket's writer.
    Queue(Queue),
    /// To a QUIC stream, which has its own.
    Stream(peer::net::Outgoing),
}

impl Outgoing {
    /// Queues a frame. Never waits.
    ///
    /// # Errors
    /// When too much waits already.
    pub fn send(&self, frame: Arc<[u8]>) -> Result<(), TooSlow> {
        match self {
            Self::Queue(queue) => queue.send(frame),
            Self::Stream(stream) => {
                let bytes = stream.queued_bytes();
                if bytes > MAX_QUEUED_BYTES {
                    return Err(TooSlow { frames: 0, bytes });
                }
                stream.send(frame).map_err(|_| TooSlow { frames: 0, bytes })
            }
        }
    }

    /// Sends a small frame that is of no use if it comes late: by itself, where the carrier can.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_datagram(&self, frame: Arc<[u8]>) -> Result<(), TooSlow> {
        match self {
            Self::Queue(queue) => queue.send(frame),
            Self::Stream(stream) => {
                stream.send_datagram(&frame).map_err(|_| TooSlow { frames: 0, bytes: stream.queued_bytes() })
            }
        }
    }

    /// Ends the link at once, whatever is still queued.
    pub fn abort(&self, reason: &str) {
        match self {
            Self::Queue(queue) => queue.cut.notify_one(),
            Self::Stream(stream) => stream.abort(reason),
        }
    }

    /// How the bytes travel.
    pub fn path(&self) -> LinkPath {
        match self {
            Self::Stream(stream) if stream.path().relayed => LinkPath::Relayed,
            Self::Queue(_) | Self::Stream(_) => LinkPath::Direct,
        }
    }
}

/// Frames on their way to a writer, with bounds.
#[derive(Debug)]
pub struct Queue {
    frames: mpsc::Sender<Arc<[u8]>>,
    bytes: Arc<AtomicUsize>,
    cut: Arc<Notify>,
}

/// The writer's end of a [`Queue`].
#[derive(Debug)]
pub(super) struct Queued {
    frames: mpsc::Receiver<Arc<[u8]>>,
    bytes: Arc<AtomicUsize>,
    /// Told when the link is to end at once.
    pub(super) cut: Arc<Notify>,
}

/// An empty queue, in its two halves.
pub(super) fn queue() -> (Queue, Queued) {
    let (sender, receiver) = mpsc::channel(MAX_QUEUED_FRAMES);
    let (bytes, cut) = (Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
    let queue = Queue { frames: sender, bytes: bytes.clone(), cut: cut.clone() };
    (queue, Queued { frames: receiver, bytes, cut })
}

/// A way past the room to a [`Queue`]'s writer, for answers that cannot wait; it keeps no link alive.
#[derive(Debug)]
pub(super) struct Beside {
    frames: mpsc::WeakSender<Arc<[u8]>>,
    bytes: Arc<AtomicUsize>,
}

impl Beside {
    /// Queues a frame if there is room.
    pub(super) fn send(&self, frame: Vec<u8>) {
        let Some(frames) = self.frames.upgrade() else { return };
        let length = frame.len();
        self.bytes.fetch_add(length, Ordering::Relaxed);
        if frames.try_send(frame.into()).is_err() {
            self.bytes.fetch_sub(length, Ordering::Relaxed);
        }
    }
}

impl Queue {
    pub(super) fn beside(&self) -> Beside {
        Beside { frames: self.frames.downgrade(), bytes: self.bytes.clone() }
    }

    fn send(&self, frame: Arc<[u8]>) -> Result<(), TooSlow> {
        let length = frame.len();
        let bytes = self.bytes.fetch_add(length, Ordering::Relaxed);
        let frames = MAX_QUEUED_FRAMES - self.frames.capacity();
        let has_room = bytes + length <= MAX_QUEUED_BYTES;
        if has_room && self.frames.try_send(frame).is_ok() {
            return Ok(());
        }
        self.bytes.fetch_sub(length, Ordering::Relaxed);
        Err(TooSlow { frames, bytes })
    }
}

impl Queued {
    /// Adds the frames that wait, at most `limit`, or waits for one; none when the link is to end.
    pub(super) async fn next(&mut self, frames: &mut Vec<Arc<[u8]>>, limit: usize) -> usize {
        self.frames.recv_many(frames, limit).await
    }

    /// Notes that a frame has been written.
    pub(super) fn written(&self, length: usize) {
        self.bytes.fetch_sub(length, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_not_read_has_a_bound_in_frames_and_bytes() {
        let (queue, mut queued) = queue();
        let empty = Arc::<[u8]>::from([]);
        assert!((0..MAX_QUEUED_FRAMES).all(|_| queue.send(empty.clone()).is_ok()));
        assert!(queue.send(empty).unwrap_err().to_string().contains("4096 frames"));
        queued.next(&mut Vec::new(), MAX_QUEUED_FRAMES).await;

        let long = Arc::<[u8]>::from(vec![0; 1 << 20]);
        assert!((0..8).all(|_| queue.send(long.clone()).is_ok()));
        assert!(queue.send(long.clone()).is_err());
        let mut frames = Vec::new();
        queued.next(&mut frames, 1).await;
        queued.written(frames[0].len());
        assert!(queue.send(long).is_ok(), "what was written makes room");
    }
}
