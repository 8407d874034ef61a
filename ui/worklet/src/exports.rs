//! The C face of [`Player`]: what a script of the browser can call, and the addresses it may write to and read from.
//!
//! The module's memory belongs to one thread, so one player in a thread-local cell is all the state there is. Addresses stay
//! valid for the module's life: the buffers behind them are allocated once and never grow.
#![allow(
    unsafe_code,
    reason = "a script finds these functions by their plain names; no memory is touched unsafely"
)]

use std::cell::RefCell;

use audio_engine::Transport;
use score::{Beats, Frames, LocalTime, Tempo};
use view::FrameLine;

use crate::player::Player;

thread_local! {
    static PLAYER: RefCell<Player> = RefCell::new(Player::new());
}

fn with<T>(act: impl FnOnce(&mut Player) -> T) -> T {
    PLAYER.with_borrow_mut(act)
}

/// The address of the slot for program images, [`crate::MAX_IMAGE_BYTES`] long. Also makes the engine, so call it first and
/// away from the audio callback.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn image_slot() -> *mut u8 {
    with(|player| player.image_slot().as_mut_ptr())
}

/// Plays the image in the slot; 0, or 1 when its bytes are not a program.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn play_image(bytes: usize) -> u32 {
    with(|player| player.play_image(bytes)).is_err().into()
}

/// From `frame` on, the music stands at `beat` (micro-beats) and moves at `milli_bpm`, or rests when `playing` is 0. Returns 0,
/// or 1 for a tempo outside its range.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn set_transport(playing: u32, milli_bpm: u32, beat: i64, frame: u64) -> u32 {
    let Some(tempo) = Tempo::from_milli_bpm(milli_bpm) else { return 1 };
    let transport =
        Transport { playing: playing != 0, tempo, beat_origin: Beats(beat), frame_origin: Frames(frame) };
    with(|player| player.set_transport(transport));
    0
}

/// Hears the session as the private mix in the slot says; 0, or 1 when its bytes are none.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn hear(bytes: usize) -> u32 {
    with(|player| (!player.hear(bytes)).into())
}

/// Presses a key on the track whose id fills the first eight bytes of the slot, in semitones from its own note; a velocity below
/// 0 lets it go.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn strike(pitch: i32, velocity: f32) {
    let pitch = pitch.clamp(i8::MIN.into(), i8::MAX.into()) as i8;
    with(|player| player.strike(pitch, (velocity >= 0.0).then_some(velocity)));
}

/// Makes room for as many samples of a recording, channels alternating; its address. The memory may grow by it.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn recording_room(samples: usize) -> *mut f32 {
    with(|player| player.recording_room(samples).as_mut_ptr())
}

/// Keeps the recording in the room under the hash (32 bytes) that begins the slot, with as many cuts (`u32`, little-endian) as follow
/// there; 0, or 1 when it is none. Programs that are sent from here on play it.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn keep_recording(channels: usize, cuts: usize) -> u32 {
    u32::from(!with(|player| player.keep_recording(channels, cuts)))
}

/// Forgets all recordings; what sounds of them goes on.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn forget_recordings() {
    with(Player::forget_recordings);
}

/// Reads the meters anew, and tells how many there are: the master's, then one for each track.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn read_meters() -> usize {
    with(|player| player.meters().count())
}

/// The address of the ids of the metered tracks, eight characters each.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn meter_ids() -> *const u8 {
    with(|player| player.meters().ids().as_ptr().cast())
}

/// The address of the meters: peak and root mean square of each.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn meter_levels() -> *const f32 {
    with(|player| player.meters().levels().as_ptr().cast())
}

/// Plays from `beat` (micro-beats) at the program's tempo, from the next frame on.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn play_from(beat: i64) {
    with(|player| player.play_from(Beats(beat)));
}

/// From here on the music is where the timeline says that fills the first `bytes` of the slot: segments of four numbers of eight bytes,
/// little-endian: the moment it begins, the beat there, thousandths of a beat a minute (0 where it stands), and
/// micro-beats in 2^40 ns. Returns 0, or 1 when it is none.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn set_timeline(bytes: usize) -> u32 {
    with(|player| player.set_timeline(bytes)).is_none().into()
}

/// Frame `frame` of the host's counter is heard at the moment `at`, and frames last `nanos` each.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn set_clock(frame: f64, at: i64, nanos: f64) {
    let line = FrameLine { frame, heard_at: LocalTime(at), nanos_per_frame: nanos };
    with(|player| player.set_clock(line));
}

/// The next block begins at frame `frame` of the host's counter. Call it before each [`render`] where there is a timeline.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn follow(frame: f64) {
    with(|player| player.follow(frame));
}

/// Whether the music moves: 1, or 0.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn is_playing() -> u32 {
    with(Player::is_playing).into()
}

/// Renders the next frames, at most [`crate::MAX_BLOCK_FRAMES`].
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn render(frames: usize) {
    with(|player| player.render(frames));
}

/// The address of the left channel of the last block.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn left() -> *const f32 {
    with(|player| player.left().as_ptr())
}

/// The address of the right channel of the last block.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn right() -> *const f32 {
    with(|player| player.right().as_ptr())
}

/// The beat that has been reached, in micro-beats.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn beat() -> i64 {
    with(|player| player.beat().0)
}

/// The beat that has left the engine, in micro-beats: behind [`beat`] by the engine's delay.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn heard_beat() -> i64 {
    with(|player| player.heard_beat().0)
}

/// Notes that sound.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn voices() -> usize {
    with(Player::voices)
}

/// The level of what leaves the engine; 1 is full scale.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn peak() -> f32 {
    with(Player::peak)
}

/// The engine's delay between an onset's frame and its sound, in frames.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
extern "C" fn latency() -> u32 {
    audio_engine::LATENCY_FRAMES as u32
}
