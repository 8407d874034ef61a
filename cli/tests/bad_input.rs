//! Whatever goes wrong: one sentence, the right exit code, nothing lost.

mod program;

use program::{Ended, Home, example};

#[test]
fn an_unknown_session_is_a_failure_and_says_where_to_look() {
    let home = Home::with_house();
    for command in [
        &["show", "nope"][..],
        &["edit", "nope", "undo"],
        &["host", "nope"],
        &["render", "nope", "--out", "a.wav"],
    ] {
        home.fails(command, 1, &["no session `nope`", "offbeat list"]);
    }
    home.fails(&["render", "nope.json", "--out", "a.wav"], 1, &["no file nope.json", "no session"]);
}

#[test]
fn an_ambiguous_session_is_answered_with_the_candidates() {
    let home = Home::with_house();
    let first = home.says(&["show", "house", "--json"]);
    let second = home.says(&["new", "House"]);
    let first = &first[first.find("\"id\": \"").unwrap() + 7..][..26];
    home.fails(&["show", "house"], 1, &[first, &second]);
}

#[test]
fn a_ticket_of_another_version_and_one_that_is_none_are_told_apart() {
    let home = Home::empty();
    home.fails(&["join", "offbeat2abcdef"], 1, &["version 2", "reads version 1"]);
    home.fails(&["join", "hello"], 2, &["neither a ticket nor a link", "offbeat1"]);
    home.fails(&["join", "offbeat1abc"], 2, &["damaged", "copy all of it"]);
}

#[test]
fn a_peer_who_is_gone_is_said_to_be_out_of_reach() {
    let (ada, ben) = (Home::with_house(), Home::empty());
    let mut host = ada.starts(&["host", "house"]);
    let ticket = host.ticket();
    assert_eq!(host.terminate().code(), Some(0));
    let mut ended = ben.tries(&["join", &ticket, "--once"]);
    // While it tries, it says so; what is left is the one sentence of every failure.
    ended.err = ended.err.lines().filter(|line| !line.contains("has not answered yet")).collect();
    ended.failed(1, &["ticket"]);
    assert_eq!(ben.says(&["list"]), "", "a session that never arrived is not listed");
}

#[test]
fn files_that_are_no_sessions_are_named() {
    let home = Home::empty();
    home.fails(&["import", "missing.json"], 1, &["missing.json"]);
    home.fails(&["import", "."], 1, &["could not read ."]);
    for (name, bytes) in [
        ("bytes", &[0xff, 0xfe, 0x00, 0x80][..]),
        ("empty", b""),
        ("half.json", b"{\"tempo\":97,\"tracks\":["),
        ("other.json", b"{\"hello\":1,\"tracks\":7}"),
        ("prose.txt", b"once upon a time"),
        ("document", &[0x85, 0x6f, 0x4a, 0x83, 1, 2, 3]),
    ] {
        std::fs::write(home.path(name), bytes).unwrap();
        home.fails(&["import", name], 1, &[name]);
        home.fails(&["render", name, "--out", "a.wav"], 1, &[name]);
    }
    assert_eq!(home.says(&["list"]), "");
}

#[test]
fn values_out_of_range_are_usage_and_change_nothing() {
    let home = Home::with_house();
    let before = home.says(&["show", "house", "--json"]);
    for (edit, words) in [
        ("tempo 999", &["tempo is 999", "20 and 300"][..]),
        ("step kick 0 on", &["step is 0", "1 and 128"]),
        ("volume kick 1.5", &["1.5", "0 and 1"]),
        ("lock kick 5 pitch=25", &["25", "-24 and 24"]),
        ("transpose kick 99", &["99"]),
        ("length kick 129", &["129"]),
        ("meter 17/8", &["17/8"]),
        ("pattern kick X?X", &["column 2"]),
        ("stepp kick 1 on", &["did you mean"]),
        ("mute kick twice", &["`twice` is too much"]),
        ("tempo 100; mute kick; bogus", &["edit 3", "nothing was changed"]),
        ("name 'half", &["quote"]),
    ] {
        home.fails(&["edit", "house", edit], 2, words);
    }
    home.fails(&["edit", "house", "mute nosuch"], 1, &["no track `nosuch`", "#1 kick"]);
    home.fails(&["edit", "house", "tempo 99; mute nosuch"], 1, &["edit 2", "nothing was changed"]);
    assert_eq!(home.says(&["show", "house", "--json"]), before);
}

