"""Every write to the outbox. Nothing here is journaled: what a notice tells of already is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from guixiao.facts import By

from .models import Kind, Notice

FLOOD = 4  # from this many at one moment on, one digest says it all


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told. ``text`` is a message id (``gettext_noop``) without any child's name."""

    person: int
    kind: Kind
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    student: int | None = None
    place: int | None = None
    duty: int | None = None
    key: str = ""


def tell(*, by: By, now: datetime, messages: Iterable[Message]) -> int:
    """Put messages into the outbox, each key once. Call inside the transaction of what they tell of."""
    rows = [
        Notice(
            person_id=m.person,
            kind=m.kind,
            text=m.text,
            params=dict(m.params),
            url=m.url,
            student=m.student,
            place=m.place,
            duty=m.duty,
            key=m.key,
            at=now,
        )
        for m in messages
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def fold(*, by: By, now: datetime) -> int:
    """One digest for each person who was told too much at this one moment. Returns how many digests."""
    fresh = Notice.objects.filter(at=now, folded=None, read_at=None).exclude(kind=Kind.DIGEST)
    per_person = Counter(fresh.values_list("person_id", flat=True))
    flooded = [person for person, number in per_person.items() if number >= FLOOD]
    with transaction.atomic():
        for person in flooded:
            mine = fresh.filter(person_id=person)
            kinds = Counter(mine.values_list("kind", flat=True))
            digest = Notice.objects.create(
                person_id=person,
                kind=Kind.DIGEST,
                text=gettext_noop("有 %(all)s 条新通知：新待办 %(opened)s，逾期 %(due)s，其他 %(rest)s。"),
                params={
                    "all": sum(kinds.values()),
                    "opened": kinds[Kind.OPENED],
                    "due": kinds[Kind.DUE],
                    "rest": sum(kinds.values()) - kinds[Kind.OPENED] - kinds[Kind.DUE],
                },
                url="/",
                at=now,
            )
            mine.update(folded=digest)
    return len(flooded)


def mark_read(*, by: By, now: datetime, person: int, notice: int | None = None) -> int:
    """Mark one notice of a person as read, or all of them."""
    mine = Notice.objects.filter(person_id=person, read_at=None)
    if notice is not None:
        mine = mine.filter(pk=notice)
    return mine.update(read_at=now)
