"""What meets an obligation: a small closed set of tests over what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guixiao.facts.clock import day_of
from guixiao.facts.codes import Outcome as Result
from guixiao.facts.codes import SignStep, Stage
from guixiao.facts.happenings import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseStageChanged,
    ContactMade,
    HomeVisitMade,
    PlanApproved,
    PlanMade,
    Reported,
    ReturnSentBack,
    ReturnStep,
    ReturnSubmitted,
    RollCallTaken,
)
from guixiao.facts.posts import POSTS, VILLAGE_POSTS, Level

from . import law as lex
from .in_force import Law
from .known import Known, Stated
from .standing import holds
from .streaks import Run
from .values import Progress, Subject
from .who import Who, line_above

_SCHOOL_LEVELS = (Level.CLASS, Level.GRADE, Level.SCHOOL, Level.CENTRAL_SCHOOL)
_STAGES = list(Stage)
_STEPS = list(SignStep)


@dataclass(slots=True)
class Met:
    """The entry that met a duty: when it happened and when the server knew."""

    at: datetime
    known: datetime
    entry: int


@dataclass(slots=True)
class Asked:
    """What is to be met: the rule as it binds, since when, and of which run or period."""

    subject: Subject
    rule: lex.Rule
    law: Law
    known: Known
    who: Who
    since: datetime
    day: date
    until: datetime | None = None
    run: Run | None = None
    period: str = ""
    first: date | None = None
    last: date | None = None


Answer = tuple[Met | None, Progress | None]


def met(asked: Asked) -> Answer:
    """The first fact that meets the obligation, and the progress of a quota."""
    test = asked.rule.met_by
    if isinstance(test, lex.Quota):
        return _quota(asked, test)
    found = sorted(_TESTS[type(test)](asked, test), key=lambda m: (m.at, m.entry))
    inside = (m for m in found if asked.until is None or m.at <= asked.until)
    return next(inside, None), None


def _window(asked: Asked, stated: Iterable[Stated[Any]]) -> Iterator[Stated[Any]]:
    return (s for s in stated if s.at >= asked.since)


def _met(stated: Stated[Any], received: bool = False) -> Met:
    """``received``: it counts from when the server had it."""
    return Met(stated.recorded if received else stated.at, stated.recorded, stated.entry)


def _went(asked: Asked, wanted: Iterable[str], went: tuple[str, ...], day: date) -> bool:
    """Whether every wanted post went: itself, or the post that carries it while it is vacant."""
    return all(post in went or asked.who.answers(post, day).post in went for post in wanted)


def _home_visit(asked: Asked, test: lex.HomeVisit) -> Iterator[Met]:
    school, village = asked.law.count(test.school), asked.law.count(test.village)
    for visit in _window(asked, asked.known.of(HomeVisitMade)):
        posts = visit.fact.posts
        if not asked.known.stands(visit):
            continue
        if sum(POSTS[p].level in _SCHOOL_LEVELS for p in posts if p in POSTS) < school:
            continue
        if sum(p in VILLAGE_POSTS for p in posts) < village:
            continue
        if set(test.contents) <= set(visit.fact.contents) and _went(
            asked, test.with_posts, posts, day_of(visit.at)
        ):
            yield _met(visit, test.received)


def _contact(asked: Asked, test: lex.Contact) -> Iterator[Met]:
    stated: list[Stated[Any]] = [*asked.known.of(ContactMade), *asked.known.of(HomeVisitMade)]
    for contact in _window(asked, stated):
        fact = contact.fact
        if not asked.known.stands(contact) or (test.reached and fact.outcome is Result.NOBODY):
            continue
        if _went(asked, test.with_posts, fact.posts, day_of(contact.at)):
            yield _met(contact, test.received)


def _reported(asked: Asked, test: lex.ReportedTo) -> Iterator[Met]:
    for report in _window(asked, asked.known.of(Reported)):
        day = day_of(report.at)
        by = not report.post or report.post in _entitled(asked, day)
        if report.fact.period is not None and asked.period and report.fact.period != asked.period:
            continue
        if by and report.fact.act == asked.rule.must and _went(asked, test.to, report.fact.to, day):
            yield _met(report)


def _entitled(asked: Asked, day: date) -> set[str]:
    """Who may state that the report was given: the post, who carries it, or a post above."""
    who = asked.rule.who
    return {who, asked.who.answers(who, day).post, *line_above(who)}


def _roll_report(asked: Asked, test: lex.RollReport) -> Iterator[Met]:
    mark = asked.run.on.get(asked.day) if asked.run else None
    if mark is not None and mark.at is not None and mark.known is not None:
        yield Met(mark.known if test.received else mark.at, mark.known, mark.entries[0])
    if asked.rule.report_to:
        yield from (
            told
            for told in _reported(asked, lex.ReportedTo(asked.rule.report_to))
            if day_of(told.at) == asked.day
        )


def _plan(asked: Asked, test: lex.PlanWith) -> Iterator[Met]:
    for plan in _window(asked, asked.known.of(PlanMade)):
        if _went(asked, test.with_posts, plan.fact.with_posts, day_of(plan.at)):
            yield _met(plan)


def _plan_approved(asked: Asked, _test: lex.PlanApprovedTest) -> Iterator[Met]:
    return (_met(s) for s in _window(asked, asked.known.of(PlanApproved)))


def _stage(asked: Asked, test: lex.StageReached) -> Iterator[Met]:
    """The case stands at the stage or beyond; one that was closed before does not count."""
    closed = max((s.at for s in asked.known.of(CaseClosed) if s.at < asked.since), default=None)
    wanted = _STAGES.index(test.stage)
    if test.stage is Stage.OPEN:
        begun: list[Stated[Any]] = [*asked.known.of(CaseOpened), *asked.known.of(CaseReopened)]
        for opened in begun:
            if closed is None or opened.at > closed:
                yield _met(opened)
    for change in asked.known.of(CaseStageChanged):
        beyond = wanted <= _STAGES.index(change.fact.now) <= _STAGES.index(Stage.PERSUADING)
        if beyond and (closed is None or change.at > closed):
            yield _met(change)


def _roll_call(asked: Asked, test: lex.RollCallTest) -> Iterator[Met]:
    for roll in asked.known.of(RollCallTaken):
        fact = roll.fact
        if fact.day != asked.day or fact.class_id != asked.subject.id:
            continue
        if test.session is None or fact.session is test.session:
            yield Met(fact.device_at or roll.recorded, roll.recorded, roll.entry)


def _return_step(asked: Asked, test: lex.ReturnStepTest) -> Iterator[Met]:
    wanted = _STEPS.index(test.step)
    back = [
        s.cut
        for s in asked.known.of(ReturnSentBack)
        if s.fact.period == asked.period and _STEPS.index(s.fact.step) <= wanted
    ]
    for step in asked.known.of(ReturnStep):
        fact = step.fact
        own_class = asked.subject.kind is not lex.SubjectKind.CLASS or fact.class_id == asked.subject.id
        stands = not back or step.cut > max(back)
        if fact.period == asked.period and fact.step is test.step and own_class and stands:
            yield _met(step)


def _return_submitted(asked: Asked, _test: lex.ReturnSubmittedTest) -> Iterator[Met]:
    return (_met(s) for s in asked.known.of(ReturnSubmitted) if s.fact.period == asked.period)


def _quota(asked: Asked, test: lex.Quota) -> Answer:
    """So many visits in the period, by head or by visit; half of 51 is 26."""
    first, last = asked.first or asked.day, asked.last or asked.day
    pupils = {p.student for p in asked.who.standing.pupils if any(holds(p, d) for d in (first, last))}
    needed = max(asked.law.count(test.at_least), -(-len(pupils) * asked.law.count(test.percent) // 100))
    done: dict[int, None] = {}
    reached: Met | None = None
    for n, visit in enumerate(_visits_between(asked, pupils, first, last)):
        done.setdefault(visit.fact.student if test.by == "head" else -n - 1)
        if len(done) == needed and reached is None:
            reached = _met(visit)
    return reached, Progress(len(done), needed)


def _visits_between(asked: Asked, pupils: set[int], first: date, last: date) -> list[Stated[HomeVisitMade]]:
    visits = [
        s
        for s in asked.known.of(HomeVisitMade)
        if first <= s.fact.day <= last and (not pupils or s.fact.student in pupils) and asked.known.stands(s)
    ]
    return sorted(visits, key=lambda s: (s.at, s.entry))


_TESTS: dict[type[Any], Callable[[Asked, Any], Iterator[Met]]] = {
    lex.HomeVisit: _home_visit,
    lex.Contact: _contact,
    lex.ReportedTo: _reported,
    lex.RollReport: _roll_report,
    lex.PlanWith: _plan,
    lex.PlanApprovedTest: _plan_approved,
    lex.StageReached: _stage,
    lex.RollCallTest: _roll_call,
    lex.ReturnStepTest: _return_step,
    lex.ReturnSubmittedTest: _return_submitted,
}
