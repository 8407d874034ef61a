//! Offbeat's sound: a [`score::Program`] and a position in, samples out.
//!
//! # What it is
//! The engine plays programs at 48 kHz in stereo: it asks [`mod@score::schedule`] which notes begin in the next frames, sounds each at
//! its exact frame on a voice of a fixed pool, runs every track through its effects and fader, and the sum through the
//! master's effects and a true-peak limiter. It does no I/O and knows neither the session document, nor a sound device,
//! nor a clock: whoever owns a device asks for blocks, and whoever keeps time says which beat falls on which frame.
//!
//! # Who owns what
//! [`engine`] makes two halves, joined by bounded rings.
//! - [`Control`] belongs to any thread that directs: it prepares programs, sends them with transports and private mixes,
//!   frees what comes back, and reads the newest [`Report`].
//! - [`Processor`] belongs to the audio thread. It owns voices, effects, levels and position, all allocated when it was made.
//!   [`Processor::process`] never allocates, frees, locks, logs, blocks or panics, and what leaves it is finite.
//!
//! # The same bits everywhere
//! The same program and beats give the same bits on every platform, in blocks of any size. So sound is made in quanta of
//! [`QUANTUM_FRAMES`] counted from the start of playing, whatever the host's blocks are; the arithmetic is `+ - * /` and
//! square roots in one written order, everything else polynomials or `libm`; recursive state is flushed before it
//! becomes denormal; chance comes from seeds; and time is counted on integers, anew for every quantum.
//!
//! # The way of a note
//! ```text
//! Program -> agenda (onsets ahead) -> performer -> voice pool -> bus of its track
//!   -> strip: effects, fader and pan, meter, my ears -> master: effects, limiter, meter -> my metronome -> device
//! ```
//!
//! # Example
//! ```
//! use score::time::{Beats, Frames, Tempo};
//!
//! let (mut control, mut processor) = audio_engine::engine();
//! control.set_program(score::Program::default());
//! control.set_transport(audio_engine::Transport::playing(Tempo::default(), Beats::ZERO, Frames(0)));
//!
//! let (mut left, mut right) = ([0.0; 512], [0.0; 512]);
//! processor.process(&mut left, &mut right);
//! assert!(control.report().is_playing);
//! ```

mod agenda;
mod control;
mod dsp;
mod ears;
mod effect;
mod hand;
pub mod instrument;
mod limiter;
mod message;
mod meter;
mod metronome;
mod mixer;
mod performer;
mod playhead;
mod pool;
mod prepared;
mod processor;
mod render;
mod render_loop;
mod report;
mod sample;
mod scan;
mod smooth;
mod transport;

pub use control::Control;
pub use ears::Ears;
pub use limiter::LATENCY_FRAMES;
pub use meter::Level;
pub use pool::{MAX_VOICES, MAX_VOICES_PER_TRACK};
pub use processor::Processor;
pub use render::{MAX_RENDER_FRAMES, Progress, Render, RenderError, render};
pub use render_loop::render_loop;
pub use report::Report;
pub use sample::{MAX_SAMPLE_FRAMES, Sample, SampleData, SampleError, Samples};
pub use smooth::QUANTUM_FRAMES;
pub use transport::Transport;

/// The two halves of one engine.
///
/// Allocates everything here, some 40 MB of delay lines that stay untouched until an effect uses them: call it from any thread but the audio thread.
pub fn engine() -> (Control, Processor) {
    dsp::edge::prepare();
    let (outbox, inbox) = rtrb::RingBuffer::new(message::INBOX_MESSAGES);
    let (retired_in, retired_out) = rtrb::RingBuffer::new(message::RETIRED_PROGRAMS);
    let (reports_in, reports_out) = triple_buffer::triple_buffer(&Report::default());
    let bank = sample::SharedBank::default();
    let control = Control::new(outbox, retired_out, reports_out, bank.clone());
    (control, Processor::new(inbox, retired_in, reports_in, bank))
}
