//! Sessions of real users, and our own examples, from the file to the sound.

use anyhow::{Context, Result, ensure};
use tests::{Player, examples, shared_sessions};

/// Peak of a rendered file over both channels.
fn peak(player: &Player) -> Result<f32> {
    let mut reader = hound::WavReader::open(player.home().join("render.wav"))?;
    let spec = reader.spec();
    ensure!(spec.channels == 2 && spec.sample_rate == 48_000 && spec.bits_per_sample == 32);
    let samples: Vec<f32> = reader.samples::<f32>().collect::<Result<_, _>>()?;
    ensure!(samples.iter().all(|sample| sample.is_finite()));
    Ok(samples.iter().fold(0.0, |peak: f32, sample| peak.max(sample.abs())))
}

#[test]
fn every_file_imports_and_sounds() -> Result<()> {
    let player = Player::arrives()?;
    for file in shared_sessions().into_iter().chain(examples()) {
        let path = file.to_str().context("plain path")?;
        let session = player.says(&["import", path])?;
        player.sound(&session, 2)?;
        let peak = peak(&player)?;
        ensure!((0.01..=1.0).contains(&peak), "{path} peaks at {peak}");
    }
    Ok(())
}

#[test]
fn a_file_and_the_session_made_of_it_sound_the_same() -> Result<()> {
    let player = Player::arrives()?;
    for file in examples() {
        let path = file.to_str().context("plain path")?;
        let session = player.says(&["import", path])?;
        ensure!(player.sound(path, 1)? == player.sound(&session, 1)?, "{path}");
    }
    Ok(())
}

/// All of a session but what tells it from a copy: its id, and when it was made.
fn music(player: &Player, session: &str) -> Result<serde_json::Value> {
    let mut shown = player.shown(session)?;
    let fields = shown.as_object_mut().context("a session is an object")?;
    for field in ["id", "created_at"] {
        ensure!(fields.remove(field).is_some(), "a session has its `{field}`");
    }
    Ok(shown)
}

#[test]
fn what_is_exported_imports_as_the_same_session() -> Result<()> {
    let player = Player::arrives()?;
    for file in shared_sessions().into_iter().chain(examples()) {
        let first = player.says(&["import", file.to_str().context("plain path")?])?;
        let out = player.home().join("out.json");
        let out = out.to_str().context("plain path")?;
        player.says(&["export", &first, "--format", "json", "--out", out])?;
        let second = player.says(&["import", out])?;
        ensure!(music(&player, &first)? == music(&player, &second)?, "{}", file.display());
    }
    Ok(())
}
