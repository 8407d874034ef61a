//! What every storage promises, as tests that each implementation runs.

use std::sync::Arc;

use crdt_model::trust::SessionOrigin;
use score::UnixMillis;
use score::id::{PlayerKey, SessionId};

use super::{Beat, BeatFacts, BeatId, Founding, Lineage, Row, RowKind, Storage, StorageError};

/// Somewhere to keep things for one test.
pub(super) trait Place {
    /// Somewhere empty.
    fn new() -> Self;
    /// Opens it, as a process that starts.
    fn open(&self) -> Arc<dyn Storage>;
}

/// Runs all tests on one kind of place.
macro_rules! storage_tests {
    ($place:ty) => {
        $crate::storage::suite::storage_tests!($place:
            what_was_handed_over_is_there_after_reopening_in_its_order,
            a_snapshot_takes_the_place_of_all_before_it,
            the_same_row_counts_once,
            a_session_is_founded_once_and_counted_by_its_parent,
            a_picture_is_current_until_the_next_row,
            a_session_without_rows_can_be_forgotten_and_another_cannot,
            a_beat_is_kept_as_it_was_published,
            what_is_not_there_is_none_and_not_written_to,
            many_writers_share_the_storage,
            a_closed_storage_refuses,
        );
    };
    ($place:ty: $($test:ident,)+) => {
        $(#[tokio::test]
        async fn $test() {
            $crate::storage::suite::$test::<$place>().await;
        })+
    };
}
pub(super) use storage_tests;

fn origin(number: u8) -> SessionOrigin {
    SessionOrigin { founder: PlayerKey([number; 32]), nonce: [number; 16] }
}

fn row(kind: RowKind, number: u32) -> Row {
    Row { kind, body: number.to_le_bytes().to_vec() }
}

fn change(number: u32) -> Row {
    row(RowKind::Change, number)
}

fn founding(number: u8) -> Founding {
    Founding {
        origin: origin(number),
        owner: None,
        parent: None,
        at: UnixMillis(1_000),
        rows: vec![change(0)],
        picture: None,
    }
}

async fn append(storage: &Arc<dyn Storage>, session: SessionId, rows: Vec<Row>) -> Result<(), StorageError> {
    storage.append(session, rows).await?.await
}

async fn rows(storage: &Arc<dyn Storage>, session: SessionId) -> Vec<Row> {
    storage.load(session).await.unwrap().unwrap().rows
}

pub(super) async fn what_was_handed_over_is_there_after_reopening_in_its_order<P: Place>() {
    let place = P::new();
    let session = origin(1).id();
    let storage = place.open();
    storage.found(founding(1)).await.unwrap();
    let mut receipts = Vec::new();
    for number in 1..500 {
        receipts.push(storage.append(session, vec![change(number)]).await.unwrap());
    }
    for receipt in receipts {
        receipt.await.unwrap();
    }
    let expected = (0..500).map(change).collect::<Vec<_>>();
    assert_eq!(rows(&storage, session).await, expected);
    storage.close().await.unwrap();
    let storage = place.open();
    let history = storage.load(session).await.unwrap().unwrap();
    assert_eq!((history.origin, history.rows), (origin(1), expected));
}

pub(super) async fn a_snapshot_takes_the_place_of_all_before_it<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let (session, other) = (origin(1).id(), origin(2).id());
    storage.found(founding(1)).await.unwrap();
    storage.found(founding(2)).await.unwrap();
    append(&storage, session, vec![change(1), change(2)]).await.unwrap();
    let whole = vec![row(RowKind::Snapshot, 7), row(RowKind::Document, 8)];
    append(&storage, session, whole.clone()).await.unwrap();
    append(&storage, session, vec![change(3)]).await.unwrap();
    assert_eq!(rows(&storage, session).await, [whole, vec![change(3)]].concat());
    assert_eq!(rows(&storage, other).await, [change(0)]);
}

pub(super) async fn the_same_row_counts_once<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let session = origin(1).id();
    storage.found(founding(1)).await.unwrap();
    append(&storage, session, vec![change(1), change(1)]).await.unwrap();
    append(&storage, session, vec![change(1), change(2)]).await.unwrap();
    assert_eq!(rows(&storage, session).await, [change(0), change(1), change(2)]);
}

pub(super) async fn a_session_is_founded_once_and_counted_by_its_parent<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let parent = origin(1).id();
    assert!(storage.found(founding(1)).await.unwrap());
    let remix = Founding {
        owner: Some(PlayerKey([9; 32])),
        parent: Some(Lineage::Session(parent)),
        at: UnixMillis(2_000),
        ..founding(2)
    };
    assert!(storage.found(remix.clone()).await.unwrap());
    assert!(!storage.found(remix).await.unwrap(), "it is there already");
    let of_a_beat = Founding { parent: Some(Lineage::Beat(BeatId([5; 10]))), ..founding(3) };
    assert!(storage.found(of_a_beat).await.unwrap());
    let facts = storage.facts(parent).await.unwrap().unwrap();
    assert_eq!((facts.origin, facts.remix_count, facts.parent), (origin(1), 1, None));
    let facts = storage.facts(origin(2).id()).await.unwrap().unwrap();
    assert_eq!((facts.parent, facts.owner), (Some(Lineage::Session(parent)), Some(PlayerKey([9; 32]))));
    assert_eq!((facts.created_at, facts.updated_at), (UnixMillis(2_000), UnixMillis(2_000)));
    append(&storage, origin(2).id(), vec![change(1)]).await.unwrap();
    assert!(storage.facts(origin(2).id()).await.unwrap().unwrap().updated_at > UnixMillis(2_000));
    let facts = storage.facts(origin(3).id()).await.unwrap().unwrap();
    assert_eq!(facts.parent, Some(Lineage::Beat(BeatId([5; 10]))));
}

