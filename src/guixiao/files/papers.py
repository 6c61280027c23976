"""Papers handed in as evidence: known by their first bytes, never by their name, and nothing that can run."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS = "application/msword", "application/vnd.ms-excel"
SUFFIXES = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx", DOC: ".doc", XLS: ".xls", "image/jpeg": ".jpg"}
RUNS_IN_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACKED_LIMIT = 200 * 1024 * 1024


def kind_of(data: bytes, name: str) -> str:
    """The MIME type of a paper we accept. Raises ``ValidationError`` with the reason and a remedy."""
    if data.startswith(b"%PDF-"):
        return _pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _office(data, name)
    if data.startswith(OLE):
        return _old_office(data, name)
    raise ValidationError(_("“%(name)s”不能作为材料。请传照片、PDF、Word 或 Excel 文件。") % {"name": name})


def _pdf(data: bytes, name: str) -> str:
    if b"/Encrypt" in data:
        raise _locked(name)
    if any(word in data for word in RUNS_IN_PDF):
        raise _runs(name)
    if b"%%EOF" not in data[-2048:]:
        raise _broken(name)
    return PDF


def _office(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _broken(name) from None
    if any(item.flag_bits & 1 for item in inside):
        raise _locked(name)
    if sum(item.file_size for item in inside) > UNPACKED_LIMIT:
        raise _broken(name)
    names = {item.filename.lower() for item in inside}
    if any(
        part.endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "printersettings" not in part
        for part in names
    ):
        raise _runs(name)
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise ValidationError(
        _("“%(name)s”是压缩包或别的文件。请把里面的照片、PDF、Word 或 Excel 一个一个传上来。")
        % {"name": name}
    )


def _old_office(data: bytes, name: str) -> str:
    if _holds(data, "EncryptedPackage"):
        raise _locked(name)
    if _holds(data, "_VBA_PROJECT") or _holds(data, "Macros"):
        raise _runs(name)
    if _holds(data, "WordDocument"):
        return DOC
    if _holds(data, "Workbook") or _holds(data, "Book"):
        return XLS
    raise ValidationError(_("“%(name)s”认不出来。请另存为 PDF 再传。") % {"name": name})


def _holds(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


def _locked(name: str) -> ValidationError:
    return ValidationError(_("“%(name)s”加了密码。请去掉密码，另存一份再传。") % _named(name))


def _runs(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s”里有宏、脚本或夹带的文件，不能收。请另存为不带宏的文件或 PDF。") % _named(name)
    )


def _broken(name: str) -> ValidationError:
    return ValidationError(_("“%(name)s”是坏的，打不开。请重新导出一份再传。") % _named(name))


def _named(name: str) -> dict[str, Any]:
    return {"name": name}
