//! `offbeat render`

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use audio_engine::{Render, Samples};
use score::lower::lower_first_scene;
use score::{Beats, Program, Score};
use serde::Serialize;

use crate::arguments;
use crate::desk::Desk;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::samples;
use crate::source::{self, Source};
use crate::wav::{ENGINE_RATE, WavFile};

/// Frames of a block: a second of sound between two looks at the progress.
const BLOCK_FRAMES: usize = ENGINE_RATE as usize;

/// Renders that take less than this many seconds of sound show no progress: they are over before it could be read.
const PROGRESS_SECONDS: usize = 60;

/// A rendered file, as `--json` prints it.
#[derive(Serialize)]
struct Rendered {
    blake3: String,
    frames: usize,
    rate: u32,
    seconds: f64,
}

pub(super) async fn run(desk: &mut Desk, render: arguments::Render) -> Outcome {
    let score = find(desk, &render.source).await?;
    let program = lower_first_scene(&score);
    let samples = samples::load(desk, &score, &program).await?;
    let rendered = tokio::task::spawn_blocking(move || {
        to_file(program, samples, &render.out, render.bars, render.rate).map(|done| (done, render.json))
    });
    let (rendered, json) = rendered.await.map_err(anyhow::Error::new)??;
    if json {
        output::print_json(&rendered)
    } else {
        output::print_line(&format!("blake3 {}", rendered.blake3))
    }
}

/// A file of this name, else a session.
async fn find(desk: &mut Desk, named: &str) -> Outcome<Score> {
    let path = Path::new(named);
    if path.is_file() {
        let Source { score, left_out } = source::read(path)?;
        output::notes(&left_out);
        return Ok(*score);
    }
    let looks_like_a_path = named.contains('/') || path.extension().is_some();
    match desk.find(named).await {
        Ok(session) => Ok(desk.score(session).await?.score),
        Err(Failure::Failed(error)) if looks_like_a_path => {
            Err(Failure::Failed(error.context(format!("there is no file {named}"))))
        }
        Err(failure) => Err(failure),
    }
}

fn to_file(program: Program, samples: Samples, out: &Path, bars: u32, rate: u32) -> Outcome<Rendered> {
    let end = Beats(program.meter.bar().0.saturating_mul(i64::from(bars)));
    let mut render = Render::with_samples(program, samples, Beats::ZERO..end).map_err(Failure::usage)?;
    let total = render.frames_left();
    let mut file = WavFile::create(out, rate, total as u64)?;
    let mut hasher = blake3::Hasher::new();
    let mut progress = Progress::of(total);
    let mut block = vec![0.0_f32; BLOCK_FRAMES * 2];
    loop {
        let frames = render.next_block(&mut block);
        if frames == 0 {
            break;
        }
        let samples = &block[..frames * 2];
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        hasher.update(&bytes);
        file.write(samples)?;
        progress.show(total - render.frames_left());
    }
    progress.clear();
    file.finish()?;
    let seconds = total as f64 / f64::from(ENGINE_RATE);
    Ok(Rendered { blake3: hasher.finalize().to_hex().to_string(), frames: total, rate, seconds })
}

/// How far a long render has come, on a terminal.
struct Progress {
    total: usize,
    shown: Option<usize>,
    is_wanted: bool,
}

impl Progress {
    fn of(total: usize) -> Self {
        let is_long = total > PROGRESS_SECONDS * ENGINE_RATE as usize;
        Self { total, shown: None, is_wanted: is_long && io::stderr().is_terminal() }
    }

    fn show(&mut self, done: usize) {
        let percent = done * 100 / self.total.max(1);
        if self.is_wanted && self.shown != Some(percent) {
            self.shown = Some(percent);
            write!(io::stderr(), "\rrendering {percent:3} %").ok();
        }
    }

    fn clear(&self) {
        if self.shown.is_some() {
            write!(io::stderr(), "\r               \r").ok();
        }
    }
}
