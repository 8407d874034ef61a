//! What the interface knows, as plain data and pure functions: no signals, no document, no browser.

pub(crate) mod address;
pub(crate) mod beat_clock;
pub(crate) mod cell;
pub(crate) mod chord;
pub(crate) mod clip;
pub(crate) mod diagnosis;
pub(crate) mod drawing;
pub(crate) mod fault;
pub(crate) mod guise;
pub(crate) mod keys;
pub(crate) mod link_state;
pub(crate) mod lock;
pub(crate) mod notes;
pub(crate) mod number;
pub(crate) mod overview;
pub(crate) mod pace;
pub(crate) mod past;
pub(crate) mod pending;
pub(crate) mod response;
pub(crate) mod ruler;
pub(crate) mod selection;
pub(crate) mod sound_clock;
pub(crate) mod step_edits;
pub(crate) mod stroke;
pub(crate) mod touched;
pub(crate) mod turn;
