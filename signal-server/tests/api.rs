//! The interface for programs.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::time::{SystemTime, UNIX_EPOCH};

use crdt_model::exchange;
use crdt_model::trust::{Identity, SignedRequest};
use data_encoding::HEXLOWER;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use score::UnixMillis;
use serde_json::{Value, json};
use served::{Answer, Served};
use signal_server::limits::Limits;

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(answer.body()).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// Asks as a player does, with a signature.
async fn signed(server: &Served, method: &str, path: &str, body: &[u8]) -> Answer {
    let ada = Identity::from_secret(&[1; 32]);
    let at = UnixMillis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64);
    let signature = SignedRequest { method, path, at, body }.sign(&ada);
    let headers = [
        ("Offbeat-Player", HEXLOWER.encode(&ada.player().0)),
        ("Offbeat-Time", at.0.to_string()),
        ("Offbeat-Signature", HEXLOWER.encode(&signature.0)),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    server.ask(method, path, &headers, body).await
}

async fn create(server: &Served, body: &[u8]) -> String {
    let made = server.ask("POST", "/api/sessions", &[], body).await;
    assert_eq!(made.status(), 201, "{made:?}");
    let made = json_of(&made);
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["url"], format!("http://server/s/{id}"));
    id.to_owned()
}

async fn shown(server: &Served, id: &str) -> Value {
    json_of(&server.get(&format!("/api/sessions/{id}")).await)
}

#[tokio::test]
async fn a_new_session_begins_on_a_beat_that_plays_under_the_name_asked_for() {
    let server = Served::start(|_| ()).await;
    let unnamed = create(&server, b"").await;
    let unnamed = shown(&server, &unnamed).await;
    assert_eq!(unnamed["state"]["tracks"].as_array().unwrap().len(), 4);
    assert!(!unnamed["name"].as_str().unwrap().is_empty());
    assert!(unnamed["ticket"].as_str().unwrap().starts_with("offbeat1"));

    let named = create(&server, &json!({ "name": "Rainy \"Tuesday\"" }).to_string().into_bytes()).await;
    assert_eq!(shown(&server, &named).await["name"], "Rainy \"Tuesday\"");

    let state = json!({ "name": "Given", "tempo": 97, "tracks": [{ "name": "one", "instrument": "kick" }] });
    let given = create(&server, state.to_string().as_bytes()).await;
    let given = shown(&server, &given).await;
    assert_eq!((&given["name"], &given["state"]["tempo"]), (&json!("Given"), &json!(97)));
    assert_eq!(given["state"]["tracks"][0]["name"], "one");
}

#[tokio::test]
async fn what_changes_a_session_is_signed() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, b"").await;
    let (session, beats) = (format!("/api/sessions/{id}"), format!("/api/sessions/{id}/beats"));
    let body = br#"{"name":"Sunny Monday"}"#;
    for (method, path) in [("PATCH", &session), ("PUT", &session), ("POST", &beats)] {
        let refused = server.ask(method, path, &[], body).await;
        assert_eq!(refused.problem()["status"], 401, "{method} {path}");
    }
    // One signature is for one request.
    let headers = [("Offbeat-Player", "00"), ("Offbeat-Time", "0"), ("Offbeat-Signature", "00")];
    assert_eq!(server.ask("POST", "/api/sessions", &headers, b"").await.status(), 401);

    assert_eq!(signed(&server, "PATCH", &session, body).await.status(), 204);
    assert_eq!(shown(&server, &id).await["name"], "Sunny Monday");
    let wrong = signed(&server, "PATCH", &session, br#"{"nmae":"x"}"#).await;
    assert!(wrong.problem()["detail"].as_str().unwrap().contains("nmae"));
    let too_long = json!({ "name": "x".repeat(101) }).to_string();
    assert_eq!(signed(&server, "PATCH", &session, too_long.as_bytes()).await.problem()["status"], 422);
}

