//! Pairs of words that are nearly the same.

use crate::count::Counts;
use mill_text::Distance;

pub struct Pair<'a> {
    pub distance: u32,
    /// Rows in which the rarer of the two words was seen.
    pub weight: u64,
    pub left: &'a str,
    pub right: &'a str,
}

/// All pairs of counted words of at least four bytes that are at most `limit` edits apart. Compares bytes: a letter
/// outside ASCII counts as two or more.
pub fn find(counts: &Counts, limit: u32) -> Vec<Pair<'_>> {
    let mut words: Vec<(&str, u64)> = counts.stems.iter().map(|(word, n)| (word, *n)).collect();
    words.retain(|(word, _)| word.len() >= 4);
    // By length: each word has to be compared only with those that are not too long.
    words.sort_unstable_by_key(|(word, _)| (word.len(), *word));
    let mut distance = Distance::default();
    let mut pairs = Vec::new();
    for (i, (left, n)) in words.iter().enumerate() {
        let longest = left.len() + limit as usize;
        for (right, m) in words[i + 1..].iter().take_while(|(right, _)| right.len() <= longest) {
            if let Some(distance) = distance.within(left.as_bytes(), right.as_bytes(), limit) {
                pairs.push(Pair { distance, weight: *n.min(m), left, right });
            }
        }
    }
    pairs
}
