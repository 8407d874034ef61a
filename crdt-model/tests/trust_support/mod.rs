//! Players with real keys, real documents and real changes.
#![allow(dead_code, reason = "each test crate uses its part")]

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use crdt_model::trust::{
    ActorId, ActorNonce, Admission, Applied, ChangeHash, Identity, Outcome, Record, SessionOrigin,
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
