"""Regulations side by side: for one child on the timeline of what happened, and rule by rule. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from guixiao.facts import Fact, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange
from guixiao.facts.codes import Mark as Marked
from guixiao.people.models import Student
from guixiao.places.wording import title_of, word
from guixiao.policy import AdoptedPack, Happened, Outcome, Pack, Subject, SubjectKind
from guixiao.policy.law import ParameterValue
from guixiao.policy.parameters import notation, resolve
from guixiao.policy.rehearse import Mark, Rehearsed, marks, over
from guixiao.policy.say import deadline as in_words
from guixiao.policy.templates import STAGES

from .gather import Inputs, gather
from .words import Names, act_of

FACTS = (
    happenings.AbsenceMarked,
    happenings.ArrivedLate,
    happenings.LeaveGranted,
    happenings.Returned,
    happenings.ContactMade,
    happenings.HomeVisitMade,
    happenings.Reported,
    happenings.PlanMade,
    happenings.PlanApproved,
    happenings.CaseOpened,
    happenings.CaseStageChanged,
    happenings.CaseClosed,
    happenings.EnrolmentChanged,
)


@dataclass(frozen=True, slots=True)
class Demanded:
    """One demand as a reader sees it beside the others."""

    outcome: Outcome
    marks: tuple[Mark, ...]
    who: str
    together: str
    to: str
    act: str


@dataclass
class Row:
    """One day: what happened, and what each regulation demands from it on, in the order of the regulations."""

    day: date
    happened: list[str] = field(default_factory=list)
    cells: list[list[Demanded]] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """The whole comparison: the regulations, the days, and how many demands each has and alone has."""

    packs: tuple[Pack, ...]
    rows: tuple[Row, ...]
    counts: tuple[dict[str, int], ...]


def inputs_of(student: Student, today: date, first: date) -> Inputs | None:
    """What the engine needs for one child."""
    subject = Subject(SubjectKind.STUDENT, student.pk)
    return gather([subject], today, first).get(subject)


def adoptions_of(inputs: Inputs, pack: Pack) -> tuple[AdoptedPack, ...]:
    """The regulation as adopted over the child, the latest at each place; as written where nobody adopted it."""
    latest = {one.place_id: one for one in inputs.packs if one.pack.code == pack.code}
    return tuple(latest.values()) or (AdoptedPack(pack, inputs.org, date.min),)


def rehearsed(inputs: Inputs, packs: Sequence[Pack], first: date, last: date) -> list[Rehearsed]:
    """What each regulation alone would have demanded between two days."""
    found = []
    for pack in packs:
        each = replace(inputs, packs=adoptions_of(inputs, pack))
        found.append(over(each.subject, each.facts, each.standing, each.calendar, each.packs, first, last))
    return found


def side_by_side(
    packs: Sequence[Pack],
    found: Sequence[Rehearsed],
    facts: Iterable[Happened],
    first: date,
    last: date,
    people: Mapping[int, str],
) -> Side:
    """One timeline: each day on which something happened or is demanded. Demands stand on the day they arose."""
    rows: dict[date, Row] = {}

    def row(day: date) -> Row:
        return rows.setdefault(day, Row(day, cells=[[] for _pack in packs]))

    for day, text in _told(facts, first, last):
        if text not in row(day).happened:
            row(day).happened.append(text)
    for n, rehearsal in enumerate(found):
        others = [other for m, other in enumerate(found) if m != n]
        for outcome in sorted(rehearsal.outcomes, key=lambda o: (o.opened, o.due, o.rule)):
            demanded = _demanded(outcome, marks(outcome, others), people)
            row(day_of(outcome.opened)).cells[n].append(demanded)
    counts = tuple(_counts(n, rows.values()) for n in range(len(packs)))
    return Side(tuple(packs), tuple(rows[day] for day in sorted(rows)), counts)


def _counts(n: int, rows: Iterable[Row]) -> dict[str, int]:
    cells = [one for row in rows for one in row.cells[n]]
    return {"all": len(cells), "only": sum(Mark.ONLY in one.marks for one in cells)}


def _demanded(outcome: Outcome, found: tuple[Mark, ...], people: Mapping[int, str]) -> Demanded:
    def named(asked: str, post: str, person: int | None) -> str:
        name = people.get(person or 0, "")
        title = title_of(asked) if asked == post else _("%(asked)s（由%(post)s承担）") % {
            "asked": title_of(asked), "post": title_of(post)
        }  # fmt: skip
        return f"{title} {name}".strip()

    return Demanded(
        outcome,
        found,
        named(outcome.accountable.asked, outcome.accountable.post, outcome.accountable.person),
        _("、").join(named(who.asked, who.post, who.person) for who in outcome.together_with),
        _("、").join(named(who.asked, who.post, who.person) for who in outcome.report_to),
        act_of(outcome.act, outcome.title),
    )


def people_in(found: Iterable[Rehearsed]) -> set[int]:
    """Everybody a comparison names."""
    everyone = (
        who
        for rehearsal in found
        for o in rehearsal.outcomes
        for who in (o.accountable, *o.together_with, *o.report_to)
    )
    return {who.person for who in everyone if who.person is not None}


def _told(facts: Iterable[Happened], first: date, last: date) -> Iterator[tuple[date, str]]:
    for happened in sorted(facts, key=lambda h: (h.at, h.entry)):
        if (
            isinstance(happened.fact, FACTS)
            and getattr(happened.fact, "change", "") != EnrolmentChange.ENTERED
        ):
            day = getattr(happened.fact, "day", None) or day_of(happened.at)
            if first <= day <= last:
                yield day, _fact_words(happened.fact)


def _fact_words(fact: Fact) -> str:
    if isinstance(fact, happenings.AbsenceMarked):
        return _("未请假没来") if fact.mark is Marked.NONE else _("请假")
    if isinstance(fact, happenings.CaseStageChanged):
        return _("个案到“%(stage)s”") % {"stage": word(STAGES[fact.now.value])}
    if isinstance(fact, happenings.Reported):
        return act_of(fact.act, word(type(fact).title))
    return word(type(fact).title)


# --- numbers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """One parameter in one regulation: its value here, who chose it or whether the text says it."""

    title: str
    value: str
    how: str
    note: str


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One name of a parameter across the regulations: ``shared`` by more than one, ``differs`` in value."""

    cells: tuple[Number | None, ...]
    shared: bool
    differs: bool


