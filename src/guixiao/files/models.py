"""What is known of a stored file. Its content lies encrypted under a random name in the files folder."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixiao.journal.records import Recorded
from guixiao.people.models import Student


class Purpose(models.TextChoices):
    """What a file is for. It decides who may open it (:data:`NEEDS`)."""

    VISIT_PHOTO = "visit_photo", _("家访照片")
    CASE_PAPER = "case_paper", _("个案材料")
    CLOSING_EVIDENCE = "closing_evidence", _("销号证据")


NEEDS: dict[str, str] = {
    Purpose.VISIT_PHOTO: "visit.view",
    Purpose.CASE_PAPER: "case.view",
    Purpose.CLOSING_EVIDENCE: "case.view",
}


class StoredFile(Recorded):
    """One file about one child. ``owner`` is the id of the visit, case or proposal it belongs to.

    ``sha256`` is of the plain content as stored (a photo after it was drawn anew without metadata).
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="files")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    owner = models.PositiveBigIntegerField()
    title = models.CharField(max_length=100)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    store = models.CharField(max_length=40, unique=True)
    uploaded_by = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "owner"], name="files_purpose_owner")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")
