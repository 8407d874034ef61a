//! The embedded relay carries what players say to each other, and bears strangers.

use std::sync::Arc;

use axum::Router;
use iroh::endpoint::{Connection, presets};
use iroh::{Endpoint, EndpointAddr, RelayConfig, RelayMap, RelayMode, RelayUrl};
use signal_server::limits::Limits;
use signal_server::listener::{Listener, ListenerConfig};
use signal_server::metrics::Metrics;
use signal_server::relay::Relay;
use signal_server::tls;
use tokio::sync::oneshot;

const ALPN: &[u8] = b"test";

/// A relay on a port of its own; it stops when this is dropped.
struct Server {
    url: RelayUrl,
    relay: Relay,
    _stop: oneshot::Sender<()>,
}

async fn serve(limits: Limits) -> Server {
    tls::install_provider();
    let relay = Relay::new(&limits);
    let config = ListenerConfig { limits, ..ListenerConfig::default() };
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), config, Arc::new(Metrics::default()));
    let listener = listener.await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().merge(relay.router());
    tokio::spawn(listener.serve(router, async { stopped.await.unwrap_or_default() }));
    Server { url, relay, _stop: stop }
}

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
    let server = serve(Limits::default()).await;
    let (ada, bob) = tokio::join!(hidden(&server.url), hidden(&server.url));
    let (to_bob, from_ada) = connect(&ada, &bob, &server.url).await;

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
    assert!(server.relay.metrics().bytes_recv.get() >= said.len() as u64);
    tokio::join!(ada.close(), bob.close());
    server.relay.close().await;
}
