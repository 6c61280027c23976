#!/usr/bin/env bash
# Gather every string marked for translation into the catalogues, then compile them.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
if command -v xgettext >/dev/null; then
  ( cd src/guixiao && "$BIN/python" -m guixiao makemessages --locale en --no-location --no-wrap \
      --ignore 'tests/*' --ignore 'web/static/build/*' )
else
  unavailable "strings not gathered: no gettext (Debian: gettext)"
fi
"$BIN/python" scripts/compile_messages.py
