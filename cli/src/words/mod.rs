//! The words of `offbeat edit`: one line of text becomes one request.
//!
//! [`split`] cuts what the shell handed over into edits; [`parse`] reads one edit against the session as it stands, because
//! tracks are named by name, position or id. Every word is explained by the row of [`VERBS`] that reads it, and
//! `offbeat edit --help` prints those rows.

mod cursor;
mod error;
mod music;
mod pattern;
mod sample;
mod session;
mod split;
mod track;
mod verb;

pub(crate) use cursor::{Context, bounded};
pub(crate) use error::WordsError;
pub(crate) use sample::{Brought, BroughtFiles, sample_file};
pub(crate) use split::split;
pub(crate) use verb::{help, parse, stands_alone};

#[cfg(test)]
mod tests;
