//! The terminal while the demo draws on it.

use std::io::{self, Stdout, Write};
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::style::{Attribute, Print, ResetColor, SetAttribute, SetBackgroundColor, SetForegroundColor};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};
use unicode_width::UnicodeWidthChar;

use super::palette::{Depth, Rgb, SURFACE};

/// A stretch of a line in one style.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) ink: Rgb,
    pub(super) paper: Rgb,
    pub(super) bold: bool,
}

impl Span {
    /// Plain text on the surface.
    pub(super) fn text(text: impl Into<String>, ink: Rgb) -> Self {
        Self { text: text.into(), ink, paper: SURFACE, bold: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn on(self, paper: Rgb) -> Self {
        Self { paper, ..self }
    }
}

/// One line of the screen.
pub(super) type Line = Vec<Span>;

/// What the player pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// To end the demo.
    Quit,
    /// To stop or start the music.
    PlayStop,
}

/// The terminal, given back as it was when this is dropped, unwinding included.
pub(super) struct Screen {
    out: Stdout,
    depth: Depth,
    shown: Vec<Line>,
}

impl Screen {
    /// Takes the terminal over.
    pub(super) fn open() -> io::Result<Self> {
        let screen = Self { out: io::stdout(), depth: Depth::of_terminal(), shown: Vec::new() };
        terminal::enable_raw_mode()?;
        let mut out = io::stdout();
        execute!(out, EnterAlternateScreen, Hide)?;
        Ok(screen)
    }

    /// Columns and rows.
    pub(super) fn size() -> (usize, usize) {
        terminal::size().map_or((80, 24), |(columns, rows)| (usize::from(columns), usize::from(rows)))
    }

    /// Shows these lines, rewriting those that differ from what is shown.
    pub(super) fn draw(&mut self, lines: &[Line]) -> io::Result<()> {
        let (columns, rows) = Self::size();
        queue!(self.out, BeginSynchronizedUpdate)?;
        for row in 0..rows.max(self.shown.len()).min(rows) {
            let empty = Line::new();
            let line = lines.get(row).unwrap_or(&empty);
            if self.shown.get(row) != Some(line) {
                self.draw_line(row, line, columns)?;
            }
        }
        queue!(self.out, EndSynchronizedUpdate)?;
        self.out.flush()?;
        self.shown = (0..rows).map(|row| lines.get(row).cloned().unwrap_or_default()).collect();
        Ok(())
    }

    fn draw_line(&mut self, row: usize, line: &[Span], columns: usize) -> io::Result<()> {
        queue!(self.out, MoveTo(0, row as u16))?;
        let mut left = columns;
        for span in line {
            let text = clip(&span.text, &mut left);
            let weight = if span.bold { Attribute::Bold } else { Attribute::NormalIntensity };
            queue!(
                self.out,
                SetForegroundColor(self.depth.show(span.ink)),
                SetBackgroundColor(self.depth.show(span.paper)),
                SetAttribute(weight),
                Print(text)
            )?;
        }
        let paper = SetBackgroundColor(self.depth.show(SURFACE));
        queue!(self.out, SetAttribute(Attribute::Reset), paper)?;
        if left > 0 {
            queue!(self.out, Clear(ClearType::UntilNewLine))?;
        }
        queue!(self.out, ResetColor)
    }

    /// The next key that means something, without waiting. A changed size of the terminal redraws everything.
    pub(super) fn key(&mut self) -> io::Result<Option<Key>> {
        while event::poll(Duration::ZERO)? {
            match event::read()? {
                Event::Key(key) if key.kind == KeyEventKind::Press => {
                    if let Some(key) = meaning(key) {
                        return Ok(Some(key));
                    }
                }
                Event::Resize(..) => self.shown.clear(),
                _ => {}
            }
        }
        Ok(None)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        execute!(self.out, ResetColor, Show, LeaveAlternateScreen).ok();
        terminal::disable_raw_mode().ok();
    }
}

fn meaning(key: KeyEvent) -> Option<Key> {
    match key.code {
        KeyCode::Char('q') | KeyCode::Esc => Some(Key::Quit),
        // In raw mode Ctrl-C is a key like any other.
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Quit),
        KeyCode::Char(' ') => Some(Key::PlayStop),
        _ => None,
    }
}

/// As much of a text as fits into the columns that are left; control characters never reach the terminal.
pub(super) fn clip(text: &str, left: &mut usize) -> String {
    let mut kept = String::new();
    for c in text.chars() {
        let Some(width) = c.width() else { continue };
        if width > *left {
            break;
        }
        *left -= width;
        kept.push(c);
    }
    kept
}

/// A text in exactly `columns` columns: cut with an ellipsis, or filled with blanks.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let mut left = columns;
    let mut kept = clip(text, &mut left);
    if kept.chars().count() < text.chars().filter(|c| c.width().is_some()).count() {
        let mut room = columns.saturating_sub(1);
        kept = clip(text, &mut room) + "…";
        left = room;
    }
    kept + &" ".repeat(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_columns_whatever_their_characters() {
        assert_eq!(fit("kick", 6), "kick  ");
        assert_eq!(fit("Acid Bassline", 6), "Acid …");
        assert_eq!(fit("太鼓太鼓", 5), "太鼓…");
        assert_eq!(fit("a\u{1b}[2Jb", 8), "a[2Jb   ");
    }

    #[test]
    fn control_c_ends_and_a_plain_c_does_not() {
        let key = |code, modifiers| meaning(KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Quit));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::NONE), None);
        assert_eq!(key(KeyCode::Char(' '), KeyModifiers::NONE), Some(Key::PlayStop));
    }
}
