//! Browsers and native peers in one session through the server.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "tests may, of numbers that come back as they went"
)]

mod player;
mod served;

use crdt_model::trust::{Challenge, Identity, SessionOrigin};
use futures_util::{SinkExt, StreamExt};
use jam::wire::{self, Hello, Kind, Message as Said, PROTOCOLS, Parting};
use peer::net::{Address, Net, NetConfig, Ticket, endpoint_addr};
use player::{Player, dial, founded, next_frame, prove};
use score::Edit;
use served::{Served, eventually};
use tokio_tungstenite::tungstenite::Message;
use view::Role;

/// A new session; its id.
async fn new_session(server: &Served) -> String {
    let made = server.ask("POST", "/api/sessions", &[], b"").await;
    assert_eq!(made.status(), 201, "{made:?}");
    let made: serde_json::Value = serde_json::from_str(made.body()).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

async fn swing(server: &Served, session: &str) -> f64 {
    let shown = server.get(&format!("/api/sessions/{session}")).await;
    let shown: serde_json::Value = serde_json::from_str(shown.body()).unwrap();
    shown["state"]["swing"].as_f64().unwrap()
}

#[tokio::test]
async fn two_browsers_edit_one_session_live() {
    let server = Served::start(|_| ()).await;
    let session = new_session(&server).await;
    let mut ada = Player::joins(server.addr, &session, 1).await;
    let mut ben = Player::joins(server.addr, &session, 2).await;
    ada.until("Ada has the session", |ada| ada.jam.session().score().tracks.len() == 4).await;
    ben.until("Ben has the session", |ben| ben.jam.session().score().tracks.len() == 4).await;

    ada.edits(Edit::SetSwing(20.0)).await;
    ben.until("Ben sees Ada's edit", |ben| ben.jam.session().score().swing == 20.0).await;
    ada.until("Ada's edit is kept", Player::is_acknowledged).await;
    assert_eq!(swing(&server, &session).await, 20.0);
    ben.edits(Edit::SetSwing(30.0)).await;
    ada.until("Ada sees Ben's edit", |ada| ada.jam.session().score().swing == 30.0).await;
    ada.until("Ada sees Ben", |ada| ada.jam.view().players.len() >= 2).await;
    server.stop().await;
}

#[tokio::test]
async fn a_browser_brings_a_session_that_the_server_does_not_have() {
    let server = Served::start(|_| ()).await;
    let mut ada = Player::with(Identity::from_secret(&[1; 32]), founded(1, "Made offline"));
    let session = ada.jam.session().id().to_string();
    assert_eq!(server.get(&format!("/api/sessions/{session}")).await.status(), 404);
    ada.links(server.addr).await;
    ada.edits(Edit::SetSwing(40.0)).await;
    ada.until("Ada's edit is kept", Player::is_acknowledged).await;
    let mut ben = Player::joins(server.addr, &session, 2).await;
    ben.until("Ben has it all", |ben| ben.jam.session().score().swing == 40.0).await;
    assert_eq!(ben.jam.session().score().name, "Made offline");
    assert_eq!(server.get(&format!("/s/{session}")).await.status(), 200);
}

#[tokio::test]
async fn a_key_that_is_not_proven_and_a_session_that_nobody_founded_are_refused_in_words() {
    let server = Served::start(|_| ()).await;
    let session = new_session(&server).await;
    let ada = Identity::from_secret(&[1; 32]);

    let closing = async |socket: &mut player::Socket| match socket.next().await {
        Some(Ok(Message::Close(Some(frame)))) => frame.reason.to_string(),
        other => panic!("{other:?}"),
    };
    // Somebody else's answer.
    let mut socket = dial(server.addr, &session).await.unwrap();
    let challenge = postcard::from_bytes::<Challenge>(&next_frame(&mut socket).await.unwrap()).unwrap();
    let other = Challenge { nonce: [0; 32], ..challenge };
    let answer = (other.answer(&ada, session.parse().unwrap()), challenge.origin.unwrap());
    let answer = postcard::to_allocvec(&answer).unwrap();
    socket.send(Message::Binary(answer.into())).await.unwrap();
    assert!(closing(&mut socket).await.contains("proves no key"));
    // Something else than an answer.
    let mut socket = dial(server.addr, &session).await.unwrap();
    next_frame(&mut socket).await.unwrap();
    socket.send(Message::Text("hello".into())).await.unwrap();
    assert!(closing(&mut socket).await.contains("begins with the answer"));
    // An id that no founder has.
    let unknown = score::SessionId([9; 16]);
    let mut socket = dial(server.addr, &unknown.to_string()).await.unwrap();
    prove(&mut socket, unknown, &ada, None).await.unwrap();
    assert!(closing(&mut socket).await.contains("no such session"));
    // No id at all.
    assert!(dial(server.addr, "nonsense").await.unwrap_err().to_string().contains("404"));
    // And without a WebSocket.
    let plain = server.get(&format!("/api/sessions/{session}/live")).await;
    assert_eq!(plain.problem()["status"], 400);
}

#[tokio::test]
async fn hostile_frames_end_their_link_with_a_reason_and_no_other() {
    let server = Served::start(|_| ()).await;
    let session = new_session(&server).await;
    let id = session.parse().unwrap();
    let mut ada = Player::joins(server.addr, &session, 1).await;
    ada.until("Ada has the session", |ada| !ada.jam.session().is_empty()).await;

    let frames: [Message; 5] = [
        Message::Binary(vec![].into()),
        Message::Binary(vec![0xff; 100].into()),
        Message::Binary(vec![Kind::Change as u8; 1 << 20].into()),
        Message::Binary(vec![Kind::Document as u8; (1 << 20) + 1].into()),
        Message::Text("{\"type\":\"hello\"}".into()),
    ];
    for (number, frame) in frames.into_iter().enumerate() {
        let eve = Identity::from_secret(&[100 + number as u8; 32]);
        let mut socket = dial(server.addr, &session).await.unwrap();
        prove(&mut socket, id, &eve, None).await.unwrap();
        let mut last = None;
        // Until the link is closed; sending fails then.
        for _ in 0..100 {
            if socket.send(frame.clone()).await.is_err() {
                break;
            }
        }
        while let Some(bytes) = next_frame(&mut socket).await {
            last = wire::decode(&bytes).ok();
        }
        let said = matches!(&last, Some(Said::Bye(bye)) if bye.parting == Parting::Refused);
        // A message past the bound ends the WebSocket before it is a frame.
        assert!(said || number == 3, "{number}: {last:?}");
    }
    ada.edits(Edit::SetSwing(11.0)).await;
    ada.until("Ada's edit is kept", Player::is_acknowledged).await;
    assert!(ada.is_linked());
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_has_everything_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Served::start(|config| config.data.clone_from(&data)).await;
    let session = new_session(&server).await;
    let mut ada = Player::joins(server.addr, &session, 1).await;
    ada.until("Ada has the session", |ada| !ada.jam.session().is_empty()).await;
    ada.edits(Edit::SetSwing(21.0)).await;
    ada.until("Ada's edit is kept", Player::is_acknowledged).await;
    let ((), ()) = tokio::join!(server.stop(), ada.until("the link ends", |ada| !ada.is_linked()));
    let bye = ada.bye.clone().unwrap();
    assert_eq!(bye.parting, Parting::Restarting);
    assert!(bye.retry_after_millis.is_some());

    let server = Served::start(|config| config.data.clone_from(&data)).await;
    assert_eq!(swing(&server, &session).await, 21.0);
    let unsent = Edit::SetSwing(22.0);
    ada.edits(unsent).await;
    ada.links(server.addr).await;
    ada.until("what was made meanwhile arrives", Player::is_acknowledged).await;
    assert_eq!(swing(&server, &session).await, 22.0);
}

#[tokio::test]
async fn a_browser_that_does_not_read_is_let_go_and_the_session_goes_on() {
    let server = Served::start(|_| ()).await;
    let session = new_session(&server).await;
    let mut ada = Player::joins(server.addr, &session, 1).await;
    ada.until("Ada has the session", |ada| !ada.jam.session().is_empty()).await;
    let mut lazy = dial(server.addr, &session).await.unwrap();
    let eve = Identity::from_secret(&[3; 32]);
    let origin = prove(&mut lazy, session.parse().unwrap(), &eve, None).await.unwrap();
    let hello = hello(origin, &eve, false);
    lazy.send(Message::Binary(hello.into())).await.unwrap();
    ada.until("Ada sees the other", |ada| ada.jam.view().players.len() >= 2).await;
    // Long messages, until what waits for the other is past its bound; long before it counts as dead.
    let (by, at) = (Identity::from_secret(&[1; 32]).player(), score::UnixMillis(0));
    let mut number = 0;
    while server.figure("offbeat_links{carrier=\"web_socket\"}").await != Some(1.0) {
        let messages = (0..50).map(|_| {
            number += 1;
            Edit::Say { id: score::MessageId::from_random(number), by, at, text: noise(number) }
        });
        ada.edits(Edit::All(messages.collect())).await;
        ada.until("it is kept", Player::is_acknowledged).await;
        assert!(number < 100_000, "the other still has its link");
    }
    assert!(ada.is_linked());
}

/// 500 characters that do not compress.
fn noise(mut state: u64) -> String {
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 40) as u8 % 26)
    };
    (0..500).map(|_| letter()).collect()
}

