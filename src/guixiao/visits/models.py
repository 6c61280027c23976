"""A contact or home visit, who went, its earlier versions, and the sealed report of harm."""

from __future__ import annotations

from django.db import models

from guixiao.access.vault import SealedField
from guixiao.facts.codes import Means, Outcome
from guixiao.journal.records import Recorded
from guixiao.people.models import Student
from guixiao.places.models import Person

from .words import Harm


class Visit(Recorded):
    """One contact with a child's family. What people said is sealed.

    ``client_id`` is made by the device, so that handing in twice is harmless; ``before`` is what the record
    said of the child when this was handed in (A10-18).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="visits")
    means = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Means])
    outcome = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Outcome])
    purpose = models.CharField(max_length=300)
    day = models.DateField(db_index=True)
    started = models.DateTimeField(null=True)
    appointment = models.CharField(max_length=100, blank=True)
    prepared = SealedField(blank=True, default="")
    before = models.JSONField(default=dict)
    place = models.CharField(max_length=100, blank=True)
    met = models.JSONField(default=list)
    child_words = SealedField(blank=True, default="")
    child_absent_why = models.CharField(max_length=300, blank=True)
    guardian_words = SealedField(blank=True, default="")
    contents = SealedField(default="{}")
    causes = models.JSONField(default=list)
    next_step = models.CharField(max_length=500, blank=True)
    next_day = models.DateField(null=True)
    client_id = models.UUIDField(unique=True)
    device_time = models.DateTimeField(null=True)
    author = models.PositiveBigIntegerField()
    author_post = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["student", "-day"], name="visits_student_day"),
            models.Index(fields=["author", "-day"], name="visits_author_day"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} of {self.student_id} on {self.day}"


class Went(Recorded):
    """Somebody who took part, in the post they held that day; or somebody outside the system, by name and role."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="went")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class VisitVersion(Recorded):
    """A visit as it read before a correction, and why it was corrected."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    text = SealedField()
    why = models.CharField(max_length=200)
    author = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="visits_version_once")]

    def __str__(self) -> str:
        return f"version {self.version} of visit {self.visit_id}"


class HarmReport(Recorded):
    """A report of harm to a child. Its author, the principal and the county's education section may read it."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="harm_reports")
    kind = models.CharField(max_length=20, choices=Harm.choices)
    account = SealedField()
    told = models.JSONField(default=list)
    told_how = SealedField(blank=True, default="")
    client_id = models.UUIDField(unique=True)
    author = models.PositiveBigIntegerField(db_index=True)
    author_post = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"harm report {self.pk}"
