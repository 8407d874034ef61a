//! What is heard of a session while its history loads.

use std::pin::pin;

use score::lower::lower_first_scene;
use tokio::sync::mpsc;

use super::actor::PLAYING_TICK;
use super::handle::Letter;
use super::picture::Picture;
use super::speaker::Speaker;

/// Has the speaker play what the checkpoint shows. Without one there is nothing to play yet.
pub(super) fn begin(speaker: &mut Speaker, picture: Option<Picture>) {
    if let Some(picture) = picture {
        speaker.set_program(Box::new(lower_first_scene(&picture.score)), &picture.score);
    }
    speaker.begin_alone();
}

/// Waits for the history to load and keeps the speaker playing meanwhile. Returns also what to tell the player, whom
/// nothing reaches before that.
///
/// Nobody but the speaker can write to the session yet.
pub(super) async fn play_during<T>(
    speaker: &mut Speaker,
    letters: &mut mpsc::Receiver<Letter>,
    loading: impl Future<Output = T>,
) -> (T, Option<String>) {
    let mut loading = pin!(loading);
    let mut notice = None;
    let mut tick = tokio::time::interval(PLAYING_TICK);
    loop {
        tokio::select! {
            loaded = &mut loading => return (loaded, notice),
            Some(letter) = letters.recv() => match letter {
                Letter::SoundOpened(opened) => add(&mut notice, speaker.opened(*opened)),
                Letter::SampleFetched(fetched) => add(&mut notice, speaker.sample_fetched(*fetched)),
                _ => {}
            },
            _ = tick.tick(), if speaker.is_heard() => speaker.tick(),
        }
    }
}

/// Tells one thing more.
pub(super) fn add(notice: &mut Option<String>, more: Option<String>) {
    *notice = match (notice.take(), more) {
        (Some(told), Some(more)) => Some(format!("{told}; {more}")),
        (told, more) => told.or(more),
    };
}

#[cfg(test)]
mod tests {
    use score::Score;
    use score::time::{Beats, Tempo};
    use tokio::sync::{oneshot, watch};

    use super::super::handle::{MAX_LETTERS, Playhead};
    use super::*;
    use crate::clock::HostClock;
    use crate::samples::SampleStore;
    use crate::sound::Trim;

    #[tokio::test]
    async fn the_checkpoint_is_heard_while_the_history_is_still_loading() {
        let home = tempfile::tempdir().unwrap();
        let store = SampleStore::at(home.path());
        let (letters, mut mailbox) = mpsc::channel(MAX_LETTERS);
        let (told, mut playhead) = watch::channel(Playhead::default());
        let (_, trim) = watch::channel(Trim::default());
        let mut speaker = Speaker::new(HostClock::start(), store, letters.downgrade(), trim, told);
        let tempo = Tempo::from_milli_bpm(180_000).unwrap();
        let score = Score { tempo, ..Score::default() };
        begin(&mut speaker, Some(Picture { score, is_exact: false }));
        let (load, loading) = oneshot::channel::<&str>();
        let moving = async {
            playhead.wait_for(|at| at.is_playing && at.beat > Beats::ZERO).await.unwrap();
            load.send("loaded").unwrap();
        };
        let (played, ()) = tokio::join!(play_during(&mut speaker, &mut mailbox, loading), moving);
        assert_eq!(played.0, Ok("loaded"));
        assert!(speaker.is_heard() && speaker.end_alone().is_some());
    }
}
