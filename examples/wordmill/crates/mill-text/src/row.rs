//! One input line: `id TAB category TAB score TAB text`.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    pub id: u64,
    pub category: &'a str,
    pub score: f64,
    pub text: &'a str,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RowError {
    Fields(usize),
    Id(String),
    Category,
    Score(String),
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::Fields(n) => write!(f, "{n} fields where 4 are needed"),
            RowError::Id(text) => write!(f, "the id {text:?} is not a whole number"),
            RowError::Category => f.write_str("the category is empty"),
            RowError::Score(text) => write!(f, "the score {text:?} is not a finite number"),
        }
    }
}

impl std::error::Error for RowError {}

impl<'a> Row<'a> {
    pub fn parse(line: &'a str) -> Result<Self, RowError> {
        let mut fields = line.splitn(4, '\t');
        let mut next = |have| fields.next().ok_or(RowError::Fields(have));
        let (id, category, score, text) = (next(0)?, next(1)?, next(2)?, next(3)?);
        if category.is_empty() {
            return Err(RowError::Category);
        }
        let number: f64 = score.parse().map_err(|_| RowError::Score(score.into()))?;
        if !number.is_finite() {
            return Err(RowError::Score(score.into()));
        }
        let id = id.parse().map_err(|_| RowError::Id(id.into()))?;
        Ok(Row { id, category, score: number, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_rows() {
        let row = Row::parse("7\tnews\t1.5\tsome text\twith a tab").unwrap();
        assert_eq!((row.id, row.score, row.text), (7, 1.5, "some text\twith a tab"));
        assert_eq!(Row::parse("7\tnews"), Err(RowError::Fields(2)));
        assert_eq!(Row::parse("x\tnews\t1\t"), Err(RowError::Id("x".into())));
        assert_eq!(Row::parse("7\t\t1\t"), Err(RowError::Category));
        assert_eq!(Row::parse("7\tnews\tinf\t"), Err(RowError::Score("inf".into())));
    }
}
