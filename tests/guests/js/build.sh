#!/bin/sh
# Builds calculator.wasm: JavaScript, with the SpiderMonkey engine inside, which is why it is 11 MB.
# Needs Node with npm. A newer pair of the two packages fails at this.
set -eu
cd "$(dirname "$0")"
npx -y -p @bytecodealliance/jco@1.13.0 -p @bytecodealliance/componentize-js@0.18.5 -- \
  jco componentize calculator.js --wit calculator.wit --world-name calculator -o calculator.wasm
sha256sum calculator.wasm
