"""``guixiao open-year``: previewed, opened and taken back from the command line, with what is undecided listed."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from guixiao.conf import edge
from guixiao.journal.verify import verify
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.tests.scene import SUMMER, YEAR, Scene, child

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    monkeypatch.setattr(edge, "now", lambda: SUMMER)
    for post in ("principal", "student_affairs", "basic_education", "class_teacher"):
        scene.cast.account(post)


def run(*words: Any) -> str:
    out = StringIO()
    call_command("open_year", YEAR, *words, stdout=out)
    return out.getvalue()


def test_previewed_opened_and_taken_back(scene: Scene) -> None:
    table = run("--preview", "--as", "student_affairs")
    assert table.splitlines()[1].split() == ["石板河初级中学", "draft", "4", "10", "1", "2"]
    assert "opened" in run("--open", "--as", "principal")
    assert "opened already" in run("--open", "--as", "principal"), "twice is once"
    assert YearOpening.objects.get().state == State.OPENED
    assert "taken back" in run("--undo", "--as", "principal")
    assert verify().problems == []


def test_a_school_with_something_undecided_is_skipped_and_listed(scene: Scene) -> None:
    scene.draft()
    child(scene.cast, "插班生", scene.cast.places["七（1）班"], now=SUMMER)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("open_year", YEAR, "--open", "--as", "principal", stdout=out)
    assert refused.value.returncode == 1
    assert "并入变动" in out.getvalue()
    assert "1 schools, 1 with something undecided" in out.getvalue()


def test_the_county_opens_where_there_is_no_head_and_lists_the_rest(scene: Scene) -> None:
    """双河小学 of the cast has neither principal nor vice principal."""
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("open_year", YEAR, "--open", "--as", "basic_education", stdout=out)
    lines = {
        line.split()[0]: line for line in out.getvalue().splitlines() if "小学" in line or "中学" in line
    }
    assert "opened" in lines["双河小学"]
    assert "skipped" in lines["石板河初级中学"]
    assert "请他们来开" in out.getvalue()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "nobody"), "no account"),
        (("--as", "class_teacher"), "holds no post"),
        (("--open", "--as", "student_affairs"), "holds no post"),
        (("--as", "student_affairs", "--place", "没有这所"), "names 0 places"),
        (("--as", "student_affairs", "--place", "双河小学"), "no school beneath"),
    ],
)
def test_what_cannot_be_says_why(scene: Scene, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*words)
