//! The keys: one table that binds them and that the overlay of shortcuts is made from.

/// Where a key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Wherever nothing is being typed.
    Everywhere,
    /// While a step has the focus.
    Grid,
    /// While a bar of a lane has the focus.
    Lane,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Plays or stops.
    PlayStop,
    /// Has the music go so many bars on, for everybody.
    Bars(i8),
    /// Has it go on from the step.
    Here,
    /// Asks for the bar to go to.
    Position,
    /// Takes back this player's last act.
    Undo,
    /// Makes it again.
    Redo,
    /// Lets this player hear the metronome, or no longer.
    Metronome,
    /// Shows the keys.
    Shortcuts,
    /// Shows how everything fares.
    Diagnostics,
    /// Opens the instruments.
    AddTrack,
    /// Puts the focus on the grid's cursor.
    ToGrid,
    /// Opens or closes the dock.
    Dock,
    /// Opens a tab of the dock, from 0, and goes there.
    DockTab(u8),
    /// Moves the cursor by so many steps and tracks.
    Move(i16, i16),
    /// Selects on, by so many steps and tracks.
    Extend(i16, i16),
    /// Selects all steps of the track.
    SelectTrack,
    /// Selects nothing.
    Deselect,
    /// Moves the step, or the selection, along its pattern.
    Nudge(i16),
    /// To the first step.
    First,
    /// To the last step.
    Last,
    /// Switches the step.
    Toggle,
    /// Sets the velocity, in percent.
    Velocity(u8),
    /// Moves the pitch, in semitones.
    Pitch(i8),
    /// Ties to the step before, or frees it.
    Tie,
    /// Remembers the track's pattern.
    CopyPattern,
    /// Puts the remembered pattern in the place of the track's.
    PastePattern,
    /// Moves a bar of a lane up or down, by one or (if so) by a page.
    Raise(i8, bool),
    /// Opens the lane under the track, or closes it.
    Lane,
    /// Repeats the selection, or the bar; plays on where it repeats already.
    Loop,
    /// Remembers the step.
    Copy,
    /// Remembers the step and clears it.
    Cut,
    /// Puts the remembered step here.
    Paste,
    /// Clears the step.
    Clear,
    /// Opens the step's editor.
    EditStep,
    /// Mutes the track, or lets it sound.
    Mute,
    /// Hears the track alone, or with the others again.
    Solo,
    /// Makes the pattern longer or shorter.
    Length(i16),
    /// Moves the track up or down.
    MoveTrack(i16),
    /// Renames the track.
    RenameTrack,
    /// Removes the track.
    RemoveTrack,
}

/// A key with what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    /// `KeyboardEvent.key`, letters in lower case.
    pub(crate) key: &'static str,
    /// Whether Ctrl (or Cmd) is held.
    pub(crate) ctrl: bool,
    /// Whether Shift is held; `None` where it does not matter.
    pub(crate) shift: Option<bool>,
    /// Whether Alt is held.
    pub(crate) alt: bool,
    /// Where it counts.
    pub(crate) scope: Scope,
    /// What it does.
    pub(crate) act: Act,
}

const fn plain(key: &'static str, scope: Scope, act: Act) -> Binding {
    Binding { key, ctrl: false, shift: None, alt: false, scope, act }
}

const fn ctrl(key: &'static str, shift: bool, scope: Scope, act: Act) -> Binding {
    Binding { key, ctrl: true, shift: Some(shift), alt: false, scope, act }
}

const fn alt(key: &'static str, scope: Scope, act: Act) -> Binding {
    Binding { key, ctrl: false, shift: Some(false), alt: true, scope, act }
}

const fn shifted(key: &'static str, scope: Scope, act: Act) -> Binding {
    Binding { key, ctrl: false, shift: Some(true), alt: false, scope, act }
}

/// A line of the overlay: the keys as people read them, and what they do, with the bindings behind them.
pub(crate) struct Line {
    /// As people read them.
    pub(crate) keys: &'static str,
    /// What they do.
    pub(crate) says: &'static str,
    /// Where they count.
    pub(crate) scope: Scope,
    /// What binds them.
    pub(crate) bindings: &'static [Binding],
}

macro_rules! lines {
    ($($scope:ident $keys:literal $says:literal [$($binding:expr),* $(,)?])*) => {
        &[$(Line { keys: $keys, says: $says, scope: Scope::$scope, bindings: &[$($binding),*] }),*]
    };
}

use Scope::{Everywhere, Grid, Lane};

