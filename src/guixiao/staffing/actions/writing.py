"""A checked staff sheet is written, forty rows at a time; a killed import goes on where it stood.

Ends first, then new people and posts, then deputies, then accounts. A row that cannot be written any more is
left out with its reason; the others are written.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.access import actions as access
from guixiao.access.actions.accounts import one_time_password
from guixiao.access.models import Account
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.people.imports.classes import GRADES
from guixiao.places import actions as places
from guixiao.places.models import Holding, Kind, Person, Place
from guixiao.staffing.matters import snapshot
from guixiao.staffing.models import WRITTEN, BatchState, RowKind, RowState, StaffBatch, StaffRow
from guixiao.staffing.sheets.payload import cells_of

from .handover import hand_over

AT_MOST, FEW = 40, 5
USERNAME = re.compile(r"[A-Za-z0-9._-]{3,40}")
BY_SHEET = gettext_noop("教职工表")


def begin_staff(*, by: By, now: datetime, batch_id: int, accounts: bool = False) -> StaffBatch:
    """Order the sheet to be written: the classes it needs are made, nothing else yet."""
    with transaction.atomic():
        moved = StaffBatch.objects.filter(pk=batch_id, state=BatchState.CHECKED).update(
            state=BatchState.APPLYING, beat_at=now, done=0, accounts=accounts
        )
        if not moved:
            raise ValidationError(_("这一批不在等待确认，可能别人已经点过了。请刷新看看。"))
        batch = StaffBatch.objects.get(pk=batch_id)
        batch.entry = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        batch.made_places = _make_places(by, now, batch)
        batch.save(update_fields=["entry", "made_places"])
    return batch


def _make_places(by: By, now: datetime, batch: StaffBatch) -> dict[str, int]:
    """``school|grade|name`` → id of the classes and grades made for them."""
    made: dict[str, int] = {}
    year = batch.first.year if batch.first.month >= 8 else batch.first.year - 1
    wanted = StaffRow.objects.filter(_to_write(), batch=batch).values_list("meant", flat=True)
    keys = {meant["place"] for meant in wanted if isinstance(meant["place"], str)}
    for key in sorted(keys):
        school_pk, number, name = key.split("|", 2)
        school, grade = Place.objects.get(pk=int(school_pk)), int(number)
        parent_key = f"{school_pk}|{number}|"
        parent = Place.objects.filter(parent=school, kind=Kind.GRADE, grade=grade, closed_on=None).first()
        if parent is None:
            parent = places.add_place(
                by=by, now=now, parent=school, kind=Kind.GRADE, name=GRADES[grade], grade=grade
            )
            made[parent_key] = parent.pk
        if name:
            klass = places.add_place(
                by=by, now=now, parent=parent, kind=Kind.CLASS, name=name, grade=grade, school_year=year
            )
            made[key] = klass.pk
    return made


def _to_write() -> Q:
    return Q(kind__in=WRITTEN) | Q(kind=RowKind.CLASH, hand_over=True)


def waiting_rows(batch: StaffBatch) -> QuerySet[StaffRow]:
    """What is yet to be written, ends first: a post must be free before it is given."""
    rows = StaffRow.objects.filter(_to_write(), batch=batch, state=RowState.WAITING)
    return rows.annotate(later=~Q(kind=RowKind.ENDING)).order_by("later", "number")


def write_next(*, by: By, now: datetime, batch_id: int) -> bool:
    """Write the next rows; whether there may be more. Safe to call from two places at once."""
    batch = StaffBatch.objects.select_related("place").get(pk=batch_id)
    if batch.state != BatchState.APPLYING:
        return False
    rows = list(waiting_rows(batch)[:AT_MOST])
    if rows:
        _write_rows(by, now, batch, rows)
        return True
    deputies = list(_deputies(batch)[:AT_MOST])
    if deputies:
        _write_deputies(by, now, batch, deputies)
        return True
    if batch.accounts and _open_some(by, now, batch):
        return True
    StaffBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
        state=BatchState.APPLIED, beat_at=now
    )
    return False


def _claim(batch: StaffBatch, now: datetime, count: int) -> bool:
    """Compare and set: only one of two that read the same rows writes them."""
    mine = StaffBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING, done=batch.done)
    return bool(mine.update(done=F("done") + count, beat_at=now))


def _write_rows(by: By, now: datetime, batch: StaffBatch, rows: list[StaffRow]) -> None:
    with transaction.atomic():
        if not _claim(batch, now, len(rows)):
            return
        before = len(batch.made_people)
        for row in rows:
            try:
                with transaction.atomic():
                    row.made = _one(by, now, batch, row)
                row.state = RowState.APPLIED
            except ValidationError as refused:
                row.state, row.deputy, row.person = RowState.SKIPPED, "", None
                row.meant["faults"] = [["post", "meanwhile", " ".join(refused.messages)]]
        StaffRow.objects.bulk_update(rows, ["state", "made", "meant", "person", "deputy"])
        StaffBatch.objects.filter(pk=batch.pk).update(made_people=batch.made_people)
        fact = happenings.StaffImportApplied(
            batch=batch.pk,
            first_row=rows[0].number,
            last_row=rows[-1].number,
            people=len(batch.made_people) - before,
            posts=sum(row.state == RowState.APPLIED for row in rows),
        )
        append([Stated(fact)], by=by, now=now)


def _one(by: By, now: datetime, batch: StaffBatch, row: StaffRow) -> dict[str, Any]:
    """Write one row; what it made, for the undo."""
    meant = row.meant
    last = date.fromisoformat(meant["last"]) if meant["last"] else None
    if row.kind == RowKind.ENDING:
        holding = Holding.objects.get(pk=meant["holding"])
        was = holding.last.isoformat() if holding.last else None
        assert last is not None
        places.end_post(by=by, now=now, holding=holding, last=last)
        row.person = holding.person_id
        return {"ended": holding.pk, "was": was}
    person = _person(by, now, batch, row)
    row.person = person.pk
    first = date.fromisoformat(meant["first"])
    if row.kind == RowKind.CLASH:
        holding = Holding.objects.select_related("person", "place").get(pk=meant["holding"])
        tied = snapshot(holding, now).get("assignments", {"ids": []})["ids"]
        handed = hand_over(
            by=by, now=now, holding=holding, day=first, to=person, reason=_(BY_SHEET), assignments=tied
        )
        if last is not None and handed.successor is not None:
            places.end_post(by=by, now=now, holding=handed.successor, last=last)
        return {"handover": handed.pk, "holding": handed.successor_id}
    place = Place.objects.get(pk=batch.made_places.get(str(meant["place"]), meant["place"]))
    made = places.hold_post(
        by=by, now=now, person=person, place=place, post=meant["post"], first=first, last=last
    )
    return {"holding": made.pk}


def _person(by: By, now: datetime, batch: StaffBatch, row: StaffRow) -> Person:
    """The person of a row: known, brought by an earlier row, or new."""
    meant = row.meant
    known = meant["person"] or batch.made_people.get(meant["who"])
    if known:
        return Person.objects.get(pk=known)
    cells = cells_of(row, batch.mapping)
    number = "".join(cells.get("number", "").split())
    taken = Person.objects.filter(staff_number=number).first() if number else None
    if taken is not None and taken.name != meant["name"]:
        raise ValidationError(_("工号 %(n)s 刚刚给了别人。") % {"n": number})
    if taken is not None:
        return taken
    made = places.add_person(by=by, now=now, name=meant["name"], staff_number=number)
    batch.made_people[meant["who"]] = made.pk
    return made


# --- deputies --------------------------------------------------------------------------------------


def _deputies(batch: StaffBatch) -> QuerySet[StaffRow]:
    rows = StaffRow.objects.filter(batch=batch, deputy=RowState.WAITING)
    return rows.filter(Q(state=RowState.APPLIED) | Q(kind=RowKind.SAME)).order_by("number")


def _write_deputies(by: By, now: datetime, batch: StaffBatch, rows: list[StaffRow]) -> None:
    with transaction.atomic():
        mine = StaffRow.objects.filter(pk__in=[row.pk for row in rows], deputy=RowState.WAITING)
        if mine.update(deputy=RowState.APPLIED) != len(rows):
            transaction.set_rollback(True)
            return
        for row in rows:
            try:
                with transaction.atomic():
                    row.made = {**row.made, "deputy": _deputy(by, now, batch, row)}
                row.deputy = RowState.APPLIED
            except ValidationError as refused:
                row.deputy = RowState.SKIPPED
                row.meant["notes"].append(["deputy", "meanwhile", " ".join(refused.messages)])
        StaffRow.objects.bulk_update(rows, ["made", "deputy", "meant"])


def _deputy(by: By, now: datetime, batch: StaffBatch, row: StaffRow) -> int:
    given = row.meant["deputy"]
    who = given["who"] if isinstance(given["who"], int) else batch.made_people.get(given["who"])
    person = Person.objects.filter(pk=who or 0).first()
    holding = Holding.objects.filter(pk=row.made.get("holding") or row.meant["holding"] or 0).first()
    if person is None or holding is None:
        raise ValidationError(_("代理人或岗位没有写成。"))
    made = places.name_deputy(
        by=by,
        now=now,
        holding=holding,
        person=person,
        first=max(date.fromisoformat(given["first"]), holding.first),
        last=date.fromisoformat(given["last"]) if given["last"] else None,
    )
    return made.pk


# --- accounts --------------------------------------------------------------------------------------


def _open_some(by: By, now: datetime, batch: StaffBatch) -> bool:
    """Open the next few accounts. Each is its own transaction: making a password's digest is slow on purpose."""
    rows = StaffRow.objects.filter(batch=batch).exclude(person=None)
    people = Person.objects.filter(pk__in=rows.values("person"), account=None)
    waiting = list(people.exclude(pk__in=[int(pk) for pk in batch.unopened]).order_by("pk")[:FEW])
    for person in waiting:
        _open(by, now, batch, person)
    return bool(waiting)


