"""Field keys rotate; altered values and missing keys are named, never guessed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from guixiao.access import actions
from guixiao.access.actions import keys as moving
from guixiao.access.vault import CannotDecrypt, SealedField, seal, sealed_by, unseal
from guixiao.conf import keys
from guixiao.facts import SYSTEM
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people.models import Guardian, Student
from guixiao.testing.cast import NOW, Cast


@pytest.fixture(autouse=True)
def own_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the key ring that this test may rotate."""
    path = tmp_path / "keys.json"
    keys.ring().save(path)
    monkeypatch.setenv("GUIXIAO_KEYS", str(path))
    keys.ring.cache_clear()
    yield path
    monkeypatch.undo()
    keys.ring.cache_clear()


def raw(column: str, table: str = "people_student") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def rotate(**options: object) -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_everything_moves_to_a_new_key_and_says_the_same(cast: Cast) -> None:
    before = list(Student.objects.order_by("pk").values_list("phone", "address"))
    parents = list(Guardian.objects.order_by("pk").values_list("phone", flat=True))
    old = keys.ring().current
    said = rotate()
    assert "new key" in said
    assert keys.ring().current != old
    assert {sealed_by(value) for value in raw("phone") + raw("address")} == {keys.ring().current}
    assert list(Student.objects.order_by("pk").values_list("phone", "address")) == before
    assert list(Guardian.objects.order_by("pk").values_list("phone", flat=True)) == parents
    assert moving.waiting() == 0
    assert verify().problems == [], "the journal vouches for plain values"
    moved = Entry.objects.get(kind="key_rotated").payload["rows"]
    assert moved >= len(before) * 2


def test_a_second_call_moves_nothing(cast: Cast) -> None:
    rotate()
    sealed = raw("phone")
    assert actions.reseal(by=SYSTEM, now=NOW).moved == 0
    assert raw("phone") == sealed
    assert Entry.objects.filter(kind="key_rotated").count() == 1


def test_interrupted_it_goes_on_with_the_same_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 3)
    real, calls = moving._move, iter(range(2))

    def stop(*args: object) -> int:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(moving, "_move", stop)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    half = keys.ring().current
    left = moving.waiting()
    assert left
    monkeypatch.setattr(moving, "_move", real)
    said = rotate()
    assert f"going on with key {half}: {left} values left" in said
    assert keys.ring().current == half
    assert moving.waiting() == 0
    assert verify().problems == []


def test_an_altered_value_is_named_and_the_rest_moves(cast: Cast) -> None:
    pk = cast.child.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_student WHERE id = %s", [pk])
        good = cursor.fetchone()[0]
        bad = good[:-6] + ("AAAA" if good[-6:-2] != "AAAA" else "BBBB") + good[-2:]
        cursor.execute("UPDATE people_student SET phone = %s WHERE id = %s", [bad, pk])
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 values could not be opened"):
        call_command("rotate_keys", stdout=out, stderr=out)
    assert f"people_student.phone {pk}" in out.getvalue()
    assert {sealed_by(value) for value in raw("address")} == {keys.ring().current}
    with pytest.raises(CannotDecrypt, match="altered"):
        Student.objects.get(pk=pk)
    assert any(f"people.Student {pk}" in str(problem) for problem in verify().problems)


def test_a_lost_key_is_named(cast: Cast, own_ring: Path) -> None:
    fresh = keys.KeyRing.new()
    keys.KeyRing(fresh.secret, keys.ring().journal, keys.ring().index, "k9", {"k9": fresh.fields["k1"]}).save(
        own_ring
    )
    keys.ring.cache_clear()
    with pytest.raises(CannotDecrypt, match="'k1' is not in the key ring: restore"):
        list(Student.objects.all())


def test_a_process_that_runs_on_learns_the_new_key(own_ring: Path) -> None:
    """Another process rotated: what it sealed opens here, without a restart."""
    keys.ring()
    other = keys.KeyRing.load(own_ring).with_new_field_key()
    other.save(own_ring)
    here = keys.ring()
    keys.ring.cache_clear()
    sealed = seal("13800000000", "t.c")
    keys.ring.cache_clear()
    assert here.current != sealed_by(sealed)
    assert unseal(sealed, "t.c") == "13800000000"


def test_no_ring_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIXIAO_KEYS", str(tmp_path / "gone.json"))
    monkeypatch.setenv("GUIXIAO_MAKE_KEYS", "0")
    keys.ring.cache_clear()
    with pytest.raises(keys.KeysMissing, match="guixiao init"):
        keys.ring()


@pytest.mark.parametrize("bad", ["", "k1", "k1:", "k1:not base64!", "k1:AAAA", "zz:AAAA"])
def test_what_was_never_sealed_is_refused(bad: str) -> None:
    with pytest.raises(CannotDecrypt):
        unseal(bad, "t.c")


def test_sealed_fields_are_looked_up_by_nothing_but_emptiness() -> None:
    with pytest.raises(TypeError, match="blind index"):
        Student.objects.filter(phone="13800000000")
    assert isinstance(Student._meta.get_field("phone"), SealedField)
