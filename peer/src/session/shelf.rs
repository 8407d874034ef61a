//! The recordings of the program that is heard, fetched from the home as they are needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use audio_engine::{Sample, SampleData, Samples};
use score::id::SampleHash;
use score::{Program, Score};
use tokio::sync::mpsc;

use super::handle::Letter;
use crate::samples::{SampleError, SampleStore, load};

/// What became of fetching a recording.
#[derive(Debug)]
pub(super) struct Fetched {
    hash: SampleHash,
    data: Result<Arc<SampleData>, SampleError>,
}

/// What a session says of a recording.
#[derive(Debug, PartialEq)]
struct Label {
    name: String,
    cuts: Arc<[u64]>,
}

/// The recordings that a program plays: at most as many as it has tracks.
#[derive(Debug)]
pub(super) struct Shelf {
    store: SampleStore,
    letters: mpsc::WeakSender<Letter>,
    wanted: BTreeMap<SampleHash, Label>,
    held: BTreeMap<SampleHash, Arc<SampleData>>,
    /// Those that were fetched in vain. They are not fetched again before the music starts anew.
    missing: BTreeSet<SampleHash>,
    /// Only one is fetched at a time, whatever others write into the session.
    is_fetching: bool,
}

impl Shelf {
    pub(super) fn new(store: SampleStore, letters: mpsc::WeakSender<Letter>) -> Self {
        let (wanted, held, missing) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { store, letters, wanted, held, missing, is_fetching: false }
    }

    /// Sets what is wanted: the recordings of `program`, as `score` calls and cuts them. Tells whether that is something else
    /// than before.
    pub(super) fn want(&mut self, score: &Score, program: &Program) -> bool {
        let label = |hash: SampleHash| Label {
            name: score.samples.get(&hash).map_or("without a name", |sample| &sample.name).to_owned(),
            cuts: score.slices.get(&hash).map_or(&[][..], Vec::as_slice).into(),
        };
        let hashes = program.tracks.iter().filter_map(|track| track.sample);
        let wanted: BTreeMap<_, _> = hashes.map(|hash| (hash, label(hash))).collect();
        self.held.retain(|hash, _| wanted.contains_key(hash));
        self.missing.retain(|hash| wanted.contains_key(hash));
        let is_news = self.wanted != wanted;
        self.wanted = wanted;
        is_news
    }

    /// What is at hand, for the engine.
    pub(super) fn samples(&self) -> Samples {
        let sample = |(hash, label): (&SampleHash, &Label)| {
            let data = self.held.get(hash)?.clone();
            Some((*hash, Sample { data, cuts: label.cuts.clone() }))
        };
        self.wanted.iter().filter_map(sample).collect()
    }

    /// Fetches the next recording that is wanted and not at hand, if there is one; it arrives as a letter.
    pub(super) fn fetch(&mut self) {
        let is_open = |hash: &SampleHash| !self.held.contains_key(hash) && !self.missing.contains(hash);
        let Some((&hash, label)) = self.wanted.iter().find(|(hash, _)| is_open(hash)) else { return };
        if std::mem::replace(&mut self.is_fetching, true) {
            return;
        }
        let (store, name, letters) = (self.store.clone(), label.name.clone(), self.letters.clone());
        tokio::spawn(async move {
            let data = load(&store, hash, &name).await;
            if let Some(letters) = letters.upgrade() {
                letters.send(Letter::SampleFetched(Box::new(Fetched { hash, data }))).await.ok();
            }
        });
    }

    /// Takes what came of fetching. Returns what to tell the player.
    pub(super) fn fetched(&mut self, fetched: Fetched) -> Option<String> {
        self.is_fetching = false;
        let Fetched { hash, data } = fetched;
        if !self.wanted.contains_key(&hash) {
            return None;
        }
        match data {
            Ok(data) => {
                self.held.insert(hash, data);
                None
            }
            Err(error) => {
                self.missing.insert(hash);
                Some(error.to_string())
            }
        }
    }

    /// Lets go of everything while nothing plays.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.missing.clear();
    }
}

#[cfg(test)]
mod tests {
    use score::lower::lower_first_scene;
    use score::{Track, TrackId};

    use super::*;

    fn session(hash: SampleHash) -> Score {
        let track = Track { instrument: format!("sample:{hash}"), ..Track::default() };
        Score { tracks: [(TrackId::from_random(1), track)].into(), ..Score::default() }
    }

    #[tokio::test]
    async fn what_is_missing_is_told_once_and_looked_for_again_when_the_music_starts_anew() {
        let home = tempfile::tempdir().unwrap();
        let (letters, mut mailbox) = mpsc::channel(4);
        let mut shelf = Shelf::new(SampleStore::at(home.path()), letters.downgrade());
        let score = session(SampleHash([3; 32]));
        let program = lower_first_scene(&score);
        assert!(shelf.want(&score, &program));
        assert!(!shelf.want(&score, &program));
        for _ in 0..2 {
            shelf.fetch();
            shelf.fetch();
            let Some(Letter::SampleFetched(fetched)) = mailbox.recv().await else { panic!("no letter") };
            let told = shelf.fetched(*fetched).unwrap();
            assert!(told.contains("is not in this home"), "{told}");
            shelf.fetch();
            assert!(mailbox.is_empty() && !shelf.is_fetching, "it is not fetched again");
            assert!(shelf.samples().is_empty());
            shelf.clear();
        }
    }

    #[tokio::test]
    async fn cuts_are_news_and_what_is_no_longer_wanted_goes() {
        let home = tempfile::tempdir().unwrap();
        let (letters, _mailbox) = mpsc::channel(4);
        let mut shelf = Shelf::new(SampleStore::at(home.path()), letters.downgrade());
        let hash = SampleHash([3; 32]);
        let mut score = session(hash);
        let program = lower_first_scene(&score);
        shelf.want(&score, &program);
        let data = Arc::new(SampleData::from_interleaved(&[0.5; 64], 1).unwrap());
        assert_eq!(shelf.fetched(Fetched { hash, data: Ok(data.clone()) }), None);
        score.slices.insert(hash, vec![0, 32]);
        assert!(shelf.want(&score, &program));
        assert_eq!(shelf.samples()[&hash].cuts[..], [0, 32]);
        assert!(shelf.want(&Score::default(), &Program::default()));
        assert_eq!(Arc::strong_count(&data), 1);
        assert_eq!(shelf.fetched(Fetched { hash, data: Ok(data.clone()) }), None);
        assert_eq!(Arc::strong_count(&data), 1, "it came too late");
    }
}
