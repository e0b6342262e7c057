//! Rows of text: splitting them into words, stemming, edit distance.

mod distance;
mod row;
mod words;

pub use distance::Distance;
pub use row::{Row, RowError};
pub use words::{stem, Words};
