//! Rows made from a seed: the same seed gives the same bytes on every machine.

use std::io::{self, Write};

const CATEGORIES: [&str; 6] = ["news", "letters", "manuals", "novels", "poems", "laws"];
const SYLLABLES: [&str; 24] = [
    "ba", "cor", "den", "el", "fi", "gar", "ho", "in", "ka", "lum", "mi", "nor", "ol", "pre", "qui", "ras",
    "sta", "tor", "un", "ver", "wil", "xa", "yon", "zer",
];
const ENDINGS: [&str; 10] = ["", "", "", "s", "ing", "ed", "ness", "able", "ization", "ly"];
const SMALL: [&str; 8] = ["the", "of", "and", "to", "in", "a", "is", "that"];

pub struct Rows {
    state: u64,
}

impl Rows {
    pub fn new(seed: u64) -> Self {
        Rows { state: seed }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn word(&mut self, text: &mut String) {
        if self.below(3) == 0 {
            text.push_str(self.pick(&SMALL));
            return;
        }
        let start = text.len();
        // Few long words: the smallest of two draws is the number of syllables.
        for _ in 0..=self.below(4).min(self.below(4)) {
            text.push_str(self.pick(&SYLLABLES));
        }
        text.push_str(self.pick(&ENDINGS));
        if self.below(12) == 0 {
            text[start..].make_ascii_uppercase();
        }
    }

    pub fn write(&mut self, out: &mut impl Write, rows: u64) -> io::Result<()> {
        let mut text = String::new();
        for id in 1..=rows {
            text.clear();
            for n in 0..8 + self.below(24) {
                if n > 0 {
                    text.push_str(self.pick(&[" ", " ", " ", ", ", "; "]));
                }
                self.word(&mut text);
            }
            let category = self.pick(&CATEGORIES);
            let score = self.below(10_000) as f64 / 100.0;
            writeln!(out, "{id}\t{category}\t{score:.2}\t{text}.")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_rows() {
        let made = |seed| {
            let mut out = Vec::new();
            Rows::new(seed).write(&mut out, 50).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
        assert!(made(7).lines().all(|line| mill_text::Row::parse(line).is_ok()));
    }
}
