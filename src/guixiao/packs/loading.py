"""Reads the pack folders from disk and hands their data to the pure loader."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from guixiao.policy.law import Pack, ParameterValue
from guixiao.policy.loader import PackError, load_pack
from guixiao.policy.parameters import read_value


def root() -> Path:
    """Where the pack folders lie."""
    return Path(str(resources.files(__package__)))


def folders() -> list[Path]:
    """Every pack's folder, by name."""
    return sorted(path.parent for path in root().glob("*/pack.yaml"))


def read_yaml(path: Path) -> Any:
    """One YAML file. Raises :class:`PackError` naming the file and the line."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as wrong:
        raise PackError(f"{path.parent.name}/{path.name}: not YAML: {wrong}") from None


def load_folder(folder: Path, base: Pack | None = None) -> Pack:
    """One pack from its folder."""
    header = read_yaml(folder / "pack.yaml")
    rules = {f"{folder.name}/{p.parent.name}/{p.name}": read_yaml(p) or [] for p in _rule_files(folder)}
    loaded = load_pack(header, rules, base, f"{folder.name}/pack.yaml")
    if loaded.code != folder.name:
        raise PackError(f"{folder.name}/pack.yaml · pack: must be {folder.name}, the folder's name")
    return loaded


def _rule_files(folder: Path) -> list[Path]:
    return sorted((folder / "rules").glob("*.yaml"))


@cache
def load_all() -> dict[str, Pack]:
    """Every pack by code, those that extend another after it."""
    waiting = {folder.name: (folder, read_yaml(folder / "pack.yaml").get("extends")) for folder in folders()}
    loaded: dict[str, Pack] = {}
    while waiting:
        ready = [name for name, (_, base) in waiting.items() if base is None or base in loaded]
        if not ready:
            raise PackError(
                f"extends a pack that does not exist or extends back: {', '.join(sorted(waiting))}"
            )
        for name in ready:
            folder, base = waiting.pop(name)
            loaded[name] = load_folder(folder, loaded[base] if base else None)
    return loaded


def pack(code: str) -> Pack:
    """The pack called ``code``. Raises ``KeyError``."""
    return load_all()[code]


def read_override(of: Pack, code: str, raw: Any) -> ParameterValue:
    """What a place chose for a parameter, from a form or a file. Raises ``KeyError`` or ``ValueError``."""
    return read_value(raw, of.parameters[code].unit)
