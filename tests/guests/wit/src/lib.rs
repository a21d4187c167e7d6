//! A component of the world `full` whose every export is `unreachable!()`: what counts is how its types are written.

wit_bindgen::generate!({ path: "full.wit", world: "full", generate_all, stubs });
