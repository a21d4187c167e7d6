//! A resource of its own, and what a guest may and may not do with one of its host's.

use std::cell::{Cell, RefCell};
use std::mem::forget;

wit_bindgen::generate!({ path: "resources.wit", world: "resources" });

use exports::test::resources::{counters, driver};
use test::resources::logging::{self, Logger};

struct Resources;
export!(Resources);

thread_local! {
    static ALIVE: Cell<u32> = const { Cell::new(0) };
    static KEPT: RefCell<Option<counters::Counter>> = const { RefCell::new(None) };
}

struct Counter(Cell<u32>);

impl Counter {
    fn handle(value: u32) -> counters::Counter {
        counters::Counter::new(<Counter as counters::GuestCounter>::new(value))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

fn value(it: &counters::Counter) -> u32 {
    it.get::<Counter>().0.get()
}

impl counters::GuestCounter for Counter {
    fn new(start: u32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Counter(Cell::new(start))
    }

    fn increment(&self, by: u32) -> u32 {
        self.0.set(self.0.get().wrapping_add(by));
        self.0.get()
    }

    fn value(&self) -> u32 {
        self.0.get()
    }

    fn copy(&self) -> counters::Counter {
        Counter::handle(self.0.get())
    }

    fn greater(a: counters::CounterBorrow, b: counters::CounterBorrow) -> u32 {
        a.get::<Counter>().0.get().max(b.get::<Counter>().0.get())
    }

    fn merge(a: counters::Counter, b: counters::Counter) -> counters::Counter {
        Counter::handle(value(&a).wrapping_add(value(&b)))
    }

    fn parse(text: String) -> Result<counters::Counter, String> {
        match text.parse() {
            Ok(start) => Ok(Counter::handle(start)),
            Err(_) => Err(format!("not a number: {text}")),
        }
    }
}

impl counters::Guest for Resources {
    type Counter = Counter;

    fn alive() -> u32 {
        ALIVE.get()
    }

    fn consume(it: counters::Counter) -> u32 {
        value(&it)
    }

    fn peek(it: counters::CounterBorrow) -> u32 {
        it.get::<Counter>().0.get()
    }

    fn pass(it: counters::Counter) -> counters::Counter {
        it
    }

    fn maybe(it: Option<counters::Counter>) -> Option<counters::Counter> {
        it
    }

    fn many(count: u32) -> Vec<counters::Counter> {
        (0..count).map(Counter::handle).collect()
    }

    fn sum(of: Vec<counters::CounterBorrow>) -> u32 {
        of.iter().map(|it| it.get::<Counter>().0.get()).fold(0, u32::wrapping_add)
    }

    fn label(label: String, counter: counters::Counter) -> counters::Labelled {
        counters::Labelled { label, counter }
    }

    fn unlabel(it: counters::Labelled) -> (String, counters::Counter) {
        (it.label, it.counter)
    }

    fn keep(it: Option<counters::Counter>) -> Option<counters::Counter> {
        KEPT.replace(it)
    }
}

impl driver::Guest for Resources {
    fn log_all(prefix: String, lines: Vec<String>) -> Vec<String> {
        let logger = Logger::new(&prefix);
        for line in &lines {
            logger.log(line);
        }
        logger.lines()
    }

    fn log_root(line: String) -> u32 {
        Logger::root().log(&line)
    }

    fn log_to(it: &Logger, line: String) -> u32 {
        it.log(&line)
    }

    fn make(prefix: String) -> Logger {
        Logger::new(&prefix)
    }

    fn relay(it: Logger, line: String) -> Logger {
        it.log(&line);
        it
    }

    fn close_new(prefix: String, line: String) -> Vec<String> {
        let logger = Logger::new(&prefix);
        logger.log(&line);
        logging::close(logger)
    }

    fn compare_new(lines: u32) -> u32 {
        let (a, b) = (Logger::new("a"), Logger::new("b"));
        for _ in 0..lines {
            b.log("more");
        }
        logging::compare(&a, &b)
    }

    fn open(name: String) -> Result<u32, String> {
        logging::open(&name).map(|logger| logger.log("opened"))
    }

    fn log_counter(to: &Logger, it: driver::CounterBorrow) -> u32 {
        to.log(&it.get::<Counter>().0.get().to_string())
    }

    fn keep_borrowed(it: &Logger) {
        it.log("kept");
        it.take_handle(); // so that the bindings do not drop it at the end
    }

    fn drop_twice() {
        let logger = Logger::new("twice");
        let handle = logger.handle();
        drop(logger);
        drop(unsafe { Logger::from_handle(handle) });
    }

    fn use_dropped() {
        let logger = Logger::new("dropped");
        let handle = logger.handle();
        drop(logger);
        let logger = unsafe { Logger::from_handle(handle) };
        logger.log("still here");
        forget(logger);
    }

    fn use_unknown(handle: u32) {
        let logger = unsafe { Logger::from_handle(handle) };
        logger.log("not mine");
        forget(logger);
    }
}
