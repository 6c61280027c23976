"""After a commit: duties first, then cases follow. Idempotent, like the duties it follows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from guixiao.duties import settle as duties
from guixiao.duties.models import Duty
from guixiao.facts import SYSTEM, By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.journal.append import Touched
from guixiao.people.models import ON_THE_ROLL, Student
from guixiao.rollcall.queries.days import State, day_states

from . import actions
from .models import Case

log = logging.getLogger(__name__)

OPENING_ACTS = frozenset({"make_plan", "approve_plan", "mark_suspected_dropout"})
REOPEN_FROM = 1  # absent days after which a closed case opens again (standards.md §15)
AWAY = (Stage.OPEN, Stage.SUSPECTED, Stage.CONFIRMED, Stage.PERSUADING)
BACK = (Stage.RETURNED, Stage.FOLLOWING)
LOOK_BACK = timedelta(days=60)


def settle(touched: Iterable[Touched], now: datetime) -> None:
    """Bring the duties of what was touched up to date, then the cases, then the duties those changed."""
    touched = set(touched)
    duties.settle(touched, now)
    after_duties(touched, now)


def after_duties(touched: Iterable[Touched], now: datetime) -> None:
    """What is left to do where the duties are settled already, as after a tick."""
    moved = follow(touched, now)
    if moved:
        duties.settle({Touched("student", pk) for pk in moved}, now)


def follow(touched: Iterable[Touched], now: datetime) -> set[int]:
    """Open, move on and reopen the cases of these children. Returns the children whose case changed.

    Nothing here closes a case or judges a child: it opens files and notes what roll calls say.
    """
    touched = list(touched)
    students = {item.id for item in touched if item.kind == "student"}
    places = [item.id for item in touched if item.kind == "place"]
    if places:
        here = Case.objects.filter(student__klass__in=places).exclude(stage=Stage.CLOSED)
        students |= set(here.values_list("student_id", flat=True))
    if not students:
        return set()
    moved = _open_demanded(students, now)
    return moved | _see_who_came(students - moved, now)


def _open_demanded(students: set[int], now: datetime) -> set[int]:
    """A case for each child whose absence has come so far that a rule asks for a plan or a mark."""
    demanded: dict[int, list[Duty]] = {}
    rows = Duty.objects.filter(student__in=students, demanded=True).exclude(days=[])
    for duty in rows.order_by("opened_at", "pk"):
        demanded.setdefault(duty.student_id or 0, []).append(duty)
    if not demanded:
        return set()
    latest = {case.student_id: case for case in Case.objects.filter(student__in=demanded).order_by("pk")}
    moved: set[int] = set()
    for student in Student.objects.filter(pk__in=demanded, status__in=ON_THE_ROLL).select_related(
        "school", "village"
    ):
        case = latest.get(student.pk)
        if _follow_demand(student, case, demanded[student.pk], now):
            moved.add(student.pk)
    return moved


def _follow_demand(student: Student, case: Case | None, demanded: list[Duty], now: datetime) -> bool:
    opening = [duty for duty in demanded if duty.act in OPENING_ACTS]
    by = _system(student)
    try:
        if case is None:
            return bool(opening) and _opened(by, now, student, opening[0])
        if case.stage == Stage.CLOSED:
            return _reopened(by, now, case, demanded)
        if case.stage in BACK and any(duty.day > _since(case) for duty in opening):
            actions.left_again(by=by, now=now, case=case, day=day_of(now))
            return True
    except (ValidationError, IntegrityError) as beaten:  # another request did it in the meantime
        log.info("case of student %s: %s", student.pk, beaten)
    return False


def _opened(by: By, now: datetime, student: Student, duty: Duty) -> bool:
    ground = _("%(clause)s：%(what)s") % {
        "clause": f"《{duty.clause_title}》{duty.clause_article}",
        "what": duty.title,
    }
    actions.open_case(
        by=by, now=now, student=student, ground=ground[:300], day=duty.day, by_rule=f"{duty.pack}/{duty.rule}"
    )
    return True


def _reopened(by: By, now: datetime, case: Case, demanded: list[Duty]) -> bool:
    closed = case.closed_at or now
    for duty in demanded:
        if duty.opened_at > closed and len(duty.days) >= REOPEN_FROM and duty.day >= day_of(closed):
            ground = _("销号后又没来，接着 %(number)s 号个案办。") % {"number": case.number}
            rule = f"{duty.pack}/{duty.rule}"
            actions.reopen(by=by, now=now, case=case, ground=ground, day=duty.day, by_rule=rule)
            return True
    return False


def _see_who_came(students: set[int], now: datetime) -> set[int]:
    """Cases whose child a roll call has found at school again."""
    cases = Case.objects.filter(student__in=students, stage__in=AWAY).select_related(
        "student__school", "student__village"
    )
    waiting = {case.student_id: case for case in cases}
    if not waiting:
        return set()
    today = day_of(now)
    states = day_states(list(waiting), today - LOOK_BACK, today)
    moved: set[int] = set()
    for pk, case in waiting.items():
        day = came_back(case, [(one.day, one.state) for one in states.get(pk, [])])
        if day is None:
            continue
        try:
            actions.found_present(by=_system(case.student), now=now, case=case, day=day)
            moved.add(pk)
        except ValidationError as beaten:
            log.info("case %s: %s", case.number, beaten)
    return moved


def came_back(case: Case, days: list[tuple[date, State]]) -> date | None:
    """The first day on which the child was there again and since which it was never missing without leave.

    Without any absence on record (a dropout known beforehand) only presence after a stated return counts.
    """
    missing = [day for day, state in days if state is State.NONE]
    came = [(day, state) for day, state in days if state in (State.PRESENT, State.LATE)]
    if missing:
        last = missing[-1]
        back = [day for day, _state in came if day > last and day >= case.opened_day]
    else:
        late = [day for day, state in came if state is State.LATE and day >= case.opened_day]
        stated = case.returned_on
        back = late or [day for day, _state in came if stated is not None and day >= stated]
    return back[0] if back else None


def _since(case: Case) -> date:
    step = case.steps.filter(stage=Stage.RETURNED).order_by("pk").last()
    return step.day if step else case.opened_day


def _system(student: Student) -> By:
    """The system, in the chain of the child's school (or village)."""
    home = student.school or student.village
    return replace(SYSTEM, org=home.org_id if home else 0)
