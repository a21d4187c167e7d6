#!/bin/sh
# Builds service.wasm: JavaScript, with the SpiderMonkey engine inside, which is why it is 12 MB. The WIT of WASI is that
# of tests/guests. Needs Node with npm.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp service.wit ../../tests/guests/wasi.wit ../../tests/guests/network.wit "$tmp"
npx -y -p @bytecodealliance/jco@1.13.0 -p @bytecodealliance/componentize-js@0.18.5 -- \
  jco componentize service.js --wit "$tmp" --world-name service -o service.wasm
sha256sum service.wasm # app.yaml names this hash
