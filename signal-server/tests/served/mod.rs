//! The parts of the server that stand at its door, served on a free port.

// Every test file uses some of it.
#![allow(dead_code)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use signal_server::limits::Limits;
use signal_server::listener::{Listener, ListenerConfig};
use signal_server::metrics::{Exposition, Metrics};
use signal_server::relay::Relay;
use signal_server::tls;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// How long anything may take that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A server that stops when this is dropped.
pub(crate) struct Served {
    pub(crate) addr: SocketAddr,
    pub(crate) relay: Relay,
    pub(crate) metrics: Arc<Metrics>,
    _stop: oneshot::Sender<()>,
}

impl Served {
    pub(crate) async fn start(config: ListenerConfig) -> Self {
        tls::install_provider();
        let metrics = Arc::new(Metrics::default());
        let relay = Relay::new(&config.limits);
        let mut exposition = Exposition::default();
        exposition.add(metrics.clone());
        exposition.add(relay.metrics().clone());
        let router = Router::new().merge(relay.router()).merge(exposition.router());
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), config, metrics.clone()).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(listener.serve(router, async { stopped.await.unwrap_or_default() }));
        Self { addr, relay, metrics, _stop: stop }
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::start(ListenerConfig { limits, ..ListenerConfig::default() }).await
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    /// What the server answers to these bytes, until it closes.
    pub(crate) async fn answer(&self, request: &[u8]) -> String {
        answer(self.connect().await, request).await
    }

    /// The text of `/metrics`.
    pub(crate) async fn figures(&self) -> String {
        self.answer(b"GET /metrics HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n").await
    }

    pub(crate) async fn is_well(&self) -> bool {
        let answer = self.answer(b"GET /ping HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n").await;
        answer.starts_with("HTTP/1.1 200 ")
    }
}

/// What is answered to these bytes on this connection, until it is closed. A connection that is cut off has answered what came
/// before.
pub(crate) async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> String {
    let mut answer = Vec::new();
    let talking = async {
        // Who refuses a request early does not read the rest of it.
        stream.write_all(request).await.ok();
        stream.read_to_end(&mut answer).await.ok();
    };
    tokio::time::timeout(PATIENCE, talking).await.expect("the server neither answers nor closes");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A certificate for this machine's loopback, and the files that hold it and its key.
pub(crate) struct Certificate {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) certified: rcgen::CertifiedKey<rcgen::KeyPair>,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = Self {
            folder: tempfile::tempdir().unwrap(),
            certified: rcgen::generate_simple_self_signed(names).unwrap(),
        };
        std::fs::write(certificate.file(), certificate.certified.cert.pem()).unwrap();
        std::fs::write(certificate.key_file(), certificate.certified.signing_key.serialize_pem()).unwrap();
        certificate
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}
