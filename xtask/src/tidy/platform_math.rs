//! No transcendental function of the platform where the result is heard or merged.
//!
//! `f32::sin` and its kin are whatever the platform's C library makes of them: 1 to 14 % of the values differ
//! between machines, and so would the golden hashes and the sound. `+ - * /`, `sqrt`, rounding and casts are
//! exact everywhere; for the rest there is the `libm` crate, the same code everywhere. `mul_add` rounds once on one machine and twice
//! on another, `powi` is the compiler's choice of multiplications, and `recip` of SIMD lanes is an
//! approximation that differs between processors. Tests may compare against the platform.

use super::Finding;
use super::forbidden::{Forbidden, Part};
use super::tree::Tree;

const CRATES: &[&str] = &["audio-engine", "score"];

const FUNCTIONS: &[&str] = &[
    "sin", "cos", "tan", "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh",
    "acosh", "atanh", "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "cbrt",
    "hypot",
];

const EXEMPT: &[(&str, &str)] = &[(
    "score/src/catalogue/value.rs",
    "where a knob stands on the screen; what is stored and played is the value, never the position",
)];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let transcendental =
        FUNCTIONS.iter().map(|name| (*name, "differs between platforms; use the libm crate or a polynomial"));
    let others = [
        ("mul_add", "rounds differently where there is no such instruction; write `a * b + c`"),
        ("powi", "its order of multiplications is the compiler's choice; write the products or use libm"),
        ("recip", "an approximation for SIMD lanes; write `1.0 / x`"),
        ("recip_sqrt", "an approximation for SIMD lanes; write `1.0 / x.sqrt()`"),
    ];
    let patterns = transcendental.chain(others).flat_map(|(name, advice)| {
        [format!(". {name} ("), format!("f32 : : {name}"), format!("f64 : : {name}")]
            .map(|pattern| (pattern, advice.to_owned()))
    });
    Forbidden { crates: CRATES, part: Part::Shipped, patterns: patterns.collect(), exempt: EXEMPT }
        .check(tree)
}

#[cfg(test)]
mod tests {
    use super::super::forbidden::lines_found;
    use super::check;

    #[test]
    fn methods_and_paths_are_both_found() {
        let code =
            "fn f(x: f32) -> f32 {\n    x.sin()\n    + xs.map(f32::tanh)\n    + x.mul_add(2.0, 1.0)\n}\n";
        assert_eq!(lines_found(check, "audio-engine/src/voice.rs", code), [2, 3, 4]);
    }

    #[test]
    fn libm_exact_operations_fields_and_tests_are_left_alone() {
        let code =
            "fn f(x: f32) -> f32 { libm::sinf(x) + x.sqrt().floor() + table.sin + 8_u32.ilog2() as f32 }";
        assert!(lines_found(check, "audio-engine/src/voice.rs", code).is_empty());
        let test = "#[cfg(test)]\nmod tests { fn f(x: f32) -> f32 { x.sin() } }";
        assert!(lines_found(check, "audio-engine/src/voice.rs", test).is_empty());
    }
}