/// Every key. The first binding that fits counts; those of the grid stand before those of everywhere.
pub(crate) const LINES: &[Line] = lines! {
    Grid "Arrows" "move between steps and tracks" [
        plain("ArrowLeft", Grid, Act::Move(-1, 0)), plain("ArrowRight", Grid, Act::Move(1, 0)),
        Binding { shift: Some(false), ..plain("ArrowUp", Grid, Act::Move(0, -1)) },
        Binding { shift: Some(false), ..plain("ArrowDown", Grid, Act::Move(0, 1)) },
        ctrl("ArrowLeft", false, Grid, Act::Move(-4, 0)), ctrl("ArrowRight", false, Grid, Act::Move(4, 0)),
    ]
    Grid "Page ↑ ↓" "a page of 16 steps back, on" [
        plain("PageUp", Grid, Act::Move(-16, 0)), plain("PageDown", Grid, Act::Move(16, 0)),
    ]
    Grid "Home, End" "first step, last step" [plain("Home", Grid, Act::First), plain("End", Grid, Act::Last)]
    Grid "Enter, Space" "switch the step" [
        Binding { shift: Some(false), ..plain("Enter", Grid, Act::Toggle) },
        Binding { shift: Some(false), ..plain(" ", Grid, Act::Toggle) },
    ]
    Grid "1 – 9" "velocity, 0 for full" [
        plain("1", Grid, Act::Velocity(10)), plain("2", Grid, Act::Velocity(20)), plain("3", Grid, Act::Velocity(30)),
        plain("4", Grid, Act::Velocity(40)), plain("5", Grid, Act::Velocity(50)), plain("6", Grid, Act::Velocity(60)),
        plain("7", Grid, Act::Velocity(70)), plain("8", Grid, Act::Velocity(80)), plain("9", Grid, Act::Velocity(90)),
        plain("0", Grid, Act::Velocity(100)),
    ]
    Grid "+ −" "pitch up, pitch down" [
        plain("+", Grid, Act::Pitch(1)), plain("=", Grid, Act::Pitch(1)), plain("-", Grid, Act::Pitch(-1)),
        shifted("ArrowUp", Grid, Act::Pitch(12)), shifted("ArrowDown", Grid, Act::Pitch(-12)),
    ]
    Grid "T" "tie to the step before" [plain("t", Grid, Act::Tie)]
    Grid "E, Shift Enter" "edit the step" [plain("e", Grid, Act::EditStep), shifted("Enter", Grid, Act::EditStep)]
    Grid "Shift ← →" "select along the track" [
        shifted("ArrowLeft", Grid, Act::Extend(-1, 0)), shifted("ArrowRight", Grid, Act::Extend(1, 0)),
    ]
    Grid "Shift Ctrl ↑ ↓" "select over tracks" [
        ctrl("ArrowUp", true, Grid, Act::Extend(0, -1)), ctrl("ArrowDown", true, Grid, Act::Extend(0, 1)),
    ]
    Grid "Ctrl A, Esc" "select the track's steps, nothing" [
        ctrl("a", false, Grid, Act::SelectTrack), plain("Escape", Grid, Act::Deselect),
    ]
    Grid "Alt ← →" "move the step or selection" [
        alt("ArrowLeft", Grid, Act::Nudge(-1)), alt("ArrowRight", Grid, Act::Nudge(1)),
        plain(",", Grid, Act::Nudge(-1)), plain(".", Grid, Act::Nudge(1)),
    ]
    Grid "Ctrl C, X, V" "copy, cut, paste" [
        ctrl("c", false, Grid, Act::Copy), ctrl("x", false, Grid, Act::Cut), ctrl("v", false, Grid, Act::Paste),
        plain("c", Grid, Act::Copy), plain("x", Grid, Act::Cut), plain("v", Grid, Act::Paste),
    ]
    Grid "Shift Ctrl C, V" "copy, paste the pattern" [
        ctrl("c", true, Grid, Act::CopyPattern), ctrl("v", true, Grid, Act::PastePattern),
    ]
    Grid "Delete" "clear the step" [plain("Delete", Grid, Act::Clear), plain("Backspace", Grid, Act::Clear)]
    Grid "M, S" "mute the track, hear it alone" [plain("m", Grid, Act::Mute), plain("s", Grid, Act::Solo)]
    Grid "[ ]" "shorter, longer" [plain("[", Grid, Act::Length(-1)), plain("]", Grid, Act::Length(1))]
    Grid "P" "play on from the step" [plain("p", Grid, Act::Here)]
    Grid "L" "lane under the track" [plain("l", Grid, Act::Lane)]
    Grid "O" "repeat the selection or bar" [plain("o", Grid, Act::Loop)]
    Grid "Alt ↑ ↓" "move the track" [
        alt("ArrowUp", Grid, Act::MoveTrack(-1)), alt("ArrowDown", Grid, Act::MoveTrack(1)),
    ]
    Grid "F2" "rename the track" [plain("F2", Grid, Act::RenameTrack)]
    Grid "Shift Delete" "remove the track" [shifted("Delete", Grid, Act::RemoveTrack)]
    Lane "← →" "move between bars" [
        plain("ArrowLeft", Lane, Act::Move(-1, 0)), plain("ArrowRight", Lane, Act::Move(1, 0)),
        plain("Home", Lane, Act::First), plain("End", Lane, Act::Last),
    ]
    Lane "↑ ↓, Page ↑ ↓" "raise, lower" [
        plain("ArrowUp", Lane, Act::Raise(1, false)), plain("ArrowDown", Lane, Act::Raise(-1, false)),
        plain("PageUp", Lane, Act::Raise(1, true)), plain("PageDown", Lane, Act::Raise(-1, true)),
    ]
    Lane "Delete" "take the lock away" [plain("Delete", Lane, Act::Clear), plain("Backspace", Lane, Act::Clear)]
    Lane "L" "close the lane" [plain("l", Lane, Act::Lane)]
    Everywhere "Space, Shift Space" "play, stop" [
        Binding { shift: Some(false), ..plain(" ", Everywhere, Act::PlayStop) },
        shifted(" ", Everywhere, Act::PlayStop),
    ]
    Everywhere "< >" "a bar back, a bar on" [plain("<", Everywhere, Act::Bars(-1)), plain(">", Everywhere, Act::Bars(1))]
    Everywhere "B" "go to a bar" [plain("b", Everywhere, Act::Position)]
    Everywhere "Ctrl Z" "undo what you did last" [ctrl("z", false, Everywhere, Act::Undo)]
    Everywhere "Shift Ctrl Z" "redo" [ctrl("z", true, Everywhere, Act::Redo), ctrl("y", false, Everywhere, Act::Redo)]
    Everywhere "K" "metronome, only for you" [plain("k", Everywhere, Act::Metronome)]
    Everywhere "A" "add a track" [plain("a", Everywhere, Act::AddTrack)]
    Everywhere "G" "go to the grid" [plain("g", Everywhere, Act::ToGrid)]
    Everywhere "D" "open or close the dock" [plain("d", Everywhere, Act::Dock)]
    Everywhere "Alt 1 – 8" "a tab of the dock" [
        alt("1", Everywhere, Act::DockTab(0)), alt("2", Everywhere, Act::DockTab(1)), alt("3", Everywhere, Act::DockTab(2)),
        alt("4", Everywhere, Act::DockTab(3)), alt("5", Everywhere, Act::DockTab(4)), alt("6", Everywhere, Act::DockTab(5)),
        alt("7", Everywhere, Act::DockTab(6)), alt("8", Everywhere, Act::DockTab(7)),
    ]
    Everywhere "Shift Ctrl D" "show how clock, links and engine fare" [ctrl("d", true, Everywhere, Act::Diagnostics)]
    Everywhere "?" "show these keys" [plain("?", Everywhere, Act::Shortcuts)]
};

