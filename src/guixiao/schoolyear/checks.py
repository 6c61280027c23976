"""What stands in the way of opening a year, and what should be known before it is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from guixiao.facts import Calendar
from guixiao.facts.clock import day_of
from guixiao.people.models import Enrolment, Student
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Holding, Person, Place
from guixiao.places.queries import on
from guixiao.places.wording import day_year, title_of
from guixiao.rollcall.models import RollCall
from guixiao.rollcall.rules import late_days

from .draft import Now, idle, news
from .naming import year_name
from .plan import PERSONAL, NewClass, Plan
from .seasons import Season, season

SHOWN = 5  # names in one sentence


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know. ``code`` names its kind; ``url`` and ``verb`` lead to where it is mended."""

    code: str
    text: str
    url: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """``blocking`` must be settled first; ``notes`` only need to be known. ``first``: the first day of the new
    classes, ``None`` while it cannot be said."""

    season: Season
    first: date | None
    blocking: tuple[Point, ...]
    notes: tuple[Point, ...]


def examine(now: Now, plan: Plan, year: int, moment: datetime) -> Finding:
    """Everything about one school's plan at ``moment``."""
    today = day_of(moment)
    calendar = calendar_of(now.school)
    found = season(calendar, year)
    ids = [one.pk for one in now.classes]
    last_roll = RollCall.objects.filter(klass__in=ids).order_by("-day").values_list("day", flat=True).first()
    blocking = [*_time(now.school, found, today, last_roll), *_undecided(now, plan)]
    notes = [*_vacant(plan), *_idle(now, plan), *_ahead(now, today), *_untaken(now, calendar, today)]
    return Finding(found, found.counts_from(last_roll), tuple(blocking), tuple(notes))


def _time(school: Place, found: Season, today: date, last_roll: date | None) -> Iterator[Point]:
    if found.first is None:
        yield Point(
            "no_term",
            _("校历里还没有%(year)s第一学期（%(code)s）的起止日期，不知道新班从哪天算起。请先在校历里填上。")
            % {"year": year_name(found.year), "code": found.code},
            reverse("duties:calendar", args=[school.pk]),
            _("去校历"),
        )
        return
    if found.opens is not None and today < found.opens:
        yield Point(
            "too_early",
            _("原学年的课还没上完，最早 %(day)s 可以开学年。现在可以先拟好安排。")
            % {"day": day_year(found.opens)},
        )
    if last_roll is not None and last_roll >= today:
        yield Point(
            "rolled_today",
            _("今天已经有班按原班级点了名。请明天第一次点名以前再开学年，今天的点名才不会落空。"),
        )


def _undecided(now: Now, plan: Plan) -> Iterator[Point]:
    if now.standing and not now.classes:
        yield Point("no_classes", _("这所学校的班都已经是这个学年的了，不用再开。"))
    elif not now.classes:
        yield Point("no_classes", _("这所学校还没有班级。请先建班、导入学籍。"))
    nameless = [one.name for one in now.classes if not one.grade]
    if nameless:
        said = _("%(classes)s没有写明年级，不知道该升到哪里。请系统管理员先补上年级。")
        yield Point("no_grade", said % {"classes": several(nameless)})
    since = news(plan, now)
    if since.any:
        yield Point("stale", _("拟定以后名册有变动，还没有并进来。请先点“并入变动”。"))
    yield from _homeless(plan)
    yield from _names(now, plan)
    yield from _teachers(plan)
    yield from _left(now, plan)


def _homeless(plan: Plan) -> Iterator[Point]:
    keys = {one.key for one in plan.classes} | {"out", "stay"}
    lost = [pk for pk, spot in plan.children.items() if spot.to not in keys]
    if lost:
        names = list(Student.objects.filter(pk__in=lost).values_list("name", flat=True)[: SHOWN + 1])
        yield Point(
            "homeless", _("%(who)s还没有定班。请给他们选一个班。") % {"who": several(names, len(lost))}
        )


def _names(now: Now, plan: Plan) -> Iterator[Point]:
    """Two classes of one grade cannot have one name, those that stand already among them."""
    names = Counter((one.grade, one.name) for one in plan.classes)
    names.update((one.grade or 0, one.name) for one in now.standing)
    for (_grade, name), number in sorted(names.items()):
        if number > 1:
            yield Point(
                "same_name", _("有 %(n)s 个班都叫“%(name)s”。请改掉一个班名。") % {"n": number, "name": name}
            )


