"""One small page for each step a person takes: what it does, a reason, one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from guixiao.access.actor import Actor
from guixiao.access.matrix import grants
from guixiao.access.middleware import GuixiaoRequest
from guixiao.cases.models import Case
from guixiao.facts import By
from guixiao.facts.posts import POSTS
from guixiao.people.models import Student
from guixiao.places import paths

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """What the page of a step says. ``needs`` is the action; ``decides`` acts in the highest post that may."""

    needs: str
    title: Text
    says: Text
    button: Text
    decides: bool = False
    danger: bool = False
    choices: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    uploads: str = ""
    uploads_help: Text = ""


def by_of(actor: Actor, action: str, student: Student, decides: bool = False) -> By:
    """The author of a step: in the lowest post that reaches the child, or (``decides``) in the highest."""
    over = student.path if actor.may_at(action, student.path) else student.home_path
    if not decides:
        return actor.by(action, over)
    reaching = [
        held
        for held in actor.held
        if grants(held.post, action)
        and (paths.contains(held.path, student.path) or paths.contains(held.path, student.home_path))
    ]
    if not reaching:
        return actor.by(action, over)
    best = max(reaching, key=lambda held: POSTS[held.post].rank)
    return By(actor.account, best.post, best.org, best.for_person)


def take(
    request: GuixiaoRequest,
    step: Step,
    form: forms.Form,
    run: Callable[[By, dict[str, Any]], Any],
    *,
    student: Student,
    case: Case | None = None,
    extra: dict[str, Any] | None = None,
    template: str = "cases/step.html",
) -> HttpResponse:
    """Show the page of a step, or take it. A refusal comes back on the page, next to its field."""
    if request.method == "POST":
        form.is_bound = True
        if form.is_valid():
            try:
                done = run(by_of(request.actor, step.needs, student, step.decides), form.cleaned_data)
                return redirect("cases:show", case.pk if case else done.pk)
            except ValidationError as error:
                add_errors(form, error)
    context = {"step": step, "form": form, "student": student, "case": case, "fields": _fields(form, step)}
    status = 422 if form.is_bound else 200
    return render(request, template, {**context, **(extra or {})}, status=status)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in told.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def _fields(form: forms.Form, step: Step) -> list[dict[str, Any]]:
    return [
        {"field": form[name], "options": step.choices.get(name), "chosen": form[name].value() or ""}
        for name in form.fields
    ]
