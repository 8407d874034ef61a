//! Operations on a whole pattern.
//!
//! They act within the pattern's length; steps kept past it stay as they are (only doubling, which moves the end of the
//! pattern over them, writes there). Locks travel with their steps where steps move; where an operation only decides which
//! steps are on, locks stay in their places.

mod euclid;

use crate::chance::{happens, hash};
use crate::edit::PatternOp;
use crate::pattern::{MAX_STEPS, Pattern};
use crate::step::Step;
pub use euclid::euclid;

/// What a pattern is after an operation. Arguments outside their ranges act like the nearest one inside.
#[must_use]
pub fn apply(op: PatternOp, pattern: &Pattern) -> Pattern {
    let length = pattern.length.clamp(1, MAX_STEPS);
    let turned = |number: u16, by: i16| (i32::from(number) + i32::from(by)).rem_euclid(length.into()) as u16;
    match op {
        PatternOp::Rotate(by) => moved(pattern, length, |number| turned(number, by)),
        PatternOp::Reverse => moved(pattern, length, |number| length - 1 - number),
        PatternOp::Mirror => read_from(pattern, length, |number| {
            if number >= length.div_ceil(2) { length - 1 - number } else { number }
        }),
        PatternOp::Invert => switched(pattern, length, |_, on| !on),
        PatternOp::Euclid { hits, rotation } => {
            let hits = euclid(hits, length);
            switched(pattern, length, |number, _| {
                hits[usize::from(turned(number, rotation.saturating_neg()))]
            })
        }
        PatternOp::Random { density, seed } => {
            switched(pattern, length, |number, _| happens(hash(&[seed, number.into()]), density))
        }
        PatternOp::Clear => {
            let steps = pattern.steps.iter().filter(|(number, _)| **number >= length);
            Pattern { length, steps: steps.map(|(&number, step)| (number, step.clone())).collect() }
        }
        PatternOp::Double => read_from(pattern, (2 * length).min(MAX_STEPS), |number| number % length),
        PatternOp::Halve => Pattern { length: (length / 2).max(1), steps: pattern.steps.clone() },
    }
}

/// The pattern with every step within its length at another place; `place` maps each to a place of its own.
fn moved(pattern: &Pattern, length: u16, place: impl Fn(u16) -> u16) -> Pattern {
    let place = |number: u16| if number < length { place(number) } else { number };
    let steps = pattern.steps.iter().map(|(&number, step)| (place(number), step.clone())).collect();
    Pattern { length, steps }
}

/// A pattern of a length whose steps are copies of the steps at `source`; what lies past it stays.
fn read_from(pattern: &Pattern, length: u16, source: impl Fn(u16) -> u16) -> Pattern {
    let within = (0..length).filter_map(|number| Some((number, pattern.step(source(number))?.clone())));
    let past = pattern.steps.range(length..).map(|(&number, step)| (number, step.clone()));
    Pattern { length, steps: within.chain(past).collect() }
}

/// The pattern with every step within its length switched by a rule that is told its number and whether it is on.
fn switched(pattern: &Pattern, length: u16, on: impl Fn(u16, bool) -> bool) -> Pattern {
    let mut result = Pattern { length, steps: pattern.steps.clone() };
    for number in 0..length {
        let is_on = pattern.step(number).is_some_and(|step: &Step| step.on);
        result.change_step(number, |step| step.on = on(number, is_on));
    }
    result
}

#[cfg(test)]
mod tests;
