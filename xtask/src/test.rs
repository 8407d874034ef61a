//! `cargo xtask test`: every check and every test, in phases; the first failure ends it.
//!
//! Cheap phases come first. The last lines repeat each phase with its duration and the test runners' own
//! counts.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::setup::{self, Purpose};
use crate::{process, tidy};

/// Tests that search so many cases that they are run in a release build, in a phase of their own: `(package,
/// test)`.
const RELEASE_TESTS: &[(&str, &str)] = &[("jam", "simulator")];

/// Tells the whole-product tests that the programs they start are compiled: they do it themselves otherwise.
const PROGRAMS_ARE_BUILT: &str = "OFFBEAT_PROGRAMS_ARE_BUILT";

/// What a phase does when its turn comes.
enum Work {
    Own(fn(&Path) -> anyhow::Result<()>),
    Program(Command),
    /// Its output ends with counts that the summary repeats.
    TestRunner(Command),
}

/// A phase that has ended.
struct Ended {
    name: String,
    took: Duration,
    passed: bool,
    counts: Option<String>,
}

/// Sets the machine up and runs all phases; `quick` leaves out documentation examples and release builds.
///
/// # Errors
/// When a phase fails; the phases after it are not run.
pub(crate) fn test(root: &Path, quick: bool) -> anyhow::Result<()> {
    let mut ended = Vec::new();
    for (name, work) in phases(root, quick) {
        println!("\n=== {name}");
        let started = Instant::now();
        let (counts, outcome) = perform(root, work);
        let phase = Ended { name, took: started.elapsed(), passed: outcome.is_ok(), counts };
        println!("=== {}: {} in {}", phase.name, verdict(&phase), seconds(phase.took));
        ended.push(phase);
        if let Err(error) = outcome {
            eprintln!("{error:#}");
            break;
        }
    }
    print!("{}", summary(&ended));
    match ended.last() {
        Some(phase) if !phase.passed => bail!("`{}` failed", phase.name),
        _ => Ok(()),
    }
}

fn phases(root: &Path, quick: bool) -> Vec<(String, Work)> {
    let cargo = |arguments: &[&str]| {
        let mut command = process::cargo(root);
        command.args(arguments);
        command
    };
    let mut phases = vec![
        ("set-up".to_owned(), Work::Own(|_| setup::set_up(Purpose::Test))),
        ("tidy".to_owned(), Work::Own(tidy::tidy)),
        ("format".to_owned(), Work::Program(cargo(&["fmt", "--all", "--check"]))),
    ];
    if has_subcommand(root, "deny") {
        phases.push((
            "deny".to_owned(),
            Work::Program(cargo(&["deny", "check", "licenses", "bans", "sources"])),
        ));
    }
    // First what runs in a browser: the server and the desktop app carry it in them.
    phases.push(("web".to_owned(), Work::Own(|root| crate::web::build(root, false))));
    let clippy = cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
    phases.push(("clippy".to_owned(), Work::Program(clippy)));
    // With the tests, so that both are made of the same units and nothing is compiled twice.
    let programs = cargo(&["build", "--workspace", "--bins", "--tests"]);
    phases.push(("build".to_owned(), Work::Program(programs)));
    let nextest = has_subcommand(root, "nextest");
    let mut all = cargo(if nextest { &["nextest", "run"] } else { &["test"] });
    all.args(["--workspace", "--no-fail-fast"]).env(PROGRAMS_ARE_BUILT, "yes");
    if quick && !nextest {
        all.args(["--lib", "--bins", "--tests"]);
    }
    phases.push(("tests".to_owned(), Work::TestRunner(all)));
    if quick {
        return phases;
    }
    if nextest {
        // `cargo test` runs the documentation's examples among the others; nextest cannot.
        phases.push((
            "examples in the docs".to_owned(),
            Work::TestRunner(cargo(&["test", "--workspace", "--doc"])),
        ));
    }
    phases.push(("rtsan".to_owned(), Work::Own(crate::rtsan::rtsan)));
    for (package, test) in RELEASE_TESTS {
        let command = cargo(&["test", "--release", "--package", package, "--test", test]);
        phases.push((format!("{package} {test}, release"), Work::TestRunner(command)));
    }
    phases
}

