//! What is printed.

use crate::args::{Args, Format};
use crate::count::Counts;
use crate::similar::Pair;
use mill_count::top;
use std::any::Any;
use std::cmp::Reverse;
use std::io::{self, Write};

/// The message of a panic.
pub fn panic_text(payload: &dyn Any) -> &str {
    match payload.downcast_ref::<String>() {
        Some(text) => text,
        None => payload.downcast_ref::<&str>().copied().unwrap_or("no message"),
    }
}

/// A table: the first column is text, the others are numbers. Text that holds a comma or a quote is
/// quoted in CSV.
fn table(out: &mut impl Write, format: Format, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    if format == Format::Csv {
        writeln!(out, "{}", head.join(","))?;
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            writeln!(out, "{}", cells.join(","))?;
        }
        return Ok(());
    }
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let head: Vec<String> = head.iter().map(|cell| cell.to_string()).collect();
    for row in [&head].into_iter().chain(rows) {
        let mut line = format!("{:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    }
}

pub fn counts(out: &mut impl Write, counts: &Counts, args: &Args) -> io::Result<()> {
    if args.format == Format::Text {
        let (shortest, longest) = counts.lengths.range();
        writeln!(
            out,
            "{} rows, {} words, {} different stems; {shortest} to {longest} words a row, {:.2} on average\n",
            counts.rows,
            counts.words,
            counts.stems.len(),
            counts.lengths.mean()
        )?;
    }
    let mut categories: Vec<_> = counts.categories.iter().collect();
    categories.sort_by_key(|(name, _)| *name);
    let rows: Vec<Vec<String>> = categories
        .iter()
        .map(|(name, scores)| {
            let (low, high) = scores.range();
            let numbers = [scores.mean(), scores.deviation(), low, high];
            let cells = [name.to_string(), scores.count().to_string()];
            cells.into_iter().chain(numbers.iter().map(|n| format!("{n:.2}"))).collect()
        })
        .collect();
    table(out, args.format, &["category", "rows", "mean", "deviation", "low", "high"], &rows)?;
    writeln!(out)?;

    let leading = top(counts.stems.iter(), args.top, |(stem, n)| (Reverse(**n), *stem));
    let rows: Vec<Vec<String>> = leading
        .iter()
        .map(|(stem, n)| {
            let share = 100.0 * **n as f64 / counts.words as f64;
            vec![stem.to_string(), n.to_string(), format!("{share:.3} %")]
        })
        .collect();
    table(out, args.format, &["stem", "times", "of all words"], &rows)
}

pub fn pairs(out: &mut impl Write, pairs: &[Pair], args: &Args) -> io::Result<()> {
    if args.format == Format::Text {
        writeln!(out, "{} pairs\n", pairs.len())?;
    }
    let leading = top(pairs, args.top, |pair| (pair.distance, Reverse(pair.weight), pair.left, pair.right));
    let rows: Vec<Vec<String>> = leading
        .iter()
        .map(|pair| {
            vec![
                format!("{} / {}", pair.left, pair.right),
                pair.distance.to_string(),
                pair.weight.to_string(),
            ]
        })
        .collect();
    table(out, args.format, &["words", "distance", "times"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables() {
        let rows = [vec!["a,\"b\"".to_string(), "1".to_string()], vec!["é".to_string(), "20".to_string()]];
        let print = |format| {
            let mut out = Vec::new();
            table(&mut out, format, &["name", "n"], &rows).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(print(Format::Csv), "name,n\n\"a,\"\"b\"\"\",1\né,20\n");
        assert_eq!(print(Format::Text), "name    n\na,\"b\"   1\né      20\n");
    }
}
