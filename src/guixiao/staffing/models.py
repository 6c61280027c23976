"""Changes of class, handovers of posts. The staff sheets on their way in are in ``sheets.py``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.facts import By
from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Holding, Person, Place
from guixiao.places.wording import title_of


class TransferState(models.TextChoices):
    PLANNED = "planned", _("到日子自动调")
    DONE = "done", _("已调班")
    CANCELLED = "cancelled", _("已取消")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("没有调成")


class Transfer(Recorded):
    """A child changes its class inside a school from ``day`` (校内转班).

    ``enrolment`` is the enrolment it made, ``closed`` the one it ended; both empty until carried out.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="transfers")
    school = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    was = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=TransferState.choices)
    why = models.CharField(max_length=300, blank=True)
    enrolment = models.PositiveBigIntegerField(null=True)
    closed = models.PositiveBigIntegerField(null=True)
    account = models.PositiveBigIntegerField()
    post = models.CharField(max_length=40)
    org = models.PositiveBigIntegerField()
    for_account = models.PositiveBigIntegerField(null=True)
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(state="planned"), name="staffing_one_planned_transfer"
            )
        ]
        indexes = [
            models.Index(fields=["state", "day"], name="staffing_transfer_due"),
            models.Index(fields=["school", "-ordered_at"], name="staffing_transfer_school"),
        ]

    def __str__(self) -> str:
        return f"{self.student_id}: {self.was_id} → {self.klass_id} {self.day}"

    @property
    def by(self) -> By:
        """Who ordered it: the author also of what happens when the day has come."""
        return By(self.account, self.post, self.org, self.for_account)


class HandoverState(models.TextChoices):
    DONE = "done", _("已交接")
    UNDONE = "undone", _("已撤销")


class Handover(Recorded):
    """A post passes from one person to another, or falls vacant, on ``day`` (the successor's first).

    ``matters`` holds the ids of what was open, by kind; ``moved`` pairs of ended and new assignments;
    ``deputies`` the deputyships that ended with the holding, with their former last day.
    """

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="handovers")
    successor = models.OneToOneField(
        Holding, on_delete=models.PROTECT, null=True, related_name="taken_over_by"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handovers")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="taken_over")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=40)
    day = models.DateField()
    was_last = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.DONE)
    matters = models.JSONField(default=dict)
    moved = models.JSONField(default=list)
    deputies = models.JSONField(default=list)
    account = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_person", "taken_at"], name="staffing_handover_to"),
            models.Index(fields=["person", "-at"], name="staffing_handover_from"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.place_id}: {self.person_id} → {self.to_person_id}"

    @property
    def left(self) -> int:
        """How many matters were open when it was handed over."""
        return sum(kept["all"] for kept in self.matters.values())

    @property
    def post_title(self) -> str:
        return title_of(self.post)