fn perform(root: &Path, work: Work) -> (Option<String>, anyhow::Result<()>) {
    match work {
        Work::Own(function) => (None, function(root)),
        Work::Program(command) => (None, process::run(command)),
        Work::TestRunner(command) => {
            let (lines, outcome) = process::run_and_keep(command);
            (counts(&lines), outcome)
        }
    }
}

/// Whether `cargo <name>` exists on this machine.
fn has_subcommand(root: &Path, name: &str) -> bool {
    let mut command = process::cargo(root);
    command.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The runner's own count: nextest's summary line as it is, or the sum over `cargo test`'s programs.
fn counts(lines: &[String]) -> Option<String> {
    let nextest = lines.iter().rev().find(|line| line.trim_start().starts_with("Summary ["));
    nextest.map(|line| line.trim().to_owned()).or_else(|| sum_of_results(lines))
}

/// One line in the words of `cargo test`, which prints one such line for each program it runs.
fn sum_of_results(lines: &[String]) -> Option<String> {
    let results: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("test result: ")).collect();
    let sum = |what: &str| -> u64 { results.iter().filter_map(|result| count_of(result, what)).sum() };
    let verdict = if results.iter().all(|result| result.starts_with("ok")) { "ok" } else { "FAILED" };
    let (passed, failed, ignored) = (sum("passed"), sum("failed"), sum("ignored"));
    (!results.is_empty())
        .then(|| format!("test result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored"))
}

/// The number before `what` in `ok. 12 passed; 0 failed; …`.
fn count_of(result: &str, what: &str) -> Option<u64> {
    let mut words = result.split([' ', ';']).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        if words.peek() == Some(&what) {
            return word.parse().ok();
        }
    }
    None
}

fn summary(ended: &[Ended]) -> String {
    let mut text = String::from("\n=== summary\n");
    for phase in ended {
        let _ = writeln!(text, "{:<24} {:<6} {:>9}", phase.name, verdict(phase), seconds(phase.took));
    }
    for phase in ended {
        if let Some(counts) = &phase.counts {
            let _ = writeln!(text, "{}: {counts}", phase.name);
        }
    }
    text
}

fn verdict(phase: &Ended) -> &'static str {
    if phase.passed { "ok" } else { "FAILED" }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn results_of_several_programs_are_summed() {
        let output = lines(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test a ... FAILED\n\
             test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        assert_eq!(counts(&output).unwrap(), "test result: FAILED. 15 passed; 2 failed; 1 ignored");
    }

    #[test]
    fn nextest_speaks_for_itself() {
        let output = lines("  PASS a\n     Summary [   0.020s] 12 tests run: 12 passed, 0 skipped\n");
        assert_eq!(counts(&output).unwrap(), "Summary [   0.020s] 12 tests run: 12 passed, 0 skipped");
    }

    #[test]
    fn no_result_is_no_count() {
        assert_eq!(counts(&lines("error: could not compile `jam`")), None);
    }

    #[test]
    fn the_summary_ends_with_the_runners_counts_and_names_the_failure() {
        let phase = |name: &str, passed, counts: Option<&str>| Ended {
            name: name.to_owned(),
            took: Duration::from_millis(1_250),
            passed,
            counts: counts.map(str::to_owned),
        };
        let text = summary(&[phase("clippy", true, None), phase("tests", false, Some("1 failed"))]);
        assert!(text.contains("tests                    FAILED     1.2 s"), "{text}");
        assert!(text.ends_with("tests: 1 failed\n"), "{text}");
    }

    #[test]
    fn quick_leaves_out_release_builds_and_nothing_of_the_checks() {
        let names =
            |quick| phases(Path::new("."), quick).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let (quick, full) = (names(true), names(false));
        assert!(full.starts_with(&quick), "{quick:?} {full:?}");
        assert_eq!(full.last().unwrap(), "jam simulator, release");
        assert_eq!(quick.last().unwrap(), "tests");
    }
}
