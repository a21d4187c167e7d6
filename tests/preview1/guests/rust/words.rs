//! A library for no platform at all: strings by `cabi_realloc`, as the canonical ABI has it.
#![crate_type = "cdylib"]

use std::alloc::{alloc, handle_alloc_error, realloc, Layout};

#[no_mangle]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
    if size == 0 {
        return align as *mut u8;
    }
    let layout = Layout::from_size_align_unchecked(size, align);
    let pointer = if old_size == 0 {
        alloc(layout)
    } else {
        realloc(old, Layout::from_size_align_unchecked(old_size, align), size)
    };
    if pointer.is_null() {
        handle_alloc_error(layout);
    }
    pointer
}

/// Where a string is that is returned: the caller reads it, and then gives it back.
#[repr(C)]
pub struct Returned {
    pointer: *mut u8,
    length: usize,
}

unsafe fn text(pointer: *mut u8, length: usize) -> String {
    String::from_utf8(Vec::from_raw_parts(pointer, length, length)).expect("the host sends UTF-8")
}

fn returned(text: String) -> *mut Returned {
    let bytes = text.into_bytes().into_boxed_slice();
    let length = bytes.len();
    let pointer = Box::into_raw(bytes) as *mut u8;
    Box::into_raw(Box::new(Returned { pointer, length }))
}

/// reverse: func(text: string) -> string
#[no_mangle]
unsafe extern "C" fn reverse(pointer: *mut u8, length: usize) -> *mut Returned {
    returned(text(pointer, length).chars().rev().collect())
}

#[no_mangle]
unsafe extern "C" fn cabi_post_reverse(it: *mut Returned) {
    let Returned { pointer, length } = *Box::from_raw(it);
    drop(Vec::from_raw_parts(pointer, length, length));
}

/// shout: func(text: string, times: u32) -> string; it panics where `times` is 0.
#[no_mangle]
unsafe extern "C" fn shout(pointer: *mut u8, length: usize, times: u32) -> *mut Returned {
    assert!(times > 0);
    returned(text(pointer, length).to_uppercase().repeat(times as usize))
}
