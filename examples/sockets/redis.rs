//! redis <host:port> <command…>: says one command to a Redis server, and prints the reply as it comes.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::{env, net::TcpStream, process::ExitCode};

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    let [address, command @ ..] = &words[..] else { return ExitCode::from(2) };
    match ask(address, command) {
        Ok(reply) => {
            println!("{reply}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{address}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask(address: &str, command: &[String]) -> Result<String> {
    let mut connection = TcpStream::connect(address)?;
    let mut request = format!("*{}\r\n", command.len());
    for word in command {
        request += &format!("${}\r\n{word}\r\n", word.len());
    }
    connection.write_all(request.as_bytes())?;
    let mut replies = BufReader::new(connection);
    let mut line = String::new();
    replies.read_line(&mut line)?;
    // `$5` is a string of so many bytes; other replies are one line.
    let Some(length) = line.strip_prefix('$').and_then(|length| length.trim().parse().ok()) else {
        return Ok(line.trim_end().to_string());
    };
    let mut value = vec![0; length];
    replies.read_exact(&mut value)?;
    Ok(String::from_utf8_lossy(&value).into_owned())
}
