//! A hand on a mouse: clicks with a key held, and drags.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Page;
use super::keys::modifier;
use super::wire::Command;
use crate::Key;

/// Moves between two points of a drag, so that no step lies between two of them.
const MOVES: u32 = 12;

/// A place on the page, in pixels of its window.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Page {
    /// Where something is, as soon as it is there: at shares of its width and of its height from its upper left corner.
    ///
    /// # Errors
    /// When it does not appear.
    pub fn point(&self, role: &str, pattern: &str, x: f64, y: f64) -> Result<Point> {
        let script = "const [found] = seen(...given); const box = found?.getBoundingClientRect();
            return box ? { x: box.x, y: box.y, width: box.width, height: box.height } : null";
        let place = self.awaits(&format!("{role} `{pattern}`"), script, &[json!(role), json!(pattern)])?;
        let number = |name: &str| place[name].as_f64().context("a place is made of numbers");
        Ok(Point {
            x: (number("x")? + number("width")? * x).floor(),
            y: (number("y")? + number("height")? * y).floor(),
        })
    }

    /// Clicks something with a key held.
    ///
    /// # Errors
    /// When it does not appear.
    pub fn clicks_holding(&self, key: Key, role: &str, pattern: &str) -> Result<()> {
        let at = self.point(role, pattern, 0.5, 0.5)?;
        self.draws(&[at], Some(key))
    }

    /// Chooses from a list, by what the choice stands for.
    ///
    /// # Errors
    /// When there is no such list, or no such choice in it.
    pub fn chooses(&self, role: &str, pattern: &str, choice: &str) -> Result<()> {
        let script = "const [list] = seen(given[0], given[1]);
            if (![...list?.options ?? []].some(option => option.value === given[2])) return null;
            list.value = given[2];
            list.dispatchEvent(new Event('change', { bubbles: true }));
            return true";
        let given = [json!(role), json!(pattern), json!(choice)];
        self.awaits(&format!("{choice} in {role} `{pattern}`"), script, &given).map(drop)
    }

    /// Moves to a point without pressing.
    ///
    /// # Errors
    /// When the browser does not take it.
    pub fn hovers(&self, at: Point) -> Result<()> {
        let there = json!({"type": "pointerMove", "duration": 0, "x": at.x, "y": at.y});
        let mouse = json!({
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [there],
        });
        self.wire.call(Command::PerformActions, json!({"actions": [mouse]})).map(drop)
    }

    /// Presses at the first point, moves through the others, and lets go at the last; with a key held, if one is given.
    ///
    /// # Errors
    /// When the browser does not take it.
    pub fn draws(&self, points: &[Point], holding: Option<Key>) -> Result<()> {
        let mut pointer = vec![json!({"type": "pause"})];
        for (number, point) in points.iter().enumerate() {
            let from = points[number.saturating_sub(1)];
            let moves = if number == 0 { 1 } else { MOVES };
            for way in 1..=moves {
                let share = f64::from(way) / f64::from(moves);
                let (x, y) = (from.x + (point.x - from.x) * share, from.y + (point.y - from.y) * share);
                pointer.push(json!({"type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round()}));
            }
            if number == 0 {
                pointer.push(json!({"type": "pointerDown", "button": 0}));
            }
        }
        pointer.push(json!({"type": "pointerUp", "button": 0}));
        let mut inputs = vec![json!({
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": pointer,
        })];
        if let Some(key) = holding {
            let key = |kind: &str| json!({"type": kind, "value": modifier(key)});
            let pauses = std::iter::repeat_n(json!({"type": "pause"}), pointer.len() - 1);
            let keys: Vec<Value> = [key("keyDown")].into_iter().chain(pauses).chain([key("keyUp")]).collect();
            inputs.push(json!({"type": "key", "id": "keyboard", "actions": keys}));
        }
        self.wire.call(Command::PerformActions, json!({"actions": inputs})).map(drop)
    }
}
