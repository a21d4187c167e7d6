//! Echoes every kind of value, and does what only a guest can: grow memory, trap, spin.

use std::cell::Cell;

wit_bindgen::generate!({ path: "kinds.wit", world: "kinds" });

use exports::test::kinds::{echo::*, work};

struct Kinds;
export!(Kinds);

macro_rules! echoes {
    ($($name:ident: $type:ty,)*) => { $(fn $name(v: $type) -> $type { v })* };
}

impl exports::test::kinds::echo::Guest for Kinds {
    echoes! {
        echo_bool: bool,
        echo_s8: i8,
        echo_u8: u8,
        echo_s16: i16,
        echo_u16: u16,
        echo_s32: i32,
        echo_u32: u32,
        echo_s64: i64,
        echo_u64: u64,
        echo_f32: f32,
        echo_f64: f64,
        echo_char: char,
        echo_string: String,
        echo_padded: Padded,
        echo_one: One,
        echo_person: Person,
        echo_nested: Nested,
        echo_wide: Wide,
        echo_mixed: Mixed,
        echo_words: Words,
        echo_doubles: Doubles,
        echo_bare: Bare,
        echo_nest: Nest,
        echo_many: Many,
        echo_color: Color,
        echo_single: Single,
        echo_big: Big,
        echo_flags1: Flags1,
        echo_flags8: Flags8,
        echo_flags9: Flags9,
        echo_flags16: Flags16,
        echo_flags17: Flags17,
        echo_flags32: Flags32,
        echo_option_bool: Option<bool>,
        echo_option_u8: Option<u8>,
        echo_option_u64: Option<u64>,
        echo_option_f32: Option<f32>,
        echo_option_string: Option<String>,
        echo_option_list: Option<Vec<u16>>,
        echo_option_person: Option<Person>,
        echo_option_option: Option<Option<u32>>,
        echo_option_option_option: Option<Option<Option<String>>>,
        echo_option_result: Option<Result<u32, String>>,
        echo_result: Result<u32, String>,
        echo_result_ok: Result<String, ()>,
        echo_result_err: Result<(), f64>,
        echo_result_none: Result<(), ()>,
        echo_result_mixed: Result<f32, u64>,
        echo_result_record: Result<Person, Mixed>,
        echo_result_result: Result<Option<String>, Result<u8, Color>>,
        echo_list_result: Vec<Result<u8, String>>,
        echo_tuple1: (u8,),
        echo_tuple2: (String, i64),
        echo_tuple5: (bool, f32, char, Vec<u8>, Color),
        echo_tuple_nested: ((u8, u64), ((f32,),)),
        echo_list_bool: Vec<bool>,
        echo_list_s8: Vec<i8>,
        echo_list_u8: Vec<u8>,
        echo_list_s16: Vec<i16>,
        echo_list_u16: Vec<u16>,
        echo_list_s32: Vec<i32>,
        echo_list_u32: Vec<u32>,
        echo_list_s64: Vec<i64>,
        echo_list_u64: Vec<u64>,
        echo_list_f32: Vec<f32>,
        echo_list_f64: Vec<f64>,
        echo_list_char: Vec<char>,
        echo_list_string: Vec<String>,
        echo_list_list_u8: Vec<Vec<u8>>,
        echo_list_list_string: Vec<Vec<String>>,
        echo_list_option: Vec<Option<u64>>,
        echo_list_tuple: Vec<(u8, u32, String)>,
        echo_list_padded: Vec<Padded>,
        echo_list_person: Vec<Person>,
        echo_list_mixed: Vec<Mixed>,
        echo_list_many: Vec<Many>,
        echo_list_color: Vec<Color>,
        echo_list_big: Vec<Big>,
        echo_list_flags9: Vec<Flags9>,
        echo_list_flags32: Vec<Flags32>,
        echo_alias: WordsAlias,
    }

    fn nothing() {}

    #[rustfmt::skip]
    fn sixteen(
        a: u8, b: u16, c: u32, d: u64, e: i8, f: i16, g: i32, h: i64,
        i: f32, j: f64, k: bool, l: char, m: u8, n: u64, o: f32, p: f64,
    ) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n} {o} {p}")
    }

    #[rustfmt::skip]
    fn seventeen(
        a: u8, b: u16, c: u32, d: u64, e: i8, f: i16, g: i32, h: i64,
        i: f32, j: f64, k: bool, l: char, m: u8, n: u64, o: f32, p: f64, q: u8,
    ) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n} {o} {p} {q}")
    }

    #[rustfmt::skip]
    fn strings(
        a: String, b: String, c: String, d: String, e: String, f: String, g: String, h: String, i: String,
    ) -> Vec<String> {
        vec![a, b, c, d, e, f, g, h, i]
    }
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

impl work::Guest for Kinds {
    fn repeat(text: String, times: u32) -> String {
        text.repeat(times as usize)
    }

    fn sum(bytes: Vec<u8>) -> u64 {
        bytes.iter().map(|&byte| u64::from(byte)).sum()
    }

    fn bytes(count: u32) -> Vec<u8> {
        (0..count).map(|index| index as u8).collect()
    }

    fn grow(pages: u32) -> i32 {
        core::arch::wasm32::memory_grow(0, pages as usize) as i32
    }

    fn calls() -> u32 {
        CALLS.replace(CALLS.get() + 1)
    }

    fn trap() {
        core::arch::wasm32::unreachable()
    }

    fn spin() {
        loop {
            std::hint::black_box(());
        }
    }
}
