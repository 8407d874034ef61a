//! A browser's link: a WebSocket on which the server speaks first.
//!
//! The server sends a [`Challenge`]; the browser answers with a [`ChallengeAnswer`] and the session's [`SessionOrigin`], which lets
//! it bring a session that is not here yet. Both are one binary message, postcard. Every binary message after that is one frame.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use crdt_model::trust::{Challenge, ChallengeAnswer, SessionOrigin};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use peer::net::{Answer, Answers};
use score::id::{PlayerKey, SessionId};
use tokio::sync::oneshot;

use super::outgoing::{Beside, Queued, queue};
use super::{Accepted, Door, NewLink, Outgoing};
use crate::limits::ClientAddress;
use crate::metrics::{Carrier, Refusal};
use crate::rooms::RoomError;

/// How long a browser may take to prove its key: some round trips of a bad mobile network.
const PROOF_WITHIN: Duration = Duration::from_secs(10);

/// The longest answer to a challenge, in bytes: two keys, a signature and a nonce.
const MAX_ANSWER_BYTES: usize = 256;

/// How long a link that is closed waits for the browser to have read its last frames.
const LINGER: Duration = Duration::from_secs(2);

/// How many frames are taken from the queue at once, to be flushed together.
const MAX_FRAMES_A_WRITE: usize = 64;

/// Why a browser's link does not begin.
#[derive(Debug, thiserror::Error)]
enum Unlinked {
    #[error("the link ended before its key was proven")]
    Gone,
    #[error("a link begins with the answer to the server's challenge, within {} seconds", PROOF_WITHIN.as_secs())]
    NoAnswer,
    #[error("the answer proves no key for this session")]
    Unproven,
    #[error("this server has no such session, and who founded it was not said rightly")]
    Missing,
    #[error("{0}")]
    TooOften(String),
    #[error(transparent)]
    Room(#[from] RoomError),
}

/// Serves a WebSocket until the link ends.
pub async fn serve(mut socket: WebSocket, session: SessionId, from: ClientAddress, door: Door) {
    let Some(_place) = door.place() else {
        return farewell(socket, close_code::AGAIN, "this server has as many links as it can").await;
    };
    match link(&mut socket, session, from, &door).await {
        Ok((accepted, queued, timekeeper)) => carry(socket, accepted, queued, timekeeper).await,
        Err(Unlinked::Gone) => {}
        Err(unlinked) => {
            let (reason, code) = match unlinked {
                Unlinked::Unproven => (Refusal::Unproven, close_code::POLICY),
                Unlinked::TooOften(_) => (Refusal::Rate, close_code::AGAIN),
                Unlinked::Room(_) => (Refusal::Link, close_code::AGAIN),
                _ => (Refusal::Malformed, close_code::POLICY),
            };
            door.metrics.refuse(reason);
            farewell(socket, code, &unlinked.to_string()).await;
        }
    }
}

/// Has the browser prove its key and brings it to the session's room.
async fn link(
    socket: &mut WebSocket,
    session: SessionId,
    from: ClientAddress,
    door: &Door,
) -> Result<(Accepted, Queued, Timekeeper), Unlinked> {
    let key = prove(socket, session, from, door).await?;
    let (queue, queued) = queue();
    let (accepted, accepting) = oneshot::channel();
    let timekeeper = Timekeeper { answers: Answers::by(door.rooms.clock()), queue: queue.beside() };
    let outgoing = Outgoing::Queue(queue);
    let link = NewLink { key, carrier: Carrier::WebSocket, outgoing, first: None, accepted };
    door.rooms.link(session, link).await?;
    Ok((accepting.await.map_err(|_| RoomError::Closed)?, queued, timekeeper))
}

async fn prove(
    socket: &mut WebSocket,
    session: SessionId,
    from: ClientAddress,
    door: &Door,
) -> Result<PlayerKey, Unlinked> {
    let known = door.rooms.origin(session).await?;
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|error| RoomError::Random(error.to_string()))?;
    let challenge = Challenge { server: door.rooms.server(), nonce, origin: known };
    let bytes = postcard::to_allocvec(&challenge).expect("plain data has an encoding");
    socket.send(Message::Binary(bytes.into())).await.map_err(|_| Unlinked::Gone)?;
    let answer = tokio::time::timeout(PROOF_WITHIN, answer(socket)).await;
    let (answer, origin) = answer.map_err(|_| Unlinked::NoAnswer)??;
    if !challenge.admits(session, &answer) {
        return Err(Unlinked::Unproven);
    }
    if known.is_none() {
        if origin.id() != session {
            return Err(Unlinked::Missing);
        }
        door.creations.check(from).map_err(|refused| Unlinked::TooOften(refused.to_string()))?;
        door.rooms.adopt(origin).await?;
    }
    Ok(answer.player)
}

