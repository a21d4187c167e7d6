#!/bin/sh
# Builds gaps.wasm (Rust). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh gaps "$PWD/../../app/src/test/gaps/gaps.wasm"
