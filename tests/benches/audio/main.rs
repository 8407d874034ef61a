//! How fast one pattern is rendered here, and by others who do the same.
//!
//! Sixteen tracks of sixty-four steps, a saw and a triangle through a 24 dB low-pass, both envelopes: as much alike as the
//! programs' own parts allow; and the same notes by a recording at their pitches. All render the same notes to the same length, in
//! turns, and what counts is the processor time that each spent outside of the system (in hundredths of a second, as the kernel tells
//! it). A program that is missing is named.

#[path = "../../../audio-engine/tests/support/mod.rs"]
mod support;

mod chromium;
mod csound;
mod pattern;
mod processor_time;
mod scsynth;

use std::rc::Rc;

use anyhow::{Context, Result};
use chromium::Browser;
use pattern::SECONDS;
use tests::figure;

/// Each figure is the median of so many rounds.
const ROUNDS: usize = 5;

/// One that renders: its name, and what gives the seconds of processor time that it took.
struct Entrant {
    name: &'static str,
    render: Box<dyn FnMut() -> Result<f64>>,
    seconds: Vec<f64>,
}

fn main() -> Result<()> {
    let notes = Rc::new(pattern::notes());
    let browser =
        Browser::open().map(Rc::new).inspect_err(|missing| println!("without Chromium: {missing:#}")).ok();
    let (for_scsynth, for_csound) = (notes.clone(), notes.clone());
    let mut waves = vec![
        entrant("Offbeat, native", || pattern::render(false)),
        entrant("scsynth -N", move || scsynth::render(&for_scsynth)),
        entrant("csound", move || csound::render(&for_csound)),
    ];
    let mut samples = vec![entrant("Offbeat, native", || pattern::render(true))];
    for (sampled, entrants) in [(false, &mut waves), (true, &mut samples)] {
        for (name, ours) in [("Offbeat in Chromium", true), ("Chromium, OfflineAudioContext", false)] {
            let Some(browser) = browser.clone() else { continue };
            let notes = notes.clone();
            let program = pattern::program(sampled);
            entrants.push(entrant(name, move || {
                if ours { browser.render_ours(&program, sampled) } else { browser.render(&notes, sampled) }
            }));
        }
    }
    compare("16 tracks, saw and low-pass", waves)?;
    compare("16 tracks, a recording", samples)
}

fn entrant(name: &'static str, render: impl FnMut() -> Result<f64> + 'static) -> Entrant {
    Entrant { name, render: Box::new(render), seconds: Vec::new() }
}

/// Has all render in turns, and reports.
fn compare(what: &str, mut entrants: Vec<Entrant>) -> Result<()> {
    // The first round only warms up, and finds out who is there.
    entrants.retain_mut(|entrant| match (entrant.render)() {
        Ok(_) => true,
        Err(missing) => {
            println!("without {}: {missing:#}", entrant.name);
            false
        }
    });
    for _ in 0..ROUNDS {
        for entrant in &mut entrants {
            entrant.seconds.push((entrant.render)()?);
        }
    }
    report(what, &mut entrants)
}

/// Speeds, and how many times as fast Offbeat is natively.
fn report(what: &str, entrants: &mut [Entrant]) -> Result<()> {
    let speeds: Vec<(&str, f64)> = entrants
        .iter_mut()
        .map(|entrant| {
            entrant.seconds.sort_by(f64::total_cmp);
            (entrant.name, SECONDS / entrant.seconds[ROUNDS / 2])
        })
        .collect();
    for (name, speed) in &speeds {
        figure(&format!("{what}: {name}"), *speed, "x real time");
    }
    let ((_, ours), others) = speeds.split_first().context("Offbeat itself renders")?;
    for (name, speed) in others {
        figure(&format!("{what}: Offbeat, native, over {name}"), ours / speed, "times as fast");
    }
    Ok(())
}
