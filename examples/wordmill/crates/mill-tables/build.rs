//! Turns the word lists of `data/` into Rust tables, so that nothing is parsed at run time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut text = String::new();
    classes(&mut text);
    stop_words(&mut text, &read("data/stopwords.txt"));
    suffixes(&mut text, &read("data/suffixes.txt"));
    fs::write(out.join("tables.rs"), text).expect("OUT_DIR can be written");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data");
}

/// The lines of a list that carry data.
fn read(path: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let data = |line: &&str| !line.is_empty() && !line.starts_with('#');
    text.lines().map(str::trim).filter(data).map(String::from).collect()
}

fn classes(out: &mut String) {
    let class = |byte: u8| match byte {
        b'a'..=b'z' | 0x80..=0xff => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        b'\'' | b'-' => 4,
        _ => 0,
    };
    out.push_str("pub static CLASSES: [u8; 256] = [");
    for byte in 0..=255u8 {
        if byte % 16 == 0 {
            out.push_str("\n    ");
        }
        write!(out, "{}, ", class(byte)).unwrap();
    }
    out.push_str("\n];\n");
}

fn stop_words(out: &mut String, words: &[String]) {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort();
    words.dedup();
    writeln!(out, "pub static STOP_WORDS: [&str; {}] = {words:?};", words.len()).unwrap();
}

fn suffixes(out: &mut String, lines: &[String]) {
    let mut rules: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| line.split_once(' ').unwrap_or_else(|| panic!("no replacement in {line:?}")))
        .map(|(suffix, to)| (suffix, if to == "-" { "" } else { to }))
        .collect();
    // The longest rule that matches is the one that counts.
    rules.sort_by_key(|(suffix, _)| (usize::MAX - suffix.len(), *suffix));
    writeln!(out, "pub static SUFFIXES: [(&str, &str); {}] = {rules:?};", rules.len()).unwrap();
}
