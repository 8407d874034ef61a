//! Keeps the system's sound library from writing to the terminal.
//!
//! ALSA complains on standard error about every device that it does not find, which would stand in the middle of what a
//! program shows there. What is wrong is said by [`SoundError`](super::SoundError), once.

/// Has what ALSA says on this thread collected and thrown away. To be called before a device is looked for.
#[cfg(target_os = "linux")]
pub(super) fn hush() {
    if let Err(error) = alsa::Output::local_error_handler() {
        tracing::debug!(%error, "the sound library cannot be kept from writing to the terminal");
    }
}

/// Elsewhere the sound libraries are silent by themselves.
#[cfg(not(target_os = "linux"))]
pub(super) fn hush() {}
