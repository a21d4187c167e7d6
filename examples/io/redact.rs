//! Copies its input to its output, a line at a time, with the e-mail addresses masked.

use std::io::{stdin, stdout, Write};

fn main() {
    let mut output = stdout().lock();
    for line in stdin().lines() {
        let words: Vec<_> = line.expect("input is text").split(' ').map(masked).collect();
        writeln!(output, "{}", words.join(" ")).expect("output takes it");
    }
}

/// `<ada@example.org>,` → `<***@example.org>,`
fn masked(word: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    match word.split_once('@') {
        Some((name, rest)) if name.ends_with(is_part) && rest.starts_with(is_part) => {
            format!("{}***@{rest}", name.trim_end_matches(is_part))
        }
        _ => word.to_string(),
    }
}
