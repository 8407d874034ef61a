//! How much of the grid is painted again when somebody else changes something.

use anyhow::{Result, ensure};
use tests::{Page, Player, Server, Sound};

/// Keeps the ids of what is written to within the grid, whether that changes it or not.
const WRITES: &str = r#"
window.written = [];
new MutationObserver(records => written.push(...records.map(({ target }) => (target.closest?.("[id]") ?? target).id)))
  .observe(document.getElementById("grid"), { subtree: true, attributes: true, childList: true, characterData: true });"#;

/// Each element that was written to, once; from here on they are counted anew.
const WRITTEN: &str = "const all = [...new Set(written)]; written.length = 0; return all";

#[test]
fn an_edit_by_somebody_else_repaints_one_cell_and_not_its_row() -> Result<()> {
    let (server, page, player) =
        (Server::starts()?, Page::chromium("watcher", Sound::Off)?, Player::arrives()?);
    let session = server.founds()?;
    let link = server.page_of(&session);
    page.opens(&link)?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    player.says(&["join", &link, "--once"])?;
    page.looks(WRITES, &[])?;
    let edits = |words: &str| -> Result<()> {
        player.says(&["edit", &session, words])?;
        player.says(&["join", &link, "--once"]).map(drop)
    };

    edits("step kick 2 on")?;
    page.step("kick", 2).becomes(true)?;
    let written: Vec<String> = serde_json::from_value(page.looks(WRITTEN, &[])?)?;
    ensure!(
        written.len() == 1 && written[0].starts_with("cell-") && written[0].ends_with("-1"),
        "{written:?}"
    );

    // What does concern a whole row is seen as that: each cell's name says the track's.
    edits("rename kick drum")?;
    page.step("drum", 16).becomes(false)?;
    let written: Vec<String> = serde_json::from_value(page.looks(WRITTEN, &[])?)?;
    ensure!(written.len() >= 16, "{written:?}");
    Ok(())
}
