//! Players find each other through the server.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::time::{SystemTime, UNIX_EPOCH};

use crdt_model::trust::{Identity, SignedRequest};
use data_encoding::HEXLOWER;
use iroh::{EndpointAddr, PublicKey, SecretKey};
use iroh_dns::pkarr::SignedPacket;
use peer::net::{Net, NetConfig};
use score::id::SessionId;
use score::time::UnixMillis;
use served::{Answer, Served, eventually};
use signal_server::discovery::{Announcement, Peers};
use signal_server::limits::Limits;

async fn player(secret: u8, server: &Served) -> Net {
    let bind = Some("127.0.0.1:0".parse().unwrap());
    let config = NetConfig { bind, server: Some(server.url()), ..NetConfig::default() };
    Net::bind(&[secret; 32], &config).await.unwrap()
}

fn key(secret: u8) -> PublicKey {
    SecretKey::from_bytes(&[secret; 32]).public()
}

#[tokio::test]
async fn two_players_who_know_each_others_keys_alone_find_each_other() {
    let server = Served::with_limits(Limits::default()).await;
    let (ada, bob) = tokio::join!(player(1, &server), player(2, &server));
    // A record is published as soon as the server relays for its player.
    let to_ada = eventually("the other is found", async || bob.connect(EndpointAddr::new(key(1))).await.ok());
    let to_ada = to_ada.await;
    to_ada.outgoing.send(b"hello".to_vec().into()).unwrap();
    let mut from_bob = ada.accept().await.unwrap();
    assert_eq!(from_bob.incoming.next().await.unwrap().unwrap(), b"hello");
    assert_eq!(from_bob.remote.0, *key(2).as_bytes());
    tokio::join!(ada.close(), bob.close());
    server.stop().await;
}

fn record(secret: u8, text: &str) -> SignedPacket {
    SignedPacket::from_txt_strings(&SecretKey::from_bytes(&[secret; 32]), "_iroh", [text], 30).unwrap()
}

#[tokio::test]
async fn a_record_is_taken_from_its_signer_alone_and_the_newest_stays() {
    let server = Served::with_limits(Limits::default()).await;
    let put = async |path: &str, payload: &[u8]| server.ask("PUT", path, &[], payload).await;
    let (old, new) = (record(1, "relay=http://old"), record(1, "relay=http://new"));
    let path = format!("/pkarr/{}", key(1).to_z32());
    assert_eq!(server.get(&path).await.problem()["status"], 404);
    assert_eq!(put(&path, &new.to_relay_payload()).await.status(), 204);
    assert_eq!(put(&path, &old.to_relay_payload()).await.problem()["status"], 409);
    let other = format!("/pkarr/{}", key(2).to_z32());
    assert_eq!(put(&other, &new.to_relay_payload()).await.problem()["status"], 400);
    assert_eq!(put("/pkarr/nobody", &new.to_relay_payload()).await.problem()["status"], 400);
    assert_eq!(put(&path, &[0; 2_000]).await.problem()["status"], 413);
    assert_eq!(server.get(&path).await.status(), 200);
    assert_eq!(server.get(&other).await.status(), 404);
}

/// A player's signed announcement for a session.
async fn announce(server: &Served, secret: u8, session: SessionId, addresses: &[&str]) -> Answer {
    let path = format!("/api/sessions/{session}/peers");
    let addresses = addresses.iter().map(ToString::to_string).collect();
    let body = serde_json::to_vec(&Announcement { addresses }).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let ada = Identity::from_secret(&[secret; 32]);
    let request = SignedRequest { method: "PUT", path: &path, at: UnixMillis(now), body: &body };
    let headers = [
        ("offbeat-player", HEXLOWER.encode(&ada.player().0)),
        ("offbeat-time", now.to_string()),
        ("offbeat-signature", HEXLOWER.encode(&request.sign(&ada).0)),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    server.ask("PUT", &path, &headers, &body).await
}

#[tokio::test]
async fn who_plays_a_session_is_listed_under_it() {
    let server = Served::with_limits(Limits::default()).await;
    let session = SessionId([7; 16]);
    assert_eq!(announce(&server, 1, session, &["192.0.2.1:1", "http://relay.example/"]).await.status(), 204);
    assert_eq!(announce(&server, 2, session, &[]).await.status(), 204);
    assert_eq!(announce(&server, 3, SessionId([8; 16]), &[]).await.status(), 204);
    let listed = server.get(&format!("/api/sessions/{session}/peers")).await;
    let mut peers = serde_json::from_str::<Peers>(listed.body()).unwrap().peers;
    peers.sort_by_key(|peer| peer.addresses.len());
    let players = peers.iter().map(|peer| peer.player).collect::<Vec<_>>();
    assert_eq!(players, [2, 1].map(|secret| Identity::from_secret(&[secret; 32]).player()));
    assert_eq!(peers[1].addresses, ["192.0.2.1:1", "http://relay.example/"]);
}

#[tokio::test]
async fn announcements_that_are_unsigned_too_long_or_nonsense_are_problems() {
    let server = Served::with_limits(Limits::default()).await;
    let session = SessionId([7; 16]);
    let path = format!("/api/sessions/{session}/peers");
    let unsigned = server.ask("PUT", &path, &[], br#"{"addresses":[]}"#).await;
    assert_eq!(unsigned.problem()["status"], 401);
    assert_eq!(server.ask("PUT", &path, &[], &[b' '; 10_000]).await.problem()["status"], 413);
    assert_eq!(announce(&server, 1, session, &["nowhere"]).await.problem()["status"], 400);
    assert_eq!(server.get("/api/sessions/nothing/peers").await.problem()["status"], 400);
    assert_eq!(server.get(&path).await.body(), r#"{"peers":[]}"#);
}

#[tokio::test]
async fn who_announces_too_often_is_told_when_to_come_back() {
    let limits = Limits { announcements_per_minute: 3, ..Limits::default() };
    let server = Served::with_limits(limits).await;
    for _ in 0..3 {
        assert_eq!(announce(&server, 1, SessionId([7; 16]), &[]).await.status(), 204);
    }
    let refused = announce(&server, 1, SessionId([7; 16]), &[]).await;
    assert_eq!(refused.problem()["status"], 429);
    let seconds = refused.header("retry-after").unwrap().parse::<u64>().unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    assert_eq!(server.figure("offbeat_refused_total{reason=\"rate\"}").await, Some(1.0));
}
