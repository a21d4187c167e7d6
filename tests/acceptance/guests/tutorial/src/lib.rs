//! What one writes on the first day, with the standard library and nothing else.

use std::fs::{self, DirEntry};
use std::io;

wit_bindgen::generate!({ path: "tutorial.wit", world: "demo" });

struct Demo;
export!(Demo);

fn line(entry: io::Result<DirEntry>) -> io::Result<(String, String)> {
    let entry = entry?;
    let name = entry.file_name().to_string_lossy().into_owned();
    let meta = entry.metadata()?;
    let kind = if meta.is_dir() { "dir" } else { "file" };
    Ok((name.clone(), format!("{kind:<6} {:>8}  {name}\n", meta.len())))
}

fn list(path: &str) -> io::Result<String> {
    let mut lines = fs::read_dir(path)?.map(line).collect::<io::Result<Vec<_>>>()?;
    lines.sort();
    Ok(lines.into_iter().map(|(_, text)| text).collect())
}

impl Guest for Demo {
    fn greet(name: String) -> String {
        format!("Hello, {name}!")
    }

    fn add(a: i32, b: i32) -> i32 {
        a.wrapping_add(b)
    }

    fn fibonacci(n: u32) -> u64 {
        (0..n).fold((0, 1u64), |(a, b), _| (b, a.wrapping_add(b))).0
    }

    fn list_files(path: String) -> String {
        list(&path).unwrap_or_else(|error| format!("cannot read {path}: {error}\n"))
    }
}
