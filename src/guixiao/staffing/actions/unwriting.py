"""A staff sheet taken back as a whole, while nobody has done anything under it; the last written goes first."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from guixiao.access.models import Account, PastPassword
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.journal.records import label
from guixiao.places.models import Deputy, Holding, Person, Place
from guixiao.staffing.models import BatchState, Handover, RowState, StaffBatch, StaffRow

from .handover import undo_handover
from .places import unmake_place
from .posts import QUIET, done_under, reopen_post, take_back_post

AT_MOST, NAMED = 40, 5


def begin_undoing_staff(*, by: By, now: datetime, batch_id: int) -> StaffBatch:
    """Order a written sheet to be taken back. Raises ``ValidationError`` naming whom and what holds it."""
    batch = StaffBatch.objects.get(pk=batch_id)
    held = _held(batch)
    if held:
        raise ValidationError(_("不能撤销：%(said)s。请对这些人单独办离任。") % {"said": "；".join(held)})
    moved = StaffBatch.objects.filter(
        pk=batch_id, state__in=(BatchState.APPLIED, BatchState.APPLYING)
    ).update(state=BatchState.UNDOING, beat_at=now, message="")
    if not moved:
        raise ValidationError(_("这一批没有写入，或已经撤销，不用再撤。"))
    batch.refresh_from_db()
    return batch


def _held(batch: StaffBatch) -> list[str]:
    """What was done by virtue of what the sheet gave, in sentences; a few of them."""
    applied = StaffRow.objects.filter(batch=batch, state=RowState.APPLIED)
    people = applied.exclude(person=None).values("person")
    accounts = dict(Account.objects.filter(person__in=people).values_list("pk", "person"))
    acted = Entry.objects.filter(account__in=list(accounts), pk__gt=batch.entry).exclude(kind__in=QUIET)
    acted = acted.exclude(chain__name__startswith="looks:")
    busy = {accounts[pk] for pk in acted.values_list("account", flat=True).distinct()}
    said: list[str] = []
    for row in applied.filter(person__in=busy).order_by("number"):
        holding = (
            Holding.objects.select_related("person", "place").filter(pk=row.made.get("holding") or 0).first()
        )
        why = done_under(holding) if holding is not None else ""
        if why:
            said.append(why.rstrip("。"))
    used = Account.objects.filter(person__in=batch.opened).exclude(last_login=None).select_related("person")
    said += [_("%(who)s已经登录过") % {"who": account.person.name} for account in used[:NAMED]]
    return said[:NAMED]


def unwrite_next(*, by: By, now: datetime, batch_id: int) -> bool:
    """Take back the next rows; whether there may be more."""
    batch = StaffBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.UNDOING:
        return False
    rows = list(StaffRow.objects.filter(batch=batch, state=RowState.APPLIED).order_by("-pk"))
    rows.sort(key=lambda row: ("ended" in row.made, -row.number))
    rows = rows[:AT_MOST]
    try:
        if rows:
            _take_back(by, now, batch, rows)
            return True
        _finish(by, now, batch)
    except ValidationError as held:
        StaffBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.APPLIED, message=" ".join(held.messages)
        )
    return False


def _take_back(by: By, now: datetime, batch: StaffBatch, rows: list[StaffRow]) -> None:
    with transaction.atomic():
        mine = StaffRow.objects.filter(pk__in=[row.pk for row in rows], state=RowState.APPLIED)
        if mine.update(state=RowState.UNDONE) != len(rows):
            transaction.set_rollback(True)
            return
        gone = [found for row in rows for found in _undo_row(by, now, row)]
        StaffBatch.objects.filter(pk=batch.pk).update(beat_at=now)
        fact = happenings.StaffImportUndone(batch=batch.pk, rows=len(rows))
        append([Stated(fact, gone=gone)], by=by, now=now)


def _undo_row(by: By, now: datetime, row: StaffRow) -> list[tuple[str, int]]:
    """Put one row back; the deputyship it named goes, and is told of by the caller."""
    gone: list[tuple[str, int]] = []
    made = row.made
    if made.get("deputy"):
        gone.append((label(Deputy), made["deputy"]))
        Deputy.objects.filter(pk=made["deputy"]).delete()
    if "handover" in made:
        undo_handover(by=by, now=now, handover=Handover.objects.get(pk=made["handover"]))
    elif "holding" in made:
        holding = Holding.objects.select_related("person", "place").get(pk=made["holding"])
        take_back_post(by=by, now=now, holding=holding)
    elif "ended" in made:
        was = date.fromisoformat(made["was"]) if made["was"] else None
        reopen_post(by=by, now=now, holding=Holding.objects.get(pk=made["ended"]), last=was)
    return gone


def _finish(by: By, now: datetime, batch: StaffBatch) -> None:
    """Deputies of rows that stood already, accounts, people and classes go too, unless somebody uses them."""
    with transaction.atomic():
        gone: list[tuple[str, int]] = []
        for row in StaffRow.objects.filter(batch=batch, deputy=RowState.APPLIED).exclude(
            state=RowState.UNDONE
        ):
            gone += _undo_row(by, now, row)
        gone += _accounts(batch)
        left: list[str] = []
        for person in Person.objects.filter(pk__in=batch.made_people.values()).order_by("pk"):
            gone_one = (label(Person), person.pk)
            try:
                with transaction.atomic():
                    Person.objects.filter(pk=person.pk).delete()
                gone.append(gone_one)
            except ProtectedError:
                left.append(_("%(who)s留在教职工里，没有岗位") % {"who": person.name})
        StaffBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.UNDONE, beat_at=now, passwords="", opened=[]
        )
        append([Stated(happenings.StaffImportUndone(batch=batch.pk, rows=0), gone=gone)], by=by, now=now)
    left += _places(by, now, batch)
    if left:
        said = _("已经有系统产生的待办，所以没有全删：%(what)s。") % {"what": "；".join(left[:NAMED])}
        StaffBatch.objects.filter(pk=batch.pk).update(message=said)


def _places(by: By, now: datetime, batch: StaffBatch) -> list[str]:
    """Classes and grades made for the sheet go; those that are spoken of already are closed, and named."""
    left: list[str] = []
    for place in Place.objects.filter(pk__in=batch.made_places.values()).order_by("-path"):
        try:
            if not unmake_place(by=by, now=now, place=place):
                left.append(_("%(place)s已停用") % {"place": place.name})
        except ValidationError:
            left.append(_("%(place)s已有人用，还在") % {"place": place.name})
    return left


def _accounts(batch: StaffBatch) -> list[tuple[str, int]]:
    """Accounts nobody signed in with go; the others stay with their persons."""
    rows = Account.objects.filter(person__in=batch.opened, last_login=None)
    gone = [(label(Account), pk) for pk in rows.values_list("pk", flat=True)]
    PastPassword.objects.filter(account__in=[pk for _name, pk in gone]).delete()
    Account.objects.filter(pk__in=[pk for _name, pk in gone]).delete()
    return gone
