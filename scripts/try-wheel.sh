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

port=${PORT:-$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
say "guixiao demo --prepare"; guixiao demo --prepare
say "guixiao demo --port $port"; guixiao demo --port "$port" >"$home/log" 2>&1 & server=$!
python - "$port" <<'PY' || { cat "$home/log" >&2; exit 1; }
import re, sys, time, urllib.error, urllib.parse, urllib.request
root = f"http://127.0.0.1:{sys.argv[1]}"
for _ in range(120):
    try:
        with urllib.request.urlopen(root, timeout=5) as answer:
            page, address = answer.read().decode(), answer.url
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.5)
else:
    sys.exit("nothing answered in a minute")
assert "password" in page, f"{address} is not the sign-in page"
assets = sorted(set(re.findall(r'(?:href|src)="([^"]+\.(?:css|js))"', page)))
assert assets, "the sign-in page names no style and no script"
for asset in assets:
    with urllib.request.urlopen(urllib.parse.urljoin(address, asset), timeout=5) as answer:
        assert answer.status == 200
print(f"{address} answers with the sign-in page; {len(assets)} assets served")
PY
