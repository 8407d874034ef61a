//! The embedded relay carries what players say to each other, and bears strangers.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use iroh::endpoint::{Connection, presets};
use iroh::{Endpoint, EndpointAddr, PublicKey, RelayConfig, RelayMap, RelayMode, RelayUrl};
use score::PlayerKey;
use served::{Served, eventually};
use signal_server::limits::Limits;

const ALPN: &[u8] = b"test";

/// A player whom nobody can reach but through the relay.
async fn hidden(relay: &RelayUrl) -> Endpoint {
    let map = RelayMap::from_iter([RelayConfig::new(relay.clone(), None)]);
    let endpoint = Endpoint::builder(presets::Minimal)
        .clear_ip_transports()
        .relay_mode(RelayMode::Custom(map))
        .alpns(vec![ALPN.to_vec()])
        .bind()
        .await
        .unwrap();
    endpoint.online().await;
    endpoint
}

async fn connect(from: &Endpoint, to: &Endpoint, relay: &RelayUrl) -> (Connection, Connection) {
    let addr = EndpointAddr::new(to.id()).with_relay_url(relay.clone());
    let accepting = async { to.accept().await.unwrap().await.unwrap() };
    let (connecting, accepted) = tokio::join!(from.connect(addr, ALPN), accepting);
    (connecting.unwrap(), accepted)
}

#[tokio::test]
async fn two_players_without_direct_addresses_talk_through_the_relay() {
    let server = Served::with_limits(Limits::default()).await;
    let url = server.url().parse().unwrap();
    let (ada, bob) = tokio::join!(hidden(&url), hidden(&url));
    let (to_bob, from_ada) = connect(&ada, &bob, &url).await;

    let said = (0..512 << 10).map(|byte: u32| byte as u8).collect::<Vec<_>>();
    let (mut send, _) = to_bob.open_bi().await.unwrap();
    let speaking = async {
        send.write_all(&said).await.unwrap();
        send.finish().unwrap();
    };
    let listening = async {
        let (_, mut recv) = from_ada.accept_bi().await.unwrap();
        recv.read_to_end(said.len()).await.unwrap()
    };
    let ((), heard) = tokio::join!(speaking, listening);
    assert!(heard == said);
    assert!(to_bob.paths().iter().all(|path| path.is_relay()));
    assert!(server.figure("relayserver_bytes_recv_total").await.unwrap() >= said.len() as f64);
    tokio::join!(ada.close(), bob.close());
    server.stop().await;
}

#[tokio::test]
async fn a_server_whose_udp_port_is_shut_is_reached_through_its_own_relay() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let server = Served::start(|config| {
        config.listen.set_port(port);
        config.url = Some(url.clone());
    });
    let server = server.await;
    let about = server.get("/api/server").await;
    let about = serde_json::from_str::<serde_json::Value>(about.body()).unwrap();
    let key = about["key"].as_str().unwrap().parse::<PlayerKey>().unwrap();
    let url = url.parse::<RelayUrl>().unwrap();
    let ada = hidden(&url).await;
    let addr = EndpointAddr::new(PublicKey::from_bytes(&key.0).unwrap()).with_relay_url(url);
    let linked =
        eventually("the server answers", async || ada.connect(addr.clone(), peer::net::ALPN).await.ok());
    assert!(linked.await.paths().iter().all(|path| path.is_relay()));
    ada.close().await;
    server.stop().await;
}
