//! ZIP files without compression: sound would not get smaller by it.
//!
//! The format is PKWARE's APPNOTE 6.3: a header before each file, a directory of all behind them. Below 4 GiB and 65,536 files,
//! which [`crate::sound`] keeps far away from, it needs none of its extensions.

/// 1 January 1980, the format's first day: the same session gives the same file on every day.
const DATE: u16 = 1 << 5 | 1;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;
/// The version that readers need: 2.0.
const VERSION: u16 = 20;

/// A ZIP file while it is written.
#[derive(Debug, Default)]
pub(crate) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Zip {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, contents: &[u8]) {
        let at = self.bytes.len() as u32;
        let facts = facts(name, contents);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&facts);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(contents);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&facts);
        // No comment, the first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files += 1;
    }

    /// The whole file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let at = self.bytes.len() as u32;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend((self.directory.len() as u32).to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

/// What header and directory say alike, from the version to the length of the extra field.
fn facts(name: &str, contents: &[u8]) -> Vec<u8> {
    let size = (contents.len() as u32).to_le_bytes();
    let mut facts = Vec::with_capacity(26);
    for short in [VERSION, UTF_8, 0, 0, DATE] {
        facts.extend(short.to_le_bytes());
    }
    facts.extend(crc32fast::hash(contents).to_le_bytes());
    facts.extend(size);
    facts.extend(size);
    facts.extend((name.len() as u16).to_le_bytes());
    facts.extend([0; 2]);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_where_the_directory_says() {
        let mut zip = Zip::default();
        zip.add("a.txt", b"hello");
        zip.add("bé.txt", b"");
        let bytes = zip.finish();
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let end = bytes.len() - 22;
        let directory = word(end + 16);
        assert_eq!(&bytes[directory..directory + 4], b"PK\x01\x02");
        assert_eq!(word(directory + 16), 0x3610_a686, "the checksum of hello");
        let second = directory + 46 + "a.txt".len();
        let header = word(second + 42);
        assert_eq!(&bytes[header..header + 4], b"PK\x03\x04");
        assert_eq!(&bytes[header + 30..header + 30 + 7], "bé.txt".as_bytes());
        assert_eq!(directory + word(end + 12), end);
    }
}
