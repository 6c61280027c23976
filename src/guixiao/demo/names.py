"""Made-up Chinese names, the same for the same seed."""

from __future__ import annotations

import random
from functools import cache
from importlib.resources import files

import yaml


@cache
def stock(kind: str) -> tuple[str, ...]:
    """The surnames, or the given names of ``boys``, ``girls`` or ``adults``."""
    data = yaml.safe_load((files(__package__) / "data" / "names.yaml").read_text("utf-8"))
    return tuple(data[kind].split())


class Names:
    """A generator of names; every name it gave is remembered so that staff do not share one."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - made-up people, not secrets
        self.given: set[str] = set()

    def pupil(self, sex: str, surname: str | None = None) -> str:
        surname = surname or self.dice.choice(stock("surnames"))
        return surname + self.dice.choice(stock("girls" if sex == "2" else "boys"))

    def parent(self, surname: str | None = None) -> str:
        return (surname or self.dice.choice(stock("surnames"))) + self.dice.choice(stock("adults"))

    def staff(self) -> str:
        """A name nobody on the staff has yet."""
        while (name := self.parent()) in self.given:
            pass
        self.given.add(name)
        return name
