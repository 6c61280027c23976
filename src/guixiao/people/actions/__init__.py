"""Every write to students, guardians, enrolments, residence, key groups and assignments."""

from .enrolments import LEAVING, leave_roll, move, set_status
from .exports import exported
from .intake import register, register_class
from .students import NewGuardian, NewStudent, change_student
from .ties import assign, end_assignment, end_group, set_group

__all__ = [
    "LEAVING",
    "NewGuardian",
    "NewStudent",
    "assign",
    "change_student",
    "end_assignment",
    "end_group",
    "exported",
    "leave_roll",
    "move",
    "register",
    "register_class",
    "set_group",
    "set_status",
]
