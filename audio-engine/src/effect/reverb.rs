//! The reverb: a room for each strip.

use super::lanes::{Block, Desk, apart, together};
use super::room::Room;
use super::slot::{Effect, Law};
use super::{Knob, Quantum, Settings};

/// The reverb.
#[derive(Debug)]
pub(super) struct Reverb {
    knobs: [Knob; 6],
    rooms: [Room; 2],
}

impl Reverb {
    pub(super) fn new() -> Self {
        let ids = ["on", "decay", "damping", "pre_delay", "size", "wet"];
        let knobs = ids.map(|id| Knob::named(&format!("reverb.{id}")));
        Self { knobs, rooms: [Room::new(), Room::new()] }
    }
}

impl Effect for Reverb {
    const LAW: Law = Law::Power;

    fn aim(&mut self, strip: usize, settings: &Settings, at_once: bool) -> f32 {
        let [on, decay, damping, pre_delay, size, wet] = self.knobs.map(|knob| settings.get(knob));
        self.rooms[strip].aim([decay, damping, pre_delay, size], at_once);
        on * wet
    }

    fn render(&mut self, dry: &Block, wet: &mut Block, desk: &mut Desk, quantum: Quantum) {
        apart(dry, desk.channels.each_mut());
        let pairs = desk.channels.as_chunks_mut::<2>().0;
        for ((room, sound), is_on) in self.rooms.iter_mut().zip(pairs).zip(quantum.strips) {
            if is_on {
                room.render(sound, &mut desk.lines, quantum.frames);
            }
        }
        together(desk.channels.each_ref(), wet);
    }

    fn clear(&mut self, strip: usize) {
        self.rooms[strip].clear();
    }

    fn memory_frames(&self, _strip: usize) -> usize {
        Room::MEMORY_FRAMES
    }
}
