//! Keyboards and mallets.

use super::Row;

pub(super) const ROWS: &[Row] = &[];
