// Generics, formatting, a panic that is caught, thread-local and static data: something of everything
// that a size table has to place.
use std::collections::HashMap;
use std::fmt::Debug;

static TABLE: [u64; 64] = [7; 64];
thread_local! { static SEEN: std::cell::Cell<u64> = const { std::cell::Cell::new(3) }; }

#[inline(never)]
fn twice<T: Debug + Clone>(x: T) -> Vec<T> {
    let both = vec![x.clone(), x];
    println!("{both:?}");
    both
}

#[no_mangle]
#[inline(never)]
pub extern "C" fn sample_plain(x: u64) -> u64 {
    x.wrapping_mul(TABLE[(x % 64) as usize])
}

fn main() {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for (i, word) in "a b c a".split(' ').enumerate() {
        *counts.entry(word.to_string()).or_default() += sample_plain(i as u64);
    }
    SEEN.with(|s| s.set(s.get() + counts.len() as u64));
    twice(1u8);
    twice("text".to_string());
    twice(2.5f64);
    let caught = std::panic::catch_unwind(|| {
        if std::env::args().count() > 99 {
            panic!("too many")
        }
    });
    println!("{} {} {}", counts["a"], SEEN.with(|s| s.get()), caught.is_ok());
}
