"""Stored files: what is taken in, what is refused, what remains of a photo, who sees it, new keys, lost bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image

from guixiao.conf import edge, keys
from guixiao.files import actions, blobs, rotation
from guixiao.files.intake import LIMIT, MOST, clean_name, received
from guixiao.files.models import Purpose, StoredFile
from guixiao.journal.append import append
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.testing.cast import Cast

GPS = ExifTags.Base.GPSInfo


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture that tells where it was taken and carries a comment."""
    image = Image.new(mode, size, 120 if mode == "L" else None)
    exif = image.getexif()
    exif[ExifTags.Base.Make] = "手机".encode().decode()
    exif[ExifTags.Base.ImageDescription] = "SECRET-PLACE"
    exif.get_ifd(GPS)[ExifTags.GPS.GPSLatitude] = (23.0, 1.0, 2.0)
    target = io.BytesIO()
    image.save(target, form, exif=exif)
    return target.getvalue()


def upload(data: bytes, name: str = "门口.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return target.getvalue()


def stored(
    cast: Cast, data: bytes, name: str = "门口.jpg", purpose: Purpose = Purpose.VISIT_PHOTO
) -> StoredFile:
    by = cast.actor("class_teacher").by("visit.record")
    with received([upload(data, name)]) as intakes, transaction.atomic():
        kept = actions.keep(
            by=by, now=cast.now, student=cast.child, purpose=purpose, owner=1, intakes=intakes
        )
        append(kept, by=by, now=cast.now)
    return StoredFile.objects.get()


def test_a_photo_keeps_nothing_but_the_picture(cast: Cast) -> None:
    before = photo()
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(GPS)
    row = stored(cast, before)
    after = blobs.get(row.store)
    read = Image.open(io.BytesIO(after))
    assert dict(read.getexif()) == {}
    assert not set(read.info) & {"exif", "comment", "icc_profile", "xmp"}
    assert b"SECRET-PLACE" not in after
    assert verify().problems == []


def test_what_lies_on_disk_is_not_the_picture(cast: Cast) -> None:
    row = stored(cast, photo())
    raw = blobs.path_of(row.store).read_bytes()
    assert raw.startswith(b"GX1")
    assert b"JFIF" not in raw
    assert blobs.path_of(row.store).stat().st_mode & 0o077 == 0


def test_a_large_photo_is_made_small(cast: Cast) -> None:
    row = stored(cast, photo((3000, 1000)))
    assert Image.open(io.BytesIO(blobs.get(row.store))).size == (2000, 667)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA"])
def test_pictures_of_every_mode(cast: Cast, mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (10, 10)).save(target, "PNG")
    assert stored(cast, target.getvalue(), "a.png").title == "a.jpg"


BAD: list[tuple[bytes, str, str]] = [
    (b"", "空.jpg", "是空的"),
    (b"MZ\x90\x00" + b"0" * 100, "报告.pdf", "不能作为材料"),
    (b"#!/bin/sh\nrm", "a.sh", "不能作为材料"),
    (b"<html><script>", "a.jpg", "不能作为材料"),
    (photo()[:200], "半张.jpg", "是坏的"),
    (b"\x00\x00\x00\x18ftypheic" + b"0" * 50, "苹果.heic", "HEIC"),
    (b"%PDF-1.7 /Encrypt 1 0 R %%EOF", "密.pdf", "加了密码"),
    (b"%PDF-1.7 /OpenAction << /JavaScript >> %%EOF", "脚本.pdf", "不能收"),
    (b"%PDF-1.7 no end", "断.pdf", "是坏的"),
    (zipped(word__document_DOT_xml=b"x", word__vbaProject_DOT_bin=b"x"), "宏.docx", "不能收"),
    (zipped(a_DOT_txt=b"x"), "a.zip", "压缩包"),
    (b"PK\x03\x04broken", "坏.docx", "是坏的"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密.xlsx", "加了密码"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument_VBA_PROJECT".encode("utf-16-le"),
        "宏.doc",
        "不能收",
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 64, "怪.doc", "认不出来"),
]


@pytest.mark.parametrize(("data", "name", "says"), BAD, ids=[name for _data, name, _says in BAD])
def test_what_is_refused_and_why(cast: Cast, data: bytes, name: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says), received([upload(data, name)]):
        raise AssertionError("taken in")
    assert blobs_on_disk() == set()


def test_too_big_and_too_many(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="15 MB"), received([upload(b"\xff\xd8\xff" + b"0" * LIMIT)]):
        raise AssertionError("taken in")
    with pytest.raises(ValidationError, match="一次最多"), received([upload(photo())] * (MOST + 1)):
        raise AssertionError("taken in")


def test_a_bomb_is_not_unpacked(cast: Cast) -> None:
    target = io.BytesIO()
    Image.new("1", (20000, 20000)).save(target, "PNG")
    with pytest.raises(ValidationError, match="尺寸太大"), received([upload(target.getvalue(), "b.png")]):
        raise AssertionError("taken in")


def test_papers_that_are_accepted(cast: Cast) -> None:
    by = cast.actor("class_teacher").by("visit.record")
    papers = [
        upload(b"%PDF-1.7 hello %%EOF", "证明.exe"),
        upload(zipped(word__document_DOT_xml=b"x"), "说明.docx"),
        upload(zipped(xl__workbook_DOT_xml=b"x"), "名单.xlsm"),
    ]
    with received(papers) as intakes, transaction.atomic():
        kept = actions.keep(
            by=by, now=cast.now, student=cast.child, purpose=Purpose.CASE_PAPER, owner=1, intakes=intakes
        )
        append(kept, by=by, now=cast.now)
    assert [row.title for row in StoredFile.objects.order_by("pk")] == ["证明.pdf", "说明.docx", "名单.xlsx"]


def test_a_photo_field_takes_photos_only() -> None:
    with (
        pytest.raises(ValidationError, match="不是照片"),
        received([upload(b"%PDF-1.7 %%EOF", "a.pdf")], photos_only=True),
    ):
        raise AssertionError("taken in")


def test_what_no_record_points_to_is_removed(cast: Cast) -> None:
    with received([upload(photo())]) as intakes:
        assert blobs_on_disk() == {intakes[0].store}
    assert blobs_on_disk() == set()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.jpg", "a.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("...", "文件"),
        ("", "文件"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert clean_name(name) == clean


# --- showing ---------------------------------------------------------------------------------------


@pytest.fixture
def at_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "now", lambda: cast.now)


def client_of(cast: Cast, post: str) -> Client:
    client = Client()
    client.force_login(cast.account(post), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.usefixtures("at_the_day")
def test_showing_a_photo_is_on_record(cast: Cast) -> None:
    row = stored(cast, photo())
    answer = client_of(cast, "class_teacher").get(reverse("files:show", args=[row.pk]))
    assert answer.content == blobs.get(row.store)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    assert Entry.objects.filter(kind="looked", student=cast.child.pk).count() == 1


@pytest.mark.usefixtures("at_the_day")
def test_a_paper_is_offered_for_saving_never_shown(cast: Cast) -> None:
    row = stored(cast, b"%PDF-1.7 hello %%EOF", 'a"\r\nX-Bad: 1.pdf', Purpose.CASE_PAPER)
    answer = client_of(cast, "principal").get(reverse("files:show", args=[row.pk]))
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "X-Bad" not in answer


@pytest.mark.usefixtures("at_the_day")
def test_who_finds_nothing(cast: Cast) -> None:
    row = stored(cast, photo())
    for post in ("outsider", "province_officer", "system_admin", "police_station"):
        assert client_of(cast, post).get(reverse("files:show", args=[row.pk])).status_code == 404
    paper = StoredFile.objects.get()
    StoredFile.objects.filter(pk=paper.pk).update(purpose=Purpose.CASE_PAPER)
    assert client_of(cast, "subject_teacher").get(reverse("files:show", args=[row.pk])).status_code == 404
    assert client_of(cast, "class_teacher").get(reverse("files:show", args=[99999])).status_code == 404


@pytest.mark.usefixtures("at_the_day")
@pytest.mark.parametrize("harm", ["gone", "cut", "changed", "foreign"])
def test_lost_or_altered_bytes_are_said_calmly(cast: Cast, harm: str) -> None:
    row = stored(cast, photo())
    path = blobs.path_of(row.store)
    raw = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": raw[:30], "changed": raw[:-1] + b"\x00", "foreign": b"not ours"}[harm])
    answer = client_of(cast, "class_teacher").get(reverse("files:show", args=[row.pk]))
    assert answer.status_code == 410
    assert "重新传一份" in answer.content.decode()
    assert len(rotation.unopenable()) == 1


# --- new keys --------------------------------------------------------------------------------------


@pytest.fixture
def new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring with a fresh current key, as ``guixiao rotate-keys`` makes it."""
    turned = keys.ring().with_new_field_key()
    for module in (blobs, rotation):
        monkeypatch.setattr(module, "ring", lambda: turned)


def test_files_move_to_the_new_key_a_few_at_a_time(cast: Cast, request: pytest.FixtureRequest) -> None:
    row = stored(cast, photo())
    plain = blobs.get(row.store)
    old = blobs.sealed_by(row.store)
    request.getfixturevalue("new_key")
    assert rotation.reseal(limit=0) == 0
    assert rotation.reseal(limit=1) == 1
    assert rotation.reseal(limit=1) == 0
    assert blobs.sealed_by(row.store) != old
    assert blobs.get(row.store) == plain
    assert verify().problems == []


def test_a_blob_cannot_take_anothers_place(cast: Cast) -> None:
    one, two = blobs.put(b"one"), blobs.put(b"two")
    blobs.path_of(two).write_bytes(blobs.path_of(one).read_bytes())
    with pytest.raises(blobs.CannotOpen, match="altered"):
        blobs.get(two)


def test_only_names_of_ours_are_looked_up() -> None:
    with pytest.raises(blobs.CannotOpen):
        blobs.path_of("../../../etc/passwd" + "0" * 13)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]  # pytest-django's wrapper


def blobs_on_disk() -> set[str]:
    return {path.name for path in blobs.folder().rglob("*") if path.is_file()}
