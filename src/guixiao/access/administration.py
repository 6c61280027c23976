"""What the three administrators read: staff and accounts, locks and keys, the journal. None of it a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from guixiao.conf.keys import ring
from guixiao.facts import REGISTRY, happenings
from guixiao.facts.clock import day_of, end_of, start_of
from guixiao.facts.posts import ADMINISTRATORS
from guixiao.journal.models import Chain, Entry
from guixiao.places import paths
from guixiao.places.models import Holding, Person, Place
from guixiao.places.queries import on

from .actor import Actor
from .matrix import Way
from .models import Account, BreakGlass

STATES = ("none", "active", "disabled", "must_change")


def branches(actor: Actor, action: str) -> list[str]:
    return actor.paths(action, Way.ENROLMENT)


def staff(actor: Actor, action: str = "account.manage") -> QuerySet[Person]:
    """Who has, had or will have a post in the branch, and who has none anywhere yet; never a pupil."""
    beneath = paths.beneath_any("holdings__place__path", branches(actor, action))
    idle = Person.objects.filter(holdings=None, deputyships=None)
    found = Person.objects.filter(Q(pk__in=Person.objects.filter(beneath)) | Q(pk__in=idle))
    now_held = Holding.objects.filter(on(day_of(actor.now))).select_related("place")
    return found.select_related("account").prefetch_related(Prefetch("holdings", now_held, to_attr="held"))


def wanted_staff(actor: Actor, text: str, state: str) -> QuerySet[Person]:
    """Staff by part of a name, staff number or account, and by the state of the account."""
    found = staff(actor)
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(staff_number__icontains=text) | Q(account__username__icontains=text)
        )
    conditions = {
        "none": Q(account=None),
        "active": Q(account__is_active=True),
        "disabled": Q(account__is_active=False),
        "must_change": Q(account__must_change_password=True, account__is_active=True),
    }
    return found.filter(conditions.get(state, Q())).order_by("name", "pk")


def person_or_404(actor: Actor, action: str, pk: int) -> Person:
    person = staff(actor, action).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


# --- security --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Locked:
    account: Account
    failures: int
    until: datetime


def accounts(actor: Actor) -> QuerySet[Account]:
    people = staff(actor, "security.manage").values("pk")
    return Account.objects.filter(person__in=people).select_related("person")


def locked(actor: Actor, wall: datetime, shift: timedelta) -> list[Locked]:
    """Accounts that five failures closed, until when; ``shift`` is what the demo's clock is ahead."""
    since = wall - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    failed = {row.username: row for row in attempts.order_by("attempt_time")}
    return [
        Locked(
            account,
            failed[account.username].failures_since_start,
            failed[account.username].attempt_time + (wall - since) + shift,
        )
        for account in accounts(actor).filter(username__in=failed).order_by("username")
    ]


@dataclass(frozen=True, slots=True)
class Keys:
    """The state of the key ring; never a key."""

    current: str
    count: int
    rotated_at: datetime | None
    rows: int


def key_state() -> Keys:
    keys = ring()
    last = Entry.objects.filter(kind=happenings.KeyRotated.kind).order_by("-pk").first()
    rows = int(last.payload["rows"]) if last else 0
    return Keys(keys.current, len(keys.fields), last.recorded_at if last else None, rows)


def second_factors(actor: Actor) -> tuple[int, int, list[Account]]:
    """How many have it, of how many; and the administrators who do not."""
    everybody = accounts(actor).filter(is_active=True)
    posts = Holding.objects.filter(on(day_of(actor.now)), post__in=ADMINISTRATORS).values("person")
    without = everybody.filter(second_factor=False, person__in=posts)
    return everybody.filter(second_factor=True).count(), everybody.count(), list(without)


def glasses() -> QuerySet[BreakGlass]:
    """Every emergency look, latest first. Whom it was about, and the reason, is not for administrators."""
    return BreakGlass.objects.select_related("account__person").order_by("-opened_at", "-pk")


# --- the journal -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What an auditor asks the journal for."""

    chain: str = ""
    kind: str = ""
    account: str = ""
    first: date | None = None
    last: date | None = None


def chains(actor: Actor) -> QuerySet[Chain]:
    """The chains of the organisations in the branch, and of the system itself."""
    beneath = paths.beneath_any("path", branches(actor, "audit.view"))
    orgs = [0, *Place.objects.filter(beneath).order_by().values_list("org_id", flat=True).distinct()]
    names = [f"{sort}:{org}" for org in orgs for sort in ("org", "looks")]
    return Chain.objects.filter(name__in=names).order_by("name")


def entries(actor: Actor, asked: Asked) -> QuerySet[Entry]:
    """The entries asked for, latest first."""
    found = Entry.objects.filter(chain__in=chains(actor)).select_related("chain")
    if asked.chain:
        found = found.filter(chain__name=asked.chain)
    if asked.kind in REGISTRY:
        found = found.filter(kind=asked.kind)
    if asked.account:
        named = Q(username=asked.account) | Q(person__name=asked.account)
        found = found.filter(account__in=list(Account.objects.filter(named).values_list("pk", flat=True)))
    if asked.first:
        found = found.filter(recorded_at__gte=start_of(asked.first))
    if asked.last:
        found = found.filter(recorded_at__lte=end_of(asked.last))
    return found.order_by("-pk")
