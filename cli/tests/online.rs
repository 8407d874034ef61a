//! Players who meet: host, join, edits beside them, and clean ends.

mod program;

use program::Home;

/// Asks again until the answer fits.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    // Far more often than is ever needed; each asking starts a process.
    assert!((0..2_000).any(|_| is_so()), "{what} did not happen");
}

#[test]
fn joining_once_copies_the_session() {
    let (ada, ben) = (Home::with_house(), Home::empty());
    let mut host = ada.starts(&["host", "house"]);
    let id = ben.says(&["join", &host.ticket(), "--once"]);
    let mine = ada.says(&["show", "house", "--json"]);
    assert_eq!(ben.says(&["show", &id, "--json"]), mine);
    let sound = |home: &Home| home.says(&["render", &id, "--out", "a.wav"]);
    assert_eq!(sound(&ben), sound(&ada));
    assert_eq!(host.terminate().code(), Some(0));
    assert!(host.errors().contains("linked with"), "the host tells who came");
}

#[test]
fn edits_of_other_processes_reach_those_who_are_there() {
    let (ada, ben) = (Home::with_house(), Home::empty());
    let mut host = ada.starts(&["host", "house"]);
    let mut guest = ben.starts(&["join", &host.ticket()]);
    let id = guest.line().unwrap();
    ada.says(&["edit", "house", "tempo 97.5"]);
    until("the tempo at Ben's", || ben.tries(&["show", &id]).out.contains("97.5 BPM"));
    ben.says(&["edit", &id, "name Two Hands"]);
    until("the name at Ada's", || ada.says(&["show", &id]).contains("# Two Hands"));
    ada.says(&["edit", &id, "undo"]);
    until("the undo at Ben's", || ben.says(&["show", &id]).contains("Two Hands · 120 BPM"));
    assert_eq!(guest.terminate().code(), Some(0));
    assert_eq!(host.terminate().code(), Some(0));
}

#[test]
fn work_done_apart_merges_when_they_meet() {
    let (ada, ben) = (Home::with_house(), Home::empty());
    let mut host = ada.starts(&["host", "house"]);
    let id = ben.says(&["join", &host.ticket(), "--once"]);
    host.terminate();
    ada.says(&["edit", &id, "step kick 3 on"]);
    ben.says(&["edit", &id, "lock kick 3 pitch=5"]);
    let mut host = ada.starts(&["host", &id]);
    ben.says(&["join", &host.ticket(), "--once"]);
    until("the merge", || ada.says(&["show", &id, "--json"]) == ben.says(&["show", &id, "--json"]));
    assert!(ada.says(&["show", &id]).contains("kick: X.x.x...{3:pitch=5}"));
}

#[test]
fn a_second_host_works_through_the_first_and_takes_over_when_that_ends() {
    let (ada, ben) = (Home::with_house(), Home::empty());
    let mut first = ada.starts(&["host", "house"]);
    let ticket = first.ticket();
    let mut second = ada.starts(&["host", "house"]);
    assert_eq!(second.ticket().len(), ticket.len());
    assert_eq!(first.terminate().code(), Some(0));
    let ticket = second.ticket();
    ben.says(&["join", &ticket, "--once"]);
    assert_eq!(second.terminate().code(), Some(0));
}

#[test]
fn playing_without_a_device_says_so_and_goes_on() {
    let home = Home::with_house();
    let mut command = home.command(&["host", "house", "--play"]);
    // No sound server and no card that could answer.
    command.env("PULSE_SERVER", "unix:/nonexistent").env("ALSA_CONFIG_PATH", "/nonexistent");
    let mut host = program::Staying::start(command);
    let ben = Home::empty();
    ben.says(&["join", &host.ticket(), "--once"]);
    until("a word about the device", || {
        !ben.says(&["list"]).is_empty() && host.said().contains("nothing is heard")
    });
    assert_eq!(host.terminate().code(), Some(0));
    let said = host.errors();
    assert!(!said.contains("ALSA lib"), "{said}");
    assert_eq!(said.matches("nothing is heard").count(), 1, "{said}");
}

#[test]
fn a_killed_host_leaves_a_home_that_works() {
    let ada = Home::with_house();
    let mut host = ada.starts(&["host", "house"]);
    host.ticket();
    ada.says(&["edit", "house", "tempo 88"]);
    drop(host);
    assert!(ada.says(&["show", "house"]).contains("88 BPM"));
}
