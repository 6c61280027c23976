"""The staff sheet in the browser and on the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from guixiao.access.models import Account
from guixiao.conf import edge
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people.sheets import XLSX
from guixiao.places.models import Holding, Person
from guixiao.staffing.models import StaffBatch
from guixiao.testing.cast import NOW, Cast

from .conftest import SignIn
from .sheets import book, row

pytestmark = pytest.mark.django_db


def upload(client: Client, place: int, data: bytes, name: str = "教职工.xlsx") -> str:
    file = SimpleUploadedFile(name, data, XLSX)
    given = {"place": place, "file": file, "first": "2026-09-28"}
    return client.post("/staffing/sheets/", given, follow=True).content.decode()


def cells_in(data: bytes) -> list[object]:
    """Every cell of the first sheet of a workbook."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data)).active
    return [cell.value for line in sheet for cell in line]


def test_from_upload_to_undo(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    assert "还没有导入过" in client.get("/staffing/sheets/").content.decode()
    rows = [
        row("新来的", "N1", "辅导员"),
        row("新班主任", "N2", "班主任", klass="八（3）班", first="20261008"),
        row("认不出", "N3", "班长"),
        row("开新班", "N4", "班主任", klass="八（5）班"),
    ]
    page = upload(client, cast.school.pk, book(rows))
    assert "4 行里，可以写入 <b>2</b>，有问题 <b>1</b>" in page
    assert "没有这个岗位“班长”" in page
    assert "八（5）班" in page
    assert "账号由账号管理员另开" in page
    batch = StaffBatch.objects.get()
    url = f"/staffing/sheets/{batch.pk}/"
    assert "班主任某已在这个岗位上" in client.get(f"{url}?kind=clash").content.decode()
    page = client.post(f"{url}clash/", {"number": "3", "hand_over": "1"}, follow=True).content.decode()
    assert "那天交接" in page
    page = client.post(f"{url}apply/", {"accounts": "1"}, follow=True).content.decode()
    assert "已写入" in page
    assert not Account.objects.filter(username="N1").exists(), "a principal opens no accounts"
    assert Holding.objects.filter(person__staff_number="N2", first="2026-10-08").exists()
    assert "新来的" in client.get(f"{url}?kind=new_person").content.decode()
    answer = client.post(f"{url}bad/")
    cells = cells_in(answer.content)
    assert "认不出" in cells
    assert Entry.objects.filter(kind="exported", payload__what="staff_bad_rows").exists()
    page = client.post(f"{url}undo/", follow=True).content.decode()
    assert "这一批已经撤销" in page
    assert not Person.objects.filter(staff_number="N1").exists()
    assert client.post(f"{url}apply/", follow=True).status_code == 200
    assert verify().problems == []


def test_columns_named_in_the_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    page = upload(client, cast.school.pk, book([["甲", "N1", "辅导员"]], headers=("姓名", "工号", "干什么")))
    assert "有的列认不出" in page
    assert "岗位" in page
    url = f"/staffing/sheets/{StaffBatch.objects.get().pk}/columns/"
    assert "请指明哪一列是岗位" in client.post(url, {"name": "0"}, follow=True).content.decode()
    assert "选的列不在表里" in client.post(url, {"name": "0", "post": "77"}, follow=True).content.decode()
    page = client.post(url, {"name": "0", "number": "1", "post": "2"}, follow=True).content.decode()
    assert "可以写入 <b>1</b>" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n", "CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"", "文件是空的"),
        (book([]), "只有表头"),
    ],
)
def test_a_bad_file_is_said_and_nothing_is_kept(cast: Cast, sign_in: SignIn, data: bytes, said: str) -> None:
    page = upload(sign_in("principal"), cast.school.pk, data)
    assert said in page
    assert not Person.objects.filter(staff_number__startswith="N").exists()


def test_a_place_that_is_not_yours(cast: Cast, sign_in: SignIn) -> None:
    page = upload(sign_in("principal"), cast.places["双河小学"].pk, book([row("甲", "N1", "辅导员")]))
    assert "您不能给这个单位导入" in page
    assert not StaffBatch.objects.exists()


def test_discarded(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("principal")
    upload(client, cast.school.pk, book([row("甲", "N1", "辅导员")]))
    batch = StaffBatch.objects.get()
    assert "已放弃" in client.post(f"/staffing/sheets/{batch.pk}/discard/", follow=True).content.decode()
    assert not batch.rows.exists()
    assert client.get(f"/staffing/sheets/{batch.pk}/").status_code == 200


def test_the_template_and_the_passwords(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("system_admin")
    answer = client.get("/staffing/sheets/template/")
    names = openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    assert names == ["教职工和任职表", "说明", "岗位代码", "单位代码"]
    page = upload(client, cast.school.pk, book([row("甲", "N001", "辅导员")]))
    assert "同时开账号" in page
    batch = StaffBatch.objects.get()
    from guixiao.staffing import actions
    from guixiao.staffing.sheets import runner

    actions.begin_staff(by=batch.by, now=NOW, batch_id=batch.pk, accounts=True)
    runner.carry_on(batch.pk, lambda: NOW, breath=0)
    url = f"/staffing/sheets/{batch.pk}/"
    assert "下载一次性密码" in client.get(url).content.decode()
    answer = client.post(f"{url}passwords/")
    cells = cells_in(answer.content)
    assert "N001" in cells
    assert "已经下载过" in client.post(f"{url}passwords/", follow=True).content.decode()
    assert sign_in("principal").post(f"{url}passwords/").status_code == 404


def test_from_the_command_line(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(edge, "now", lambda: NOW)
    cast.account("principal")
    cast.account("class_teacher")
    file = tmp_path / "staff.xlsx"
    file.write_bytes(book([row("甲", "N1", "辅导员"), row("乙", "N2", "班长")]))
    given = ("import_staff", str(file), "--place", str(cast.school.pk), "--as", "principal")
    call_command(*given, "--bad", str(tmp_path / "bad.xlsx"))
    said = capsys.readouterr().out
    assert "1 new_person" in said
    assert "say --yes to write 1 rows" in said
    assert "没有这个岗位“班长”" in said
    assert not Person.objects.filter(staff_number="N1").exists()
    call_command(*given, "--yes")
    assert "1 rows written, 0 left out, 1 people" in capsys.readouterr().out
    call_command("import_staff", "--undo", str(StaffBatch.objects.latest("pk").pk), "--as", "principal")
    assert "已撤销" in capsys.readouterr().out
    assert not Person.objects.filter(staff_number="N1").exists()
    for wrong, words in (
        (("import_staff", str(file), "--as", "nobody"), "no account"),
        (("import_staff", str(file), "--as", "class_teacher"), "holds no post"),
        (("import_staff", "--as", "principal"), "which file"),
        (("import_staff", "nowhere.xlsx", "--as", "principal"), "No such file"),
        ((*given[:2], "--place", "999999", "--as", "principal"), "names 0 units"),
        ((*given, "--accounts"), "account administrator"),
        (("import_staff", "--undo", "9999", "--as", "principal"), "no sheet 9999"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command(*wrong)
