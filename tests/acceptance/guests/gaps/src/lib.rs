//! What the other guests leave untried.

use std::cell::Cell;

wit_bindgen::generate!({ path: "gaps.wit", world: "gaps", generate_all });

use wasi::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};
use wasi::{cli, clocks, filesystem, random};

struct Gaps;
export!(Gaps);

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

const MS: u64 = 1_000_000;
/// Of what is read at once.
const AT_MOST: u64 = 65_536;

fn open(path: &str, open: OpenFlags, flags: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    let mounts = filesystem::preopens::get_directories();
    let (directory, _) = mounts.first().ok_or(ErrorCode::NoEntry)?;
    directory.open_at(PathFlags::empty(), path, open, flags)
}

impl Guest for Gaps {
    fn spin() {
        loop {
            std::hint::black_box(());
        }
    }

    fn count() -> u32 {
        COUNT.set(COUNT.get() + 1);
        COUNT.get()
    }

    fn greet_after(name: String, ms: u32) -> String {
        clocks::monotonic_clock::subscribe_duration(u64::from(ms) * MS).block();
        format!("Hello, {name}!")
    }

    fn many(
        a: u8,
        b: i8,
        c: u16,
        d: i16,
        e: u32,
        f: i32,
        g: u64,
        h: i64,
        i: f32,
        j: f64,
        k: bool,
        l: char,
        m: u32,
        n: u32,
        o: u32,
        p: String,
        q: String,
    ) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n} {o} {p} {q}")
    }

    fn echo_account(account: Account) -> Account {
        account
    }

    fn reverse(mut octets: Vec<u8>) -> Vec<u8> {
        octets.reverse();
        octets
    }

    fn measure(text: String) -> Result<u32, String> {
        if text.is_empty() {
            return Err("no text".to_string());
        }
        Ok(text.chars().count() as u32)
    }

    fn status() -> Status {
        Status { ok: true }
    }

    fn nothing() {}

    fn random_bytes(len: u64) -> Vec<u8> {
        random::random::get_random_bytes(len)
    }

    fn arguments() -> Vec<String> {
        cli::environment::get_arguments()
    }

    fn environment() -> Vec<(String, String)> {
        cli::environment::get_environment()
    }

    fn working_directory() -> Option<String> {
        cli::environment::initial_cwd()
    }

    fn leave(well: bool) {
        cli::exit::exit(if well { Ok(()) } else { Err(()) })
    }

    fn mounts() -> Vec<String> {
        filesystem::preopens::get_directories().into_iter().map(|(_, name)| name).collect()
    }

    fn read(path: String) -> Result<String, ErrorCode> {
        let file = open(&path, OpenFlags::empty(), DescriptorFlags::READ)?;
        let (bytes, _) = file.read(AT_MOST, 0)?;
        String::from_utf8(bytes).map_err(|_| ErrorCode::IllegalByteSequence)
    }

    fn create(path: String, text: String) -> Result<(), ErrorCode> {
        let file = open(&path, OpenFlags::CREATE, DescriptorFlags::WRITE)?;
        file.write(text.as_bytes(), 0).map(|_| ())
    }
}
