//! From notes to steps.

use std::collections::BTreeMap;

use score::Step;
use score::step::{DEFAULT_VELOCITY, MAX_NUDGE_PERCENT, MAX_PITCH_SEMITONES, MAX_RATCHET, MIN_GATE_PERCENT};
use score::time::{MICROS_PER_BEAT, STEP};

use super::part::RawNote;
use super::{LEGATO_TICKS, TICKS_PER_BEAT};

/// Two moments this close are one: a little more than a tick of the files that are written here.
const TOLERANCE: i64 = 1_100;

/// The overlap of a slide, in micro-beats.
const LEGATO: i64 = LEGATO_TICKS * MICROS_PER_BEAT / TICKS_PER_BEAT as i64;

/// How a part's notes are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// The key of a step without a pitch lock.
    pub(super) base: i16,
    /// Whether the length of a note counts.
    pub(super) held: bool,
    /// Steps after which odd and even begin anew: the pattern's length, or any even number.
    pub(super) length: i64,
    /// How many steps there are.
    pub(super) steps: i64,
}

/// A part on the grid.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Steps counted from the start of the file.
    pub(super) steps: BTreeMap<i64, Step>,
    /// Notes that share step and key with another.
    pub(super) doubled: usize,
    /// Notes that were cut because another began.
    pub(super) cut: usize,
    /// Notes too far from `Reading::base`, moved by octaves.
    pub(super) moved: usize,
}

/// Notes that begin on one step together.
#[derive(Debug)]
struct Cell {
    start: i64,
    ratchet: i64,
    /// From the first to the end of the last repetition, the note's own end aside.
    span: i64,
    notes: Vec<RawNote>,
}

/// Puts notes, in the order in which they begin, on a grid with `swing` percent.
pub(super) fn place(notes: &[RawNote], reading: Reading, swing: f32) -> Grid {
    let clock =
        Clock { delay: (f64::from(swing) / 200.0 * STEP.0 as f64) as i64, length: reading.length.max(1) };
    let mut grid = Grid::default();
    let cells = grid.cells(notes, clock, reading);
    let places: Vec<i64> = cells.keys().copied().collect();
    for (nth, (&step, cell)) in cells.iter().enumerate() {
        let next = places.get(nth + 1).map(|step| (*step, &cells[step]));
        grid.write(step, cell, next, clock, reading);
    }
    grid
}

/// The nearest step; half a step late is still late, as full swing is.
fn step_of(at: i64) -> i64 {
    (at + (STEP.0 - 1) / 2).div_euclid(STEP.0)
}

/// Where steps begin.
#[derive(Clone, Copy)]
struct Clock {
    /// How late odd steps are, in micro-beats.
    delay: i64,
    length: i64,
}

impl Clock {
    fn is_odd(self, step: i64) -> bool {
        step.rem_euclid(self.length) % 2 == 1
    }

    fn grid(self, step: i64) -> i64 {
        step * STEP.0 + if self.is_odd(step) { self.delay } else { 0 }
    }

    fn slot(self, step: i64) -> i64 {
        (self.grid(step + 1) - self.grid(step)).max(1)
    }
}

/// The swing in percent that explains where the notes of odd steps mostly lie, if those of even steps mostly lie on the grid.
/// `None` where no note is on an odd step.
pub(super) fn swing_of(notes: &[RawNote], reading: Reading) -> Option<f32> {
    let clock = Clock { delay: 0, length: reading.length.max(1) };
    // By the tick, as near as files tell.
    let tick = |offset: i64| offset * i64::from(TICKS_PER_BEAT) * 2 / MICROS_PER_BEAT;
    let mut places = [BTreeMap::<i64, (usize, i64)>::new(), BTreeMap::new()];
    let mut before: BTreeMap<u8, i64> = BTreeMap::new();
    for note in notes {
        // What follows its like within half a step is a repetition of it.
        let last = before.insert(note.key, note.start);
        if last.is_some_and(|last| note.start - last <= STEP.0 / 2 + TOLERANCE) {
            continue;
        }
        let step = step_of(note.start);
        let offset = note.start - step * STEP.0;
        let place = places[usize::from(clock.is_odd(step))].entry(tick(offset + TOLERANCE / 4)).or_default();
        *place = (place.0 + 1, offset);
    }
    let most = |places: &BTreeMap<i64, (usize, i64)>| {
        let all: usize = places.values().map(|place| place.0).sum();
        places.values().copied().max_by_key(|place| place.0).filter(|place| place.0 * 3 > all)
    };
    if places[1].is_empty() {
        return None;
    }
    let Some((_, delay)) = most(&places[1]).filter(|&(_, delay)| delay > TOLERANCE) else { return Some(0.0) };
    if !places[0].is_empty() && most(&places[0]).is_none_or(|(_, offset)| offset.abs() > TOLERANCE) {
        return Some(0.0);
    }
    let exact = delay as f64 * 200.0 / STEP.0 as f64;
    let whole = nearest_whole(exact);
    let swing =
        if ((exact - whole) / 200.0 * STEP.0 as f64).abs() < TOLERANCE as f64 / 2.0 { whole } else { exact };
    Some(swing.clamp(0.0, 100.0) as f32)
}

