//! What people do that nobody planned for: the program answers in one sentence or does what was meant, and loses nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tests::{Player, Running};

/// One sentence on standard error, a code of its own, and no crash.
fn refused(player: &Player, arguments: &[&str], code: i32) -> Result<String> {
    let outcome = player.tries(arguments)?;
    ensure!(outcome.code == Some(code), "{arguments:?}: {outcome:?}");
    let said = outcome.err.trim_end();
    ensure!(said.starts_with("offbeat: ") && !said.contains('\n'), "one sentence: {said}");
    ensure!(!said.contains("panicked") && said.len() < 1_000, "{said}");
    Ok(said.to_owned())
}

fn with_kick() -> Result<(Player, String)> {
    let player = Player::arrives()?;
    let session = player.says(&["new", "Strange"])?;
    player.says(&["edit", &session, "add-track kick"])?;
    Ok((player, session))
}

fn log_of(player: &Player, session: &str) -> PathBuf {
    player.home().join("sessions").join(session).join("log")
}

#[test]
fn ten_processes_of_one_home_edit_at_once_and_nothing_is_lost() -> Result<()> {
    let (player, session) = with_kick()?;
    std::thread::scope(|scope| {
        let edits = |step: usize| {
            let (player, session) = (&player, &session);
            move || -> Result<()> {
                for pitch in 1..=3 {
                    let edit = format!("step kick {step} on; lock kick {step} pitch={pitch}");
                    player.says(&["edit", session, &edit])?;
                }
                Ok(())
            }
        };
        let all: Vec<_> = (1..=10).map(|step| scope.spawn(edits(step))).collect();
        all.into_iter().try_for_each(|one| one.join().expect("no panic"))
    })?;
    let shown = player.shown(&session)?;
    let steps = shown["tracks"][0]["steps"].as_array().context("steps")?;
    ensure!(steps[..10].iter().all(|step| step["pitch"] == 3), "{steps:?}");
    ensure!(steps[10..].iter().all(serde_json::Value::is_null), "{steps:?}");
    Ok(())
}

#[test]
fn names_from_anywhere_never_steer_the_terminal() -> Result<()> {
    let player = Player::arrives()?;
    let name = "\u{1b}[31mred\u{7}\nsecond line\u{202e}kcab";
    let session = player.says(&["new", name])?;
    player.says(&["edit", &session, &format!("add-track kick '{name}'")])?;
    let out = player.home().join("out.txt");
    player.says(&["export", &session, "--format", "text", "--out", out.to_str().context("plain path")?])?;
    let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    for shown in [player.says(&["list"])?, player.says(&["show", &session])?, std::fs::read_to_string(&out)?]
    {
        ensure!(!shown.contains(steers), "{shown:?}");
    }
    ensure!(player.says(&["list"])?.lines().count() == 1, "a name is one line");
    Ok(())
}

#[test]
fn unicode_names_are_kept_and_found() -> Result<()> {
    let player = Player::arrives()?;
    let session = player.says(&["new", "🎹 日本 Ünïcode"])?;
    ensure!(player.json("🎹 日本 üNÏCODE")? == player.json(&session)?, "any case of any script");
    for empty in ["", "   "] {
        let session = player.says(&["new", empty])?;
        let shown = player.shown(&session)?;
        ensure!(shown["name"].as_str().is_some_and(|name| !name.trim().is_empty()), "a session has a name");
    }
    Ok(())
}

#[test]
fn a_seventeenth_track_is_refused_and_a_removed_one_comes_back_whole() -> Result<()> {
    let player = Player::arrives()?;
    let session = player.says(&["new"])?;
    player.says(&["edit", &session, &["add-track kick"; 16].join(";")])?;
    player.says(&["edit", &session, "pattern #3 X...o{1:pitch=5}"])?;
    let before = player.shown(&session)?["tracks"].clone();
    ensure!(refused(&player, &["edit", &session, "add-track snare"], 1)?.contains("16"));
    player.says(&["edit", &session, "remove-track #3"])?;
    refused(&player, &["edit", &session, "step #16 1 on"], 1)?;
    player.says(&["edit", &session, "add-track snare"])?;
    player.says(&["edit", &session, "undo; undo"])?;
    ensure!(player.shown(&session)?["tracks"] == before, "the track is back as it was");
    Ok(())
}

#[test]
fn a_home_behind_a_link_is_the_same_home() -> Result<()> {
    let (player, session) = with_kick()?;
    let host = player.hosts(&session, &[])?;
    host.ticket()?;
    let beside = tempfile::tempdir()?;
    let link = beside.path().join("home");
    std::os::unix::fs::symlink(player.home(), &link)?;
    let home = link.to_str().context("plain path")?;
    player.says(&["edit", &session, "tempo 99", "--home", home])?;
    ensure!(player.shown(&session)?["tempo"] == 99);
    Ok(())
}

