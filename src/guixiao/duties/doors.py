"""Which button does it: from what meets a duty to the page where that is done.

Pages of apps above are reached by URL name only; a page that does not exist, or is not open, gives no button.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.access.actor import Actor
from guixiao.access.matrix import may_open
from guixiao.journal.models import Entry

from .models import Duty
from .words import test_code


@dataclass(frozen=True, slots=True)
class Door:
    url: str
    verb: str


# what meets it → ways to do it, the first open one is taken: (route, what it takes, verb)
WAYS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "met_home_visit": (("visits:new", "student", gettext_noop("准备家访")),),
    "met_contact": (("visits:new", "student", gettext_noop("记联系")),),
    "met_reported": (("duties:report", "duty", gettext_noop("去报告")),),
    "met_roll_report": (("rollcall:take", "class", gettext_noop("去点名")),),
    "met_roll_call": (("rollcall:take", "class", gettext_noop("去点名")),),
    "met_plan": (
        ("cases:plan", "case", gettext_noop("拟方案")),
        ("cases:show", "case", gettext_noop("看个案")),
        ("cases:open", "student", gettext_noop("立案")),
    ),
    "met_plan_approved": (
        ("cases:approve", "case", gettext_noop("批准方案")),
        ("cases:show", "case", gettext_noop("看个案")),
        ("people:show", "student", gettext_noop("看学生")),
    ),
    "met_return_step": (("returns:list", "", gettext_noop("看报表")),),
    "met_return_submitted": (("returns:list", "", gettext_noop("看报表")),),
    "met_stage": (
        ("cases:show", "case", gettext_noop("看个案")),
        ("cases:open", "student", gettext_noop("立案")),
        ("people:show", "student", gettext_noop("看学生")),
    ),
    "met_quota": (("visits:mine", "", gettext_noop("去家访")),),
    "": (("people:show", "student", gettext_noop("去查清")),),
}


class Doors:
    """The doors for some duties; one query for the cases of their children."""

    def __init__(self, actor: Actor, duties: Iterable[Duty]) -> None:
        self._actor = actor
        wanting = [d.student_id for d in duties if d.student_id and test_code(d) in CASES]
        self._cases: dict[int, int] = {}
        opened = Entry.objects.filter(student__in=wanting, kind__in=("case_opened", "case_reopened"))
        for student, payload in opened.order_by("pk").values_list("student", "payload") if wanting else ():
            self._cases[student or 0] = payload["case"]

    def of(self, duty: Duty) -> Door | None:
        """The first way to do it that is open to this actor."""
        for route, takes, verb in WAYS.get(test_code(duty), WAYS[""]):
            number = self._number(duty, takes)
            url = self._address(route, number, takes) if number is not None else ""
            if url:
                extra = f"?duty={duty.pk}" if route == "visits:new" else ""
                return Door(url + extra, _(verb))
        return None

    def _number(self, duty: Duty, takes: str) -> int | None:
        if takes == "case":
            return self._cases.get(duty.student_id or 0)
        if takes == "class":
            return duty.place_id
        return {"student": duty.student_id, "duty": duty.pk}.get(takes, 0)

    def _address(self, route: str, number: int, takes: str) -> str:
        if not may_open(self._actor, route):
            return ""
        try:
            return reverse(route, args=[number] if takes else [])
        except NoReverseMatch:
            return ""


CASES = frozenset(
    test for test, ways in WAYS.items() if any(takes == "case" for _route, takes, _verb in ways)
)
