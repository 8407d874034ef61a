//! What operations do to any pattern.

use proptest::prelude::*;

use super::*;
use crate::arbitrary::any_pattern;

fn pattern(cells: &str) -> Pattern {
    let mut pattern = Pattern { length: cells.len() as u16, ..Pattern::default() };
    for (number, cell) in cells.chars().enumerate() {
        if cell != '.' {
            let pitch = cell.to_digit(10).map(|pitch| pitch as i8);
            pattern.change_step(number as u16, |step| *step = Step { on: true, pitch, ..Step::default() });
        }
    }
    pattern
}

#[test]
fn locks_travel_with_their_steps() {
    assert_eq!(apply(PatternOp::Rotate(1), &pattern("12..")), pattern(".12."));
    assert_eq!(apply(PatternOp::Rotate(-1), &pattern("12..")), pattern("2..1"));
    assert_eq!(apply(PatternOp::Reverse, &pattern("12..")), pattern("..21"));
    assert_eq!(apply(PatternOp::Mirror, &pattern("12...5")), pattern("12..21"));
    assert_eq!(apply(PatternOp::Mirror, &pattern("123.5")), pattern("12321"));
    assert_eq!(apply(PatternOp::Double, &pattern("1.3")), pattern("1.31.3"));
}

#[test]
fn switching_operations_leave_locks_in_place() {
    let inverted = apply(PatternOp::Invert, &pattern("1..2"));
    assert!(!inverted.step(0).unwrap().on && inverted.step(1).unwrap().on);
    assert_eq!(inverted.step(0).unwrap().pitch, Some(1));
    let euclid = apply(PatternOp::Euclid { hits: 3, rotation: 2 }, &pattern("1......."));
    let on: Vec<u16> = (0..8).filter(|&n| euclid.step(n).is_some_and(|step| step.on)).collect();
    assert_eq!(on, [0, 2, 5]);
    assert_eq!(euclid.step(0).unwrap().pitch, Some(1));
}

#[test]
fn doubling_stops_at_the_longest_pattern_and_halving_at_one_step() {
    let mut long = pattern("1");
    long.length = 100;
    let doubled = apply(PatternOp::Double, &long);
    assert_eq!((doubled.length, doubled.step(100).unwrap().pitch), (128, Some(1)));
    assert_eq!(apply(PatternOp::Halve, &pattern("1")).length, 1);
}

#[test]
fn random_fills_are_repeatable_and_as_dense_as_asked() {
    let fill = |density, seed| {
        apply(PatternOp::Random { density, seed }, &Pattern { length: 128, ..Pattern::default() })
    };
    assert_eq!(fill(50, 1), fill(50, 1));
    assert_ne!(fill(50, 1), fill(50, 2));
    assert_eq!((fill(0, 1).steps.len(), fill(100, 1).steps.len()), (0, 128));
    assert!((40..90).contains(&fill(50, 1).steps.len()));
}

fn within(pattern: &Pattern) -> Vec<Option<&Step>> {
    (0..pattern.length).map(|number| pattern.step(number)).collect()
}

proptest! {
    #[test]
    fn rotating_back_and_reversing_twice_change_nothing(pattern in any_pattern(), by: i16) {
        let by = by.max(-i16::MAX);
        let there = apply(PatternOp::Rotate(by), &pattern);
        prop_assert_eq!(&apply(PatternOp::Rotate(-by), &there), &pattern);
        let reversed = apply(PatternOp::Reverse, &pattern);
        prop_assert_eq!(&apply(PatternOp::Reverse, &reversed), &pattern);
    }

    #[test]
    fn inverting_twice_changes_nothing(pattern in any_pattern()) {
        let inverted = apply(PatternOp::Invert, &pattern);
        prop_assert_eq!(&apply(PatternOp::Invert, &inverted), &pattern);
    }

    #[test]
    fn mirroring_makes_a_palindrome(pattern in any_pattern()) {
        let mirrored = apply(PatternOp::Mirror, &pattern);
        let steps = within(&mirrored);
        prop_assert!(steps.iter().eq(steps.iter().rev()));
        prop_assert_eq!(&apply(PatternOp::Reverse, &mirrored), &mirrored);
    }

    #[test]
    fn halving_a_doubled_pattern_plays_the_same(pattern in any_pattern()) {
        let mut pattern = pattern;
        pattern.length = pattern.length.min(64);
        let back = apply(PatternOp::Halve, &apply(PatternOp::Double, &pattern));
        prop_assert_eq!(within(&back), within(&pattern));
    }

    #[test]
    fn euclid_has_as_many_hits_as_asked_at_any_rotation(pattern in any_pattern(), hits in 0_u16..=128, rotation: i16) {
        let hits = hits.min(pattern.length);
        let filled = apply(PatternOp::Euclid { hits, rotation }, &pattern);
        let on = within(&filled).into_iter().flatten().filter(|step| step.on).count();
        prop_assert_eq!(on, usize::from(hits));
    }

    #[test]
    fn operations_keep_what_lies_past_the_length_and_leave_no_blank_steps(
        pattern in any_pattern(),
        op in prop_oneof![
            any::<i16>().prop_map(PatternOp::Rotate),
            Just(PatternOp::Reverse),
            Just(PatternOp::Mirror),
            Just(PatternOp::Invert),
            Just(PatternOp::Clear),
            Just(PatternOp::Halve),
            (any::<u16>(), any::<i16>()).prop_map(|(hits, rotation)| PatternOp::Euclid { hits, rotation }),
            (any::<u8>(), any::<u64>()).prop_map(|(density, seed)| PatternOp::Random { density, seed }),
        ],
    ) {
        let after = apply(op, &pattern);
        let past = |of: &Pattern| -> Vec<(u16, Step)> {
            of.steps.range(pattern.length..).map(|(&number, step)| (number, step.clone())).collect()
        };
        prop_assert_eq!(past(&after), past(&pattern));
        prop_assert!(after.steps.iter().all(|(&number, step)| number < MAX_STEPS && !step.is_blank()));
    }
}
