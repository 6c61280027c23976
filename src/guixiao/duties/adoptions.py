"""Which regulation binds which place, and the decisions by which it came to that. Part of ``duties.models``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixiao.journal.records import Recorded
from guixiao.places.models import Person, Place


class Adoption(Recorded):
    """A place is bound by a pack from ``first`` on. Facts before that day create no duties.

    ``overrides`` holds parameters in the pack files' own notation (``3``, ``"same_day"``, ``{"at": "09:00"}``).
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="adoptions")
    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField(null=True)
    overrides = models.JSONField(default=dict)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "pack", "first"], name="duties_adoption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.version} @ {self.place_id}"


class What(models.TextChoices):
    """What a signing decides."""

    ADOPT = "adopt", _("采用")
    AMEND = "amend", _("改数")
    END = "end", _("停用")


class Stand(models.TextChoices):
    """Where a signing stands."""

    DRAFT = "draft", _("等签发")
    IN_FORCE = "in_force", _("已签发")
    DROPPED = "dropped", _("不用了")


class Signing(Recorded):
    """A decision about a regulation: drafted by one, put in force by somebody entitled to, who names the signer.

    ``first`` is the first day of what it brings (of an end: the first day without). ``number`` and
    ``number_day`` are those of the paper (文号). ``adoption`` is what it amends or ends, later what it made.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="signings")
    what = models.CharField(max_length=10, choices=What.choices)
    pack = models.CharField(max_length=60)
    first = models.DateField()
    overrides = models.JSONField(default=dict)
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, related_name="signings")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signer_post = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True)
    number_day = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=Stand.choices, default=Stand.DRAFT)
    drafted_by = models.PositiveBigIntegerField()
    drafted_post = models.CharField(max_length=40)
    drafted_at = models.DateTimeField()
    decided_by = models.PositiveBigIntegerField(null=True)
    decided_post = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "pack"], name="duties_signing_place")]

    def __str__(self) -> str:
        return f"{self.what} {self.pack} @ {self.place_id} {self.state}"
