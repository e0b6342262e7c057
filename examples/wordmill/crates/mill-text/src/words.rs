//! Words of a text and their stems.

use mill_tables::{class, Class, SUFFIXES};

/// The words of a text, lower-cased into a buffer of the caller's: nothing is allocated per word.
pub struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        Words { rest: text.as_bytes() }
    }

    /// Puts the next word into `word`; false at the end. Joiners count only inside a word.
    pub fn next_into(&mut self, word: &mut String) -> bool {
        word.clear();
        let letter = |byte: &u8| !matches!(class(*byte), Class::Other | Class::Joiner);
        let Some(start) = self.rest.iter().position(letter) else {
            self.rest = &[];
            return false;
        };
        let bytes = &self.rest[start..];
        let end = bytes.iter().position(|b| class(*b) == Class::Other).unwrap_or(bytes.len());
        let (whole, rest) = bytes.split_at(end);
        self.rest = rest;
        let end = whole.iter().rposition(letter).map_or(0, |last| last + 1);
        // Only ASCII bytes end a word, so a cut never falls into a character.
        word.push_str(&String::from_utf8_lossy(&whole[..end]));
        word.make_ascii_lowercase();
        true
    }
}

/// Takes the longest known suffix off, while at least three characters remain.
pub fn stem(word: &mut String) {
    for (suffix, replacement) in &SUFFIXES {
        let Some(kept) = word.strip_suffix(suffix) else { continue };
        if kept.chars().count() < 3 {
            continue;
        }
        let keep = kept.len();
        word.truncate(keep);
        word.push_str(replacement);
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Words::new(text);
        let (mut word, mut all) = (String::new(), Vec::new());
        while words.next_into(&mut word) {
            all.push(word.clone());
        }
        all
    }

    #[test]
    fn splits() {
        assert_eq!(
            words("It's a well-known --fact-- (n° 7)."),
            ["it's", "a", "well-known", "fact", "n°", "7"]
        );
        assert_eq!(words(" -- "), [""; 0]);
        assert_eq!(words("Größe über-all"), ["größe", "über-all"]);
    }

    #[test]
    fn stems() {
        for (word, want) in
            [("relational", "relate"), ("milling", "mill"), ("red", "red"), ("parties", "party")]
        {
            let mut stemmed = word.to_string();
            stem(&mut stemmed);
            assert_eq!(stemmed, want);
        }
    }
}
