"""Two workers at once: each duty opens once, whoever comes first."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from guixiao.duties import settle as settling
from guixiao.duties.actions.reconcile import write
from guixiao.duties.models import Duty, Turn
from guixiao.facts import happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session
from guixiao.journal.append import Stated, Touched, append
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.testing.cast import assemble

from .life import MONDAY, bind


@pytest.mark.django_db(transaction=True)
def test_two_settles_at_once_do_not_double(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the same turn when the first writes; the second must look again."""
    cast = assemble()
    bind(cast)
    fact = happenings.AbsenceMarked(
        student=cast.child.pk, class_id=cast.klass.pk, day=MONDAY, session=Session.MORNING, mark=Mark.NONE
    )
    now = at(MONDAY, 8, 16)
    with transaction.atomic():
        append([Stated(fact)], by=cast.actor("class_teacher").by("rollcall.take"), now=now)
    both = threading.Barrier(2, timeout=20)
    waited = threading.local()
    lost: list[int] = []

    def slowly(**given: Any) -> Any:
        if not getattr(waited, "yes", False):
            waited.yes = True
            both.wait()
        done = write(**given)
        lost.extend(subject.id for subject in done.again)
        return done

    monkeypatch.setattr(settling, "write", slowly)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            settling.settle({Touched("student", cast.child.pk)}, now)
        except BaseException as failed:
            failures.append(failed)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert lost == [cast.child.pk]
    assert Duty.objects.filter(rule="first_day_visit").count() == 1
    assert Entry.objects.filter(kind="duty_opened", payload__rule="first_day_visit").count() == 1
    assert Notice.objects.filter(key__startswith="opened").values("key").distinct().count() == (
        Notice.objects.filter(key__startswith="opened").count()
    )
    assert Turn.objects.get(subject=cast.child.pk, kind="student").number == 1
    assert not verify().problems
