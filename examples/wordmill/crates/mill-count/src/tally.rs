//! A hash table from keys to values, with open addressing and no deletion.

use std::borrow::Borrow;

/// A key that is told apart by its bytes.
pub trait Key {
    fn bytes(&self) -> &[u8];
}

impl Key for str {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Key for [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// FNV-1a, 64 bits.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

struct Slot<Q: Key + ToOwned + ?Sized, V> {
    hash: u64,
    key: Q::Owned,
    value: V,
}

/// Values by key, in order of first appearance. `Q` is the borrowed form of the key (`str`, `[u8]`).
pub struct Tally<Q: Key + ToOwned + ?Sized, V> {
    slots: Vec<Slot<Q, V>>,
    /// 1 + index into `slots`, or 0; the length is a power of two, at least twice that of `slots`.
    index: Vec<u32>,
}

impl<Q: Key + ToOwned + ?Sized, V> Default for Tally<Q, V> {
    fn default() -> Self {
        Tally { slots: Vec::new(), index: vec![0; 64] }
    }
}

impl<Q: Key + ToOwned + ?Sized, V: Default> Tally<Q, V> {
    /// The value of a key, made by `Default` when it is new.
    pub fn entry(&mut self, key: &Q) -> &mut V {
        let hash = hash(key.bytes());
        let (place, found) = self.find(hash, key);
        if let Some(slot) = found {
            return &mut self.slots[slot].value;
        }
        self.slots.push(Slot { hash, key: key.to_owned(), value: V::default() });
        self.index[place] = u32::try_from(self.slots.len()).expect("fewer than 2^32 keys");
        if self.slots.len() * 2 > self.index.len() {
            self.grow();
        }
        &mut self.slots.last_mut().expect("just pushed").value
    }

    /// The place in the index where a key is or belongs, and its slot.
    fn find(&self, hash: u64, key: &Q) -> (usize, Option<usize>) {
        let mask = self.index.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.index[place] {
                0 => return (place, None),
                n => {
                    let slot = &self.slots[n as usize - 1];
                    if slot.hash == hash && slot.key.borrow().bytes() == key.bytes() {
                        return (place, Some(n as usize - 1));
                    }
                }
            }
            place = (place + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let mask = self.index.len() * 2 - 1;
        let mut index = vec![0; mask + 1];
        for (n, slot) in (1u32..).zip(&self.slots) {
            let mut place = slot.hash as usize & mask;
            while index[place] != 0 {
                place = (place + 1) & mask;
            }
            index[place] = n;
        }
        self.index = index;
    }
}

impl<Q: Key + ToOwned + ?Sized, V> Tally<Q, V> {
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Q, &V)> {
        self.slots.iter().map(|slot| (slot.key.borrow(), &slot.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_keeps_order() {
        let mut tally = Tally::<str, u64>::default();
        for n in 0..10_000 {
            *tally.entry(&format!("word{}", n % 500)) += 1;
        }
        assert_eq!(tally.len(), 500);
        assert_eq!(tally.iter().next(), Some(("word0", &20)));
        assert!(tally.iter().all(|(_, n)| *n == 20));
        let mut bytes = Tally::<[u8], bool>::default();
        *bytes.entry(b"x") = true;
        assert!(*bytes.entry(b"x") && !*bytes.entry(b"y"));
    }
}
