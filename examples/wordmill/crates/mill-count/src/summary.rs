//! Running statistics of numbers, by Welford's method.

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    n: u64,
    mean: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Summary {
    pub fn add<N: Into<f64>>(&mut self, number: N) {
        let x = number.into();
        (self.min, self.max) = match self.n {
            0 => (x, x),
            _ => (self.min.min(x), self.max.max(x)),
        };
        self.n += 1;
        let delta = x - self.mean;
        self.mean += delta / self.n as f64;
        self.squares += delta * (x - self.mean);
    }

    pub fn count(&self) -> u64 {
        self.n
    }

    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Of the sample; 0 for fewer than two numbers.
    pub fn deviation(&self) -> f64 {
        match self.n {
            0 | 1 => 0.0,
            n => (self.squares / (n - 1) as f64).sqrt(),
        }
    }

    pub fn range(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_small_lists() {
        let mut s = Summary::default();
        assert_eq!((s.count(), s.deviation()), (0, 0.0));
        [2u8, 4, 4, 4, 5, 5, 7, 9].into_iter().for_each(|n| s.add(n));
        assert_eq!((s.count(), s.mean(), s.range()), (8, 5.0, (2.0, 9.0)));
        assert!((s.deviation() - 2.138).abs() < 0.001);
    }
}
