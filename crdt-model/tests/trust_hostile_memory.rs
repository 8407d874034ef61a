//! What a refused message costs: at most 4 MiB of memory beyond what was held before, whatever its 64 KiB say.
//!
//! An allocator that counts stands in for the system's; the peak is read around each refusal.
#![allow(unsafe_code, reason = "a counting allocator is a global allocator")]
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod trust_support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Write as _;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use crdt_model::trust::{Outcome, Record, Refusal, WholeDocument};
use trust_support::{Forger, Replica, altered, raw_change};

const MAX_MESSAGE_BYTES: usize = 64 << 10;
const MAX_EXTRA_BYTES: usize = 4 << 20;

struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // The cells are gone while a thread ends; nothing is measured there.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both blocks exist while one is copied to the other.
        count(size as isize);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        count(-(layout.size() as isize));
        moved
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `call` and tells how much memory it took at its peak beyond what was held before.
fn peak_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    PEAK.set(before);
    let result = call();
    (result, (PEAK.get() - before).max(0) as usize)
}

/// A bomb of `inflated` zero bytes in a compressed chunk whose checksum is right for nothing.
fn compressed_chunk(kind: u8, inflated: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(inflated).unwrap();
    chunk(kind, [0; 4], &encoder.finish().unwrap())
}

fn chunk(kind: u8, checksum: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(checksum);
    chunk.push(kind);
    let mut length = data.len();
    while length >= 0x80 {
        chunk.push(length as u8 | 0x80);
        length >>= 7;
    }
    chunk.push(length as u8);
    chunk.extend(data);
    chunk
}

/// Ada, Bob, and what Ada wrote; Bob has all but the last.
struct Scene {
    ada: Replica,
    bob: Replica,
    line: Vec<Record>,
    last: Record,
    /// Ada's document before the last record.
    before_last: automerge::AutoCommit,
}

fn scene() -> Scene {
    let (mut ada, mut bob) = (Replica::new(1), Replica::new(2));
    let mut line = vec![ada.found()];
    line.extend((0..200).map(|i| ada.put(&format!("a/{i}"), i)));
    for record in &line {
        drop(bob.take(record));
    }
    let before_last = ada.document.clone();
    let last = ada.put("last", 1);
    Scene { ada, bob, line, last, before_last }
}

impl Scene {
    /// Vouches for a change as Ada would, were she hostile.
    fn vouched(&self, change: automerge::Change) -> Record {
        let forger = Forger::of(&self.ada);
        forger.vouch(forger.chain_before(&self.line), change)
    }

    fn with_bytes(&self, change: Vec<u8>) -> Record {
        Record { change, ..self.last.clone() }
    }
}

fn hostile_records(scene: &Scene) -> Vec<(&'static str, Record)> {
    let raw = raw_change(&scene.last);
    let mut wide = scene.before_last.clone();
    let map = wide.put_object(ROOT, "wide", ObjType::Map).unwrap();
    let key = "k".repeat(60_000);
    (0..2_000).for_each(|i| wide.put(&map, &key, i).unwrap());
    wide.commit();
    let repeated_keys = wide.get_last_local_change().unwrap();
    let mut many = scene.before_last.clone();
    let map = many.put_object(ROOT, "many", ObjType::Map).unwrap();
    (0..32_000).for_each(|i| many.put(&map, format!("{}", i % 7), i).unwrap());
    many.commit();
    let most_ops = many.get_last_local_change().unwrap();
    let last_ops_dangle = altered(&most_ops, |change| {
        let last = change.operations.last_mut().unwrap();
        last.key = automerge::legacy::Key::Map("elsewhere".into());
    });
    vec![
        ("a bomb in a change", scene.with_bytes(compressed_chunk(2, &vec![0; 16 << 20]))),
        ("a bomb just below the bound", scene.with_bytes(compressed_chunk(2, &vec![0; (1 << 20) - 1]))),
        ("a bomb in a document chunk", scene.with_bytes(compressed_chunk(0, &vec![0; 16 << 20]))),
        ("a bundle", scene.with_bytes(chunk(3, [0; 4], &[0; 60_000]))),
        ("nothing but ones", scene.with_bytes(vec![0xff; MAX_MESSAGE_BYTES])),
        ("a long key that repeats", scene.vouched(repeated_keys)),
        ("operations that do not fit their place", scene.vouched(last_ops_dangle)),
        (
            "an absurd start",
            scene.vouched(altered(&raw, |change| change.start_op = 4_000_000.try_into().unwrap())),
        ),
        (
            "dependencies without end",
            scene.vouched(altered(&raw, |change| {
                change.deps = (0..2_000u32)
                    .map(|i| automerge::ChangeHash(*blake3::hash(&i.to_le_bytes()).as_bytes()))
                    .collect();
            })),
        ),
    ]
}

