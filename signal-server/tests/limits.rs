//! Strangers who take too much or make no sense are told so or let go; the others do not notice.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::time::Duration;

use proptest::prelude::*;
use served::{Answer, Served, answer, eventually, lines};
use signal_server::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Steps take a second at most, so that tests do not wait long for who never takes them.
fn impatient() -> Limits {
    Limits { header_seconds: 1, request_seconds: 1, ..Limits::default() }
}

#[tokio::test]
async fn headers_that_never_end_are_waited_for_briefly_and_the_others_are_served() {
    let server = Served::with_limits(impatient()).await;
    let mut slow = Vec::new();
    for begun in
        [b"".as_slice(), b"GET", b"GET /ping HTTP/1.1\r\n", b"GET /ping HTTP/1.1\r\nhost: server\r\n"]
    {
        for _ in 0..25 {
            let mut stream = server.connect().await;
            stream.write_all(begun).await.unwrap();
            slow.push(stream);
        }
    }
    assert!(server.is_well().await);
    for stream in slow {
        let answer = Answer(answer(stream, b"").await);
        assert!(answer.0.is_empty() || answer.status() == 408, "{answer:?}");
    }
}

#[tokio::test]
async fn a_header_that_drips_in_does_not_hold_the_connection() {
    let server = Served::with_limits(impatient()).await;
    let (mut reader, mut writer) = server.connect().await.into_split();
    let dripping = tokio::spawn(async move {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        while writer.write_all(b"GET /ping HTTP/1.1\r\nx-").await.is_ok() {
            again.tick().await;
            while writer.write_all(b"x").await.is_ok() {
                again.tick().await;
            }
        }
    });
    let mut answer = Vec::new();
    tokio::time::timeout(served::PATIENCE, reader.read_to_end(&mut answer)).await.unwrap().ok();
    dripping.abort();
    assert!(server.is_well().await);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let server = Served::with_limits(impatient()).await;
    let request = b"PUT /api/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaa/peers HTTP/1.1\r\nhost: server\r\ncontent-length: 100\r\n\r\n{";
    let answer = Answer(server.answer(request).await);
    assert_eq!(answer.problem()["status"], 408);
}

#[tokio::test]
async fn of_a_thousand_connections_from_one_address_a_hundred_stand_and_another_address_is_served() {
    let limits = Limits { max_connections_per_address: 100, ..Limits::default() };
    let server = Served::with_limits(limits).await;
    let mut streams = Vec::new();
    for _ in 0..1_000 {
        streams.push(server.connect().await);
    }
    let mut closed = 0;
    for stream in &mut streams[100..] {
        let read = tokio::time::timeout(served::PATIENCE, stream.read(&mut [0; 1])).await.unwrap();
        closed += usize::from(matches!(read, Ok(0) | Err(_)));
    }
    assert_eq!(closed, 900);
    assert!(!server.is_well().await);
    let elsewhere = TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let elsewhere = elsewhere.connect(server.addr).await.unwrap();
    let ping = b"GET /ping HTTP/1.1\r\nhost: server\r\nconnection: close\r\n\r\n";
    assert_eq!(Answer(answer(elsewhere, ping).await).status(), 200);
    drop(streams);
    eventually("the places are free again", async || server.is_well().await.then_some(())).await;
    assert!(server.figure("offbeat_refused_total{reason=\"connection\"}").await.unwrap() > 900.0);
}

#[tokio::test]
async fn behind_a_proxy_limits_count_for_the_client_that_it_names() {
    let limits = Limits { announcements_per_minute: 1, max_connections_per_address: 1, ..Limits::default() };
    let server = Served::start(|config| (config.limits, config.trusts_forwarded) = (limits, true)).await;
    let _idle = [server.connect().await, server.connect().await];
    let status = async |client: &str| {
        let made_up_first = format!("192.0.2.99, {client}");
        let headers = [("x-forwarded-for", made_up_first.as_str())];
        server.ask("PUT", "/pkarr/nobody", &headers, b"").await.status()
    };
    assert_eq!(status("192.0.2.1").await, 400);
    assert_eq!(status("192.0.2.1").await, 429);
    assert_eq!(status("192.0.2.2").await, 400);
}

#[tokio::test]
async fn headers_and_bodies_past_their_bounds_are_refused() {
    let server = Served::with_limits(Limits::default()).await;
    let long = "x".repeat(20_000);
    assert_eq!(server.ask("GET", "/ping", &[("x-long", &long)], b"").await.status(), 431);
    assert_eq!(server.ask("GET", "/ping", &[("x-many", "x"); 100], b"").await.status(), 431);
    assert!((400..500).contains(&server.get(&format!("/{long}")).await.status()));
    let body = vec![b'x'; 1 << 20];
    assert_eq!(server.ask("PUT", "/pkarr/nobody", &[], &body).await.status(), 413);
    let endless = b"PUT /pkarr/nobody HTTP/1.1\r\nhost: server\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunks =
        b"1000\r\n".iter().chain(&[b'x'; 4096]).chain(b"\r\n").copied().collect::<Vec<_>>().repeat(100);
    assert_eq!(Answer(server.answer(&[endless.as_slice(), &chunks].concat()).await).status(), 413);
    assert!(server.is_well().await);
}

