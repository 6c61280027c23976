"""Changes of class, handovers of posts, staff sheets on their way in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.access.vault import SealedField
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


class BatchState(models.TextChoices):
    """Where a staff sheet stands. Nobody gets a post before ``applying``."""

    MAPPING = "mapping", _("等您认列")
    CHECKED = "checked", _("等待确认")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已写入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")
    FAILED = "failed", _("没有读成")


class StaffBatch(models.Model):
    """One staff sheet. Working data: what it did stands in the journal.

    ``mapping`` says which column of the sheet fills what. ``done`` moves in the same transaction as the rows it
    counts. ``made_places`` and ``made_people`` are what the sheet brought, by its own keys; ``opened`` the accounts
    it opened; ``passwords`` waits, sealed, to be fetched once. ``entry`` is the journal's last before it wrote.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.MAPPING)
    file_name = models.CharField(max_length=120)
    sheet_name = models.CharField(max_length=60, blank=True)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    first = models.DateField()
    accounts = models.BooleanField(default=False)
    account = models.PositiveBigIntegerField()
    post = models.CharField(max_length=40)
    org = models.PositiveBigIntegerField()
    for_account = models.PositiveBigIntegerField(null=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    classes = models.JSONField(default=list)
    made_places = models.JSONField(default=dict)
    made_people = models.JSONField(default=dict)
    opened = models.JSONField(default=list)
    unopened = models.JSONField(default=dict)
    entry = models.PositiveBigIntegerField(default=0)
    passwords = SealedField(blank=True, default="")
    message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "started_at"], name="staffing_batch_place")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def by(self) -> By:
        return By(self.account, self.post, self.org, self.for_account)

    @property
    def to_write(self) -> int:
        """Rows that would be written: those without a clash, and those whose clash is to be a handover."""
        return sum(self.counts.get(kind, 0) for kind in (*WRITTEN, "decided"))


class RowKind(models.TextChoices):
    NEW_PERSON = "new_person", _("新人")
    NEW_POST = "new_post", _("新任职")
    ENDING = "ending", _("办离任")
    SAME = "same", _("已经这样")
    CLASH = "clash", _("岗位有人")
    BAD = "bad", _("有问题")


WRITTEN = (RowKind.NEW_PERSON, RowKind.NEW_POST, RowKind.ENDING)


class RowState(models.TextChoices):
    WAITING = "waiting", _("等待")
    APPLIED = "applied", _("已写入")
    SKIPPED = "skipped", _("没有写入")
    UNDONE = "undone", _("已撤销")


class StaffRow(models.Model):
    """One row: its cells as they came (sealed: there are phone numbers among them), what it means, what it did."""

    batch = models.ForeignKey(StaffBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RowKind.choices, blank=True)
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    hand_over = models.BooleanField(default=False)
    person = models.PositiveBigIntegerField(null=True)
    deputy = models.CharField(max_length=10, choices=RowState.choices, blank=True)
    cells = SealedField(default="[]")
    meant = models.JSONField(default=dict)
    made = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staffing_row_number")]
        indexes = [models.Index(fields=["batch", "kind", "number"], name="staffing_row_kind")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"
