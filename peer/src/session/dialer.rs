//! Keeping a session linked with one peer, however often that takes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use iroh::EndpointAddr;
use jam::Backoff;
use score::id::PlayerKey;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::handle::Letter;
use super::links::Unreached;
use crate::net::Net;

/// A link that lasted this long has proven itself: the next attempt comes soon again.
const PROVEN_AFTER: Duration = Duration::from_secs(30);

/// The longest that a peer may ask to be left alone: nobody is to be kept away for days by a slip, or by malice.
const MAX_REST: Duration = Duration::from_mins(5);

/// How often a peer is dialled in vain that nobody but others have named: the waits between add up to a minute or two. One that
/// is named again, as whoever plays is, is dialled again.
const MAX_VAIN_ATTEMPTS: u32 = 8;

/// Where a peer is dialled, and by whose word. All of it is tried: whoever answers has to prove the peer's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Whereabouts {
    /// As the player has named it.
    pub(super) named: Option<EndpointAddr>,
    /// As others say.
    pub(super) heard: Option<EndpointAddr>,
}

impl Whereabouts {
    fn addr(&self) -> Option<EndpointAddr> {
        let both = [&self.named, &self.heard];
        both.into_iter().flatten().cloned().reduce(|mut all, more| {
            all.addrs.extend(more.addrs);
            all
        })
    }
}

/// For how long it is worth trying.
#[derive(Debug, Default)]
struct Patience {
    vain: u32,
    was_linked: bool,
}

impl Patience {
    fn linked(&mut self) {
        self.was_linked = true;
    }

    /// Nobody has answered. `true` when that was the last attempt: somebody who was linked once, or was named by the player, is
    /// dialled for ever.
    fn is_over(&mut self, place: &Whereabouts) -> bool {
        self.vain += 1;
        self.vain >= MAX_VAIN_ATTEMPTS && !self.was_linked && place.named.is_none()
    }
}

/// Whoever keeps a session linked with one peer.
pub(super) struct Dialer {
    pub(super) net: Arc<Net>,
    pub(super) place: watch::Receiver<Whereabouts>,
    pub(super) peer: PlayerKey,
    pub(super) letters: mpsc::WeakSender<Letter>,
    pub(super) unreached: watch::Sender<Unreached>,
}

impl Dialer {
    /// Dials until the session closes, or there is no more hope. While the peer is linked, whoever has dialled, there is nothing
    /// to do.
    pub(super) async fn keep_linked(mut self, mut linked: watch::Receiver<BTreeSet<PlayerKey>>) {
        let mut backoff = Backoff::default();
        let mut patience = Patience::default();
        while linked.wait_for(|linked| !linked.contains(&self.peer)).await.is_ok() {
            let mut retry_after = Duration::ZERO;
            let place = self.place.borrow_and_update().clone();
            let Some(addr) = place.addr() else { return };
            match self.net.connect(addr).await {
                Ok(link) => {
                    patience.linked();
                    self.unreached.send_if_modified(|unreached| unreached.remove(&self.peer).is_some());
                    let since = Instant::now();
                    let (ended, end) = oneshot::channel();
                    let letter =
                        Letter::Link { link: Box::new(link), first: None, dialled: true, ended: Some(ended) };
                    let Some(letters) = self.letters.upgrade() else { return };
                    if letters.send(letter).await.is_err() {
                        return;
                    }
                    drop(letters);
                    retry_after = end.await.unwrap_or_default().retry_after;
                    if since.elapsed() >= PROVEN_AFTER {
                        backoff.reset();
                    }
                }
                Err(error) => {
                    if patience.is_over(&place) {
                        self.unreached.send_if_modified(|unreached| unreached.remove(&self.peer).is_some());
                        return;
                    }
                    self.unreached.send_modify(|unreached| {
                        unreached.insert(self.peer, error.to_string());
                    });
                }
            }
            let wait = backoff.next_wait(random_place()).max(retry_after.min(MAX_REST));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                Ok(()) = self.place.changed() => backoff.reset(),
            }
        }
    }
}

/// A random place in the spread of waits, from the operating system. Without one, the middle does: the spread is a courtesy.
fn random_place() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> EndpointAddr {
        let peer = iroh::SecretKey::from_bytes(&[1; 32]).public();
        EndpointAddr::new(peer).with_ip_addr(([127, 0, 0, 1], port).into())
    }

    #[test]
    fn a_peer_is_dialled_wherever_it_was_said_to_be() {
        assert_eq!(Whereabouts::default().addr(), None);
        let place = Whereabouts { named: Some(at(1)), heard: Some(at(2)) };
        assert_eq!(
            place.addr().unwrap().ip_addrs().map(std::net::SocketAddr::port).collect::<Vec<_>>(),
            [1, 2]
        );
    }

    #[test]
    fn hearsay_is_followed_for_a_while_and_a_players_word_and_an_old_friend_for_ever() {
        let attempts =
            |place: &Whereabouts, mut patience: Patience| (1..100).find(|_| patience.is_over(place));
        let heard = Whereabouts { heard: Some(at(1)), ..Whereabouts::default() };
        assert_eq!(attempts(&heard, Patience::default()), Some(8));
        assert_eq!(attempts(&Whereabouts { named: Some(at(1)), ..heard.clone() }, Patience::default()), None);
        let mut friend = Patience::default();
        friend.linked();
        assert_eq!(attempts(&heard, friend), None);
    }
}
