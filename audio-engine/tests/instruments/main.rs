//! Every instrument of the catalogue, judged by measurement: level, cleanness, length, tuning, character, and that the
//! same note is the same bits.

mod alias;
mod bits;
mod by_name;
mod by_promise;
mod character;
mod figures;
mod levels;
mod measure;
mod page;
mod parameter_tables;
