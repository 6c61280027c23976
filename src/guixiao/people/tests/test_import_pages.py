"""The import in the browser and on the command line."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from guixiao.conf import edge
from guixiao.facts import SYSTEM
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.people import actions as people
from guixiao.people.imports import actions, runner
from guixiao.people.models import BatchState, ImportBatch, Student
from guixiao.testing.cast import Cast

from .conftest import SignIn
from .registers import book, by_registrar, child, number, staged
from .test_pages import text


def send(client: Any, cast: Cast, data: bytes, **changes: Any) -> Any:
    upload = SimpleUploadedFile("学籍 2026.xlsx", data)
    given = {"school": cast.school.pk, "first": "2026-09-01", "file": upload, **changes}
    return client.post("/people/imports/", given, follow=True)


def test_from_upload_to_undo(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    page = text(send(client, cast, book([child(1, name="安小河"), child(2, sex="?"), child(3, klass="9班")])))
    assert "新增 <b>2</b>" in page
    assert "有问题 <b>1</b>" in page
    assert "八（9）班" in page
    assert "不在代码表里" in page
    assert not Student.objects.filter(name="安小河").exists()
    batch = ImportBatch.objects.get()
    page = text(client.post(f"/people/imports/{batch.pk}/apply/", follow=True))
    assert "已写入" in page
    student = Student.objects.get(name="安小河")
    assert (
        Entry.objects.get(kind="student_recorded", student=student.pk).account == cast.account("registrar").pk
    )
    people.set_group(by=SYSTEM, now=cast.now, student=student, group="orphan", first=cast.now.date())
    page = text(client.post(f"/people/imports/{batch.pk}/undo/", follow=True))
    assert "第 2 行安小河" in page
    assert "重点人群标记" in page
    assert Student.objects.filter(name="安小河").exists()


def test_undo_in_the_browser(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    send(client, cast, book([child(1, name="安小河")]))
    pk = ImportBatch.objects.get().pk
    client.post(f"/people/imports/{pk}/apply/")
    page = text(client.post(f"/people/imports/{pk}/undo/", follow=True))
    assert "已经撤销" in page
    assert not Student.objects.filter(name="安小河").exists()
    assert verify().problems == []


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2", b"PK\x03\x04broken"])
def test_a_bad_file_is_said_on_the_form(cast: Cast, sign_in: SignIn, data: bytes) -> None:
    answer = send(sign_in("registrar"), cast, data)
    assert answer.status_code == 422
    assert "另存" in text(answer)
    assert not ImportBatch.objects.exists()


def test_a_wrong_sheet_is_said_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    page = text(send(sign_in("registrar"), cast, book([child(1)], drop=("health",), sheet="高一")))
    assert "这份表没有读成" in page
    assert "健康状况" in page


def test_a_school_out_of_reach_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = send(sign_in("registrar"), cast, book([child(1)]), school=cast.places["双河小学"].pk)
    assert answer.status_code == 422
    assert not ImportBatch.objects.exists()
    assert send(sign_in("class_teacher"), cast, book([child(1)])).status_code == 404
    batch = staged(cast, book([child(1)]), cast.places["双河小学"])
    assert sign_in("registrar").get(f"/people/imports/{batch.pk}/").status_code == 404
    assert sign_in("basic_education").get(f"/people/imports/{batch.pk}/").status_code == 200


def test_the_template_and_the_bad_rows_are_excel(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    openpyxl.load_workbook(io.BytesIO(client.get("/people/imports/template/").content))
    batch = staged(cast, book([child(1, sex="?")]))
    answer = client.get(f"/people/imports/{batch.pk}/bad/")
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row == 2
    assert Entry.objects.get(kind="exported").payload == {"what": "import_bad_rows", "rows": 1}


def test_numbers_are_masked_in_the_preview(cast: Cast, sign_in: SignIn) -> None:
    people.change_student(by=SYSTEM, now=cast.now, student=cast.child, values={"id_number": number(1)})
    batch = staged(cast, book([child(1, name="李小满"), child(2, id_number=number(2)[:17] + "5")]))
    client = sign_in("registrar")
    for kind in ("bad", "changed", "new", "unchanged", "nonsense"):
        page = text(client.get(f"/people/imports/{batch.pk}/", {"kind": kind, "page": "x"}))
        assert number(2)[:17] not in page
        assert "13800000001" not in page
    assert "联系电话" in text(client.get(f"/people/imports/{batch.pk}/", {"kind": "changed"}))


def test_a_discarded_sheet_is_gone(cast: Cast, sign_in: SignIn) -> None:
    batch = staged(cast, book([child(1)]))
    client = sign_in("registrar")
    client.post(f"/people/imports/{batch.pk}/discard/")
    assert "已放弃" in text(client.get(f"/people/imports/{batch.pk}/"))
    assert "没有写入" in text(client.post(f"/people/imports/{batch.pk}/undo/", follow=True))


def test_a_dead_import_is_carried_on_by_whoever_looks(cast: Cast, sign_in: SignIn) -> None:
    batch = staged(cast, book([child(n) for n in range(5)]))
    by = by_registrar(cast)
    actions.begin_applying(by=by, now=cast.now - timedelta(minutes=5), batch_id=batch.pk)
    answer = sign_in("registrar").get(f"/people/imports/{batch.pk}/progress/")
    assert answer["HX-Refresh"] == "true"
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED


def test_a_check_that_was_cut_off_says_so(cast: Cast, sign_in: SignIn) -> None:
    batch = actions.open_batch(
        by=by_registrar(cast),
        now=cast.now - timedelta(minutes=5),
        school=cast.school,
        file_name="x",
        first=cast.now.date(),
    )
    assert "重新上传" in text(sign_in("registrar").get(f"/people/imports/{batch.pk}/"))
    assert runner.revive_all(cast.now) == 0


def test_the_command_imports_and_undoes(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "now", lambda: cast.now)
    monkeypatch.setattr(runner, "BREATH", 0)
    cast.account("registrar")
    file, bad = tmp_path / "register.xlsx", tmp_path / "bad.xlsx"
    file.write_bytes(book([child(1, name="安小河"), child(2, sex="?")]))
    call_command("import", str(file), "--as", "registrar", "--bad", str(bad))
    said = capsys.readouterr().out
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 refused" in said
    assert "row 3: 性别" in said
    assert Student.objects.filter(name="安小河").exists()
    assert openpyxl.load_workbook(bad).worksheets[0].max_row == 2
    call_command("import", "--as", "registrar", "--undo", str(ImportBatch.objects.get().pk))
    assert not Student.objects.filter(name="安小河").exists()
    call_command("import", "--resume")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (["none.xlsx", "--as", "registrar"], "No such file"),
        (["none.xlsx", "--as", "nobody"], "no account"),
        (["none.xlsx", "--as", "class_teacher"], "no post"),
        (["--as", "registrar"], "which file"),
        (["--as", "registrar", "--undo", "999"], "no import"),
        ([__file__, "--as", "registrar", "--school", "双河小学"], "names 0 schools"),
        ([__file__, "--as", "registrar"], "CSV"),
    ],
)
def test_the_command_refuses_in_words(cast: Cast, given: list[str], word: str) -> None:
    cast.account("registrar")
    cast.account("class_teacher")
    with pytest.raises(CommandError, match=word):
        call_command("import", *given)
