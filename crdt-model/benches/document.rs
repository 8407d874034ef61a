//! What a document costs: editing, receiving, opening; printed as lines of name, value and unit with tabs between.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crdt_model::trust::{ActorNonce, Identity, Outcome, Record};
use crdt_model::{Checkpoint, FoundingRandom, Session, Stored};
use score::edit::{PatternEdit, PatternRef, TrackEdit};
use score::pattern::MAX_STEPS;
use score::step::StepLock;
use score::{Edit, TrackId, UnixMillis};

/// How many edits each figure is the median of.
const MEASURED: usize = 2_000;

fn main() {
    let mut bench = Bench::new();
    for total in [2_000, 10_000, 100_000] {
        bench.grow(total);
        bench.measure_edits(total);
        bench.measure_undo(total);
        bench.measure_opening(total);
    }
}

/// A session of sixteen tracks, another player's replica of it, and everything a store would hold.
struct Bench {
    ada: Session,
    bob: Session,
    records: Vec<Record>,
    edits: usize,
}

impl Bench {
    fn new() -> Self {
        let random = FoundingRandom { nonce: [1; 16], seed: 1 };
        let (mut ada, mut records) =
            Session::create(Identity::from_secret(&[1; 32]), random, "Bench", UnixMillis(0))
                .expect("a good name");
        for id in 0..16 {
            let name = format!("Track {id}");
            let add = Edit::AddTrack { id: TrackId::from_random(id), instrument: "kick".to_owned(), name };
            records.extend(ada.apply(&add, None).expect("there is room").map(|change| change.record));
        }
        let mut bob = Session::join(Identity::from_secret(&[2; 32]), ActorNonce([2; 16]), ada.origin());
        for record in &records {
            bob.admit(record.clone());
        }
        Self { ada, bob, records, edits: 0 }
    }

    /// The next edit of a session in which steps are painted, locked and cleared, and faders moved; always one that changes something.
    fn next_edit(&mut self) -> Edit {
        let turn = self.edits as u64;
        self.edits += 1;
        let mixed = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let track = TrackId::from_random(mixed % 16);
        let at = PatternRef { track, scene: self.ada.score().first_scene() };
        let step = (mixed / 16 % u64::from(MAX_STEPS / 2)) as u16;
        let held = self.ada.score().tracks[&track].pattern(at.scene).step(step).cloned().unwrap_or_default();
        match turn % 8 {
            0..=4 => Edit::Pattern(at, PatternEdit::SetStep { step, on: !held.on }),
            5 => Edit::Pattern(
                at,
                PatternEdit::SetLock {
                    step,
                    lock: StepLock::Pitch(held.pitch.map_or(0, |pitch| (pitch + 1) % 24)),
                },
            ),
            6 => Edit::Pattern(
                at,
                PatternEdit::SetLock { step, lock: StepLock::Volume((turn % 997) as f32 / 997.0) },
            ),
            _ => Edit::Track(track, TrackEdit::SetVolume((turn % 991) as f32 / 991.0)),
        }
    }

    fn edit(&mut self) -> (Record, Duration) {
        let edit = self.next_edit();
        let start = Instant::now();
        let change = self.ada.apply(&edit, None).expect("the edit is good");
        let took = start.elapsed();
        (change.expect("the edit changes something").record, took)
    }

    fn receive(&mut self, record: &Record) -> Duration {
        let record = record.clone();
        let start = Instant::now();
        let received = self.bob.admit(record);
        let took = start.elapsed();
        assert!(matches!(received.outcome, Outcome::Applied(_)));
        took
    }

    fn grow(&mut self, total: usize) {
        while self.edits + MEASURED < total {
            let (record, _) = self.edit();
            self.receive(&record);
            self.records.push(record);
        }
    }

    fn measure_edits(&mut self, total: usize) {
        let (mut edits, mut receipts, mut bytes, mut voucher) = (Vec::new(), Vec::new(), 0, 0);
        for _ in 0..MEASURED {
            let (record, took) = self.edit();
            edits.push(took);
            receipts.push(self.receive(&record));
            bytes += record.change.len();
            voucher += postcard::to_allocvec(&record).expect("plain data").len() - record.change.len();
            self.records.push(record);
        }
        assert_eq!(self.ada.heads(), self.bob.heads());
        figure(&format!("edit at {total} edits, signed"), median(edits).as_secs_f64() * 1e6, "us");
        figure(&format!("receive at {total} edits, verified"), median(receipts).as_secs_f64() * 1e6, "us");
        figure(&format!("change at {total} edits"), bytes as f64 / MEASURED as f64, "bytes");
        figure(&format!("its voucher at {total} edits"), voucher as f64 / MEASURED as f64, "bytes");
    }

    fn measure_undo(&mut self, total: usize) {
        let mut undos = Vec::new();
        for _ in 0..100 {
            let start = Instant::now();
            let changes = self.ada.undo().expect("undo works").expect("there is something to undo");
            undos.push(start.elapsed());
            for change in changes {
                self.receive(&change.record);
                self.records.push(change.record);
            }
        }
        figure(&format!("undo at {total} edits"), median(undos).as_secs_f64() * 1e6, "us");
    }

    fn measure_opening(&mut self, total: usize) {
        let stored =
            |snapshot, records| Stored { origin: self.ada.origin(), snapshot, records, proofs: Vec::new() };
        let open_as = |secret: u8, stored: Stored| {
            let start = Instant::now();
            let session = Session::load(Identity::from_secret(&[secret; 32]), ActorNonce([9; 16]), stored);
            let took = start.elapsed();
            assert_eq!(session.expect("the store is whole").score(), self.ada.score());
            took.as_secs_f64() * 1e3
        };
        figure(
            &format!("open {total} edits from records"),
            open_as(1, stored(None, self.records.clone())),
            "ms",
        );
        let snapshot = self.ada.snapshot();
        figure(&format!("snapshot of {total} edits"), snapshot.history.len() as f64 / 1024.0, "KiB");
        figure(
            &format!("open {total} edits from a snapshot"),
            open_as(1, stored(Some(snapshot), Vec::new())),
            "ms",
        );
        let checkpoint = self.ada.checkpoint().write();
        figure(&format!("checkpoint of {total} edits"), checkpoint.len() as f64, "bytes");
        let start = Instant::now();
        black_box(Checkpoint::read(&checkpoint).expect("it was just written"));
        figure(&format!("read the checkpoint of {total} edits"), start.elapsed().as_secs_f64() * 1e6, "us");
        let start = Instant::now();
        black_box(self.ada.score_at(&self.ada.heads()));
        figure(&format!("read the score at {total} edits anew"), start.elapsed().as_secs_f64() * 1e3, "ms");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn figure(name: &str, value: f64, unit: &str) {
    println!("{name}\t{value:.1}\t{unit}");
}
