//! What has to hold when the trouble is over.

use crdt_model::Session;
use crdt_model::trust::ActorNonce;
use jam::{Jam, Metrics};

use super::network::{MILLI, SECOND};
use super::world::{Topology, Traffic, World};

/// How long honest peers may take to agree: long enough for the longest pause after a fruitless catch-up, and for a key that was
/// turned away.
const MAX_CONVERGENCE_NANOS: i64 = 200 * SECOND;
/// How long the quiet is listened to.
const QUIET_NANOS: i64 = 60 * SECOND;
/// What a link may carry while nobody does anything, in bytes a second, both directions together.
const MAX_QUIET_BYTES_PER_SECOND: u64 = 100;

/// What a run was like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    pub edits: u64,
    pub cuts: u64,
    pub crashes: u64,
    pub frames: u64,
    /// Saved marks looked for, and found, in the end.
    pub marks: u64,
    pub convergence_millis: u64,
    pub equivocations: u64,
    pub reissued: u64,
    pub refused: u64,
    /// Openings at which the disk held changes that found no place.
    pub torn: u64,
    pub mismatches: u64,
    pub quiet_bytes_per_second: u64,
    /// A hash over what every honest peer ended with.
    pub fingerprint: u64,
}

/// Lets the peers agree, and checks all that was promised.
pub fn check(world: &mut World) -> Report {
    let convergence = converge(world);
    check_state(world);
    world.run_until(world.now + SECOND);
    check_players(world);
    let quiet_bytes_per_second = check_quiet(world);
    check_steady_edits(world);
    check_state(world);
    let metrics: Vec<Metrics> = world.honest().map(|(_, node)| jam_of(node).metrics()).collect();
    for metrics in &metrics {
        assert_eq!(metrics.dropped_effects, 0, "{}: a queue overflowed", world.replay());
    }
    let sum = |field: fn(&Metrics) -> u64| metrics.iter().map(field).sum();
    Report {
        edits: world.edits,
        cuts: world.cuts,
        crashes: world.crashes,
        frames: world.frames,
        marks: world.honest().map(|(_, node)| node.marks.len() as u64).sum(),
        convergence_millis: (convergence / MILLI) as u64,
        equivocations: sum(|m| m.equivocations),
        reissued: sum(|m| m.reissued),
        refused: sum(|m| m.refused_messages),
        torn: world.honest().map(|(_, node)| node.torn).sum(),
        mismatches: sum(|m| m.mismatches),
        quiet_bytes_per_second,
        fingerprint: fingerprint(world),
    }
}

fn jam_of(node: &super::node::Node) -> &Jam {
    node.jam.as_ref().expect("everyone was started again")
}

/// Runs until the honest peers are linked, hold the same, and know that all is safe.
fn converge(world: &mut World) -> i64 {
    let start = world.now;
    while !has_converged(world) {
        let end = world.now + SECOND;
        assert!(
            end - start <= MAX_CONVERGENCE_NANOS,
            "{}: no agreement: {}",
            world.replay(),
            differences(world)
        );
        world.run_until(end);
    }
    world.now - start
}

fn has_converged(world: &World) -> bool {
    let honest: Vec<_> = world.honest().collect();
    let heads = jam_of(honest[0].1).session().heads();
    honest.iter().all(|(_, node)| {
        let jam = jam_of(node);
        let connection = jam.view().connection;
        let linked = |key| connection.links.iter().any(|link| link.key == key && link.in_sync);
        jam.session().heads() == heads
            && !jam.session().is_empty()
            && node.disk.written.is_empty()
            && connection.unsaved == 0
            && connection.unacknowledged == 0
            && honest.iter().all(|(_, other)| {
                let apart = world.topology == Topology::Star && !node.server && !other.server;
                other.key() == node.key() || apart || linked(other.key())
            })
    })
}

fn differences(world: &World) -> String {
    let of = |(index, node): (usize, &super::node::Node)| {
        let jam = jam_of(node);
        let view = jam.view().connection;
        let links: Vec<_> = view.links.iter().map(|link| (link.key.0[0], link.in_sync)).collect();
        format!(
            "peer {index}: {} changes, heads {:?}, unsaved {}, unacknowledged {}, links {links:?}, {:?}",
            jam.session().admission().len(),
            jam.session().heads(),
            view.unsaved,
            view.unacknowledged,
            jam.metrics()
        )
    };
    world.honest().map(of).collect::<Vec<_>>().join("\n")
}

