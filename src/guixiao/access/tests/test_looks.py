"""Looks are on record; hidden fields and emergency looks take a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client

from guixiao.access import actions, queries
from guixiao.access.looks import looked
from guixiao.access.models import BreakGlass, Reveal
from guixiao.access.vault import blind_index
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people.models import Student
from guixiao.people.scopes import visible
from guixiao.testing.cast import NOW, Cast

REASON = "孩子昨夜没有回家，要找监护人"
NUMBER = "G999999201203050017"


@pytest.fixture
def far(cast: Cast) -> Student:
    """石远 with a student number, outside everything of 石板河."""
    from guixiao.people.actions import change_student

    child = cast.children["石远"]
    by = cast.actor("basic_education").by("student.edit")
    values = {"student_number": NUMBER, "number_index": blind_index(NUMBER)}
    change_student(by=by, now=NOW, student=child, values=values)
    return child


@pytest.fixture
def principal(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("guixiao.conf.edge.now", lambda: NOW)
    client.force_login(cast.account("principal"))
    return client


def names(cast: Cast, post: str, now: Any = NOW) -> set[str]:
    return set(visible(cast.actor(post, now), "student.view").values_list("name", flat=True))


def test_a_look_has_its_own_chain(cast: Cast) -> None:
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    entry = Entry.objects.get(kind="looked")
    assert entry.chain.name == f"looks:{cast.school.pk}"
    assert (entry.student, entry.post) == (cast.child.pk, "class_teacher")
    assert verify().problems == []


def test_a_reveal_takes_a_reason(cast: Cast) -> None:
    by = cast.actor("class_teacher").by("student.reveal")
    with pytest.raises(ValidationError, match="至少 4 个字"):
        actions.reveal(by=by, now=NOW, student=cast.child.pk, field="phone", reason=" 看 看 ")
    assert not Reveal.objects.exists()
    actions.reveal(by=by, now=NOW, student=cast.child.pk, field="phone", reason="联系家长接孩子")
    entry = Entry.objects.get(kind="revealed")
    assert "联系" not in str(entry.payload), "the reason stays in the record"
    assert verify().problems == []


def test_emergency_look_opens_one_child_for_two_hours(principal: Client, cast: Cast, far: Student) -> None:
    assert "石远" not in names(cast, "principal")
    answer = principal.post("/access/glass/", {"number": NUMBER, "reason": REASON})
    assert answer.headers["Location"] == f"/people/{far.pk}/"
    assert "石远" in names(cast, "principal")
    assert [row.student for row in queries.open_glasses(NOW)] == [far.pk]
    assert "石远" in principal.get(f"/people/{far.pk}/").content.decode()
    later = NOW + timedelta(hours=2, seconds=1)
    assert "石远" not in names(cast, "principal", later)
    assert not queries.open_glasses(later)
    assert verify().problems == []


def test_the_principal_of_the_child_is_told_without_its_name(cast: Cast) -> None:
    by = cast.actor("basic_education").by("glass.break")
    row = actions.open_glass(by=by, now=NOW, student=cast.child.pk, reason=REASON)
    assert actions.open_glass(by=by, now=NOW, student=cast.child.pk, reason=REASON) == row
    told = apps.get_model("notify", "Notice").objects.get(kind="glass")
    assert told.person_id == cast.holdings["principal"].person_id
    assert "县教育局某" in str(told.params)
    assert "李小满" not in told.text + str(told.params)
    assert told.url == f"/access/looks/{cast.child.pk}/"


def test_an_emergency_look_is_never_by_name_and_needs_words(principal: Client, far: Student) -> None:
    for number, reason, said in (
        ("石远", REASON, "没有这个号码"),
        (NUMBER[:-1], REASON, "没有这个号码"),
        (NUMBER, "看看", "至少 10 个字"),
        ("", "", "请填完整的学籍号"),
    ):
        answer = principal.post("/access/glass/", {"number": number, "reason": reason})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not BreakGlass.objects.exists()


def test_guessing_numbers_ends_and_is_on_record(principal: Client, far: Student) -> None:
    for guess in range(5):
        principal.post("/access/glass/", {"number": f"G{guess}", "reason": REASON})
    answer = principal.post("/access/glass/", {"number": NUMBER, "reason": REASON})
    assert "请过一小时再查" in answer.content.decode()
    assert not BreakGlass.objects.exists()
    assert Entry.objects.filter(kind="looked", payload__what="glass.miss").count() == 5


def test_who_has_looked(principal: Client, cast: Cast, client: Client) -> None:
    looked(cast.actor("class_teacher"), "student.view", student=cast.child.pk)
    by = cast.actor("class_teacher").by("student.reveal")
    actions.reveal(by=by, now=NOW, student=cast.child.pk, field="phone", reason="联系家长接孩子")
    page = principal.get(f"/access/looks/{cast.child.pk}/").content.decode()
    for said in ("班主任某", "隐藏信息：联系电话", "联系家长接孩子", "学生页"):
        assert said in page
    assert principal.get(f"/access/looks/{cast.children['石远'].pk}/").status_code == 404
