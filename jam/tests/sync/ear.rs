//! What leaves a player's loudspeaker: the real engine, told what to play as the product tells it, on a sound card with a speed of
//! its own. Every frame is stamped in true time.

use audio_engine::{Control, Processor};
use score::{Frames, Program};
use view::{Cue, Follower, FrameLine};

use super::stage::{SECOND, Stage};

/// What the card asks for at once, and how long after that it is heard: two blocks.
const BLOCK_FRAMES: usize = 256;
const LATENCY_NANOS: i64 = 11_000_000;
/// Where sound begins: above this, after a twentieth of a second below it.
const THRESHOLD: f32 = 1e-3;
const QUIET_FRAMES: u64 = 2_400;

/// One player's engine and card.
pub struct Ear {
    player: usize,
    control: Control,
    processor: Processor,
    follower: Follower,
    program: Option<Box<Program>>,
    /// When its first frame is heard, in true time, and how much too fast the card runs, in parts per billion.
    origin: i64,
    ppb: i64,
    left: [f32; BLOCK_FRAMES],
    right: [f32; BLOCK_FRAMES],
    quiet: u64,
    /// When sounds begin, in true time.
    pub onsets: Vec<i64>,
}

impl Ear {
    pub fn new(player: usize, ppb: i64, now: i64) -> Self {
        let (control, processor) = audio_engine::engine();
        Self {
            player,
            control,
            processor,
            follower: Follower::default(),
            program: None,
            origin: now + LATENCY_NANOS,
            ppb,
            left: [0.0; BLOCK_FRAMES],
            right: [0.0; BLOCK_FRAMES],
            quiet: 0,
            onsets: Vec::new(),
        }
    }

    /// The machine slept, and the card with it.
    pub fn slept(&mut self, nanos: i64) {
        self.origin += nanos;
    }

    /// When a frame is heard, in true time.
    fn heard_at(&self, frame: u64) -> i64 {
        let rate = 48_000 * i128::from(SECOND + self.ppb);
        self.origin + (i128::from(frame) * i128::from(SECOND) * i128::from(SECOND) / rate) as i64
    }

    /// Plays all that the card has asked for by now.
    pub fn play(&mut self, stage: &Stage) {
        loop {
            let next = self.processor.frame();
            let heard_at = self.heard_at(next.0);
            if heard_at - LATENCY_NANOS > stage.now {
                return;
            }
            self.direct(stage, next, heard_at);
            self.processor.process(&mut self.left, &mut self.right);
            self.listen(next);
        }
    }

    /// Tells the engine what the session plays.
    fn direct(&mut self, stage: &Stage, next: Frames, heard_at: i64) {
        let player = &stage.players[self.player];
        if self.program != player.program {
            self.program.clone_from(&player.program);
            if let Some(program) = &self.program {
                self.control.set_program((**program).clone());
            }
        }
        let Some(transport) = &player.transport else { return };
        // What a card's own clock is found to be by the machine's: exactly so here, for the paths are on trial.
        let speed = (SECOND + player.ppb) as f64 / (SECOND + self.ppb) as f64;
        let line = FrameLine {
            frame: next.0 as f64,
            heard_at: stage.local_at(self.player, heard_at),
            nanos_per_frame: SECOND as f64 / 48_000.0 * speed,
        };
        for &Cue { frame, beat, tempo, is_playing } in self.follower.follow(transport, &line, next) {
            self.control.set_transport(audio_engine::Transport {
                playing: is_playing,
                tempo,
                beat_origin: beat,
                frame_origin: frame,
            });
        }
    }

    fn listen(&mut self, first: Frames) {
        for offset in 0..BLOCK_FRAMES {
            if self.left[offset].abs() < THRESHOLD {
                self.quiet += 1;
                continue;
            }
            if self.quiet > QUIET_FRAMES {
                self.onsets.push(self.heard_at(first.0 + offset as u64));
            }
            self.quiet = 0;
        }
    }
}
