//! Counts seconds down, and says when it is.

use std::time::{Duration, Instant, SystemTime};
use std::{env, thread};

fn main() {
    let seconds = env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(3);
    let start = Instant::now();
    for left in (1..=seconds).rev() {
        println!("{left}");
        thread::sleep(Duration::from_secs(1));
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is later than 1970");
    println!("lift-off at {}, after {} s", now.as_secs(), start.elapsed().as_secs());
}
