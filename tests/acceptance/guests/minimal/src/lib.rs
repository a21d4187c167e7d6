//! Arithmetic, and an import that no host provides.

wit_bindgen::generate!({ path: "minimal.wit", world: "minimal" });

struct Minimal;
export!(Minimal);

impl Guest for Minimal {
    fn compute(a: u32, b: u32) -> u32 {
        a.wrapping_mul(b)
    }

    fn compute_using_host(a: u32, b: u32) -> u32 {
        test::minimal::host::add(a, b)
    }
}
