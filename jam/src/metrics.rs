//! What a session counts, for logs and for the tests.

/// Counts since the session was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Frames handed to links.
    pub sent_frames: u64,
    /// Bytes of those frames.
    pub sent_bytes: u64,
    /// `Change` messages sent: one per edit and link where everyone is linked with everyone.
    pub sent_changes: u64,
    /// Messages refused.
    pub refused_messages: u64,
    /// Links closed for what they sent.
    pub hostile_links: u64,
    /// How often announced heads stayed missing, so that catching up started again.
    pub mismatches: u64,
    /// Catch-ups that did not bring what the other end announced.
    pub futile_catch_ups: u64,
    /// Batches of changes received while catching up.
    pub batches: u64,
    /// Equivocations that came to light.
    pub equivocations: u64,
    /// Own edits issued again because they had been built on a branch that fell out.
    pub reissued: u64,
    /// Effects that found no room: always zero unless the host stops draining.
    pub dropped_effects: u64,
}
