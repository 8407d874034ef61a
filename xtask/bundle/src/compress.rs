//! Compressed copies, made once so that no server spends time on them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli's window in bits: 4 MiB, more than any of our files.
const WINDOW_BITS: u32 = 22;

/// A copy for browsers that take Brotli, as all of today do on a secure connection. `quick` costs a few percent in size.
pub(crate) fn brotli(bytes: &[u8], quick: bool) -> std::io::Result<Vec<u8>> {
    let quality = if quick { 5 } else { 11 };
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, WINDOW_BITS);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}

/// A copy for all other browsers.
pub(crate) fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn copies_hold_what_was_compressed() {
        let text = "four on the floor ".repeat(500).into_bytes();
        for quick in [true, false] {
            let compressed = brotli(&text, quick).unwrap();
            let mut plain = Vec::new();
            brotli::Decompressor::new(&compressed[..], 4096).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, text);
            assert!(compressed.len() < text.len() / 10);
        }
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&text).unwrap()[..]).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, text);
    }
}
