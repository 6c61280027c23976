"""``guixiao verify`` finds and names every tampering. `make proof-verify` runs hundreds, with their seeds."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection, transaction

from guixiao.access import actions as access
from guixiao.access.looks import looked
from guixiao.facts import SYSTEM
from guixiao.facts.clock import day_of
from guixiao.journal import anchors
from guixiao.journal.models import Chain, Entry
from guixiao.journal.verify import Report, verify
from guixiao.people import actions as people
from guixiao.testing.cast import NOW, Cast

from . import tampering, tampering_state
from .scene import TAMPERINGS, Expected, Scene

# Both files declare theirs with @tampering.
KINDS = {
    kind: done
    for file in (tampering, tampering_state)
    for kind, done in vars(file).items()
    if kind in TAMPERINGS
}
ROUNDS = int(os.environ.get("GUIXIAO_TAMPERINGS", "24"))
PROOF = os.environ.get("GUIXIAO_PROOF")
DAY = day_of(NOW)


def live(cast: Cast, rounds: int = 2) -> None:
    """Some days of life in several organisations, two of which speak of the same child."""
    for number in range(rounds):
        now = NOW + timedelta(days=number)
        for post in ("class_teacher", "principal", "basic_education", "village_head"):
            actor = cast.actor(post, now)
            looked(actor, "student.view", student=cast.child.pk)
            access.signed_in(by=actor.by_virtue_of(), now=now, account=cast.account(post))
        for post in ("class_teacher", "basic_education"):
            by = cast.actor(post, now).by("student.tags")
            people.set_group(by=by, now=now, student=cast.child, group="left_behind", first=DAY)
        for post in ("basic_education", "registrar"):
            by = cast.actor(post, now).by("student.edit")
            people.change_student(by=by, now=now, student=cast.child, values={"seat": f"{number}{post[:1]}"})


@pytest.fixture
def lived(cast: Cast, tmp_path: Path) -> Path:
    """The cast with a life, anchored every day; the anchor file."""
    path = tmp_path / "anchors.jsonl"
    anchors.write(DAY, path)
    live(cast)
    anchors.write(DAY + timedelta(days=1), path)
    return path


def tell(report: Report) -> str:
    return "\n".join(str(problem) for problem in report.problems)


def found(report: Report, expected: Expected) -> bool:
    """Named: the code, at exactly that place (``org:1#1`` is not ``org:1#12``)."""
    for problem in report.problems:
        at = problem.where.find(expected.where)
        end = at + len(expected.where)
        if problem.what in expected.codes and at >= 0 and not problem.where[end : end + 1].isdigit():
            return True
    return False


def test_what_was_not_touched_holds(lived: Path) -> None:
    report = verify(lived)
    assert report.problems == []
    assert report.chains >= 7
    assert report.entries == Entry.objects.count()


def test_every_tampering_is_found_and_named(lived: Path, tmp_path: Path) -> None:
    """Each kind in turn, with another seed each round, each undone before the next."""
    assert len(KINDS) <= ROUNDS
    untouched = lived.read_bytes()
    lines, missed = [f"untouched: {len(verify(lived).problems)} problems, {Entry.objects.count()} entries"], 0
    for seed in range(ROUNDS):
        kind = sorted(KINDS)[seed % len(KINDS)]
        saved = transaction.savepoint()
        expected = KINDS[kind](Scene(Random(seed), lived))
        report = verify(lived)
        said = next((str(p) for p in report.problems if p.what in expected.codes), "NOT FOUND")
        ok = found(report, expected)
        missed += not ok
        lines.append(f"{seed:4} {'found ' if ok else 'MISSED'} {expected.did}\n            → {said}")
        transaction.savepoint_rollback(saved)
        lived.write_bytes(untouched)
    lines.append(f"{ROUNDS} tamperings of {len(KINDS)} kinds, {missed} missed ({connection.vendor})")
    Path(PROOF or tmp_path / "proof.txt").write_text("\n".join(lines) + "\n")
    assert verify(lived).problems == []
    assert not missed, "\n".join(lines)


def test_a_cut_tail_with_an_old_head_put_back_is_found_by_the_anchors(lived: Path, cast: Cast) -> None:
    """The intruder kept yesterday's head, seal and all, and nothing that has a record is lost."""
    chain = Chain.objects.get(name=f"org:{cast.school.pk}")
    live(cast, rounds=1)
    looks = Chain.objects.get(name=f"looks:{cast.school.pk}")
    old = Chain.objects.get(pk=looks.pk)
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    anchors.write(DAY + timedelta(days=2), lived)
    tampering.cut(old, old.seq)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_chain SET seq = %s, head = %s, seal = %s WHERE id = %s",
            [old.seq, old.head, old.seal, old.pk],
        )
    assert chain.pk != old.pk
    assert f"tail cut: {old.name}#{old.seq + 1}" in tell(verify(lived))
    assert verify().problems == [], "without the anchor file nobody could tell"


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("journal_entry", "payload", "entry altered"),
        ("journal_entry", "records", "entry altered"),
        ("journal_entry", "happened_at", "entry altered"),
        ("people_student", "phone", "state altered"),
        ("people_student", "birth", "state altered"),
        ("journal_chain", "seq", "head altered"),
    ],
)
def test_garbage_is_a_finding_and_not_the_end_of_the_search(
    lived: Path, table: str, column: str, said: str
) -> None:
    if connection.vendor != "sqlite" and column != "phone":  # PostgreSQL takes it into no typed column
        with pytest.raises(DataError), transaction.atomic():
            put_garbage(table, column)
        assert verify(lived).problems == []
        return
    put_garbage(table, column)
    report = verify(lived)
    assert said in tell(report)
    assert report.entries > 100


def put_garbage(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints=ON")
        cursor.execute(f"SELECT max(id) FROM {table}")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", ["{;", cursor.fetchone()[0]])
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints=OFF")


def test_two_organisations_speaking_of_one_child_are_no_contradiction(lived: Path, cast: Cast) -> None:
    """The chain that comes first by name spoke last: its word counts."""
    for post in ("registrar", "basic_education", "registrar"):
        by = cast.actor(post).by("student.edit")
        people.change_student(by=by, now=NOW, student=cast.child, values={"seat": post[:5] + str(by.org)})
        assert verify().problems == []


def test_the_anchors_do_not_vouch_for_a_head_that_is_not_ours(lived: Path, cast: Cast) -> None:
    before = lived.read_text()
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_chain SET seal = %s", ["0" * 64])
    assert anchors.write(DAY + timedelta(days=3), lived) == 0
    assert lived.read_text() == before


def test_anchoring_twice_writes_nothing_and_a_torn_end_is_mended(lived: Path, cast: Cast) -> None:
    assert anchors.write(DAY + timedelta(days=3), lived) == 0
    with lived.open("a") as file:
        file.write('{"day": "2026-')
    assert verify(lived).problems == []
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    assert anchors.write(DAY + timedelta(days=4), lived) == 1
    assert verify(lived).problems == []


def test_the_command_says_what_it_found_and_fails(
    lived: Path, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify", anchors=lived)
    assert "0 problems" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_student SET name = %s WHERE id = %s", ["别人", cast.child.pk])
    with pytest.raises(CommandError):
        call_command("verify", anchors=lived)
    assert f"state altered: people.Student {cast.child.pk}" in capsys.readouterr().out
    assert SYSTEM.org == 0