pub(super) async fn a_picture_is_current_until_the_next_row<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let session = origin(1).id();
    storage.found(Founding { picture: Some(b"first".to_vec()), ..founding(1) }).await.unwrap();
    let picture = |storage: Arc<dyn Storage>| async move {
        storage.picture(session).await.unwrap().map(|picture| (picture.body, picture.is_current))
    };
    assert_eq!(picture(storage.clone()).await, Some((b"first".to_vec(), true)));
    append(&storage, session, vec![change(1)]).await.unwrap();
    assert_eq!(picture(storage.clone()).await, Some((b"first".to_vec(), false)));
    storage.keep_picture(session, b"second".to_vec()).await.unwrap().await.unwrap();
    assert_eq!(picture(storage.clone()).await, Some((b"second".to_vec(), true)));
    append(&storage, session, vec![row(RowKind::Snapshot, 1)]).await.unwrap();
    assert_eq!(picture(storage.clone()).await, Some((b"second".to_vec(), false)));
    assert!(storage.picture(origin(2).id()).await.unwrap().is_none());
}

pub(super) async fn a_session_without_rows_can_be_forgotten_and_another_cannot<P: Place>() {
    let place = P::new();
    let storage = place.open();
    storage.found(founding(1)).await.unwrap();
    storage.found(Founding { rows: Vec::new(), ..founding(2) }).await.unwrap();
    storage.forget(origin(1).id()).await.unwrap();
    storage.forget(origin(2).id()).await.unwrap();
    assert!(storage.load(origin(1).id()).await.unwrap().is_some());
    assert!(storage.load(origin(2).id()).await.unwrap().is_none());
}

fn beat(number: u8, at: i64) -> Beat {
    let facts = BeatFacts {
        id: BeatId([number; 10]),
        session: origin(1).id(),
        name: "Fuzzy Penguin".to_owned(),
        author: PlayerKey([8; 32]),
        published_at: UnixMillis(at),
    };
    Beat { facts, state: vec![number; 100], program: vec![number; 10] }
}

pub(super) async fn a_beat_is_kept_as_it_was_published<P: Place>() {
    let place = P::new();
    let storage = place.open();
    assert!(storage.publish(beat(1, 10)).await.unwrap());
    assert!(storage.publish(beat(2, 20)).await.unwrap());
    let forged = Beat { state: b"another".to_vec(), ..beat(1, 30) };
    assert!(!storage.publish(forged).await.unwrap(), "there is one of this id");
    storage.close().await.unwrap();
    let storage = place.open();
    assert_eq!(storage.beat(BeatId([1; 10])).await.unwrap(), Some(beat(1, 10)));
    assert_eq!(storage.beats_of(origin(1).id()).await.unwrap(), [beat(2, 20).facts, beat(1, 10).facts]);
    assert_eq!(storage.beats_of(origin(2).id()).await.unwrap(), []);
}

pub(super) async fn what_is_not_there_is_none_and_not_written_to<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let session = origin(1).id();
    assert_eq!(storage.load(session).await.unwrap(), None);
    assert_eq!(storage.facts(session).await.unwrap(), None);
    assert_eq!(storage.beat(BeatId([1; 10])).await.unwrap(), None);
    assert_eq!(append(&storage, session, vec![change(1)]).await, Err(StorageError::NoSession));
    let too_long = Row { kind: RowKind::Change, body: vec![0; super::MAX_ROW_BYTES + 1] };
    assert!(matches!(append(&storage, session, vec![too_long]).await, Err(StorageError::TooLong(_))));
}

pub(super) async fn many_writers_share_the_storage<P: Place>() {
    let place = P::new();
    let storage = place.open();
    let writing = (0..20).map(|number| {
        let storage = storage.clone();
        tokio::spawn(async move {
            storage.found(founding(number)).await.unwrap();
            for change_number in 1..50 {
                append(&storage, origin(number).id(), vec![change(change_number)]).await.unwrap();
            }
            rows(&storage, origin(number).id()).await
        })
    });
    for writing in writing.collect::<Vec<_>>() {
        assert_eq!(writing.await.unwrap(), (0..50).map(change).collect::<Vec<_>>());
    }
}

pub(super) async fn a_closed_storage_refuses<P: Place>() {
    let place = P::new();
    let storage = place.open();
    storage.found(founding(1)).await.unwrap();
    let receipt = storage.append(origin(1).id(), vec![change(1)]).await.unwrap();
    storage.close().await.unwrap();
    receipt.await.unwrap();
    assert_eq!(append(&storage, origin(1).id(), vec![change(2)]).await, Err(StorageError::Closed));
    assert_eq!(storage.trouble(), None);
}
