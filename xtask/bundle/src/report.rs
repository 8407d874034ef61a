//! What a browser has to download, and how much of it is allowed.

use std::fmt::Write as _;

/// A file's sizes in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sizes {
    /// As the sources call it.
    pub(crate) name: String,
    pub(crate) plain: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// Files that are downloaded for one purpose, and the most that they may take together, compressed with Brotli.
struct Budget {
    what: &'static str,
    counts: fn(&str) -> bool,
    max_bytes: usize,
}

const BUDGETS: &[Budget] = &[
    Budget { what: "worklet", counts: is_worklet, max_bytes: 120_000 },
    // What a visitor waits for: the page, the interface's first part and the engine.
    Budget { what: "before first sound", counts: is_waited_for, max_bytes: 400_000 },
    // What opens, and what is for a page that stays.
    Budget { what: "later", counts: is_later, max_bytes: 400_000 },
    // Loaded when somebody exports.
    Budget { what: "export", counts: is_export, max_bytes: 400_000 },
    // Loaded behind the first paint: the document, its merging and its signatures.
    Budget { what: "worker", counts: is_worker, max_bytes: 700_000 },
];

fn is_worklet(name: &str) -> bool {
    name.starts_with("worklet") || name.starts_with("engine")
}

fn is_export(name: &str) -> bool {
    name.starts_with("export")
}

fn is_worker(name: &str) -> bool {
    name.starts_with("worker.") || name.starts_with("jam.") || name.starts_with("jam_bg.")
}

/// Loaded once the first picture is painted, or by a browser that installs the page.
fn is_later(name: &str) -> bool {
    let is_of_page =
        ["service-worker.js", "manifest.webmanifest"].contains(&name) || name.starts_with("icon-");
    is_of_page || name.ends_with("_later.wasm") || name == "later.css"
}

fn is_waited_for(name: &str) -> bool {
    !is_worker(name) && !is_later(name) && !is_export(name)
}

/// The table of sizes, and what has outgrown its budget.
pub(crate) fn report(files: &[Sizes]) -> (String, Option<String>) {
    let mut table = format!("{:<28}{:>10}{:>10}{:>10}{:>10}\n", "bytes", "plain", "gzip", "brotli", "budget");
    for Sizes { name, plain, gzip, brotli } in files {
        let _ = writeln!(table, "{name:<28}{plain:>10}{gzip:>10}{brotli:>10}");
    }
    let mut outgrown = Vec::new();
    for Budget { what, counts, max_bytes } in BUDGETS {
        let sum = |size: fn(&Sizes) -> usize| -> usize {
            files.iter().filter(|file| counts(&file.name)).map(size).sum()
        };
        let brotli = sum(|file| file.brotli);
        let (plain, gzip) = (sum(|file| file.plain), sum(|file| file.gzip));
        let _ = writeln!(table, "{what:<28}{plain:>10}{gzip:>10}{brotli:>10}{max_bytes:>10}");
        if brotli > *max_bytes {
            outgrown.push(format!("{what}: {brotli} bytes are downloaded, {max_bytes} are allowed"));
        }
    }
    (table, (!outgrown.is_empty()).then(|| outgrown.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: usize) -> Sizes {
        Sizes { name: name.to_owned(), plain: 4 * brotli, gzip: 2 * brotli, brotli }
    }

    #[test]
    fn only_what_outgrew_its_budget_is_named() {
        let fits = [file("engine.wasm", 110_000), file("app_bg.wasm", 200_000), file("jam_bg.wasm", 400_000)];
        assert_eq!(report(&fits).1, None);
        let (table, outgrown) = report(&[file("engine.wasm", 110_000), file("worklet.js", 10_001)]);
        assert_eq!(outgrown.unwrap(), "worklet: 120001 bytes are downloaded, 120000 are allowed");
        assert!(table.contains("worklet.js"), "{table}");
    }

    #[test]
    fn the_worker_and_the_later_part_are_not_waited_for() {
        let first = [file("jam_bg.wasm", 699_000), file("app_bg.wasm", 399_000)];
        let later =
            [file("app_later.wasm", 390_000), file("icon-512.png", 9_000), file("service-worker.js", 900)];
        assert_eq!(report(&[&first[..], &later].concat()).1, None);
        let (_, outgrown) = report(&[&first[..], &[file("later.js", 1_001)]].concat());
        assert_eq!(outgrown.unwrap(), "before first sound: 400001 bytes are downloaded, 400000 are allowed");
    }
}
