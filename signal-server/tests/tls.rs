//! A server with a certificate speaks TLS on its port, relays through it, and tells endpoints their address.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::net::SocketAddr;
use std::sync::Arc;

use iroh::endpoint::presets;
use iroh::tls::CaTlsConfig;
use iroh::{Endpoint, RelayConfig, RelayMap, RelayMode, RelayUrl};
use iroh_relay::RelayQuicConfig;
use served::{Certificate, PATIENCE, Served, answer};
use signal_server::limits::Limits;
use signal_server::listener::ListenerConfig;
use signal_server::relay::AddressDiscovery;
use signal_server::tls;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

const PING: &[u8] = b"GET /ping HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

fn server_config(certificate: &Certificate) -> Arc<ServerConfig> {
    tls::server_config(&certificate.file(), &certificate.key_file()).unwrap()
}

async fn serve(certificate: &Certificate, limits: Limits) -> Served {
    let tls = Some(server_config(certificate));
    Served::start(ListenerConfig { tls, limits, ..ListenerConfig::default() }).await
}

async fn ping_over_tls(certificate: &Certificate, addr: SocketAddr) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.certified.cert.der().clone()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(addr).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    answer(stream, PING).await
}

#[tokio::test]
async fn the_port_speaks_tls_and_nothing_else() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits::default()).await;
    assert!(ping_over_tls(&certificate, server.addr).await.starts_with("HTTP/1.1 200 "));
    let plain = server.answer(PING).await;
    assert!(!plain.contains("HTTP/1.1"), "{plain}");
}

#[tokio::test]
async fn who_never_shakes_hands_is_let_go_and_the_others_are_served() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits { header_seconds: 1, ..Limits::default() }).await;
    let silent = server.connect().await;
    assert!(ping_over_tls(&certificate, server.addr).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(answer(silent, b"\x16\x03\x01").await, "");
}

#[tokio::test]
async fn an_endpoint_relays_over_tls_and_learns_its_address_over_quic() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits::default()).await;
    let tls = server_config(&certificate);
    let discovery = AddressDiscovery::bind("127.0.0.1:0".parse().unwrap(), &tls).await.unwrap();
    let url: RelayUrl = format!("https://localhost:{}", server.addr.port()).parse().unwrap();
    let quic = RelayQuicConfig::new(discovery.local_addr().port());
    let endpoint = Endpoint::builder(presets::Minimal)
        .ca_tls_config(CaTlsConfig::custom_roots([certificate.certified.cert.der().clone()]))
        .relay_mode(RelayMode::Custom(RelayMap::from_iter([RelayConfig::new(url.clone(), Some(quic))])))
        .bind()
        .await
        .unwrap();
    tokio::time::timeout(PATIENCE, endpoint.online()).await.expect("no relay was reached");
    assert_eq!(endpoint.addr().relay_urls().next(), Some(&url));
    assert!(discovery.metrics().qad_connections.get() > 0);
    endpoint.close().await;
    server.relay.close().await;
    discovery.close().await;
}
