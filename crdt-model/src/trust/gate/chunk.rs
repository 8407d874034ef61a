//! The frame around a change: magic, checksum, kind, length; and inflating without trusting the length.

use std::borrow::Cow;

use flate2::{Decompress, FlushDecompress, Status};
use sha2::{Digest as _, Sha256};

use super::reader::{Reader, write_unsigned};
use crate::trust::limits::MAX_CHANGE_BYTES;
use crate::trust::{ChangeHash, Refusal};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const KIND_CHANGE: u8 = 1;
const KIND_COMPRESSED_CHANGE: u8 = 2;

/// The body of a change chunk, and the hash that names the change.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    pub(super) hash: ChangeHash,
    pub(super) body: Cow<'a, [u8]>,
}

/// Opens a change chunk: the only kind that is taken from strangers. Document chunks (0) and bundles (3) hold many
/// changes in columns that Automerge expands before anyone can count them.
pub(super) fn open(bytes: &[u8]) -> Result<Chunk<'_>, Refusal> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    if *reader.array()? != MAGIC {
        return Err(Refusal::Malformed("not an Automerge chunk"));
    }
    let checksum: [u8; 4] = *reader.array()?;
    let kind = reader.byte()?;
    let length = reader.unsigned()?;
    let data = reader.take(length)?;
    if !reader.is_empty() {
        return Err(Refusal::Malformed("bytes follow the chunk"));
    }
    let body = match kind {
        KIND_CHANGE => Cow::Borrowed(data),
        KIND_COMPRESSED_CHANGE => Cow::Owned(inflate(data, MAX_CHANGE_BYTES)?),
        _ => return Err(Refusal::Malformed("not a chunk of one change")),
    };
    let hash = body_hash(&body);
    if hash.0[..4] != checksum {
        return Err(Refusal::Malformed("the checksum does not match"));
    }
    Ok(Chunk { hash, body })
}

/// Writes the uncompressed chunk around `body`.
pub(super) fn close(hash: &ChangeHash, body: &[u8]) -> Vec<u8> {
    let mut chunk = Vec::with_capacity(body.len() + 14);
    chunk.extend(MAGIC);
    chunk.extend(&hash.0[..4]);
    chunk.push(KIND_CHANGE);
    write_unsigned(body.len() as u64, &mut chunk);
    chunk.extend(body);
    chunk
}

/// The SHA-256 of the chunk from its kind on, whichever way it is compressed.
pub(in crate::trust) fn body_hash(body: &[u8]) -> ChangeHash {
    let mut start = vec![KIND_CHANGE];
    write_unsigned(body.len() as u64, &mut start);
    ChangeHash(Sha256::new().chain_update(&start).chain_update(body).finalize().into())
}

/// Inflates one raw DEFLATE stream (RFC 1951) that must take all of `data` and yield at most `max_bytes`. The output grows with what
/// has been inflated, so a stream that yields little takes little.
pub(in crate::trust) fn inflate(data: &[u8], max_bytes: usize) -> Result<Vec<u8>, Refusal> {
    let mut inflater = Decompress::new(false);
    let mut out = Vec::with_capacity(data.len().saturating_mul(2).clamp(1_024, 64 << 10).min(max_bytes));
    loop {
        let (read, written) = (inflater.total_in() as usize, out.len());
        if out.len() == out.capacity() {
            if out.len() >= max_bytes {
                return Err(Refusal::TooLarge);
            }
            out.reserve_exact(out.len().min(max_bytes - out.len()));
        }
        let rest = data.get(read..).unwrap_or_default();
        let status = inflater
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|_| Refusal::Malformed("a broken compressed stream"))?;
        match status {
            Status::StreamEnd if inflater.total_in() as usize == data.len() => return Ok(out),
            Status::StreamEnd => return Err(Refusal::Malformed("bytes follow the compressed stream")),
            _ if inflater.total_in() as usize == read && out.len() == written => {
                return Err(Refusal::Malformed("the compressed stream ends early"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_deflated_inflates() {
        let data: Vec<u8> = (0..200_000u32).map(|i| (i / 7) as u8).collect();
        assert_eq!(inflate(&deflate(&data), data.len()).unwrap(), data);
        assert_eq!(inflate(&deflate(b""), 10).unwrap(), b"");
    }

    #[test]
    fn a_stream_past_its_bound_is_refused() {
        let bomb = deflate(&vec![0; MAX_CHANGE_BYTES + 1]);
        assert!(bomb.len() < 2_000);
        assert_eq!(inflate(&bomb, MAX_CHANGE_BYTES), Err(Refusal::TooLarge));
    }

    #[test]
    fn cut_and_prolonged_streams_are_refused() {
        let stream = deflate(b"four on the floor");
        assert!(inflate(&stream[..stream.len() - 1], 100).is_err());
        assert!(inflate(&[&stream[..], b"x"].concat(), 100).is_err());
    }
}
