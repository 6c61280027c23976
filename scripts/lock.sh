#!/usr/bin/env bash
# The locks: every package with its hashes, for every platform, naming no host.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
compile() {
  "$BIN/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml -o requirements/base.txt "$@"
compile pyproject.toml --group dev -o requirements/dev.txt "$@"
compile --group node -o requirements/node.txt "$@"
# pip itself installs uv, so uv's own hashes stand apart: pip accepts no file with an unpinned extra.
awk '/^uv==/{on=1} /^[a-z]/&&!/^uv==/{on=0} on&&!/#/' requirements/dev.txt >requirements/uv.txt
if grep -nE '(https?|file)://' requirements/*.txt; then echo "a lock names a host" >&2; exit 1; fi
