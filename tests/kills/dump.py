"""What the law came to, in words that mean the same in two databases: no ids that only one of them gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from guixiao.cases.models import Case
from guixiao.duties.models import Duty, DutyRung, State
from guixiao.notify.models import Kind, Notice
from guixiao.people.models import Enrolment, Student
from guixiao.places.models import Place

TOLD = (Kind.OPENED, Kind.DUE, Kind.ESCALATED)


class Names:
    """Children by their number, places by their way through the tree, people by their id in the base."""

    @cached_property
    def places(self) -> dict[int, str]:
        rows = {place.pk: place for place in Place.objects.all()}

        def way(pk: int | None) -> str:
            return f"{way(rows[pk].parent_id)}/{rows[pk].name}" if pk else ""

        return {pk: way(pk) for pk in rows}

    @cached_property
    def children(self) -> dict[int, str]:
        return {child.pk: f"{child.name} {child.id_index[:12]}" for child in Student.objects.all()}

    def subject(self, duty: Duty) -> str:
        match duty.kind:
            case "student":
                return self.children[duty.subject]
            case "person":
                return f"person {duty.subject}"
            case _:
                return self.places[duty.subject]

    def duty(self, duty: Duty) -> str:
        return f"{duty.pack}/{duty.rule} {duty.kind} {self.subject(duty)} {duty.episode}"


def dump(*, demanded: bool, without: Collection[int] = ()) -> dict[str, Any]:
    """Duties with state, deadline and who answers for them, and what hangs on them.

    ``demanded``: those of which something is still to be done, their rungs, who was told of them, and the cases.
    Else every duty but the withdrawn and those ``without`` any ground in the law as things stand: they count like
    ones never asked for, because an undisturbed run may settle two submissions together and never ask.
    """
    names = Names()
    rows = (
        Duty.objects.filter(demanded=True)
        if demanded
        else Duty.objects.exclude(state=State.WITHDRAWN).exclude(pk__in=without)
    )
    duties = {duty.pk: duty for duty in rows}
    found = {"duties": sorted(_duty(names, duty) for duty in duties.values())}
    if not demanded:
        return found
    rungs = DutyRung.objects.filter(duty__in=duties)
    cases = Case.objects.order_by("pk")
    enrolled = Enrolment.objects.filter(last=None)
    return found | {
        "rungs": sorted(
            f"{names.duty(duties[r.duty_id])} rung {r.rung} {r.post} {r.person_id}" for r in rungs
        ),
        "cases": sorted(f"{names.children[case.student_id]} {case.stage}" for case in cases),
        "told": sorted(f"{key} ×{n}" if n > 1 else key for key, n in _told(names, duties).items()),
        "enrolled": sorted(
            f"{names.children[row.student_id]} in {names.places[row.klass_id]} from {row.first}"
            for row in enrolled
        ),
    }


def _duty(names: Names, duty: Duty) -> str:
    words = [
        duty.state,
        "demanded" if duty.demanded else "",
        "late" if duty.late else "",
        f"due {_at(duty.due)}",
    ]
    words += [f"{duty.post} {duty.holder_id}", f"against {duty.against_id}" if duty.against_id else ""]
    return " · ".join([names.duty(duty), *filter(None, words)])


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(names: Names, duties: dict[int, Duty]) -> Counter[str]:
    rows = Notice.objects.filter(duty__in=duties, kind__in=TOLD).values_list(
        "duty", "kind", "person", "text", "key"
    )
    return Counter(
        f"{names.duty(duties[duty])} {kind} to {person} {key.split(':')[1] if kind == Kind.ESCALATED else ''}"
        for duty, kind, person, _text, key in rows
        if duty
    )
