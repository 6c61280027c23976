"""Columns of a child that follow from others. The actions call this before they write."""

from __future__ import annotations

from guixiao.access.vault import blind_index

from .models import Guardian, Student
from .names import pinyin_of


def derive(student: Student) -> None:
    """Pinyin, blind indexes and paths of residence."""
    student.pinyin = pinyin_of(student.name)
    student.id_index = blind_index(student.id_number)
    student.number_index = blind_index(student.student_number)
    student.home_path = student.village.path if student.village else ""
    student.registered_path = student.registered_village.path if student.registered_village else ""


def derive_guardian(guardian: Guardian) -> None:
    """The blind index of a guardian's number."""
    guardian.id_index = blind_index(guardian.id_number)
