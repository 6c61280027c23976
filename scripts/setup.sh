#!/usr/bin/env bash
# Everything the product needs to run from a clone. A second run with nothing changed does nothing.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

PYTHON="${PYTHON:-python3}"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Guixiao needs Python 3.11 or newer; call make PYTHON=python3.12" >&2; exit 1; }

if [ ! -x "$BIN/python" ]; then
  say "virtual environment"
  "$PYTHON" -c 'import ensurepip' 2>/dev/null || debian python3-venv
  "$PYTHON" -m venv .venv
fi
if [ ! -x "$BIN/uv" ] || stale .stamps/python requirements pyproject.toml; then
  say "Python packages, each checked against its hash"
  [ -x "$BIN/uv" ] || "$BIN/pip" install --quiet --disable-pip-version-check \
    --require-hashes --no-deps --requirement requirements/uv.txt
  "$BIN/uv" pip install --quiet --python "$BIN/python" --require-hashes -r requirements/dev.txt
  "$BIN/uv" pip install --quiet --python "$BIN/python" --no-deps --no-build-isolation --editable .
  stamp .stamps/python requirements pyproject.toml
fi
source scripts/node.sh
# The style sheet keeps only the rules that some page uses, so the pages are an input of the build.
pages=$(find src/guixiao -name templates -type d)
if [ ! -d src/guixiao/web/static/build ] || stale .stamps/frontend package-lock.json frontend $pages; then
  with_node
  if [ ! -d node_modules ] || stale .stamps/npm package.json package-lock.json .npmrc; then
    say "front end packages"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    stamp .stamps/npm package.json package-lock.json .npmrc
  fi
  say "front end"
  npm run --silent build
  stamp .stamps/frontend package-lock.json frontend $pages
fi
catalogues=$(find src/guixiao -name '*.po' -exec dirname {} +)
compiled=$(find src/guixiao -name '*.mo' | wc -l)
if [ -n "$catalogues" ] && { [ "$compiled" = 0 ] || stale .stamps/messages $catalogues; }; then
  say "catalogues"
  "$BIN/python" scripts/compile_messages.py
  stamp .stamps/messages $catalogues
fi
