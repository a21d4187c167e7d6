//! digest <from> <to>: counts the words of every file in one directory, and writes a table of them into another.

use std::{env, error::Error, fs, process::ExitCode};

fn main() -> ExitCode {
    match digest() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn digest() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = env::args().collect();
    let [_, from, to] = &words[..] else { return Err("usage: digest <from> <to>".into()) };
    let mut paths = fs::read_dir(from)
        .and_then(|files| files.map(|file| Ok(file?.path())).collect::<Result<Vec<_>, _>>())
        .map_err(|error| format!("cannot read {from}: {error}"))?;
    paths.sort();
    let mut table = String::new();
    for path in paths {
        let text =
            fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        table += &format!("{:>6}  {}\n", text.split_whitespace().count(), path.display());
    }
    fs::write(format!("{to}/digest.txt"), &table)
        .map_err(|error| format!("cannot write {to}/digest.txt: {error}"))?;
    print!("{table}");
    Ok(())
}
