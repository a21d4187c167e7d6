//! title <url>: fetches a page, and prints its title.

use std::{env, process::ExitCode};
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{Fields, IncomingResponse, OutgoingRequest, Scheme};
use wasip2::io::streams::StreamError;

fn main() -> ExitCode {
    let url = env::args().nth(1).unwrap_or_default();
    match fetch(&url) {
        Ok(page) => {
            println!("{}", title(&page).unwrap_or("(no title)"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{url}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fetch(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").ok_or("no URL")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
    let request = OutgoingRequest::new(Fields::new());
    request.set_scheme(Some(&scheme)).map_err(|()| "not a scheme")?;
    request.set_authority(Some(authority)).map_err(|()| "not an authority")?;
    request.set_path_with_query(Some(path)).map_err(|()| "not a path")?;
    let response = handle(request, None).map_err(|code| code.to_string())?;
    response.subscribe().block();
    let arrived = response.get().expect("it is ready").expect("it was not taken before");
    contents(arrived.map_err(|code| code.to_string())?)
}

fn contents(response: IncomingResponse) -> Result<String, String> {
    if response.status() != 200 {
        return Err(format!("status {}", response.status()));
    }
    let body = response.consume().expect("it was not taken before");
    let stream = body.stream().expect("it was not taken before");
    let mut page = Vec::new();
    // A title stands in the first megabyte.
    while page.len() < 1 << 20 {
        match stream.blocking_read(65_536) {
            Ok(part) => page.extend(part),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
        }
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn title(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<title>")?;
    Some(rest.split_once("</title>")?.0.trim())
}