#[test]
fn a_name_that_is_too_long_is_refused_with_how_long_it_may_be() {
    let home = Home::with_house();
    let before = home.says(&["show", "house", "--json"]);
    let long = "x".repeat(101);
    for (edit, max) in [
        (format!("name {long}"), "100"),
        (format!("rename kick {long}"), "32"),
        (format!("add-track kick {long}"), "32"),
        (format!("save-version {long}"), "64"),
        (format!("add-scene {long}"), "64"),
        (format!("say {}", "x".repeat(501)), "500"),
    ] {
        home.fails(&["edit", "house", &edit], 2, &["characters", &format!("at most {max}")]);
    }
    home.fails(&["new", &long], 2, &["101 characters", "at most 100"]);
    home.fails(&["remix", "house", &long], 2, &["101 characters", "at most 100"]);
    assert_eq!(home.says(&["show", "house", "--json"]), before);
    assert_eq!(home.says(&["list"]).lines().count(), 1);
    let longest = "é".repeat(100);
    home.says(&["edit", "house", &format!("name {longest}")]);
    assert!(home.says(&["list"]).contains(&longest));
}

#[test]
fn nothing_to_undo_or_redo_is_said_so() {
    let home = Home::with_house();
    home.fails(&["edit", "house", "redo"], 1, &["nothing to redo"]);
    let ended = (0..20).map(|_| home.tries(&["edit", "house", "undo"])).find(|ended| ended.code != Some(0));
    ended.expect("an end of what can be taken back").failed(1, &["nothing of yours to undo"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_to_its_end_and_one_without_an_end_is_refused() {
    let home = Home::empty();
    let made = std::process::Command::new("mkfifo").args([home.path("pipe"), home.path("silent")]).status();
    assert!(made.unwrap().success());
    let pipe = home.path("pipe");
    let writer = std::thread::spawn(move || std::fs::write(pipe, "kick: X...x..."));
    home.says(&["import", "pipe"]);
    writer.join().unwrap().unwrap();
    home.fails(&["import", "silent"], 1, &["silent", "to an end", "save"]);
    home.fails(&["import", "/dev/zero"], 1, &["/dev/zero"]);
    assert_eq!(home.says(&["list"]).lines().count(), 1);
}

#[test]
fn a_command_line_that_is_none_is_usage() {
    let home = Home::empty();
    for line in [
        &["frobnicate"][..],
        &["edit", "house"],
        &["render", "house"],
        &["join", "t", "--once", "--play"],
        &[],
    ] {
        assert_eq!(home.tries(line).code, Some(2), "{line:?}");
    }
    for line in
        [&["render", "h", "--out", "a", "--bars", "0"][..], &["render", "h", "--out", "a", "--rate", "1"]]
    {
        let ended = home.tries(line);
        assert!(ended.code == Some(2) && ended.err.contains(".."), "{ended:?}");
    }
}

#[test]
fn a_render_that_cannot_be_written_leaves_what_was_there() {
    let home = Home::with_house();
    home.fails(
        &["render", "house", "--out", "no/such/folder/a.wav"],
        1,
        &["no/such/folder/a.wav", "make the folder"],
    );
    home.fails(&["render", "house", "--out", "."], 1, &["could not write ."]);
    home.fails(&["render", "house", "--out", "a.wav", "--bars", "65536"], 2, &["3600 s"]);
    home.fails(&["export", "house", "--format", "json", "--out", "no/such/a.json"], 1, &["no/such/a.json"]);
    assert!(!home.path("a.wav").exists());
}

/// Runs a command that may write files of this many 512-byte blocks at most.
#[cfg(target_os = "linux")]
fn with_file_limit(home: &Home, blocks: u32, arguments: &[&str]) -> Ended {
    let program = home.command(arguments);
    let mut limited = home.command(&[]);
    limited = {
        let mut shell = std::process::Command::new("sh");
        // The signal that comes with the limit is ignored, so that the write fails as on a full disk.
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("sh");
        shell.arg(program.get_program()).args(program.get_args());
        shell.envs(limited.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(home.path("."));
        shell
    };
    Ended::of(&limited.output().expect("a shell"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_renders_and_exports_and_keeps_what_was_there() {
    let home = Home::with_house();
    std::fs::write(home.path("a.wav"), "old").unwrap();
    with_file_limit(&home, 8, &["render", "house", "--out", "a.wav"]).failed(1, &["a.wav", "space"]);
    assert_eq!(std::fs::read_to_string(home.path("a.wav")).unwrap(), "old");
    home.fails(
        &["export", "house", "--format", "json", "--out", "/dev/full"],
        1,
        &["/dev/full", "free some space"],
    );
    home.fails(&["render", "house", "--out", "/dev/full"], 1, &["/dev/full", "free some space"]);
    let leftovers = std::fs::read_dir(home.path(".")).unwrap().flatten();
    assert!(leftovers.into_iter().all(|file| !file.file_name().to_string_lossy().starts_with(".offbeat-")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_an_edit_and_loses_nothing_that_was_saved() {
    let home = Home::with_house();
    let before = home.says(&["show", "house", "--json"]);
    let ended = with_file_limit(&home, 0, &["edit", "house", "tempo 90"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(home.says(&["show", "house", "--json"]), before);
    home.says(&["edit", "house", "tempo 91"]);
    assert!(home.says(&["show", "house"]).contains("91 BPM"));
}

#[test]
fn a_home_that_cannot_be_used_is_named() {
    let home = Home::empty();
    std::fs::write(home.path("home"), "a file").unwrap();
    home.fails(&["list"], 1, &["home"]);
    assert_eq!(home.tries(&["--home", "", "list"]).code, Some(2));
    let ended = home.tries(&["doctor"]);
    assert!(ended.code == Some(1) && ended.out.contains("BROKEN"), "{ended:?}");
}

#[test]
fn a_damaged_identity_is_not_replaced() {
    let home = Home::with_house();
    std::fs::write(home.path("home/identity"), "short").unwrap();
    home.fails(&["show", "house"], 1, &["identity", "5 bytes", "backup"]);
    assert_eq!(std::fs::read(home.path("home/identity")).unwrap(), b"short");
}

#[test]
fn a_log_level_that_is_none_is_usage() {
    let home = Home::empty();
    let ended = Ended::of(&home.command(&["list"]).env("OFFBEAT_LOG", "peer=loud").output().unwrap());
    ended.failed(2, &["OFFBEAT_LOG", "peer=loud"]);
}

#[test]
fn logs_never_hold_a_sessions_id() {
    let home = Home::empty();
    let id = home.says(&["import", &example("house.json")]);
    let mut host = home.command(&["host", &id]);
    host.env("OFFBEAT_LOG", "trace");
    let mut host = program::Staying::start(host);
    let ticket = host.ticket();
    let ben = Home::empty();
    let joined =
        Ended::of(&ben.command(&["join", &ticket, "--once"]).env("OFFBEAT_LOG", "trace").output().unwrap());
    assert_eq!(joined.out, id);
    host.terminate();
    let logs = host.errors() + &joined.err;
    assert!(logs.contains("TRACE") && !logs.contains(&id), "the session's id stands in the log");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_network_everything_else_works_and_the_ticket_is_doubted() {
    let home = Home::with_house();
    let offline = |arguments: &[&str]| {
        let program = home.command(arguments);
        let mut unshare = std::process::Command::new("unshare");
        unshare.arg("--net").arg(program.get_program()).args(program.get_args());
        unshare
            .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(home.path("."));
        unshare
    };
    if !std::process::Command::new("unshare")
        .args(["--net", "true"])
        .status()
        .is_ok_and(|status| status.success())
    {
        eprintln!("not run here: this user may not take the network away from a process");
        return;
    }
    let doctor = Ended::of(&offline(&["doctor"]).output().expect("unshare runs"));
    assert_eq!(doctor.code, Some(0), "{doctor:?}");
    assert!(doctor.out.contains("limited  network"), "{}", doctor.out);
    let mut host = program::Staying::start(offline(&["host", "house"]));
    host.ticket();
    home.says(&["edit", "house", "tempo 77"]);
    assert_eq!(host.terminate().code(), Some(0));
    assert!(host.errors().contains("no network address"));
}
