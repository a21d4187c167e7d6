//! Sleeps: every way in which a guest suspends on `wasi:io/poll`.

use std::cell::Cell;

wit_bindgen::generate!({ path: "sleeper.wit", world: "sleeper", generate_all });

use exports::test_sleep;
use wasi::clocks::monotonic_clock::{now, subscribe_duration};
use wasi::io::poll::{poll, Pollable};

struct Sleeper;
export!(Sleeper);

thread_local! {
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    static MOST: Cell<u32> = const { Cell::new(0) };
}

const MS: u64 = 1_000_000;

fn timer(ms: u32) -> Pollable {
    subscribe_duration(u64::from(ms) * MS)
}

fn sleep(ms: u32) {
    INSIDE.set(INSIDE.get() + 1);
    MOST.set(MOST.get().max(INSIDE.get()));
    timer(ms).block();
    INSIDE.set(INSIDE.get() - 1);
}

impl test_sleep::Guest for Sleeper {
    fn sleep_ms(ms: u32) -> u64 {
        let start = now();
        sleep(ms);
        (now() - start) / MS
    }

    fn work_with_sleep(iterations: u32, sleep_per_iter_ms: u32) -> u64 {
        let start = now();
        for _ in 0..iterations {
            let mut work = 1u32;
            for step in 0..10_000 {
                work = std::hint::black_box(work.wrapping_mul(31).wrapping_add(step));
            }
            sleep(sleep_per_iter_ms);
        }
        (now() - start) / MS
    }
}

impl Guest for Sleeper {
    fn race(ms: Vec<u32>) -> Vec<u32> {
        let timers: Vec<Pollable> = ms.into_iter().map(timer).collect();
        let mut waiting: Vec<usize> = (0..timers.len()).collect();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let pollables: Vec<&Pollable> = waiting.iter().map(|&index| &timers[index]).collect();
            let ready = poll(&pollables);
            order.extend(ready.iter().map(|&at| waiting[at as usize] as u32));
            waiting.retain(|&index| !order.contains(&(index as u32)));
        }
        order
    }

    fn greet_after(name: String, ms: u32) -> String {
        sleep(ms);
        format!("Hello, {name}!")
    }

    fn fail_after(ms: u32, fail: Option<String>) -> Result<u32, String> {
        sleep(ms);
        fail.map_or(Ok(ms), Err)
    }

    fn trap_after(ms: u32) {
        sleep(ms);
        core::arch::wasm32::unreachable()
    }

    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn most_at_once() -> u32 {
        MOST.get()
    }
}
