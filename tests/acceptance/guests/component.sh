#!/bin/sh
# component.sh <package> <output> [p1|p2]: builds one of these packages in Rust, as a component. Called by each build.sh.
# Needs Rust 1.95.0 with `rustup target add wasm32-unknown-unknown wasm32-wasip1 wasm32-wasip2`, and from crates.io
# `cargo install wasm-tools@1.263.0`; for p1, Node with npm.
#   without a word: nothing of WASI but what its .wit says
#   p1: with the standard library on preview 1, below the official adapter of jco 1.13.0 (interfaces of 0.2.3)
#   p2: with the standard library on preview 2 (interfaces of 0.2.6)
set -eu
package=$1
output=$2
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# Without the places in the sources that panics would name: they are paths of whoever builds.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zlocation-detail=none
build() {
  cargo build --locked --release --package "$package" --target "$1"
  built="$CARGO_TARGET_DIR/$1/release/$(echo "$package" | tr - _).wasm"
}
case ${3:-} in
  p1)
    build wasm32-wasip1
    npx -y @bytecodealliance/jco@1.13.0 new --wasi-reactor "$built" -o "$output"
    ;;
  p2)
    build wasm32-wasip2
    cp "$built" "$output"
    ;;
  *)
    build wasm32-unknown-unknown
    wasm-tools component new "$built" -o "$output"
    ;;
esac
sha256sum "$output"
