"""One roll call: its children, their marks, who was not listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guixiao.facts.codes import Mark, Session
from guixiao.people.models import Status, Student
from guixiao.people.rosters import covered
from guixiao.places.models import Place
from guixiao.rollcall.models import AWAY, RollCall, RollMark


@dataclass(frozen=True, slots=True)
class Taken:
    """A roll call in figures, as things stand now: who came after the roll counts as late, not as away."""

    roll_call: RollCall
    marks: Counter[str]
    arrived: int

    @property
    def away(self) -> int:
        return sum(self.marks[mark] for mark in AWAY)

    @property
    def late(self) -> int:
        return self.marks[Mark.LATE] + self.arrived

    @property
    def present(self) -> int:
        """At school, those who came late among them."""
        return self.roll_call.listed + self.marks["added"] - self.away


def marked(roll_call: RollCall) -> QuerySet[RollMark]:
    """Every mark of a roll call with its child, unexcused first."""
    return roll_call.marks.select_related("student").order_by("mark", "student__pinyin", "pk")


def figures(roll_call: RollCall, rows: Iterable[RollMark]) -> Taken:
    rows = list(rows)
    marks = Counter(row.mark for row in rows if row.away or not row.was_away)
    marks["added"] = sum(row.added for row in rows)
    return Taken(roll_call, marks, sum(row.was_away and not row.away for row in rows))


def all_marks(roll_call: RollCall) -> list[tuple[Student, Mark, RollMark | None]]:
    """Every child the roll call speaks of, with its mark, in the order of the roll: two queries."""
    rows = {row.student_id: row for row in roll_call.marks.all()}
    version, day = roll_call.roster_version, roll_call.day
    seen = covered(roll_call.klass_id, version).filter(first__lte=day).values("student")
    children = Student.objects.filter(Q(pk__in=seen) | Q(pk__in=rows)).exclude(pk__in=roll_call.apart)
    return [
        (child, Mark(rows[child.pk].mark) if child.pk in rows else Mark.PRESENT, rows.get(child.pk))
        for child in children.order_by("seat", "pinyin", "pk")
    ]


def gap_words(seconds: int) -> str:
    """How far a clock was off: 2 秒, 7 分钟, 3 小时, 2 天."""
    gap = abs(seconds)
    for size, words in ((86400, _("%(n)s 天")), (3600, _("%(n)s 小时")), (60, _("%(n)s 分钟"))):
        if gap >= size:
            return words % {"n": gap // size}
    return _("%(n)s 秒") % {"n": gap}


def mark_of(roll_call: RollCall, student: Student) -> tuple[Mark, RollMark | None]:
    """What the roll call says of a child; without a row it was present. Ask :func:`lists` first."""
    row = RollMark.objects.filter(roll_call=roll_call, student=student).first()
    return (Mark(row.mark) if row else Mark.PRESENT), row


def lists(roll_call: RollCall, student: Student) -> bool:
    """Whether the roll call speaks of this child at all."""
    if student.pk in roll_call.apart:
        return False
    version = roll_call.roster_version
    return (
        student.enrolments.filter(
            klass=roll_call.klass_id, entry_version__lte=version, first__lte=roll_call.day
        )
        .filter(Q(exit_version=None) | Q(exit_version__gt=version))
        .exists()
        or RollMark.objects.filter(roll_call=roll_call, student=student).exists()
    )


def unlisted(roll_call: RollCall) -> list[Student]:
    """Children on the class's roll that day whom the roster of this roll call did not list yet: unknown."""
    day = roll_call.day
    return list(
        Student.objects.filter(
            Q(enrolments__last=None) | Q(enrolments__last__gte=day),
            enrolments__klass=roll_call.klass_id,
            enrolments__first__lte=day,
            enrolments__entry_version__gt=roll_call.roster_version,
            status=Status.ENROLLED,
        )
        .exclude(roll_marks__roll_call=roll_call)
        .order_by("seat", "pinyin", "pk")
    )


def today_of(klass: Place, day: date) -> dict[Session, RollCall]:
    """The roll calls of a class on a day, by session."""
    taken = RollCall.objects.filter(klass=klass, day=day).select_related("taken_by")
    return {Session(roll_call.session): roll_call for roll_call in taken}


def taken_on(classes: Iterable[Place], day: date) -> dict[tuple[int, Session], RollCall]:
    """The roll calls of many classes on a day, by class and session: one query."""
    rows = RollCall.objects.filter(klass__in=[klass.pk for klass in classes], day=day)
    return {(row.klass_id, Session(row.session)): row for row in rows.select_related("taken_by")}


def apart_of(roll_call: RollCall) -> list[Student]:
    """The children on the roll whom this roll call did not mark: dropouts and suspended."""
    return list(Student.objects.filter(pk__in=roll_call.apart).order_by("seat", "pinyin", "pk"))
