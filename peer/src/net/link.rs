//! One link: an ordered, reliable, authenticated stream of frames between two replicas.
//!
//! On the wire a frame is a `u32` length, little-endian, and that many bytes. What the bytes mean is `jam`'s affair.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use iroh::TransportAddr;
use iroh::endpoint::{
    Connection, ConnectionError, ReadError, ReadExactError, RecvStream, SendDatagramError, SendStream, VarInt,
};
use score::id::PlayerKey;
use tokio::sync::mpsc;

use super::{Datagrams, NetError};

/// The longest frame, in bytes; `jam` splits what is longer.
pub const MAX_FRAME_BYTES: usize = 1 << 20;

/// How many frames may wait for a slow peer before the link is given up. Bursts of a thousand edits fit many times.
pub const MAX_QUEUED_FRAMES: usize = 16_384;

/// How many bytes may wait for a slow peer: a whole document in parts, and live edits behind it.
pub const MAX_QUEUED_BYTES: usize = 80 << 20;

/// How long a link that is closed waits for the peer to have read its last frames.
const LINGER: Duration = Duration::from_secs(2);

/// How many frames are taken from the queue at once, and from how many bytes on they are written: a burst of edits
/// goes out in a few packets, a document bit by bit.
const MAX_FRAMES_A_WRITE: usize = 256;
const BYTES_A_WRITE: usize = 64 << 10;

/// How long a peer may take to read one write, which is at most a frame longer than [`BYTES_A_WRITE`]. Past it the peer
/// is gone or means harm, whatever its keep-alives say.
const STALLED_AFTER: Duration = Duration::from_secs(30);

/// A link to a peer, in its two halves.
#[derive(Debug)]
pub struct Link {
    /// The key that the peer has proven to hold.
    pub remote: PlayerKey,
    /// What goes to the peer.
    pub outgoing: Outgoing,
    /// What comes from it.
    pub incoming: Incoming,
    /// What comes from it beside the stream.
    pub datagrams: Datagrams,
}

impl Link {
    /// Makes a link of a stream and starts its writer.
    pub(super) fn start(connection: Connection, send: SendStream, recv: RecvStream) -> Self {
        let remote = PlayerKey(*connection.remote_id().as_bytes());
        let (frames, queue) = mpsc::channel(MAX_QUEUED_FRAMES);
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        tokio::spawn(write(connection.clone(), send, queue, queued_bytes.clone()));
        let datagrams = Datagrams::new(connection.clone());
        let outgoing = Outgoing { frames, queued_bytes, connection };
        Self { remote, outgoing, incoming: Incoming { recv }, datagrams }
    }
}

/// The half of a link that sends. When the last clone is dropped, what is queued still goes out and the link ends.
#[derive(Debug, Clone)]
pub struct Outgoing {
    frames: mpsc::Sender<Arc<[u8]>>,
    queued_bytes: Arc<AtomicUsize>,
    connection: Connection,
}

impl Outgoing {
    /// Queues a frame, which may be on its way on other links too. Never waits.
    ///
    /// # Errors
    /// When the frame is too long, the link has ended, or the peer has let the queue fill up; in the last case the
    /// link is of no more use, for a frame would be missing.
    pub fn send(&self, frame: Arc<[u8]>) -> Result<(), NetError> {
        if frame.len() > MAX_FRAME_BYTES {
            return Err(NetError::FrameTooLong { bytes: frame.len() });
        }
        let len = frame.len();
        let queued = self.queued_bytes.fetch_add(len, Ordering::Relaxed) + len;
        let sent = if queued > MAX_QUEUED_BYTES {
            Err(self.too_slow())
        } else {
            self.frames.try_send(frame).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => self.too_slow(),
                mpsc::error::TrySendError::Closed(_) => NetError::Ended("the connection is gone".to_owned()),
            })
        };
        if sent.is_err() {
            self.queued_bytes.fetch_sub(len, Ordering::Relaxed);
        }
        sent
    }

    /// Sends a small frame by itself: it may be lost, and overtake. A peer that takes no datagrams is sent it as any other frame.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_datagram(&self, frame: &Arc<[u8]>) -> Result<(), NetError> {
        let sent = self.connection.send_datagram(frame.to_vec().into());
        match sent {
            Err(SendDatagramError::UnsupportedByPeer | SendDatagramError::Disabled) => {
                self.send(frame.clone())
            }
            // One that does not go through is as good as lost.
            _ => Ok(()),
        }
    }

    /// How many bytes wait for the peer, for a host that gives links up sooner than at [`MAX_QUEUED_BYTES`].
    pub fn queued_bytes(&self) -> usize {
        self.queued_bytes.load(Ordering::Relaxed)
    }

    /// Ends the link at once, whatever is still queued.
    pub fn abort(&self, reason: &str) {
        self.connection.close(VarInt::from_u32(1), reason.as_bytes());
    }

    /// How the link travels at the moment.
    pub fn path(&self) -> Path {
        let paths = self.connection.paths();
        let selected = paths.iter().find(iroh::endpoint::Path::is_selected);
        Path {
            round_trip: selected.as_ref().map(iroh::endpoint::Path::rtt),
            relayed: selected.is_some_and(|path| path.is_relay()),
        }
    }

    /// Where the peer's bytes come from; `None` while a relay carries them.
    pub fn address(&self) -> Option<SocketAddr> {
        let paths = self.connection.paths();
        let selected = paths.iter().find(iroh::endpoint::Path::is_selected)?;
        match selected.remote_addr() {
            TransportAddr::Ip(address) => Some(*address),
            _ => None,
        }
    }

    fn too_slow(&self) -> NetError {
        NetError::TooSlow { frames: MAX_QUEUED_FRAMES - self.frames.capacity(), bytes: self.queued_bytes() }
    }
}

