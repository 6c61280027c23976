"""The only way in: gapless, replay-proof, never changed, also when many write at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from guixiao.facts import SYSTEM, By, happenings
from guixiao.journal.append import Stated, Touched, already, append, collecting
from guixiao.journal.models import Chain, Entry, Unchangeable
from guixiao.journal.queries import mark_read, unread
from guixiao.journal.verify import verify

NOW = datetime(2026, 9, 28, 0, 12, tzinfo=UTC)
SCHOOL = By(account=1, post="class_teacher", org=7)


def state(*students: int, by: By = SCHOOL, **more: object) -> list[Entry]:
    facts = [Stated(happenings.Returned(student=pk, day=NOW.date())) for pk in students]
    with transaction.atomic():
        return append(facts, by=by, now=NOW, **more)  # type: ignore[arg-type]  # client_id or looks


def fail_after_stating(student: int) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        state(student)
        raise ZeroDivisionError


@pytest.mark.django_db
def test_entries_follow_each_other() -> None:
    state(1, 2)
    state(3)
    state(4, by=SYSTEM)
    school = list(Entry.objects.filter(chain__name="org:7").order_by("seq"))
    assert [entry.seq for entry in school] == [1, 2, 3]
    assert [entry.prev for entry in school[1:]] == [entry.mac for entry in school[:2]]
    assert Chain.objects.get(name="org:7").head == school[-1].mac
    assert verify().problems == []


@pytest.mark.django_db
def test_nothing_stated_moves_nothing() -> None:
    assert state() == []
    assert not Entry.objects.exists()
    assert verify().problems == []


@pytest.mark.django_db(transaction=True)
def test_append_belongs_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        append([Stated(happenings.SignedIn(account=1))], by=SCHOOL, now=NOW)


@pytest.mark.django_db
def test_a_replay_is_found_and_a_second_writing_refused() -> None:
    mine = uuid4()
    first = state(1, 2, client_id=mine)
    found = already(mine)
    assert found == first[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        state(1, 2, client_id=mine)
    assert Entry.objects.count() == 2
    assert verify().problems == []
    assert already(uuid4()) is None


@pytest.mark.django_db
def test_what_fails_leaves_no_gap() -> None:
    state(1)
    fail_after_stating(2)
    state(3)
    assert list(Entry.objects.order_by("seq").values_list("seq", "student")) == [(1, 1), (2, 3)]
    assert verify().problems == []


@pytest.mark.django_db
def test_an_entry_is_written_once() -> None:
    (entry,) = state(1)
    entry.post = "principal"
    with pytest.raises(Unchangeable):
        entry.save()
    with pytest.raises(Unchangeable):
        entry.delete()
    changes: tuple[Callable[[], object], ...] = (
        lambda: Entry.objects.update(post="principal"),
        lambda: Entry.objects.filter(pk=entry.pk).update(post="principal"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([entry], ["post"]),
        lambda: Entry.objects.update_or_create({"post": "x"}, pk=entry.pk),
        lambda: entry.chain.entries.all().delete(),
    )
    for change in changes:
        with pytest.raises(Unchangeable):
            change()
    assert Entry.objects.get().post == "class_teacher"
    with pytest.raises(Exception, match="protected"):
        entry.chain.delete()


@pytest.mark.django_db(transaction=True)
def test_touched_subjects_are_those_committed() -> None:
    with collecting() as touched:
        state(1)
        fail_after_stating(2)
    assert touched == {Touched("student", 1)}


@pytest.mark.django_db
def test_a_reader_reads_each_chain_by_its_own_sequence() -> None:
    state(1, 2)
    state(9, by=SYSTEM)
    state(5, looks=True)
    news = {chain.name: [entry.student for entry in entries] for chain, entries in unread("duties")}
    assert news == {"org:7": [1, 2], "org:0": [9]}
    for chain, entries in unread("duties"):
        mark_read("duties", chain, entries[-1].seq)
    assert list(unread("duties")) == []
    state(3)
    ((chain, entries),) = unread("duties")
    assert [entry.student for entry in entries] == [3]
    mark_read("duties", chain, 1)
    assert len(next(iter(unread("duties")))[1]) == 1, "a cursor never goes back"


THREADS, EACH = 6, 8


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_one_gapless_chain() -> None:
    """Half past seven: every class of two schools hands in its roll."""
    trouble: list[BaseException] = []
    ready = threading.Barrier(THREADS)

    def write(number: int) -> None:
        try:
            ready.wait(timeout=20)
            for _turn in range(EACH):
                state(number * 100, number * 100 + 1, by=By(number, "class_teacher", 7 + number % 2))
        except BaseException as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, THREADS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert trouble == []
    for chain in Chain.objects.all():
        numbers = list(chain.entries.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, THREADS * EACH + 1)), chain
    assert verify().problems == []


@pytest.mark.django_db(transaction=True)
def test_two_replays_at_once_are_written_once() -> None:
    mine = uuid4()
    ready = threading.Barrier(2)
    answers: list[str] = []

    def hand_in() -> None:
        try:
            ready.wait(timeout=20)
            state(1, client_id=mine)
            answers.append("written")
        except IntegrityError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == ["refused", "written"]
    assert Entry.objects.count() == 1
    assert verify().problems == []
