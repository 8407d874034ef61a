//! One process owns a home: the lock, and where the owner listens.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::HomeError;

/// The longest socket path that every Unix takes, in bytes (104 on the BSDs and macOS, 108 on Linux, each with a
/// closing zero).
const MAX_SOCKET_PATH_BYTES: usize = 100;

/// The longest lock file that is read: a process id and a path.
const MAX_NOTE_BYTES: u64 = 8192;

/// The claim on a home. The operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    home: PathBuf,
    held: AtomicBool,
}

/// What the owner has noted in the lock file for those who come later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnerNote {
    pub(super) pid: u32,
    pub(super) socket: PathBuf,
}

impl Lock {
    /// Claims the home, or returns `None` when another process has it.
    pub(super) fn try_claim(home: &Path) -> Result<Option<Self>, HomeError> {
        let path = home.join("lock");
        // Never emptied on opening: whoever fails to claim the home wants to read what stands there.
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(HomeError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file, home: home.to_owned(), held: AtomicBool::new(true) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(HomeError::Io { action: "lock", path, source }),
        }
    }

    /// Whether the claim has not been given back.
    pub(super) fn is_held(&self) -> bool {
        self.held.load(Ordering::Acquire)
    }

    /// Gives the claim back before the process ends.
    pub(super) fn release(&self) {
        // Closing the file would do the same, so an error means nothing.
        self.file.unlock().ok();
        self.held.store(false, Ordering::Release);
    }

    /// Notes this process and the socket it listens on, for [`read_note`].
    pub(super) fn note(&mut self, socket: &Path) -> Result<(), HomeError> {
        let note = format!("{}\n{}\n", std::process::id(), socket.display());
        let written = self.file.set_len(0).and_then(|()| {
            self.file.rewind()?;
            self.file.write_all(note.as_bytes())
        });
        written.map_err(HomeError::io("write", &self.home.join("lock")))
    }
}

/// What the owner of a home has noted, if it has come that far.
pub(super) fn read_note(home: &Path) -> Option<OwnerNote> {
    let mut note = String::new();
    File::open(home.join("lock")).ok()?.take(MAX_NOTE_BYTES).read_to_string(&mut note).ok()?;
    let (pid, socket) = note.strip_suffix('\n')?.split_once('\n')?;
    Some(OwnerNote { pid: pid.parse().ok()?, socket: PathBuf::from(socket) })
}

/// Where the owner of `home` is to listen: in the home, or, when that path is too long for a socket, under a short
/// name in a private folder of the machine's runtime or temporary folder.
pub(super) fn socket_path(home: &Path) -> Result<PathBuf, HomeError> {
    let inside = home.join("socket");
    if fits(&inside) {
        return Ok(inside);
    }
    let uid = fs::metadata(home).map_err(HomeError::io("look at", home))?.uid();
    let full = fs::canonicalize(home).map_err(HomeError::io("find", home))?;
    let hash = blake3::hash(full.as_os_str().as_encoded_bytes()).to_hex();
    let name = format!("offbeat-{uid}/{}", &hash[..16]);
    let bases = [std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from), Some(std::env::temp_dir())];
    let bases = bases.into_iter().flatten().filter(|base| base.is_absolute() && base.is_dir());
    let path = bases.map(|base| base.join(&name)).find(|path| fits(path));
    let path = path.unwrap_or_else(|| Path::new("/tmp").join(&name));
    private_folder(path.parent().expect("a joined path has a parent"), uid)?;
    Ok(path)
}

fn fits(path: &Path) -> bool {
    path.as_os_str().len() <= MAX_SOCKET_PATH_BYTES
}

/// Makes sure that `folder` is this user's alone. In a folder where everybody may write, somebody else could have
/// made it first, or put a link there.
fn private_folder(folder: &Path, uid: u32) -> Result<(), HomeError> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(HomeError::io("make", folder)(error)),
    }
    let found = fs::symlink_metadata(folder).map_err(HomeError::io("look at", folder))?;
    if found.is_dir() && found.uid() == uid && found.mode() & 0o777 == 0o700 {
        Ok(())
    } else {
        Err(HomeError::NotPrivate { path: folder.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_claimed_once_and_again_after_its_owner_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let mut first = Lock::try_claim(home.path()).unwrap().unwrap();
        first.note(Path::new("/somewhere/socket")).unwrap();
        assert!(Lock::try_claim(home.path()).unwrap().is_none());
        let note = read_note(home.path()).unwrap();
        assert_eq!(note, OwnerNote { pid: std::process::id(), socket: "/somewhere/socket".into() });
        drop(first);
        assert!(Lock::try_claim(home.path()).unwrap().is_some());
    }

    #[test]
    fn a_home_with_a_long_path_listens_in_a_private_folder_under_a_short_one() {
        let base = tempfile::tempdir().unwrap();
        assert_eq!(socket_path(base.path()).unwrap(), base.path().join("socket"));
        let home = base.path().join("long ".repeat(30));
        fs::create_dir(&home).unwrap();
        let path = socket_path(&home).unwrap();
        assert!(fits(&path) && !path.starts_with(&home), "{}", path.display());
        assert_eq!(socket_path(&home).unwrap(), path);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_folder_that_others_may_enter_holds_no_socket() {
        let base = tempfile::tempdir().unwrap();
        let uid = fs::metadata(base.path()).unwrap().uid();
        let open = base.path().join("open");
        fs::DirBuilder::new().mode(0o755).create(&open).unwrap();
        assert!(matches!(private_folder(&open, uid), Err(HomeError::NotPrivate { .. })));
        let link = base.path().join("link");
        std::os::unix::fs::symlink(base.path(), &link).unwrap();
        assert!(matches!(private_folder(&link, uid), Err(HomeError::NotPrivate { .. })));
    }
}
