//! Run-length encoded columns, read one value at a time.
//!
//! A column is a sequence of runs: a positive count and the value that repeats, a negative count and that many literal values,
//! or zero and a count of nulls. A count costs a byte or five whatever it says, so a tiny column can announce 2^60 rows: counts are
//! bounded where they are read. Only the encoding Automerge itself writes is let through, since a document keeps the
//! values alone and must be able to write the very same bytes again.

use super::reader::Reader;
use crate::trust::Refusal;

/// A value of a column.
pub(super) trait Value<'a>: Copy + PartialEq {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal>;
}

impl Value<'_> for u64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        reader.unsigned()
    }
}

impl Value<'_> for i64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        reader.signed()
    }
}

impl<'a> Value<'a> for &'a str {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        let length = reader.unsigned()?;
        std::str::from_utf8(reader.take(length)?).map_err(|_| Refusal::Malformed("text that is not UTF-8"))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Run<V> {
    Start,
    Repeat(V),
    Literal(Option<V>),
    Null,
}

/// A cursor over a run-length encoded column.
#[derive(Debug)]
pub(super) struct Runs<'a, V> {
    reader: Reader<'a>,
    run: Run<V>,
    left: u64,
    max_rows: u64,
    only_nulls: bool,
}

const NOT_CANONICAL: Refusal = Refusal::Malformed("a column not in the form its values are written in");

impl<'a, V: Value<'a>> Runs<'a, V> {
    /// Reads `column`, in which no run may be longer than `max_rows`.
    pub(super) fn new(column: &'a [u8], max_rows: usize) -> Self {
        Self {
            reader: Reader::new(column),
            run: Run::Start,
            left: 0,
            max_rows: max_rows as u64,
            only_nulls: true,
        }
    }

    /// The next row: `None` past the end, `Some(None)` for a null.
    #[allow(clippy::option_option, reason = "past the end and null are different things")]
    pub(super) fn next(&mut self) -> Result<Option<Option<V>>, Refusal> {
        if self.left == 0 {
            if self.reader.is_empty() {
                return Ok(None);
            }
            self.start_run()?;
        }
        self.left -= 1;
        match self.run {
            Run::Start => Err(NOT_CANONICAL),
            Run::Null => Ok(Some(None)),
            Run::Repeat(value) => Ok(Some(Some(value))),
            Run::Literal(previous) => {
                let value = V::read(&mut self.reader)?;
                if previous == Some(value) {
                    return Err(NOT_CANONICAL);
                }
                self.run = Run::Literal(Some(value));
                Ok(Some(Some(value)))
            }
        }
    }

    /// The next row of a column that is left out where all its rows are null.
    pub(super) fn next_or_null(&mut self) -> Result<Option<V>, Refusal> {
        match self.next()? {
            Some(value) => Ok(value),
            None if matches!(self.run, Run::Start) => Ok(None),
            None => Err(Refusal::Malformed("a column is shorter than the others")),
        }
    }

    /// The next row of a column without nulls.
    pub(super) fn next_value(&mut self) -> Result<V, Refusal> {
        self.next()?.flatten().ok_or(Refusal::Malformed("a column lacks a value"))
    }

    /// Checks that every row has been read, and that a column of nothing but nulls was left out.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        if self.left > 0 || !self.reader.is_empty() {
            return Err(Refusal::Malformed("a column is longer than the others"));
        }
        if self.only_nulls && !matches!(self.run, Run::Start) { Err(NOT_CANONICAL) } else { Ok(()) }
    }

    fn start_run(&mut self) -> Result<(), Refusal> {
        let count = self.reader.signed()?;
        let last = match self.run {
            Run::Repeat(value) => Some(value),
            Run::Literal(value) => value,
            Run::Start | Run::Null => None,
        };
        let (run, left) = match count {
            1 => return Err(NOT_CANONICAL),
            2.. => {
                let value = V::read(&mut self.reader)?;
                if last == Some(value) {
                    return Err(NOT_CANONICAL);
                }
                (Run::Repeat(value), count.unsigned_abs())
            }
            0 if matches!(self.run, Run::Null) => return Err(NOT_CANONICAL),
            0 => (Run::Null, self.reader.unsigned()?),
            ..0 if matches!(self.run, Run::Literal(_)) => return Err(NOT_CANONICAL),
            ..0 => (Run::Literal(last), count.unsigned_abs()),
        };
        if left == 0 {
            return Err(NOT_CANONICAL);
        }
        if left > self.max_rows {
            return Err(Refusal::TooManyOps);
        }
        self.only_nulls &= matches!(run, Run::Null);
        (self.run, self.left) = (run, left);
        Ok(())
    }
}

/// A cursor over a column of integers that are written as differences to the previous one.
#[derive(Debug)]
pub(super) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    value: i64,
}

impl<'a> Deltas<'a> {
    pub(super) fn new(column: &'a [u8], max_rows: usize) -> Self {
        Self { runs: Runs::new(column, max_rows), value: 0 }
    }

    /// The next row of a column without nulls.
    pub(super) fn next_value(&mut self) -> Result<i64, Refusal> {
        let delta = self.runs.next_value()?;
        self.value = self.value.checked_add(delta).ok_or(Refusal::Malformed("a difference overflows"))?;
        Ok(self.value)
    }

    pub(super) fn finish(&self) -> Result<(), Refusal> {
        self.runs.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: &[u8]) -> Result<Vec<Option<u64>>, Refusal> {
        let mut runs = Runs::<u64>::new(column, 100);
        let mut rows = Vec::new();
        while let Some(row) = runs.next()? {
            rows.push(row);
        }
        runs.finish().map(|()| rows)
    }

    #[test]
    fn runs_literals_and_nulls_are_read() {
        assert_eq!(
            read(&[0x7e, 1, 2, 3, 5, 0, 2, 0x7f, 9]),
            Ok(vec![Some(1), Some(2), Some(5), Some(5), Some(5), None, None, Some(9)])
        );
        assert_eq!(read(&[]), Ok(vec![]));
    }

    #[test]
    fn another_spelling_of_the_same_values_is_refused() {
        let spellings: [&[u8]; 8] = [
            &[1, 7],
            &[0x7e, 7, 7],
            &[2, 7, 2, 7],
            &[2, 7, 0x7f, 7],
            &[0x7f, 7, 2, 7],
            &[0x7f, 7, 0x7f, 8],
            &[0, 1, 0, 1, 0x7f, 1],
            &[0, 3],
        ];
        for column in spellings {
            assert_eq!(read(column), Err(NOT_CANONICAL), "{column:?}");
        }
    }

    #[test]
    fn a_run_that_announces_too_many_rows_is_refused_where_it_starts() {
        assert_eq!(
            read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 1]),
            Err(Refusal::TooManyOps)
        );
        assert_eq!(read(&[0, 0xff, 0xff, 0x03, 0x7f, 1]), Err(Refusal::TooManyOps));
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 1];
        assert_eq!(read(&least), Err(Refusal::TooManyOps));
    }

    #[test]
    fn differences_add_up_and_may_not_overflow() {
        let mut deltas = Deltas::new(&[0x7e, 5, 0x7e], 10);
        assert_eq!((deltas.next_value(), deltas.next_value()), (Ok(5), Ok(3)));
        let mut column = vec![2];
        column.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]);
        let mut deltas = Deltas::new(&column, 10);
        assert!(deltas.next_value().is_ok() && deltas.next_value().is_err());
    }
}
