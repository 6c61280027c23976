#!/usr/bin/env bash
# Proof: the wheel installs in a bare venv, no Node on PATH, away from the clone, and `guixiao demo` serves from it.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
scripts/wheel.sh
root=$PWD wheel=$(ls dist/guixiao-*.whl) home=$(mktemp -d) server=
wheel=$root/$wheel
cleanup() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$home"; }
trap cleanup EXIT

"${PYTHON:-python3}" -m venv "$home/venv"
"$BIN/uv" pip install --quiet --python "$home/venv/bin/python" --require-hashes -r requirements/base.txt
"$BIN/uv" pip install --quiet --python "$home/venv/bin/python" --no-deps "$wheel"
mkdir "$home/empty" && cd "$home/empty"
export PATH="$home/venv/bin:/usr/bin:/bin" HOME="$home"
mkdir "$home/no-node"  # a Node that refuses, in case the system's own folder holds one
printf '#!/bin/sh\necho "the wheel called $0" >&2; exit 97\n' >"$home/no-node/node"
chmod +x "$home/no-node/node"; cp "$home/no-node/node" "$home/no-node/npm"
export PATH="$home/no-node:$PATH"

port=$(free_port python)
say "guixiao demo --prepare"; guixiao demo --prepare
say "guixiao demo --port $port"; guixiao demo --port "$port" >"$home/log" 2>&1 & server=$!
python "$root/scripts/knock.py" "$port" || { cat "$home/log" >&2; exit 1; }