#[test]
fn ones_own_ticket_and_a_second_join_do_no_harm() -> Result<()> {
    let (ada, session) = with_kick()?;
    let host = ada.hosts(&session, &[])?;
    let ticket = host.ticket()?;
    ensure!(ada.says(&["join", &ticket, "--once"])?.contains(&session), "her own ticket is her own session");
    let ben = Player::arrives()?;
    let first = ben.joins(&ticket, &[])?;
    ensure!(first.line("")? == session);
    let second = ben.joins(&ticket, &[])?;
    ensure!(second.line("")? == session);
    ben.says(&["join", &ticket, "--once"])?;
    ben.says(&["edit", &session, "step kick 7 on"])?;
    tests::eventually(
        "Ben's step at Ada's",
        || Ok((ada.json(&session)? == ben.json(&session)?).then_some(())),
    )
}

#[test]
fn a_ticket_to_a_home_that_lost_the_session_is_not_waited_for() -> Result<()> {
    let (player, session) = with_kick()?;
    let mut host = player.hosts(&session, &[])?;
    let ticket = host.ticket()?;
    host.kill()?;
    std::fs::remove_dir_all(player.home().join("sessions").join(&session))?;
    ensure!(refused(&player, &["join", &ticket, "--once"], 1)?.contains("is not here"));
    Ok(())
}

#[test]
fn a_spoilt_store_is_named_and_the_others_still_open() -> Result<()> {
    let (player, session) = with_kick()?;
    let other = player.says(&["new", "Whole"])?;
    let log = log_of(&player, &session);
    for junk in [Vec::new(), vec![0; 4096], (0..=255).cycle().take(100_000).collect::<Vec<u8>>()] {
        std::fs::write(&log, junk)?;
        ensure!(refused(&player, &["show", &session], 1)?.contains(&session), "it says which session");
        player.json(&other)?;
        player.says(&["edit", &other, "tempo 101"])?;
    }
    Ok(())
}

#[test]
fn a_spoilt_checkpoint_costs_nothing() -> Result<()> {
    let (player, session) = with_kick()?;
    let before = player.json(&session)?;
    std::fs::write(log_of(&player, &session).with_file_name("checkpoint"), [7; 3_000])?;
    ensure!(player.json(&session)? == before);
    Ok(())
}

#[test]
fn what_cannot_be_a_session_is_refused_at_once() -> Result<()> {
    let player = Player::arrives()?;
    let file = player.home().join("strange.json");
    let strange: [(&str, Vec<u8>); 7] = [
        ("nothing", Vec::new()),
        ("a million brackets", vec![b'['; 1_000_000]),
        ("half a million objects", br#"{"tracks":"#.repeat(500_000)),
        ("a track of twenty million steps", [b"kick: ".to_vec(), vec![b'x'; 20_000_000]].concat()),
        ("half a million tracks", b"kick: x...\n".repeat(500_000)),
        ("a file of 26 MiB", vec![b' '; 26 << 20]),
        ("no text at all", (0..=255).collect()),
    ];
    for (what, bytes) in strange {
        std::fs::write(&file, bytes)?;
        refused(&player, &["import", file.to_str().context("plain path")?], 1)
            .with_context(|| what.to_owned())?;
    }
    for device in ["/dev/zero", "/dev/urandom", "/", "/nowhere"] {
        refused(&player, &["import", device], 1)?;
    }
    ensure!(player.says(&["list"])?.is_empty(), "nothing was made of them");
    Ok(())
}

#[test]
fn what_cannot_be_an_edit_changes_nothing() -> Result<()> {
    let (player, session) = with_kick()?;
    let before = player.json(&session)?;
    let long = format!("pattern kick {}", "x".repeat(100_000));
    let usage = [
        "",
        ";;;",
        "tempo NaN",
        "tempo inf",
        "tempo 1e400",
        "swing -1",
        "step kick 0 on",
        "step kick 129 on",
        "step kick 99999999999999999999 on",
        "lock kick 1 pitch=1.5",
        "lock kick 1 volume=",
        "pattern kick {",
        "pattern kick x{1:pitch=3",
        "rotate kick 99999999999",
        "euclid kick 5000 1",
        "name '",
        "sudo",
        &long,
    ];
    for edit in usage {
        refused(&player, &["edit", &session, edit], 2).with_context(|| format!("`{edit:.40}`"))?;
    }
    for edit in ["step #2 1 on", "step snare 1 on", "tempo 140; step #2 1 on"] {
        refused(&player, &["edit", &session, edit], 1).with_context(|| format!("`{edit}`"))?;
    }
    ensure!(player.json(&session)? == before);
    Ok(())
}

#[test]
fn a_home_that_is_none_is_named() -> Result<()> {
    let player = Player::arrives()?;
    let file = player.home().join("file");
    std::fs::write(&file, "not a folder")?;
    for home in [file.as_path(), Path::new("/proc/nowhere")] {
        let home = home.to_str().context("plain path")?;
        ensure!(refused(&player, &["list", "--home", home], 1)?.contains(home));
    }
    Ok(())
}

#[test]
fn a_second_host_of_a_home_shows_the_same_session() -> Result<()> {
    let (player, session) = with_kick()?;
    let host = |player: &Player| -> Result<(Running, String)> {
        let host = player.hosts(&session, &[])?;
        let ticket = host.ticket()?;
        Ok((host, ticket))
    };
    let (_first, ticket) = host(&player)?;
    let (_second, same) = host(&player)?;
    ensure!(ticket == same, "one home is one place in the network");
    Ok(())
}
