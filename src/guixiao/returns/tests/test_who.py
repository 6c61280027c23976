"""Vacant posts, deputies, and four eyes where a school has them (policy.md, semantics 6)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import at
from guixiao.facts.codes import SignStep
from guixiao.journal.models import Entry
from guixiao.places import actions as places
from guixiao.returns import actions
from guixiao.returns.models import Signature
from guixiao.testing.cast import FIRST, Cast

from .tools import MONTH_END, checked, compiled, person, reviewed, sign


def end(cast: Cast, *posts: str) -> None:
    for post in posts:
        places.end_post(by=SYSTEM, now=at(FIRST), holding=cast.holdings[post], last=date(2026, 9, 15))


def test_a_vacant_post_goes_to_the_next_on_the_line(cast: Cast) -> None:
    end(cast, "student_affairs", "class_teacher", "deputy_class_teacher", "vice_principal")
    report = actions.compile_return(
        by=SYSTEM, now=MONTH_END, school=cast.school, period="2026-09", person_id=person(cast, "dean")
    )
    report = sign(cast, report, SignStep.CHECKED, "grade_head", cast.klass)
    report = sign(cast, report, SignStep.REVIEWED, "principal")
    report = sign(cast, report, SignStep.SIGNED, "principal")
    posts = dict(Signature.objects.values_list("step", "post"))
    assert posts == {
        "prepared": "dean",
        "checked": "grade_head",
        "reviewed": "principal",
        "signed": "principal",
    }
    assert Signature.objects.get(step="signed").sole is True
    assert Signature.objects.get(step="reviewed").sole is False


def test_the_same_person_signs_two_steps_only_for_want_of_another(cast: Cast) -> None:
    teacher, vice = cast.holdings["class_teacher"].person, cast.holdings["vice_principal"]
    places.name_deputy(
        by=SYSTEM, now=at(FIRST), holding=vice, person=teacher, first=FIRST, last=date(2026, 10, 2)
    )
    report = checked(cast, compiled(cast))
    with pytest.raises(ValidationError, match="不同的人"):
        sign(cast, report, SignStep.REVIEWED, "class_teacher")
    end(cast, "vice_principal")
    places.hold_post(
        by=SYSTEM,
        now=at(FIRST),
        person=teacher,
        place=cast.school,
        post="vice_principal",
        first=date(2026, 9, 16),
    )
    sign(cast, report, SignStep.REVIEWED, "class_teacher")
    assert Signature.objects.get(step="reviewed").sole is True


def test_a_deputy_signs_for_the_holder_and_it_is_said(cast: Cast) -> None:
    deputy = places.add_person(by=SYSTEM, now=at(FIRST), name="代理校长")
    places.name_deputy(
        by=SYSTEM,
        now=at(FIRST),
        holding=cast.holdings["principal"],
        person=deputy,
        first=FIRST,
        last=date(2026, 10, 2),
    )
    report = reviewed(cast, compiled(cast))

    def on_day(day: int, who: int) -> None:
        by, now = By(account=7, post="none", org=0), at(date(2026, 10, day), 9)
        actions.sign(by=by, now=now, report=report, step=SignStep.SIGNED, person_id=who)

    with pytest.raises(ValidationError, match="代理校长"):
        on_day(2, person(cast, "dean"))
    with pytest.raises(ValidationError):
        on_day(3, deputy.pk)
    on_day(2, deputy.pk)
    signature = Signature.objects.get(step="signed")
    assert (signature.person, signature.acting_for) == (deputy, cast.holdings["principal"].person)
    entry = Entry.objects.get(kind="return_submitted")
    assert (entry.account, entry.post, entry.for_account) == (
        7,
        "principal",
        cast.holdings["principal"].person_id,
    )
