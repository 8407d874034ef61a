//! The local socket over which other processes hand their work to the owner of a home.
//!
//! A connection carries one request. The owner answers [`Frame::Taken`] *before* it begins, so a client whose
//! connection ends earlier knows that nothing was done and may ask again, whoever owns the home by then. After it come
//! as many answers as the request has, until one of the two ends hangs up.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::HomeError;

/// The longest frame, in bytes: a whole session to import or export, and something around it.
pub const MAX_FRAME_BYTES: usize = 80 << 20;

/// What owner and client say first, each to the other: a number that changes with the enums that they exchange.
const GREETING: [u8; 8] = *b"offbeat1";

/// What the owner sends.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
enum Frame<T> {
    /// The request has arrived and is about to be carried out.
    Taken,
    /// One answer.
    Answer(T),
}

/// The half of a connection that reads frames.
#[derive(Debug)]
struct Frames(OwnedReadHalf);

impl Frames {
    /// The next frame, or `None` at the end.
    async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, HomeError> {
        // Whatever breaks off in the middle is an end like any other: the far process is gone.
        let Ok(len) = self.0.read_u32_le().await else { return Ok(None) };
        let len = len as usize;
        if len > MAX_FRAME_BYTES {
            return Err(HomeError::Protocol(format!("a frame of {len} bytes")));
        }
        let mut bytes = Vec::new();
        let read = (&mut self.0).take(len as u64).read_to_end(&mut bytes).await;
        if read.is_err() || bytes.len() < len {
            return Ok(None);
        }
        postcard::from_bytes(&bytes).map(Some).map_err(|error| HomeError::Protocol(error.to_string()))
    }

    async fn greeted(&mut self) -> Result<bool, HomeError> {
        let mut greeting = [0; GREETING.len()];
        match self.0.read_exact(&mut greeting).await {
            Err(_) => Ok(false),
            Ok(_) if greeting == GREETING => Ok(true),
            Ok(_) => Err(HomeError::Protocol("it is of another version".to_owned())),
        }
    }
}

async fn send<T: Serialize>(to: &mut OwnedWriteHalf, frame: &T) -> Result<bool, HomeError> {
    let bytes = postcard::to_allocvec(frame).map_err(|error| HomeError::Protocol(error.to_string()))?;
    if bytes.len() > MAX_FRAME_BYTES {
        return Err(HomeError::Protocol(format!("an answer of {} bytes, which is too long", bytes.len())));
    }
    let mut framed = (bytes.len() as u32).to_le_bytes().to_vec();
    framed.extend_from_slice(&bytes);
    Ok(to.write_all(&framed).await.is_ok())
}

/// A client's side of a connection whose request the owner has taken.
#[derive(Debug)]
pub struct Answers {
    frames: Frames,
    /// Held so that the owner sees the client leave when this is dropped, and not before.
    _open: OwnedWriteHalf,
}

impl Answers {
    /// Hands `request` over. `None` when the owner went away without having begun.
    ///
    /// # Errors
    /// When the far end is no Offbeat of this version.
    pub(super) async fn ask<Q: Serialize>(
        stream: UnixStream,
        request: &Q,
    ) -> Result<Option<Self>, HomeError> {
        let (read, mut write) = stream.into_split();
        let mut frames = Frames(read);
        if write.write_all(&GREETING).await.is_err()
            || !frames.greeted().await?
            || !send(&mut write, request).await?
        {
            return Ok(None);
        }
        match frames.next::<Frame<()>>().await? {
            None => Ok(None),
            Some(Frame::Taken) => Ok(Some(Self { frames, _open: write })),
            Some(Frame::Answer(())) => Err(HomeError::Protocol("an answer before its time".to_owned())),
        }
    }

    /// The next answer, or `None` when the owner has hung up.
    ///
    /// # Errors
    /// When the far end is no Offbeat of this version.
    pub async fn next<A: DeserializeOwned>(&mut self) -> Result<Option<A>, HomeError> {
        match self.frames.next::<Frame<A>>().await? {
            None => Ok(None),
            Some(Frame::Answer(answer)) => Ok(Some(answer)),
            Some(Frame::Taken) => Err(HomeError::Protocol("a request was taken twice".to_owned())),
        }
    }
}

/// The owner's side of a connection.
#[derive(Debug)]
pub struct Asked {
    frames: Frames,
    write: OwnedWriteHalf,
}

impl Asked {
    /// Reads a client's request. `None` when the client left or speaks another language.
    pub(super) async fn read<Q: DeserializeOwned>(stream: UnixStream) -> Option<(Q, Self)> {
        let (read, mut write) = stream.into_split();
        let mut frames = Frames(read);
        write.write_all(&GREETING).await.ok()?;
        if !frames.greeted().await.ok()? {
            return None;
        }
        let request = frames.next::<Q>().await.ok()??;
        Some((request, Self { frames, write }))
    }

    /// Says that the request is about to be carried out; `false` when the client is gone, and it must not be.
    ///
    /// # Errors
    /// Never in practice: the frame always encodes.
    pub async fn take(&mut self) -> Result<bool, HomeError> {
        send(&mut self.write, &Frame::<()>::Taken).await
    }

    /// Sends an answer; `false` when the client is gone.
    ///
    /// # Errors
    /// When the answer is too long to send.
    pub async fn answer<A: Serialize>(&mut self, answer: &A) -> Result<bool, HomeError> {
        send(&mut self.write, &Frame::Answer(answer)).await
    }

    /// Returns when the client has hung up.
    pub async fn gone(&mut self) {
        // A client sends nothing more, so anything that arrives, bytes included, ends the connection.
        self.frames.0.read_u8().await.ok();
    }
}
