"""Every write to the outbox. Nothing here is journaled: what a notice tells of already is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from guixiao.facts import By

from .models import Delivery, Kind, Notice

DIGEST = gettext_noop("有 %(all)s 条新通知，其中新待办 %(opened)s 条、逾期 %(due)s 条。点开看待办。")
TRIES, PAUSE = 6, timedelta(minutes=1)
CLAIMED = timedelta(minutes=2)
FLOOD = 4  # from this many at one moment on, one digest says it all
PEOPLE = 100  # digests a transaction


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
        for m in sorted(messages, key=lambda m: (m.key, m.person))  # keys in one order: no two wait in a ring
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def fold(*, by: By, now: datetime, flood: int = FLOOD) -> int:
    """One digest for each person told too much at this one moment. Returns how many are new.

    Safe beside others folding the same moment: a person has one digest a moment, and it grows.
    """
    fresh = _loose(now)
    per_person = Counter(fresh.values_list("person_id", flat=True))
    if not per_person:
        return 0
    known = set(
        Notice.objects.filter(at=now, kind=Kind.DIGEST, person__in=per_person).values_list(
            "person", flat=True
        )
    )
    flooded = sorted(person for person, n in per_person.items() if n >= flood or person in known)
    for start in range(0, len(flooded), PEOPLE):
        _digest(now, flooded[start : start + PEOPLE])
    return len(set(flooded) - known)


def _loose(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(at=now, read_at=None, folded=None).exclude(kind=Kind.DIGEST)


def _digest(now: datetime, people: list[int]) -> None:
    """Make or enlarge the digests of these people; locked in one order, so that nobody waits in a ring."""
    keys = {f"digest:{person}:{now.isoformat()}": person for person in people}
    with transaction.atomic():
        Notice.objects.bulk_create(
            [
                Notice(person_id=person, kind=Kind.DIGEST, text=DIGEST, url="/", at=now, key=key)
                for key, person in keys.items()
            ],
            ignore_conflicts=True,
        )
        locked = Notice.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("person")
        for digest in locked:
            if not _loose(now).filter(person_id=digest.person_id).update(folded=digest):
                continue  # whoever was first has folded them
            kinds = Counter(digest.inside.values_list("kind", flat=True))
            digest.params = {"all": sum(kinds.values()), "opened": kinds[Kind.OPENED], "due": kinds[Kind.DUE]}
            digest.read_at = None  # what was read before has grown
            digest.save()


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
    made = Delivery(channel=channel, count=fresh.count(), upto=upto or since or 0, state=state, next_at=now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # another worker saw the same news
        return None
    return made


def claim(*, by: By, now: datetime, delivery: Delivery) -> bool:
    """Make an attempt one worker's own. One that dies between sending and saying so is followed by another
    after two minutes: a bare link twice is better than none."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING, next_at=delivery.next_at)
    return bool(mine.update(next_at=now + CLAIMED))


def delivered(*, by: By, now: datetime, delivery: Delivery, ok: bool, error: str = "") -> None:
    """What became of an attempt: sent, or to be tried again, or given up."""
    delivery.tries += 1
    if ok:
        delivery.state, delivery.sent_at, delivery.error = Delivery.SENT, now, ""
    else:
        delivery.state = Delivery.GIVEN_UP if delivery.tries >= TRIES else Delivery.WAITING
        delivery.next_at, delivery.error = now + PAUSE * 2**delivery.tries, error[:200]
    delivery.save()
