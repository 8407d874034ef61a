//! Every instrument of the catalogue, judged by measurement: level, cleanness, length, tuning, character, and that the
//! same note is the same bits.

mod bits;
mod character;
mod levels;
mod measure;
