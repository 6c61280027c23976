"""What is known of a dropout from before, and the sheet it came in. Part of ``cases.models``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixiao.access.vault import SealedField
from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Place


class Known(Recorded):
    """A case that began before the system did: when the child left, why (main cause first), what was done."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="known")
    left_on = models.DateField()
    causes = models.JSONField(default=list)
    whereabouts = models.CharField(max_length=200, blank=True)
    done = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"known beforehand: {self.case_id}"


class KnownState(models.TextChoices):
    CHECKED = "checked", _("等待确认")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已写入")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")


class KnownBatch(models.Model):
    """One sheet of known dropouts. Working data: what it did stands in the journal."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=KnownState.choices, default=KnownState.CHECKED)
    file_name = models.CharField(max_length=120)
    account = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class KnownRowState(models.TextChoices):
    WAITING = "waiting", _("可以写入")
    BAD = "bad", _("有问题")
    APPLIED = "applied", _("已立案")
    SKIPPED = "skipped", _("没有写入")
    UNDONE = "undone", _("已撤销")


class KnownRow(models.Model):
    """One row: what was read, whom it means, what is wrong with it, which case it became."""

    batch = models.ForeignKey(KnownBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=KnownRowState.choices)
    payload = SealedField(default="{}")
    faults = models.JSONField(default=list)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.PositiveBigIntegerField(null=True)
    before = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="cases_known_row_number")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"
