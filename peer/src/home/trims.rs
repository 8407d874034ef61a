//! How a player has trimmed the sound of their machine.

use std::path::Path;

use tokio::sync::watch;

use super::HomeError;
use super::whole::write_whole;
use crate::sound::Trim;
use crate::store::Disk;

/// The file's name.
const FILE: &str = "trim";

/// The longest that is read, in bytes: a number.
const MAX_BYTES: u64 = 16;

/// The trim that is kept, and whoever wants to know of another.
#[derive(Debug)]
pub(super) struct KeptTrim(watch::Sender<Trim>);

impl KeptTrim {
    /// Reads it. A missing or damaged file says that nothing is trimmed.
    pub(super) fn read(disk: &dyn Disk, home: &Path) -> Self {
        let bytes = disk.read(&home.join(FILE), MAX_BYTES).ok().flatten().unwrap_or_default();
        let micros = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok());
        Self(watch::Sender::new(Trim::from_micros(micros.unwrap_or(0))))
    }

    /// Keeps another. It holds even where the disk refuses it, for as long as the home is owned.
    pub(super) fn set(&self, trim: Trim, disk: &dyn Disk, home: &Path) -> Result<(), HomeError> {
        self.0.send_replace(trim);
        write_whole(disk, home, FILE, format!("{}\n", trim.micros()).as_bytes())
    }

    pub(super) fn watch(&self) -> watch::Receiver<Trim> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RealDisk;

    #[test]
    fn a_trim_is_kept_and_told_to_whoever_plays() {
        let home = tempfile::tempdir().unwrap();
        let kept = KeptTrim::read(&RealDisk, home.path());
        let told = kept.watch();
        assert_eq!(*told.borrow(), Trim::default());
        let trim = Trim::from_micros(-12_345);
        kept.set(trim, &RealDisk, home.path()).unwrap();
        assert_eq!(*told.borrow(), trim);
        assert_eq!(*KeptTrim::read(&RealDisk, home.path()).watch().borrow(), trim);
        for bytes in [&b"\xff\xff"[..], b"9e9", b"1234567890123456789"] {
            std::fs::write(home.path().join(FILE), bytes).unwrap();
            assert_eq!(*KeptTrim::read(&RealDisk, home.path()).watch().borrow(), Trim::default());
        }
    }
}
