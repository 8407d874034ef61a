//! How fast the engine renders offline. Throughput is in frames per second: 4.8 Mitem/s are 100 x real time.

#[path = "../tests/support/mod.rs"]
mod support;

use core::ops::ControlFlow;

use audio_engine::render;
use divan::Bencher;
use divan::counter::ItemsCount;
use score::Program;
use score::catalogue::INSTRUMENTS;
use score::time::Beats;
use support::{ALL_EFFECTS, add_settings, dense, empty};

/// Beats of 64 steps.
const LENGTH: Beats = Beats::from_beats(16);

fn main() {
    divan::main();
}

fn bench(bencher: Bencher<'_, '_>, program: &Program) {
    let frames = program.tempo.frames_until(LENGTH).0;
    bencher
        .counter(ItemsCount::new(frames))
        .bench(|| render(program.clone(), Beats::ZERO..LENGTH, |_| ControlFlow::Continue(())));
}

/// 16 tracks of 64 steps on the percussion and effect sounds.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn percussion_16x64(bencher: Bencher<'_, '_>) {
    bench(bencher, &dense(0, false));
}

/// 16 tracks of 64 steps on the first sixteen `synth:` presets.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn synths_16x64(bencher: Bencher<'_, '_>) {
    let first = INSTRUMENTS.iter().position(|row| row.id == "synth:bass").expect("the catalogue lists it");
    bench(bencher, &dense(first, false));
}

/// The worst case: 16 tracks of 64 steps, every effect on every track and on the master.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn all_effects_16x64(bencher: Bencher<'_, '_>) {
    bench(bencher, &dense(0, true));
}

/// No notes, every effect on the master: what mixing and limiting cost.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn silence_with_effects(bencher: Bencher<'_, '_>) {
    let mut program = empty();
    program.master = add_settings(&mut program, ALL_EFFECTS);
    bench(bencher, &program);
}
