//! One program for every host: what a call, a read and a start cost, told by the guest itself.
//!
//! peer start | peer clock <calls> | peer read <file> | peer sleep <ms> | peer hello <words…>
use std::{
    fs::File,
    hint::black_box,
    io::Read,
    time::{Duration, Instant},
};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or("");
    match word(0) {
        "start" => {}
        "clock" => {
            let calls: u64 = word(1).parse().expect("a number of calls");
            // Once before the clock runs: engines compile on first use.
            for _ in 0..calls / 10 {
                black_box(Instant::now());
            }
            let from = Instant::now();
            for _ in 0..calls {
                black_box(Instant::now());
            }
            println!("{}", from.elapsed().as_nanos() as f64 / calls as f64);
        }
        "read" => {
            let mut file = File::open(word(1)).expect("the file opens");
            let mut buffer = vec![0; 1 << 16];
            let (from, mut total, mut sum) = (Instant::now(), 0u64, 0u64);
            loop {
                let count = file.read(&mut buffer).expect("the file reads");
                if count == 0 {
                    break;
                }
                total += count as u64;
                sum += u64::from(buffer[count - 1]);
            }
            black_box(sum);
            println!("{}", total as f64 / from.elapsed().as_secs_f64() / 1e6);
        }
        "sleep" => std::thread::sleep(Duration::from_millis(
            word(1).parse().expect("milliseconds"),
        )),
        "hello" => println!("hello {}", words[1..].join(" ")),
        other => panic!("no such mode: {other}"),
    }
}