def _open(by: By, now: datetime, batch: StaffBatch, person: Person) -> None:
    username = person.staff_number
    problem = ""
    if not USERNAME.fullmatch(username):
        problem = _("%(who)s没有可以当账号的工号") % {"who": person.name}
    elif Account.objects.filter(username=username).exists():
        problem = _("账号“%(name)s”已有人用") % {"name": username}
    if problem:
        batch.unopened[str(person.pk)] = problem
        StaffBatch.objects.filter(pk=batch.pk).update(unopened=batch.unopened, beat_at=now)
        return
    kept: dict[str, list[str]] = json.loads(batch.passwords or "{}")
    if str(person.pk) not in kept:  # kept before it is used: a killed import loses no password
        kept[str(person.pk)] = [person.name, username, one_time_password()]
        batch.passwords = json.dumps(kept, ensure_ascii=False)
        batch.opened.append(person.pk)
        batch.beat_at = now
        batch.save(update_fields=["passwords", "opened", "beat_at"])
    access.open_account(
        by=by,
        now=now,
        person=person,
        username=username,
        password=kept[str(person.pk)][2],
        phone=_phone(batch, person),
    )


def _phone(batch: StaffBatch, person: Person) -> str:
    for row in StaffRow.objects.filter(batch=batch, person=person.pk).order_by("number"):
        phone = re.sub(r"[\s\-—()（）]", "", cells_of(row, batch.mapping).get("phone", "")).removeprefix(
            "+86"
        )
        if phone:
            return phone
    return ""


def fetch_passwords(*, by: By, now: datetime, batch_id: int) -> list[list[str]]:
    """The one-time passwords of the accounts a sheet opened: name, account, password. Once; then they are gone."""
    with transaction.atomic():
        batch = StaffBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
        kept: dict[str, list[str]] = json.loads(batch.passwords or "{}")
        if not kept or batch.state != BatchState.APPLIED:
            raise ValidationError(_("密码单已经下载过，系统里不再保存。没拿到的人请重置密码。"))
        batch.passwords = ""
        batch.save(update_fields=["passwords"])
        append([Stated(happenings.Exported(what="staff_passwords", rows=len(kept)))], by=by, now=now)
    return list(kept.values())
