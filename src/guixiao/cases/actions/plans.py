"""The plan for one child: proposed by one, approved by another above (E01-27, A11-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guixiao.cases.checks import not_ahead, second_person, still_open
from guixiao.cases.models import Case, Plan, PlanRow
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.facts.posts import POSTS
from guixiao.journal.append import Stated, append

from .moving import move

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class NewRow:
    """One row of a plan: 定人员、定任务、定时间、定标准."""

    who: str
    task: str
    by_day: date
    standard: str
    person_id: int | None = None


def make_plan(
    *,
    by: By,
    now: datetime,
    case: Case,
    rows: Sequence[NewRow],
    with_posts: Sequence[str] = (),
    note: str = "",
) -> Plan:
    """Propose the next version of the plan, made together with ``with_posts``."""
    still_open(case)
    _check_rows(rows, case)
    if set(with_posts) - set(POSTS):
        raise ValidationError({"with_posts": _("选的人不在表里，请刷新页面再选。")})
    if len(note) > 500:
        raise ValidationError({"note": _("最多写 500 个字，请写短一点。")})
    posts = sorted({by.post, *with_posts} - {"system"})
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        last = case.plans.aggregate(last=Max("version"))["last"] or 0
        plan = Plan.objects.create(
            case=case,
            version=last + 1,
            note=note.strip(),
            with_posts=posts,
            day=day_of(now),
            maker=by.account,
            maker_post=by.post,
        )
        written = [_row(plan, order, row) for order, row in enumerate(rows, start=1)]
        fact = happenings.PlanMade(
            student=case.student_id, case=case.pk, version=plan.version, day=plan.day, with_posts=tuple(posts)
        )
        append([Stated(fact, records=[plan, *written])], by=by, now=now)
    return plan


def approve_plan(*, by: By, now: datetime, plan: Plan) -> Plan:
    """Put a plan in force. Where dropout is confirmed, persuasion starts with it."""
    case = plan.case
    still_open(case)
    if plan.approved_day is not None:
        raise ValidationError(_("这一版方案已经批准过。"))
    if case.plans.filter(version__gt=plan.version).exists():
        raise ValidationError(_("已经有更新的一版方案，请批准最新的一版。"))
    second_person(by, plan.maker, plan.maker_post)
    with transaction.atomic():
        day = day_of(now)
        moved = Plan.objects.filter(pk=plan.pk, approved_day=None).update(
            approved_day=day, approver=by.account, approver_post=by.post
        )
        if not moved:
            raise ValidationError(_("这一版方案已经批准过。"))
        plan.refresh_from_db()
        fact = happenings.PlanApproved(student=case.student_id, case=case.pk, version=plan.version, day=day)
        stated = [Stated(fact, records=[plan])]
        if case.stage == Stage.CONFIRMED:
            stated.append(move(by=by, now=now, case=case, to=Stage.PERSUADING, day=day))
        append(stated, by=by, now=now)
    return plan


def mark_done(*, by: By, now: datetime, row: PlanRow, day: date, note: str) -> PlanRow:
    """Note that a task of the plan in force was done, and by what one sees it."""
    plan = row.plan
    still_open(plan.case)
    not_ahead(day, day_of(now), plan.case.opened_day)
    if plan.approved_day is None:
        raise ValidationError(_("方案还没有批准，批准后再记完成情况。"))
    if len(note) > 200:
        raise ValidationError({"note": _("最多写 200 个字，请写短一点。")})
    with transaction.atomic():
        PlanRow.objects.filter(pk=row.pk).update(done_day=day, done_note=note.strip())
        row.refresh_from_db()
        fact = happenings.CaseNoted(student=plan.case.student_id, case=plan.case_id)
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def _check_rows(rows: Sequence[NewRow], case: Case) -> None:
    if not rows:
        raise ValidationError({"rows": _("方案至少写一行：谁、做什么、哪天前、做到什么程度。")})
    if len(rows) > MOST_ROWS:
        raise ValidationError({"rows": _("方案最多 %(most)d 行，请合并。") % {"most": MOST_ROWS}})
    for number, row in enumerate(rows, start=1):
        texts = ((row.who, 60), (row.task, 200), (row.standard, 200))
        if not all(text.strip() for text, _most in texts):
            raise ValidationError(
                {"rows": _("第 %(n)d 行没写全：人员、任务、时间、标准四样都要有。") % {"n": number}}
            )
        if any(len(text) > most for text, most in texts):
            raise ValidationError({"rows": _("第 %(n)d 行写得太长，请写要点。") % {"n": number}})
        if row.by_day < case.opened_day or row.by_day.year > case.opened_day.year + 3:
            raise ValidationError({"rows": _("第 %(n)d 行的时间不对，请检查年份。") % {"n": number}})


def _row(plan: Plan, order: int, row: NewRow) -> PlanRow:
    return PlanRow.objects.create(
        plan=plan,
        order=order,
        person_id=row.person_id,
        who=row.who.strip(),
        task=row.task.strip(),
        by_day=row.by_day,
        standard=row.standard.strip(),
    )
