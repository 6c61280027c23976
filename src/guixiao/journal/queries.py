"""Reading the journal: what happened to a child or a place, and what a reader has not seen yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from guixiao.facts import Fact, from_payload

from .models import Chain, Cursor, Entry


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with its envelope, as read back."""

    entry: int
    fact: Fact
    happened_at: datetime
    recorded_at: datetime
    account: int
    post: str
    org: int


def told(entry: Entry) -> Told:
    return Told(
        entry.pk,
        from_payload(entry.kind, entry.payload),
        entry.happened_at,
        entry.recorded_at,
        entry.account,
        entry.post,
        entry.org,
    )


def of_students(students: Iterable[int], kinds: Iterable[str] = ()) -> list[Told]:
    """Everything told about these children, in the order it was recorded."""
    entries = Entry.objects.filter(student__in=list(students)).exclude(chain__name__startswith="looks:")
    if kinds:
        entries = entries.filter(kind__in=list(kinds))
    return [told(entry) for entry in entries.order_by("recorded_at", "pk")]


def of_places(
    places: Iterable[int],
    kinds: Iterable[str],
    since: datetime | None = None,
    first: date | None = None,
    also: Iterable[date] = (),
) -> list[Told]:
    """Everything of these kinds told about these places (roll calls of classes, returns of schools).

    ``since`` bounds when it happened. With ``first``, facts about a day are read from that day on and for the
    days in ``also`` only: a class takes the roll every day, and few of those days are still open questions.
    """
    entries = Entry.objects.filter(place__in=list(places), kind__in=list(kinds), student=None)
    if since is not None:
        entries = entries.filter(happened_at__gte=since)
    if first is not None:
        days = [day.isoformat() for day in also]
        about = (
            Q(payload__day__isnull=True) | Q(payload__day__gte=first.isoformat()) | Q(payload__day__in=days)
        )
        entries = entries.filter(about)
    return [told(entry) for entry in entries.order_by("recorded_at", "pk")]


def unread(reader: str, limit: int = 1000) -> Iterator[tuple[Chain, list[Entry]]]:
    """For each chain with news, its next entries. Call :func:`mark_read` when they are dealt with."""
    seen = dict(Cursor.objects.filter(reader=reader).values_list("chain_id", "seq"))
    for chain in Chain.objects.exclude(name__startswith="looks:").order_by("pk"):
        if chain.seq > seen.get(chain.pk, 0):
            news = Entry.objects.filter(chain=chain, seq__gt=seen.get(chain.pk, 0)).order_by("seq")[:limit]
            yield chain, list(news)


def mark_read(reader: str, chain: Chain, seq: int) -> None:
    """Remember how far ``reader`` has read; never backwards."""
    Cursor.objects.get_or_create(reader=reader, chain=chain)
    Cursor.objects.filter(reader=reader, chain=chain, seq__lt=seq).update(seq=seq)
