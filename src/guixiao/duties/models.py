"""Adopted regulations, the duties that follow from them, and what was done about each.

A duty's law (rule, clause, reasons) is stored as it was when the duty opened and again when it ended, with
the pack's version: a later change of the regulation changes nothing here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Person, Place
from guixiao.places.wording import title_of

from .adoptions import Adoption, Signing, Stand, What
from .rounds import Lease, Pass, Round, Share, Stuck, Worker

__all__ = [
    "Adoption",
    "Coming",
    "Duty",
    "DutyRung",
    "How",
    "Kind",
    "Lease",
    "Part",
    "Pass",
    "ReportDone",
    "Round",
    "Share",
    "Signing",
    "Stand",
    "State",
    "Stuck",
    "Turn",
    "Waiver",
    "What",
    "Worker",
]


class Kind(models.TextChoices):
    """Whom or what a duty is about."""

    STUDENT = "student", _("学生")
    CLASS = "class", _("班")
    SCHOOL = "school", _("学校")
    PERSON = "person", _("教师")


class State(models.TextChoices):
    OPEN = "open", _("待办")
    CANNOT_TELL = "cannot_tell", _("不明")
    MET = "met", _("已办")
    MISSED = "missed", _("逾期")
    WITHDRAWN = "withdrawn", _("已撤回")
    WAIVED = "waived", _("已豁免")


class Duty(Recorded):
    """One occurrence of a rule for one subject. Identity: pack, rule, subject, episode.

    ``holder`` has it now; ``against`` held the post at the deadline and keeps it to his or her name.
    ``demanded``: something is still to be done (open, cannot tell, or missed and not overtaken by a return).
    """

    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.PositiveBigIntegerField()
    student = models.ForeignKey(Student, on_delete=models.PROTECT, null=True, related_name="duties")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="duties")
    episode = models.CharField(max_length=40)
    days = models.JSONField(default=list)
    day = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices)
    demanded = models.BooleanField()
    opened_at = models.DateTimeField()
    due = models.DateTimeField()
    asked = models.CharField(max_length=40)
    post = models.CharField(max_length=40)
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="duties")
    post_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=12)
    vacancies = models.JSONField(default=list)
    together = models.JSONField(default=list)
    report_to = models.JSONField(default=list)
    clause_title = models.CharField(max_length=120)
    clause_article = models.CharField(max_length=60)
    clause_says = models.CharField(max_length=300, blank=True)
    clause_ids = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    met_by = models.PositiveBigIntegerField(null=True)
    met_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    missed_at = models.DateTimeField(null=True)
    against = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="missed_duties")
    against_post = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.JSONField(null=True)
    merge_key = models.CharField(max_length=90)
    # caches
    done = models.PositiveIntegerField(null=True)
    needed = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=120, blank=True)
    home_path = models.CharField(max_length=120, blank=True)
    look_at = models.DateTimeField(null=True)

    unrecorded: ClassVar[tuple[str, ...]] = ("days", "done", "needed", "path", "home_path", "look_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "rule", "kind", "subject", "episode"], name="duties_duty_identity"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "subject", "demanded"], name="duties_duty_subject"),
            models.Index(fields=["holder", "demanded", "due"], name="duties_duty_holder"),
            # Partial, not led by the truth value: SQLite takes a bare ``demanded`` for no equality and would read
            # every duty there ever was. A condition of several branches says it in each (queries.live_beneath_q).
            models.Index(fields=["path"], name="duties_demanded_path", condition=Q(demanded=True)),
            models.Index(fields=["home_path"], name="duties_demanded_home", condition=Q(demanded=True)),
            models.Index(fields=["merge_key"], name="duties_demanded_task", condition=Q(demanded=True)),
            models.Index(fields=["against", "missed_at"], name="duties_duty_against"),
            models.Index(fields=["look_at"], name="duties_duty_look"),
            models.Index(fields=["state", "due"], name="duties_duty_due"),
            models.Index(fields=["merge_key"], name="duties_duty_task"),
        ]

    def __str__(self) -> str:
        return f"{self.pack}:{self.rule} {self.kind} {self.subject} {self.episode} {self.state}"

    @property
    def post_title(self) -> str:
        return title_of(self.post)


class Part(models.Model):
    """Who has a duty before them: holder and those who go along. A cache of ``holder`` and ``together``."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="parts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="parts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "person"], name="duties_part_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.duty_id}"


class DutyRung(Recorded):
    """An escalation that has fired: to which post, held by whom, when."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="rungs")
    rung = models.PositiveSmallIntegerField()
    post = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "rung"], name="duties_rung_once")]

    def __str__(self) -> str:
        return f"{self.duty_id} rung {self.rung}"


class Waiver(Recorded):
    """Somebody entitled to said that a duty need not be done, and why."""

    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="waiver")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"waiver of {self.duty_id}"


class How(models.TextChoices):
    """How somebody was told."""

    IN_PERSON = "in_person", _("当面")
    PHONE = "phone", _("电话")
    WRITTEN = "written", _("书面")
    MESSAGE = "message", _("短信或微信")


class ReportDone(Recorded):
    """A report, notice or registration for duties met by it: who told which posts, when, how, in what words."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40)
    to = models.JSONField(default=list)
    at = models.DateTimeField()
    how = models.CharField(max_length=20, choices=How.choices)
    words = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"report for {self.duty_id}"


class Coming(models.Model):
    """A calendar duty not yet asked for, or a quota under way: what somebody can see coming. Rebuilt at will."""

    pack = models.CharField(max_length=60)
    rule = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.PositiveBigIntegerField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    holder = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="coming")
    day = models.DateField()
    opens = models.DateTimeField()
    due = models.DateTimeField()
    clause_title = models.CharField(max_length=120)
    clause_article = models.CharField(max_length=60)
    done = models.PositiveIntegerField(null=True)
    needed = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject"], name="duties_coming_subject"),
            models.Index(fields=["holder", "due"], name="duties_coming_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.kind} {self.subject} {self.day}"


class Turn(models.Model):
    """How often the duties of a subject were written: two workers that saw the same number cannot both write.

    ``at`` is the latest moment for which they were: whoever comes with an earlier one judges by this one.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.PositiveBigIntegerField()
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="duties_turn_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} #{self.number}"
