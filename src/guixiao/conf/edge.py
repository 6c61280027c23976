"""The clock at the edge. Views, commands and middleware ask here; nothing below them reads a clock.

A demo or a training county may stand at another moment: ``clock.json`` in the home folder holds the
offset in seconds. Everywhere else the offset is zero.
"""

import json
import os
from datetime import UTC, datetime, timedelta

from . import home


def now() -> datetime:
    """This moment, whole seconds, UTC, moved by the demo's offset."""
    return (datetime.now(UTC) + offset()).replace(microsecond=0)


def offset() -> timedelta:
    """How far a demo's clock stands from the world's; nothing but a demo has one."""
    if os.environ.get("GUIXIAO_DEMO") != "1":
        return timedelta(0)
    try:
        return timedelta(seconds=json.loads((home.home() / "clock.json").read_text())["offset"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return timedelta(0)


def stand_at(moment: datetime) -> None:
    """Make the demo's clock show ``moment`` and run on from there."""
    seconds = (moment - datetime.now(UTC)).total_seconds()
    path = home.home() / "clock.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}.new")
    scratch.write_text(json.dumps({"offset": round(seconds), "stood": moment.isoformat()}))
    scratch.replace(path)  # in one step: a reader of half a file would stand in the real today


def stand_again() -> None:
    """A demo started anew stands where it was last turned to, however long it was switched off."""
    path = home.home() / "clock.json"
    if path.exists():
        stand_at(datetime.fromisoformat(json.loads(path.read_text())["stood"]))