const UPGRADE: [(&str, &str); 5] = [
    ("upgrade", "websocket"),
    ("connection", "upgrade"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-protocol", "iroh-relay-v2"),
];

/// Where links begin: the relay, and a session that the server does not have, which somebody may bring.
const WEBSOCKETS: [&str; 2] = ["/relay", "/api/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaa/live"];

/// A WebSocket's handshake, one header changed or, where the value is empty, left out.
fn handshake(path: &str, changed: usize, value: &str) -> String {
    let headers = UPGRADE
        .iter()
        .enumerate()
        .map(|(index, (name, own))| (name, if index == changed { value } else { own }));
    let headers = headers.filter(|(_, value)| !value.is_empty());
    let headers = lines(headers.map(|(name, value)| format!("{name}: {value}")));
    format!("GET {path} HTTP/1.1\r\nhost: server\r\n{headers}\r\n")
}

/// Sends a handshake; the connection, and the head of the answer. Nothing where the server closes instead.
async fn shake(server: &Served, handshake: &str) -> (TcpStream, Answer) {
    let mut stream = server.connect().await;
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { break };
        head.push(byte);
    }
    (stream, Answer(String::from_utf8_lossy(&head).into_owned()))
}

async fn upgraded(server: &Served, path: &str) -> TcpStream {
    let (stream, answer) = shake(server, &handshake(path, usize::MAX, "")).await;
    assert_eq!(answer.status(), 101, "{answer:?}");
    stream
}

#[tokio::test]
async fn a_malformed_websocket_handshake_is_refused() {
    let server = Served::with_limits(impatient()).await;
    let wrong = [(0, "h2c"), (1, "close"), (2, "7"), (3, "\u{7f}")];
    let missing = (0..4).map(|header| (header, ""));
    let cases = missing.chain(wrong).flat_map(|(header, value)| WEBSOCKETS.map(|path| (path, header, value)));
    for (path, header, value) in cases.chain([(WEBSOCKETS[0], 4, ""), (WEBSOCKETS[0], 4, "iroh-relay-v99")]) {
        let (_, answer) = shake(&server, &handshake(path, header, value)).await;
        let changed = UPGRADE[header].0;
        assert!((400..500).contains(&answer.status()), "{path} {changed} {value:?}: {answer:?}");
    }
    for path in WEBSOCKETS {
        let posted = handshake(path, usize::MAX, "").replace("GET", "POST");
        assert!((400..500).contains(&shake(&server, &posted).await.1.status()));
    }
}

#[tokio::test]
async fn a_websocket_that_sends_nonsense_or_nothing_is_closed() {
    let server = Served::with_limits(impatient()).await;
    let unmasked = b"\x82\x05hello".as_slice();
    let endless = b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0".as_slice();
    let reserved = b"\xff\x80\0\0\0\0".as_slice();
    let no_proof = b"\x82\x85\0\0\0\0hello".as_slice();
    for bytes in [unmasked, endless, reserved, no_proof] {
        for path in WEBSOCKETS {
            // What comes is the server's challenge, and then the end.
            answer(upgraded(&server, path).await, bytes).await;
        }
    }
    // Silence at the relay ends as soon; a session's link is given the time of a bad mobile network.
    answer(upgraded(&server, WEBSOCKETS[0]).await, b"").await;
    assert!(server.is_well().await);
    assert_eq!(server.figure("relayserver_accepts_total").await, Some(0.0));
}

#[test]
fn whatever_is_sent_the_answer_is_no_failure_of_the_server() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server =
        runtime.block_on(Served::with_limits(Limits { announcements_per_minute: u32::MAX, ..impatient() }));
    let method = prop_oneof![
        Just("GET"),
        Just("PUT"),
        Just("POST"),
        Just("PATCH"),
        Just("DELETE"),
        Just("HEAD"),
        Just("\u{0}")
    ];
    let path = prop_oneof![
        "/pkarr/[a-z0-9]{0,60}",
        "/api/sessions/[a-z2-7]{26}/(peers|live|remix|beats)?",
        "/api/sessions/[^\r\n]{0,40}/(peers|live|remix|beats)?",
        "/(s|b|api/beats|assets)/[ -~]{0,40}",
        "/(|relay|metrics|api/server|api/health|api/sessions)",
        "/[ -~]{0,60}",
    ];
    let header =
        "(offbeat-(player|time|signature)|upgrade|connection|x-forwarded-for|expect|te): [ -~]{0,80}";
    let body = proptest::collection::vec(any::<u8>(), 0..1_500);
    let request = (method, path, proptest::collection::vec(header, 0..6), body);
    proptest!(ProptestConfig::with_cases(1_000), |((method, path, headers, body) in request)| {
        let headers = lines(headers.into_iter());
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: server\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        let answer = Answer(runtime.block_on(server.answer(&[head.as_bytes(), &body].concat())));
        prop_assert!(answer.0.is_empty() || answer.status() < 500, "{answer:?}");
    });
    assert!(runtime.block_on(server.is_well()));
}
