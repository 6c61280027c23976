#!/usr/bin/env bash
# The pictures of the read-me, taken anew from the demo: docs/screens/. DEMO_HOME=folder uses a copy of a prepared
# demo; without it one is built.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
home=$(mktemp -d) server=
cleanup() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$home"; }
trap cleanup EXIT
browser="${GUIXIAO_BROWSER:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
[ -n "$browser" ] || { unavailable "no Chromium, so no pictures were taken (Debian: chromium)"; exit 0; }
export GUIXIAO_HOME="$home/var" GUIXIAO_DEMO=1 GUIXIAO_HTTPS=0
if [ -n "${DEMO_HOME:-}" ]; then cp -a "$DEMO_HOME" "$GUIXIAO_HOME"; else say "a demo"; "$BIN/guixiao" demo --prepare; fi
"$BIN/python" scripts/screens.py stand
port=$(free_port "$BIN/python")
"$BIN/python" -m guixiao serve --port "$port" >"$home/log" 2>&1 & server=$!
"$BIN/python" scripts/knock.py "$port" || { cat "$home/log" >&2; exit 1; }
say "pictures"
GUIXIAO_BROWSER="$browser" "$BIN/python" scripts/screens.py "$port"
