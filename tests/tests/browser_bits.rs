//! The engine gives the same bits in a browser as natively: every example session, every instrument, every effect, and recordings
//! however they are played.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use audio_engine::{Render, Sample, SampleData};
use data_encoding::BASE64;
use score::catalogue::{EffectSlot, INSTRUMENTS, PARAMETERS};
use score::program::Program;
use score::track::EffectValue;
use score::{Beats, Pattern, SampleHash, Score, Step, Track, TrackId};
use tests::{dom_after_loading, examples};

/// One bar of four quarters.
const BAR: Range<Beats> = Beats::ZERO..Beats::from_beats(4);

/// What the page does: the module renders each program in blocks of a worklet's size and prints the samples.
const PAGE: &str = r#"<!doctype html><pre id="out"></pre><script>
onerror = message => { document.getElementById("out").textContent = message.replaceAll(" ", "_"); };
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const text = bytes => { let s = ""; for (let i = 0; i < bytes.length; i += 4096) s += String.fromCharCode(...bytes.subarray(i, i + 4096)); return btoa(s); };
const module = new WebAssembly.Module(bytes("MODULE"));
const out = [];
for (const {image, bpm, frames, recordings} of PROGRAMS) {
  const engine = new WebAssembly.Instance(module).exports;
  const program = bytes(image), slot = engine.image_slot();
  for (const {hash, channels, samples} of recordings) {
    const data = new Float32Array(bytes(samples).buffer), room = engine.recording_room(data.length);
    new Float32Array(engine.memory.buffer, room, data.length).set(data);
    new Uint8Array(engine.memory.buffer, slot, 32).fill(hash);
    new Uint32Array(engine.memory.buffer, slot + 32, CUTS.length).set(CUTS);
    if (engine.keep_recording(channels, CUTS.length) !== 0) out.push("no recording");
  }
  new Uint8Array(engine.memory.buffer, slot, program.length).set(program);
  if (engine.play_image(program.length) !== 0) { out.push("refused"); continue; }
  engine.set_transport(1, bpm, 0n, 0n);
  engine.set_transport(0, bpm, 4000000n, BigInt(frames));
  const skip = engine.latency(), sound = new Float32Array(frames * 2);
  for (let done = -skip; done < frames;) {
    const count = done < 0 ? -done : Math.min(128, frames - done);
    engine.render(count);
    if (done >= 0) {
      const [leftAt, rightAt] = [engine.left(), engine.right()], memory = engine.memory.buffer;
      const left = new Float32Array(memory, leftAt, count), right = new Float32Array(memory, rightAt, count);
      for (let i = 0; i < count; i++) { sound[(done + i) * 2] = left[i]; sound[(done + i) * 2 + 1] = right[i]; }
    }
    done += count;
  }
  out.push(text(new Uint8Array(sound.buffer)));
}
document.getElementById("out").textContent = out.join(" ");
</script>"#;

/// The module that `cargo xtask web` has built beside this test.
fn module() -> Result<Vec<u8>> {
    let profile: PathBuf =
        std::env::current_exe()?.ancestors().nth(2).context("target/<profile>/deps")?.into();
    let path = profile.with_file_name("wasm32-unknown-unknown").join("web/ui_worklet.wasm");
    std::fs::read(&path)
        .with_context(|| format!("{} is missing; `cargo xtask web` builds it", path.display()))
}

