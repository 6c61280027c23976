"""What the routes of this app are about, for the generated access tests: route → kwargs, inside or outside."""

from __future__ import annotations

from collections.abc import Callable

from guixiao.facts import SYSTEM
from guixiao.places import actions as places
from guixiao.places.models import Holding
from guixiao.returns import actions
from guixiao.returns.models import MonthlyReturn
from guixiao.testing.cast import START, Cast

from .tools import MONTH_END

Target = Callable[[Cast, bool], dict[str, object]]
PERIOD = "2026-09"


def report(cast: Cast, inside: bool) -> MonthlyReturn:
    school = cast.school if inside else cast.places["双河小学"]
    found = MonthlyReturn.objects.filter(school=school).first()
    if found:
        return found
    person = cast.holdings["student_affairs"].person_id if inside else _far_dean(cast).person_id
    return actions.compile_return(by=SYSTEM, now=MONTH_END, school=school, period=PERIOD, person_id=person)


def _far_dean(cast: Cast) -> Holding:
    if "far_dean" not in cast.holdings:
        far = places.add_person(by=SYSTEM, now=START, name="远处教导")
        cast.holdings["far_dean"] = places.hold_post(
            by=SYSTEM, now=START, person=far, place=cast.places["双河小学"], post="dean", first=START.date()
        )
    return cast.holdings["far_dean"]


def of_report(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": report(cast, inside).pk}


def of_list(cast: Cast, inside: bool) -> dict[str, object]:
    return {**of_report(cast, inside), "cell": "roll"}


def of_class(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.klass if inside else cast.places["一（1）班"]).pk}


def of_school(cast: Cast, inside: bool) -> dict[str, object]:
    return {"pk": (cast.school if inside else cast.places["双河小学"]).pk, "period": PERIOD}


TARGETS: dict[str, Target] = {
    "returns:current": of_school,
    "returns:check": of_class,
    "returns:show": of_report,
    "returns:list_behind": of_list,
    "returns:step": of_report,
    "returns:send_back": of_report,
    "returns:remind": of_report,
    "returns:excel": of_report,
}
