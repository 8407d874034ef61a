//! Stems: each track for itself, as it goes into the mix.

use score::Program;
use score::program::Span;

use crate::safe_name;

/// The program with one track heard alone, through its own strip. The others play on unheard, so that hats choke and voices
/// are stolen as in the mix; the master's effects are left out, for they work on the sum.
pub fn alone(program: &Program, index: usize) -> Program {
    let mut program = program.clone();
    program.master = Span::default();
    for (at, track) in program.tracks.iter_mut().enumerate() {
        track.mute |= at != index;
    }
    program
}

/// A name that every file system takes, and that no other stem has: its number comes first.
pub fn file_name(number: usize, name: &str, extension: &str) -> String {
    let name = safe_name(name);
    let between = if name.is_empty() { "" } else { " " };
    format!("{number:02}{between}{name}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        let named = |number, name| file_name(number, name, "flac");
        assert_eq!(named(1, "Kick"), "01 Kick.flac");
        assert_eq!(named(12, "../../etc/passwd"), "12 ______etc_passwd.flac");
        assert_eq!(named(3, "a:b*c?\\\u{202e}.wav "), "03 a_b_c____wav.flac");
        assert_eq!(named(4, "  "), "04.flac");
        assert_eq!(named(5, "Bässe 低音"), "05 Bässe 低音.flac");
        assert!(named(16, &"低".repeat(32)).len() < 255);
    }
}
