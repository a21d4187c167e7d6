//! Requests, one after the other, and how many a second they were.
//!
//! http-client <authority> <requests>
use std::time::Instant;
use wasi::{
    http::{
        outgoing_handler::handle,
        types::{Fields, IncomingBody, Method, OutgoingRequest, Scheme},
    },
    io::streams::StreamError,
};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let authority = &words[1];
    let requests: u32 = words[2].parse().expect("a number of requests");
    // Some before the clock runs: hosts connect and compile on first use.
    for _ in 0..requests / 10 {
        get(authority);
    }
    let from = Instant::now();
    for _ in 0..requests {
        get(authority);
    }
    println!("{}", f64::from(requests) / from.elapsed().as_secs_f64());
}

/// One GET, its body read to the end: `hello, world` and a line's end.
fn get(authority: &str) {
    let request = OutgoingRequest::new(Fields::new());
    request.set_method(&Method::Get).expect("a method");
    request.set_scheme(Some(&Scheme::Http)).expect("a scheme");
    request
        .set_authority(Some(authority))
        .expect("an authority");
    request.set_path_with_query(Some("/hello")).expect("a path");
    let coming = handle(request, None).expect("it may be sent");
    let ready = coming.subscribe();
    ready.block();
    drop(ready);
    let response = coming
        .get()
        .expect("it is there")
        .expect("it is got once")
        .expect("it came");
    drop(coming);
    assert_eq!(response.status(), 200);
    let body = response.consume().expect("it is consumed once");
    let stream = body.stream().expect("it is read once");
    let mut length = 0;
    loop {
        match stream.blocking_read(1 << 16) {
            Ok(bytes) => length += bytes.len(),
            Err(StreamError::Closed) => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(length, "hello, world\n".len());
    drop(stream);
    drop(IncomingBody::finish(body));
}
