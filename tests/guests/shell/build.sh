#!/bin/sh
# Builds shell.wasm: C, compiled to a WASI preview 1 core module, made a component by the official adapter.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32; Node with npm.
set -eu
cd "$(dirname "$0")"
jco="npx -y @bytecodealliance/jco@1.13.0"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/core"
clang-19 --target=wasm32-wasi -Os -Wall -Wextra -Wl,--strip-debug -o "$tmp/core/shell.wasm" shell.c
$jco embed --wit shell.wit --world-name shell "$tmp/core/shell.wasm" -o "$tmp/shell.wasm"
$jco new --wasi-command "$tmp/shell.wasm" -o shell.wasm
sha256sum shell.wasm