#[tokio::test]
async fn a_whole_state_takes_the_place_of_the_music() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, b"").await;
    let path = format!("/api/sessions/{id}");
    let mut state = exchange::write_session_json(None, &score::starter("Imported", 3));
    state = state.replace("\"tempo\": 120", "\"tempo\": 99");
    assert_eq!(signed(&server, "PUT", &path, state.as_bytes()).await.status(), 204);
    let after = shown(&server, &id).await;
    assert_eq!((&after["name"], &after["state"]["tempo"]), (&json!("Imported"), &json!(99)));
    assert_eq!(after["state"]["tracks"].as_array().unwrap().len(), 4);
    assert!(after["updated_at"].as_i64().unwrap() >= after["created_at"].as_i64().unwrap());
    // Text of patterns is a file too.
    assert_eq!(signed(&server, "PUT", &path, b"kick: X...X...X...X...").await.status(), 204);
    assert_eq!(shown(&server, &id).await["state"]["tracks"].as_array().unwrap().len(), 1);
    let refused = signed(&server, "PUT", &path, br#"{"tempo": 9999, "tracks": []}"#).await;
    assert!(refused.problem()["detail"].as_str().unwrap().contains("9999"), "{refused:?}");
}

#[tokio::test]
async fn a_remix_begins_as_its_parent_is_and_goes_its_own_way() {
    let server = Served::start(|_| ()).await;
    let parent = create(&server, br#"{"name":"Parent"}"#).await;
    let made = server.ask("POST", &format!("/api/sessions/{parent}/remix"), &[], b"").await;
    assert_eq!(made.status(), 201);
    let remix = json_of(&made)["id"].as_str().unwrap().to_owned();
    let (parent_shown, remix_shown) = (shown(&server, &parent).await, shown(&server, &remix).await);
    assert_eq!(parent_shown["remix_count"], 1);
    assert_eq!(remix_shown["parent"], json!(parent));
    assert_eq!(remix_shown["state"]["parent"]["name"], "Parent");
    assert_eq!(remix_shown["name"], "Parent (remix)");
    assert_eq!(remix_shown["state"]["tracks"], parent_shown["state"]["tracks"]);
    assert_eq!(remix_shown["state"]["seed"], parent_shown["state"]["seed"], "it sounds the same");
    let renamed = signed(&server, "PATCH", &format!("/api/sessions/{remix}"), br#"{"name":"Own"}"#).await;
    assert_eq!(renamed.status(), 204);
    assert_eq!(shown(&server, &parent).await["name"], "Parent");
}

#[tokio::test]
async fn a_beat_stays_as_it_was_published() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, br#"{"name":"Live"}"#).await;
    let (session, beats) = (format!("/api/sessions/{id}"), format!("/api/sessions/{id}/beats"));
    let made = signed(&server, "POST", &beats, b"{}").await;
    assert_eq!(made.status(), 201, "{made:?}");
    let made = json_of(&made);
    let beat = format!("/api/beats/{}", made["id"].as_str().unwrap());
    let before = server.get(&beat).await;
    assert_eq!(signed(&server, "PUT", &session, b"kick: X...").await.status(), 204);
    let after = server.get(&beat).await;
    assert_eq!(after.body(), before.body());
    assert!(after.header("cache-control").unwrap().contains("immutable"));
    let after = json_of(&after);
    assert_eq!((&after["name"], &after["session"]), (&json!("Live"), &json!(id)));
    assert_eq!(after["state"]["tracks"].as_array().unwrap().len(), 4);
    for method in ["PUT", "PATCH", "DELETE", "POST"] {
        assert_eq!(server.ask(method, &beat, &[], b"{}").await.status(), 405, "{method}");
    }
    let listed = json_of(&server.get(&beats).await);
    assert_eq!(listed["beats"][0]["url"], made["url"]);
    let remix = server.ask("POST", &format!("{beat}/remix"), &[], b"").await;
    let remix = shown(&server, json_of(&remix)["id"].as_str().unwrap()).await;
    assert_eq!(remix["parent"], made["id"]);
    assert_eq!(remix["state"]["tracks"], after["state"]["tracks"]);
}

#[tokio::test]
async fn who_makes_too_much_is_told_when_to_come_back() {
    let server = Served::with_limits(Limits { creations_per_minute: 2, ..Limits::default() }).await;
    let id = create(&server, b"").await;
    create(&server, b"").await;
    for path in ["/api/sessions".to_owned(), format!("/api/sessions/{id}/remix")] {
        let refused = server.ask("POST", &path, &[], b"").await;
        assert_eq!(refused.problem()["status"], 429);
        assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }
    assert_eq!(server.get(&format!("/api/sessions/{id}")).await.status(), 200, "reading goes on");
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_read_is_a_problem_of_the_400s() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, b"").await;
    let unknown = score::SessionId([7; 16]);
    for path in [
        format!("/api/sessions/{unknown}"),
        "/api/sessions/nonsense".to_owned(),
        format!("/api/beats/{}", "a".repeat(16)),
        "/api/beats/nonsense".to_owned(),
        "/api/nothing".to_owned(),
    ] {
        assert_eq!(server.get(&path).await.problem()["status"], 404, "{path}");
    }
    let name = json!({ "name": "x".repeat(101) }).to_string();
    let bodies: [(&[u8], u16); 5] = [
        (b"{", 400),
        (b"[]", 400),
        (br#"{"name":7}"#, 400),
        (br#"{"tracks":7}"#, 400),
        (name.as_bytes(), 422),
    ];
    for (body, status) in bodies {
        let refused = server.ask("POST", "/api/sessions", &[], body).await;
        assert_eq!(refused.problem()["status"], status, "{}", String::from_utf8_lossy(body));
    }
    let long = vec![b' '; (64 << 10) + 1];
    assert_eq!(server.ask("POST", "/api/sessions", &[], &long).await.problem()["status"], 413);
    let remix = format!("/api/sessions/{id}/remix");
    assert_eq!(server.ask("DELETE", &remix, &[], b"").await.problem()["status"], 405);
}

#[tokio::test]
async fn what_stays_in_a_session_for_good_is_brought_so_often_and_no_more() {
    let server = Served::with_limits(Limits { creations_per_minute: 3, ..Limits::default() }).await;
    let session = format!("/api/sessions/{}", create(&server, b"").await);
    for _ in 0..2 {
        assert_eq!(signed(&server, "PUT", &session, b"kick: X...").await.status(), 204);
    }
    let refused = signed(&server, "PUT", &session, b"kick: X...").await;
    assert_eq!(refused.problem()["status"], 429);
    assert!(refused.header("retry-after").is_some());
}

#[tokio::test]
async fn a_problem_tells_nothing_of_the_machine() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, b"").await;
    let deep = [b"[".repeat(60_000), b"{\"name\":".repeat(7_000)];
    let mut told = Vec::new();
    for body in deep.iter().map(Vec::as_slice).chain([b"{\"name\":1e999}".as_slice(), b"\xff\xfe", b"null"]) {
        told.push(server.ask("POST", "/api/sessions", &[], body).await);
        told.push(signed(&server, "PATCH", &format!("/api/sessions/{id}"), body).await);
        told.push(signed(&server, "PUT", &format!("/api/sessions/{id}"), body).await);
        told.push(server.ask("POST", &format!("/api/sessions/{id}/remix"), &[], body).await);
    }
    for answer in told {
        let problem = answer.problem();
        let detail = problem["detail"].as_str().unwrap();
        assert!((400..500).contains(&answer.status()), "{answer:?}");
        for inside in [".rs", "src/", "panicked", "sqlite", "SQL", "/tmp", "::"] {
            assert!(!detail.contains(inside), "{detail}");
        }
    }
}