/// The nearest whole number of a positive one.
fn nearest_whole(value: f64) -> f64 {
    (value + 0.5) as i64 as f64
}

impl Grid {
    /// Gathers the notes of each step; quick repetitions of a note become one.
    fn cells(&mut self, notes: &[RawNote], clock: Clock, reading: Reading) -> BTreeMap<i64, Cell> {
        let mut by_key: BTreeMap<u8, Vec<RawNote>> = BTreeMap::new();
        for note in notes {
            by_key.entry(note.key).or_default().push(*note);
        }
        let mut cells: BTreeMap<i64, Cell> = BTreeMap::new();
        for notes in by_key.values() {
            let mut rest = notes.as_slice();
            while let Some(first) = rest.first() {
                let step = step_of(first.start);
                let repetitions = repetitions(rest, clock.slot(step));
                let last = rest[repetitions - 1];
                let note = RawNote { end: last.end, ..*first };
                let span = (last.start - first.start) * repetitions as i64 / (repetitions as i64 - 1).max(1);
                rest = &rest[repetitions..];
                if (0..reading.steps).contains(&step) {
                    self.gather(&mut cells, step, repetitions as i64, span, note);
                }
            }
        }
        cells
    }

    fn gather(&mut self, cells: &mut BTreeMap<i64, Cell>, step: i64, ratchet: i64, span: i64, note: RawNote) {
        let cell = cells.entry(step).or_insert(Cell { start: note.start, ratchet, span, notes: Vec::new() });
        if cell.notes.iter().any(|other| other.key == note.key) {
            self.doubled += 1;
            return;
        }
        cell.start = cell.start.min(note.start);
        cell.notes.push(note);
    }

    /// Writes the step of a cell, and those that hold its note.
    fn write(&mut self, at: i64, cell: &Cell, next: Option<(i64, &Cell)>, clock: Clock, reading: Reading) {
        let mut step = Step { on: true, ..Step::default() };
        step.nudge = nonzero(percent(cell.start - clock.grid(at), STEP.0).clamp(-50, 50) as i8)
            .map(|nudge| nudge.clamp(-MAX_NUDGE_PERCENT, MAX_NUDGE_PERCENT));
        self.write_notes(&mut step, cell, reading);
        let slid_into = self.steps.get(&at).is_some_and(|step| step.tie);
        step.tie = slid_into;
        let mut gate = 100;
        if cell.ratchet > 1 {
            step.ratchet = Some(cell.ratchet.min(MAX_RATCHET.into()) as u8);
            // Each repetition begins on a tick, so that the whole may be off by two.
            let is_full = cell.span + 2 * TOLERANCE >= clock.slot(at);
            gate = if is_full { 100 } else { percent(cell.span, clock.slot(at)) };
        }
        if reading.held {
            self.hold(at, &mut step, cell, next, clock, &mut gate);
        }
        step.gate_length = gate_of(gate);
        self.steps.insert(at, step);
    }

    fn write_notes(&mut self, step: &mut Step, cell: &Cell, reading: Reading) {
        let notes: Vec<(i8, u8)> =
            cell.notes.iter().map(|note| (self.pitch(note.key, reading.base), note.velocity)).collect();
        match notes.as_slice() {
            [(pitch, velocity)] => {
                step.pitch = nonzero(*pitch);
                step.volume = volume_of(*velocity);
            }
            notes => {
                let heard = |velocity| volume_of(velocity).unwrap_or(DEFAULT_VELOCITY);
                step.notes = notes.iter().map(|&(pitch, velocity)| (pitch, heard(velocity))).collect();
            }
        }
    }

    /// Semitones from the base, moved by octaves into reach.
    fn pitch(&mut self, key: u8, base: i16) -> i8 {
        let reach = i16::from(MAX_PITCH_SEMITONES);
        let mut pitch = i16::from(key) - base;
        self.moved += usize::from(pitch.abs() > reach);
        while pitch > reach {
            pitch -= 12;
        }
        while pitch < -reach {
            pitch += 12;
        }
        pitch as i8
    }