/// A key that was pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Press<'key> {
    /// `KeyboardEvent.key`.
    pub(crate) key: &'key str,
    /// Ctrl or Cmd.
    pub(crate) ctrl: bool,
    /// Shift.
    pub(crate) shift: bool,
    /// Alt.
    pub(crate) alt: bool,
}

/// What a key does in a place, if anything.
pub(crate) fn act(press: Press<'_>, place: Scope) -> Option<Act> {
    let key = if press.key.chars().count() == 1 { press.key.to_lowercase() } else { press.key.to_owned() };
    let fits = |binding: &&Binding| {
        binding.key == key
            && binding.ctrl == press.ctrl
            && binding.alt == press.alt
            && binding.shift.is_none_or(|shift| shift == press.shift)
            && (binding.scope == place || binding.scope == Everywhere)
    };
    let bindings = || LINES.iter().flat_map(|line| line.bindings);
    // What asks for Shift stands before what does not mind it.
    bindings()
        .filter(fits)
        .max_by_key(|binding| (binding.scope == place, binding.shift.is_some()))
        .map(|found| found.act)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press { key, ctrl: false, shift: false, alt: false }
    }

    #[test]
    fn space_switches_a_step_in_the_grid_and_plays_elsewhere() {
        assert_eq!(act(press(" "), Grid), Some(Act::Toggle));
        assert_eq!(act(press(" "), Everywhere), Some(Act::PlayStop));
        assert_eq!(act(Press { shift: true, ..press(" ") }, Grid), Some(Act::PlayStop));
    }

    #[test]
    fn modifiers_tell_keys_apart() {
        let undo = Press { ctrl: true, ..press("z") };
        assert_eq!(act(undo, Grid), Some(Act::Undo));
        assert_eq!(act(Press { shift: true, key: "Z", ..undo }, Everywhere), Some(Act::Redo));
        assert_eq!(act(press("z"), Grid), None);
        assert_eq!(act(Press { shift: true, ..press("Delete") }, Grid), Some(Act::RemoveTrack));
        assert_eq!(act(press("Delete"), Grid), Some(Act::Clear));
        assert_eq!(
            act(Press { shift: true, ..press("+") }, Grid),
            Some(Act::Pitch(1)),
            "where + needs Shift"
        );
        assert_eq!(act(Press { alt: true, ..press("ArrowUp") }, Grid), Some(Act::MoveTrack(-1)));
    }

    #[test]
    fn keys_of_a_place_do_nothing_outside_it() {
        for line in LINES.iter().filter(|line| line.scope != Everywhere) {
            for binding in line.bindings.iter().filter(|binding| binding.key != " ") {
                let press = Press {
                    key: binding.key,
                    ctrl: binding.ctrl,
                    shift: binding.shift.unwrap_or(false),
                    alt: binding.alt,
                };
                assert_eq!(act(press, line.scope), Some(binding.act), "{}", line.keys);
                assert_eq!(act(press, Everywhere), None, "{}", line.keys);
            }
        }
    }
}
