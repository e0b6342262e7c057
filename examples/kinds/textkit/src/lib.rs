//! Statistics of a text, for programs in any language. `use.py` loads the library.
use std::collections::BTreeMap;

/// How many different words there are, whatever their case.
pub fn different(text: &str) -> usize {
    counts(text).len()
}

/// The word that comes most often, and how often; the first by alphabet of several.
pub fn most_common(text: &str) -> Option<(String, u32)> {
    counts(text).into_iter().rev().max_by_key(|(_, n)| *n)
}

fn counts(text: &str) -> BTreeMap<String, u32> {
    let mut words = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *words.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    words
}

/// # Safety
/// `text` are `n` bytes that can be read.
#[no_mangle]
pub unsafe extern "C" fn textkit_different(text: *const u8, n: usize) -> usize {
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(text, n) };
    different(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(different("One two, ONE"), 2);
        assert_eq!(most_common("b a b a c"), Some(("a".into(), 2)));
    }
}
