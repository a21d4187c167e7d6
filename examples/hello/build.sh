#!/bin/sh
# Builds hello.wasm: C, compiled to a WASI preview 1 core module, made a component by the official adapter.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32; Node with npm.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
clang-19 --target=wasm32-wasi -Os -Wall -Wextra -Wl,--strip-debug -o "$tmp/hello.wasm" hello.c
npx -y @bytecodealliance/jco@1.13.0 new --wasi-command "$tmp/hello.wasm" -o hello.wasm
sha256sum hello.wasm # app.yaml names this hash
