//! What the program says of servers, links and remixes, strange ones included. Sessions on a real server are tested in `tests`.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod program;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use program::Home;

/// A web server that is no Offbeat server: it answers everything with a page, until the test ends.
fn strange_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            BufReader::new(&stream).read_line(&mut String::new()).ok();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>").ok();
        }
    });
    address
}

#[test]
fn archiving_names_what_is_wrong_with_the_server() {
    let home = Home::with_house();
    let archive = |server: &str, code, words: &[&str]| {
        home.fails(&["archive", "house", "--server", server], code, words);
    };
    archive("http://127.0.0.1:1", 1, &["http://127.0.0.1:1 does not answer", "refused"]);
    archive(&strange_server(), 1, &["is not an Offbeat server"]);
    archive("ftp://offbeat.example", 2, &["`ftp://offbeat.example` is no address of a server"]);
    archive("", 2, &["is no address of a server"]);
    archive("https://offbeat.example/s/1", 2, &["is no address of a server"]);
    home.fails(&["archive", "house"], 1, &["name a server"]);
    home.fails(&["archive", "nobody", "--server", "http://127.0.0.1:1"], 1, &["no session `nobody`"]);
    home.fails(&["publish", "house"], 1, &["archive it first"]);
    assert!(!home.path("home/servers").exists());
}

#[test]
fn links_that_lead_nowhere_say_so() {
    let home = Home::empty();
    let id = "aaaqeayeaudaocajbifqydiob4";
    let join = |link: &str, code, words: &[&str]| home.fails(&["join", link, "--once"], code, words);
    join(&format!("http://127.0.0.1:1/s/{id}"), 1, &["does not answer"]);
    join(&format!("offbeat://127.0.0.1:1/s/{id}"), 1, &["http://127.0.0.1:1 does not answer"]);
    join(&format!("{}/s/{id}", strange_server()), 1, &["is not an Offbeat server"]);
    join("https://offbeat.example/", 2, &["leads to no session"]);
    join("https://offbeat.example/s/short", 2, &["leads to no session"]);
    join("offbeat://", 2, &["leads to no session"]);
    join("https://offbeat.example/b/abc", 1, &["open it in a browser"]);
    join("house", 2, &["neither a ticket nor a link"]);
    join(&"x".repeat(5_000), 2, &["at most 4096"]);
    assert_eq!(home.says(&["list"]), "");
}

#[test]
fn a_remix_begins_as_the_original_and_knows_it() {
    let home = Home::with_house();
    let id = home.says(&["remix", "house"]);
    let shown = home.says(&["show", &id]);
    assert!(shown.contains("# House remix") && shown.contains("kick: X...x..."), "{shown}");
    let original = home.says(&["list"]);
    let original = original.lines().find(|line| line.ends_with("  House")).unwrap();
    let state = home.says(&["show", &id, "--json"]);
    assert!(state.contains(original.split(' ').next().unwrap()), "{state}");
    home.says(&["edit", "house", "tempo 88"]);
    assert!(home.says(&["show", &id]).contains("120 BPM"));
    let made = home.says(&["remix", &id, "Sunny Wednesday", "--json"]);
    assert!(made.contains(r#""name":"Sunny Wednesday""#), "{made}");
    home.fails(&["remix", "nobody"], 1, &["no session `nobody`"]);
}
