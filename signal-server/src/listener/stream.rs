//! One accepted connection's bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::server::TlsStream;

use crate::limits::ConnectionPermit;

/// How long somebody may take no byte of what is sent to them. Past it they are gone or mean harm.
const STALLED_AFTER: Duration = Duration::from_secs(30);

/// A connection's bytes, plain or through TLS, and its place among the connections allowed. Whoever holds the bytes holds the
/// place: after an upgrade that is the WebSocket's task, until the link ends.
#[derive(Debug)]
pub(super) struct ServerStream {
    bytes: Bytes,
    stalled: Option<Pin<Box<Sleep>>>,
    stalled_after: Duration,
    _permit: ConnectionPermit,
}

#[derive(Debug)]
enum Bytes {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl ServerStream {
    pub(super) fn plain(stream: TcpStream, permit: ConnectionPermit) -> Self {
        Self::new(Bytes::Plain(stream), permit, STALLED_AFTER)
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>, permit: ConnectionPermit) -> Self {
        Self::new(Bytes::Tls(Box::new(stream)), permit, STALLED_AFTER)
    }

    fn new(bytes: Bytes, permit: ConnectionPermit, stalled_after: Duration) -> Self {
        Self { bytes, stalled: None, stalled_after, _permit: permit }
    }

    /// Lets a write that waits fail once it has waited too long.
    fn unless_stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.stalled_after)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for ServerStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Bytes::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for ServerStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write(context, buffer),
            Bytes::Tls(stream) => Pin::new(stream).poll_write(context, buffer),
        };
        self.unless_stalled(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
            Bytes::Tls(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
        };
        self.unless_stalled(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.bytes {
            Bytes::Plain(stream) => stream.is_write_vectored(),
            Bytes::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = match &mut self.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_flush(context),
            Bytes::Tls(stream) => Pin::new(stream).poll_flush(context),
        };
        self.unless_stalled(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = match &mut self.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Bytes::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        };
        self.unless_stalled(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::limits::Connections;

    async fn pair(connections: &Connections) -> (ServerStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (client, accepted) = tokio::join!(TcpStream::connect(addr), listener.accept());
        let permit = connections.admit(None).unwrap();
        let stream = Bytes::Plain(accepted.unwrap().0);
        (ServerStream::new(stream, permit, Duration::from_millis(100)), client.unwrap())
    }

    #[tokio::test]
    async fn who_takes_nothing_of_what_is_sent_is_given_up() {
        let connections = Connections::new(1, 1);
        let (mut stream, _client) = pair(&connections).await;
        let refused = stream.write_all(&vec![0; 64 << 20]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        assert_eq!(connections.open(), 1);
        drop(stream);
        assert_eq!(connections.open(), 0);
    }

    #[tokio::test]
    async fn who_takes_it_bit_by_bit_is_sent_all() {
        let (mut stream, mut client) = pair(&Connections::new(1, 1)).await;
        let reading = tokio::spawn(async move {
            let mut all = Vec::new();
            client.read_to_end(&mut all).await.unwrap();
            all.len()
        });
        stream.write_all(&vec![0; 64 << 20]).await.unwrap();
        drop(stream);
        assert_eq!(reading.await.unwrap(), 64 << 20);
    }
}
