//! Mutated changes and histories against the gate and admission.
//!
//! Real changes are cut, flipped, spliced and prolonged, and then given a right checksum and a hostile player's own voucher, so that they get as far
//! as their content lets them. Nothing may panic, and whatever enters must leave a document that saves, loads under
//! the same heads, and yields the very same change. An input that fails is written to `fuzz_crashers/`; every file there is replayed.
#![allow(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod trust_support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use automerge::AutoCommit;
use crdt_model::trust::{Outcome, Record, Refusal, WholeDocument};
use sha2::{Digest as _, Sha256};
use trust_support::{Forger, Replica, raw_change};

const MUTATIONS: u32 = 30_000;
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// A small deterministic generator (splitmix64), so that a failing run can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.roll() % bound.max(1) as u64) as usize
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>, donor: &[u8]) {
        const TELLING: [u8; 12] = [0, 1, 2, 3, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0xfe, 0xff];
        let at = self.below(bytes.len());
        match self.below(7) {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes[at] = TELLING[self.below(TELLING.len())],
            2 => bytes[at] = bytes[at].wrapping_add(if self.below(2) == 0 { 1 } else { 255 }),
            3 => bytes.truncate(at.max(1)),
            4 => bytes.insert(at, TELLING[self.below(TELLING.len())]),
            5 => drop(bytes.remove(at)),
            _ => {
                let from = self.below(donor.len());
                let length = self.below(12).min(donor.len() - from).min(bytes.len() - at);
                bytes[at..at + length].copy_from_slice(&donor[from..from + length]);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
}

/// The chunk around a body, with the checksum that fits.
fn chunk(body: &[u8]) -> Vec<u8> {
    let mut head = vec![1];
    let mut length = body.len();
    while length >= 0x80 {
        head.push(length as u8 | 0x80);
        length >>= 7;
    }
    head.push(length as u8);
    let hash = Sha256::new().chain_update(&head).chain_update(body).finalize();
    [&MAGIC[..], &hash[..4], &head, body].concat()
}

fn body(chunk: &[u8]) -> &[u8] {
    let length_bytes = chunk[9..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
    &chunk[9 + length_bytes..]
}

/// The stage: what the victim holds, and the hostile player's next changes, each valid by itself.
struct Stage {
    held: Vec<Record>,
    hostile_line: Vec<Record>,
    hostile: Forger,
    seeds: Vec<automerge::Change>,
}

impl Stage {
    fn build() -> Self {
        let (mut ada, mut mallory) = (Replica::new(1), Replica::new(66));
        let mut held = vec![ada.found()];
        held.extend((0..4).map(|i| ada.put(&format!("a/{i}"), i)));
        for record in &held {
            drop(mallory.take(record));
        }
        let beside = ada.put("a/1", "beside");
        let first = mallory.put("a/1", 1.5);
        mallory.take(&beside);
        held.extend([beside, first.clone()]);
        let mut stage =
            Self { hostile: Forger::of(&mallory), held, hostile_line: vec![first], seeds: Vec::new() };
        let edits: [&dyn Fn(&mut AutoCommit); 5] = [&conflict, &objects, &values, &delete, &many];
        for edit in edits {
            let mut document = mallory.document.clone();
            edit(&mut document);
            document.commit();
            stage.seeds.push(document.get_last_local_change().unwrap());
        }
        stage
    }

    fn victim(&self) -> Replica {
        let mut victim = Replica::new(2);
        for record in &self.held {
            drop(victim.take(record));
        }
        victim
    }

    /// The hostile player's voucher for the chunk, made the way the chunk itself says.
    fn vouch(&self, chunk: Vec<u8>) -> Record {
        let hash = Sha256::digest(&chunk[8..]);
        let chain =
            self.hostile.chain_before(&self.hostile_line).then(&crdt_model::trust::ChangeHash(hash.into()));
        let voucher = crdt_model::trust::Voucher::sign(
            &self.hostile.identity,
            &trust_support::session(),
            self.hostile.nonce,
            2,
            chain,
        );
        Record { change: chunk, voucher }
    }
}

fn map(document: &AutoCommit) -> automerge::ObjId {
    use automerge::ReadDoc as _;
    document.get(automerge::ROOT, "on").unwrap().unwrap().1
}

fn put(document: &mut AutoCommit, key: &str, value: impl Into<automerge::ScalarValue>) {
    use automerge::transaction::Transactable as _;
    let map = map(document);
    document.put(&map, key, value).unwrap();
}

fn conflict(document: &mut AutoCommit) {
    put(document, "a/1", "over both");
}

fn objects(document: &mut AutoCommit) {
    use automerge::transaction::Transactable as _;
    let outer = document.put_object(automerge::ROOT, "tracks", automerge::ObjType::Map).unwrap();
    let inner = document.put_object(&outer, "track", automerge::ObjType::Map).unwrap();
    document.put(&inner, "name", "Kick").unwrap();
    document.put(&inner, "name", "Snare").unwrap();
}

fn values(document: &mut AutoCommit) {
    put(document, "v/1", 1u64 << 40);
    put(document, "v/2", -70_000i64);
    put(document, "v/3", 0.25);
    put(document, "v/4", true);
    put(document, "v/5", automerge::ScalarValue::Null);
    put(document, "v/6", automerge::ScalarValue::Timestamp(1_700_000_000_000));
    put(document, "v/7", vec![1u8, 2, 3]);
}

fn delete(document: &mut AutoCommit) {
    use automerge::transaction::Transactable as _;
    let map = map(document);
    document.delete(&map, "a/1").unwrap();
    document.delete(&map, "a/2").unwrap();
    document.put(&map, "a/2", 7).unwrap();
}

fn many(document: &mut AutoCommit) {
    (0..40).for_each(|i| put(document, &format!("m/{i}"), i % 3));
}

fn crashers() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_crashers")
}

/// Runs `call` on `input`; if it panics, keeps the input and fails.
fn keep_if_it_panics<T>(kind: &str, input: &[u8], call: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let name = format!(
            "{kind}-{}",
            &format!("{:x?}", Sha256::digest(input)[..6].to_vec()).replace(['[', ']', ',', ' '], "")
        );
        std::fs::write(crashers().join(&name), input).expect("the crasher can be written");
        eprintln!("kept as tests/fuzz_crashers/{name}");
        std::panic::resume_unwind(panic)
    })
}

