"""The list and the page of a child: who sees what, what is on record, what a form refuses."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from guixiao.facts import SYSTEM
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions, idnumbers
from guixiao.people.models import Status, Student
from guixiao.testing.cast import FIRST, Cast

from .conftest import SignIn

ID = idnumbers.make(idnumbers.UNASSIGNED, date(2012, 3, 2), 122)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def with_number(cast: Cast) -> Student:
    actions.change_student(
        by=SYSTEM, now=cast.now, student=cast.child, values={"id_number": ID, "student_number": f"G{ID}"}
    )
    return cast.child


def test_the_list_holds_whom_one_may_list(cast: Cast, sign_in: SignIn) -> None:
    page = text(sign_in("class_teacher").get("/people/"))
    assert "李小满" in page
    assert "石远" not in page
    assert "李小满" not in text(sign_in("outsider").get("/people/"))
    assert sign_in("province_officer").get("/people/").status_code == 404


@pytest.mark.parametrize(
    "q", ["小满", "li xiao man", "lixiao", "lxm", f"g{ID.lower()}", ID, f" {ID[:6]} {ID[6:]}"]
)
def test_a_child_is_found(cast: Cast, sign_in: SignIn, q: str) -> None:
    with_number(cast)
    page = text(sign_in("registrar").get("/people/", {"q": q}))
    assert "李小满" in page
    assert "罗天佑" not in page


@pytest.mark.parametrize("q", ["\x00", "%", "a" * 500, "[", "(((", "' or 1=1 --", ID[:-1]])
def test_a_strange_question_finds_nothing(cast: Cast, sign_in: SignIn, q: str) -> None:
    answer = sign_in("registrar").get(
        "/people/", {"q": q, "sort": "-x", "class": "９", "school": "9" * 40, "page": "-7", "status": "?"}
    )
    assert answer.status_code == 200


def test_a_filter_on_key_groups_is_for_those_who_see_tags(cast: Cast, sign_in: SignIn) -> None:
    actions.set_group(by=SYSTEM, now=cast.now, student=cast.child, group="left_behind", first=FIRST)
    seen = text(sign_in("class_teacher").get("/people/", {"group": "left_behind"}))
    assert "李小满" in seen
    assert "罗天佑" not in seen
    assert "李小满" not in text(sign_in("village_head").get("/people/", {"group": "left_behind"}))
    assert "留守" not in text(sign_in("village_head").get(f"/people/{cast.child.pk}/"))
    assert "留守" in text(sign_in("class_teacher").get(f"/people/{cast.child.pk}/"))


def test_the_list_costs_the_same_for_any_number(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("registrar")
    client.get("/people/")
    with django_assert_max_num_queries(20):
        client.get("/people/")


def test_a_page_masks_numbers_and_the_look_is_on_record(cast: Cast, sign_in: SignIn) -> None:
    with_number(cast)
    page = text(sign_in("class_teacher").get(f"/people/{cast.child.pk}/"))
    assert ID not in page
    assert "G**************" in page
    assert 'href="tel:13900000001"' in page
    look = Entry.objects.filter(kind="looked", student=cast.child.pk).get()
    assert look.post == "class_teacher"


def test_no_number_to_call_where_one_does_not_call(cast: Cast, sign_in: SignIn) -> None:
    actions.assign(
        by=SYSTEM,
        now=cast.now,
        student=cast.child,
        person_id=cast.holdings["women_federation"].person_id,
        role="net",
        first=FIRST,
    )
    page = text(sign_in("women_federation").get(f"/people/{cast.child.pk}/"))
    assert "李国栋" in page
    assert "13900000001" not in page


def test_the_outsider_gets_nothing_anywhere(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("outsider")
    for page in ("", "reveal/phone/", "edit/", "leave/", "groups/", "assign/"):
        assert client.get(f"/people/{cast.child.pk}/{page}").status_code == 404
    assert client.get(f"/people/class/{cast.klass.pk}/").status_code == 404


def test_a_reveal_asks_for_a_reason_and_records_it(cast: Cast, sign_in: SignIn) -> None:
    with_number(cast)
    client = sign_in("class_teacher")
    url = f"/people/{cast.child.pk}/reveal/id_number/"
    assert client.post(url, {"reason": ""}).status_code == 422
    assert ID not in text(client.post(url, {"reason": "啊"}))
    assert not Entry.objects.filter(kind="revealed").exists()
    assert ID in text(client.post(url, {"reason": "办理转学手续"}))
    assert Entry.objects.get(kind="revealed").payload["field"] == "id_number"
    assert client.get(f"/people/{cast.child.pk}/reveal/password/").status_code == 404
    assert client.get(f"/people/{cast.child.pk}/reveal/guardian7-phone/").status_code == 404
    assert "13900000001" in text(
        client.post(url.replace("id_number", "guardian1-phone"), {"reason": "孩子没来"})
    )


def test_the_export_masks_disarms_and_is_on_record(cast: Cast, sign_in: SignIn) -> None:
    with_number(cast)
    actions.change_student(by=SYSTEM, now=cast.now, student=cast.children["罗天佑"], values={"name": "=1+1"})
    answer = sign_in("registrar").post("/people/export/", {})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    names = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert "'=1+1" in names
    assert "石远" not in names
    assert ID not in str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert Entry.objects.get(kind="exported").payload == {"what": "students", "rows": 8}
    assert sign_in("class_teacher").post("/people/export/", {}).status_code == 404


def edit_data(client: Any, cast: Cast, **changes: object) -> dict[str, object]:
    form = client.get(f"/people/{cast.child.pk}/edit/").context["form"]
    data = {name: form[name].value() for name in form.fields}
    guardians = {
        f"g{order}-{name}": value
        for order in (1, 2)
        for name, value in (("name", "李国栋"), ("relation", "父亲"), ("is_guardian", "on"))
    }
    given = {**data, **guardians, **changes}
    return {name: value for name, value in given.items() if value not in (None, False)}


def test_an_edit_names_the_fields_and_keeps_what_is_hidden(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    answer = client.post(f"/people/{cast.child.pk}/edit/", edit_data(client, cast, seat="18"))
    assert answer.status_code == 302, answer.context["form"].errors
    child = Student.objects.get(pk=cast.child.pk)
    assert (child.seat, child.phone) == ("18", "13800000001")
    fields = Entry.objects.get(kind="student_changed").payload["fields"]
    assert fields == ["seat", "guardian2_name", "guardian2_relation"]
    assert verify().problems == []


def test_a_stale_page_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    data = edit_data(client, cast, seat="18")
    actions.change_student(by=SYSTEM, now=cast.now, student=cast.child, values={"boarding": True})
    answer = client.post(f"/people/{cast.child.pk}/edit/", data)
    assert answer.status_code == 422
    assert "重新打开" in text(answer)
    assert Student.objects.get(pk=cast.child.pk).seat == "01"


@pytest.mark.parametrize("number", ["123", ID[:17] + ("0" if ID[17] != "0" else "1"), "99999920280101001X"])
def test_a_wrong_number_is_refused(cast: Cast, sign_in: SignIn, number: str) -> None:
    client = sign_in("registrar")
    answer = client.post(f"/people/{cast.child.pk}/edit/", edit_data(client, cast, id_number=number))
    assert answer.status_code == 422
    assert "身份证号" in text(answer)


def test_a_number_another_child_has_is_refused(cast: Cast, sign_in: SignIn) -> None:
    actions.change_student(by=SYSTEM, now=cast.now, student=cast.children["韦思敏"], values={"id_number": ID})
    client = sign_in("registrar")
    answer = client.post(f"/people/{cast.child.pk}/edit/", edit_data(client, cast, id_number=ID))
    assert answer.status_code == 422
    assert "另一名学生" in text(answer)


def test_leaving_after_a_change_of_class(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    url = f"/people/{cast.child.pk}/"
    other = cast.places["八（4）班"]
    actions.move(
        by=SYSTEM,
        now=cast.now,
        student=cast.child,
        klass=other,
        school=cast.school,
        day=date(2026, 9, 28),
        change=EnrolmentChange.MOVED_CLASS,
    )
    gone = {"change": "transferred_out", "day": "2026-10-09", "note": ""}
    assert client.post(f"{url}leave/", gone).status_code == 422
    assert client.post(f"{url}leave/", {**gone, "note": "双河小学回执 2026-17 号"}).status_code == 302
    child = Student.objects.get(pk=cast.child.pk)
    assert (child.status, child.klass) == (Status.TRANSFERRED_OUT, None)
    assert child.enrolments.get(klass=other).exit_note == "双河小学回执 2026-17 号"
    assert client.post(f"{url}leave/", {**gone, "note": "再来一次"}).status_code == 422
    assert "双河小学回执" in text(client.get(url))
    assert verify().problems == []


def test_suspended_and_resumed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    url = f"/people/{cast.child.pk}/leave/"
    assert client.post(url, {"change": "resumed", "day": "2026-09-28"}).status_code == 422
    assert client.post(url, {"change": "suspended", "day": "2026-09-28"}).status_code == 302
    assert client.post(url, {"change": "resumed", "day": "2026-10-28"}).status_code == 302
    assert Student.objects.get(pk=cast.child.pk).status == Status.ENROLLED


def test_groups_and_assignments_begin_and_end(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    url = f"/people/{cast.child.pk}/"
    assert client.post(f"{url}groups/", {"group": "orphan", "first": "2026-09-28"}).status_code == 302
    group = cast.child.groups.get()
    assert client.post(f"{url}groups/{group.pk}/end/", {"last": "2026-09-01"}).status_code == 422
    assert client.post(f"{url}groups/{group.pk}/end/", {"last": "2026-09-30"}).status_code == 302
    outsider, teacher = cast.holdings["outsider"], cast.holdings["counsellor"]
    given = {"holding": outsider.pk, "role": "pairing", "first": "2026-09-28"}
    assert client.post(f"{url}assign/", given).status_code == 422
    assert client.post(f"{url}assign/", {**given, "holding": teacher.pk}).status_code == 302
    row = cast.child.assignments.get()
    assert client.post(f"{url}assign/{row.pk}/end/", {"last": "2026-10-01"}).status_code == 302
    assert client.get(f"{url}assign/{row.pk}/end/").status_code == 404
    assert verify().problems == []


def test_the_roster_of_a_class(cast: Cast, sign_in: SignIn) -> None:
    page = text(sign_in("class_teacher").get(f"/people/class/{cast.klass.pk}/"))
    assert page.index("李小满") < page.index("邓志豪")
    assert "石远" not in page
