//! Tests wait on conditions, never on sleeps.
//!
//! A sleep is too short on a busy machine, where the test then fails for no reason, and too long on every
//! other.

use super::Finding;
use super::forbidden::{Forbidden, Part};
use super::tree::Tree;

const EXEMPT: &[(&str, &str)] = &[];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let advice = "wait on the condition itself: a channel, a line of output, a changed file";
    let patterns =
        ["sleep (", "sleep_until ("].map(|pattern| (pattern.to_owned(), advice.to_owned())).to_vec();
    Forbidden { crates: &[], part: Part::Tests, patterns, exempt: EXEMPT }.check(tree)
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn a_sleep_is_found_in_every_kind_of_test() {
        let call = "fn f() { thread::sleep(SECOND); }";
        assert_eq!(lines_found(check, "tests/tests/two_peers.rs", call), [1]);
        assert_eq!(lines_found(check, "peer/tests/store.rs", call), [1]);
        assert_eq!(
            lines_found(check, "peer/src/store.rs", &format!("#[cfg(test)]\nmod tests {{ {call} }}")),
            [2]
        );
        assert_eq!(lines_found(check, "peer/tests/links.rs", "async fn f() { sleep(SECOND).await; }"), [1]);
    }

    #[test]
    fn shipped_code_may_wait() {
        assert!(lines_found(check, "peer/src/reconnect.rs", "fn f() { thread::sleep(SECOND); }").is_empty());
    }
}
