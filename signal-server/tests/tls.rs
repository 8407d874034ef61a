//! A server with a certificate speaks TLS on its port, relays through it, and tells endpoints their address.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::net::SocketAddr;
use std::sync::Arc;

use iroh::endpoint::presets;
use iroh::tls::CaTlsConfig;
use iroh::{Endpoint, RelayConfig, RelayMap, RelayMode, RelayUrl};
use iroh_relay::RelayQuicConfig;
use served::{Answer, Certificate, PATIENCE, Served, answer};
use signal_server::limits::Limits;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

async fn serve(certificate: &Certificate, limits: Limits) -> Served {
    let tls = Some((certificate.file(), certificate.key_file()));
    Served::start(|config| (config.tls, config.limits) = (tls, limits)).await
}

async fn get_over_tls(certificate: &Certificate, addr: SocketAddr, path: &str) -> Answer {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.certified.cert.der().clone()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(addr).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    Answer(answer(stream, request.as_bytes()).await)
}

#[tokio::test]
async fn the_port_speaks_tls_and_nothing_else() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits::default()).await;
    assert_eq!(get_over_tls(&certificate, server.addr, "/ping").await.status(), 200);
    let plain = server.get("/ping").await;
    assert!(!plain.0.contains("HTTP/1.1"), "{plain:?}");
}

#[tokio::test]
async fn who_never_shakes_hands_is_let_go_and_the_others_are_served() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits { header_seconds: 1, ..Limits::default() }).await;
    let silent = server.connect().await;
    assert_eq!(get_over_tls(&certificate, server.addr, "/ping").await.status(), 200);
    assert_eq!(answer(silent, b"\x16\x03\x01").await, "");
}

#[tokio::test]
async fn an_endpoint_relays_over_tls_and_learns_its_address_over_quic() {
    let certificate = Certificate::new();
    let server = serve(&certificate, Limits::default()).await;
    let about = get_over_tls(&certificate, server.addr, "/api/server").await;
    let about = serde_json::from_str::<serde_json::Value>(about.body()).unwrap();
    let quic = RelayQuicConfig::new(about["address_discovery"].as_u64().unwrap().try_into().unwrap());
    let url: RelayUrl = format!("https://localhost:{}", server.addr.port()).parse().unwrap();
    let endpoint = Endpoint::builder(presets::Minimal)
        .ca_tls_config(CaTlsConfig::custom_roots([certificate.certified.cert.der().clone()]))
        .relay_mode(RelayMode::Custom(RelayMap::from_iter([RelayConfig::new(url.clone(), Some(quic))])))
        .bind()
        .await
        .unwrap();
    tokio::time::timeout(PATIENCE, endpoint.online()).await.expect("no relay was reached");
    assert_eq!(endpoint.addr().relay_urls().next(), Some(&url));
    let figures = get_over_tls(&certificate, server.addr, "/metrics").await;
    assert!(figures.body().contains("discovery_relayserver_qad_connections_total 1"), "{}", figures.body());
    endpoint.close().await;
    server.stop().await;
}
