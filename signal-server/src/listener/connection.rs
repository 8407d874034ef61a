//! One connection from its first byte to its last request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::stream::ServerStream;
use crate::http::Problem;
use crate::limits::{ClientAddress, ConnectionPermit};

/// How many headers a request may have, and how many bytes of them; browsers send some thirty, and two KiB.
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 16 << 10;

/// How much of a request is read ahead of who handles it, in bytes.
const MAX_READ_AHEAD: usize = 64 << 10;

/// What holds for every connection.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) headers_within: Duration,
    pub(super) answered_within: Duration,
    pub(super) trusts_forwarded: bool,
}

/// The connection's bytes, through TLS where the server speaks it; `None` for who does not shake hands in time.
pub(super) async fn secure(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    permit: ConnectionPermit,
    terms: &Terms,
) -> Option<ServerStream> {
    let Some(tls) = tls else { return Some(ServerStream::plain(stream, permit)) };
    let shaken = tokio::time::timeout(terms.headers_within, tls.accept(stream)).await.ok()?;
    let stream = shaken.inspect_err(|error| tracing::debug!(%error, "a TLS handshake failed")).ok()?;
    Some(ServerStream::tls(stream, permit))
}

fn too_slow() -> Problem {
    let detail = "the request did not arrive, or could not be answered, in the time that it may take";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail)
}

/// Serves the connection's requests until it ends, is upgraded, or the server stops.
pub(super) async fn serve(
    stream: ServerStream,
    peer: SocketAddr,
    router: Router,
    terms: &Terms,
    mut stopped: watch::Receiver<()>,
) {
    let Terms { trusts_forwarded, answered_within, .. } = *terms;
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let client = if trusts_forwarded {
            ClientAddress::forwarded(request.headers(), peer)
        } else {
            ClientAddress::of(peer)
        };
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answering = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer = tokio::time::timeout(answered_within, answering).await;
            let answer = answer.map(|answer| answer.unwrap_or_else(|never| match never {}));
            Ok::<_, Infallible>(answer.unwrap_or_else(|_| too_slow().into_response()))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(terms.headers_within)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEADER_BYTES)
        .max_buf_size(MAX_READ_AHEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}
