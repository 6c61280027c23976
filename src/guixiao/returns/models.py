"""A return of one school for one month, its frozen lists, and who signed what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.access.vault import SealedField
from guixiao.facts.codes import SignStep
from guixiao.journal.records import Recorded
from guixiao.places.models import Person, Place


class State(models.TextChoices):
    """How far a return has come. Each step is one post's signature (A11-15…17)."""

    PREPARED = "prepared", _("待班主任核对")
    CHECKED = "checked", _("待分管副校长复核")
    REVIEWED = "reviewed", _("待校长签发")
    SIGNED = "signed", _("已签发锁定")
    SENT_BACK = "sent_back", _("已退回，待重编")


# Which state each step waits for, and which step each state asks for.
AWAITS = {SignStep.CHECKED: State.PREPARED, SignStep.REVIEWED: State.CHECKED, SignStep.SIGNED: State.REVIEWED}
NEXT = {state: step for step, state in AWAITS.items()}


class MonthlyReturn(Recorded):
    """Version ``version`` of a school's return for ``period`` (``2026-10``), as of ``cut_off``.

    A locked return is never changed; a compiled version that was sent back is kept beside its successor.
    ``classes`` holds, for each class that has a child in a list, ``{"id", "name", "path", "counts": {cell:
    heads}}``: the lengths of the frozen lists, so that a page of many schools reads one row a school.
    """

    school = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="returns")
    period = models.CharField(max_length=7)
    version = models.PositiveSmallIntegerField(default=1)
    cut_off = models.DateField()
    compiled_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    superseded = models.BooleanField(default=False)
    path = models.CharField(max_length=120)
    classes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "period", "version"], name="returns_one_version"),
            models.UniqueConstraint(
                fields=["school", "period"], condition=Q(superseded=False), name="returns_one_current"
            ),
        ]
        indexes = [models.Index(fields=["path", "period"], name="returns_path_period")]

    def __str__(self) -> str:
        return f"{self.school} {self.period} v{self.version}"

    @property
    def locked(self) -> bool:
        return self.state == State.SIGNED

    @property
    def zero(self) -> bool:
        """A zero return (零报告): nobody dropped out this month and nobody is still out (A04-15)."""
        return not (self.count("dropouts") or self.count("out"))

    def count(self, cell: str) -> int:
        return sum(row["counts"].get(cell, 0) for row in self.classes)


class ReturnLine(Recorded):
    """One child in one list of a return. The six fields of A11-18 are frozen and sealed in ``fields``."""

    report = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="lines")
    cell = models.CharField(max_length=20)
    student = models.PositiveBigIntegerField()
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    fields = SealedField(default="{}")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "cell", "student"], name="returns_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.cell} {self.student}"


class Signature(Recorded):
    """One step taken by one person in one post; class teachers sign once for each class.

    ``acting_for`` is whom a deputy stood in for. ``sole`` says aloud that the same person took two of the
    last three steps because nobody else holds the post.
    """

    report = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="signatures")
    step = models.CharField(max_length=12, choices=[(step.value, step.value) for step in SignStep])
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    sole = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "step", "klass"], name="returns_signed_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.step}"


class SendBack(Recorded):
    """Why a return was sent back, by whom; the reason may name a child, so it is sealed."""

    report = models.OneToOneField(MonthlyReturn, on_delete=models.PROTECT, related_name="send_back")
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=40)
    reason = SealedField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} sent back"
