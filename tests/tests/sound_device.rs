//! What leaves the machine while `offbeat host --play` runs is the session, in time, and what `render` writes.
//!
//! The device is the null sink of a PulseAudio that the test starts for itself. Where PulseAudio is not installed the test
//! says so and is not run (`cargo xtask test` installs it).

use anyhow::{Context, Result, ensure};
use tests::{Player, Pulse, Running, eventually, onsets};

/// Four strokes to a bar at 120 BPM: a beat is half a second.
const BEAT_FRAMES: usize = 24_000;

/// A snare begins with noise, which is another one at each stroke: it passes the threshold at once or some frames later.
const ATTACK_FRAMES: usize = 4;

/// How much of a stroke is compared: 0.1 s, in which a snare has said what it is.
const STROKE_FRAMES: usize = 4_800;

/// How far from its time a stroke may be: 1 ms, which a device that settles is led back in two beats.
const IN_TIME_FRAMES: usize = 48;

/// How many bars of the render are compared with what is heard.
const BARS: usize = 4;

/// How much is recorded, in seconds: as many bars, and time for the program to start.
const SECONDS: usize = 9;

/// How often it is tried: a machine that is busy with other tests may not fill the device's buffer in time, and the sound
/// of that moment is lost.
const ATTEMPTS: usize = 8;

fn player_with_a_beat() -> Result<(Player, String)> {
    let player = Player::arrives()?;
    let session = player.says(&["new", "Four on the floor"])?;
    player.says(&["edit", &session, "tempo 120; add-track snare; pattern snare X...X...X...X..."])?;
    Ok((player, session))
}

/// The left channel of a file that `render` wrote, without the silence before the first sound.
fn rendered(player: &Player, session: &str) -> Result<Vec<f32>> {
    player.sound(session, BARS as u32)?;
    let samples = hound::WavReader::open(player.home().join("render.wav"))?
        .samples::<f32>()
        .step_by(2)
        .collect::<Result<Vec<_>, _>>()?;
    from_first_sound(&samples)
}

fn from_first_sound(samples: &[f32]) -> Result<Vec<f32>> {
    let first = samples.iter().position(|&sample| sample != 0.0).context("nothing but silence")?;
    Ok(samples[first..].to_vec())
}

/// What the device plays while a session is hosted, from its first sound on.
fn recorded(pulse: &Pulse, player: &Player, session: &str) -> Result<Vec<f32>> {
    let mut recorder = pulse.recorder()?;
    let mut host = player.command();
    host.args(["host", session, "--play"]).env("PULSE_SERVER", pulse.address());
    let host = Running::start(host)?;
    host.ticket()?;
    from_first_sound(&recorder.left(SECONDS * 48_000)?).with_context(|| host.errors())
}

#[test]
fn the_device_plays_the_session_in_time_and_as_it_is_rendered() -> Result<()> {
    if !Pulse::is_installed() {
        eprintln!("not run here: pulseaudio and pulseaudio-utils are not installed");
        return Ok(());
    }
    let (player, session) = player_with_a_beat()?;
    let wanted = rendered(&player, &session)?;
    let beats = onsets(&wanted);
    ensure!(beats.len() == 4 * BARS, "the render has four beats in each bar: {beats:?}");
    for (number, beat) in beats.iter().enumerate() {
        let apart = beat.abs_diff(beats[0] + number * BEAT_FRAMES);
        ensure!(apart <= ATTACK_FRAMES, "beats at {beats:?}");
    }
    let pulse = Pulse::start()?;
    let mut failures = Vec::new();
    for _ in 0..ATTEMPTS {
        match compare(&wanted, &recorded(&pulse, &player, &session)?) {
            Ok(()) => return Ok(()),
            Err(failure) => failures.push(format!("{failure:#}")),
        }
    }
    anyhow::bail!("{failures:#?}")
}

