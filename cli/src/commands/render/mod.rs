//! `offbeat render`

mod progress;
mod stems;
mod take;

use std::path::{Path, PathBuf};

use audio_engine::{RenderError, Samples};
use score::cycle::{Cycle, MAX_CYCLE_BARS};
use score::lower::lower_first_scene;
use score::{Beats, Program, Score};
use serde::Serialize;

use crate::arguments;
use crate::desk::Desk;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::samples;
use crate::sound_file::{ENGINE_RATE, SoundFormat};
use crate::source::{self, Source};
use progress::Progress;
use take::Take;

/// A rendered file, as `--json` prints it.
#[derive(Serialize)]
struct Rendered {
    blake3: String,
    frames: usize,
    rate: u32,
    seconds: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stems: Vec<stems::Stem>,
}

pub(super) async fn run(desk: &mut Desk, render: arguments::Render) -> Outcome {
    let json = render.json;
    let (target, format) = target_of(&render)?;
    let score = find(desk, &render.source).await?;
    let program = lower_first_scene(&score);
    let samples = samples::load(desk, &score, &program).await?;
    let take = take_of(&render, &program, samples, format);
    let names = score.playing_tracks().iter().map(|(_, track)| track.name.clone()).collect();
    let rendered = tokio::task::spawn_blocking(move || match target {
        Target::File(out) => to_file(&program, &take, &out),
        Target::Stems(folder) => to_stems(&program, &take, &folder, names),
    });
    let rendered = rendered.await.map_err(anyhow::Error::new)??;
    if json {
        output::print_json(&rendered)
    } else {
        output::print_line(&format!("blake3 {}", rendered.blake3))
    }
}

/// Where the sound goes.
enum Target {
    File(PathBuf),
    /// A file for the whole and one for each track, in this folder.
    Stems(PathBuf),
}

fn target_of(render: &arguments::Render) -> Outcome<(Target, SoundFormat)> {
    match (&render.out, &render.stems) {
        (Some(out), _) => {
            let format = SoundFormat::of(out, render.format).map_err(Failure::usage)?;
            Ok((Target::File(out.clone()), format))
        }
        (None, Some(folder)) => {
            Ok((Target::Stems(folder.clone()), render.format.unwrap_or(SoundFormat::Wav32f)))
        }
        (None, None) => {
            Err(Failure::usage(anyhow::anyhow!("say where to: give --out FILE or --stems FOLDER")))
        }
    }
}

/// What stretch of the music is rendered, and how.
fn take_of(render: &arguments::Render, program: &Program, samples: Samples, format: SoundFormat) -> Take {
    let cycle = Cycle::of(program);
    let bars = |bars: u32| Beats(program.meter.bar().0.saturating_mul(i64::from(bars)));
    let start = if render.seamless { cycle.beats().start } else { Beats::ZERO };
    let range = match render.bars {
        Some(count) => start..start + bars(count),
        None if render.seamless => cycle.beats(),
        None => start..start + bars(1),
    };
    if render.seamless && render.bars.is_none() && cycle.is_cut {
        output::note(&format!(
            "the tracks come round together after more than {MAX_CYCLE_BARS} bars: the loop has {MAX_CYCLE_BARS}"
        ));
    }
    Take { range, samples, is_loop: render.seamless, format, rate: render.rate }
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

fn to_file(program: &Program, take: &Take, out: &Path) -> Outcome<Rendered> {
    let frames = take.frames(program)?;
    let mut progress = Progress::of(frames);
    let blake3 = take.record(program, out, &mut progress)?;
    progress.clear();
    Ok(rendered(blake3, frames, take.rate, Vec::new()))
}

fn to_stems(program: &Program, take: &Take, folder: &Path, names: Vec<String>) -> Outcome<Rendered> {
    let frames = take.frames(program)?;
    let tracks = stems::heard(program, names);
    let mut progress = Progress::of(frames * (tracks.len() + 1));
    stems::make_folder(folder)?;
    let master = folder.join(export::stems::file_name(0, "Master", take.format.extension()));
    let blake3 = take.record(program, &master, &mut progress)?;
    let stems = tracks
        .into_iter()
        .map(|track| {
            let file = export::stems::file_name(track.number, &track.name, take.format.extension());
            let alone = export::stems::alone(program, track.number - 1);
            let blake3 = take.record(&alone, &folder.join(&file), &mut progress)?;
            Ok(stems::Stem { track: track.number, name: track.name, file, blake3 })
        })
        .collect::<Outcome<_>>()?;
    progress.clear();
    Ok(rendered(blake3, frames, take.rate, stems))
}

fn rendered(blake3: String, frames: usize, rate: u32, stems: Vec<stems::Stem>) -> Rendered {
    Rendered { blake3, frames, rate, seconds: frames as f64 / f64::from(ENGINE_RATE), stems }
}

/// A stretch that cannot be rendered was not asked for rightly.
fn refused(error: RenderError) -> Failure {
    Failure::usage(error)
}
