"""The preview of a school's coming school year, and what its opening made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.journal.records import Recorded
from guixiao.places.models import Place


class State(models.TextChoices):
    DRAFT = "draft", _("拟定中")
    OPENED = "opened", _("已开学年")
    UNDONE = "undone", _("已撤销")


class YearOpening(Recorded):
    """The school year that begins in autumn of ``year`` at one school.

    ``plan`` is :class:`guixiao.schoolyear.plan.Plan` as JSON: ids, numbers and names of classes, no child's name.
    ``version`` counts the changes, so that two people who edit at once notice each other; ``before`` is the plan
    one step ago. ``first`` is the first day of the new classes; ``made`` lists what opening made and ended.
    """

    school = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="year_openings")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    plan = models.JSONField()
    before = models.JSONField(null=True)
    first = models.DateField(null=True)
    made = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    unrecorded: ClassVar[tuple[str, ...]] = ("before",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year"],
                condition=~Q(state="undone"),
                name="schoolyear_one_opening",
            )
        ]
        indexes = [models.Index(fields=["year", "state"], name="schoolyear_year_state")]

    def __str__(self) -> str:
        return f"{self.school_id} {self.year} {self.state}"