/// What entered must be kept by the document as it came.
fn assert_kept(victim: &mut Replica, record: &Record) {
    victim.heads();
    victim.assert_saves();
    let hash = raw_change(record).hash();
    let rebuilt = victim.document.get_change_by_hash(&hash).expect("the document holds what entered");
    assert_eq!(rebuilt.raw_bytes(), raw_change(record).raw_bytes());
}

#[test]
fn every_seed_enters_as_it_is() {
    let stage = Stage::build();
    for seed in &stage.seeds {
        let mut victim = stage.victim();
        let record = stage.vouch(seed.raw_bytes().to_vec());
        victim.take(&record);
        assert_kept(&mut victim, &record);
    }
}

#[test]
fn mutated_changes_are_refused_or_kept_as_they_came() {
    let stage = Stage::build();
    let mut dice = Dice(2026);
    let mut victim = stage.victim();
    let (mut entered, mut panicked) = (0, 0);
    for _ in 0..MUTATIONS {
        let mut mutant = body(stage.seeds[dice.below(stage.seeds.len())].raw_bytes()).to_vec();
        let donor = body(stage.seeds[dice.below(stage.seeds.len())].raw_bytes()).to_vec();
        (0..=dice.below(3)).for_each(|_| dice.mutate(&mut mutant, &donor));
        let record = stage.vouch(chunk(&mutant));
        let outcome = keep_if_it_panics("change", &record.change, || victim.admit(&record));
        match outcome {
            Outcome::Applied(_) => {
                keep_if_it_panics("change", &record.change, || assert_kept(&mut victim, &record));
                entered += 1;
                victim = stage.victim();
            }
            Outcome::Refused(Refusal::Panicked | Refusal::Rejected) => panicked += 1,
            Outcome::Waiting => victim = stage.victim(),
            _ => {}
        }
    }
    victim.heads();
    println!("{entered} of {MUTATIONS} mutants entered; {panicked} were left to the net under Automerge");
    assert!(entered > 0, "the mutants are not all wrong from the start");
    assert_eq!(panicked, 0, "what Automerge would break on is found before it gets there");
}

#[test]
fn mutated_chunks_never_panic() {
    let stage = Stage::build();
    let mut dice = Dice(7);
    let mut victim = stage.victim();
    for _ in 0..MUTATIONS {
        let mut seed = stage.seeds[dice.below(stage.seeds.len())].clone();
        let mut mutant = seed.bytes().into_owned();
        (0..=dice.below(4)).for_each(|_| dice.mutate(&mut mutant, &MAGIC));
        let record = Record { change: mutant, voucher: stage.held[5].voucher };
        keep_if_it_panics("change", &record.change, || victim.admit(&record));
    }
    assert_eq!(victim.admission.len(), stage.held.len());
}

#[test]
fn mutated_histories_are_refused_whole_or_in_part() {
    let stage = Stage::build();
    let whole = stage.victim().admission.whole();
    let inflated = {
        use std::io::Read as _;
        let mut inflated = Vec::new();
        flate2::read::DeflateDecoder::new(&whole.history[..]).read_to_end(&mut inflated).unwrap();
        inflated
    };
    let mut dice = Dice(11);
    for round in 0..MUTATIONS / 10 {
        let mut mutant = if round % 4 == 0 { whole.history.clone() } else { inflated.clone() };
        (0..=dice.below(3)).for_each(|_| dice.mutate(&mut mutant, &inflated));
        if round % 4 != 0 {
            use std::io::Write as _;
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&mutant).unwrap();
            mutant = encoder.finish().unwrap();
        }
        let mutant = WholeDocument { history: mutant, ..whole.clone() };
        keep_if_it_panics("history", &mutant.history, || offer_history(&mutant));
    }
}

/// Offers a history to an empty replica, which takes it as it was or not at all.
fn offer_history(whole: &WholeDocument) {
    let mut replica = Replica::new(3);
    if replica.admission.admit_whole(&mut replica.document, whole).is_ok() {
        replica.heads();
        replica.assert_saves();
    } else {
        assert!(replica.admission.is_empty());
    }
}

#[test]
fn every_input_that_ever_broke_something_is_refused() {
    let stage = Stage::build();
    let whole = stage.victim().admission.whole();
    let files = std::fs::read_dir(crashers()).expect("the folder of crashers is there");
    let mut replayed = 0;
    for file in files {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("history")) {
            offer_history(&WholeDocument { history: bytes, ..whole.clone() });
        } else {
            let mut victim = stage.victim();
            let outcome = victim.admit(&stage.vouch(bytes));
            assert!(matches!(outcome, Outcome::Refused(_)), "{}: {outcome:?}", path.display());
            assert_eq!(victim.heads().len(), 2);
        }
        replayed += 1;
    }
    assert!(replayed >= 4, "the crashers that came with the first days are there");
}
