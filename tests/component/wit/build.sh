#!/bin/sh
# Builds the components here, and beside each what `wasm-tools component wit` (1.263.0) prints for it. Golden
# texts of what wasm-tools refuses (beyond) are our own. Needs wasm-tools and, as $WASI, a checkout of
# https://github.com/WebAssembly/WASI at tag v0.2.9.
set -eu
cd "$(dirname "$0")"
golden() { wasm-tools component wit "$1.wasm" > "$1.wit.golden"; }

wasm-tools component wit documented.wit --wasm -o documented.wasm && golden documented
wasm-tools parse beyond.wat -o beyond.wasm

scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
# world NAME PROPOSAL WORLD: a component of that world whose functions all trap.
world() {
  mkdir -p "$scratch/$1/deps"
  cp "$WASI/proposals/$2"/wit/*.wit "$scratch/$1"
  for dependency in cli clocks filesystem http io random sockets; do
    [ "$dependency" = "$2" ] || cp -r "$WASI/proposals/$dependency/wit" "$scratch/$1/deps/$dependency"
  done
  wasm-tools component embed --dummy --world "$3" "$scratch/$1" -o "$scratch/$1.core.wasm"
  wasm-tools component new "$scratch/$1.core.wasm" -o "$1.wasm"
  golden "$1"
}
world wasi_http_proxy http proxy
world wasi_cli_command cli command
