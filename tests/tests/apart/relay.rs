//! A way between two machines that takes time, jitters and loses: every packet of it passes through here.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A path, one way.
#[derive(Clone, Copy)]
pub struct Path {
    pub name: &'static str,
    /// Least time, and the most that is added to it, evenly spread.
    pub way: Duration,
    pub jitter: Duration,
    /// Packets lost of a thousand.
    pub lost: u64,
    /// What 99 of 100 steps are to be within, in microseconds.
    pub bar_micros: f64,
}

const fn path(name: &'static str, way_micros: u64, jitter_micros: u64, lost: u64, bar_micros: f64) -> Path {
    let (way, jitter) = (Duration::from_micros(way_micros), Duration::from_micros(jitter_micros));
    Path { name, way, jitter, lost, bar_micros }
}

pub const LAN: Path = path("lan", 180, 40, 0, 50.0);
pub const WIFI: Path = path("wifi", 1_000, 4_000, 10, 500.0);
pub const WAN: Path = path("wan", 15_000, 10_000, 10, 1_000.0);
pub const FAR: Path = path("far", 65_000, 20_000, 20, 2_000.0);

/// How often a thread looks whether it is to end.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The largest packet of UDP.
const MAX_PACKET_BYTES: usize = 65_535;

/// A packet under way: when it arrives, its number and what it holds.
type Packet = Reverse<(Instant, u64, Vec<u8>)>;

/// Both directions of a path. Ended when dropped.
pub struct Relay {
    entrance: SocketAddr,
    ends: Arc<AtomicBool>,
    sent: [Arc<AtomicU64>; 2],
    threads: Vec<JoinHandle<()>>,
}

impl Relay {
    /// Leads whoever sends to [`entrance`](Self::entrance), an address of ours on the guest's side, to the host, who sees them come
    /// from `exit`.
    pub fn start(
        entrance: IpAddr,
        exit: IpAddr,
        host: SocketAddr,
        path: Path,
        seed: u64,
    ) -> io::Result<Self> {
        let near = UdpSocket::bind((entrance, 0))?;
        let far = UdpSocket::bind((exit, 0))?;
        far.connect(host)?;
        let entrance = near.local_addr()?;
        let (ends, sent) = (Arc::new(AtomicBool::new(false)), [(); 2].map(|()| Arc::new(AtomicU64::new(0))));
        let guest = Arc::new(OnceLock::new());
        let mut threads = Vec::new();
        for (side, (from, to)) in [(&near, &far), (&far, &near)].into_iter().enumerate() {
            from.set_read_timeout(Some(LOOK_EVERY))?;
            let (from, to) = (from.try_clone()?, to.try_clone()?);
            let (packets, due) = channel();
            let (ends, sent, guest) = (ends.clone(), sent[side].clone(), guest.clone());
            let known = guest.clone();
            let mut luck = fastrand::Rng::with_seed(seed * 2 + side as u64);
            threads.push(std::thread::spawn(move || {
                receive(&from, path, &mut luck, &ends, &packets, |by| {
                    sent.fetch_add(by.1, Ordering::Relaxed);
                    if side == 0 {
                        guest.get_or_init(|| by.0);
                    }
                });
            }));
            threads.push(std::thread::spawn(move || {
                deliver(&due, |bytes| match (side, known.get()) {
                    (0, _) => to.send(bytes).ok(),
                    (_, Some(guest)) => to.send_to(bytes, guest).ok(),
                    _ => None,
                });
            }));
        }
        Ok(Self { entrance, ends, sent, threads })
    }

    /// Where the guest finds the host.
    pub fn entrance(&self) -> SocketAddr {
        self.entrance
    }

    /// Bytes that came in so far, headers of UDP and IP counted: from the guest, and from the host.
    pub fn sent(&self) -> [u64; 2] {
        [0, 1].map(|side: usize| self.sent[side].load(Ordering::Relaxed))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

/// Takes packets in, and decides what becomes of each.
fn receive(
    from: &UdpSocket,
    path: Path,
    luck: &mut fastrand::Rng,
    ends: &AtomicBool,
    packets: &Sender<Packet>,
    note: impl Fn((SocketAddr, u64)),
) {
    /// Headers of IPv4 and UDP.
    const HEADERS: u64 = 28;
    let mut buffer = vec![0; MAX_PACKET_BYTES];
    let mut number = 0;
    while !ends.load(Ordering::Relaxed) {
        // Nothing within a while; or the host was not there yet.
        let Ok((length, sender)) = from.recv_from(&mut buffer) else { continue };
        note((sender, length as u64 + HEADERS));
        let (is_lost, jitter) = (luck.u64(..1_000) < path.lost, luck.u64(..=path.jitter.as_nanos() as u64));
        if !is_lost {
            number += 1;
            let at = Instant::now() + path.way + Duration::from_nanos(jitter);
            let packet = Reverse((at, number, buffer[..length].to_vec()));
            if packets.send(packet).is_err() {
                return;
            }
        }
    }
}

/// Lets packets arrive when they are due, until none can come any more.
fn deliver(packets: &Receiver<Packet>, arrive: impl Fn(&[u8]) -> Option<usize>) {
    let mut under_way: BinaryHeap<Packet> = BinaryHeap::new();
    loop {
        let next = under_way
            .peek()
            .map_or(LOOK_EVERY, |Reverse((at, ..))| at.saturating_duration_since(Instant::now()));
        match packets.recv_timeout(next) {
            Ok(packet) => under_way.push(packet),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while under_way.peek().is_some_and(|Reverse((at, ..))| *at <= Instant::now()) {
            if let Some(Reverse((_, _, bytes))) = under_way.pop() {
                arrive(&bytes);
            }
        }
    }
}
