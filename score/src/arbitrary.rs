//! Any valid pattern, for property tests.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::catalogue::{PARAMETERS, Parameter};
use crate::pattern::{MAX_STEPS, Pattern};
use crate::step::{Condition, Step};

/// Any condition.
pub(crate) fn any_condition() -> impl Strategy<Value = Condition> {
    (1_u8..=Condition::MAX_LOOPS).prop_flat_map(|every| {
        (1..=every).prop_map(move |on| Condition::from_parts(on, every).expect("on lies in 1..=every"))
    })
}

/// A velocity: often one that notation has a sign for, else any, to the last bit.
fn any_velocity() -> impl Strategy<Value = f32> {
    prop_oneof![Just(1.0), Just(0.7), Just(0.4), Just(0.0), 0.0_f32..=1.0]
}

/// Any lock of a parameter: of the catalogue, within its range, or one that only another version knows.
fn any_param_lock() -> impl Strategy<Value = (String, f64)> {
    let known = (0..PARAMETERS.len(), 0.0_f64..=1.0).prop_map(|(index, share)| {
        let row: &Parameter = &PARAMETERS[index];
        let value = f64::from(row.min) + share * f64::from(row.max - row.min);
        (row.id.to_owned(), f64::from(row.clamp(value as f32)))
    });
    prop_oneof![4 => known, 1 => ("[a-z][a-z_.]{0,12}q", -1e9_f64..1e9)]
}

/// Any step that a document can hold, blank ones included.
pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    let plain = (prop::bool::weighted(0.8), prop::bool::weighted(0.2), option::weighted(0.4, any_velocity()));
    let timing = (
        option::weighted(0.3, -24_i8..=24),
        option::weighted(0.2, 5_u8..=100),
        option::weighted(0.2, 0_u8..=100),
        option::weighted(0.2, 1_u8..=8),
        option::weighted(0.2, -50_i8..=50),
    );
    let rest = (
        option::weighted(0.2, any_condition()),
        prop_oneof![3 => Just(std::collections::BTreeMap::new()), 1 => btree_map(-24_i8..=24, any_velocity(), 1..4)],
        prop_oneof![3 => Just(Vec::new()), 1 => vec(any_param_lock(), 1..3)],
    );
    (plain, timing, rest).prop_map(
        |((on, tie, volume), (pitch, gate_length, chance, ratchet, nudge), (condition, notes, locks))| Step {
            on,
            pitch,
            volume,
            tie,
            gate_length,
            chance,
            ratchet,
            nudge,
            condition,
            notes,
            locks: locks.into_iter().collect(),
        },
    )
}

/// Any pattern that a document can hold, with steps past its length too.
pub(crate) fn any_pattern() -> impl Strategy<Value = Pattern> {
    let steps = btree_map(0..MAX_STEPS, any_step(), 0..24);
    (1..=MAX_STEPS, steps).prop_map(|(length, mut steps)| {
        steps.retain(|_, step| !step.is_blank());
        Pattern { length, steps }
    })
}

/// Any pattern without steps past its length.
pub(crate) fn any_bounded_pattern() -> impl Strategy<Value = Pattern> {
    any_pattern().prop_map(|mut pattern| {
        pattern.steps.retain(|&number, _| number < pattern.length);
        pattern
    })
}
