"""New schools, grades, classes, villages by hand, and taking back what was made by mistake."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.people.imports.classes import GRADES
from guixiao.people.models import Enrolment, Student
from guixiao.places import actions as places
from guixiao.places.models import Holding, Kind, Place
from guixiao.staffing.kinds import beneath, stage_of


def make_place(
    *,
    by: By,
    now: datetime,
    parent: Place,
    kind: Kind,
    name: str = "",
    code: str = "",
    school_kind: str = "",
    grade: int | None = None,
    school_year: int | None = None,
) -> Place:
    """Add a place beneath ``parent``. A grade is named after its number; a class takes its grade's number.

    Raises ``ValidationError`` keyed by field: a kind that does not belong there, a name or code that is taken.
    """
    if kind not in beneath(parent):
        raise ValidationError({"kind": _("%(place)s下面不设这一级。") % {"place": parent.name}})
    name = "".join(name.split())
    if kind == Kind.GRADE:
        if grade not in GRADES:
            raise ValidationError({"grade": _("请选年级。")})
        name = GRADES[grade]
    if kind == Kind.CLASS:
        grade = parent.grade
    if kind == Kind.CLASS and school_year is None:
        raise ValidationError({"school_year": _("请填学年，例如 2026。")})
    if kind == Kind.SCHOOL and not school_kind:
        raise ValidationError({"school_kind": _("请选学校类别。")})
    if not name:
        raise ValidationError({"name": _("请填名称。")})
    _fits(parent, kind, grade)
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(
            pk=parent.pk
        )  # two hands adding the same class wait for each other
        same = Place.objects.filter(parent=parent, kind=kind, name=name, closed_on=None)
        if same.filter(school_year=school_year if kind == Kind.CLASS else None).exists():
            field = "grade" if kind == Kind.GRADE else "name"
            raise ValidationError(
                {field: _("%(parent)s已有“%(name)s”。") % {"parent": parent.name, "name": name}}
            )
        if code and Place.objects.filter(code=code, closed_on=None).exists():
            raise ValidationError({"code": _("代码 %(code)s 已有单位在用。请核对。") % {"code": code}})
        return places.add_place(
            by=by,
            now=now,
            parent=parent,
            kind=kind,
            name=name,
            code=code,
            school_kind=school_kind if kind == Kind.SCHOOL else "",
            grade=grade if kind in (Kind.GRADE, Kind.CLASS) else None,
            school_year=school_year if kind == Kind.CLASS else None,
        )


def _fits(parent: Place, kind: Kind, grade: int | None) -> None:
    if kind == Kind.GRADE and parent.school_kind and grade not in stage_of(parent):
        said = _("%(place)s是%(kind)s，没有这个年级。")
        raise ValidationError(
            {"grade": said % {"place": parent.name, "kind": parent.get_school_kind_display()}}
        )


def unmake_place(*, by: By, now: datetime, place: Place) -> bool:
    """Take back a place made by mistake: nobody works there, nobody is enrolled, nothing lies beneath.

    Where the system has already written something about it (a roll call it asked for), the place is closed
    instead of removed. Returns whether it is gone altogether.
    """
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(pk=place.pk)
        _guard_unused(place, day_of(now))
        try:
            with transaction.atomic():
                places.take_back_place(by=by, now=now, place=Place.objects.get(pk=place.pk))
        except ProtectedError:
            _close(by, now, place)
            return False
    return True


def _guard_unused(place: Place, today: date) -> None:
    held = Holding.objects.filter(Q(last=None) | Q(last__gte=today), place=place)
    enrolled = Enrolment.objects.filter(Q(klass=place) | Q(school=place))
    living = Student.objects.filter(Q(village=place) | Q(registered_village=place))
    below = place.children.filter(closed_on=None)
    if held.exists() or enrolled.exists() or living.exists() or below.exists():
        said = _("%(place)s下面已有单位、任职或学生，不能撤回。")
        raise ValidationError(said % {"place": place.name})


def _close(by: By, now: datetime, place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(closed_on=day_of(now))
    place.refresh_from_db()
    fact = happenings.PlaceChanged(place=place.pk, change="closed")
    append([Stated(fact, records=[place])], by=by, now=now)