fn hello(origin: SessionOrigin, identity: &Identity, archive: bool) -> Vec<u8> {
    wire::encode(&Said::Hello(Hello {
        protocols: PROTOCOLS,
        session: origin.id(),
        origin: Some(origin),
        key: identity.player(),
        role: Role::Editor,
        archive,
        name: String::new(),
        address: None,
    }))
}

#[tokio::test]
async fn a_native_peer_has_a_session_kept_when_it_asks_for_that() {
    let server = Served::start(|_| ()).await;
    let about: serde_json::Value = serde_json::from_str(server.get("/api/server").await.body()).unwrap();
    let known = new_session(&server).await;
    let shown: serde_json::Value =
        serde_json::from_str(server.get(&format!("/api/sessions/{known}")).await.body()).unwrap();
    let ticket: Ticket = shown["ticket"].as_str().unwrap().parse().unwrap();
    assert_eq!(ticket.inviter.to_string(), about["key"].as_str().unwrap());
    assert_eq!(ticket.session().to_string(), known);

    let bind = Some("127.0.0.1:0".parse().unwrap());
    let net = Net::bind(&[5; 32], &NetConfig { bind, ..NetConfig::default() }).await.unwrap();
    let identity = Identity::from_secret(&[5; 32]);
    let origin = SessionOrigin { founder: identity.player(), nonce: [7; 16] };
    let answer = async |origin: SessionOrigin, archive: bool| {
        let mut link = net.connect(ticket.endpoint_addr().unwrap()).await.unwrap();
        link.outgoing.send(hello(origin, &identity, archive).into()).unwrap();
        let frame = link.incoming.next().await.unwrap().unwrap();
        (wire::decode(&frame).unwrap(), link)
    };
    match answer(origin, false).await.0 {
        Said::Bye(bye) => assert!(bye.reason.contains("offbeat archive"), "{bye:?}"),
        other => panic!("{other:?}"),
    }
    let (said, _link) = answer(origin, true).await;
    assert!(
        matches!(said, Said::Hello(hello) if hello.role == Role::Archive && hello.session == origin.id())
    );
    // A session of which nothing has arrived is none to a page.
    let page = format!("/api/sessions/{}", origin.id());
    assert_eq!(server.get(&page).await.problem()["detail"], "nothing of this session has arrived here yet");
    assert!(matches!(answer(ticket.origin, false).await.0, Said::Hello(_)), "this one is known");
    eventually("both links stand", async || {
        server.figure("offbeat_links{carrier=\"quic\"}").await.filter(|links| *links >= 1.0)
    })
    .await;
    net.close().await;
}