/// Looks for a whole bar that was heard as it was rendered, from any beat to any other: whatever the device lost before
/// that, the beats are in time and each stroke is one of the render's. The clock that all players share leads a card back by a
/// frame now and then, so the samples are alike and not the same bits; `peer/tests/sound.rs` compares those.
fn compare(wanted: &[f32], heard: &[f32]) -> Result<()> {
    let strokes = |samples: &[f32]| -> Vec<usize> {
        onsets(samples).into_iter().filter(|beat| beat + STROKE_FRAMES <= samples.len()).collect()
    };
    let (rendered, played) = (strokes(wanted), strokes(heard));
    let is_rendered =
        |beat: usize| rendered.iter().any(|&other| likeness(&heard[beat..], &wanted[other..]) > 0.99);
    let in_time = |pair: &[usize]| (pair[1] - pair[0]).abs_diff(BEAT_FRAMES) <= IN_TIME_FRAMES;
    let is_bar =
        |beats: &[usize]| beats.windows(2).all(in_time) && beats.iter().all(|&beat| is_rendered(beat));
    ensure!(played.windows(5).any(is_bar), "no bar of those at {played:?} is in time and as it was rendered");
    Ok(())
}

/// How alike two strokes are, 1 being the same but for loudness, wherever they begin within the noise of an attack.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let most = ATTACK_FRAMES as isize;
    let at = |samples: &[f32], frame: isize| {
        usize::try_from(frame).ok().and_then(|frame| samples.get(frame).copied())
    };
    let likeness = |shift: isize| {
        let pairs =
            (0..STROKE_FRAMES as isize).filter_map(|frame| Some((at(a, frame)?, at(b, frame + shift)?)));
        let (ab, aa, bb) =
            pairs.fold((0.0, 0.0, 0.0), |(ab, aa, bb), (a, b)| (ab + a * b, aa + a * a, bb + b * b));
        ab / (aa * bb).sqrt()
    };
    (-most..=most).map(likeness).fold(0.0, f32::max)
}

#[test]
fn how_late_a_device_is_can_be_read_and_is_trimmed_by_ear() -> Result<()> {
    if !Pulse::is_installed() {
        eprintln!("not run here: pulseaudio and pulseaudio-utils are not installed");
        return Ok(());
    }
    let (player, session) = player_with_a_beat()?;
    let pulse = Pulse::start()?;
    let mut host = player.command();
    host.args(["host", &session, "--play", "--stats", "--trim-ms", "-12.5"]);
    let mut host = Running::start({
        host.env("PULSE_SERVER", pulse.address());
        host
    })?;
    let sound = eventually("a device that says how late it is", || {
        let line = host.stats()?;
        Ok(line["sound"]["latency_us"].as_u64().map(|latency| (latency, line["sound"]["trim_us"].clone())))
    })?;
    ensure!((1_000..2_000_000).contains(&sound.0) && sound.1 == -12_500, "{sound:?}");
    host.stops()?;
    // What was set by ear once holds the next time.
    let mut doctor = player.command();
    let output = doctor.arg("doctor").env("PULSE_SERVER", pulse.address()).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let sound = said.lines().find(|line| line.contains(" sound ")).unwrap_or_default();
    ensure!(sound.contains("heard ") && sound.contains("trimmed by -12.5 ms"), "{said}");
    Ok(())
}

#[test]
fn without_a_device_it_says_so_in_one_line_and_goes_on() -> Result<()> {
    let (player, session) = player_with_a_beat()?;
    let nobody = format!("unix:{}", player.home().join("nobody").display());
    let mut host = player.command();
    host.args(["host", &session, "--play"]).env("PULSE_SERVER", nobody).env("ALSA_CONFIG_PATH", "/dev/null");
    let host = Running::start(host)?;
    let ticket = host.ticket()?;
    let said = eventually("a word on the missing device", || {
        let errors = host.errors();
        Ok(errors.contains("nothing is heard").then_some(errors))
    })?;
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("nothing is heard")).collect();
    ensure!(lines.len() == 1, "{said}");
    // And it goes on: others still join.
    let guest = Player::arrives()?;
    ensure!(guest.says(&["join", &ticket, "--once"])?.contains(&session));
    Ok(())
}
