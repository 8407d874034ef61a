//! The pages, as a browser is sent them.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use data_encoding::BASE64;
use score::lower::lower_first_scene;
use score::program_image::write_image;
use serde_json::{Value, json};
use served::{Answer, Served};
use view::host::{Page, Ready, decode};

const NAME: &str = "</title><script>alert('\"&')</script>";

async fn create(server: &Served, name: &str) -> String {
    let body = json!({ "name": name }).to_string();
    let made = server.ask("POST", "/api/sessions", &[], body.as_bytes()).await;
    let made: Value = serde_json::from_str(made.body()).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

/// What the page brings along.
fn ready(page: &Answer) -> Ready {
    let (_, rest) =
        page.body().split_once("<script type=\"application/octet-stream\" id=\"ready\">").unwrap();
    let (text, _) = rest.split_once("</script>").unwrap();
    decode(&BASE64.decode(text.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_session_page_shows_and_plays_before_anything_else_has_loaded() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, "Night shift").await;
    for path in [format!("/s/{id}"), format!("/s/{id}/remix")] {
        let page = server.get(&path).await;
        assert_eq!(page.status(), 200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        assert!(page.body().contains("<title>Night shift – Offbeat</title>"));
        assert!(page.body().contains("<meta property=\"og:title\" content=\"Night shift – Offbeat\">"));
        assert!(page.body().contains(&format!("content=\"http://server/s/{id}\"")));
        let Ready { page, view, program } = ready(&page);
        let view = view.unwrap();
        assert_eq!((page, view.session), (Page::Session(id.parse().unwrap()), id.parse().unwrap()));
        assert_eq!(view.score.tracks_in_order().len(), 4);
        let mut image = Vec::new();
        write_image(&lower_first_scene(&view.score), &mut image);
        assert_eq!(program, image);
    }
}

#[tokio::test]
async fn names_from_strangers_stay_text() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, NAME).await;
    let page = server.get(&format!("/s/{id}")).await;
    assert!(!page.body().contains("<script>alert"), "{}", page.body());
    assert!(page.body().contains("&lt;/title&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)"));
    assert_eq!(ready(&page).view.unwrap().score.name, NAME);
    // The host is a stranger's text too.
    let request = format!("GET /s/{id} HTTP/1.1\r\nhost: \"><script>\r\nconnection: close\r\n\r\n");
    let page = server.answer(request.as_bytes()).await;
    assert!(!page.contains("\"><script>"), "{page}");
}

#[tokio::test]
async fn a_host_that_is_none_gets_into_no_header_and_no_link() {
    let server = Served::start(|_| ()).await;
    for host in [
        "a;script-src",
        "a,b",
        "a'b",
        "ada@evil.example",
        "a b",
        "*",
        "evil.example/x",
        "a%0d%0aset-cookie:x",
    ] {
        let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let answer = Answer(server.answer(request.as_bytes()).await);
        if answer.status() == 400 {
            continue;
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("connect-src 'self' ws://localhost wss://localhost;"), "{host}: {policy}");
        assert!(answer.body().contains("content=\"http://localhost/\""), "{host}");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_what_pages_load() {
    let server = Served::start(|_| ()).await;
    let up = ["..", "%2e%2e", "%2E%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..\\..", "%2e%2e%5c", ".%00.", "//"];
    let to = ["index.html", "Cargo.toml", "src/main.rs", "etc/passwd", "../ui/Cargo.toml"];
    let paths = up.iter().flat_map(|up| (1..5).map(move |deep| format!("{up}/").repeat(deep)));
    for path in paths.flat_map(|up| to.map(|to| format!("/assets/{up}{to}"))) {
        let answer = server.get(&path).await;
        assert!((400..500).contains(&answer.status()), "{path}: {answer:?}");
    }
    assert_eq!(server.get("/assets//etc/passwd").await.status(), 404);
    assert!(server.is_well().await);
}

#[tokio::test]
async fn a_link_that_leads_nowhere_gets_a_page_that_says_so() {
    let server = Served::start(|_| ()).await;
    let unknown = score::SessionId([7; 16]);
    for path in [format!("/s/{unknown}"), "/s/nonsense".to_owned(), "/b/nonsense".to_owned()] {
        let page = server.get(&path).await;
        assert_eq!(page.status(), 404, "{path}");
        match ready(&page).page {
            Page::Missing { reason } => assert!(!reason.is_empty()),
            other => panic!("{path}: {other:?}"),
        }
    }
    let headers = [("accept", "text/html,*/*")];
    let page = server.ask("GET", "/somewhere", &headers, b"").await;
    assert!(page.status() == 404 && matches!(ready(&page).page, Page::Missing { .. }));
    assert_eq!(server.get("/somewhere").await.problem()["status"], 404, "a program gets a problem");
    let home = server.get("/").await;
    assert_eq!((home.status(), ready(&home).page), (200, Page::Home));
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let server = Served::start(|_| ()).await;
    let id = create(&server, "x").await;
    for path in ["/", &format!("/s/{id}"), "/api/server", "/api/nothing", "/assets/none.js", "/metrics"] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}: {policy}");
        assert!(policy.contains("connect-src 'self' ws://server wss://server;"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline'; script") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

/// The engine that the page names; none where the server was built without its interface.
async fn an_asset(server: &Served) -> Option<String> {
    let home = server.get("/").await;
    let (_, rest) = home.body().split_once("<meta name=\"offbeat-engine\" content=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

#[tokio::test]
async fn what_pages_load_is_sent_compressed_and_asked_for_once() {
    let server = Served::start(|_| ()).await;
    assert_eq!(server.get("/assets/none-0.js").await.problem()["status"], 404);
    let Some(path) = an_asset(&server).await else { return };
    let plain = server.get(&path).await;
    assert_eq!((plain.status(), plain.header("content-encoding")), (200, None));
    assert_eq!(plain.header("content-type"), Some("application/wasm"));
    assert!(plain.header("cache-control").unwrap().contains("immutable"));
    let small = server.ask("GET", &path, &[("accept-encoding", "gzip, br")], b"").await;
    assert_eq!(small.header("content-encoding"), Some("br"));
    assert_eq!(small.header("vary"), Some("accept-encoding"));
    let length = |answer: &Answer| answer.header("content-length").unwrap().parse::<usize>().unwrap();
    assert!(length(&small) < length(&plain));
    let tag = small.header("etag").unwrap();
    assert_ne!(Some(tag), plain.header("etag"), "each encoding is a thing of its own");
    let again = [("accept-encoding", "br"), ("if-none-match", tag)];
    assert_eq!(server.ask("GET", &path, &again, b"").await.status(), 304);
    assert_eq!(server.get(&format!("{path}.br")).await.status(), 404, "a copy is no file of its own");
}
