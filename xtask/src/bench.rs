//! `cargo xtask bench`: runs the workspace's bench targets and makes one table of their figures.
//!
//! A bench target (with `harness = false`) prints each figure as a line of three fields with tabs between
//! them: name, value, unit. All its other lines are shown and left out of the table. So a bench may use any
//! harness, or none, and still be recorded. Figures are for reading: no test ever compares them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::metadata::Metadata;
use crate::process;

/// The recorded table, between two marks of a page whose other text is written by hand.
const PAGE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// The bench that measures what runs in a browser.
const INTERFACE: &str = "ui";

/// One measured value.
#[derive(Debug, PartialEq, Eq)]
struct Figure {
    name: String,
    value: String,
    unit: String,
}

/// Runs every bench target, or the one called `only`, and prints the table; `record` also writes it to the
/// page.
///
/// # Errors
/// When a bench fails, none is there, or one prints no figure.
pub(crate) fn bench(root: &Path, only: Option<&str>, record: bool) -> anyhow::Result<()> {
    if only.is_none_or(|only| only == INTERFACE) {
        // The server that the bench starts carries it.
        crate::web::build(root, false)?;
    }
    let mut figures = Vec::new();
    for (package, name) in bench_targets(&Metadata::of_workspace(root)?, only)? {
        let mut command = process::cargo(root);
        command.args(["bench", "--package", &package, "--bench", &name]);
        let (lines, outcome) = process::run_and_keep(command);
        outcome?;
        let measured: Vec<Figure> = lines.iter().filter_map(|line| parse_figure(line)).collect();
        if measured.is_empty() {
            bail!("bench `{name}` of `{package}` printed no figure; one is a line `name<tab>value<tab>unit`");
        }
        figures.extend(measured);
    }
    let table = table(&conditions(root)?, &figures);
    println!("\n{table}");
    if record { write_page(&root.join(PAGE), &table) } else { Ok(()) }
}

/// The bench targets as `(package, target)`.
fn bench_targets(workspace: &Metadata, only: Option<&str>) -> anyhow::Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for package in &workspace.packages {
        let benches = package.targets.iter().filter(|target| target.kind.iter().any(|kind| kind == "bench"));
        all.extend(benches.map(|bench| (package.name.clone(), bench.name.clone())));
    }
    let known = all.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    all.retain(|(_, name)| only.is_none_or(|only| only == name));
    match (all.is_empty(), only) {
        (true, Some(only)) => bail!("there is no bench `{only}`; there are: {known}"),
        (true, None) => bail!("no crate of the workspace has a bench target"),
        (false, _) => Ok(all),
    }
}

fn parse_figure(line: &str) -> Option<Figure> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [name, value, unit] = fields[..] else { return None };
    let plain = value.replace([',', '_'], "");
    plain.parse::<f64>().ok().filter(|number| number.is_finite())?;
    (!name.is_empty()).then(|| Figure { name: name.into(), value: value.into(), unit: unit.into() })
}

/// Where, when and on which code the figures were measured, in one line.
fn conditions(root: &Path) -> anyhow::Result<String> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(root).args(arguments);
        process::read(command)
    };
    let commit = git(&["rev-parse", "--short", "HEAD"])?;
    let changed = git(&["status", "--porcelain"])?.lines().any(|line| !line.ends_with(PAGE));
    let mut date = Command::new("date");
    date.args(["--utc", "+%Y-%m-%d"]);
    let cores = std::thread::available_parallelism().context("cannot count the processor's cores")?;
    let commit = format!("commit {}{}", commit.trim(), if changed { " with local changes" } else { "" });
    Ok(format!("{}, {cores} cores; {}; {commit}", processor()?, process::read(date)?.trim()))
}

/// The processor's model as the kernel names it; the architecture where it names none.
fn processor() -> anyhow::Result<String> {
    let listing = std::fs::read_to_string("/proc/cpuinfo").context("cannot read /proc/cpuinfo")?;
    let model = listing.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    Ok(model.map_or(std::env::consts::ARCH, |(_, name)| name.trim()).to_owned())
}

fn table(conditions: &str, figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0).max(8);
    let mut text = format!("{conditions}\n\n| {:<width$} |      value | unit |\n", "measured");
    let _ = writeln!(text, "|{}|-----------:|------|", "-".repeat(width + 2));
    for Figure { name, value, unit } in figures {
        let _ = writeln!(text, "| {name:<width$} | {value:>10} | {unit} |");
    }
    text
}

fn write_page(path: &Path, table: &str) -> anyhow::Result<()> {
    let page = match std::fs::read_to_string(path) {
        Ok(page) => page,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            format!("# Benchmarks\n\nMeasured by `cargo xtask bench --record`.\n\n{BEGIN}\n{END}\n")
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {PAGE}")),
    };
    let page = with_table(&page, table)?;
    path.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, page))
        .with_context(|| format!("cannot write {PAGE}"))
}

/// The page with the table between its marks, and nothing else of it changed.
fn with_table(page: &str, table: &str) -> anyhow::Result<String> {
    let marks = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = marks.with_context(|| format!("{PAGE} lacks the lines `{BEGIN}` and `{END}`"))?;
    Ok(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Package, Target};

    #[test]
    fn a_figure_is_three_fields_with_a_number_in_the_middle() {
        let figure = Figure { name: "link p50".into(), value: "1,250.5".into(), unit: "µs".into() };
        assert_eq!(parse_figure("link p50\t1,250.5\tµs"), Some(figure));
        for other in ["link p50 1 µs", "a\tb\tc", "a\tNaN\tc", "\t1\tµs", "a\t1\tb\tc"] {
            assert_eq!(parse_figure(other), None, "{other:?}");
        }
    }

    #[test]
    fn only_the_part_between_the_marks_is_replaced() {
        let page = format!("# Title\n{BEGIN}\nold\n{END}\nnotes\n");
        assert_eq!(with_table(&page, "t\n").unwrap(), format!("# Title\n{BEGIN}\nt\n{END}\nnotes\n"));
        assert!(with_table("# A page without marks\n", "t\n").is_err());
    }

    #[test]
    fn a_name_that_no_bench_has_is_answered_with_those_there_are() {
        let target = |name: &str, kind: &str| Target { name: name.into(), kind: vec![kind.into()] };
        let targets = vec![target("tests", "lib"), target("links", "bench"), target("renders", "bench")];
        let workspace =
            Metadata { packages: vec![Package { name: "tests".into(), targets, ..Package::default() }] };
        assert_eq!(bench_targets(&workspace, Some("links")).unwrap(), [("tests".into(), "links".into())]);
        assert_eq!(bench_targets(&workspace, None).unwrap().len(), 2);
        let error = bench_targets(&workspace, Some("tests")).unwrap_err().to_string();
        assert!(error.contains("links, renders"), "{error}");
        assert!(bench_targets(&Metadata::default(), None).is_err());
    }
}
