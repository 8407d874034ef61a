//! The server's door: accepts connections within their limits, speaks TLS where a certificate is configured, and serves
//! HTTP/1.1 on each until it ends or is upgraded.
//!
//! `axum::serve` would do for a server among friends. This one closes on who sends no request, half a request, headers without
//! end, or reads no answer; it counts connections for each address; and it knows whom a proxy asks for.

mod connection;
mod open_files;
mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::limits::{ClientAddress, Connections, Limits};
use crate::metrics::{Metrics, Refusal};
use connection::Terms;

/// How long answers that are being written may take once the server stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

/// How long to wait when the operating system gives no connection, which it does while too many files are open.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// How the door is kept.
#[derive(Clone, Debug, Default)]
pub struct ListenerConfig {
    /// The certificate, where the server speaks TLS itself.
    pub tls: Option<Arc<ServerConfig>>,
    /// The bounds.
    pub limits: Limits,
    /// Whether every connection comes from a proxy that says in `X-Forwarded-For` for whom.
    pub trusts_forwarded: bool,
}

/// A bound socket.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    connections: Connections,
    terms: Terms,
    metrics: Arc<Metrics>,
}

impl Listener {
    /// Binds the socket; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind(
        address: SocketAddr,
        config: ListenerConfig,
        metrics: Arc<Metrics>,
    ) -> io::Result<Self> {
        open_files::allow_many();
        let socket = TcpListener::bind(address).await?;
        let limits = &config.limits;
        let connections = Connections::new(limits.max_connections, limits.max_connections_per_address);
        let terms = Terms {
            headers_within: Duration::from_secs(limits.header_seconds.into()),
            answered_within: Duration::from_secs(limits.request_seconds.into()),
            trusts_forwarded: config.trusts_forwarded,
        };
        Ok(Self { socket, tls: config.tls, connections, terms, metrics })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop` is done; then takes no more connections and lets answers that are under way finish. Upgraded
    /// connections are their tasks' affair.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(());
        let mut serving = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                Some(_) = serving.join_next() => continue,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer, &router, &stopped, &mut serving),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            }
        }
        drop(self.socket);
        stopping.send_replace(());
        let drained = async { while serving.join_next().await.is_some() {} };
        tokio::time::timeout(DRAIN_WITHIN, drained).await.ok();
    }

    fn admit(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        router: &Router,
        stopped: &watch::Receiver<()>,
        serving: &mut JoinSet<()>,
    ) {
        let address = (!self.terms.trusts_forwarded).then(|| ClientAddress::of(peer));
        let permit = match self.connections.admit(address) {
            Ok(permit) => permit,
            Err(refused) => {
                tracing::debug!(%peer, %refused, "a connection was turned away");
                self.metrics.refuse(Refusal::Connection);
                return;
            }
        };
        stream.set_nodelay(true).ok();
        let tls = self.tls.clone().map(TlsAcceptor::from);
        let (terms, router, stopped) = (self.terms.clone(), router.clone(), stopped.clone());
        serving.spawn(async move {
            let Some(stream) = connection::secure(stream, tls, permit, &terms).await else { return };
            connection::serve(stream, peer, router, &terms, stopped).await;
        });
    }
}

/// Whether an error of `accept` speaks of a connection that was lost again before it was taken, and not of the server.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
