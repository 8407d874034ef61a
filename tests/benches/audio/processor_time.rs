//! What the kernel has counted of a processor's time outside of the system, in hundredths of a second.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Linux tells times in these parts of a second, whatever its own clock is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Places after the program's name in a process' line: its parent, its own time, and that of the children it has waited for.
const PARENT: usize = 1;
const OWN: usize = 11;
const CHILDREN: usize = 13;

fn field(file: &Path, place: usize) -> Result<u64> {
    let line = std::fs::read_to_string(file).context("only Linux tells this")?;
    // The name stands in brackets and may hold anything.
    let (_, fields) = line.rsplit_once(") ").context("a line without a name")?;
    Ok(fields.split(' ').nth(place).context("a short line")?.parse()?)
}

/// Seconds that this thread has used.
pub(crate) fn of_this_thread() -> Result<f64> {
    Ok(field(Path::new("/proc/thread-self/stat"), OWN)? as f64 / TICKS_PER_SECOND)
}

/// Seconds that a command takes, from its start to its end.
pub(crate) fn of_command(command: &mut Command) -> Result<f64> {
    let waited = || field(Path::new("/proc/self/stat"), CHILDREN);
    let before = waited()?;
    let output = command.stdin(Stdio::null()).output().context("it does not start")?;
    ensure!(output.status.success(), "it failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok((waited()? - before) as f64 / TICKS_PER_SECOND)
}

/// Seconds that all programs below this one have used so far, those that they have started included: of a browser, which is many. One
/// that has ended counts no longer.
pub(crate) fn of_descendants() -> Result<f64> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").context("only Linux tells this")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let file = Path::new("/proc").join(id.to_string()).join("stat");
        // It may have ended meanwhile.
        if let (Ok(parent), Ok(own)) = (field(&file, PARENT), field(&file, OWN)) {
            parents.push((id, u32::try_from(parent)?, own));
        }
    }
    let mut family = vec![std::process::id()];
    let mut ticks = 0;
    while let Some(parent) = family.pop() {
        for (id, _, own) in parents.iter().filter(|(_, of, _)| *of == parent) {
            family.push(*id);
            ticks += own;
        }
    }
    Ok(ticks as f64 / TICKS_PER_SECOND)
}
