#!/usr/bin/env bash
# The whole test run, cheapest first. Times each part: the whole must stay under 20 minutes on two cores.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
export PYTHON="${PYTHON:-python3}"
part() { local name=$1 began=$SECONDS; shift; say "$name"; "$@"; echo "   $name: $((SECONDS - began)) s"; }

debian postgresql chromium fonts-noto-cjk gettext
scripts/setup.sh
part "lint" scripts/lint.sh
part "types" scripts/types.sh
part "import contract" "$BIN/lint-imports" --no-logo
part "suite on SQLite" "$BIN/pytest" -q -n 2 -m "not browser"
part "suite on PostgreSQL" scripts/with-postgres.sh "$BIN/pytest" -q -n 2 -m "not browser" --database-only
part "browser journeys" scripts/with-browser.sh "$BIN/pytest" -q -m browser
say "all green in $SECONDS s"
