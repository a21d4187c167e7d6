//! What TCP carries: everything sent to an echo server and read back, in MB/s. Not a core module of preview 1, which
//! has no sockets to connect.
//!
//! tcp <address of an echo server> <MiB>
use std::{
    io::{ErrorKind, Read, Result, Write},
    net::TcpStream,
    os::fd::{AsRawFd, RawFd},
    time::Instant,
};

const CHUNK: usize = 1 << 16;
/// One byte in so many tells its place, and is looked at: more would measure the guest's own loop.
const STRIDE: usize = 64;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let bytes = words[2].parse::<usize>().expect("a number of MiB") << 20;
    let mut socket = TcpStream::connect(&words[1]).expect("it connects");
    socket.set_nonblocking(true).expect("it need not block");
    let from = Instant::now();
    through(&mut socket, bytes);
    println!("{}", bytes as f64 / from.elapsed().as_secs_f64() / 1e6);
}

fn byte_at(place: usize) -> u8 {
    (place / STRIDE).wrapping_mul(0x9e37_79b1).to_be_bytes()[0]
}

/// Sends so many bytes and reads them all back, whichever can go on: one that only wrote first would wait for
/// an echo server that waits for it.
fn through(socket: &mut TcpStream, bytes: usize) {
    let (mut out, mut buffer) = (vec![0; CHUNK], vec![0; CHUNK]);
    let (mut sent, mut back) = (0, 0);
    stamp(&mut out, 0);
    while back < bytes {
        let mut moved = false;
        if sent < bytes {
            if let Some(count) = now(socket.write(&out[sent % CHUNK..])) {
                sent += count;
                moved = true;
                if count > 0 && sent % CHUNK == 0 {
                    stamp(&mut out, sent);
                }
            }
        }
        if let Some(count) = now(socket.read(&mut buffer)) {
            assert!(count > 0, "the server ended after {back} bytes");
            check(&buffer[..count], back);
            back += count;
            moved = true;
        }
        if !moved {
            wait(socket.as_raw_fd(), sent < bytes);
        }
    }
    assert_eq!((sent, back), (bytes, bytes));
}

fn stamp(chunk: &mut [u8], from: usize) {
    for at in (0..chunk.len()).step_by(STRIDE) {
        chunk[at] = byte_at(from + at);
    }
}

fn check(bytes: &[u8], from: usize) {
    for at in (from.next_multiple_of(STRIDE) - from..bytes.len()).step_by(STRIDE) {
        assert_eq!(bytes[at], byte_at(from + at), "byte {}", from + at);
    }
}

fn now(result: Result<usize>) -> Option<usize> {
    match result {
        Ok(count) => Some(count),
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        Err(error) => panic!("{error}"),
    }
}

/// `poll.h` of wasi-libc, which std is linked with.
#[repr(C)]
struct PollFd {
    fd: RawFd,
    events: i16,
    revents: i16,
}
const POLLIN: i16 = 1;
const POLLOUT: i16 = 2;
extern "C" {
    fn poll(fds: *mut PollFd, count: usize, timeout_ms: i32) -> i32;
}

fn wait(fd: RawFd, writable: bool) {
    let events = POLLIN | if writable { POLLOUT } else { 0 };
    let mut one = PollFd {
        fd,
        events,
        revents: 0,
    };
    assert_eq!(unsafe { poll(&mut one, 1, -1) }, 1);
}
