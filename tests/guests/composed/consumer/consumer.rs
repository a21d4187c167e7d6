//! Does everything by way of the store.

wit_bindgen::generate!({ path: "../composed.wit", world: "consumer" });

use exports::test::composed::app;
use test::composed::store::{self, Item};

struct Consumer;
export!(Consumer);

impl app::Guest for Consumer {
    fn run(name: String, ms: u32) -> String {
        let item = Item::new(&name);
        item.nap(ms);
        item.name()
    }

    fn make(name: String) -> Item {
        Item::new(&name)
    }

    fn describe(it: &Item) -> String {
        store::names(&[it, it])
    }

    fn discard(it: Item) -> String {
        store::take(it)
    }

    fn find(name: String) -> Result<Item, String> {
        store::find(&name)
    }

    fn churn(count: u32) -> u32 {
        for index in 0..count {
            drop(Item::new(&index.to_string()));
        }
        store::alive()
    }

    fn add(a: u32, b: u32) -> u32 {
        store::add(a, b)
    }

    fn trap() {
        store::trap()
    }
}
