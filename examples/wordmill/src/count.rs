//! Counts words and scores, row by row.

use crate::args::Args;
use crate::report;
use mill_count::{Summary, Tally};
use mill_text::{stem, Row, Words};
use std::panic::{catch_unwind, AssertUnwindSafe};

#[derive(Default)]
pub struct Counts {
    pub rows: u64,
    pub words: u64,
    pub stems: Tally<str, u64>,
    pub categories: Tally<str, Summary>,
    pub lengths: Summary,
}

/// Counts all rows of a text; bad ones are reported on stderr, left out and counted in the second
/// value. A bug in the handling of one row, too, costs that row and not the run, unless the program
/// was built with panic=abort.
pub fn count(text: &str, args: &Args) -> (Counts, usize) {
    let mut counts = Counts::default();
    let mut left_out = 0;
    for (number, line) in (1u64..).zip(text.lines()) {
        let row = match Row::parse(line) {
            Ok(row) => row,
            Err(e) => {
                eprintln!("wordmill: line {number}: {e}");
                left_out += 1;
                continue;
            }
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| counts.add(&row, args))) {
            eprintln!("wordmill: line {number}: left out: {}", report::panic_text(&*payload));
            left_out += 1;
        }
    }
    (counts, left_out)
}

impl Counts {
    fn add(&mut self, row: &Row, args: &Args) {
        // Before anything is counted, so that a row counts wholly or not at all.
        if args.fail_row == Some(row.id) {
            panic!("row {} was told to fail", row.id);
        }
        let mut words = Words::new(row.text);
        let mut word = String::new();
        let mut n = 0u32;
        while words.next_into(&mut word) {
            n += 1;
            if !args.stop_words && mill_tables::is_stop_word(&word) {
                continue;
            }
            stem(&mut word);
            *self.stems.entry(&word) += 1;
        }
        self.rows += 1;
        self.words += u64::from(n);
        self.lengths.add(n);
        self.categories.entry(row.category).add(row.score);
    }
}
