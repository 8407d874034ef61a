//! A disk in memory whose power can be cut between, and in the middle of, any two operations.
//!
//! It keeps what a kernel keeps apart: the bytes and names that programs see, and those that a power cut would leave.
//! It is harsher than most real disks. Of a file's unsynced operations each is kept, lost or torn at a random byte on
//! its own, so a later write may survive an earlier one (with a hole of zeros between). Of a folder's unsynced changes
//! of names a random first part is kept.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::{Disk, File};

/// A small seeded generator (splitmix64, Steele, Lea and Flood 2014), so that one number replays a whole run.
#[derive(Debug, Clone)]
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end - 1`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

#[derive(Debug, Clone)]
enum FileChange {
    Append { at: usize, bytes: Vec<u8> },
    Truncate { len: usize },
}

#[derive(Debug, Clone)]
enum NameChange {
    Link { path: PathBuf, inode: usize },
    Rename { from: PathBuf, to: PathBuf },
    Unlink { path: PathBuf },
}

#[derive(Debug, Default)]
struct Inode {
    seen: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<FileChange>,
}

#[derive(Debug, Default)]
struct State {
    inodes: Vec<Inode>,
    seen: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    unsynced: Vec<NameChange>,
    /// Operations until the power goes; `None` while it stays on.
    fuse: Option<usize>,
    /// Bytes that may still be written; `None` for a disk without end.
    room: Option<usize>,
    /// How many of the next syncs fail, dropping what they should have made durable as Linux may.
    failing_syncs: usize,
}

/// See the [module](self). Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct SimulatedDisk(Arc<Mutex<State>>);

fn power_is_off() -> io::Error {
    io::Error::other("the power is off")
}

fn apply(bytes: &mut Vec<u8>, change: &FileChange) {
    match change {
        FileChange::Append { at, bytes: added } => {
            bytes.resize(bytes.len().max(at + added.len()), 0);
            bytes[*at..at + added.len()].copy_from_slice(added);
        }
        FileChange::Truncate { len } => bytes.truncate(*len),
    }
}

fn apply_name(names: &mut BTreeMap<PathBuf, usize>, change: &NameChange) {
    match change {
        NameChange::Link { path, inode } => {
            names.insert(path.clone(), *inode);
        }
        NameChange::Rename { from, to } => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        NameChange::Unlink { path } => {
            names.remove(path);
        }
    }
}

impl SimulatedDisk {
    /// Cuts the power in the course of the operation after `operations` more.
    pub(crate) fn cut_power_after(&self, operations: usize) {
        self.lock().fuse = Some(operations);
    }

    pub(crate) fn power_is_cut(&self) -> bool {
        self.lock().fuse == Some(0)
    }

    /// Lets `bytes` more be written before the disk is full; `None` frees all the space there is.
    pub(crate) fn leave_room(&self, bytes: Option<usize>) {
        self.lock().room = bytes;
    }

    pub(crate) fn fail_syncs(&self, times: usize) {
        self.lock().failing_syncs = times;
    }

    /// Flips a bit of a file behind everyone's back, as an ageing disk does.
    pub(crate) fn rot(&self, path: &Path, byte: usize) {
        let mut state = self.lock();
        let inode = state.seen[path];
        state.inodes[inode].seen[byte] ^= 0x10;
    }

    /// The power comes back: the disk as the cut has left it.
    pub(crate) fn restart(&self, random: &mut Seeded) -> Self {
        let state = self.lock();
        let mut names = state.durable.clone();
        for change in &state.unsynced[..random.below(state.unsynced.len() + 1)] {
            apply_name(&mut names, change);
        }
        let inodes = state.inodes.iter().map(|inode| Inode::after_cut(inode, random)).collect();
        Self(Arc::new(Mutex::new(State { inodes, seen: names.clone(), durable: names, ..State::default() })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Counts one operation. `Ok(true)` means that the power goes in the middle of this one.
    fn operate(&self) -> io::Result<(MutexGuard<'_, State>, bool)> {
        let mut state = self.lock();
        match &mut state.fuse {
            None => Ok((state, false)),
            Some(0) => Err(power_is_off()),
            Some(left) => {
                *left -= 1;
                let last = *left == 0;
                Ok((state, last))
            }
        }
    }
}

impl Inode {
    fn after_cut(inode: &Self, random: &mut Seeded) -> Self {
        let mut bytes = inode.durable.clone();
        for change in &inode.unsynced {
            match (random.below(3), change) {
                (0, _) => {}
                (1, FileChange::Append { at, bytes: added }) => {
                    let torn = added[..random.below(added.len() + 1)].to_vec();
                    apply(&mut bytes, &FileChange::Append { at: *at, bytes: torn });
                }
                _ => apply(&mut bytes, change),
            }
        }
        Self { seen: bytes.clone(), durable: bytes, unsynced: Vec::new() }
    }

    fn change(&mut self, change: FileChange) {
        apply(&mut self.seen, &change);
        self.unsynced.push(change);
    }
}

impl State {
    fn rename(&mut self, change: NameChange) {
        apply_name(&mut self.seen, &change);
        self.unsynced.push(change);
    }

    fn make(&mut self, path: &Path) -> usize {
        self.inodes.push(Inode::default());
        let inode = self.inodes.len() - 1;
        self.rename(NameChange::Link { path: path.to_owned(), inode });
        inode
    }

    fn open(&mut self, path: &Path, emptied: bool) -> usize {
        match self.seen.get(path).copied() {
            Some(inode) => {
                if emptied {
                    self.inodes[inode].change(FileChange::Truncate { len: 0 });
                }
                inode
            }
            None => self.make(path),
        }
    }
}

#[derive(Debug)]
struct SimulatedFile {
    disk: SimulatedDisk,
    inode: usize,
}

/// An operation in whose course the power goes has happened as far as the unsynced state is concerned, and whoever
/// asked for it is never told.
fn told<T>(cut: bool, value: T) -> io::Result<T> {
    if cut { Err(power_is_off()) } else { Ok(value) }
}

impl Disk for SimulatedDisk {
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let (mut state, cut) = self.operate()?;
        let inode = state.open(path, false);
        told(cut, Box::new(SimulatedFile { disk: self.clone(), inode }))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let (mut state, cut) = self.operate()?;
        let inode = state.open(path, true);
        told(cut, Box::new(SimulatedFile { disk: self.clone(), inode }))
    }

    fn read(&self, path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        let (state, cut) = self.operate()?;
        let bytes = state.seen.get(path).map(|&inode| state.inodes[inode].seen.clone());
        match bytes {
            Some(bytes) if bytes.len() as u64 > max_bytes => Err(io::ErrorKind::FileTooLarge.into()),
            bytes => told(cut, bytes),
        }
    }

    fn read_part(&self, path: &Path, offset: u64, max_bytes: usize) -> io::Result<Option<(u64, Vec<u8>)>> {
        let whole = self.read(path, u64::MAX)?;
        Ok(whole.map(|whole| {
            let part = whole.iter().skip(offset as usize).take(max_bytes).copied().collect();
            (whole.len() as u64, part)
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (mut state, cut) = self.operate()?;
        if !state.seen.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.rename(NameChange::Rename { from: from.to_owned(), to: to.to_owned() });
        told(cut, ())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let (mut state, cut) = self.operate()?;
        if !state.seen.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.rename(NameChange::Unlink { path: path.to_owned() });
        told(cut, ())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let (state, cut) = self.operate()?;
        told(cut, state.seen.keys().filter(|path| path.parent() == Some(dir)).cloned().collect())
    }

    fn create_dir(&self, _dir: &Path) -> io::Result<()> {
        // Folders are parts of names here; there is nothing to make.
        let (_state, cut) = self.operate()?;
        told(cut, ())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let (mut state, cut) = self.operate()?;
        if cut {
            return Err(power_is_off());
        }
        let in_dir = |change: &NameChange| match change {
            NameChange::Link { path, .. }
            | NameChange::Rename { to: path, .. }
            | NameChange::Unlink { path } => path.parent() == Some(dir),
        };
        let (synced, left) = std::mem::take(&mut state.unsynced).into_iter().partition::<Vec<_>, _>(in_dir);
        for change in &synced {
            apply_name(&mut state.durable, change);
        }
        state.unsynced = left;
        Ok(())
    }
}

impl File for SimulatedFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (mut state, cut) = self.disk.operate()?;
        let fits = state.room.map_or(bytes.len(), |room| room.min(bytes.len()));
        if let Some(room) = &mut state.room {
            *room -= fits;
        }
        let inode = &mut state.inodes[self.inode];
        let at = inode.seen.len();
        inode.change(FileChange::Append { at, bytes: bytes[..fits].to_vec() });
        if fits < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        told(cut, ())
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        let (mut state, cut) = self.disk.operate()?;
        state.inodes[self.inode].change(FileChange::Truncate { len: len as usize });
        told(cut, ())
    }

    fn sync(&mut self) -> io::Result<()> {
        let (mut state, cut) = self.disk.operate()?;
        if cut {
            return Err(power_is_off());
        }
        let failing = state.failing_syncs > 0;
        state.failing_syncs = state.failing_syncs.saturating_sub(1);
        let inode = &mut state.inodes[self.inode];
        let unsynced = std::mem::take(&mut inode.unsynced);
        if failing {
            // The pages are marked clean and their bytes never arrive: a later sync succeeds and means nothing.
            return Err(io::Error::other("input/output error"));
        }
        for change in &unsynced {
            apply(&mut inode.durable, change);
        }
        Ok(())
    }
}
