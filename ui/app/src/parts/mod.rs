//! What is seen.

pub(crate) mod cells;
pub(crate) mod connection;
pub(crate) mod frame;
pub(crate) mod grid;
pub(crate) mod header;
pub(crate) mod home;
pub(crate) mod icon;
pub(crate) mod instruments;
pub(crate) mod invite;
pub(crate) mod keyboard;
pub(crate) mod menu;
pub(crate) mod number;
pub(crate) mod panel;
pub(crate) mod people;
pub(crate) mod pointer;
pub(crate) mod reorder;
pub(crate) mod shortcuts;
pub(crate) mod step_editor;
pub(crate) mod strip;
pub(crate) mod toasts;
pub(crate) mod track_menu;
pub(crate) mod transport;
