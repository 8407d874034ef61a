//! A relay client's WebSocket as the stream of binary messages that iroh's relay works on, read no faster than it may send.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use futures_util::{Sink, Stream};
use iroh_relay::ExportKeyingMaterial;
use iroh_relay::protos::streams::StreamError;
use iroh_relay::server::streams::Bucket;
use tokio::time::{Sleep, sleep_until};

/// How often the allowance is filled up.
const REFILL_EVERY: Duration = Duration::from_millis(100);

/// The least that a client may send in a second, in bytes, whatever is configured: less would not carry a handshake.
const MIN_BYTES_PER_SECOND: u32 = 16 << 10;

/// One client's messages. Those over its rate are handed on later, and until then nothing further is read.
pub(super) struct ClientStream {
    socket: WebSocket,
    allowance: Option<Bucket>,
    held: Option<(Bytes, Pin<Box<Sleep>>)>,
}

impl ClientStream {
    pub(super) fn new(socket: WebSocket, bytes_per_second: u32) -> Self {
        let rate = i64::from(bytes_per_second.max(MIN_BYTES_PER_SECOND));
        // A second's worth may come at once. The bounds above make a valid bucket of every rate.
        let allowance = Bucket::new(rate, rate, REFILL_EVERY).ok();
        Self { socket, allowance, held: None }
    }
}

impl Stream for ClientStream {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some((_, until)) = &mut self.held {
            ready!(until.as_mut().poll(context));
        }
        if let Some((bytes, _)) = self.held.take() {
            return Poll::Ready(Some(Ok(bytes)));
        }
        let bytes = loop {
            match ready!(Pin::new(&mut self.socket).poll_next(context)) {
                Some(Ok(Message::Binary(bytes))) => break bytes,
                // Pings are answered by the WebSocket itself; text is no part of the protocol.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_))) => {}
                Some(Ok(Message::Close(_))) | None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(StreamError::from_std(error)))),
            }
        };
        let Some(Err(until)) = self.allowance.as_mut().map(|allowance| allowance.consume(bytes.len())) else {
            return Poll::Ready(Some(Ok(bytes)));
        };
        self.held = Some((bytes, Box::pin(sleep_until(until))));
        self.poll_next(context)
    }
}

impl Sink<Bytes> for ClientStream {
    type Error = StreamError;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), StreamError>> {
        Pin::new(&mut self.socket).poll_ready(context).map_err(StreamError::from_std)
    }

    fn start_send(mut self: Pin<&mut Self>, bytes: Bytes) -> Result<(), StreamError> {
        Pin::new(&mut self.socket).start_send(Message::Binary(bytes)).map_err(StreamError::from_std)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), StreamError>> {
        Pin::new(&mut self.socket).poll_flush(context).map_err(StreamError::from_std)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), StreamError>> {
        Pin::new(&mut self.socket).poll_close(context).map_err(StreamError::from_std)
    }
}

impl ExportKeyingMaterial for ClientStream {
    /// The WebSocket does not show its TLS session, so a client signs a challenge instead: one round trip more, once.
    fn export_keying_material<T: AsMut<[u8]>>(&self, _: T, _: &[u8], _: Option<&[u8]>) -> Option<T> {
        None
    }
}
