//! The player's secret on disk.

use std::path::Path;

use super::HomeError;
use crate::store::Disk;

/// The longest file that is read as an identity: enough to tell how long a wrong one is.
const MAX_IDENTITY_BYTES: u64 = 4096;

/// The player's 32-byte secret in this home, if there is one.
///
/// # Errors
/// When the file cannot be read or is no identity.
pub fn read_identity(disk: &dyn Disk, home: &Path) -> Result<Option<[u8; 32]>, HomeError> {
    let path = home.join("identity");
    let Some(bytes) = disk.read(&path, MAX_IDENTITY_BYTES).map_err(HomeError::io("read", &path))? else {
        return Ok(None);
    };
    let secret = <[u8; 32]>::try_from(&bytes[..]);
    secret.map(Some).map_err(|_| HomeError::Identity { path, bytes: bytes.len() })
}

/// The player's secret in this home, drawn from the operating system on first use.
///
/// The file appears whole or not at all, readable by its owner alone, and is durable before anything is signed with
/// it: a player who came back from a power cut as somebody else would no longer own their sessions. Only the process
/// that owns the home may call this.
///
/// # Errors
/// When the file cannot be read or written, or is no identity.
pub(super) fn read_or_create_identity(disk: &dyn Disk, home: &Path) -> Result<[u8; 32], HomeError> {
    if let Some(secret) = read_identity(disk, home)? {
        return Ok(secret);
    }
    let (beside, path) = (home.join("identity.new"), home.join("identity"));
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| {
        let source = std::io::Error::other(error.to_string());
        HomeError::Io { action: "draw a random identity for", path: path.clone(), source }
    })?;
    let mut file = disk.create(&beside).map_err(HomeError::io("make", &beside))?;
    file.append(&secret).map_err(HomeError::io("write", &beside))?;
    file.sync().map_err(HomeError::io("sync", &beside))?;
    disk.rename(&beside, &path).map_err(HomeError::io("rename", &beside))?;
    disk.sync_dir(home).map_err(HomeError::io("sync", home))?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RealDisk;
    use crate::store::simulated_disk::{Seeded, SimulatedDisk};

    #[test]
    fn an_identity_is_made_once_and_readable_by_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(read_identity(&RealDisk, home.path()).unwrap(), None);
        let secret = read_or_create_identity(&RealDisk, home.path()).unwrap();
        assert_ne!(secret, [0; 32]);
        assert_eq!(read_or_create_identity(&RealDisk, home.path()).unwrap(), secret);
        let mode = std::fs::metadata(home.path().join("identity")).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    }

    #[test]
    fn whatever_a_power_cut_leaves_an_identity_once_used_stays() {
        for seed in 0..200 {
            let mut random = Seeded(seed);
            let disk = SimulatedDisk::default();
            disk.cut_power_after(1 + random.below(8));
            let used = read_or_create_identity(&disk, Path::new("home"));
            let after = disk.restart(&mut random);
            let found = read_or_create_identity(&after, Path::new("home")).unwrap();
            if let Ok(used) = used {
                assert_eq!(found, used, "seed {seed}");
            }
        }
    }

    #[test]
    fn a_file_that_is_no_identity_is_refused_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("identity"), b"short").unwrap();
        let refused = read_or_create_identity(&RealDisk, home.path()).unwrap_err().to_string();
        assert!(refused.contains("holds 5 bytes instead of a 32-byte secret"), "{refused}");
        assert_eq!(std::fs::read(home.path().join("identity")).unwrap(), b"short");
    }
}
