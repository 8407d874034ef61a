//! Flushing denormal numbers, as some hosts do and others do not, changes no bit of the sound and of its tails.

#![cfg(target_arch = "x86_64")]
#![allow(unsafe_code, reason = "the processor's floating-point mode can only be set so")]
#![allow(clippy::unwrap_used, reason = "tests may")]

mod support;

use core::arch::asm;

use audio_engine::{Transport, engine};
use score::Program;
use score::time::{Beats, Frames};
use support::dense;

/// Flush-to-zero and denormals-are-zero of the control register.
const FLUSH: u32 = 0x8040;

fn control_register() -> u32 {
    let mut value = 0u32;
    // SAFETY: stores the register into a live local of the right size.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack)) };
    value
}

fn set_control_register(value: u32) {
    // SAFETY: loads a value that differs from the thread's own in the two flushing bits only, on a thread that this test
    // owns and ends.
    unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const value, options(nostack, readonly)) };
}

/// Two seconds of music and ten of dying away, on a thread of its own.
fn render(program: &Program, flush: bool) -> Vec<u32> {
    std::thread::scope(|scope| {
        scope
            .spawn(move || {
                let before = control_register();
                set_control_register(if flush { before | FLUSH } else { before & !FLUSH });
                let tiny = core::hint::black_box(f32::MIN_POSITIVE) * core::hint::black_box(0.5);
                assert_eq!(tiny == 0.0, flush, "the mode is in force");
                let (mut control, mut processor) = engine();
                control.set_program(program.clone());
                control.set_transport(Transport::playing(program.tempo, Beats::ZERO, Frames(0)));
                control.set_transport(Transport { frame_origin: Frames(96_000), ..Transport::stopped() });
                let mut samples = vec![0.0f32; 2 * 576_000];
                processor.process_interleaved(&mut samples);
                samples.iter().map(|sample| sample.to_bits()).collect()
            })
            .join()
            .unwrap()
    })
}

#[test]
fn flushing_denormals_changes_no_bit() {
    for first in [0, 30, 60] {
        let program = dense(first, true);
        assert!(render(&program, true) == render(&program, false), "from instrument {first}");
    }
}
