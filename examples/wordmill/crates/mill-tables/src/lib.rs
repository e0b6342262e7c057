//! Tables that the build script generates from `data/`.

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// What a byte is in a word. Bytes above 0x7f are taken for letters, so UTF-8 stays whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Other,
    Lower,
    Upper,
    Digit,
    Joiner,
}

pub fn class(byte: u8) -> Class {
    match CLASSES[usize::from(byte)] {
        1 => Class::Lower,
        2 => Class::Upper,
        3 => Class::Digit,
        4 => Class::Joiner,
        _ => Class::Other,
    }
}

pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(STOP_WORDS.windows(2).all(|w| w[0] < w[1]));
        assert!(SUFFIXES.windows(2).all(|w| w[0].0.len() >= w[1].0.len()));
        assert!(is_stop_word("the") && !is_stop_word("mill"));
    }
}