#[tokio::test]
async fn a_native_peer_brings_so_many_sessions_and_no_more() {
    let server = Served::start(|config| config.limits.creations_per_minute = 2).await;
    let bind = Some("127.0.0.1:0".parse().unwrap());
    let config = NetConfig { bind, server: Some(server.url()), ..NetConfig::default() };
    let net = Net::bind(&[5; 32], &config).await.unwrap();
    let about: serde_json::Value = serde_json::from_str(server.get("/api/server").await.body()).unwrap();
    let key = about["key"].as_str().unwrap().parse().unwrap();
    let addresses =
        about["addresses"].as_array().unwrap().iter().filter_map(|text| text.as_str()?.parse().ok());
    let addresses: Vec<_> = addresses.map(Address::Direct).collect();
    let addr = endpoint_addr(key, &addresses).unwrap();
    let identity = Identity::from_secret(&[5; 32]);
    let mut answers = Vec::new();
    for number in 0..4 {
        let origin = SessionOrigin { founder: identity.player(), nonce: [number; 16] };
        let mut link = net.connect(addr.clone()).await.unwrap();
        link.outgoing.send(hello(origin, &identity, true).into()).unwrap();
        answers.push(wire::decode(&link.incoming.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(answers[..2].iter().all(|said| matches!(said, Said::Hello(_))), "{answers:?}");
    for refused in &answers[2..] {
        let Said::Bye(bye) = refused else { panic!("{refused:?}") };
        assert!(bye.reason.contains("too often") && bye.retry_after_millis > Some(0), "{bye:?}");
    }
    net.close().await;
}

#[tokio::test]
async fn a_link_that_sends_too_much_is_read_more_slowly_and_loses_nothing() {
    let server = Served::start(|config| {
        config.limits.message_burst = 20;
        config.limits.messages_per_second = 100;
    })
    .await;
    let session = new_session(&server).await;
    let mut ada = Player::joins(server.addr, &session, 1).await;
    ada.until("Ada has the session", |ada| !ada.jam.session().is_empty()).await;
    for number in 0..150 {
        ada.says(number).await;
    }
    ada.until("all of it is kept", Player::is_acknowledged).await;
    assert!(server.figure("offbeat_slowed_total").await.unwrap() > 0.0);
    let mut ben = Player::joins(server.addr, &session, 2).await;
    let all = (0..150).collect::<Vec<_>>();
    ben.until("Ben has it all", |ben| ben.heard() == all).await;
}
