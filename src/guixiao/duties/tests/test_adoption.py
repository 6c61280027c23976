"""A regulation drafted, rehearsed, signed, amended, ended: by whom, from when, in which numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from guixiao.duties.actions import adopt as adopting
from guixiao.duties.models import Adoption, Duty, Signing, Stand, State
from guixiao.duties.tick import tick
from guixiao.facts import SYSTEM
from guixiao.facts.clock import at
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.places.models import Place
from guixiao.testing.cast import Cast

from .conftest import SignIn
from .life import LADDER, MONDAY, bind, of, roll, term_so_far, the

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 9, 29)


def url(name: str, place: Place, *more: Any) -> str:
    return reverse(f"duties:regulation_{name}", args=[place.pk, *more])


def given(cast: Cast, post: str = "principal", **more: str) -> dict[str, str]:
    return {"first": "2026-09-28", "signer": str(cast.holdings[post].pk), **more}


def drafted(client: Client, cast: Cast, code: str = LADDER, **more: str) -> Signing:
    answer = client.post(url("adopt", cast.school, code), given(cast, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Signing.objects.latest("pk")


def test_the_office_drafts_and_the_head_signs(cast: Cast, sign_in: SignIn) -> None:
    dean = sign_in("dean", at(MONDAY, 7))
    assert "学校学生辍学报告制度" in dean.get(reverse("duties:regulation_choose")).content.decode()
    row = drafted(dean, cast, number="石中发〔2026〕12 号", number_day="2026-09-25")
    assert not Adoption.objects.exists()
    tick(at(MONDAY, 7, 5))
    assert not Duty.objects.exists(), "a draft binds nobody"
    page = dean.get(url("signing", cast.school, row.pk)).content.decode()
    for words in ("等签发", "石中发〔2026〕12 号", "校长校长某", "等谁签发"):
        assert words in page, words
    assert dean.post(url("sign", cast.school, row.pk)).status_code == 404
    assert "等签发" in sign_in("principal", at(MONDAY, 7)).get(reverse("duties:regulations")).content.decode()
    principal = sign_in("principal", at(MONDAY, 7, 30))
    page = principal.post(url("sign", cast.school, row.pk), follow=True).content.decode()
    assert "已签发" in page
    adoption = Adoption.objects.get()
    assert (adoption.first, adoption.place, adoption.signed_by) == (
        MONDAY, cast.school, cast.holdings["principal"].person,
    )  # fmt: skip
    assert Duty.objects.filter(rule="daily_roll_call", day=MONDAY, demanded=True).count() == 2, "at once"
    page = principal.get(reverse("duties:regulations")).content.decode()
    assert "石中发〔2026〕12 号" in page
    assert "改数" in page
    assert not verify().problems


def test_a_county_binds_its_schools_at_the_next_round(cast: Cast, sign_in: SignIn) -> None:
    client, county = sign_in("basic_education", at(MONDAY, 7)), cast.places["青禾县"]
    client.post(url("adopt", county, LADDER), given(cast, "bureau_director"))
    row = Signing.objects.get()
    assert client.post(url("sign", county, row.pk)).status_code == 404, "the office drafts only"
    sign_in("bureau_director", at(MONDAY, 7, 10)).post(url("sign", county, row.pk))
    assert not Duty.objects.exists()
    tick(at(MONDAY, 7, 11))
    assert Duty.objects.filter(rule="daily_roll_call", demanded=True).count() == 3


def test_earlier_facts_create_no_duties(cast: Cast, sign_in: SignIn) -> None:
    """李小满 has been away since Friday; the regulation comes on Tuesday."""
    roll(cast, date(2026, 9, 24), ["李小满"])
    roll(cast, MONDAY, ["李小满"])
    principal = sign_in("principal", at(MONDAY, 9))
    row = drafted(principal, cast, first="2026-09-29")
    principal.post(url("sign", cast.school, row.pk))
    tick(at(MONDAY, 9, 5))
    assert not of(cast.child)
    tick(at(TUESDAY, 6))
    roll(cast, TUESDAY, ["李小满"])
    assert {duty.day for duty in of(cast.child)} == {TUESDAY}
    assert not Duty.objects.filter(due__lt=at(TUESDAY)).exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"first": "2026-09-21"}, "倒着采用会凭空生出过去的逾期"),
        ({"first": "2025-09-01"}, "起始日太早了"),
        ({"first": ""}, "请选日期"),
        ({"first": "soon"}, "日期不对"),
        ({"signer": ""}, "请选谁签发"),
        ({"signer": "999999"}, "请选谁签发"),
        ({"number": "1 号"}, "文号和发文日期要一起填"),
        ({"number": "1 号", "number_day": "2026-12-01"}, "发文日期还没到"),
        ({"k-report_by": "hours", "n-report_by": ""}, "1 到 1000 的整数"),
        ({"k-report_by": "hours", "n-report_by": "两"}, "1 到 1000 的整数"),
        ({"k-report_by": "at", "n-report_by": "25:00"}, "没有这个钟点"),
        ({"k-report_by": "at", "n-report_by": "9"}, "请填钟点"),
        ({"n-report_by": "2"}, "请先选怎么定"),
        ({"k-report_by": "nonsense"}, "nonsense"),
        ({"n-village_members": "-1"}, "1 到 1000 的整数"),
    ],
)
def test_bad_input_comes_back_at_its_field(
    cast: Cast, sign_in: SignIn, more: dict[str, str], says: str
) -> None:
    term_so_far(cast, MONDAY)
    answer = sign_in("principal", at(MONDAY, 9)).post(url("adopt", cast.school, LADDER), given(cast) | more)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Signing.objects.exists()


def test_an_earlier_start_where_no_roll_was_called(cast: Cast, sign_in: SignIn) -> None:
    row = drafted(sign_in("principal", at(MONDAY, 7)), cast, first="2026-09-21")
    assert row.first == date(2026, 9, 21)


def test_a_loosening_is_refused_at_its_field_with_both_clauses(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal", at(MONDAY, 9))
    answer = client.post(
        url("adopt", cast.school, LADDER),
        given(cast) | {"k-report_by": "school_days", "n-report_by": "2", "n-village_members": "2"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不能放宽：“班主任报学生科的时限”" in page
    assert page.count("学校学生辍学报告制度") >= 2
    row = drafted(client, cast, **{"k-report_by": "hours", "n-report_by": "2", "n-village_members": "2"})
    assert row.overrides == {"report_by": {"within": "2h"}, "village_members": 2}
    assert "2 小时" in client.get(url("signing", cast.school, row.pk)).content.decode()


def test_a_school_cannot_loosen_what_its_county_chose(cast: Cast, sign_in: SignIn) -> None:
    county = cast.places["青禾县"]
    adopting.adopt(
        by=SYSTEM,
        now=at(MONDAY, 6),
        place=county,
        pack=LADDER,
        first=MONDAY,
        overrides={"report_by": {"within": "1h"}},
    )
    client = sign_in("principal", at(MONDAY, 9))
    answer = client.post(
        url("adopt", cast.school, LADDER), given(cast) | {"k-report_by": "hours", "n-report_by": "2"}
    )
    assert answer.status_code == 422
    assert "青禾县" in answer.content.decode()
    assert "青禾县已定" in client.get(url("adopt", cast.school, LADDER)).content.decode()


def test_numbers_are_amended_by_a_dated_row(cast: Cast, sign_in: SignIn) -> None:
    """Two hours from today; one hour, then back to two, from other days: each row stays."""
    principal = sign_in("principal", at(MONDAY, 7))
    principal.post(
        url("sign", cast.school, drafted(principal, cast, **{"k-report_by": "hours", "n-report_by": "1"}).pk)
    )
    address = url("amend", cast.school, LADDER)
    assert principal.get(address).status_code == 200
    same = principal.post(
        address, given(cast) | {"first": "2026-09-28", "k-report_by": "hours", "n-report_by": "2"}
    )
    assert same.status_code == 422
    assert "新的要从那以后的一天起" in same.content.decode()
    nothing = principal.post(
        address, given(cast) | {"first": "2026-09-30", "k-report_by": "hours", "n-report_by": "1"}
    )
    assert "一个数也没有改" in nothing.content.decode()
    changed = principal.post(
        address, given(cast) | {"first": "2026-09-29", "k-report_by": "hours", "n-report_by": "2"}
    )
    assert changed.status_code == 302
    principal.post(url("sign", cast.school, Signing.objects.latest("pk").pk))
    rows = list(Adoption.objects.order_by("first").values_list("first", "last", "overrides"))
    assert rows == [
        (MONDAY, MONDAY, {"report_by": {"within": "1h"}}),
        (TUESDAY, None, {"report_by": {"within": "2h"}}),
    ]
    term_so_far(cast, MONDAY)
    roll(cast, MONDAY, ["李小满"])
    roll(cast, TUESDAY, ["何美琪"])
    known = at(MONDAY, 8, 16)
    assert the(cast.child, "first_day_report").due == known + timedelta(hours=1)
    assert the(cast.children["何美琪"], "first_day_report").due == known + timedelta(days=1, hours=2)
    assert not verify().problems


def test_ending_leaves_what_was_demanded(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    term_so_far(cast, MONDAY)
    roll(cast, MONDAY, ["李小满"])
    principal = sign_in("principal", at(MONDAY, 10))
    answer = principal.post(url("end", cast.school, LADDER), given(cast, first="2026-09-29"))
    assert answer.status_code == 302
    row = Signing.objects.get()
    assert "停用" in principal.post(url("sign", cast.school, row.pk), follow=True).content.decode()
    assert Adoption.objects.get().last == MONDAY
    assert the(cast.child, "first_day_visit").state == State.OPEN
    tick(at(TUESDAY, 6))
    assert not Duty.objects.filter(rule="daily_roll_call", day=TUESDAY).exists()
    assert principal.get(url("end", cast.school, LADDER)).status_code == 404, "nothing to end any more"
    assert not verify().problems


def test_one_draft_at_a_time_and_a_dropped_one_stays_on_record(cast: Cast, sign_in: SignIn) -> None:
    principal = sign_in("principal", at(MONDAY, 7))
    row = drafted(principal, cast)
    assert "等签发的" in principal.post(url("adopt", cast.school, LADDER), given(cast)).content.decode()
    principal.post(url("drop", cast.school, row.pk))
    row.refresh_from_db()
    assert row.state == Stand.DROPPED
    page = principal.post(url("sign", cast.school, row.pk), follow=True).content.decode()
    assert "刚被别人签发或不用了" in page
    assert not Adoption.objects.exists()
    assert drafted(principal, cast).pk != row.pk
    assert not verify().problems


def test_a_draft_is_checked_again_when_it_is_signed(cast: Cast, sign_in: SignIn) -> None:
    """It lay there a day too long: its first day is over and the roll was called."""
    row = drafted(sign_in("principal", at(MONDAY, 7)), cast)
    roll(cast, MONDAY)
    page = sign_in("principal", at(TUESDAY, 7)).post(url("sign", cast.school, row.pk), follow=True)
    assert "倒着采用" in page.content.decode()
    row.refresh_from_db()
    assert row.state == Stand.DRAFT
    assert not Adoption.objects.exists()


def test_twice_the_same_is_refused(cast: Cast, sign_in: SignIn) -> None:
    bind(cast)
    principal = sign_in("principal", at(MONDAY, 7))
    row = drafted(principal, cast)
    page = principal.post(url("sign", cast.school, row.pk), follow=True).content.decode()
    assert "已经采用这部制度" in page
    assert Adoption.objects.count() == 1


def test_the_rehearsal_counts_and_writes_nothing(cast: Cast, sign_in: SignIn) -> None:
    term_so_far(cast, date(2026, 9, 24))
    roll(cast, date(2026, 9, 24), ["李小满"])
    principal = sign_in("principal", at(MONDAY, 7))
    row = drafted(principal, cast)
    before = (Entry.objects.count(), Duty.objects.count())
    page = principal.get(url("rehearsal", cast.school, row.pk)).content.decode()
    assert "第一天家访" in page
    assert (Entry.objects.count(), Duty.objects.count()) == before


@pytest.mark.parametrize("code", ["national", "student_affairs_ladder", "two_three_seven_ladder"])
def test_every_regulation_has_its_form(cast: Cast, sign_in: SignIn, code: str) -> None:
    page = sign_in("bureau_director", at(MONDAY, 7)).get(url("adopt", cast.places["青禾县"], code))
    assert page.status_code == 200


def test_who_may_not(cast: Cast, sign_in: SignIn) -> None:
    teacher = sign_in("class_teacher")
    assert teacher.get(reverse("duties:regulation_choose")).status_code == 404
    assert "regulations/choose" not in teacher.get(reverse("duties:regulations")).content.decode()
    principal = sign_in("principal")
    assert principal.get(url("adopt", cast.places["双河小学"], LADDER)).status_code == 404
    assert principal.get(url("adopt", cast.school, "no_such_pack")).status_code == 404
    row = drafted(sign_in("principal", at(MONDAY, 7)), cast)
    assert sign_in("bureau_director").get(url("signing", cast.places["双河小学"], row.pk)).status_code == 404


def test_a_county_that_tightens_later_stops_nobody(cast: Cast) -> None:
    """The school chose two hours; its county says one: the running duties take the stricter number."""
    bind(cast)
    adopting.amend(
        by=SYSTEM, now=at(MONDAY, 6), adoption=Adoption.objects.get(), first=MONDAY,
        overrides={"report_by": {"within": "2h"}},
    )  # fmt: skip
    adopting.adopt(
        by=SYSTEM, now=at(MONDAY, 6), place=cast.places["青禾县"], pack=LADDER, first=MONDAY,
        overrides={"report_by": {"within": "1h"}},
    )  # fmt: skip
    term_so_far(cast, MONDAY)
    roll(cast, MONDAY, ["李小满"])
    assert the(cast.child, "first_day_report").due == at(MONDAY, 9, 16)


def test_a_stale_amendment_is_refused(cast: Cast) -> None:
    row = bind(cast)
    adopting.give_up(by=SYSTEM, now=at(MONDAY, 6), adoption=Adoption.objects.get(), last=MONDAY)
    with pytest.raises(ValidationError, match="刚被别人改过"):
        adopting.give_up(by=SYSTEM, now=at(MONDAY, 6), adoption=row, last=TUESDAY)
