//! Killed while it writes: no edit that was reported saved is lost, and the store always opens.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tests::Player;

/// How often the program is killed.
const KILLS: u32 = 200;

/// A small generator, so that a failure is replayed from its number: splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[test]
fn no_saved_edit_is_lost_by_two_hundred_kills() -> Result<()> {
    let player = Player::arrives()?;
    let session = player.says(&["new", "Killed"])?;
    player.says(&["edit", &session, "add-track kick"])?;
    let mut state = 7;
    let mut saved = 0u32;
    for kill in 0..KILLS {
        // Each edit renames the session to a number one higher; `--json` reports each one as it is saved.
        let edits: Vec<String> =
            (saved + 1..saved + 40).map(|number| format!("name take {number}")).collect();
        let mut command = player.command();
        command
            .args(["edit", &session, "--json", &edits.join(";")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let stop_after = random(&mut state) % 38;
        let out = BufReader::new(child.stdout.take().context("piped")?);
        let mut reported = saved;
        for line in out.lines() {
            let report: serde_json::Value = serde_json::from_str(&line?)?;
            ensure!(report["saved"] == true, "kill {kill}: {report}");
            reported += 1;
            if u64::from(reported - saved) > stop_after {
                child.kill()?;
            }
        }
        child.wait()?;
        let shown = player.shown(&session)?;
        let name = shown["name"].as_str().context("a name")?;
        let held: u32 = name.strip_prefix("take ").map_or(Ok(0), str::parse)?;
        ensure!(held >= reported, "kill {kill}: {reported} was reported saved, {held} is there");
        saved = held;
    }
    ensure!(saved > KILLS, "the kills came before anything was written");
    Ok(())
}
