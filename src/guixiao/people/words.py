"""Codes of the register in the words people use."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.facts.codes import EnrolmentChange

CHANGES: dict[str, str] = {
    EnrolmentChange.ENTERED: gettext_noop("入学"),
    EnrolmentChange.TRANSFERRED_IN: gettext_noop("转入"),
    EnrolmentChange.TRANSFERRED_OUT: gettext_noop("转出"),
    EnrolmentChange.SUSPENDED: gettext_noop("休学"),
    EnrolmentChange.RESUMED: gettext_noop("复学"),
    EnrolmentChange.DROPPED_OUT: gettext_noop("辍学"),
    EnrolmentChange.BORROWED: gettext_noop("借读"),
    EnrolmentChange.REPEATED: gettext_noop("留级"),
    EnrolmentChange.GRADUATED: gettext_noop("毕业"),
    EnrolmentChange.MOVED_CLASS: gettext_noop("调班"),
    EnrolmentChange.PROMOTED: gettext_noop("升年级"),
    EnrolmentChange.DIED: gettext_noop("去世"),
    EnrolmentChange.REMOVED: gettext_noop("误建撤销"),
}


def change(code: str) -> str:
    """The word for a kind of enrolment change; nothing for nothing."""
    return _(CHANGES[code]) if code in CHANGES else ""
