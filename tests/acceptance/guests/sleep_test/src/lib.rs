//! Sleeps by blocking on timers.

wit_bindgen::generate!({ path: "sleep_test.wit", world: "sleep-test", generate_all });

use exports::test_sleep;
use wasi::clocks::monotonic_clock::{now, subscribe_duration};

struct SleepTest;
export!(SleepTest);

const MS: u64 = 1_000_000;

fn sleep(ms: u32) {
    subscribe_duration(u64::from(ms) * MS).block();
}

impl test_sleep::Guest for SleepTest {
    fn sleep_ms(ms: u32) -> u64 {
        let start = now();
        sleep(ms);
        (now() - start) / MS
    }

    fn work_with_sleep(iterations: u32, sleep_per_iter_ms: u32) -> u64 {
        let start = now();
        for _ in 0..iterations {
            let work = (0..10_000u32).fold(1u32, |sum, step| sum.wrapping_mul(31).wrapping_add(step));
            std::hint::black_box(work);
            sleep(sleep_per_iter_ms);
        }
        (now() - start) / MS
    }
}
