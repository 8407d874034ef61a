//! A file that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not write {}: {source}; {}", path.display(), advice(source))]
pub(crate) struct WholeFileError {
    /// The file.
    pub(crate) path: PathBuf,
    /// What the operating system said.
    pub(crate) source: io::Error,
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "free some space or choose another place, then try again"
        }
        io::ErrorKind::NotFound => "make the folder first",
        io::ErrorKind::PermissionDenied => "choose a place where you may write",
        _ => "choose another place",
    }
}

/// A file in the making: written beside its place under another name, and renamed when complete. What stood at that place
/// stays untouched until then.
///
/// A device or pipe (`/dev/stdout`) is written straight into: it must not be replaced by a file.
pub(crate) struct WholeFile {
    place: PathBuf,
    file: File,
    beside: Option<TempPath>,
}

impl WholeFile {
    /// Starts a file for `path`.
    pub(crate) fn create(path: &Path) -> Result<Self, WholeFileError> {
        let (file, beside) = Self::open(path).map_err(refused(path))?;
        // Through a link to where the file really is, so that the link stays one.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Ok(Self { place, file, beside })
    }

    fn open(path: &Path) -> io::Result<(File, Option<TempPath>)> {
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => Ok((File::options().write(true).open(path)?, None)),
            _ => {
                let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
                let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
                let beside = NamedTempFile::with_prefix_in(".offbeat-", folder.unwrap_or(Path::new(".")));
                // What went wrong, without the name of a file that the player has never heard of.
                let beside = beside.map_err(|error| io::Error::from(error.kind()))?;
                let (file, beside) = beside.into_parts();
                Ok((file, Some(beside)))
            }
        }
    }

    /// A handle to write with.
    pub(crate) fn handle(&self) -> Result<File, WholeFileError> {
        self.file.try_clone().map_err(self.refused())
    }

    /// Moves the complete file to its place.
    pub(crate) fn commit(self) -> Result<(), WholeFileError> {
        let Some(beside) = self.beside else { return Ok(()) };
        let refused = refused(&self.place);
        let moved = self.file.sync_all().and_then(|()| {
            open_to_others(&self.file)?;
            beside.persist(&self.place).map_err(|error| error.error)
        });
        moved.map_err(refused)
    }

    /// Wraps what the operating system said with the file's place.
    pub(crate) fn refused(&self) -> impl FnOnce(io::Error) -> WholeFileError + use<> {
        refused(&self.place)
    }
}

/// Writes a whole file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), WholeFileError> {
    let whole = WholeFile::create(path)?;
    whole.handle()?.write_all(bytes).map_err(whole.refused())?;
    whole.commit()
}

fn refused(path: &Path) -> impl FnOnce(io::Error) -> WholeFileError + use<> {
    let path = path.to_owned();
    |source| WholeFileError { path, source }
}

/// Temporary files are private; a finished one is as open as what other programs write.
#[cfg(unix)]
fn open_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_stays_until_the_file_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("beat.json");
        fs::write(&path, "old").unwrap();
        let whole = WholeFile::create(&path).unwrap();
        whole.handle().unwrap().write_all(b"half").unwrap();
        drop(whole);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        write(&path, b"whole").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_full_device_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, b"whole").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "whole");
        if Path::new("/dev/full").exists() {
            let refused = write(Path::new("/dev/full"), b"anything").unwrap_err().to_string();
            assert!(refused.contains("/dev/full") && refused.contains("free some space"), "{refused}");
        }
        let refused = write(folder.path(), b"anything").unwrap_err().to_string();
        assert!(refused.contains("directory"), "{refused}");
        let nowhere = folder.path().join("nowhere").join("beat.wav");
        let refused = write(&nowhere, b"anything").unwrap_err().to_string();
        assert!(refused.contains("make the folder first") && !refused.contains(".offbeat-"), "{refused}");
    }
}
