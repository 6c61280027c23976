"""Compile every .po under src to the .mo beside it, without GNU gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src"


def main() -> int:
    for po in sorted(SOURCE.rglob("*.po")):
        with po.open("rb") as text:
            catalogue = read_po(text, locale=po.parent.parent.name, abort_invalid=True)
        with po.with_suffix(".mo").open("wb") as binary:
            write_mo(binary, catalogue)
        done = sum(1 for message in catalogue if message.id and message.string)
        print(f"{po.relative_to(SOURCE)}: {done} strings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
