"""What the views of this app share."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from guixiao.access.actor import Actor
from guixiao.access.matrix import Way, may_open
from guixiao.access.middleware import GuixiaoRequest
from guixiao.access.scopes import by_path
from guixiao.facts.clock import day_of, local
from guixiao.facts.codes import Session
from guixiao.rollcall.forms import read_day
from guixiao.rollcall.models import RollCall


def wants_json(request: HttpRequest) -> bool:
    """The script asks for JSON; a plain form follows redirects."""
    return "application/json" in request.headers.get("Accept", "")


def door(actor: Actor, route: str, *args: object) -> str:
    """The address of another app's page, or nothing where it does not exist or is shut for this actor."""
    try:
        return reverse(route, args=args) if may_open(actor, route) else ""
    except NoReverseMatch:
        return ""


def roll_call_or_404(actor: Actor, action: str, pk: int) -> RollCall:
    """A roll call of a class over which ``action`` is granted by enrolment."""
    scope = by_path("klass__path", actor, action, Way.ENROLMENT)
    taken = RollCall.objects.filter(scope).select_related("klass", "taken_by").filter(pk=pk).first()
    if taken is None:
        raise Http404
    return taken


def session_at(now: datetime) -> Session:
    """The session of this hour."""
    hour = local(now).hour
    return Session.MORNING if hour < 12 else Session.AFTERNOON if hour < 18 else Session.EVENING


def when_asked(request: GuixiaoRequest, session: Session | None = None) -> tuple[date, Session]:
    """The day and session of ``?day=…&session=…``; today and ``session`` (else this hour's) otherwise."""
    try:
        day = read_day(request.GET.dict(), "day")
    except ValidationError:
        day = day_of(request.now)
    try:
        return day, Session(request.GET.get("session", ""))
    except ValueError:
        return day, session or session_at(request.now)


def errors_of(error: ValidationError) -> dict[str, str]:
    """One sentence a field."""
    if hasattr(error, "error_dict"):
        return {field: " ".join(messages) for field, messages in error.message_dict.items()}
    return {"__all__": " ".join(error.messages)}


def invalid(error: ValidationError) -> JsonResponse:
    return JsonResponse({"errors": errors_of(error)}, status=422)


def next_or(request: HttpRequest, otherwise: str) -> str:
    """Back to where the form stood, if that is a page of this house."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if inside else otherwise


def see(url: str) -> HttpResponse:
    """303: the browser goes on with a GET."""
    response = HttpResponse(status=303)
    response["Location"] = url
    return response
