//! A store of items that can sleep.

use std::cell::Cell;

wit_bindgen::generate!({ path: "../composed.wit", world: "provider", generate_all });

use exports::test::composed::store::{self, ItemBorrow};
use wasi::clocks::monotonic_clock::{now, subscribe_duration};

struct Provider;
export!(Provider);

thread_local! {
    static ALIVE: Cell<u32> = const { Cell::new(0) };
}

struct Item(String);

impl Drop for Item {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

impl store::GuestItem for Item {
    fn new(name: String) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Item(name)
    }

    fn name(&self) -> String {
        self.0.clone()
    }

    fn nap(&self, ms: u32) -> u64 {
        let start = now();
        subscribe_duration(u64::from(ms) * 1_000_000).block();
        (now() - start) / 1_000_000
    }
}

impl store::Guest for Provider {
    type Item = Item;

    fn alive() -> u32 {
        ALIVE.get()
    }

    fn take(it: store::Item) -> String {
        it.get::<Item>().0.clone()
    }

    fn names(of: Vec<ItemBorrow>) -> String {
        of.iter().map(|it| it.get::<Item>().0.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn find(name: String) -> Result<store::Item, String> {
        if name.is_empty() {
            return Err("no name".to_string());
        }
        Ok(store::Item::new(<Item as store::GuestItem>::new(name)))
    }

    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn trap() {
        core::arch::wasm32::unreachable()
    }
}
