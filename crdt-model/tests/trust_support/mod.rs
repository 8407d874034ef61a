//! Players with real keys, real documents and real changes.
#![allow(dead_code, reason = "each test crate uses its part")]

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use crdt_model::trust::{
    ActorId, ActorNonce, Admission, Applied, Chain, ChangeHash, Identity, Outcome, Record, SessionOrigin,
    Staging, Voucher,
};
use score::id::SessionId;

pub(crate) fn session() -> SessionId {
    SessionOrigin { founder: Identity::from_secret(&[1; 32]).player(), nonce: [7; 16] }.id()
}

/// One replica: a player with its document and its admission.
pub(crate) struct Replica {
    pub(crate) identity: Identity,
    pub(crate) nonce: ActorNonce,
    pub(crate) document: AutoCommit,
    pub(crate) admission: Admission,
}

impl Replica {
    /// A replica of player `number`, its document empty.
    pub(crate) fn new(number: u8) -> Self {
        Self::with_nonce(number, 0)
    }

    pub(crate) fn with_nonce(number: u8, nonce: u8) -> Self {
        let identity = Identity::from_secret(&[number; 32]);
        let nonce = ActorNonce([nonce; 16]);
        let actor = ActorId::derive(&identity.player(), &nonce);
        let document = AutoCommit::new().with_actor(actor.into());
        Self { identity, nonce, document, admission: Admission::new(session()) }
    }

    pub(crate) fn actor(&self) -> ActorId {
        ActorId::derive(&self.identity.player(), &self.nonce)
    }

    /// Goes on as a fresh actor.
    pub(crate) fn reopen(&mut self, nonce: u8) {
        self.nonce = ActorNonce([nonce; 16]);
        let actor = self.actor();
        self.document.set_actor(actor.into());
    }

    /// Founds the session: one map to write in.
    pub(crate) fn found(&mut self) -> Record {
        self.document.put_object(ROOT, "on", ObjType::Map).unwrap();
        self.document.put_object(ROOT, "params", ObjType::Map).unwrap();
        self.commit()
    }

    /// Commits what is open and vouches for it.
    pub(crate) fn commit(&mut self) -> Record {
        self.document.commit().expect("something to commit");
        let change = self.document.get_last_local_change().expect("a change was committed");
        self.admission.vouch_local(&self.identity, self.nonce, change).expect("an own change is valid")
    }

    /// One edit: puts `value` under `key`.
    pub(crate) fn put(&mut self, key: &str, value: impl Into<ScalarValue>) -> Record {
        let (_, map) = self.document.get(ROOT, "on").unwrap().expect("the session is founded");
        self.document.put(&map, key, value).unwrap();
        self.commit()
    }

    /// One edit: removes what is under `key`.
    pub(crate) fn delete(&mut self, key: &str) -> Record {
        let (_, map) = self.document.get(ROOT, "on").unwrap().expect("the session is founded");
        self.document.delete(&map, key).unwrap();
        self.commit()
    }

    pub(crate) fn admit(&mut self, record: &Record) -> Outcome {
        self.admission.admit(&mut self.document, record.clone())
    }

    /// Admits a record that must enter.
    pub(crate) fn take(&mut self, record: &Record) -> Vec<Applied> {
        match self.admit(record) {
            Outcome::Applied(applied) => applied,
            other => panic!("the record was to enter, but: {other:?}"),
        }
    }

    /// The heads of the document, which must be those of the ledger.
    pub(crate) fn heads(&mut self) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.document.get_heads().into_iter().map(Into::into).collect();
        heads.sort_unstable();
        assert_eq!(heads, self.admission.heads(), "document and ledger hold the same");
        heads
    }

    /// The document's content.
    pub(crate) fn content(&mut self) -> automerge::hydrate::Value {
        self.document.document().hydrate(None)
    }

    /// Everything this replica holds must load again under the same heads.
    pub(crate) fn assert_saves(&mut self) {
        let heads = self.document.get_heads();
        let mut loaded = AutoCommit::load(&self.document.save()).expect("a saved document loads");
        assert_eq!(loaded.get_heads(), heads);
    }
}

/// A copy of a record's chunk, uncompressed.
pub(crate) fn raw_change(record: &Record) -> automerge::Change {
    automerge::Change::from_bytes(record.change.clone()).unwrap()
}

/// A player who breaks the rules: it takes honest changes of its own actor apart, alters them, and vouches for what comes out.
pub(crate) struct Forger {
    pub(crate) identity: Identity,
    pub(crate) nonce: ActorNonce,
}

impl Forger {
    pub(crate) fn of(replica: &Replica) -> Self {
        Self { identity: replica.identity.clone(), nonce: replica.nonce }
    }

    /// Vouches for `change` as the next after a line that ends in `before`.
    pub(crate) fn vouch(&self, before: Chain, mut change: automerge::Change) -> Record {
        let chain = before.then(&change.hash().into());
        let voucher = Voucher::sign(&self.identity, &session(), self.nonce, change.seq(), chain);
        Record { change: change.bytes().into_owned(), voucher }
    }

    /// The chain before `record`, worked out from the line of records before it.
    pub(crate) fn chain_before(&self, line: &[Record]) -> Chain {
        let actor = ActorId::derive(&self.identity.player(), &self.nonce);
        let hashes: Vec<ChangeHash> = line.iter().map(|record| raw_change(record).hash().into()).collect();
        Chain::start(&session(), &actor).then_all(&hashes)
    }
}

/// Alters a change and writes it anew, hash and checksum included.
pub(crate) fn altered(
    change: &automerge::Change,
    alter: impl FnOnce(&mut automerge::ExpandedChange),
) -> automerge::Change {
    let mut expanded = change.decode();
    alter(&mut expanded);
    automerge::Change::from(expanded)
}

/// Gives `to` all it lacks of what `from` has, as two peers would over a link. Returns whether there was anything to give.
pub(crate) fn catch_up(from: &mut Replica, to: &mut Replica) -> bool {
    let missing = from.admission.missing(&to.admission.have());
    for proof in &missing.proofs {
        to.admission.admit_proof(&mut to.document, proof.clone()).expect("a peer's proof holds");
    }
    for lineage in &missing.lineages {
        to.admission.admit_lineage(&mut to.document, lineage).expect("a peer's lineage holds");
    }
    let mut staging = Staging::default();
    staging.push_coverage(missing.coverage.clone()).unwrap();
    let mut rest = &missing.changes[..];
    while !rest.is_empty() {
        let (batch, taken) = from.admission.batch(rest);
        staging.push_changes(batch).unwrap();
        rest = &rest[taken..];
    }
    let (changes, coverage) = staging.take();
    to.admission.admit_batch(&mut to.document, &changes, &coverage);
    !missing.is_empty()
}

/// Lets all replicas catch up with each other until nobody lacks anything.
pub(crate) fn settle(replicas: &mut [Replica]) {
    for _ in 0..20 {
        let mut busy = false;
        for i in 0..replicas.len() {
            for j in 0..replicas.len() {
                if let Ok([from, to]) = replicas.get_disjoint_mut([i, j]) {
                    busy |= catch_up(from, to);
                }
            }
        }
        if !busy {
            return;
        }
    }
    panic!("the replicas never settle");
}
