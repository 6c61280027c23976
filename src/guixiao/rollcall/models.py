"""A roll call, the marks of those who were not simply there, leave, and the trace of every change."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixiao.facts.codes import FalseMark, LeaveKind, Mark, Session
from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Person, Place
from guixiao.places.wording import title_of

SESSIONS = {Session.MORNING: _("上午"), Session.AFTERNOON: _("下午"), Session.EVENING: _("晚自习")}
MARKS = {
    Mark.PRESENT: _("到校"),
    Mark.LATE: _("迟到"),
    Mark.SICK: _("病假"),
    Mark.PERSONAL: _("事假"),
    Mark.NONE: _("未请假"),
}
LEAVES = {LeaveKind.SICK: _("病假"), LeaveKind.PERSONAL: _("事假")}
WHYS = {
    FalseMark.WRONG_CHILD: _("点错人"),
    FalseMark.WRONG_DAY: _("点错天"),
    FalseMark.WAS_PRESENT: _("当时其实在校"),
}
AWAY = (Mark.NONE, Mark.SICK, Mark.PERSONAL)


class RollCall(Recorded):
    """The roll of one class in one session, taken over one roster version.

    A child that the version lists and that has no mark was present; a child outside it is unknown, never
    present. ``listed`` counts the children it speaks of; ``apart`` holds the ids of those on the roll who
    are not marked day by day (dropouts, suspended).
    """

    klass = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="roll_calls")
    day = models.DateField()
    session = models.CharField(max_length=12, choices=[(c.value, label) for c, label in SESSIONS.items()])
    roster_version = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    apart = models.JSONField(default=list)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    device_time = models.DateTimeField()
    clock_offset = models.IntegerField(help_text="seconds the device's clock ran ahead of ours")
    received_at = models.DateTimeField()
    received_late = models.BooleanField(default=False)
    client_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["klass", "day", "session"], name="rollcall_one_a_session")
        ]
        indexes = [models.Index(fields=["day", "session"], name="rollcall_day")]

    def __str__(self) -> str:
        return f"{self.klass_id} {self.day} {self.session}"

    @property
    def receipt(self) -> str:
        """The number read out over the telephone: day, class, the start of the submission's id."""
        return f"{self.day:%m%d}-{self.klass_id:04d}-{self.client_id.hex[:4].upper()}"

    @property
    def post_title(self) -> str:
        return title_of(self.post)


class RollMark(Recorded):
    """What a roll call says of one child that was not simply there, or that was changed or added later."""

    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, related_name="marks")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="roll_marks")
    mark = models.CharField(max_length=10, choices=[(c.value, label) for c, label in MARKS.items()])
    arrived_at = models.DateTimeField(null=True)
    added = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "student"], name="rollcall_one_mark_a_child")
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.mark}"

    @property
    def was_away(self) -> bool:
        """Not there when the roll was taken."""
        return self.mark in AWAY

    @property
    def away(self) -> bool:
        """Not at school, and not come since."""
        return self.was_away and self.arrived_at is None


class MarkChange(Recorded):
    """The trace of a mark that was changed, added, or followed by an arrival. ``was`` is empty for an added
    child; ``why`` is empty unless the old mark was false."""

    mark = models.ForeignKey(RollMark, on_delete=models.PROTECT, related_name="changes")
    was = models.CharField(max_length=10, blank=True)
    became = models.CharField(max_length=10)
    why = models.CharField(max_length=20, blank=True, choices=[(c.value, label) for c, label in WHYS.items()])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mark_id}: {self.was} → {self.became}"

    @property
    def was_name(self) -> str:
        return str(MARKS[Mark(self.was)]) if self.was else gettext("不明")

    @property
    def became_name(self) -> str:
        return str(MARKS[Mark(self.became)])


class Leave(Recorded):
    """Leave of one child. ``last`` moves back when it ends early; ``granted_last`` stays as it was granted.

    It works from its granting. Earlier days count only when ``backdated_by`` names a post at least as high
    as the highest already notified (policy.md, semantics 4).
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=10, choices=[(c.value, label) for c, label in LEAVES.items()])
    first = models.DateField()
    last = models.DateField()
    granted_last = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    backdated_by = models.CharField(max_length=40, blank=True)
    roll_call = models.ForeignKey(RollCall, on_delete=models.PROTECT, null=True, related_name="leaves")
    ended_at = models.DateTimeField(null=True)
    client_id = models.UUIDField(null=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["student", "first"], name="rollcall_leave_student")]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_last__gte=models.F("first")), name="rollcall_leave_ordered"
            ),
            models.CheckConstraint(
                condition=Q(last__lte=models.F("granted_last")), name="rollcall_leave_only_shorter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.kind} {self.first}…{self.last}"

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def withdrawn(self) -> bool:
        """Ended before its first day."""
        return self.last < self.first


class RollReminder(Recorded):
    """Somebody asked for a roll call that is missing."""

    klass = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day", "klass"], name="rollcall_reminder_day")]

    def __str__(self) -> str:
        return f"{self.klass_id} {self.day} {self.at:%H:%M}"
