"""Dropouts known before the system came: matched, refused with the remedy, opened; nothing fires for the past."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guixiao.cases import actions
from guixiao.cases.known import sheet
from guixiao.cases.models import Case, Known, KnownBatch, KnownRow, KnownRowState, KnownState
from guixiao.conf import edge
from guixiao.duties.actions.adopt import adopt
from guixiao.duties.adopted import packs
from guixiao.duties.models import Duty
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Stage
from guixiao.journal.verify import verify
from guixiao.notify.models import Notice
from guixiao.people.models import Status
from guixiao.people.sheets import Book
from guixiao.testing.cast import NOW, Cast

from .making import case_of, roll

pytestmark = pytest.mark.django_db

LEFT = date(2026, 3, 5)
SCHOOL = "石板河初级中学"
Enter = Callable[..., Client]


@pytest.fixture
def enter(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Enter:
    def sign_in(post: str = "principal") -> Client:
        monkeypatch.setattr(edge, "now", lambda: NOW)
        client = Client()
        client.force_login(cast.account(post), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def book(*rows: dict[str, str], headers: tuple[str, ...] = sheet.HEADERS) -> SimpleUploadedFile:
    made = Book()
    made.sheet("既有辍学", headers, [[row.get(header, "") for header in headers] for row in rows])
    return SimpleUploadedFile("既有辍学.xlsx", made.bytes())


def row(**more: str) -> dict[str, str]:
    return {
        "姓名": "李小满",
        "学校": SCHOOL,
        "班级": "八（3）班",
        "离校日期": "2026-03-05",
        "原因": "厌学、外出打工",
    } | more


def uploaded(client: Client, *rows: dict[str, str]) -> KnownBatch:
    answer = client.post(reverse("cases:known"), {"file": book(*rows)})
    assert answer.status_code == 302, answer.content.decode()
    return KnownBatch.objects.latest("pk")


def url(name: str, batch: KnownBatch) -> str:
    return reverse(f"cases:known_{name}", args=[batch.place_id, batch.pk])


def register(cast: Cast, child: str = "李小满") -> Case:
    by = cast.actor("principal").by("case.approve")
    return actions.register_known(
        by=by, now=cast.now, student=cast.children[child], left_on=LEFT, causes=["weary"]
    )


def test_a_sheet_is_looked_at_then_written_then_taken_back(cast: Cast, enter: Enter) -> None:
    client = enter()
    batch = uploaded(client, row(目前去向="在县城打工", 已做的工作="家访 3 次"), row(姓名="没这个人"))
    page = client.get(url("show", batch)).content.decode()
    assert "可以登记 <b>1</b> 个，有问题 <b>1</b> 行" in page
    assert "没有叫“没这个人”的在册学生" in page
    assert not Case.objects.exists(), "nothing before it is confirmed"
    client.post(url("apply", batch))
    batch.refresh_from_db()
    case = Case.objects.get()
    assert (batch.state, case.stage, case.opened_day, case.student) == (
        KnownState.APPLIED, Stage.CONFIRMED, LEFT, cast.child,
    )  # fmt: skip
    cast.child.refresh_from_db()
    assert cast.child.status == Status.DROPPED_OUT
    known = Known.objects.get()
    assert (known.causes, known.whereabouts, known.done) == (["weary", "working"], "在县城打工", "家访 3 次")
    page = client.get(reverse("cases:show", args=[case.pk])).content.decode()
    for words in ("既有辍学", "2026年3月5日离校", "在县城打工", "厌学、外出打工"):
        assert words in page, words
    assert "已撤销 1 个" in client.post(url("undo", batch), follow=True).content.decode()
    case.refresh_from_db()
    cast.child.refresh_from_db()
    assert (case.stage, case.closed_reason, cast.child.status) == (Stage.CLOSED, "mistaken", Status.ENROLLED)
    assert KnownRow.objects.get(student=cast.child).state == KnownRowState.UNDONE
    again = uploaded(client, row())
    client.post(url("apply", again))
    assert Case.objects.filter(stage=Stage.CONFIRMED).count() == 1
    assert not verify().problems


def test_no_duty_has_a_deadline_before_the_import(cast: Cast) -> None:
    """Under every regulation there is, adopted since the term began; half a year after the child left."""
    start, county = at(date(2026, 8, 25), 9), cast.places["青禾县"]
    for code, pack in packs().items():
        place = county if "county" in {level.value for level in pack.levels} else cast.school
        adopt(by=SYSTEM, now=start, place=place, pack=code, first=date(2026, 9, 1))
    register(cast)
    tick(cast.now + timedelta(minutes=1))
    duties = Duty.objects.filter(student=cast.child)
    rules = {f"{duty.pack}:{duty.rule}" for duty in duties}
    assert rules, "what follows from a confirmed dropout is asked for"
    assert all(duty.due > cast.now and duty.opened_at >= cast.now for duty in duties)
    assert not duties.filter(missed_at__isnull=False).exists()
    assert not duties.exclude(days=[]).exists(), "no rung of absence"
    assert not Notice.objects.filter(student=cast.child.pk, at__lt=cast.now).exists()
    before = set(duties.values_list("pk", flat=True))
    tick(at(day_of(cast.now) + timedelta(days=1), 7))
    assert not duties.exclude(pk__in=before).exclude(days=[]).exists()
    assert not verify().problems


def test_the_child_is_not_called_any_more_and_stays_in_the_count(cast: Cast) -> None:
    register(cast)
    roll(cast, day_of(cast.now))
    case = Case.objects.get()
    from guixiao.cases.settle import settle
    from guixiao.journal.append import Touched

    settle({Touched("student", cast.child.pk), Touched("place", cast.klass.pk)}, at(day_of(cast.now), 9))
    case.refresh_from_db()
    assert case.stage == Stage.CONFIRMED
    assert cast.klass.students.filter(status__in=("enrolled", "dropped_out")).count() == 8


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"姓名": ""}, "没有姓名"),
        ({"学校": ""}, "没有号就要填学校"),
        ({"学校": "没有这所"}, "没有叫“没有这所”的学校"),
        ({"离校日期": ""}, "没有离校日期"),
        ({"离校日期": "三月"}, "读不懂"),
        ({"离校日期": "2026-12-01"}, "在今天之后"),
        ({"离校日期": "2001-03-05"}, "太早了"),
        ({"原因": ""}, "没有原因"),
        ({"原因": "无法联系"}, "是联系状态，不是离校原因"),
        ({"原因": "太阳黑子"}, "不在表里"),
        ({"阶段": "疑似辍学"}, "疑似的请在学生页立案"),
        ({"学籍号/身份证号": "G999999201203041234"}, "库里没有“…1234”这个号"),
        ({"已做的工作": "长" * 501}, "太长了"),
    ],
)
def test_bad_rows_say_what_to_do(cast: Cast, enter: Enter, more: dict[str, str], says: str) -> None:
    client = enter()
    batch = uploaded(client, row(**more))
    assert says in client.get(url("show", batch)).content.decode()
    client.post(url("apply", batch))
    assert not Case.objects.exists()
    assert client.get(url("bad", batch)).status_code == 200


def test_who_is_meant(cast: Cast, enter: Enter) -> None:
    """By number first; two of one name in a school need the class or the number; the same child twice is one."""
    from guixiao.access.vault import blind_index
    from guixiao.people.models import Student

    other = cast.children["覃晓峰"]
    number = "99999920120304123X"
    Student.objects.filter(pk=other.pk).update(name="李小满", id_number=number, id_index=blind_index(number))
    client = enter()
    batch = uploaded(
        client, row(), row(**{"学籍号/身份证号": number}), row(姓名="何美琪", **{"学籍号/身份证号": number})
    )
    rows = list(batch.rows.order_by("number"))
    assert rows[0].faults == [["several", "2"]]
    assert rows[1].student_id == other.pk
    assert rows[1].faults == []
    assert rows[2].faults[0][0] == "other_name"
    batch = uploaded(client, row(姓名="何美琪", 班级="八(3)班"), row(姓名="何美琪"))
    first, second = batch.rows.order_by("number")
    assert first.student_id == cast.children["何美琪"].pk
    assert second.faults == [["twice", "2"]]


def test_what_speaks_against_a_row(cast: Cast, enter: Enter) -> None:
    case = case_of(cast, cast.children["何美琪"])
    roll(cast, date(2026, 9, 22))
    client = enter()
    batch = uploaded(
        client, row(姓名="何美琪"), row(姓名="罗天佑"), row(姓名="韦思敏", 离校日期="2026-09-23")
    )
    faults = [one.faults for one in batch.rows.order_by("number")]
    assert ["has_case", case.number] in faults[0]
    assert faults[1] == [["present", "9月22日"]]
    assert faults[2] == []


def test_a_row_taken_by_another_hand_meanwhile_is_left_out(cast: Cast, enter: Enter) -> None:
    client = enter()
    batch = uploaded(client, row(), row(姓名="何美琪"))
    register(cast)
    client.post(url("apply", batch))
    states = list(batch.rows.order_by("number").values_list("state", flat=True))
    assert states == [KnownRowState.SKIPPED, KnownRowState.APPLIED]
    assert "没有写入" in client.get(url("show", batch) + "?state=skipped").content.decode()


def test_what_was_worked_on_stays_when_the_sheet_is_taken_back(cast: Cast, enter: Enter) -> None:
    client = enter()
    batch = uploaded(client, row(), row(姓名="何美琪"))
    client.post(url("apply", batch))
    case = Case.objects.get(student=cast.child)
    actions.state_returned(by=cast.actor("dean").by("case.plan"), now=NOW, case=case, day=day_of(NOW))
    page = client.post(url("undo", batch), follow=True).content.decode()
    assert "有 1 个已经有了后来的记录，没有动：李小满" in page
    assert set(Case.objects.values_list("student__name", "stage")) == {
        ("李小满", "confirmed"),
        ("何美琪", "closed"),
    }
    with pytest.raises(ValidationError, match="超过七天"):
        actions.undo_known(by=SYSTEM, now=NOW + timedelta(days=8), batch=KnownBatch.objects.get())


def test_a_sheet_thrown_away_leaves_nothing(cast: Cast, enter: Enter) -> None:
    client = enter()
    batch = uploaded(client, row())
    assert "已放弃" in client.post(url("discard", batch), follow=True).content.decode()
    assert not KnownRow.objects.exists()
    assert "不在等待确认" in client.post(url("apply", batch), follow=True).content.decode()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (SimpleUploadedFile("a.xlsx", b"hello"), "这不是 Excel 文件"),
        (SimpleUploadedFile("a.xlsx", b""), "文件是空的"),
        (None, "请选文件"),
    ],
)
def test_what_is_no_workbook(cast: Cast, enter: Enter, file: object, says: str) -> None:
    answer = enter().post(reverse("cases:known"), {"file": file} if file else {})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_workbook_without_the_columns(cast: Cast, enter: Enter) -> None:
    client = enter()
    for headers, says in (
        (("甲", "乙", "丙"), "没有找到表头"),
        (("姓名", "学校", "班级"), "缺这些列：离校日期、原因"),
    ):
        answer = client.post(reverse("cases:known"), {"file": book(row(), headers=headers)})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert "只有表头" in client.post(reverse("cases:known"), {"file": book()}).content.decode()


def test_the_template_can_be_read_back(cast: Cast, enter: Enter) -> None:
    answer = enter().get(reverse("cases:known_template"))
    ((number, cells),) = sheet.read(io.BytesIO(answer.content).getvalue())
    assert number == 2
    assert cells["name"] == "样例学生"


def test_one_child_by_hand(cast: Cast, enter: Enter) -> None:
    client, address = enter(), reverse("cases:known_one", args=[cast.child.pk])
    assert client.get(address).status_code == 200
    for data, says in (
        ({}, "请选原因"),
        ({"left_on": "2026-12-01", "causes": ["weary"]}, "在今天之后"),
        ({"left_on": "2026-03-05", "causes": ["nonsense"]}, "nonsense"),
    ):
        answer = client.post(address, data)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert "登记既有辍学" in client.get(reverse("cases:of_student", args=[cast.child.pk])).content.decode()
    assert client.post(address, {"left_on": "2026-03-05", "causes": ["weary"]}).status_code == 302
    assert Case.objects.get().stage == Stage.CONFIRMED
    assert "已有没销号的个案" in client.get(address).content.decode()


def test_only_the_own_children_and_only_for_those_who_confirm(cast: Cast, enter: Enter) -> None:
    assert enter("class_teacher").get(reverse("cases:known")).status_code == 404
    principal = enter()
    batch = uploaded(principal, row(姓名="石远", 学校="双河小学"))
    assert batch.rows.get().faults == [["no_school", "双河小学"]]
    assert principal.get(reverse("cases:known_one", args=[cast.children["石远"].pk])).status_code == 404
    assert enter("central_school_head").get(url("show", batch)).status_code == 200
    far = reverse("cases:known_show", args=[cast.places["双河小学"].pk, batch.pk])
    assert enter("bureau_director").get(far).status_code == 404
