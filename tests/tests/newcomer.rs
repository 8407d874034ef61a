//! Somebody who has never seen it: with nothing but what the page shows, they make and hear a beat of four tracks with a melody, publish
//! it, and remix it. Every click, drag and key is counted.

use std::cell::Cell;
use std::ops::ControlFlow;

use anyhow::{Context, Result, ensure};
use score::program::Program;
use score::{Beats, program_image};
use tests::{Page, Point, Server, Sound};

/// More would be no first minute.
const MAX_ACTIONS: u32 = 39;

/// One bar of four quarters.
const BAR: Beats = Beats::from_beats(4);

/// The part of the grid of notes that is seen.
const NOTES: &str = "const [grid] = seen('grid', '^notes$'); if (!grid) return null;
    const [all, frame] = [grid, grid.parentElement].map(element => element.getBoundingClientRect());
    const [top, bottom] = [Math.max(all.top, frame.top), Math.min(all.bottom, frame.bottom)];
    return { left: all.left, width: all.width, top, height: bottom - top };";

/// A person at a page, who finds things by what is written on them.
struct Newcomer {
    page: Page,
    actions: Cell<u32>,
}

impl Newcomer {
    fn acts(&self) {
        self.actions.set(self.actions.get() + 1);
    }

    fn clicks(&self, role: &str, name: &str) -> Result<()> {
        self.acts();
        self.page.clicks(role, name)
    }

    fn step(&self, track: &str, number: u16) -> Result<()> {
        self.clicks("gridcell", &format!("^{track}, step {number} of "))?;
        self.page.step(track, number).becomes(true)
    }

    /// Paints from one step to another with one movement.
    fn paints(&self, track: &str, from: u16, to: u16) -> Result<()> {
        self.acts();
        let at = |number: u16| self.page.point("gridcell", &format!("^{track}, step {number} of "), 0.5, 0.5);
        self.page.draws(&[at(from)?, at(to)?], None)?;
        self.page.step(track, to).becomes(true)
    }

    /// Adds a track of an instrument.
    fn adds(&self, instrument: &str) -> Result<()> {
        self.clicks("button", "^add a track$")?;
        self.clicks("button", &format!("^{instrument}$"))?;
        self.page.sees("gridcell", &format!("^{instrument}, step 16 of 16, off")).map(drop)
    }

    fn removes(&self, track: &str) -> Result<()> {
        self.clicks("button", &format!("^more for {track}$"))?;
        self.clicks("button", "^remove track$")?;
        self.page.sees_no("gridcell", &format!("^{track}, step 1 of "))
    }

    /// Draws a note of the melody, at a share of the height that is seen of the grid of notes.
    fn note(&self, step: u16, height: f64) -> Result<()> {
        self.acts();
        let place = self.page.awaits("grid of notes", NOTES, &[])?;
        let number = |name: &str| place[name].as_f64().context("a place is made of numbers");
        let share = (f64::from(step) - 0.5) / 16.0;
        let at = Point {
            x: (number("left")? + number("width")? * share).floor(),
            y: (number("top")? + number("height")? * height).floor(),
        };
        self.page.draws(&[at], None)?;
        self.page.sees("gridcell", &format!("^[A-G]♯?[0-9], step {step} of 16, on")).map(drop)
    }

    /// How loud the first bar of what the page plays is at most.
    fn loudness(&self) -> Result<f32> {
        let mut program = Program::with_full_capacity();
        program_image::read_image(&mut program, &self.page.program()?)
            .context("what the page plays is a program")?;
        let sound = audio_engine::render(program, Beats::ZERO..BAR, |_| ControlFlow::Continue(()))?;
        Ok(sound.iter().fold(0.0, |loudest, sample| sample.abs().max(loudest)))
    }
}

#[test]
fn a_newcomer_makes_hears_publishes_and_remixes_a_beat_with_a_melody_in_under_forty_actions() -> Result<()> {
    let server = Server::starts()?;
    let page = Page::chromium("newcomer", Sound::Off)?;
    page.keeps_programs()?;
    let newcomer = Newcomer { page, actions: Cell::new(0) };
    // They open the first page.
    newcomer.acts();
    newcomer.page.opens(server.url())?;
    newcomer.clicks("button", "^new session$")?;
    newcomer.page.sees("gridcell", "^kick, step 16 of 16")?;
    newcomer.clicks("button", "^play$")?;
    newcomer.page.plays_on()?;
    ensure!(newcomer.loudness()? > 0.1, "a new session is silent");
    makes_a_beat(&newcomer)?;
    ensure!(newcomer.loudness()? > 0.1, "the beat is silent");
    newcomer.page.plays_on()?;
    let grid = newcomer.page.steps()?;
    publishes_and_remixes(&newcomer, &grid)?;
    let actions = newcomer.actions.get();
    println!("{actions} actions");
    ensure!(actions <= MAX_ACTIONS, "{actions} actions");
    Ok(())
}

/// All of their own: three drums and a melody, in place of what was there.
fn makes_a_beat(newcomer: &Newcomer) -> Result<()> {
    for track in ["kick", "clap", "hat", "bass"] {
        newcomer.removes(track)?;
    }
    newcomer.adds("808 Kick")?;
    for step in [1, 7, 11] {
        newcomer.step("808 Kick", step)?;
    }
    newcomer.adds("Snare")?;
    for step in [5, 13] {
        newcomer.step("Snare", step)?;
    }
    newcomer.adds("Shaker")?;
    newcomer.paints("Shaker", 1, 8)?;
    newcomer.paints("Shaker", 9, 16)?;
    newcomer.adds("Marimba")?;
    newcomer.clicks("tab", "^keys$")?;
    newcomer.page.sees("grid", "^notes$")?;
    for (step, height) in [(1, 0.5), (4, 0.4), (7, 0.45), (11, 0.35), (15, 0.55)] {
        newcomer.note(step, height)?;
    }
    newcomer.page.step("Marimba", 15).becomes(true)?;
    newcomer.clicks("button", "^close the dock$")
}

fn publishes_and_remixes(newcomer: &Newcomer, grid: &[String]) -> Result<()> {
    newcomer.clicks("button", "^publish$")?;
    let link = newcomer.page.reads("textbox", "^link$")?;
    ensure!(link.contains("/b/"), "{link}");
    newcomer.acts();
    newcomer.page.opens(&link)?;
    newcomer.page.shows_steps(grid)?;
    newcomer.clicks("button", "^remix$")?;
    newcomer.page.link_with("/s/")?;
    newcomer.page.shows_steps(grid)?;
    newcomer.step("Snare", 16)?;
    newcomer.clicks("button", "^play$")?;
    newcomer.page.plays_on()
}
