// What programs in Rust do with preview 1, through its standard library. Every line is checked.
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

fn main() -> io::Result<()> {
    println!("args: {:?}", std::env::args().collect::<Vec<_>>());
    println!("env: {:?}", std::env::var("GREETING"));
    for line in io::stdin().lock().lines() {
        println!("stdin: {}", line?);
    }

    fs::write("/data/notes", "first\nsecond\n")?;
    OpenOptions::new().append(true).open("/data/notes")?.write_all(b"third\n")?;
    println!("notes: {:?}", fs::read_to_string("/data/notes")?);
    let mut file = OpenOptions::new().read(true).write(true).open("/data/notes")?;
    println!("seek: {}", file.seek(SeekFrom::End(-6))?);
    let mut rest = String::new();
    file.read_to_string(&mut rest)?;
    println!("rest: {rest:?}");
    file.set_len(5)?;
    file.sync_all()?;
    println!("len: {}", file.metadata()?.len());
    drop(file);
    println!("new: {:?}", File::create_new("/data/notes").map_err(|e| e.kind()).err());

    fs::create_dir_all("/data/a/b/c")?;
    fs::copy("/data/notes", "/data/a/copy")?;
    fs::hard_link("/data/notes", "/data/a/b/hard")?;
    fs::rename("/data/a/copy", "/data/a/b/moved")?;
    let mut names: Vec<_> = fs::read_dir("/data/a/b")?
        .map(|entry| entry.and_then(|e| Ok((e.file_name(), e.file_type()?.is_dir()))))
        .collect::<Result<_, _>>()?;
    names.sort();
    println!("names: {names:?}");
    for path in ["/data/none", "/data/../etc/passwd", "/etc/passwd", "/data/a"] {
        println!("{path}: {:?}", fs::read(path).map_err(|e| e.kind()).err());
    }
    println!("rmdir: {:?}", fs::remove_dir("/data/a").map_err(|e| e.kind()).err());
    fs::remove_dir_all("/data/a")?;
    println!("exists: {}", fs::exists("/data/a")?);

    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(2));
    println!("slept: {}", start.elapsed() >= Duration::from_millis(2));
    println!("now: {}", SystemTime::now() > SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000));
    let mut map = HashMap::new();
    map.insert("key", 1);
    println!("map: {:?}", map.get("key"));
    eprintln!("done");
    std::process::exit(7)
}
