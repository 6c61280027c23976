"""The year's pages: who sees what, each edit, opening and taking back, in words a head teacher reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guixiao.facts import SYSTEM
from guixiao.places.actions import end_post
from guixiao.places.models import Holding, Place
from guixiao.schoolyear.models import State, YearOpening
from guixiao.schoolyear.plan import Plan
from guixiao.testing.cast import CHILDREN

from .conftest import SignIn
from .scene import SUMMER, YEAR, Scene, child

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return str(answer.content.decode())


def current(scene: Scene) -> YearOpening:
    return YearOpening.objects.exclude(state=State.UNDONE).get(school=scene.school)


def plan(scene: Scene) -> Plan:
    return Plan.read(current(scene).plan)


def key(scene: Scene, name: str) -> str:
    return next(one.key for one in plan(scene).classes if one.name == name)


def edit(client: Client, scene: Scene, do: str, **given: Any) -> str:
    """One edit through its form; returns the page that follows."""
    opening = current(scene)
    data = {"do": do, "version": opening.version, **{k.rstrip("_"): v for k, v in given.items()}}
    answer = client.post(f"/schoolyear/{opening.pk}/change/", data, follow=True)
    assert answer.status_code == 200
    return text(answer)


def begun(sign_in: SignIn, scene: Scene, post: str = "student_affairs") -> Client:
    client = sign_in(post)
    page = client.post(f"/schoolyear/school/{scene.school.pk}/begin/", {"year": YEAR}, follow=True)
    assert "拟定中" in text(page)
    return client


def test_the_list_says_who_has_opened(scene: Scene, sign_in: SignIn) -> None:
    county = sign_in("basic_education")
    page = text(county.get(f"/schoolyear/?year={YEAR}"))
    assert "2 所学校，<b>0</b> 所已开学年" in page
    scene.open(scene.draft())
    page = text(county.get(f"/schoolyear/?year={YEAR}&state=opened"))
    assert "石板河初级中学" in page
    assert "双河小学" not in page
    assert "双河小学" in text(county.get(f"/schoolyear/?year={YEAR}&q=双河"))
    book = county.post("/schoolyear/export/", {"year": YEAR})
    assert book.content[:2] == b"PK"


def test_a_preview_shows_every_class_and_changes_nothing(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    page = text(client.get(f"/schoolyear/school/{scene.school.pk}/?year={YEAR}"))
    for name in ("八（1）班", "九（3）班", "九（4）班", "七（1）班"):
        assert name in page
    assert "毕业 1 人" in page
    assert "留在册上 2 人" in page
    assert not any(name in page for name in CHILDREN), "figures and classes, no names"
    assert not Place.objects.filter(school_year=YEAR).exists()


def test_a_class_is_split_in_turn_or_by_hand_and_merged_again(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    nine = key(scene, "九（3）班")
    page = edit(client, scene, "split", key=nine, parts="2", how="seat", stay=nine)
    assert "已分班" in page
    made = key(scene, "九（1）班")
    assert sorted(plan(scene).sizes()[one] for one in (nine, made)) == [4, 4]
    names = {pk: name for name, pk in ((n, scene.cast.children[n].pk) for n in CHILDREN)}
    assert [names[pk] for pk in sorted(plan(scene).sitting(nine))] == list(CHILDREN[::2])
    assert plan(scene).find(made).holder("class_teacher") is None  # type: ignore[union-attr]  # just made
    edit(client, scene, "merge", key=nine, with_=[made])
    assert plan(scene).find(made) is None
    assert plan(scene).sizes()[nine] == 8
    edit(client, scene, "split", key=nine, parts="2", how="hand")
    made = key(scene, "九（1）班")
    assert plan(scene).sizes().get(made, 0) == 0
    chosen = [scene.cast.children[name].pk for name in CHILDREN[:3]]
    edit(client, scene, "move", key=nine, to=made, child=chosen)
    assert sorted(plan(scene).sitting(made)) == sorted(chosen)


def test_a_step_back_and_all_anew(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    first = current(scene).plan
    edit(client, scene, "rename", key=key(scene, "九（3）班"), name="九（9）班")
    assert current(scene).plan != first
    assert "已撤回" in edit(client, scene, "back")
    assert current(scene).plan == first
    edit(client, scene, "start", count="3")
    assert [one.name for one in plan(scene).in_grade(7)] == ["七（1）班", "七（2）班", "七（3）班"]
    edit(client, scene, "reset")
    assert current(scene).plan == first


@pytest.mark.parametrize(
    ("do", "given", "said"),
    [
        ("start", {"count": "-1"}, "0 到 60"),
        ("start", {"count": "９"}, "0 到 60"),
        ("rename", {"key": "n2", "name": " "}, "班名不能空着"),
        ("rename", {"key": "n2", "name": "九（4）班"}, "已经有"),
        ("rename", {"key": "n99", "name": "x"}, "不在安排里"),
        ("split", {"key": "n2", "parts": "7"}, "2 到 6"),
        ("split", {"key": "n3", "parts": "2"}, "分不成"),
        ("merge", {"key": "n2"}, "要同一个年级"),
        ("move", {"key": "n2", "to": "n3"}, "请先勾选"),
        ("move", {"key": "n2", "to": "n1", "child": ["1"]}, "同一个年级"),
        ("seat", {"key": "n2", "post": "principal", "person": "1"}, "班主任和副班主任"),
        ("seat", {"key": "n2", "post": "class_teacher", "person": "999999"}, "不在本校"),
        ("seat", {"key": "n2", "post": "class_teacher", "staff_number": "无"}, "没有工号"),
        ("nonsense", {}, "没有这样的操作"),
        ("back", {}, "没有可以撤回"),
    ],
)
def test_an_edit_that_cannot_be_says_why(
    scene: Scene, sign_in: SignIn, do: str, given: dict[str, Any], said: str
) -> None:
    client = begun(sign_in, scene)
    before = current(scene).plan
    page = edit(client, scene, do, **given)
    assert said in page
    assert current(scene).plan == before


def test_two_people_at_once_notice_each_other(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    opening = current(scene)
    edit(client, scene, "start", count="2")
    data = {"do": "start", "version": opening.version, "count": "5"}
    page = text(client.post(f"/schoolyear/{opening.pk}/change/", data, follow=True))
    assert "别人刚刚改过" in page
    assert len(plan(scene).in_grade(7)) == 2


def test_a_teacher_of_two_classes_must_choose(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    teacher = scene.cast.holdings["class_teacher"].person_id
    edit(client, scene, "seat", key=key(scene, "九（4）班"), post="class_teacher", person=str(teacher))
    page = text(sign_in("principal").get(f"/schoolyear/{current(scene).pk}/open/"))
    assert "同时是九（3）班、九（4）班的班主任" in page
    assert "回去定下来" in page


def test_teachers_of_graduates_take_the_beginners(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    page = text(client.get(f"/schoolyear/school/{scene.school.pk}/?year={YEAR}"))
    assert "让毕业班的班主任接起始年级（1 个班）" in page
    page = edit(client, scene, "fill")
    first = plan(scene).find(key(scene, "七（1）班"))
    assert first is not None
    leaving = Holding.objects.get(place=scene.cast.places["九（1）班"], post="class_teacher")
    assert first.holder("class_teacher") == leaving.person_id
    assert "接起始年级" not in page
    assert "没有空缺的起始班" in edit(client, scene, "fill")


def test_joined_since_is_taken_over_with_one_tap(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    child(scene.cast, "插班生", scene.cast.places["七（1）班"], now=SUMMER)
    page = text(client.get(f"/schoolyear/school/{scene.school.pk}/?year={YEAR}"))
    assert "插班生" in page
    assert "并入变动" in page
    page = edit(client, scene, "take_over")
    assert "拟定以后，名册有变动" not in page
    assert plan(scene).sizes()[key(scene, "八（1）班")] == 3


def test_opened_and_taken_back_by_the_principal(scene: Scene, sign_in: SignIn) -> None:
    begun(sign_in, scene)
    client = sign_in("principal")
    opening = current(scene)
    page = text(client.get(f"/schoolyear/{opening.pk}/open/"))
    assert "12 人，进 3 个新班" in page or "10 人，进 3 个新班" in page
    page = text(client.post(f"/schoolyear/{opening.pk}/open/", {"version": opening.version}, follow=True))
    assert "学年已开" in page
    assert "撤销开学年" in page
    roster = Place.objects.get(pk=scene.cast.klass.pk)
    old = text(client.get(f"/schoolyear/roster/{roster.pk}/"))
    assert "李小满" in old
    assert "升年级" in old
    assert "八（3）班" in text(client.get(f"/schoolyear/school/{scene.school.pk}/past/"))
    page = text(client.post(f"/schoolyear/{opening.pk}/undo/", follow=True))
    assert "已撤销" in page
    assert current(scene).state == State.DRAFT


def test_an_office_drafts_and_does_not_open(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene, "registrar")
    opening = current(scene)
    assert client.get(f"/schoolyear/{opening.pk}/open/").status_code == 404
    assert client.post(f"/schoolyear/{opening.pk}/open/").status_code == 404


def test_the_county_opens_only_where_a_school_has_no_head(scene: Scene, sign_in: SignIn) -> None:
    begun(sign_in, scene)
    client = sign_in("basic_education")
    opening = current(scene)
    answer = client.post(f"/schoolyear/{opening.pk}/open/", {"version": opening.version})
    assert answer.status_code == 422
    assert "请他们来开" in text(answer)
    for holding in Holding.objects.filter(place=scene.school, post__in=("principal", "vice_principal")):
        end_post(by=SYSTEM, now=SUMMER, holding=holding, last=SUMMER.date().replace(day=1))
    answer = client.post(f"/schoolyear/{opening.pk}/open/", {"version": opening.version}, follow=True)
    assert "学年已开" in text(answer)


def test_the_class_lists_leave_as_excel(scene: Scene, sign_in: SignIn) -> None:
    client = begun(sign_in, scene)
    answer = client.post(f"/schoolyear/{current(scene).pk}/excel/")
    assert answer.content[:2] == b"PK"
