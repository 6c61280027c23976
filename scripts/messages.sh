#!/usr/bin/env bash
# Gather every string marked for translation into the catalogues, then compile them.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
if command -v xgettext >/dev/null; then
  mkdir -p src/guixiao/locale
  trap 'rm -f src/guixiao/gathered.py' EXIT
  "$BIN/python" scripts/gather_data.py >src/guixiao/gathered.py
  ( cd src/guixiao && DJANGO_SETTINGS_MODULE=guixiao.testing.settings "$BIN/python" -m guixiao makemessages \
      --locale en --no-location --no-wrap --no-obsolete --ignore '*/tests/*' --ignore 'web/static/*' --ignore 'testing/*' )
else
  unavailable "strings not gathered: no gettext (Debian: gettext)"
fi
"$BIN/python" scripts/compile_messages.py
