"""The Excel files around a staff sheet: the template with its code lists, refused rows, one-time passwords."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from guixiao.facts.posts import ADMINISTRATORS, POSTS, SHARED
from guixiao.people.sheets import Book
from guixiao.places import paths
from guixiao.places.models import Kind, Place
from guixiao.places.wording import title_of, word
from guixiao.staffing.models import RowKind, RowState, StaffBatch, StaffRow

from .columns import COLUMNS
from .known import UNITS
from .payload import raw
from .reasons import explain


def template(branches: Iterable[Place]) -> bytes:
    """Headers with one sample row, how each column is filled, the posts, and the units of these branches."""
    book = Book()
    headers = [column.header + ("★" if column.must else "") for column in COLUMNS]
    book.sheet(_("教职工和任职表"), headers, [[column.sample for column in COLUMNS]])
    hints = [[column.header, _("必填") if column.must else "", word(column.how)] for column in COLUMNS]
    book.sheet(_("说明"), [_("列名"), _("必填"), _("怎么填")], hints, wide=30)
    posts = [
        [
            post.code,
            title_of(post.code),
            str(Kind(post.level.value).label),
            _("可几人") if post.code in SHARED else _("一人"),
        ]
        for post in POSTS.values()
        if post.code not in ADMINISTRATORS
    ]
    book.sheet(_("岗位代码"), [_("代码"), _("岗位"), _("设在哪一级"), _("几人")], posts, wide=22)
    where = Q(pk__in=[])
    for branch in branches:
        where |= paths.beneath("path", branch.path)
    units = (
        Place.objects.filter(where, kind__in=UNITS, closed_on=None).select_related("parent").order_by("path")
    )
    rows = [
        [place.name, place.code, str(place.get_kind_display()), place.parent.name if place.parent else ""]
        for place in units[:5000]
    ]
    book.sheet(_("单位代码"), [_("单位"), _("代码"), _("类别"), _("上级")], rows, wide=22)
    return book.bytes()


def bad_rows(batch: StaffBatch) -> tuple[bytes, int]:
    """The rows that were not written, as they came, with the reason beside them: mend and upload again."""
    left = Q(kind__in=(RowKind.BAD, RowKind.CLASH), state=RowState.WAITING) | Q(state=RowState.SKIPPED)
    headers = [*batch.headers, _("原因和办法")]
    table = []
    for row in StaffRow.objects.filter(left, batch=batch).order_by("number"):
        cells = raw(row)
        padded = [*cells, *[""] * (len(batch.headers) - len(cells))][: len(batch.headers)]
        table.append([*padded, "\n".join(str(reason) for reason in explain(row.meant.get("faults", [])))])
    book = Book()
    book.sheet(_("教职工和任职表"), headers, table)
    return book.bytes(), len(table)


def passwords(rows: Sequence[Sequence[str]]) -> bytes:
    """One-time passwords to be handed out on paper, one strip each."""
    book = Book()
    book.sheet(_("一次性密码"), [_("姓名"), _("账号"), _("一次性密码（首次登录必须更换）")], rows, wide=24)
    return book.bytes()
