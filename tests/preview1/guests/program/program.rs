//! A program of preview 1: what it sees, and how it ends, is as its first argument says.
use std::io::{Read, Write};
use std::time::{Duration, Instant};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    match words.get(1).map(String::as_str) {
        Some("words") => println!("{}", words.join("|")),
        Some("env") => {
            let mut all: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
            all.sort();
            println!("{}", all.join("|"));
        }
        Some("copy") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).expect("stdin");
            print!("{}", text.to_uppercase());
        }
        Some("read") => match std::fs::read_to_string(&words[2]) {
            Ok(text) => print!("{text}"),
            Err(error) => {
                eprintln!("{error}");
                std::process::exit(5);
            }
        },
        Some("write") => std::fs::write(&words[2], &words[3]).expect("write"),
        Some("exit") => std::process::exit(words[2].parse().expect("a number")),
        Some("sleep") => {
            let begun = Instant::now();
            std::thread::sleep(Duration::from_millis(words[2].parse().expect("a number")));
            println!("{}", begun.elapsed().as_millis() >= words[2].parse().expect("a number"));
        }
        Some("spin") => loop {
            std::hint::spin_loop();
        },
        Some("fill") => {
            let mut all = Vec::new();
            loop {
                all.push(vec![1u8; 1 << 20]);
            }
        }
        Some("panic") => panic!("as it was told"),
        _ => {
            std::io::stdout().write_all(b"nothing to do\n").expect("stdout");
        }
    }
}
