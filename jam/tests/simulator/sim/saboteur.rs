//! A peer that does not keep to the protocol: its jam is real, what it sends is not always what its jam said.

use std::sync::Arc;

use jam::wire::{self, Message};

use super::random::Random;

/// How a saboteur misbehaves, in percent of what it sends.
#[derive(Clone, Debug)]
pub struct Sabotage {
    withheld_changes: u64,
    thinned_batches: u64,
    withheld_answers: u64,
    garbage: u64,
    repeats: u64,
    last: Option<Arc<[u8]>>,
}

impl Sabotage {
    pub fn random(random: &mut Random) -> Self {
        let mut often = |percent: u64| if random.chance(60) { random.below(percent) } else { 0 };
        Self {
            withheld_changes: often(90),
            thinned_batches: often(100),
            withheld_answers: often(60),
            garbage: often(6),
            repeats: often(20),
            last: None,
        }
    }

    /// What goes on the wire instead of `frame`.
    pub fn spoil(&mut self, frame: Arc<[u8]>, random: &mut Random) -> Vec<Arc<[u8]>> {
        let mut sent = match wire::decode(&frame) {
            Ok(Message::Change(_)) if random.chance(self.withheld_changes) => vec![],
            Ok(
                Message::Changes(_)
                | Message::Vouchers(_)
                | Message::Have(_)
                | Message::Lineage(_)
                | Message::Proof(_),
            ) if random.chance(self.withheld_answers) => {
                vec![]
            }
            Ok(Message::Changes(mut batch)) if random.chance(self.thinned_batches) => {
                batch.changes.retain(|_| random.chance(70));
                vec![wire::encode(&Message::Changes(batch)).into()]
            }
            _ => vec![Arc::clone(&frame)],
        };
        if random.chance(self.garbage) {
            sent.push(garbage(&frame, random).into());
        }
        if random.chance(self.repeats) {
            sent.extend(self.last.clone());
        }
        self.last = Some(frame);
        sent
    }
}

/// A frame with some bytes changed, or cut short, or nothing but noise.
fn garbage(frame: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = frame.to_vec();
    match random.below(3) {
        0 => (0..=random.below(4)).for_each(|_| {
            let at = random.index(bytes.len());
            bytes[at] = random.next() as u8;
        }),
        1 => bytes.truncate(1 + random.index(bytes.len())),
        _ => bytes = (0..=random.below(300)).map(|_| random.next() as u8).collect(),
    }
    bytes
}
