//! Where samples are kept: one FLAC file each, named by its hash.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use score::id::SampleHash;

use super::SampleError;
use crate::store::{Disk, RealDisk};

/// Largest stored sample: more than 30 s of stereo in 24 bits, and what a server accepts.
pub const MAX_STORED_BYTES: usize = 16 << 20;

/// The samples of a home.
///
/// A file appears whole or not at all and never changes, so any process may add one and any may read, whoever owns the home.
#[derive(Debug, Clone)]
pub struct SampleStore {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
}

impl SampleStore {
    /// The samples of the home in this folder. Nothing is touched before the first is added.
    pub fn at(home: &Path) -> Self {
        Self { folder: home.join("samples"), disk: Arc::new(RealDisk) }
    }

    /// The file of a sample, whether it is there or not.
    pub fn path(&self, hash: SampleHash) -> PathBuf {
        self.folder.join(format!("{hash}.flac"))
    }

    /// Adds a sample; it is durable when this returns. One that is there already is left as it is.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, flac: &[u8]) -> Result<SampleHash, SampleError> {
        let hash = SampleHash(*blake3::hash(flac).as_bytes());
        let path = self.path(hash);
        if self.read(&path)?.is_some_and(|held| held == flac) {
            return Ok(hash);
        }
        self.disk.create_dir(&self.folder).map_err(SampleError::io("make", &self.folder))?;
        // By process, so that two that add the same sample do not write into each other's file.
        let beside = self.folder.join(format!("{hash}.{}.part", std::process::id()));
        let mut file = self.disk.create(&beside).map_err(SampleError::io("make", &beside))?;
        let written = file.append(flac).and_then(|()| file.sync());
        if let Err(error) = written.and_then(|()| self.disk.rename(&beside, &path)) {
            // What could not be written whole is of no use to anybody.
            self.disk.remove(&beside).ok();
            return Err(SampleError::io("write", &beside)(error));
        }
        self.disk.sync_dir(&self.folder).map_err(SampleError::io("sync", &self.folder))?;
        Ok(hash)
    }

    /// A sample's FLAC; `name` is for messages.
    ///
    /// # Errors
    /// When it is not there, its bytes have another hash, or the disk refuses.
    pub fn get(&self, hash: SampleHash, name: &str) -> Result<Vec<u8>, SampleError> {
        let path = self.path(hash);
        let Some(bytes) = self.read(&path)? else {
            return Err(SampleError::Missing { name: name.to_owned(), hash });
        };
        if blake3::hash(&bytes) != hash.0 {
            return Err(SampleError::Damaged { name: name.to_owned(), path });
        }
        Ok(bytes)
    }

    /// Takes a sample away again that no session came to refer to.
    pub fn forget(&self, hash: SampleHash) {
        if let Err(error) = self.disk.remove(&self.path(hash)) {
            tracing::debug!(%error, "could not remove a sample");
        }
    }

    /// Whether there is a file for this sample, sound or not.
    pub fn has(&self, hash: SampleHash) -> bool {
        self.path(hash).is_file()
    }

    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, SampleError> {
        match self.disk.read(path, MAX_STORED_BYTES as u64) {
            // Too long to be what its name says.
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => Ok(Some(Vec::new())),
            read => read.map_err(SampleError::io("read", path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, SampleStore) {
        let home = tempfile::tempdir().unwrap();
        let store = SampleStore::at(home.path());
        (home, store)
    }

    #[test]
    fn what_was_put_is_found_by_its_hash_and_nothing_lies_beside_it() {
        let (home, store) = store();
        let hash = store.put(b"sound").unwrap();
        assert_eq!(hash.0, *blake3::hash(b"sound").as_bytes());
        assert_eq!(store.put(b"sound").unwrap(), hash);
        assert_eq!(store.get(hash, "kick").unwrap(), b"sound");
        assert_eq!(home.path().join("samples").read_dir().unwrap().count(), 1);
        store.forget(hash);
        assert!(!store.has(hash));
    }

    #[test]
    fn a_missing_and_a_damaged_sample_are_told_apart_and_a_damaged_one_is_mended_by_adding_it() {
        let (_home, store) = store();
        let hash = SampleHash(*blake3::hash(b"sound").as_bytes());
        assert!(matches!(store.get(hash, "kick"), Err(SampleError::Missing { .. })));
        store.put(b"sound").unwrap();
        std::fs::write(store.path(hash), b"noise").unwrap();
        let refused = store.get(hash, "kick").unwrap_err();
        assert!(matches!(refused, SampleError::Damaged { .. }));
        assert!(refused.to_string().contains("kick is damaged"), "{refused}");
        std::fs::File::create(store.path(hash)).unwrap().set_len(1 << 30).unwrap();
        assert!(matches!(store.get(hash, "kick"), Err(SampleError::Damaged { .. })));
        store.put(b"sound").unwrap();
        assert_eq!(store.get(hash, "kick").unwrap(), b"sound");
    }
}