    /// Lets the steps hold a cell's note that it sounds through, and finds the gate of its own step.
    fn hold(
        &mut self,
        at: i64,
        step: &mut Step,
        cell: &Cell,
        next: Option<(i64, &Cell)>,
        clock: Clock,
        gate: &mut i64,
    ) {
        let end = cell.notes.iter().map(|note| note.end).max().unwrap_or(cell.start);
        let is_ratchet_alone = cell.ratchet > 1 && end <= cell.start + cell.span + 2 * TOLERANCE;
        let slides = next.filter(|(_, next)| slides(cell, next));
        if let Some((next_step, _)) = slides {
            self.tie(at, next_step, step);
            // The step that follows is written after this one, and finds itself tied.
            self.steps.insert(next_step, Step { tie: true, ..Step::default() });
            return;
        }
        if is_ratchet_alone {
            return;
        }
        let length = end - cell.start;
        if length <= clock.slot(at) + TOLERANCE {
            if cell.ratchet == 1 {
                *gate = percent(length, clock.slot(at));
            }
            return;
        }
        let mut last = step_of(end - TOLERANCE).max(at);
        while clock.grid(last) + shortest(clock, last) >= end && last > at {
            last -= 1;
        }
        while clock.grid(last + 1) + shortest(clock, last + 1) < end {
            last += 1;
        }
        if let Some((next_step, next)) = next
            && last >= next_step
        {
            self.cut += usize::from(end > next.start + LEGATO);
            last = next_step - 1;
        }
        self.tie(at, last + 1, step);
        let share = percent(end - clock.grid(last), clock.slot(last));
        if last == at {
            *gate = share;
        } else if let Some(held) = self.steps.get_mut(&last) {
            held.gate_length = gate_of(share);
        }
    }

    /// Ties the steps between `at` and `until` to it.
    fn tie(&mut self, at: i64, until: i64, head: &Step) {
        for held in at + 1..until {
            let pitch = if head.notes.is_empty() { head.pitch } else { None };
            self.steps.insert(held, Step { on: true, tie: true, pitch, ..Step::default() });
        }
    }
}

/// What is shorter than the shortest gate of a step is no part of it.
fn shortest(clock: Clock, step: i64) -> i64 {
    clock.slot(step) * (i64::from(MIN_GATE_PERCENT) - 1) / 100
}

/// Whether a note is held over the beginning of the next one by as much as slides are.
fn slides(cell: &Cell, next: &Cell) -> bool {
    let ([note], [later]) = (cell.notes.as_slice(), next.notes.as_slice()) else { return false };
    note.key != later.key && (note.end - later.start - LEGATO).abs() <= TOLERANCE
}

/// How many of the first notes, all of one key, divide a slot evenly; at least 1.
fn repetitions(notes: &[RawNote], slot: i64) -> usize {
    let [first, second, ..] = notes else { return 1 };
    let distance = second.start - first.start;
    if distance > slot / 2 + TOLERANCE {
        return 1;
    }
    let follows = |pair: &&[RawNote]| {
        (pair[1].start - pair[0].start - distance).abs() <= TOLERANCE
            && (pair[0].end - pair[1].start).abs() <= TOLERANCE
            && pair[1].velocity == first.velocity
            && pair[1].start - first.start < slot
    };
    let run = notes.windows(2).take(usize::from(MAX_RATCHET) - 1).take_while(follows).count() + 1;
    let fits = (2..=run).rev().find(|&count| distance * count as i64 <= slot + TOLERANCE * count as i64);
    fits.unwrap_or(1)
}

fn percent(part: i64, whole: i64) -> i64 {
    (part * 200 + whole).div_euclid(whole * 2)
}

fn gate_of(percent: i64) -> Option<u8> {
    let gate = percent.clamp(MIN_GATE_PERCENT.into(), 100) as u8;
    (gate < 100).then_some(gate)
}

fn nonzero(value: i8) -> Option<i8> {
    (value != 0).then_some(value)
}

/// A velocity as a lock: none for that of a plain step, else with as few digits as give it back.
fn volume_of(velocity: u8) -> Option<f32> {
    let plain = (DEFAULT_VELOCITY * 127.0 + 0.5) as u8;
    (velocity != plain).then(|| share_of(velocity))
}

/// A value of seven bits as a share with two digits, if they give it back.
pub(super) fn share_of(value: u8) -> f32 {
    let exact = f32::from(value.min(127)) / 127.0;
    let short = (exact * 100.0 + 0.5) as i32 as f32 / 100.0;
    if (short * 127.0 + 0.5) as u8 == value { short } else { exact }
}
