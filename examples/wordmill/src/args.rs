//! The command line.

use crate::Failure;
use std::ffi::OsString;
use std::str::FromStr;

pub const HELP: &str = "\
Counts the words of tab-separated rows and finds words that are nearly the same.

Usage: wordmill COMMAND [OPTIONS] [FILE]

Commands:
  count      count words, and the scores of each category
  similar    list pairs of words that differ by a few letters
  generate   print rows made from a seed

A row is ID, CATEGORY, SCORE and TEXT, with tabs between. Without FILE, or with -, rows are read
from the standard input.

Options:
  --generate N     take N made rows in place of FILE
  --rows N         how many rows generate prints [1000]
  --seed N         what made rows start from [1]
  --top N          how many lines are printed [10]
  --distance N     letters in which a pair may differ, 1 to 4 [1]
  --format FORMAT  text or csv [text]
  --stop-words     count words like `the`, too
  --fail-row ID    stumble over the row with this id: shows what a bug in one row does
  -h, --help       print this
  -V, --version    print the version
";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Count,
    Similar,
    Generate,
    Help,
    Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Csv,
}

#[derive(Debug, PartialEq)]
pub struct Args {
    pub command: Command,
    pub file: Option<OsString>,
    pub made: Option<u64>,
    pub rows: u64,
    pub seed: u64,
    pub top: usize,
    pub distance: u32,
    pub format: Format,
    pub stop_words: bool,
    pub fail_row: Option<u64>,
}

impl Args {
    pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Args, Failure> {
        let mut args = Args {
            command: Command::Help,
            file: None,
            made: None,
            rows: 1000,
            seed: 1,
            top: 10,
            distance: 1,
            format: Format::Text,
            stop_words: false,
            fail_row: None,
        };
        let mut words = words.into_iter();
        let mut command = None;
        while let Some(word) = words.next() {
            let Some(name) = word.to_str().filter(|w| w.len() > 1 && w.starts_with('-')) else {
                match (command, word.to_str()) {
                    (None, Some("count")) => command = Some(Command::Count),
                    (None, Some("similar")) => command = Some(Command::Similar),
                    (None, Some("generate")) => command = Some(Command::Generate),
                    (None, _) => return usage(format!("there is no command {word:?}")),
                    (Some(_), _) if args.file.is_some() => return usage(format!("a second file: {word:?}")),
                    (Some(_), _) => args.file = Some(word),
                }
                continue;
            };
            let mut value = || words.next();
            match name {
                "-h" | "--help" => return Ok(Args { command: Command::Help, ..args }),
                "-V" | "--version" => return Ok(Args { command: Command::Version, ..args }),
                "--generate" => args.made = Some(number(name, value(), 0..=u64::MAX)?),
                "--rows" => args.rows = number(name, value(), 0..=u64::MAX)?,
                "--seed" => args.seed = number(name, value(), 0..=u64::MAX)?,
                "--top" => args.top = number(name, value(), 0..=usize::MAX)?,
                "--distance" => args.distance = number(name, value(), 1..=4)?,
                "--fail-row" => args.fail_row = Some(number(name, value(), 0..=u64::MAX)?),
                "--stop-words" => args.stop_words = true,
                "--format" => {
                    args.format = match value().as_deref().and_then(|v| v.to_str()) {
                        Some("text") => Format::Text,
                        Some("csv") => Format::Csv,
                        _ => return usage("--format takes text or csv".into()),
                    }
                }
                _ => return usage(format!("there is no option {name}")),
            }
        }
        args.command = command.unwrap_or(Command::Help);
        if args.made.is_some() && args.file.is_some() {
            return usage("--generate and FILE exclude each other".into());
        }
        Ok(args)
    }
}

fn usage<T>(text: String) -> Result<T, Failure> {
    Err(Failure::Usage(text))
}

fn number<N>(option: &str, value: Option<OsString>, range: std::ops::RangeInclusive<N>) -> Result<N, Failure>
where
    N: FromStr + PartialOrd + std::fmt::Display,
{
    let Some(value) = value else {
        return usage(format!("{option} needs a number"));
    };
    match value.to_str().and_then(|text| text.parse().ok()) {
        Some(n) if range.contains(&n) => Ok(n),
        _ => {
            usage(format!("{option} takes a number from {} to {}, not {value:?}", range.start(), range.end()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Args, String> {
        Args::parse(words.iter().map(OsString::from)).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn good() {
        let args = parse(&["similar", "--distance", "2", "-", "--top", "3"]).unwrap();
        assert_eq!((args.command, args.distance, args.top), (Command::Similar, 2, 3));
        assert_eq!(args.file, Some("-".into()));
        assert_eq!(parse(&[]).unwrap().command, Command::Help);
    }

    #[test]
    fn bad() {
        for (words, part) in [
            (&["spin"][..], "no command"),
            (&["count", "--fast"], "no option --fast"),
            (&["count", "--top"], "needs a number"),
            (&["similar", "--distance", "5"], "from 1 to 4"),
            (&["count", "a", "b"], "a second file"),
            (&["count", "--generate", "5", "a"], "exclude"),
        ] {
            let failure = parse(words).unwrap_err();
            assert!(failure.contains(part), "{failure}");
        }
    }
}