/// The samples of each program as the browser renders them, with recordings at hand.
fn in_browser(programs: &[Program], recordings: &[Recording]) -> Result<Vec<Vec<u8>>> {
    let given = recordings.iter().map(|Recording { hash, channels, samples }| {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        format!("{{hash:{hash},channels:{channels},samples:{:?}}}", BASE64.encode(&bytes))
    });
    let given = format!("[{}]", given.collect::<Vec<_>>().join(","));
    let entries = programs.iter().map(|program| {
        let mut image = Vec::new();
        score::program_image::write_image(program, &mut image);
        let frames = program.tempo.frames_until(BAR.end).0;
        let bpm = program.tempo.milli_bpm();
        format!("{{image:{:?},bpm:{bpm},frames:{frames},recordings:{given}}}", BASE64.encode(&image))
    });
    let list = format!("[{}]", entries.collect::<Vec<_>>().join(","));
    let page = PAGE.replace("MODULE", &BASE64.encode(&module()?)).replace("PROGRAMS", &list);
    let page = page.replace("CUTS", &format!("{CUTS:?}"));
    let dom = dom_after_loading(&page)?;
    let out = dom
        .split_once("<pre id=\"out\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .context("output")?
        .0;
    out.split_whitespace().map(|sound| BASE64.decode(sound.as_bytes()).context(sound.to_owned())).collect()
}

/// A recording that both are given.
struct Recording {
    /// Every byte of its hash.
    hash: u8,
    channels: usize,
    samples: Vec<f32>,
}

/// Frames at which the slices of recordings begin.
const CUTS: [u32; 3] = [0, 3_000, 9_000];

fn natively(program: &Program, recordings: &[Recording]) -> Result<Vec<u8>> {
    let sample = |Recording { hash, channels, samples }: &Recording| -> Result<_> {
        let data = Arc::new(SampleData::from_interleaved(samples, *channels)?);
        Ok((SampleHash([*hash; 32]), Sample { data, cuts: CUTS.map(u64::from).into() }))
    };
    let recordings = recordings.iter().map(sample).collect::<Result<_>>()?;
    let mut render = Render::with_samples(program.clone(), recordings, BAR)?;
    let mut samples = vec![0.0; 2 * render.frames_left()];
    render.next_block(&mut samples);
    Ok(samples.iter().flat_map(|sample| sample.to_le_bytes()).collect())
}

fn hold_equal(programs: &[Program], recordings: &[Recording]) -> Result<()> {
    let theirs = in_browser(programs, recordings)?;
    ensure!(
        theirs.len() == programs.len(),
        "the page rendered {} of {} programs",
        theirs.len(),
        programs.len()
    );
    for (number, (program, theirs)) in programs.iter().zip(&theirs).enumerate() {
        let ours = natively(program, recordings)?;
        ensure!(ours.iter().any(|byte| *byte != 0), "program {number} is silent");
        ensure!(blake3::hash(&ours) == blake3::hash(theirs), "program {number} differs");
    }
    Ok(())
}

/// Sixteen tracks a session, each an instrument that plays chords of its range.
fn every_instrument() -> Vec<Program> {
    let track = |(number, id): (usize, &str)| {
        let mut pattern = Pattern::default();
        for step in [0, 5, 9, 14] {
            let pitch = Some(i8::try_from(number % 25).expect("below 25") - 12);
            pattern.steps.insert(step, Step { on: true, pitch, ..Step::default() });
        }
        let patterns = [(Score::default().first_scene(), pattern)].into();
        let order = format!("{number:04}");
        (
            TrackId::from_random(number as u64),
            Track { instrument: id.to_owned(), order, patterns, ..Track::default() },
        )
    };
    let ids: Vec<(usize, &str)> = INSTRUMENTS.iter().map(|instrument| instrument.id).enumerate().collect();
    let sessions = ids
        .chunks(16)
        .map(|ids| Score { tracks: ids.iter().copied().map(track).collect(), ..Score::default() });
    sessions.map(|score| score::lower::lower_first_scene(&score)).collect()
}

/// One session for each effect, switched on at both ends of its parameters' ranges, on a track and on the master.
fn every_effect() -> Vec<Program> {
    let mut programs = Vec::new();
    for slot in EffectSlot::ALL {
        for high in [false, true] {
            let prefix = format!("{}.", slot.id());
            let settings =
                PARAMETERS.iter().filter(|parameter| parameter.id.starts_with(&prefix)).map(|parameter| {
                    let value = match parameter.id.rsplit('.').next() {
                        Some("on") => parameter.max,
                        // Half, so that the dry sound is heard where a long delay leaves the bar silent.
                        Some("wet") => 0.5,
                        _ if high => parameter.max,
                        _ => parameter.min,
                    };
                    (parameter.id.to_owned(), EffectValue::Number(f64::from(value)))
                });
            let effects: std::collections::BTreeMap<_, _> = settings.collect();
            let pattern = Pattern {
                steps: (0..16).step_by(2).map(|step| (step, Step::active())).collect(),
                ..Pattern::default()
            };
            let patterns = [(Score::default().first_scene(), pattern)].into();
            let track = Track {
                instrument: "synth:lead".to_owned(),
                effects: effects.clone(),
                patterns,
                ..Track::default()
            };
            let score = Score {
                tracks: [(TrackId::from_random(1), track)].into(),
                master: effects,
                ..Score::default()
            };
            programs.push(score::lower::lower_first_scene(&score));
        }
    }
    programs
}

#[test]
fn example_sessions_have_the_same_bits() -> Result<()> {
    let program = |path: PathBuf| -> Result<Program> {
        let imported = crdt_model::exchange::import(&std::fs::read(&path)?)?;
        Ok(score::lower::lower_first_scene(&imported.score))
    };
    hold_equal(&examples().into_iter().map(program).collect::<Result<Vec<_>>>()?, &[])
}

#[test]
fn every_instrument_has_the_same_bits() -> Result<()> {
    hold_equal(&every_instrument(), &[])
}

#[test]
fn every_effect_has_the_same_bits() -> Result<()> {
    hold_equal(&every_effect(), &[])
}

/// Sixteen tracks that play one of two recordings at every pitch, whole, in slices, backwards and in loops.
fn every_way_of_sampling() -> Program {
    let track = |number: i8| {
        let mut pattern = Pattern::default();
        for step in [0, 3, 6, 10, 13] {
            let pitch = Some((number * 7 + i8::try_from(step).expect("a small number")) % 25 - 12);
            pattern.steps.insert(step, Step { on: true, pitch, ..Step::default() });
        }
        let bit = |place: i8| f64::from((number >> place) & 1);
        let params = [
            ("reverse", bit(0)),
            ("loop", bit(1)),
            ("slice", bit(2) * 2.0),
            ("start", bit(3) * 0.25),
            ("tune", f64::from(number) * 0.37),
        ];
        let patterns = [(Score::default().first_scene(), pattern)].into();
        let hash = SampleHash([1 + (number % 2).cast_unsigned(); 32]);
        let track = Track {
            instrument: format!("sample:{hash}"),
            order: format!("{number:02}"),
            params: params.map(|(id, value)| (id.to_owned(), value)).into(),
            patterns,
            ..Track::default()
        };
        (TrackId::from_random(u64::from(number.cast_unsigned())), track)
    };
    score::lower::lower_first_scene(&Score { tracks: (0..16).map(track).collect(), ..Score::default() })
}

#[test]
fn recordings_have_the_same_bits() -> Result<()> {
    let sound = |hash: u8, channels: usize| {
        let wave = |n: u32| ((n.wrapping_mul(n) >> 7) % 997) as f32 / 997.0 - 0.5;
        Recording { hash, channels, samples: (0..24_000).map(wave).collect() }
    };
    let program = every_way_of_sampling();
    ensure!(program.tracks.iter().all(|track| track.sample.is_some()), "all of them play recordings");
    hold_equal(&[program], &[sound(1, 1), sound(2, 2)])
}
