//! How fast one pattern is rendered here, and by others who do the same.
//!
//! Sixteen tracks of sixty-four steps, a saw and a triangle through a 24 dB low-pass, both envelopes: as much alike as the
//! programs' own parts allow. All render the same notes to the same length, in turns, and what counts is the processor time
//! that each spent outside of the system (in hundredths of a second, as the kernel tells it). A program that is missing is named.

#[path = "../../../audio-engine/tests/support/mod.rs"]
mod support;

mod csound;
mod pattern;
mod processor_time;
mod scsynth;

use std::rc::Rc;

use anyhow::Result;
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
    let (for_scsynth, for_csound) = (notes.clone(), notes.clone());
    let mut entrants = vec![
        entrant("Offbeat, native", pattern::render),
        entrant("scsynth -N", move || scsynth::render(&for_scsynth)),
        entrant("csound", move || csound::render(&for_csound)),
    ];
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
    report(&mut entrants);
    Ok(())
}

fn entrant(name: &'static str, render: impl FnMut() -> Result<f64> + 'static) -> Entrant {
    Entrant { name, render: Box::new(render), seconds: Vec::new() }
}

/// Speeds, and how many times as fast Offbeat is natively.
fn report(entrants: &mut [Entrant]) {
    let speeds: Vec<(&str, f64)> = entrants
        .iter_mut()
        .map(|entrant| {
            entrant.seconds.sort_by(f64::total_cmp);
            (entrant.name, SECONDS / entrant.seconds[ROUNDS / 2])
        })
        .collect();
    for (name, speed) in &speeds {
        figure(&format!("16 tracks, saw and low-pass: {name}"), *speed, "x real time");
    }
    for (name, speed) in &speeds[1..] {
        figure(
            &format!("16 tracks, saw and low-pass: Offbeat, native, over {name}"),
            speeds[0].1 / speed,
            "times as fast",
        );
    }
}
