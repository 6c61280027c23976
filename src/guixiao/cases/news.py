"""Who hears of a proposal to close, and of what became of it. No notice carries a child's name."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_noop

from guixiao.access.matrix import grants
from guixiao.access.models import Account
from guixiao.facts.posts import POSTS, outranks
from guixiao.notify.actions import Message
from guixiao.notify.models import Kind
from guixiao.visits.companions import choices

from .models import Closing

ASKED = gettext_noop("有一个个案提请销号，请核准或退回。")
AGREED = gettext_noop("你提请的销号已核准。")
SENT_BACK = gettext_noop("你提请的销号被退回，请看缺什么。")


def asked(closing: Closing, day: date) -> list[Message]:
    """The nearest posts above the proposer's that may close this case."""
    may = [
        one
        for one in choices(closing.case.student, day)
        if grants(one.post, "case.close") and outranks(one.post, closing.proposer_post)
    ]
    lowest = min((POSTS[one.post].rank for one in may), default=0)
    near = {one.person_id for one in may if POSTS[one.post].rank == lowest}
    return [_message(closing, person, ASKED) for person in sorted(near)]


def answered(closing: Closing) -> list[Message]:
    """The one who proposed."""
    person = Account.objects.filter(pk=closing.proposer).values_list("person_id", flat=True).first()
    if person is None:
        return []
    return [_message(closing, person, AGREED if closing.agreed else SENT_BACK)]


def _message(closing: Closing, person: int, text: str) -> Message:
    return Message(
        person=person,
        kind=Kind.CLOSING,
        text=text,
        url=reverse("cases:show", args=[closing.case_id]),
        student=closing.case.student_id,
        key=f"closing-{closing.pk}-{text == ASKED:d}-{person}",
    )
