//! A client of a Redis server: the crate `redis`, as it is, over the `TcpStream` of Rust's library, which is wasi:sockets.
//! Says what it is told and prints what it is answered.

use redis::{Commands, Connection, RedisResult};

/// Everything that a client does with one connection; the keys begin with `prefix`.
fn tour(connection: &mut Connection, prefix: &str) -> RedisResult<()> {
    let key = |name: &str| format!("{prefix}:{name}");
    println!("ping: {}", redis::cmd("PING").query::<String>(connection)?);
    connection.set::<_, _, ()>(key("text"), "grüße")?;
    println!("get: {}", connection.get::<_, String>(key("text"))?);
    println!("nothing: {:?}", connection.get::<_, Option<String>>(key("none"))?);
    println!("incr: {}", connection.incr::<_, _, i64>(key("count"), 41)?);
    println!("incr: {}", connection.incr::<_, _, i64>(key("count"), 1)?);

    // More than any buffer on the way: in both directions, byte for byte.
    let large: Vec<u8> = (0..5_000_000u32).map(|i| (i % 251) as u8).collect();
    connection.set::<_, _, ()>(key("large"), &large[..])?;
    println!("large: {}", connection.get::<_, Vec<u8>>(key("large"))? == large);

    let mut pipe = redis::pipe();
    for i in 0..10_000 {
        pipe.rpush(key("list"), i).ignore();
    }
    pipe.llen(key("list"));
    println!("pipeline: {:?}", pipe.query::<(u64,)>(connection)?);
    println!("range: {:?}", connection.lrange::<_, Vec<u32>>(key("list"), -3, -1)?);

    let (old, new): (i64, i64) = redis::pipe().atomic().get(key("count")).incr(key("count"), 8).query(connection)?;
    println!("transaction: {old} {new}");
    let mut script = redis::cmd("EVAL");
    script.arg("return {ARGV[1], redis.call('GET', KEYS[1])}").arg(1).arg(key("count")).arg("x");
    println!("script: {:?}", script.query::<Vec<String>>(connection)?);
    let wrong = connection.incr::<_, _, i64>(key("text"), 1).unwrap_err();
    println!("error: {}", wrong.detail().unwrap_or("?"));
    println!("keys: {}", connection.scan_match::<_, String>(key("*"))?.count());
    Ok(())
}

/// Waits for a message on one connection that it sends on another.
fn channel(client: &redis::Client, name: &str) -> RedisResult<()> {
    let (mut listener, mut speaker) = (client.get_connection()?, client.get_connection()?);
    let mut listening = listener.as_pubsub();
    listening.subscribe(name)?;
    println!("heard by {}", speaker.publish::<_, _, u64>(name, "hello")?);
    println!("message: {}", listening.get_message()?.get_payload::<String>()?);
    Ok(())
}

fn run(url: &str, prefix: &str) -> RedisResult<()> {
    let client = redis::Client::open(url)?;
    tour(&mut client.get_connection()?, prefix)?;
    channel(&client, prefix)
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let Err(error) = run(&words[1], &words[2]) {
        println!("failed: {error}");
        std::process::exit(1);
    }
}
