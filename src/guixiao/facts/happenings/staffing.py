"""Changes of class inside a school, handovers of posts, imports of staff."""

from __future__ import annotations

from datetime import date

from guixiao.facts.base import Fact, fact
from guixiao.facts.marking import gettext_noop


@fact("transfer_ordered", gettext_noop("安排调班"))
class TransferOrdered(Fact):
    """A child is to change its class on ``day``; the enrolment follows when the day has come."""

    student: int
    transfer: int
    day: date
    from_class: int
    to_class: int


@fact("transfer_ended", gettext_noop("调班有了结果"))
class TransferEnded(Fact):
    """An ordered change was carried out, given up, taken back, or found impossible."""

    student: int
    transfer: int
    state: str


@fact("post_handed_over", gettext_noop("岗位交接"))
class PostHandedOver(Fact):
    """A post passed to ``to_person`` (nobody: it is vacant), with the assignments tied to it."""

    handover: int
    place: int
    post: str
    holding: int
    person: int
    day: date
    successor: int | None = None
    to_person: int | None = None
    assignments: int


@fact("handover_undone", gettext_noop("撤销交接"))
class HandoverUndone(Fact):
    handover: int
    place: int
    post: str


@fact("handover_taken", gettext_noop("接手确认"))
class HandoverTaken(Fact):
    """The successor says the matters are in his or her hands."""

    handover: int
    place: int
    person: int


@fact("post_taken_back", gettext_noop("撤回任职"))
class PostTakenBack(Fact):
    """A holding that should not have been, or whose end should not have been, is as before."""

    holding: int
    place: int
    post: str
    person: int


@fact("staff_import_staged", gettext_noop("教职工表待核"))
class StaffImportStaged(Fact):
    batch: int
    rows: int
    bad: int


@fact("staff_import_applied", gettext_noop("导入教职工"))
class StaffImportApplied(Fact):
    batch: int
    first_row: int
    last_row: int
    people: int
    posts: int


@fact("staff_import_undone", gettext_noop("撤销教职工导入"))
class StaffImportUndone(Fact):
    batch: int
    rows: int
