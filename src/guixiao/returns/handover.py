"""Returns that wait for somebody's hand, for the list of a handover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixiao.access.actor import Actor
from guixiao.facts.clock import day_of
from guixiao.places import paths
from guixiao.places.models import Holding
from guixiao.staffing.matters import Id, Item

from .models import NEXT, MonthlyReturn
from .periods import spoken
from .queries import awaited, signatures, visible
from .who import staff


class WaitingReturns:
    """The step that a return waits for belongs to a post: it passes on with the post."""

    kind = "returns"
    title = gettext_lazy("等着签的报表")
    advice = gettext_lazy("接任日以前由原任签，以后由接任人签；签过的不用重签。")

    def open(self, holding: Holding, now: datetime) -> list[Id]:
        near = MonthlyReturn.objects.filter(superseded=False, state__in=list(NEXT))
        line = near.filter(school__in=paths.ids(holding.place.path))
        rows = (line | near.filter(paths.beneath("path", holding.place.path))).order_by("period", "pk")
        return [report.pk for report in rows if self._waits_for(report, holding, now)]

    def _waits_for(self, report: MonthlyReturn, holding: Holding, now: datetime) -> bool:
        team = staff([report.path, *(row["path"] for row in report.classes)], day_of(now))
        missing = awaited(report, team, signatures(report))
        return any(
            (seat.person, seat.post, seat.place) == (holding.person_id, holding.post, holding.place_id)
            for _klass, seats in missing
            for seat in seats
        )

    def show(self, holding: Holding, ids: Sequence[Id], actor: Actor) -> list[Item]:
        rows = MonthlyReturn.objects.filter(pk__in=ids).select_related("school").order_by("period", "pk")
        seen = set(visible(actor).filter(pk__in=ids).values_list("pk", flat=True))
        return [
            Item(
                report.pk,
                report.school.name,
                _("%(month)s月报：%(state)s")
                % {"month": spoken(report.period), "state": report.get_state_display()},
                url=reverse("returns:show", args=[report.pk]) if report.pk in seen else "",
                done=report.locked or report.superseded,
            )
            for report in rows
        ]