def numbers(
    packs: Sequence[Pack], adoptions: Mapping[str, Sequence[AdoptedPack]], today: date
) -> list[NumberRow]:
    """Every parameter of the regulations, those of one name on one line, the shared ones first."""
    rows: list[NumberRow] = []
    for code in dict.fromkeys(code for pack in packs for code in pack.parameters):
        values: dict[str, ParameterValue] = {}
        cells = tuple(_number(code, pack, adoptions.get(pack.code, ()), today, values) for pack in packs)
        said = {notation(value) for value in values.values()}
        rows.append(NumberRow(cells, len(values) > 1, len(said) > 1))
    return sorted(rows, key=lambda row: row.cells.count(None))


def _number(
    code: str, pack: Pack, adopted: Sequence[AdoptedPack], today: date, values: dict[str, ParameterValue]
) -> Number | None:
    parameter = pack.parameters.get(code)
    if parameter is None:
        return None
    value, chosen = resolve(code, pack, adopted, today, refuse=False)
    values[pack.code] = value
    how = (
        _("%(place)s选定") % {"place": chosen.place_name}
        if chosen
        else _("照原文")
        if parameter.written
        else _("原文没有写，这是暂定的")
    )
    return Number(word(parameter.title), value_words(value), how, word(parameter.note))


def value_words(value: ParameterValue) -> str:
    """A parameter's value in words."""
    return str(value) if isinstance(value, int) else in_words(notation(value), Names())