#[test]
fn a_refused_change_costs_little_memory() {
    let mut scene = scene();
    let records = hostile_records(&scene);
    for (what, record) in records {
        assert!(record.change.len() <= MAX_MESSAGE_BYTES, "{what}: {} bytes", record.change.len());
        let (outcome, peak) = peak_of(|| scene.bob.admission.admit(&mut scene.bob.document, record));
        println!("{what}: {peak} bytes, {outcome:?}");
        assert!(matches!(outcome, Outcome::Refused(_)), "{what}: {outcome:?}");
        assert!(peak <= MAX_EXTRA_BYTES, "{what} took {peak} bytes");
    }
    let last = scene.last.clone();
    scene.bob.take(&last);
}

#[test]
fn a_refused_whole_document_costs_little_memory() {
    let Scene { ada, .. } = scene();
    let honest = ada.admission.whole();
    let deflated = |bytes: &[u8]| {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let mut flipped = honest.clone();
    flipped.coverage[0].voucher.chain.0[0] ^= 1;
    let mut unsigned = honest.clone();
    unsigned.coverage[0].voucher.signature.0[5] ^= 1;
    let mut cut = honest.clone();
    cut.history.truncate(honest.history.len() / 2);
    let hostile = [
        ("a bomb", WholeDocument { history: deflated(&vec![0; 16 << 20]), ..honest.clone() }),
        (
            "a flood of the smallest changes",
            WholeDocument { history: deflated(&smallest_changes(40_000)), ..honest.clone() },
        ),
        ("another chain", flipped),
        ("another signature", unsigned),
        ("half of it", cut),
        ("no voucher", WholeDocument { coverage: vec![], ..honest.clone() }),
    ];
    for (what, whole) in hostile {
        assert!(whole.history.len() <= MAX_MESSAGE_BYTES, "{what}: {} bytes", whole.history.len());
        let mut carol = Replica::new(3);
        let (outcome, peak) = peak_of(|| carol.admission.admit_whole(&mut carol.document, &whole));
        println!("{what}: {peak} bytes, {outcome:?}");
        assert!(outcome.is_err(), "{what}");
        assert!(peak <= MAX_EXTRA_BYTES, "{what} took {peak} bytes");
    }
}

/// A packed history of one actor's changes that hold next to nothing.
fn smallest_changes(count: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    for i in 0..count {
        packed.push(u8::from(i > 0));
        packed.extend(if i > 0 { &[1][..] } else { &[][..] });
        packed.push(0);
        packed.extend(if i == 0 { &[7u8; 16][..] } else { &[][..] });
        packed.extend([1, 0, 0, 0, 0]);
    }
    packed
}

/// Proves that the measure can fail: Automerge by itself inflates the bomb.
#[test]
fn the_measure_sees_what_automerge_alone_would_take() {
    let bomb = compressed_chunk(2, &vec![0; 16 << 20]);
    let (loaded, peak) = peak_of(|| automerge::Change::from_bytes(bomb));
    assert!(loaded.is_err());
    assert!(peak > 4 * MAX_EXTRA_BYTES, "Automerge took {peak} bytes");
    assert_eq!(Refusal::TooLarge.to_string(), "a change may take 1048576 bytes once inflated");
}
