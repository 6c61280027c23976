"""Places, people who work there, the posts they hold, and the days that are school days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixiao.facts.posts import POSTS
from guixiao.journal.records import Recorded

from .wording import title_lazily


class Kind(models.TextChoices):
    """What a place is. The order of the tree is the order in which a duty climbs."""

    PROVINCE = "province", _("省")
    PREFECTURE = "prefecture", _("市州")
    COUNTY = "county", _("县")
    TOWNSHIP = "township", _("乡镇")
    VILLAGE = "village", _("村")
    HAMLET = "hamlet", _("组")
    CENTRAL_SCHOOL = "central_school", _("中心学校")
    SCHOOL = "school", _("学校")
    GRADE = "grade", _("年级")
    CLASS = "class", _("班")


class SchoolKind(models.TextChoices):
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初级中学")
    NINE_YEAR = "nine_year", _("九年一贯制学校")
    SPECIAL = "special", _("特殊教育学校")
    VOCATIONAL = "vocational", _("职业学校")


ORGANISATIONS = (
    Kind.PROVINCE,
    Kind.PREFECTURE,
    Kind.COUNTY,
    Kind.TOWNSHIP,
    Kind.VILLAGE,
    Kind.CENTRAL_SCHOOL,
    Kind.SCHOOL,
)


class Place(Recorded):
    """A node of the tree. ``code`` is the area code (6, 9 or 12 digits) or the school's code."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=120, unique=True)
    org_id = models.PositiveBigIntegerField(default=0)
    school_kind = models.CharField(max_length=20, choices=SchoolKind.choices, blank=True)
    grade = models.PositiveSmallIntegerField(null=True)
    school_year = models.PositiveSmallIntegerField(null=True)
    roster_version = models.PositiveIntegerField(default=0)
    closed_on = models.DateField(null=True)

    unrecorded: ClassVar[tuple[str, ...]] = ("roster_version",)

    class Meta:
        indexes = [models.Index(fields=["kind", "path"], name="places_kind_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "kind", "name", "school_year"],
                name="places_unique_name",
                nulls_distinct=False,
                condition=Q(closed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_class(self) -> bool:
        return self.kind == Kind.CLASS


class Person(Recorded):
    """Somebody who works for the children: a teacher, an officer, a cadre. Contact data live in ``access``."""

    name = models.CharField(max_length=40)
    staff_number = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name


class Holding(Recorded):
    """Who holds which post where, from when to when (both days included)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="holdings")
    post = models.CharField(max_length=40, choices=[(code, title_lazily(code)) for code in POSTS])
    first = models.DateField()
    last = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["place", "post"], name="places_holding_place"),
            models.Index(fields=["person", "first"], name="places_holding_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="places_holding_ordered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_post_display()} {self.place}"


class Deputy(Recorded):
    """Who acts for the holder of a post, from when to when (both days included)."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="deputies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputyships")
    first = models.DateField()
    last = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.person} → {self.holding}"


class SchoolTerm(Recorded):
    """A term of a place and everything beneath it that sets none of its own. Code like ``2026-1``."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="terms")
    code = models.CharField(max_length=10)
    first = models.DateField()
    last = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "code"], name="places_term_code"),
            models.CheckConstraint(condition=Q(last__gt=F("first")), name="places_term_ordered"),
        ]

    def __str__(self) -> str:
        return self.code


class Overlay(Recorded):
    """A decision about days at any node: school is held, or closed. The nearest node wins, then the latest."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="overlays")
    first = models.DateField()
    last = models.DateField()
    is_school = models.BooleanField()
    reason = models.CharField(max_length=40)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="places_overlay_ordered")
        ]

    def __str__(self) -> str:
        return f"{self.first}…{self.last} {self.reason}"
