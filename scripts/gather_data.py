"""The words of data as calls gettext finds, for messages.sh alone.

A pack's title, its rules' titles, our paraphrases, the numbers a place may choose, the holidays and the
kinds of document are data; a reader of English meets them all the same.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).resolve().parent.parent / "src/guixiao"
SPOKEN = ("title", "issuer", "note", "says")


def spoken(data: Any) -> Iterator[str]:
    """Every text under a key that pages show, wherever it stands."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in SPOKEN and isinstance(value, str):
                yield value
            yield from spoken(value)
    elif isinstance(data, list):
        for value in data:
            yield from spoken(value)


def main() -> int:
    found: dict[str, None] = {}
    packs = (*SOURCE.glob("packs/*/pack.yaml"), *SOURCE.glob("packs/*/rules/*.yaml"))
    for file in sorted(packs):
        found.update(dict.fromkeys(spoken(yaml.safe_load(file.read_text(encoding="utf-8")))))
    years = yaml.safe_load((SOURCE / "places/data/holidays.yaml").read_text(encoding="utf-8"))
    found.update(dict.fromkeys(name for year in years.values() for name in year["holidays"]))
    columns = yaml.safe_load((SOURCE / "people/imports/columns.yaml").read_text(encoding="utf-8"))
    found.update(dict.fromkeys(columns["codes"]["id_type"].values()))
    for text in found:
        print(f"gettext_noop({json.dumps(text, ensure_ascii=False)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
