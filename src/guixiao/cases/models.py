"""A case, the versions of its plan, and the proposals to close it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guixiao.facts.codes import Risk, Stage
from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Person, Place

from .known.models import Known, KnownBatch, KnownRow, KnownRowState, KnownState

__all__ = [
    "Case",
    "Closing",
    "Known",
    "KnownBatch",
    "KnownRow",
    "KnownRowState",
    "KnownState",
    "Plan",
    "PlanRow",
    "StageStep",
]

STAGES = [(stage.value, stage.value) for stage in Stage]


class Case(Recorded):
    """One absence from school with all that was done about it. A child has at most one that is not closed.

    ``serial`` counts per county and year and gives the number (``2026-0147``). ``returned_on`` is the day
    somebody stated the child came back; the stage follows when a roll call agrees.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="cases")
    county = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    stage = models.CharField(max_length=20, choices=STAGES, default=Stage.OPEN.value)
    ground = models.CharField(max_length=300)
    by_rule = models.CharField(max_length=120, blank=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    opened_day = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.PositiveBigIntegerField()
    opened_post = models.CharField(max_length=40)
    risk = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Risk], blank=True)
    risk_reason = models.CharField(max_length=300, blank=True)
    returned_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "serial"], name="cases_case_number"),
            models.UniqueConstraint(
                fields=["student"], condition=~Q(stage=Stage.CLOSED.value), name="cases_one_open_case"
            ),
        ]
        indexes = [models.Index(fields=["stage", "-opened_day"], name="cases_case_stage")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:04d}"

    @property
    def is_open(self) -> bool:
        return self.stage != Stage.CLOSED


class StageStep(Recorded):
    """The case stood at ``stage`` from ``day`` on."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=20, choices=STAGES)
    day = models.DateField()
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage} {self.day}"


class Plan(Recorded):
    """A version of the plan (E01-27: 定人员、定任务、定时间、定标准). Only an approved one is in force."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    with_posts = models.JSONField(default=list)
    day = models.DateField()
    maker = models.PositiveBigIntegerField()
    maker_post = models.CharField(max_length=40)
    approved_day = models.DateField(null=True)
    approver = models.PositiveBigIntegerField(null=True)
    approver_post = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="cases_plan_version")]

    def __str__(self) -> str:
        return f"plan {self.version} of {self.case_id}"


class PlanRow(Recorded):
    """Who does what by when, and how one sees that it was done."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rows")
    order = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=60)
    task = models.CharField(max_length=200)
    by_day = models.DateField()
    standard = models.CharField(max_length=200)
    done_day = models.DateField(null=True)
    done_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="cases_plan_row")]

    def __str__(self) -> str:
        return self.task


class Closing(Recorded):
    """A proposal to close, with a lawful reason and evidence; decided by another person in a higher post."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closings")
    reason = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    was_stage = models.CharField(max_length=20, choices=STAGES)
    day = models.DateField()
    proposer = models.PositiveBigIntegerField()
    proposer_post = models.CharField(max_length=40)
    decided_day = models.DateField(null=True)
    decider = models.PositiveBigIntegerField(null=True)
    decider_post = models.CharField(max_length=40, blank=True)
    agreed = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_day=None), name="cases_one_closing")
        ]

    def __str__(self) -> str:
        return f"closing of {self.case_id}: {self.reason}"