/// Equal scores, equal to a fresh read of what the disk holds and to the interface's copy; nothing saved is lost.
fn check_state(world: &World) {
    let honest: Vec<_> = world.honest().collect();
    let first = jam_of(honest[0].1);
    for (index, node) in &honest {
        let jam = jam_of(node);
        assert_eq!(
            jam.session().heads(),
            first.session().heads(),
            "{}: heads of peer {index}",
            world.replay()
        );
        assert_eq!(
            jam.session().score(),
            first.session().score(),
            "{}: score of peer {index}",
            world.replay()
        );
        if !node.server {
            assert_eq!(node.view.as_ref(), Some(&jam.view()), "{}: the view of peer {index}", world.replay());
        }
        let stored = node.disk.stored(node.origin);
        let fresh = Session::load(node.identity.clone(), ActorNonce([0xee; 16]), stored);
        let fresh =
            fresh.unwrap_or_else(|error| panic!("{}: peer {index} reads its disk: {error}", world.replay()));
        assert_eq!(fresh.left_out(), 0, "{}: changes in the way on the disk of peer {index}", world.replay());
        assert_eq!(
            fresh.heads(),
            jam.session().heads(),
            "{}: heads on the disk of peer {index}",
            world.replay()
        );
        assert_eq!(
            fresh.score(),
            jam.session().score(),
            "{}: score on the disk of peer {index}",
            world.replay()
        );
        for mark in &node.marks {
            let kept = first.session().score().chat.contains_key(&mark.id);
            assert!(kept, "{}: peer {index} saved {} and it is lost", world.replay(), mark.id);
        }
    }
}

/// Every honest player sees every other, with the cursor that they have, and nobody who is not there.
fn check_players(world: &World) {
    let players: Vec<_> = world.honest().filter(|(_, node)| !node.server).collect();
    for (index, node) in &players {
        let view = jam_of(node).view();
        for (_, other) in &players {
            let own = jam_of(other).view().players.into_iter().find(|player| player.me).unwrap();
            let seen = view.players.iter().find(|player| player.key == own.key);
            assert_eq!(
                seen.map(|seen| (seen.role, seen.cursor, &seen.name)),
                Some((own.role, own.cursor, &own.name)),
                "{}: peer {index} sees {}",
                world.replay(),
                own.key
            );
        }
        let is_player = |key| world.nodes.iter().any(|node| !node.server && node.key() == key);
        assert!(view.players.iter().all(|player| is_player(player.key)), "{}: a stranger", world.replay());
    }
}

/// While nobody does anything, links carry heartbeats alone. Returns the most that one carried, in bytes a second.
fn check_quiet(world: &mut World) -> u64 {
    world.run_until(world.now + 10 * SECOND);
    world.traffic = Traffic::default();
    world.run_until(world.now + QUIET_NANOS);
    let most = world.traffic.bytes.values().max().copied().unwrap_or(0) / (QUIET_NANOS / SECOND) as u64;
    assert!(most <= MAX_QUIET_BYTES_PER_SECOND, "{}: {most} bytes a second in the quiet", world.replay());
    most
}

/// One edit is one message on each link: from its author to everyone, and passed on by nobody.
fn check_steady_edits(world: &mut World) {
    // What a saboteur withheld comes in bits, at any time, where nobody else has it.
    let withheld = world.nodes.iter().any(|node| node.sabotage.is_some());
    if world.topology == Topology::Star && withheld {
        return;
    }
    let honest: Vec<usize> = world.honest().map(|(index, _)| index).collect();
    for &author in &honest {
        if world.nodes[author].server {
            continue;
        }
        world.traffic = Traffic::default();
        let before = changes_held(world, author);
        world.edit(author);
        world.run_until(world.now + 2 * SECOND);
        let made = (changes_held(world, author) - before) as u64;
        let sent: u64 = world.traffic.changes.values().sum();
        let most = world.traffic.changes.values().max().copied().unwrap_or(0);
        let links = honest.len() as u64 - 1;
        assert_eq!(
            (sent, most),
            (made * links, made),
            "{}: messages for {made} changes on {links} links",
            world.replay()
        );
    }
    world.run_until(world.now + 2 * SECOND);
}

fn changes_held(world: &World, index: usize) -> usize {
    jam_of(&world.nodes[index]).session().admission().len()
}

fn fingerprint(world: &World) -> u64 {
    let mut hash = world.frames;
    for (_, node) in world.honest() {
        for head in jam_of(node).session().heads() {
            hash = hash.rotate_left(7) ^ u64::from_le_bytes(head.0[..8].try_into().unwrap());
        }
    }
    hash
}
