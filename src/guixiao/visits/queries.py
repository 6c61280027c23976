"""Visits an actor may see."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.functional import Promise

from guixiao.access.actor import Actor
from guixiao.access.models import Account
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Means, Outcome, VisitContent
from guixiao.facts.posts import POSTS
from guixiao.people.models import Student
from guixiao.people.scopes import student_q
from guixiao.places.wording import title_of

from .models import HarmReport, Visit
from .words import CAUSES, CONTENTS, HARM_READERS, MEANS, MET, OUTCOMES

Word = str | Promise


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """The visits of the children whose visits the actor may see."""
    return Visit.objects.filter(student_q(actor, "visit.view", "student__"))


def visit_or_404(actor: Actor, pk: int) -> Visit:
    found = (
        visible_visits(actor)
        .select_related("student", "student__klass", "student__school", "student__village")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def mine(actor: Actor, search: str = "") -> QuerySet[Visit]:
    """What this account recorded, of children it may still see, newest first."""
    rows = visible_visits(actor).filter(author=actor.account).select_related("student", "student__klass")
    if search:
        rows = rows.filter(
            Q(student__name__icontains=search) | Q(student__pinyin__istartswith=search.lower())
        )
    return rows.order_by("-day", "-pk")


def of_student(student: Student) -> QuerySet[Visit]:
    return student.visits.prefetch_related("went").order_by("-day", "-pk")


def may_read_harm(actor: Actor, report: HarmReport) -> bool:
    """Its author, the principal of the child's school, the county's education section; nobody else."""
    if report.author == actor.account:
        return True
    path = report.student.path or report.student.home_path
    return any(held.post in HARM_READERS and held.path and path.startswith(held.path) for held in actor.held)


def harm_of_student(actor: Actor, student: Student) -> list[HarmReport]:
    reports = HarmReport.objects.filter(student=student).select_related("student").order_by("-at")
    return [report for report in reports if may_read_harm(actor, report)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A visit in words, for pages and print."""

    visit: Visit
    means: Word
    outcome: Word
    met: list[Word]
    causes: list[Word]
    contents: list[tuple[Word, str]]
    went: list[tuple[str, str]]
    late: bool


def in_words(visit: Visit) -> Shown:
    texts = json.loads(visit.contents)
    return Shown(
        visit=visit,
        means=MEANS[Means(visit.means)],
        outcome=OUTCOMES[Outcome(visit.outcome)][0],
        met=[MET[code] for code in visit.met if code in MET],
        causes=[CAUSES[code] for code in visit.causes if code in CAUSES],
        contents=[(CONTENTS[code][0], texts[code]) for code in VisitContent if texts.get(code)],
        went=[(row.name, title_of(row.post) if row.post in POSTS else row.role) for row in visit.went.all()],
        late=day_of(visit.recorded_at) > visit.day,
    )


def name_of(account: int) -> str:
    """Who an account belongs to, for "recorded by"."""
    found = Account.objects.filter(pk=account).values_list("person__name", flat=True).first()
    return found or ""
