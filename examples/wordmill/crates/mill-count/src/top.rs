//! The leading entries of a sequence.

/// The `n` entries that come first in the order of `rank`, sorted. No two entries should share a
/// rank, or which of them is kept depends on their order.
pub fn top<T, R: Ord>(entries: impl IntoIterator<Item = T>, n: usize, rank: impl Fn(&T) -> R) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for entry in entries {
        kept.push(entry);
        // Cutting only now and then keeps this linear in the number of entries.
        if kept.len() >= n.saturating_mul(4).max(64) {
            cut(&mut kept, n, &rank);
        }
    }
    cut(&mut kept, n, &rank);
    kept
}

fn cut<T, R: Ord>(kept: &mut Vec<T>, n: usize, rank: &impl Fn(&T) -> R) {
    kept.sort_by_key(|entry| rank(entry));
    kept.truncate(n);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;

    #[test]
    fn leading() {
        assert_eq!(top(0..1000, 3, |n| Reverse(*n)), [999, 998, 997]);
        assert_eq!(top(["bb", "a", "c"], 2, |w| (w.len(), *w)), ["a", "c"]);
        assert!(top(0..10, 0, |n| *n).is_empty());
    }
}
