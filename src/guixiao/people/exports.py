"""The list of children as Excel."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guixiao.access import masks
from guixiao.access.actor import Actor

from .models import Student
from .search import tags_of
from .sheets import Book

MOST = 20_000


def students_workbook(actor: Actor, found: QuerySet[Student]) -> tuple[bytes, int]:
    """The workbook and its number of rows. ID numbers and phones stay masked: an export is no reveal."""
    headers = [
        _("姓名"), _("性别"), _("出生日期"), _("学校"), _("班级"), _("班内学号"), _("状态"), _("学籍号"),
        _("身份证件号"), _("联系电话"), _("住村"), _("住校"), _("监护人"), _("重点人群"),
    ]  # fmt: skip
    students = list(found.prefetch_related("guardians")[:MOST])
    tags: dict[int, list[str]] = {}
    for start in range(0, len(students), 500):
        tags |= tags_of(actor, students[start : start + 500])
    book = Book()
    book.sheet(_("学生名单"), headers, [_row(student, tags.get(student.pk, [])) for student in students])
    return book.bytes(), len(students)


def _row(student: Student, tags: list[str]) -> list[str]:
    guardians = sorted(student.guardians.all(), key=lambda guardian: guardian.order)
    return [
        student.name,
        student.get_sex_display(),
        student.birth.isoformat(),
        student.school.name if student.school else "",
        student.klass.name if student.klass else "",
        student.seat,
        student.get_status_display(),
        masks.id_number(student.student_number),
        masks.id_number(student.id_number),
        masks.phone(student.phone),
        student.village.name if student.village else "",
        _("是") if student.boarding else _("否"),
        "、".join(f"{guardian.name}（{guardian.relation}）" for guardian in guardians),
        "、".join(tags),
    ]
