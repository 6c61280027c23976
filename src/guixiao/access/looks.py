"""Every look at a child is on record, in a chain of its own beside the organisation's."""

from __future__ import annotations

from django.db import transaction

from guixiao.facts import happenings
from guixiao.journal.append import Stated, append

from .actor import Actor


def looked(actor: Actor, what: str, student: int | None = None, count: int | None = None) -> None:
    """Record a look: ``what`` is the action by which it was allowed (``student.view``) or the page's code.

    A page about one child names it; a list says how many it showed. Called by the view that shows the data,
    before it answers, so that nothing is shown that is not on record.
    """
    fact = happenings.Looked(what=what, student=student, count=count)
    with transaction.atomic():
        append([Stated(fact)], by=actor.by_virtue_of(what), now=actor.now, looks=True)
