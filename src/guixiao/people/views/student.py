"""The page of one child, and a look at what is hidden there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guixiao.access.actions import reveal as reveal_field
from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.people import page
from guixiao.people.forms import ReasonForm
from guixiao.people.scopes import student_or_404


@require_safe
@never_cache
def show(request: GuixiaoRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.actor, "student.view", pk)
    looked(request.actor, "student.view", student=student.pk)
    return render(request, "people/show.html", page.context(request.actor, student))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: GuixiaoRequest, pk: int, field: str) -> HttpResponse:
    """Ask for the reason, put it on record, then show the one value."""
    student = student_or_404(request.actor, "student.reveal", pk)
    found = page.sealed_value(student, field)
    if found is None:
        raise Http404
    label, value = found
    form = ReasonForm(request.POST if request.method == "POST" else None)
    shown = ""
    if form.is_bound and form.is_valid():
        by = request.actor.by("student.reveal", student.path)
        reason = form.cleaned_data["reason"]
        try:
            reveal_field(by=by, now=request.now, student=student.pk, field=field, reason=reason)
            shown = value
        except ValidationError as refused:
            form.add_error("reason", refused)
    context = {"student": student, "field": field, "label": label, "form": form, "value": shown}
    name = "people/reveal_dialog.html" if request.headers.get("HX-Request") else "people/reveal.html"
    return render(request, name, context, status=422 if form.errors else 200)
