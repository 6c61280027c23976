"""What a registrar or an office changes about one child."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixiao.access.middleware import GuixiaoRequest
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange
from guixiao.people import actions
from guixiao.people.forms import AssignForm, EditForm, EndForm, GroupForm, GuardianForm, LeaveForm
from guixiao.people.models import ON_THE_ROLL, Status, Student
from guixiao.people.page import on_the_line
from guixiao.people.scopes import student_or_404
from guixiao.places import paths
from guixiao.places.models import Kind, Place

EITHER = ["GET", "POST"]


@require_http_methods(EITHER)
def edit(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.edit", pk)
    today = day_of(request.now)
    posted = request.POST if request.method == "POST" else None
    form = EditForm(posted, instance=student, villages=_villages(student), today=today)
    guardians = [
        GuardianForm(posted, instance=guardian, prefix=f"g{guardian.order}")
        for guardian in student.guardians.order_by("order")
    ]
    if posted is not None and form.is_valid() and all(one.is_valid() for one in guardians):
        values = {
            name: form.cleaned_data[name] for name in form._meta.fields or () if name in form.cleaned_data
        }
        rows = {one.instance.order: one.cleaned_data for one in guardians}
        try:
            changed = actions.change_student(
                by=request.actor.by("student.edit", student.path),
                now=request.now,
                student=student,
                values=values,
                guardians=rows,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("改好了，记在案里。") if changed else _("没有改动。"))
            return redirect("people:show", pk)
    status = 422 if posted is not None else 200
    context = {"student": student, "form": form, "guardians": guardians}
    return render(request, "people/edit.html", context, status=status)


def _villages(student: Student) -> Any:
    """The villages of the child's county, wherever its school or home lies."""
    path = student.path or student.home_path
    county = Place.objects.filter(pk__in=paths.ids(path), kind=Kind.COUNTY).first()
    found = Place.objects.filter(kind=Kind.VILLAGE).order_by("path")
    return found.filter(paths.beneath("path", county.path)) if county else found.none()


@require_http_methods(EITHER)
def leave(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """Off the roll with its proof; or suspended and resumed, which stay on it."""
    student = student_or_404(request.actor, "student.edit", pk)
    form = LeaveForm(_posted(request), initial={"day": day_of(request.now)})
    if form.is_bound and form.is_valid():
        try:
            _change(request, student, form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return _done(request, pk, _("学籍变动已登记。"))
    return _form(
        request,
        student,
        form,
        _("学籍变动"),
        _("登记"),
        _("辍学不在这里登记：没有返校的孩子一直在册，由个案处理。"),
    )


def _change(request: GuixiaoRequest, student: Student, data: dict[str, Any]) -> None:
    change = EnrolmentChange(data["change"])
    by = request.actor.by("student.edit", student.path)
    now, day = request.now, data["day"]
    if change in actions.LEAVING:
        if student.status not in ON_THE_ROLL:
            raise ValidationError(_("该生已经离册，不用再登记。"))
        actions.leave_roll(by=by, now=now, student=student, day=day, change=change, note=data["note"])
        return
    wanted = Status.SUSPENDED if change == EnrolmentChange.SUSPENDED else Status.ENROLLED
    fits = Status.ENROLLED if wanted == Status.SUSPENDED else Status.SUSPENDED
    if student.status != fits:
        raise ValidationError(_("现在的状态是“%s”，不能这样变动。") % student.get_status_display())
    actions.set_status(by=by, now=now, student=student, status=wanted, change=change, day=day)


@require_http_methods(EITHER)
def add_group(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.tags", pk)
    form = GroupForm(_posted(request), initial={"first": day_of(request.now)})
    if form.is_bound and form.is_valid():
        by = request.actor.by("student.tags", student.path)
        actions.set_group(by=by, now=request.now, student=student, **form.cleaned_data)
        return _done(request, pk, _("已加上重点人群标记。"))
    return _form(
        request,
        student,
        form,
        _("加重点人群标记"),
        _("加上"),
        _("只有班主任和有权的岗位看得到。民族和宗教不作标记。"),
    )


@require_http_methods(EITHER)
def end_group(request: GuixiaoRequest, pk: int, row: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.tags", pk)
    group = get_object_or_404(student.groups, pk=row)
    form = EndForm(_posted(request), initial={"last": day_of(request.now)})
    if form.is_bound and form.is_valid():
        by = request.actor.by("student.tags", student.path)
        try:
            actions.end_group(by=by, now=request.now, row=group, last=form.cleaned_data["last"])
        except ValidationError as refused:
            form.add_error("last", refused)
        else:
            return _done(request, pk, _("标记已结束，历史还在。"))
    heading = _("结束“%s”标记") % group.get_group_display()
    return _form(request, student, form, heading, _("结束"), "")


@require_http_methods(EITHER)
def assign(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.assign", pk)
    today = day_of(request.now)
    form = AssignForm(_posted(request), holdings=on_the_line(student, today), initial={"first": today})
    if form.is_bound and form.is_valid():
        actions.assign(
            by=request.actor.by("student.assign", student.path),
            now=request.now,
            student=student,
            person_id=form.cleaned_data["holding"].person_id,
            role=form.cleaned_data["role"],
            first=form.cleaned_data["first"],
        )
        return _done(request, pk, _("已指派。从那天起，这个人看得到这名学生。"))
    return _form(request, student, form, _("指派责任人"), _("指派"), _("被指派的人从那天起能看到这名学生。"))


@require_http_methods(EITHER)
def end_assignment(request: GuixiaoRequest, pk: int, row: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.assign", pk)
    assignment = student.assignments.select_related("person").filter(pk=row, last=None).first()
    if assignment is None:
        raise Http404
    form = EndForm(_posted(request), initial={"last": day_of(request.now)})
    if form.is_bound and form.is_valid():
        by = request.actor.by("student.assign", student.path)
        try:
            last = form.cleaned_data["last"]
            actions.end_assignment(by=by, now=request.now, assignment=assignment, last=last)
        except ValidationError as refused:
            form.add_error("last", refused)
        else:
            return _done(request, pk, _("指派已结束，历史还在。"))
    return _form(request, student, form, _("结束%s的指派") % assignment.person.name, _("结束"), "")


def _posted(request: GuixiaoRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(request: GuixiaoRequest, pk: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("people:show", pk)


def _form(
    request: GuixiaoRequest, student: Student, form: Form, heading: str, verb: str, note: str
) -> HttpResponse:
    context = {"student": student, "form": form, "heading": heading, "verb": verb, "note": note}
    return render(request, "people/form.html", context, status=422 if form.is_bound else 200)