async fn answer(socket: &mut WebSocket) -> Result<(ChallengeAnswer, SessionOrigin), Unlinked> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(bytes))) if bytes.len() <= MAX_ANSWER_BYTES => {
                return postcard::from_bytes(&bytes).map_err(|_| Unlinked::NoAnswer);
            }
            Some(Ok(Message::Binary(_) | Message::Text(_))) => return Err(Unlinked::NoAnswer),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Unlinked::Gone),
        }
    }
}

/// Answers what the time is where the question arrives, and not where the room gets to it.
struct Timekeeper {
    answers: Answers,
    queue: Beside,
}

impl Timekeeper {
    /// Whether a frame asks for the time; if so, it has been seen to.
    fn answers(&mut self, frame: &[u8]) -> bool {
        match self.answers.answer(frame) {
            Answer::Is(answer) => self.queue.send(answer),
            Answer::TooOften => {}
            Answer::NotAsked => return false,
        }
        true
    }
}

/// Carries frames both ways until either end has enough.
async fn carry(socket: WebSocket, accepted: Accepted, queued: Queued, timekeeper: Timekeeper) {
    let cut = queued.cut.clone();
    let (mut sink, mut stream) = socket.split();
    let is_over = tokio::select! {
        () = read(&mut stream, &accepted, timekeeper) => true,
        () = cut.notified() => true,
        is_broken = write(&mut sink, queued) => is_broken,
    };
    if is_over {
        accepted.hand_on(None).await;
        return;
    }
    // The room has closed the link. Closing the socket while something unread lies in it would take the last frames back.
    let drained = async {
        sink.send(Message::Close(None)).await.ok();
        while stream.next().await.is_some_and(|message| message.is_ok()) {}
    };
    tokio::time::timeout(LINGER, drained).await.ok();
}

async fn read(stream: &mut SplitStream<WebSocket>, accepted: &Accepted, mut timekeeper: Timekeeper) {
    loop {
        accepted.may_read().await;
        let frame = match stream.next().await {
            Some(Ok(Message::Binary(bytes))) if timekeeper.answers(&bytes) => continue,
            Some(Ok(Message::Binary(bytes))) => bytes.into(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            // Text is no part of the protocol: an empty frame is none either, and is counted against the link.
            Some(Ok(Message::Text(_))) => Vec::new(),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
        };
        if !accepted.hand_on(Some(frame)).await {
            return;
        }
    }
}

/// Writes what is queued; `true` when the link has broken, `false` when the room has ended it.
async fn write(sink: &mut SplitSink<WebSocket, Message>, mut queued: Queued) -> bool {
    let mut frames = Vec::new();
    while queued.next(&mut frames, MAX_FRAMES_A_WRITE).await > 0 {
        for frame in frames.drain(..) {
            let length = frame.len();
            if sink.feed(message(frame)).await.is_err() {
                return true;
            }
            queued.written(length);
        }
        if sink.flush().await.is_err() {
            return true;
        }
    }
    false
}

/// The frame itself, which all links of a room share.
fn message(frame: Arc<[u8]>) -> Message {
    Message::Binary(Bytes::from_owner(frame))
}

/// Says why there is no link, and ends.
async fn farewell(mut socket: WebSocket, code: u16, reason: &str) {
    let reason = Utf8Bytes::from(reason);
    let parting = async {
        socket.send(Message::Close(Some(CloseFrame { code, reason }))).await.ok();
        while socket.recv().await.is_some_and(|message| message.is_ok()) {}
    };
    tokio::time::timeout(LINGER, parting).await.ok();
}
