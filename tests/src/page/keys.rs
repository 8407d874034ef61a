//! Keys, as a player presses them and as WebDriver writes them.

use serde_json::{Value, json};

/// A key, or two at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// What it writes.
    Character(char),
    /// Together with Control.
    Control(char),
    /// Together with Shift.
    Shift(&'static Key),
    /// Together with Alt.
    Alt(&'static Key),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// To what is next.
    Tab,
    /// Arrow to the left.
    Left,
    /// Arrow to the right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Delete.
    Delete,
}

const SHIFT: char = '\u{e008}';
const ALT: char = '\u{e00a}';
const CONTROL: char = '\u{e009}';

/// The presses and releases that WebDriver is told.
pub(super) fn actions(keys: &[Key]) -> Vec<Value> {
    let down = |key: char| json!({"type": "keyDown", "value": key});
    let up = |key: char| json!({"type": "keyUp", "value": key});
    let one = |key: &Key| match *key {
        Key::Shift(inner) | Key::Alt(inner) => {
            let held = modifier(*key);
            [vec![down(held)], actions(&[*inner]), vec![up(held)]].concat()
        }
        Key::Control(character) => vec![down(CONTROL), down(character), up(character), up(CONTROL)],
        key => vec![down(code(key)), up(code(key))],
    };
    keys.iter().flat_map(one).collect()
}

/// The character that stands for the key that is held together with another one.
pub(super) fn modifier(key: Key) -> char {
    match key {
        Key::Shift(_) => SHIFT,
        Key::Alt(_) => ALT,
        _ => CONTROL,
    }
}

/// The character that stands for a key.
fn code(key: Key) -> char {
    match key {
        Key::Character(key) | Key::Control(key) => key,
        Key::Shift(key) | Key::Alt(key) => code(*key),
        Key::Enter => '\u{e007}',
        Key::Escape => '\u{e00c}',
        Key::Tab => '\u{e004}',
        Key::Left => '\u{e012}',
        Key::Up => '\u{e013}',
        Key::Right => '\u{e014}',
        Key::Down => '\u{e015}',
        Key::Delete => '\u{e017}',
    }
}
