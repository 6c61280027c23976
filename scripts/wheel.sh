#!/usr/bin/env bash
# One wheel that carries everything: pages, built front end, compiled catalogues, packs.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
rm -rf dist
"$BIN/python" -m build --wheel --no-isolation --outdir dist . >dist.log 2>&1 || { cat dist.log >&2; exit 1; }
rm dist.log
wheel=$(ls dist/guixiao-*.whl)
contents=$("$BIN/python" -m zipfile --list "$wheel")
grep -q 'guixiao/web/static/build/' <<<"$contents" || { echo "the wheel lacks the built front end" >&2; exit 1; }
if [ -n "$(find src/guixiao -name '*.po')" ] && ! grep -q '\.mo ' <<<"$contents"; then
  echo "the wheel lacks the compiled catalogues" >&2; exit 1
fi
if grep -E '/tests/|\.sqlite3|\.key ' <<<"$contents"; then echo "the wheel carries what it must not" >&2; exit 1; fi
ls -lh "$wheel" | awk '{print $NF, $5}'
