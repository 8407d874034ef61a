//! Writing a small file whole or not at all.

use std::path::Path;

use super::HomeError;
use crate::store::Disk;

/// Puts `bytes` into the file `name` of a home, so that whatever happens meanwhile all of it is there or what was there before.
/// Returns when that would survive a power cut.
pub(super) fn write_whole(disk: &dyn Disk, home: &Path, name: &str, bytes: &[u8]) -> Result<(), HomeError> {
    let (beside, path) = (home.join(format!("{name}.new")), home.join(name));
    let mut file = disk.create(&beside).map_err(HomeError::io("make", &beside))?;
    file.append(bytes).map_err(HomeError::io("write", &beside))?;
    file.sync().map_err(HomeError::io("sync", &beside))?;
    disk.rename(&beside, &path).map_err(HomeError::io("rename", &beside))?;
    disk.sync_dir(home).map_err(HomeError::io("sync", home))
}