def _teachers(plan: Plan) -> Iterator[Point]:
    """One class teacher, one class: who stays with which must be said before the year begins."""
    led: dict[int, list[str]] = {}
    for one in plan.classes:
        teacher = one.holder("class_teacher")
        if teacher:
            led.setdefault(teacher, []).append(one.name)
    names = people({person for person, classes in led.items() if len(classes) > 1})
    for person, name in sorted(names.items()):
        said = _("%(who)s同时是%(classes)s的班主任。请定下带哪一个班，另一个班换人或先空着。")
        yield Point("two_classes", said % {"who": name, "classes": several(led[person])})


def _left(now: Now, plan: Plan) -> Iterator[Point]:
    """A proposed teacher who has left the school meanwhile, or never was there."""
    wanted = {person for one in plan.classes for seat in one.seats.values() for person in seat}
    proposed = {person for seats in now.seats.values() for held in seats.values() for person in held}
    strangers = wanted - proposed
    if not strangers:
        return
    for person, name in sorted(people(strangers - employed(strangers)).items()):
        rooms = [one.name for one in plan.classes for seat in one.seats.values() if person in seat]
        said = _("%(who)s已经没有任何岗位，却还排在%(classes)s。请换人，或先让他任职。")
        yield Point("left", said % {"who": name, "classes": several(sorted(set(rooms)))})


def employed(persons: set[int]) -> set[int]:
    """Those of these people who hold any post that has not ended, and who were never appointed at all: a newcomer
    has no post yet."""
    holding = set(Holding.objects.filter(person__in=persons, last=None).values_list("person", flat=True))
    ever = set(Holding.objects.filter(person__in=persons).values_list("person", flat=True))
    return holding | (persons - ever)


def _vacant(plan: Plan) -> Iterator[Point]:
    empty = [one.name for one in plan.classes if not one.holder("class_teacher")]
    if empty:
        said = _("%(classes)s还没有班主任。可以先开学年；空着的时候，这个班的事由年级组长、学生科接着办。")
        yield Point("vacant", said % {"classes": several(empty)})


def _idle(now: Now, plan: Plan) -> Iterator[Point]:
    free = idle(now, plan)
    known = people(set(free))
    if free:
        said = _("%(who)s下学年没有带班。")
        yield Point("idle", said % {"who": several([known[pk] for pk in free if pk in known])})


def _ahead(now: Now, today: date) -> Iterator[Point]:
    """Children put into an old class from a day to come: meant for the new year, they would go up a grade."""
    rows = Enrolment.objects.filter(klass__in=now.classes, last=None, first__gt=today)
    names = list(rows.order_by("pk").values_list("student__name", flat=True))
    if names:
        said = _("%(who)s的入班日期还没到，却在原来的班里，会跟着升一级。新生请开了学年再导入。")
        yield Point("ahead", said % {"who": several(names)})


def _untaken(now: Now, calendar: Calendar, today: date) -> Iterator[Point]:
    """Rolls of the last days that nobody handed in: after opening they cannot be."""
    days = list(calendar.school_days(today - timedelta(days=late_days()), today))
    if not days or not now.classes:
        return
    taken = set(RollCall.objects.filter(klass__in=now.classes, day__in=days).values_list("klass", "day"))
    open_ = [one.name for one in now.classes if any((one.pk, day) not in taken for day in days)]
    if open_:
        said = _("%(classes)s最近几天还有没交的点名。开学年以后原班不能再补点，请先补交。")
        yield Point("untaken", said % {"classes": several(open_)})


def several(names: list[str], total: int | None = None) -> str:
    """甲、乙、丙等 12 个: the first few, then how many in all."""
    total = len(names) if total is None else total
    shown = _("、").join(names[:SHOWN])
    return _("%(names)s等 %(n)s 个") % {"names": shown, "n": total} if total > SHOWN else shown


def people(ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def heads(school: Place, day: date) -> set[str]:
    """The posts that open a school's year and are held there on ``day``, deputies not counted."""
    held = Holding.objects.filter(on(day), place=school, post__in=("principal", "vice_principal"))
    return set(held.values_list("post", flat=True))


def teacher_words(one: NewClass, names: dict[int, str]) -> list[tuple[str, str]]:
    """Post and name of everybody at a class besides class teacher and deputy."""
    rows = [(post, ids) for post, ids in one.seats.items() if post not in PERSONAL and ids]
    return [(title_of(post), _("、").join(names.get(pk, "") for pk in ids)) for post, ids in rows]
