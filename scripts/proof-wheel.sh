#!/usr/bin/env bash
# The built wheel, in a bare venv without Node, serves the demo.
exec "$(dirname "$0")/try-wheel.sh"
