"""What the routes of duties are tried on by the generated matrix test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from guixiao.duties.actions import sign
from guixiao.duties.actions.adopt import adopt
from guixiao.duties.models import Adoption, Duty, What
from guixiao.duties.settle import settle
from guixiao.facts import SYSTEM, happenings
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Mark, Session
from guixiao.facts.posts import POSTS, Level
from guixiao.journal.append import Stated, Touched, append
from guixiao.places import actions as places
from guixiao.testing.cast import Cast

PACK = "student_affairs_ladder"


def _duty(cast: Cast, inside: bool) -> Duty:
    """The first-day visit owed to 李小满, or to 石远 at the other end of the county."""
    day, now = day_of(cast.now), cast.now
    child = cast.child if inside else cast.children["石远"]
    county = cast.places["青禾县"]
    if not Adoption.objects.filter(place=county, pack=PACK).exists():
        adopt(by=SYSTEM, now=at(date(2026, 8, 25), 9), place=county, pack=PACK, first=date(2026, 9, 1))
    found = Duty.objects.filter(student=child, rule="first_day_visit").first()
    if found is None:
        fact = happenings.AbsenceMarked(
            student=child.pk, class_id=child.klass_id or 0, day=day, session=Session.MORNING, mark=Mark.NONE
        )
        with transaction.atomic():
            append([Stated(fact)], by=SYSTEM, now=now)
        settle({Touched("student", child.pk)}, now)
        found = Duty.objects.get(student=child, rule="first_day_visit")
    return found


def _of_duty(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": _duty(cast, inside).pk}


def _student(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.child if inside else cast.children["石远"]).pk}


def _place(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def _school(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": cast.places["石板河初级中学" if inside else "双河小学"].pk}


def _decision(cast: Cast, inside: bool) -> dict[str, object]:
    place, day = cast.places["石板河初级中学" if inside else "双河小学"], date(2026, 10, 10)
    row = places.set_days(
        by=SYSTEM, now=cast.now, place=place, first=day, last=day, is_school=True, reason="调休补课"
    )
    return {"pk": place.pk, "overlay": row.pk}


def _term(cast: Cast, inside: bool) -> dict[str, object]:
    place = cast.places["石板河初级中学" if inside else "双河小学"]
    first, last = date(2027, 2, 22), date(2027, 7, 9)
    row = places.set_term(by=SYSTEM, now=cast.now, place=place, code="2026-2", first=first, last=last)
    return {"pk": place.pk, "code": row.code}


def _at(cast: Cast, inside: bool) -> dict[str, object]:
    return {**_school(cast, inside), "code": "national"}


def _adopted(cast: Cast, inside: bool) -> dict[str, object]:
    place = cast.places["石板河初级中学" if inside else "双河小学"]
    adopt(by=SYSTEM, now=cast.now, place=place, pack="national", first=day_of(cast.now))
    return {"pk": place.pk, "code": "national"}


def _draft(cast: Cast, inside: bool) -> dict[str, object]:
    place = cast.places["石板河初级中学" if inside else "双河小学"]
    row = sign.draft(
        by=SYSTEM, now=cast.now, place=place, what=What.ADOPT, pack="national", first=day_of(cast.now),
        signer=cast.holdings["bureau_director"].person, signer_post="bureau_director",
    )  # fmt: skip
    return {"pk": place.pk, "signing": row.pk}


def _regulation(cast: Cast, inside: bool) -> dict[str, object]:
    _duty(cast, inside)
    return {"code": PACK}


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {
    "duties:why": _of_duty,
    "duties:report": _of_duty,
    "duties:remind": _of_duty,
    "duties:waive": _of_duty,
    "duties:of_student": _student,
    "duties:compare_student": _student,
    "duties:of_place": _place,
    "duties:calendar": _school,
    "duties:calendar_days": _school,
    "duties:calendar_redo": _decision,
    "duties:calendar_withdraw": _decision,
    "duties:calendar_term": _school,
    "duties:calendar_term_remove": _term,
    "duties:regulation": _regulation,
    "duties:regulation_adopt": _at,
    "duties:regulation_amend": _adopted,
    "duties:regulation_end": _adopted,
    "duties:regulation_signing": _draft,
    "duties:regulation_rehearsal": _draft,
    "duties:regulation_sign": _draft,
    "duties:regulation_drop": _draft,
}

# A regulation is shown to whomever it binds: everybody at or beneath the county that adopted it.
OWNERS: dict[str, frozenset[str]] = {
    "duties:regulation": frozenset(
        {code for code, post in POSTS.items() if post.level not in (Level.PREFECTURE, Level.PROVINCE)}
        | {"outsider"}
    ),
}
