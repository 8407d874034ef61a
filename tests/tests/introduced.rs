//! Two terminals whom a server has introduced, and what its death is to them: nothing.

use anyhow::Result;
use tests::{Player, Server, eventually, plays};

fn shows(player: &Player, session: &str, track: &str, step: usize) -> Result<()> {
    eventually("the other's step", || {
        let shown = player.tries(&["show", session, "--json"])?;
        let shown = serde_json::from_str(&shown.out).unwrap_or_default();
        Ok(plays(&shown, track, step).then_some(()))
    })
}

#[test]
fn two_terminals_play_on_together_when_the_server_dies() -> Result<()> {
    let (mut server, ada, ben) = (Server::starts()?, Player::arrives()?, Player::arrives()?);
    let session = ada.says(&["new", "House", "--beat"])?;
    let link = ada.says(&["archive", &session, "--server", server.url()])?;
    let hosting = ada.hosts(&session, &[])?;
    hosting.line("ticket ")?;
    let joined = ben.joins(&link, &[])?;
    for person in [&hosting, &joined] {
        eventually("a link past the server", || Ok(person.errors().contains(" directly").then_some(())))?;
    }
    ada.says(&["edit", &session, "step kick 2 on"])?;
    shows(&ben, &session, "kick", 2)?;
    server.dies()?;
    for step in 3..10 {
        ada.says(&["edit", &session, &format!("step clap {step} on")])?;
        shows(&ben, &session, "clap", step)?;
        ben.says(&["edit", &session, &format!("step hat {step} on")])?;
        shows(&ada, &session, "hat", step)?;
    }
    // Nor does its return change anything but that it gets what it missed.
    server.returns()?;
    eventually("what was made meanwhile on the server", || {
        let kept = server.session(&session)?;
        Ok((plays(&kept["state"], "clap", 9) && plays(&kept["state"], "hat", 9)).then_some(()))
    })
}
