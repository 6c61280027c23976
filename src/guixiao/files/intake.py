"""From an uploaded file to something an action may keep: checked, cleaned, encrypted on disk.

The slow part happens here, before the action's transaction. Use :func:`received` so that whatever no record
came to point at is removed again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from . import blobs, papers, pictures
from .models import StoredFile

LIMIT = 15 * 1024 * 1024
MOST = 9
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Intake:
    """A checked file whose encrypted bytes already lie on disk under ``store``."""

    store: str
    title: str
    mime: str
    size: int
    sha256: str


@contextmanager
def received(uploads: Sequence[UploadedFile[Any]], *, photos_only: bool = False) -> Iterator[list[Intake]]:
    """Take files in for the time of one action. Raises ``ValidationError`` before anything is kept."""
    taken: list[Intake] = []
    try:
        if len(uploads) > MOST:
            raise ValidationError(_("一次最多传 %(most)d 个文件。请分几次传。") % {"most": MOST})
        for upload in uploads:
            taken.append(take(upload, photos_only=photos_only))  # noqa: PERF401  # what was taken before a failure must be known
        yield taken
    finally:
        kept = set(
            StoredFile.objects.filter(store__in=[one.store for one in taken]).values_list("store", flat=True)
        )
        for one in taken:
            if one.store not in kept:
                blobs.discard(one.store)


def take(upload: UploadedFile[Any], *, photos_only: bool = False) -> Intake:
    """Check one upload and put it on disk, encrypted."""
    title = clean_name(upload.name or "")
    if (upload.size or 0) > LIMIT:
        raise ValidationError(_("“%(name)s”超过 15 MB。请压缩、拍小一点，或分成几份再传。") % {"name": title})
    data = upload.read(LIMIT + 1)
    if not data:
        raise ValidationError(_("“%(name)s”是空的。请重新选一个文件。") % {"name": title})
    if photos_only or looks_like_picture(data):
        data, mime = pictures.redraw(data, title), "image/jpeg"
    else:
        mime = papers.kind_of(data, title)
    title = str(PurePath(title).with_suffix(papers.SUFFIXES[mime]))
    return Intake(blobs.put(data), title, mime, len(data), hashlib.sha256(data).hexdigest())


def looks_like_picture(data: bytes) -> bool:
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM")
    return data.startswith(starts) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp"


def clean_name(name: str) -> str:
    """A name that is safe to show and to offer for saving; its ending follows from the content later."""
    bare = UNWRITABLE.sub(" ", PurePath(name.replace("\\", "/")).name).strip(" .")
    return bare[:80] or _("文件")
