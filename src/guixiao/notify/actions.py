"""Every write to the outbox. Nothing here is journaled: what a notice tells of already is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from guixiao.facts import By

from .models import Delivery, Kind, Notice

DIGEST = gettext_noop("有 %(all)s 条新通知，其中新待办 %(opened)s 条、逾期 %(due)s 条。点开看待办。")
TRIES, PAUSE = 6, timedelta(minutes=1)
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
    """One digest for each person who was told too much at this one moment. Returns how many are new."""
    here = Notice.objects.filter(at=now, read_at=None)
    fresh = here.filter(folded=None).exclude(kind=Kind.DIGEST)
    digests = {row.person_id: row for row in here.filter(kind=Kind.DIGEST)}
    per_person = Counter(fresh.values_list("person_id", flat=True))
    flooded = [person for person, number in per_person.items() if number >= FLOOD or person in digests]
    with transaction.atomic():
        for person in flooded:
            digest = digests.get(person) or Notice(
                person_id=person, kind=Kind.DIGEST, text=DIGEST, url="/", at=now
            )
            digest.save()
            fresh.filter(person_id=person).update(folded=digest)
            kinds = Counter(digest.inside.values_list("kind", flat=True))
            digest.params = {"all": sum(kinds.values()), "opened": kinds[Kind.OPENED], "due": kinds[Kind.DUE]}
            digest.save()
    return len(set(flooded) - digests.keys())


def mark_read(*, by: By, now: datetime, person: int, notice: int | None = None) -> int:
    """Mark one notice of a person as read, or all of them."""
    mine = Notice.objects.filter(person_id=person, read_at=None)
    if notice is not None:
        mine = mine.filter(pk=notice)
    return mine.update(read_at=now)


def queue(*, by: By, now: datetime, channel: str) -> Delivery | None:
    """Put a link on its way when there is news since the channel's last; one at a time."""
    last = Delivery.objects.filter(channel=channel).order_by("-pk").first()
    if last is not None and last.state == Delivery.WAITING:
        return None
    since = (
        last.upto if last is not None else Notice.objects.order_by("-pk").values_list("pk", flat=True).first()
    )
    fresh = Notice.objects.filter(pk__gt=since or 0, folded=None)
    upto = fresh.order_by("-pk").values_list("pk", flat=True).first()
    if last is not None and upto is None:
        return None
    state = Delivery.WAITING if last is not None else Delivery.SENT  # the first only marks where to begin
    return Delivery.objects.create(
        channel=channel, count=fresh.count(), upto=upto or since or 0, state=state, next_at=now
    )


def delivered(*, by: By, now: datetime, delivery: Delivery, ok: bool, error: str = "") -> None:
    """What became of an attempt: sent, or to be tried again, or given up."""
    delivery.tries += 1
    if ok:
        delivery.state, delivery.sent_at, delivery.error = Delivery.SENT, now, ""
    else:
        delivery.state = Delivery.GIVEN_UP if delivery.tries >= TRIES else Delivery.WAITING
        delivery.next_at, delivery.error = now + PAUSE * 2**delivery.tries, error[:200]
    delivery.save()
