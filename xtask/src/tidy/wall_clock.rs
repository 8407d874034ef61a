//! No clock of the machine where time is an argument.
//!
//! `(now, event) -> effects`: these crates are told the time. One look at a real clock, and the simulator no
//! longer replays a failure from its seed, two replicas may decide differently, and WebAssembly, which has no
//! such clock, panics.

use super::Finding;
use super::forbidden::{DETERMINISTIC, Forbidden, Part};
use super::tree::Tree;

const EXEMPT: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let advice =
        |word: &str| (word.to_owned(), "take the time as an argument; the caller owns the clock".to_owned());
    let patterns = ["Instant", "SystemTime"].map(advice).to_vec();
    Forbidden { crates: DETERMINISTIC, part: Part::ShippedAndTests, patterns, exempt: EXEMPT }.check(tree)
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn a_clock_in_a_deterministic_crate_is_found_in_code_and_in_tests() {
        let code = "use std::time::{Duration, Instant};\n\n#[cfg(test)]\nmod tests {\n    use std::time::SystemTime;\n}\n";
        assert_eq!(lines_found(check, "jam/src/clock.rs", code), [1, 5]);
    }

    #[test]
    fn a_bench_may_measure_and_a_shell_may_look_at_the_clock() {
        let code = "use std::time::Instant;";
        assert!(lines_found(check, "jam/benches/edits.rs", code).is_empty());
        assert!(lines_found(check, "peer/src/actor.rs", code).is_empty());
        assert!(lines_found(check, "jam/src/clock.rs", "use std::time::Duration;").is_empty());
    }
}