/// How a link travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Path {
    /// The smoothed round trip, once measured.
    pub round_trip: Option<Duration>,
    /// Whether a relay carries it instead of a direct path.
    pub relayed: bool,
}

/// The half of a link that receives.
#[derive(Debug)]
pub struct Incoming {
    recv: RecvStream,
}

impl Incoming {
    /// The next frame, or `None` when the peer has ended the link. Whoever does not ask for frames makes the peer wait.
    ///
    /// Not to be dropped half-way: a frame begun would be lost.
    ///
    /// # Errors
    /// When the link breaks, or the peer announces a frame past the bound.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, NetError> {
        let mut len = [0; 4];
        if let Err(error) = self.recv.read_exact(&mut len).await {
            return if is_farewell(&error) { Ok(None) } else { Err(NetError::Ended(error.to_string())) };
        }
        let len = u32::from_le_bytes(len) as usize;
        if len > MAX_FRAME_BYTES {
            return Err(NetError::FrameTooLong { bytes: len });
        }
        // Grows with what arrives, not with what was announced.
        let mut frame = Vec::new();
        while frame.len() < len {
            let chunk = self.recv.read_chunk(len - frame.len()).await;
            match chunk.map_err(|error| NetError::Ended(error.to_string()))? {
                Some(chunk) => frame.extend_from_slice(&chunk),
                None => return Err(NetError::Ended("it broke off inside a frame".to_owned())),
            }
        }
        Ok(Some(frame))
    }
}

/// Whether a read failed because one of the two sides has ended the link in good order.
fn is_farewell(error: &ReadExactError) -> bool {
    match error {
        ReadExactError::FinishedEarly(bytes) => *bytes == 0,
        ReadExactError::ReadError(ReadError::ConnectionLost(ConnectionError::ApplicationClosed(close))) => {
            close.error_code == VarInt::from_u32(0)
        }
        ReadExactError::ReadError(ReadError::ConnectionLost(ConnectionError::LocallyClosed)) => true,
        ReadExactError::ReadError(_) => false,
    }
}

/// Carries queued frames to the stream until the queue is closed or the peer is gone.
async fn write(
    connection: Connection,
    mut send: SendStream,
    mut queue: mpsc::Receiver<Arc<[u8]>>,
    queued_bytes: Arc<AtomicUsize>,
) {
    let mut frames = Vec::new();
    let mut bytes = Vec::new();
    let mut frame_bytes = 0;
    while queue.recv_many(&mut frames, MAX_FRAMES_A_WRITE).await > 0 {
        let mut frames = frames.drain(..).peekable();
        while let Some(frame) = frames.next() {
            bytes.extend_from_slice(&(frame.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&frame);
            frame_bytes += frame.len();
            if frames.peek().is_some() && bytes.len() < BYTES_A_WRITE {
                continue;
            }
            let written = tokio::time::timeout(STALLED_AFTER, send.write_all(&bytes)).await;
            if !matches!(written, Ok(Ok(()))) {
                connection.close(VarInt::from_u32(1), b"you do not read");
                return;
            }
            queued_bytes.fetch_sub(std::mem::take(&mut frame_bytes), Ordering::Relaxed);
            bytes.clear();
        }
    }
    if send.finish().is_ok() {
        // `stopped` returns once the peer has acknowledged everything; closing sooner would throw the last frames away.
        tokio::time::timeout(LINGER, send.stopped()).await.ok();
    }
    connection.close(VarInt::from_u32(0), b"");
}
