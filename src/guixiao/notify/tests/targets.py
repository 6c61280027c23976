"""What the routes of notices are tried on by the generated matrix test."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.facts import SYSTEM
from guixiao.notify.actions import Message, tell
from guixiao.notify.models import Kind, Notice
from guixiao.testing.cast import Cast


def _notice(cast: Cast, inside: bool) -> dict[str, object]:
    post = "class_teacher" if inside else "outsider"
    person = cast.holdings[post].person_id
    key = f"target:{post}"
    tell(by=SYSTEM, now=cast.now, messages=[Message(person, Kind.OTHER, "通知", key=key)])
    return {"pk": Notice.objects.get(key=key).pk}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {"notify:read": _notice}
