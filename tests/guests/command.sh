#!/bin/sh
# Builds the C programs of this folder, or those named: <name>/<name>.c, compiled to a WASI preview 1 core module and
# made a component by the official adapter. What libc cannot reach stands in <name>/<name>.wit.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32; Node with npm;
# for a .wit, from crates.io `cargo install wit-bindgen-cli@0.63.0`.
set -eu
cd "$(dirname "$0")"
jco="npx -y @bytecodealliance/jco@1.13.0"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
[ $# -gt 0 ] || set -- clocks descriptors directory escape file http_client hungry links lookup open paths process race random \
  readonly stat streams tcp udp wait
for name in "$@"; do
  bindings=
  if [ -f "$name/$name.wit" ]; then
    mkdir -p "$tmp/$name/wit"
    cp wasi.wit network.wit "$name/$name.wit" "$tmp/$name/wit"
    wit-bindgen c "$tmp/$name/wit" --out-dir "$tmp/$name" > "$tmp/log" || { cat "$tmp/log"; exit 1; }
    bindings="command.c $tmp/$name/*.c $tmp/$name/*.o"
  fi
  # shellcheck disable=SC2086 -- several files, or none
  clang-19 --target=wasm32-wasi -Os -Wall -Wextra -I"$tmp/$name" -I. -Wl,--strip-debug -o "$tmp/$name.wasm" "$name/$name.c" $bindings
  $jco new --wasi-command "$tmp/$name.wasm" -o "$name/$name.wasm"
done
sha256sum */*.wasm | grep -E "$(echo "$*" | tr ' ' '|')"
