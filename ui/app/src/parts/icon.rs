//! Small pictures, drawn with lines.

use leptos::prelude::*;

/// A picture of 16 x 16.
pub(crate) fn icon(path: &'static str) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=path/></svg> }
}

/// A triangle.
pub(crate) const PLAY: &str = "M4.5 2.8v10.4L13 8z";
/// Two bars.
pub(crate) const PAUSE: &str = "M5 3v10M11 3v10";
/// A square.
pub(crate) const STOP: &str = "M4 4h8v8H4z";
/// An arrow back.
pub(crate) const UNDO: &str = "M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7";
/// An arrow on.
pub(crate) const REDO: &str = "M10 3l3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9";
/// Three dots.
pub(crate) const MORE: &str = "M3.5 8h.01M8 8h.01M12.5 8h.01";
/// A plus.
pub(crate) const PLUS: &str = "M8 3v10M3 8h10";
/// An arrowhead.
pub(crate) const CHEVRON: &str = "M3.5 10 8 5.5l4.5 4.5";
/// A cross.
pub(crate) const CLOSE: &str = "M4 4l8 8M12 4l-8 8";
/// Six dots to hold on to.
pub(crate) const GRIP: &str = "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01";
/// Two sheets.
pub(crate) const COPY: &str = "M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2";
/// A loudspeaker.
pub(crate) const SPEAKER: &str = "M3 6.2v3.6h2.3L8.5 13V3L5.3 6.2zM10.8 5.6a3.4 3.4 0 0 1 0 4.8";
/// A shut padlock.
pub(crate) const LOCKED: &str = "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5";
/// An open padlock.
pub(crate) const UNLOCKED: &str = "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1";
/// Two arrows that follow each other.
pub(crate) const LOOP: &str =
    "M3 8V6.5a2 2 0 0 1 2-2h7.5M10.5 2.5l2 2-2 2M13 8v1.5a2 2 0 0 1-2 2H3.5M5.5 9.5l-2 2 2 2";
/// A triangle that points down.
pub(crate) const DOWN: &str = "M4.5 6.5 8 10l3.5-3.5";
/// Bars of different heights.
pub(crate) const LANE: &str = "M3.5 13v-4M6.5 13V5M9.5 13V8M12.5 13V3";
/// A triangle that points left.
pub(crate) const LEFT: &str = "M9.5 4.5 6 8l3.5 3.5";
/// A triangle that points right.
pub(crate) const RIGHT: &str = "M6.5 4.5 10 8l-3.5 3.5";
/// A pendulum.
pub(crate) const METRONOME: &str = "M6 2.5h4l2.5 11h-9zM7.5 10.5l5-7";
