//! Two players, each in a process of their own, hold the same session.

use anyhow::{Context, Result, ensure};
use tests::{Player, eventually, examples};

/// Edits that one player makes of a session with tracks: distinct values, so that losing one shows.
fn edits(player: usize, count: usize) -> String {
    let one = |number: usize| {
        let step = number % 64 + 1;
        match number % 4 {
            0 => format!("step #{} {step} on", player + 1),
            1 => format!("lock #{} {step} pitch={}", player + 1, number % 25),
            2 => format!("volume #{} {}", player + 3, (number % 100) as f32 / 100.0),
            _ => format!("step #{} {step} {}", player + 3, if number % 8 < 4 { "on" } else { "off" }),
        }
    };
    (0..count).map(one).collect::<Vec<_>>().join(";")
}

fn converged(ada: &Player, ben: &Player, session: &str) -> Result<()> {
    eventually("equal sessions", || {
        let (a, b) = (ada.json(session)?, ben.json(session)?);
        Ok((a == b).then_some(()))
    })?;
    ensure!(ada.sound(session, 2)? == ben.sound(session, 2)?, "equal sessions sound differently");
    Ok(())
}

/// Ben has joined a session of Ada's; neither is online.
struct Jam {
    ada: Player,
    ben: Player,
    session: String,
}

impl Jam {
    fn with_example() -> Result<Self> {
        let (ada, ben) = (Player::arrives()?, Player::arrives()?);
        let file =
            examples().into_iter().find(|path| path.ends_with("dense.json")).context("a dense example")?;
        let session = ada.says(&["import", file.to_str().context("plain path")?])?;
        let host = ada.hosts(&session, &[])?;
        let ticket = host.ticket()?;
        let joined = ben.says(&["join", &ticket, "--once"])?;
        ensure!(joined.lines().last() == Some(&session), "join --once prints the session's id: {joined}");
        Ok(Self { ada, ben, session })
    }
}

#[test]
fn who_joined_once_has_the_whole_session() -> Result<()> {
    let Jam { ada, ben, session } = Jam::with_example()?;
    ensure!(ada.json(&session)? == ben.json(&session)?);
    ensure!(ada.sound(&session, 1)? == ben.sound(&session, 1)?);
    Ok(())
}

#[test]
fn a_thousand_edits_from_each_at_once_converge() -> Result<()> {
    let Jam { ada, ben, session } = Jam::with_example()?;
    let host = ada.hosts(&session, &[])?;
    let _join = ben.joins(&host.ticket()?, &[])?;
    std::thread::scope(|scope| {
        let hers = scope.spawn(|| ada.says(&["edit", &session, &edits(0, 1_000)]));
        let his = scope.spawn(|| ben.says(&["edit", &session, &edits(1, 1_000)]));
        hers.join().expect("no panic")?;
        his.join().expect("no panic").map(drop)
    })?;
    converged(&ada, &ben, &session)
}

#[test]
fn a_thousand_edits_from_each_offline_converge() -> Result<()> {
    let Jam { ada, ben, session } = Jam::with_example()?;
    ada.says(&["edit", &session, &edits(0, 1_000)])?;
    ben.says(&["edit", &session, &edits(1, 1_000)])?;
    ensure!(ada.json(&session)? != ben.json(&session)?, "they worked apart");
    let host = ada.hosts(&session, &[])?;
    let _join = ben.joins(&host.ticket()?, &[])?;
    converged(&ada, &ben, &session)
}

#[test]
fn an_edit_reaches_a_player_who_is_there() -> Result<()> {
    let Jam { ada, ben, session } = Jam::with_example()?;
    let host = ada.hosts(&session, &[])?;
    let _join = ben.joins(&host.ticket()?, &[])?;
    ada.says(&["edit", &session, "tempo 97.5"])?;
    eventually("the tempo at Ben's", || Ok((ben.shown(&session)?["tempo"] == 97.5).then_some(())))?;
    ben.says(&["edit", &session, "name Two Hands"])?;
    eventually("the name at Ada's", || Ok((ada.shown(&session)?["name"] == "Two Hands").then_some(())))
}

#[test]
fn undo_takes_back_ones_own_act_and_not_the_others() -> Result<()> {
    let Jam { ada, ben, session } = Jam::with_example()?;
    let host = ada.hosts(&session, &[])?;
    let _join = ben.joins(&host.ticket()?, &[])?;
    ada.says(&["edit", &session, "tempo 91"])?;
    eventually("her tempo at Ben's", || Ok((ben.shown(&session)?["tempo"] == 91).then_some(())))?;
    ben.says(&["edit", &session, "swing 33"])?;
    eventually("his swing at Ada's", || Ok((ada.shown(&session)?["swing"] == 33).then_some(())))?;
    ada.says(&["edit", &session, "undo"])?;
    let shown = ada.shown(&session)?;
    ensure!(shown["tempo"] != 91 && shown["swing"] == 33, "{shown}");
    converged(&ada, &ben, &session)
}
