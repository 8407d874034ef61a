//! Telling endpoints their own public address, over QUIC.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use iroh_relay::server::{Metrics, QuicConfig, Server, ServerConfig};
use tokio_rustls::rustls;

/// The service on UDP. It needs a certificate that clients trust, so it stands where the server speaks TLS itself.
#[derive(Debug)]
pub struct AddressDiscovery {
    server: Server,
    address: SocketAddr,
}

impl AddressDiscovery {
    /// Opens it on this UDP address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be bound or the certificate's settings leave out TLS 1.3.
    pub async fn bind(address: SocketAddr, tls: &Arc<rustls::ServerConfig>) -> io::Result<Self> {
        let mut quic = QuicConfig::new(address);
        quic.server_config = Some(rustls::ServerConfig::clone(tls));
        let mut config = ServerConfig::default();
        config.quic = Some(quic);
        let server = Server::spawn(config).await.map_err(io::Error::other)?;
        let address = server.quic_addr().ok_or_else(|| io::Error::other("no address was bound"))?;
        Ok(Self { server, address })
    }

    /// Where it listens. Clients are told the port alone.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// What it counts: connections (`qad_…`).
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.server.metrics().server
    }

    /// Ends its connections.
    pub async fn close(self) {
        if let Err(error) = self.server.shutdown().await {
            tracing::debug!(%error, "address discovery ended early");
        }
    }
}
