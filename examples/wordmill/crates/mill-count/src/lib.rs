//! Counting: tallies by key, the leading entries of a list, running statistics.

mod summary;
mod tally;
mod top;

pub use summary::Summary;
pub use tally::{Key, Tally};
pub use top::top;
