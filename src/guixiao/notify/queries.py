"""A person's notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from .models import Delivery, Notice


def inbox(person: int) -> QuerySet[Notice]:
    """What a person was told, latest first; what a digest stands for is inside it."""
    return Notice.objects.filter(person_id=person, folded=None).order_by("-at", "-pk")


def unread_count(person: int) -> int:
    """The number on the bell."""
    return Notice.objects.filter(person_id=person, folded=None, read_at=None).count()


def said(keys: Iterable[str]) -> set[str]:
    """Which of these keys have been told already."""
    return set(Notice.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def told_of_duty(duty: int) -> QuerySet[Notice]:
    """Everybody who was told about a duty, first to last."""
    return Notice.objects.filter(duty=duty).select_related("person").order_by("at", "pk")


def due_deliveries(channels: list[str], now: datetime) -> list[Delivery]:
    """What waits to be sent to these channels."""
    rows = Delivery.objects.filter(channel__in=channels, state=Delivery.WAITING, next_at__lte=now)
    return list(rows.order_by("next_at", "pk"))
