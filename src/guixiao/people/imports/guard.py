"""Before a spreadsheet is opened: is it one, and can it be opened without harm. Nothing is parsed here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 400 * MEGABYTE
MOST_PARTS = 2000
MOST_ROWS = 200_000
HEAD_ROWS = 30  # rows above and of the header do not count

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A cell far out makes a reader allocate everything in between: column DA and beyond, row 300,000 and beyond.
FAR = re.compile(rb"""\sr=["'](?:(?:[A-Z]{3}|[D-Z][A-Z])\d+|[A-Z]{0,3}(?:[3-9]\d{5}|\d{7,}))["']""")
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CHUNK, OVERLAP = MEGABYTE, 64


class Unreadable(Exception):
    """The file cannot be taken; the message says what is wrong and what to do."""


def guard(data: bytes) -> None:
    """Raise :class:`Unreadable` unless ``data`` is an .xlsx workbook that is safe to open."""
    if not data:
        raise Unreadable(_("文件是空的。请打开原表另存一份再传。"))
    if len(data) > MOST_BYTES:
        size = len(data) / MEGABYTE
        raise Unreadable(
            _("文件有 %(size).1f MB，最多 20 MB。请按年级分成几份，或删去照片后再传。") % {"size": size}
        )
    if data.startswith(OLE):
        raise Unreadable(_locked() if ENCRYPTED in data else _old())
    if not data.startswith(b"PK"):
        raise Unreadable(
            _("这不是 Excel 文件，像是文本或 CSV。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”再传。")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _parts(book)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, IndexError):
        raise Unreadable(_("文件坏了或没有传完整。请在电脑上打开看看，另存一份再传。")) from None


def _locked() -> str:
    return _("文件加了密码，系统打不开。请在 Excel 里取消密码，另存一份再传。")


def _old() -> str:
    return _("这是旧式的 .xls 文件。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”再传。")


def _parts(book: zipfile.ZipFile) -> None:
    parts = book.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_locked())
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("这个文件里没有 Excel 表。请用模板填好，另存为 .xlsx 再传。"))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(_("文件带有宏，系统不接收。请用 Excel 另存为“Excel 工作簿（.xlsx）”再传。"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(_("文件解开以后大得不正常，系统没有打开它。请把表格复制到新的工作簿再传。"))
    unpacked = 0
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            unpacked += _scan(book, part)
            if unpacked > MOST_UNPACKED:
                raise Unreadable(_("文件解开以后大得不正常，系统没有打开它。请把表格复制到新的工作簿再传。"))


def _scan(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Read one part piece by piece, without keeping it: no entities, no far cells, not too many rows."""
    size = rows = 0
    tail = b""
    sheet = "worksheets/" in part.filename.lower()
    with book.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            text = tail + piece
            if ENTITY.search(text):
                raise Unreadable(
                    _("文件里有不该有的内容（实体声明），系统没有打开它。请把表格复制到新的工作簿再传。")
                )
            if sheet:
                rows += piece.count(b"<row")
                if rows > MOST_ROWS + HEAD_ROWS or FAR.search(text):
                    raise Unreadable(too_many())
            tail = text[-OVERLAP:]
    return size


def too_many() -> str:
    return _(
        "表格太大：最多 %(rows)d 行、100 列（空行、只有格式的行也算）。"
        "请把有内容的部分复制到新的工作簿，或分成几份再传。"
    ) % {"rows": MOST_ROWS}
