"""Children, enrolments, residence, key groups, assignments; imports."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.codes import EnrolmentChange
from guixiao.facts.marking import gettext_noop


@fact("student_recorded", gettext_noop("建立学生记录"))
class StudentRecorded(Fact):
    student: int


@fact("student_changed", gettext_noop("更改学生信息"))
class StudentChanged(Fact):
    student: int
    fields: tuple[str, ...]


@fact("enrolment_changed", gettext_noop("学籍变动"))
class EnrolmentChanged(Fact):
    student: int
    change: EnrolmentChange
    day: date
    school_id: int | None = None
    class_id: int | None = None
    from_class_id: int | None = None


@fact("residence_changed", gettext_noop("住地变动"))
class ResidenceChanged(Fact):
    student: int
    day: date
    village_id: int | None = None


@fact("key_group_set", gettext_noop("重点人群标记"))
class KeyGroupSet(Fact):
    student: int
    group: str
    first: date
    last: date | None = None


@fact("assigned", gettext_noop("包保指派"))
class Assigned(Fact):
    """A person answers for a child (pairing, net, case, visit list) for a dated period."""

    student: int
    assignment: int
    person: int
    role: str
    first: date
    last: date | None = None


@fact("assignment_ended", gettext_noop("结束指派"))
class AssignmentEnded(Fact):
    student: int
    assignment: int
    last: date


@fact("import_staged", gettext_noop("导入待核"))
class ImportStaged(Fact):
    batch: int
    rows: int
    bad: int


@fact("import_batch_applied", gettext_noop("导入一批"))
class ImportBatchApplied(Fact):
    batch: int
    first_row: int
    last_row: int
    made: int
    changed: int


@fact("import_undone", gettext_noop("撤销导入"))
class ImportUndone(Fact):
    batch: int
    rows: int
