"""A child and what the registers say of it.

Paths and current places on ``Student`` are caches of its enrolment and residence, written by the same
action that writes those, so that every scope is one indexed range.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixiao.access.vault import SealedField
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.records import Recorded
from guixiao.places.models import Person, Place


class Sex(models.TextChoices):
    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Status(models.TextChoices):
    """Where a child stands in the register. Nothing but a closed case takes it out of the count."""

    ENROLLED = "enrolled", _("在校")
    SUSPENDED = "suspended", _("休学")
    DROPPED_OUT = "dropped_out", _("辍学在册")
    TRANSFERRED_OUT = "transferred_out", _("已转出")
    GRADUATED = "graduated", _("已毕业")
    REMOVED = "removed", _("误建已撤")


ON_THE_ROLL = (Status.ENROLLED, Status.SUSPENDED, Status.DROPPED_OUT)


class Student(Recorded):
    """One child. ID and student numbers, phone and address are sealed; the indexes find exact values only."""

    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    birth = models.DateField(_("出生日期"))
    id_type = models.CharField(_("身份证件类型"), max_length=4, blank=True)
    id_number = SealedField(_("身份证件号"), blank=True, default="")
    id_index = models.CharField(max_length=40, blank=True)
    student_number = SealedField(_("学籍号"), blank=True, default="")
    number_index = models.CharField(max_length=40, blank=True)
    seat = models.CharField(_("班内学号"), max_length=10, blank=True)
    phone = SealedField(_("联系电话"), blank=True, default="")
    address = SealedField(_("现住址"), blank=True, default="")
    boarding = models.BooleanField(_("住校"), default=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ENROLLED)
    school = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="students")
    village = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="residents")
    registered_village = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=120, blank=True)
    home_path = models.CharField(max_length=120, blank=True)
    registered_path = models.CharField(max_length=120, blank=True)

    unrecorded: ClassVar[tuple[str, ...]] = (
        "pinyin",
    )  # the paths decide who sees the child: the journal vouches

    class Meta:
        indexes = [
            models.Index(fields=["path", "status"], name="people_student_path"),
            models.Index(fields=["home_path"], name="people_student_home"),
            models.Index(fields=["registered_path"], name="people_student_registered"),
            models.Index(fields=["name"], name="people_student_name"),
            # The unique ones are partial: SQLite does not use those for an equality with a parameter.
            models.Index(fields=["id_index"], name="people_student_id"),
            models.Index(fields=["number_index"], name="people_student_number"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="people_unique_id"),
            models.UniqueConstraint(
                fields=["number_index"], condition=~Q(number_index=""), name="people_unique_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegisterSheet(Recorded):
    """The rest of the national register's columns, as the last import gave them, sealed as one JSON text."""

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="sheet")
    columns = SealedField(default="{}")

    def __str__(self) -> str:
        return f"sheet of {self.student_id}"


class Guardian(Recorded):
    """A parent or guardian; the register asks for two."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardians")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("关系"), max_length=20)
    is_guardian = models.BooleanField(_("是否监护人"), default=True)
    phone = SealedField(_("联系电话"), blank=True, default="")
    id_type = models.CharField(max_length=4, blank=True)
    id_number = SealedField(_("身份证件号"), blank=True, default="")
    id_index = models.CharField(max_length=40, blank=True, db_index=True)
    address = SealedField(_("现住址"), blank=True, default="")
    workplace = models.CharField(_("工作单位"), max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "order"], name="people_guardian_order")]

    def __str__(self) -> str:
        return f"{self.name}（{self.relation}）"


class Enrolment(Recorded):
    """A child in a class from ``first`` to ``last``, and the roster versions of that class that list it.

    A roll call over roster version v covers the child when ``entry_version`` ≤ v < ``exit_version``.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    klass = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="enrolments")
    first = models.DateField()
    last = models.DateField(null=True)
    entry = models.CharField(max_length=20, choices=[(c.value, c.value) for c in EnrolmentChange])
    exit = models.CharField(max_length=20, blank=True, choices=[(c.value, c.value) for c in EnrolmentChange])
    exit_note = models.CharField(max_length=200, blank=True, default="")
    entry_version = models.PositiveIntegerField()
    exit_version = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["klass", "last"], name="people_enrolment_class")]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(last=None), name="people_one_open_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="people_enrolment_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} in {self.klass_id} from {self.first}"


class Group(models.TextChoices):
    """Key groups (regimes.md §3.8, 2024 notice). Ethnicity and religion are not among them, by law."""

    POVERTY = "poverty", _("建档立卡／脱贫户")
    LEFT_BEHIND = "left_behind", _("留守")
    SINGLE_PARENT = "single_parent", _("单亲")
    DISABILITY = "disability", _("残疾")
    ORPHAN = "orphan", _("孤儿")
    UNRAISED = "unraised", _("事实无人抚养")
    HARDSHIP = "hardship", _("困境")
    MIGRANT = "migrant", _("随迁")
    IN_PROCEEDINGS = "in_proceedings", _("涉案未成年人")
    LEARNING = "learning", _("学习困难")
    WEARY = "weary", _("厌学苗头")
    BEHAVIOUR = "behaviour", _("行为偏差")


class KeyGroup(Recorded):
    """A child belongs to a key group for a dated period, on a stated ground."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="groups")
    group = models.CharField(max_length=20, choices=Group.choices)
    first = models.DateField()
    last = models.DateField(null=True)
    ground = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.student_id} {self.group}"


class Assignment(Recorded):
    """A person answers for a child: a pairing, a net, a case, a visit list. The third way to see a child."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "first"], name="people_assignment_person")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.student_id}"


class BatchState(models.TextChoices):
    """Where an import stands. Nothing touches a child before ``applying``."""

    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("等待确认")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已写入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")
    FAILED = "failed", _("没有读成")


class ImportBatch(models.Model):
    """One spreadsheet on its way into the register. Working data: what it did stands in the journal.

    ``cursor`` is the number of the last row dealt with; it moves forward in the same transaction as the
    rows it covers, so a killed import goes on where it stood and no row is written twice.
    """

    school = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.CHECKING)
    file_name = models.CharField(max_length=120)
    headers = models.JSONField(default=list)
    first = models.DateField()
    account = models.PositiveBigIntegerField()
    post = models.CharField(max_length=40)
    org = models.PositiveBigIntegerField()
    for_account = models.PositiveBigIntegerField(null=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    classes = models.JSONField(default=list)
    made_places = models.JSONField(default=dict)
    message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "started_at"], name="people_import_school")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def to_write(self) -> int:
        return self.new + self.changed


class RowKind(models.TextChoices):
    NEW = "new", _("新增")
    CHANGED = "changed", _("更新")
    UNCHANGED = "unchanged", _("没有变化")
    BAD = "bad", _("有问题")


class RowState(models.TextChoices):
    WAITING = "waiting", _("等待")
    APPLIED = "applied", _("已写入")
    SKIPPED = "skipped", _("没有写入")
    UNDONE = "undone", _("已撤销")


class ImportRow(models.Model):
    """One row of the sheet: what was read, what is wrong with it, what it would change, what it changed."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RowKind.choices)
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    payload = SealedField(default="{}")
    before = SealedField(blank=True, default="")
    student = models.PositiveBigIntegerField(null=True, db_index=True)
    entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="people_import_row_number")]
        indexes = [models.Index(fields=["batch", "kind", "number"], name="people_import_row_kind")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.batch_id}"
