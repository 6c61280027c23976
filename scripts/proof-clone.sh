#!/usr/bin/env bash
# A fresh clone with nothing built: the demo is built and serves; with ARGS=test the whole test run follows.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
home=$(mktemp -d) server=
cleanup() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$home"; }
trap cleanup EXIT
git clone --quiet . "$home/clone"
cd "$home/clone"
[ ! -e .venv ] && [ ! -e node_modules ] || { echo "the clone is not bare" >&2; exit 1; }
port=$(free_port "${PYTHON:-python3}")
say "make demo, from nothing"; began=$SECONDS
make demo ARGS=--prepare
echo "   built in $((SECONDS - began)) s"
.venv/bin/guixiao demo --port "$port" >"$home/log" 2>&1 & server=$!
.venv/bin/python scripts/knock.py "$port" || { cat "$home/log" >&2; exit 1; }
[ "${1:-}" != test ] || make test
