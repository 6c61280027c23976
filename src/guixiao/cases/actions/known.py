"""Dropouts known beforehand: registered as open cases at the confirmed stage, from today on.

Nothing fires for the past: every fact is stated as of now, so that what follows from a confirmed dropout is due from
now on, and no absence is made up for the days before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guixiao.cases.known.checking import Checked, stand
from guixiao.cases.known.words import causes_in_words, explain
from guixiao.cases.models import Case, Known, KnownBatch, KnownRow, KnownRowState, KnownState
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange, Stage
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.people import actions as people
from guixiao.people.models import Status, Student
from guixiao.places import wording
from guixiao.places.models import Place

from .moving import move
from .opening import open_case

AT_MOST = 40
UNDO_WITHIN = timedelta(days=7)


def register_known(
    *,
    by: By,
    now: datetime,
    student: Student,
    left_on: date,
    causes: Sequence[str],
    whereabouts: str = "",
    done: str = "",
) -> Case:
    """Open the case of a child that had dropped out already and confirm it. Raises ``ValidationError``."""
    today = day_of(now)
    _checked(student, left_on, causes, today)
    words = {"day": wording.day_year(left_on), "why": causes_in_words(causes)}
    ground = _("既有辍学：%(day)s离校，%(why)s。") % words
    with transaction.atomic():
        case = open_case(by=by, now=now, student=student, ground=ground[:300], day=left_on)
        moved = move(by=by, now=now, case=case, to=Stage.CONFIRMED, day=today, reason=_("登记既有辍学"))
        known = Known.objects.create(
            case=case, left_on=left_on, causes=list(causes), whereabouts=whereabouts[:200], done=done[:500]
        )
        if student.status != Status.DROPPED_OUT:
            people.set_status(
                by=by, now=now, student=student, status=Status.DROPPED_OUT, change=EnrolmentChange.DROPPED_OUT,
                day=today,
            )  # fmt: skip
        noted = happenings.CaseNoted(student=student.pk, case=case.pk)
        append([moved, Stated(noted, records=[known])], by=by, now=now)
    return case


def _checked(student: Student, left_on: date, causes: Sequence[str], today: date) -> None:
    if not causes:
        raise ValidationError({"causes": _("请选原因。")})
    row = Checked(0, {}, left_on=left_on, student=student)
    stand([row], today)
    fields = {"ahead": "left_on", "long_ago": "left_on", "present": "left_on"}
    if row.faults:
        code = row.faults[0][0]
        text = explain(row.faults)[0]
        raise ValidationError({fields[code]: text} if code in fields else text)


def stage_known(
    *, by: By, now: datetime, place: Place, file_name: str, rows: Sequence[Checked]
) -> KnownBatch:
    """Keep a checked sheet for somebody to look at. No child is touched."""
    with transaction.atomic():
        batch = KnownBatch.objects.create(
            place=place, file_name=file_name[-120:], account=by.account, started_at=now
        )
        KnownRow.objects.bulk_create(
            KnownRow(
                batch=batch,
                number=row.number,
                state=KnownRowState.BAD if row.faults else KnownRowState.WAITING,
                payload=json.dumps(row.payload, ensure_ascii=False),
                faults=row.faults,
                student=row.student,
            )
            for row in rows
        )
        staged = happenings.ImportStaged(
            batch=batch.pk, rows=len(rows), bad=sum(bool(row.faults) for row in rows)
        )
        append([Stated(staged)], by=by, now=now)
    return batch


def begin_known(*, by: By, now: datetime, batch: KnownBatch) -> None:
    """Order a sheet to be written. Raises ``ValidationError`` when it is not waiting for that."""
    states = (KnownState.CHECKED, KnownState.APPLYING)
    moved = KnownBatch.objects.filter(pk=batch.pk, state__in=states).update(
        state=KnownState.APPLYING, applied_at=now
    )
    if not moved:
        raise ValidationError(_("这一批不在等待确认，可能别人已经点过了。请刷新看看。"))


def apply_known(*, by: By, now: datetime, batch: KnownBatch, at_most: int = AT_MOST) -> bool:
    """Write the next rows, each child in a transaction of its own; whether there may be more.

    A row that another hand took meanwhile, or that the action refuses now, says so and is left out.
    """
    waiting = KnownRow.objects.filter(batch=batch, state=KnownRowState.WAITING).select_related("student")
    rows = list(waiting.order_by("number")[:at_most])
    for row in rows:
        try:
            _apply(by, now, row)
        except (ValidationError, IntegrityError) as refused:
            said = (
                " ".join(refused.messages)
                if isinstance(refused, ValidationError)
                else _("别人刚改过这个孩子。")
            )
            KnownRow.objects.filter(pk=row.pk, state=KnownRowState.WAITING).update(
                state=KnownRowState.SKIPPED, faults=[["refused", said[:300]]]
            )
    if rows:
        return True
    KnownBatch.objects.filter(pk=batch.pk, state=KnownState.APPLYING).update(state=KnownState.APPLIED)
    return False


def _apply(by: By, now: datetime, row: KnownRow) -> None:
    given, student = json.loads(row.payload), row.student
    assert student is not None
    with transaction.atomic():
        mine = KnownRow.objects.filter(pk=row.pk, state=KnownRowState.WAITING)
        if not mine.update(state=KnownRowState.APPLIED, before=student.status):
            return
        case = register_known(
            by=by, now=now, student=student, left_on=date.fromisoformat(given["left_on"]), causes=given["causes"],
            whereabouts=given["where"], done=given["done"],
        )  # fmt: skip
        last = Entry.objects.filter(student=student.pk).order_by("-pk").values_list("pk", flat=True).first()
        KnownRow.objects.filter(pk=row.pk).update(case=case, entry=last)


def undo_known(*, by: By, now: datetime, batch: KnownBatch) -> tuple[int, list[str]]:
    """Take a sheet back where nothing has been done since: those cases are closed as registered by mistake, the
    children stand on the roll as before. Returns how many, and the names of those that stay."""
    if batch.state != KnownState.APPLIED or batch.applied_at is None:
        raise ValidationError(_("这一批没有写入，不用撤销。"))
    if now - batch.applied_at > UNDO_WITHIN:
        raise ValidationError(_("写入已经超过七天，不能整批撤销。登记错的，请在个案里按“误报”提请销号。"))
    undone, kept = 0, []
    rows = KnownRow.objects.filter(batch=batch, state=KnownRowState.APPLIED).select_related("student", "case")
    for row in rows.order_by("number"):
        assert row.student is not None
        if _undo(by, now, row):
            undone += 1
        else:
            kept.append(row.student.name)
    if not kept:
        KnownBatch.objects.filter(pk=batch.pk).update(state=KnownState.UNDONE)
    return undone, kept


def _undo(by: By, now: datetime, row: KnownRow) -> bool:
    student, case = row.student, row.case
    assert student is not None
    assert case is not None
    with transaction.atomic():
        since = Entry.objects.filter(student=student.pk, pk__gt=row.entry or 0)
        done = since.exclude(kind__startswith="duty_").exclude(kind="reminded")
        if case.stage != Stage.CONFIRMED or done.exclude(chain__name__startswith="looks:").exists():
            return False
        today, why = day_of(now), _("撤销既有辍学的导入")
        first = move(by=by, now=now, case=case, to=Stage.CLOSING, day=today, reason=why)
        second = move(
            by=by,
            now=now,
            case=case,
            to=Stage.CLOSED,
            day=today,
            reason=why,
            closed_at=now,
            closed_reason="mistaken",
        )
        if student.status != row.before:
            people.set_status(
                by=by,
                now=now,
                student=student,
                status=Status(row.before),
                change=EnrolmentChange.RESUMED,
                day=today,
            )
        closed = happenings.CaseClosed(student=student.pk, case=case.pk, reason="mistaken", day=today)
        append([first, second, Stated(closed)], by=by, now=now)
        KnownRow.objects.filter(pk=row.pk).update(state=KnownRowState.UNDONE)
    return True


def discard_known(*, by: By, now: datetime, batch: KnownBatch) -> None:
    """Throw a checked sheet away; what was read goes with it."""
    with transaction.atomic():
        moved = KnownBatch.objects.filter(pk=batch.pk, state=KnownState.CHECKED).update(
            state=KnownState.DISCARDED
        )
        if not moved:
            raise ValidationError(_("已经开始写入，不能放弃。可以写完再整批撤销。"))
        KnownRow.objects.filter(batch=batch).delete()