#[test]
fn no_request_makes_the_server_fail() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(Served::with_limits(Limits { creations_per_minute: 1_000_000, ..Limits::default() }));
    let id = runtime.block_on(create(&server, b""));
    let part = prop_oneof![
        Just("api".to_owned()),
        Just("sessions".to_owned()),
        Just("beats".to_owned()),
        Just("remix".to_owned()),
        Just("live".to_owned()),
        Just("s".to_owned()),
        Just("b".to_owned()),
        Just("assets".to_owned()),
        Just(id),
        "[a-z2-7]{16}",
        "[a-z2-7]{26}",
        "[!-~&&[^?#/]]{0,12}",
    ];
    let paths = proptest::collection::vec(part, 0..5).prop_map(|parts| format!("/{}", parts.join("/")));
    let methods = proptest::sample::select(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"][..]);
    let bodies = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        r#"\{"(name|tracks|tempo)":(\[\]|\{\}|"[ -~]{0,20}"|-?[0-9]{1,30}|null)\}"#
            .prop_map(String::into_bytes),
    ];
    let signs = any::<bool>();
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let cases = (methods, paths, bodies, signs);
    let outcome = runner.run(&cases, |(method, path, body, signs)| {
        let answer = runtime.block_on(async {
            if signs {
                signed(&server, method, &path, &body).await
            } else {
                server.ask(method, &path, &[], &body).await
            }
        });
        prop_assert!((200..500).contains(&answer.status()), "{method} {path}: {answer:?}");
        Ok(())
    });
    outcome.unwrap();
    assert!(runtime.block_on(server.is_well()));
}
