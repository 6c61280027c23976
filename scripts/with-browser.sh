#!/usr/bin/env bash
# with-browser.sh COMMAND…: run it with GUIXIAO_BROWSER pointing at Chromium.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
browser="${GUIXIAO_BROWSER:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
[ -n "$browser" ] || { unavailable "no Chromium, so no browser journey was run (Debian: chromium)"; exit 0; }
GUIXIAO_BROWSER="$browser" exec "$@"
