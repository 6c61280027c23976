"""After the roll: correction, late arrival, children the roster did not list, a statement of return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import by_path
from guixiao.facts.clock import day_of
from guixiao.facts.codes import FalseMark, Mark, Session
from guixiao.people.models import Student
from guixiao.people.scopes import student_or_404
from guixiao.rollcall import actions
from guixiao.rollcall.forms import read_choice, read_clock_time, read_day, read_id, read_marks
from guixiao.rollcall.models import MARKS, SESSIONS, WHYS, MarkChange, RollCall
from guixiao.rollcall.queries.rolls import lists, mark_of
from guixiao.rollcall.rules import Stale

from .common import door, errors_of, next_or, roll_call_or_404, session_at

CORRECT = "rollcall.correct"
CHOICES = {
    Mark.PRESENT: gettext_lazy("缺勤不算数，因此产生的待办撤回，并告诉知道的人"),
    Mark.NONE: gettext_lazy("算无故缺勤，该办的事从现在产生"),
}
EXAMPLES = {
    FalseMark.WRONG_CHILD: gettext_lazy("没来的是另一个孩子，那个孩子也要改"),
    FalseMark.WRONG_DAY: gettext_lazy("把别的一天记到这一天了"),
    FalseMark.WAS_PRESENT: gettext_lazy("点名时在医务室、办公室或操场"),
}


def _roll_of(actor: Actor, action: str, student: Student, day: date, session: Session) -> RollCall:
    """The roll call that speaks of this child; 404 when there is none in the actor's scope."""
    rolls = RollCall.objects.filter(
        by_path("klass__path", actor, action, Way.ENROLMENT),
        klass__in=student.enrolments.values("klass"),
        day=day,
        session=session,
    )
    for taken in rolls.select_related("klass"):
        if lists(taken, student):
            return taken
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: GuixiaoRequest, pk: int, day: date, session: Session) -> HttpResponse:
    """Only a mark that was false is corrected; the page says what is not a correction and where to go."""
    student = student_or_404(request.actor, CORRECT, pk)
    taken = _roll_of(request.actor, CORRECT, student, day, session)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _correct(request, taken, student)
        except ValidationError as error:
            errors, status = errors_of(error), 422
        except Stale as error:
            errors, status = {"mark": str(error)}, 409
        else:
            messages.success(request, _("已更正，原来的点名留在经过里。"))
            return redirect("rollcall:receipt", taken.pk)
    old, row = mark_of(taken, student)
    context = {
        "student": student,
        "taken": taken,
        "session_name": str(SESSIONS[session]),
        "was": old,
        "was_name": MARKS[old],
        "row": row,
        "marks": [
            {"value": mark.value, "label": MARKS[mark], "note": note}
            for mark, note in CHOICES.items()
            if mark is not old
        ],
        "whys": [{"value": why.value, "label": label, "note": EXAMPLES[why]} for why, label in WHYS.items()],
        "errors": errors,
        "leave_url": door(request.actor, "rollcall:leave", student.pk),
        "changes": MarkChange.objects.filter(mark=row).select_related("person").order_by("at", "pk"),
        "may_arrive": row is not None and row.away and request.actor.may_at("rollcall.take", taken.klass),
    }
    return render(request, "rollcall/correct.html", context, status=status)


def _correct(request: GuixiaoRequest, taken: RollCall, student: Student) -> None:
    sent = request.POST.dict()
    actions.correct(
        by=request.actor.by(CORRECT, taken.klass.path),
        now=request.now,
        roll_call=taken,
        student=student,
        mark=read_choice(sent, "mark", Mark),
        why=read_choice(sent, "why", FalseMark),
        was=read_choice(sent, "was", Mark) if sent.get("was") else None,
        client_id=read_id(sent),
    )


@require_POST
def arrived(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """A child marked absent has come."""
    student = student_or_404(request.actor, "rollcall.take", pk)

    def act() -> str:
        sent = request.POST.dict()
        day = read_day(sent, "day") if sent.get("day") else day_of(request.now)
        session = read_choice(sent, "session", Session) if sent.get("session") else session_at(request.now)
        try:
            taken = _roll_of(request.actor, "rollcall.take", student, day, session)
        except Http404:
            raise ValidationError({"day": _("这天还没有点名，请先点名，再记到校。")}) from None
        actions.arrived(
            by=request.actor.by("rollcall.take", taken.klass.path),
            now=request.now,
            roll_call=taken,
            student=student,
            arrived_at=read_clock_time(sent, "arrived_at", day, request.now),
            client_id=read_id(sent),
        )
        messages.success(request, _("%(who)s已记到校，从这时起算在校。") % {"who": student.name})
        return reverse("rollcall:receipt", args=[taken.pk])

    return _answer(request, act)


@require_POST
def add_missing(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Mark by name the children the roster did not list yet."""
    taken = roll_call_or_404(request.actor, "rollcall.take", pk)

    def act() -> str:
        actions.add_missing(
            by=request.actor.by("rollcall.take", taken.klass.path),
            now=request.now,
            roll_call=taken,
            marks=read_marks(request.POST.dict()),
            client_id=read_id(request.POST.dict()),
        )
        messages.success(request, _("已补点。"))
        return reverse("rollcall:receipt", args=[taken.pk])

    return _answer(request, act)


@require_POST
def returned(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Somebody states that a child is back."""
    student = student_or_404(request.actor, CORRECT, pk)

    def act() -> str:
        sent = request.POST.dict()
        day = read_day(sent, "day") if sent.get("day") else day_of(request.now)
        actions.state_returned(
            by=request.actor.by(CORRECT, student.path), now=request.now, student=student, day=day
        )
        messages.success(request, _("已记下%(who)s返校。下一次点名到校，才算坐实。") % {"who": student.name})
        return reverse("rollcall:leave", args=[student.pk])

    return _answer(request, act)


def _answer(request: GuixiaoRequest, act: Callable[[], str]) -> HttpResponse:
    """Act and go on; a refusal is one calm page with the reason and the way back."""
    try:
        return redirect(next_or(request, act()))
    except ValidationError as error:
        said, status = list(errors_of(error).values()), 422
    except Stale as error:
        said, status = [str(error)], 409
    return render(
        request, "rollcall/refused.html", {"said": said, "back": next_or(request, "/")}, status=status
    )
