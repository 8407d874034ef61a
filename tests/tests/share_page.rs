//! A link that someone was sent: the page behind it plays, in time and bit for bit, and is edited; a wrong link says so.

use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use score::program::Program;
use score::{Beats, program_image};
use tests::{Key, Page, Player, Pulse, Server, Sound, eventually, onsets, plays};

/// One bar of four quarters.
const BAR: Beats = Beats::from_beats(4);

/// Between two strokes at 120 BPM.
const BEAT_FRAMES: usize = 24_000;

/// How often six seconds are listened to.
const ATTEMPTS: usize = 8;

/// A page of a session that was just founded.
fn page_of_a_session(server: &Server, page: &Page) -> Result<String> {
    let session = server.founds()?;
    page.opens(&server.page_of(&session))?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    Ok(session)
}

#[test]
fn the_worklet_of_the_page_renders_the_bits_of_the_native_engine() -> Result<()> {
    let (server, page, player) =
        (Server::starts()?, Page::chromium("listener", Sound::Off)?, Player::arrives()?);
    page.keeps_programs()?;
    let session = page_of_a_session(&server, &page)?;
    page.clicks("button", "^play$")?;
    let image = page.program()?;
    let mut program = Program::with_full_capacity();
    program_image::read_image(&mut program, &image).context("what the page plays is a program")?;
    let frames = program.tempo.frames_until(BAR).0;
    let theirs = page.renders(&image, frames as u32)?;
    ensure!(theirs.iter().any(|byte| *byte != 0), "the page is silent");
    // A bar more than is compared: this one stops at its end, and that one plays on.
    let ours = audio_engine::render(program, Beats::ZERO..BAR + BAR, |_| ControlFlow::Continue(()))?;
    let ours: Vec<u8> = ours.iter().flat_map(|sample| sample.to_le_bytes()).take(theirs.len()).collect();
    ensure!(blake3::hash(&ours) == blake3::hash(&theirs), "the program of the page sounds differently there");
    // And that program is the session, as the terminal renders it.
    player.says(&["join", &server.page_of(&session), "--once"])?;
    player.sound(&session, 2)?;
    let rendered = hound::WavReader::open(player.home().join("render.wav"))?
        .samples::<f32>()
        .take(frames as usize * 2)
        .map(|sample| Ok(sample?.to_le_bytes()))
        .collect::<Result<Vec<_>>>()?;
    ensure!(blake3::hash(&rendered.concat()) == blake3::hash(&theirs), "the terminal renders something else");
    Ok(())
}

#[test]
fn a_page_is_heard_at_the_device_in_time() -> Result<()> {
    let (server, pulse, player) = (Server::starts()?, Pulse::start()?, Player::arrives()?);
    // Four short strokes to a bar, and nothing else: what is heard can be counted.
    let session = player.says(&["new", "Four on the floor"])?;
    player.says(&["edit", &session, "tempo 120; add-track snare; pattern snare X...X...X...X..."])?;
    let link = player.says(&["archive", &session, "--server", server.url()])?;
    let page = Page::chromium("listener", Sound::At(&pulse))?;
    page.opens(&link)?;
    page.step("snare", 13).becomes(true)?;
    let mut recorder = pulse.recorder()?;
    page.clicks("button", "^play$")?;
    let mut heard = Vec::new();
    for _ in 0..ATTEMPTS {
        let beats = onsets(&recorder.left(6 * 48_000)?);
        // A stall of a busy machine moves what comes after it: eight in a row are enough.
        let gaps: Vec<usize> = beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if gaps.windows(7).any(|gaps| gaps.iter().all(|gap| gap.abs_diff(BEAT_FRAMES) <= 48)) {
            return Ok(());
        }
        heard.push(gaps);
    }
    bail!("never eight beats in a row, half a second apart; between them were {heard:?} frames")
}

/// What everyone does with a page: hear it, edit it, find the edit again.
fn is_played_and_edited(page: &Page) -> Result<()> {
    let server = Server::starts()?;
    let session = page_of_a_session(&server, page)?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    page.step("kick", 2).clicks()?;
    page.step("kick", 2).becomes(true)?;
    eventually("the step on the server", || {
        Ok(plays(&server.session(&session)?["state"], "kick", 2).then_some(()))
    })?;
    page.reloads()?;
    page.step("kick", 2).becomes(true)?;
    page.clicks("button", "^undo$")?;
    page.step("kick", 2).becomes(false)
}

#[test]
fn a_page_is_played_and_edited_in_chromium() -> Result<()> {
    is_played_and_edited(&Page::chromium("player", Sound::Off)?)
}

#[test]
fn a_page_is_played_and_edited_in_firefox() -> Result<()> {
    // Its clock of sound needs a device.
    let pulse = Pulse::start()?;
    is_played_and_edited(&Page::firefox("player", Sound::At(&pulse))?)
}

#[test]
fn a_beat_stays_as_it_was_and_its_remix_does_not_change_it() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("creator", Sound::Off)?);
    page.opens(server.url())?;
    page.clicks("button", "^new session$")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()?;
    let grid = page.steps()?;
    page.clicks("button", "^publish$")?;
    let link = page.reads("textbox", "^link$")?;
    ensure!(link.contains("/b/"), "{link}");
    page.presses(&[Key::Escape])?;
    page.step("kick", 2).clicks()?;
    page.step("kick", 2).becomes(true)?;

    let listener = Page::chromium("listener", Sound::Off)?;
    listener.opens(&link)?;
    listener.shows_steps(&grid)?;
    listener.clicks("button", "^play$")?;
    listener.plays_on()?;
    // Nothing is edited there.
    listener.step("kick", 2).clicks()?;
    listener.presses(&[Key::Enter])?;
    listener.shows_steps(&grid)?;
    // A remix is a session of the listener's own.
    listener.clicks("button", "^remix$")?;
    listener.link_with("/s/")?;
    listener.shows_steps(&grid)?;
    listener.step("kick", 3).clicks()?;
    listener.step("kick", 3).becomes(true)?;
    listener.opens(&link)?;
    listener.shows_steps(&grid)?;
    page.step("kick", 3).becomes(false)
}

#[test]
fn a_wrong_link_says_so_and_offers_a_new_session() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("stranger", Sound::Off)?);
    for wrong in ["/s/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/s/nonsense", "/b/nonsense", "/nowhere"] {
        let (status, _) = server.gets(wrong)?;
        ensure!(status == 404, "{wrong}: {status}");
    }
    page.opens(&format!("{}/s/aaaaaaaaaaaaaaaaaaaaaaaaaa", server.url()))?;
    page.sees("heading", "^nothing plays here$")?;
    page.clicks("button", "^new session$")?;
    page.link_with("/s/")?;
    page.sees("gridcell", "^kick, step 16 of 16")?;
    page.is_live()
}

#[test]
fn a_page_is_seen_before_the_session_has_loaded() -> Result<()> {
    let (server, page) = (Server::starts()?, Page::chromium("hurried", Sound::Off)?);
    let session = server.founds()?;
    // Whoever cannot load the session's part still sees and hears what the server wrote into the page.
    page.refuses("*/assets/worker-*")?;
    let page = page.with_patience(Duration::from_mins(1));
    page.opens(&server.page_of(&session))?;
    page.step("kick", 1).becomes(true)?;
    page.clicks("button", "^play$")?;
    page.plays_on()
}
