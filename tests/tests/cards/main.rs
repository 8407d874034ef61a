//! Sound cards that run at speeds of their own leave every step at the same moment: of two native players, and of one and a page.
//!
//! The cards are emulated, behind PulseAudio; where that is not installed the tests say so and are not run. `cargo xtask bench cards`
//! measures how close they are; a machine that is busy with other tests hands sound on late, so that here only what nobody could
//! mistake is held.

#![allow(dead_code, unreachable_pub, reason = "shared with a benchmark")]

mod jams;

use anyhow::{Result, ensure};
use tests::{Pulse, Spreads};

/// A twelfth of a beat at 120: one hears two where there is one.
const MOST_MICROS: f64 = 40_000.0;

fn holds(spreads: &Spreads) -> Result<()> {
    let (steps, median) = (spreads.nanos.len(), spreads.micros(50));
    println!("{steps} steps, half within {median:.0} us");
    ensure!(steps >= 20, "{steps} steps were compared");
    ensure!(median < MOST_MICROS, "half of the steps were heard within {median} us");
    Ok(())
}

fn is_here() -> bool {
    let is_here = Pulse::is_installed();
    if !is_here {
        eprintln!("not run here: pulseaudio and pulseaudio-utils are not installed");
    }
    is_here
}

#[test]
fn two_cards_of_different_speed_leave_a_step_together() -> Result<()> {
    if is_here() { holds(&jams::two_natives(8)?) } else { Ok(()) }
}

#[test]
fn a_page_and_a_native_player_leave_a_step_together() -> Result<()> {
    if is_here() { holds(&jams::page_and_native(8)?) } else { Ok(()) }
}
