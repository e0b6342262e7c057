//! Edit distance: the hot loop of `wordmill similar`.

/// Computes Levenshtein distances between sequences; keeps its row, so that it allocates only once.
#[derive(Default)]
pub struct Distance {
    row: Vec<u32>,
}

impl Distance {
    /// The least number of insertions, deletions and replacements that turn `a` into `b`, or `None`
    /// when it is above `limit`.
    pub fn within<T: PartialEq>(&mut self, a: &[T], b: &[T], limit: u32) -> Option<u32> {
        if a.len().abs_diff(b.len()) > limit as usize {
            return None;
        }
        self.row.clear();
        self.row.extend((0u32..).take(b.len() + 1));
        for (i, left) in (1u32..).zip(a) {
            let mut diagonal = i - 1;
            let mut before = i;
            let mut best = i;
            for (right, cell) in b.iter().zip(&mut self.row[1..]) {
                let replaced = diagonal + u32::from(left != right);
                diagonal = *cell;
                before = replaced.min(diagonal + 1).min(before + 1);
                *cell = before;
                best = best.min(before);
            }
            if best > limit {
                return None;
            }
        }
        let last = if a.is_empty() { b.len() as u32 } else { self.row[b.len()] };
        (last <= limit).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let mut d = Distance::default();
        let mut of = |a: &str, b: &str| d.within(a.as_bytes(), b.as_bytes(), 3);
        assert_eq!(of("kitten", "sitting"), Some(3));
        assert_eq!(of("mill", "mill"), Some(0));
        assert_eq!(of("", "abc"), Some(3));
        assert_eq!(of("abcd", "wxyz"), None);
        assert_eq!(d.within(&[1, 2, 3], &[1, 3], 1), Some(1));
    }
}
