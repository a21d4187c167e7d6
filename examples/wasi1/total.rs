//! total <file.csv> <column>: adds up a column. A program that knows nothing of components.

use std::{env, error::Error, fs, process::ExitCode};

fn main() -> ExitCode {
    match total() {
        Ok(sum) => {
            println!("{sum}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn total() -> Result<f64, Box<dyn Error>> {
    let words: Vec<_> = env::args().collect();
    let [_, file, column] = &words[..] else { return Err("usage: total <file.csv> <column>".into()) };
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let mut rows = text.lines().map(|line| line.split(','));
    let place =
        rows.next().and_then(|mut names| names.position(|name| name == column)).ok_or("no such column")?;
    let mut sum = 0.0;
    for mut row in rows {
        sum += row.nth(place).ok_or("a row is too short")?.parse::<f64>()?;
    }
    Ok(sum)
}
