//! Both halves of the engine in one thread's hands.

use audio_engine::{Control, Processor, Transport};
use score::Program;
use score::program_image::{ImageError, read_image};

/// Most frames that one call renders.
pub const MAX_BLOCK_FRAMES: usize = 1_024;

/// Largest program image that is taken: above the sum of a program's pools at their fullest.
pub const MAX_IMAGE_BYTES: usize = 512 * 1024;

/// An engine with the buffers through which a script talks to it, all allocated when it is made.
#[derive(Debug)]
pub struct Player {
    control: Control,
    processor: Processor,
    image: Vec<u8>,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Player {
    /// A silent engine without a program.
    pub fn new() -> Self {
        let (control, processor) = audio_engine::engine();
        Self {
            control,
            processor,
            image: vec![0; MAX_IMAGE_BYTES],
            left: vec![0.0; MAX_BLOCK_FRAMES],
            right: vec![0.0; MAX_BLOCK_FRAMES],
        }
    }

    /// Where the next program image is to be written.
    pub fn image_slot(&mut self) -> &mut [u8] {
        &mut self.image
    }

    /// Plays the program whose image fills the first `bytes` of the slot.
    ///
    /// # Errors
    /// When these are not a program; the one before it plays on.
    pub fn play_image(&mut self, bytes: usize) -> Result<(), ImageError> {
        let image = self.image.get(..bytes).ok_or(ImageError::Truncated("slot"))?;
        let mut program = Program::with_full_capacity();
        read_image(&mut program, image)?;
        self.control.set_program(program);
        Ok(())
    }

    /// Says where the music stands from a frame on.
    pub fn set_transport(&mut self, transport: Transport) {
        self.control.set_transport(transport);
    }

    /// Renders the next frames, at most [`MAX_BLOCK_FRAMES`]; they lie in [`Player::left`] and [`Player::right`].
    pub fn render(&mut self, frames: usize) {
        let frames = frames.min(MAX_BLOCK_FRAMES);
        self.processor.process(&mut self.left[..frames], &mut self.right[..frames]);
        self.control.tick();
    }

    /// The left channel of the last block.
    pub fn left(&self) -> &[f32] {
        &self.left
    }

    /// The right channel of the last block.
    pub fn right(&self) -> &[f32] {
        &self.right
    }

    /// The beat that has been reached, for the playhead.
    pub fn beat(&mut self) -> score::Beats {
        self.control.report().beat
    }
}

impl Default for Player {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_program_fits_the_slot() {
        use score::program::{
            ChordNote, MAX_PROGRAM_NOTES, MAX_PROGRAM_SETTINGS, MAX_PROGRAM_STEPS, Setting,
        };
        let mut program = Program::with_full_capacity();
        let note = ChordNote { pitch: 0, velocity: 1.0 };
        program.notes.resize(MAX_PROGRAM_NOTES, note);
        program
            .settings
            .resize(MAX_PROGRAM_SETTINGS, Setting { param: score::catalogue::ParamIndex(0), value: 0.0 });
        let step = score::program::ProgramStep {
            on: true,
            tie: false,
            pitch: 0,
            velocity: 1.0,
            gate_percent: 100,
            chance_percent: 100,
            ratchet: 1,
            nudge_percent: 0,
            condition: None,
            notes: score::program::Span::default(),
            locks: score::program::Span::default(),
        };
        program.steps.resize(MAX_PROGRAM_STEPS, step);
        let mut image = Vec::new();
        score::program_image::write_image(&program, &mut image);
        assert!(image.len() + 16 * 1024 < MAX_IMAGE_BYTES, "{} bytes and sixteen tracks", image.len());
    }

    #[test]
    fn bytes_that_are_no_program_are_refused() {
        let mut player = Player::new();
        player.image_slot()[..4].copy_from_slice(b"nope");
        assert!(player.play_image(4).is_err());
        assert!(player.play_image(usize::MAX).is_err());
        player.render(usize::MAX);
        assert!(player.left().iter().all(|sample| *sample == 0.0));
    }
}
