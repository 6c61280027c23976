"""Writes to posts: who holds one, until when, and who acts for the holder."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guixiao.facts import SYSTEM, By, happenings
from guixiao.facts.posts import ADMINISTRATORS, POSTS, SHARED
from guixiao.journal.append import Stated, append
from guixiao.places.models import Deputy, Holding, Kind, Person, Place
from guixiao.places.wording import title_of

# Who may make somebody an administrator: those above them, and the installation itself. Not one another.
APPOINT_ADMINISTRATORS = frozenset({"deputy_director", "bureau_director", "county_head", SYSTEM.post})


def hold_post(
    *, by: By, now: datetime, person: Person, place: Place, post: str, first: date, last: date | None = None
) -> Holding:
    """Give ``person`` a post at ``place`` from ``first`` to ``last``, both included.

    Raises ``ValidationError`` when the post does not sit there, when somebody else holds a post of one
    holder at that time, and when it would join an administrator's post with any other (standards.md §11).
    """
    _guard_level(place, post)
    _guard_period(first, last)
    if post in ADMINISTRATORS and by.post not in APPOINT_ADMINISTRATORS:
        raise ValidationError({"post": _("三个管理员由局领导任命。请找局长或分管副局长。")})
    with transaction.atomic():
        # two appointments to one post wait for each other
        Place.objects.select_for_update(no_key=True).get(pk=place.pk)
        _guard_holder(person, place, post, first, last)
        _guard_administrators(person, post, first, last)
        holding = Holding.objects.create(person=person, place=place, post=post, first=first, last=last)
        fact = happenings.PostHeld(
            holding=holding.pk, place=place.pk, post=post, person=person.pk, first=first, last=last
        )
        append([Stated(fact, records=[holding])], by=by, now=now)
    return holding


def end_post(*, by: By, now: datetime, holding: Holding, last: date) -> Holding:
    """End a holding on ``last`` (still held that day). It can be shortened, never lengthened."""
    with transaction.atomic():
        holding = Holding.objects.select_for_update(no_key=True).select_related("person").get(pk=holding.pk)
        if last < holding.first:
            raise ValidationError(
                {"last": _("离任日不能早于任职日（%(day)s）。") % {"day": _day(holding.first)}}
            )
        if holding.last is not None and holding.last <= last:
            raise ValidationError(
                {
                    "last": _("这个岗位本来就到 %(day)s 为止。要续任，请重新任命。")
                    % {"day": _day(holding.last)}
                }
            )
        Holding.objects.filter(pk=holding.pk).update(last=last)
        holding.refresh_from_db()
        fact = happenings.PostEnded(
            holding=holding.pk, place=holding.place_id, post=holding.post, person=holding.person_id, last=last
        )
        append([Stated(fact, records=[holding])], by=by, now=now)
    return holding


def name_deputy(
    *, by: By, now: datetime, holding: Holding, person: Person, first: date, last: date | None = None
) -> Deputy:
    """Name who acts for the holder from ``first`` to ``last``; inside the holder's own period, one at a time."""
    _guard_period(first, last)
    with transaction.atomic():
        holding = Holding.objects.select_for_update(no_key=True).select_related("person").get(pk=holding.pk)
        _guard_deputy(holding, person, first, last)
        _guard_administrators(person, holding.post, first, last)
        deputy = Deputy.objects.create(holding=holding, person=person, first=first, last=last)
        fact = happenings.DeputyNamed(
            holding=holding.pk,
            place=holding.place_id,
            post=holding.post,
            person=person.pk,
            first=first,
            last=last,
        )
        append([Stated(fact, records=[deputy])], by=by, now=now)
    return deputy


def end_deputy(*, by: By, now: datetime, deputy: Deputy, last: date) -> Deputy:
    """End a deputyship on ``last``."""
    with transaction.atomic():
        deputy = Deputy.objects.select_for_update(no_key=True).select_related("holding").get(pk=deputy.pk)
        if last < deputy.first or (deputy.last is not None and deputy.last <= last):
            raise ValidationError({"last": _("结束日要在代理期内。")})
        Deputy.objects.filter(pk=deputy.pk).update(last=last)
        deputy.refresh_from_db()
        fact = happenings.DeputyNamed(
            holding=deputy.holding_id,
            place=deputy.holding.place_id,
            post=deputy.holding.post,
            person=deputy.person_id,
            first=deputy.first,
            last=last,
        )
        append([Stated(fact, records=[deputy])], by=by, now=now)
    return deputy


def overlapping(first: date, last: date | None, prefix: str = "") -> Q:
    """Rows whose period shares a day with ``first`` … ``last``."""
    found = Q(**{f"{prefix}last": None}) | Q(**{f"{prefix}last__gte": first})
    return found & Q(**{f"{prefix}first__lte": last}) if last is not None else found


def _guard_level(place: Place, post: str) -> None:
    if post not in POSTS:
        raise ValidationError({"post": _("没有“%(post)s”这个岗位。请从列表里选。") % {"post": post}})
    level = POSTS[post].level.value
    if level != place.kind:
        said = _("“%(post)s”设在%(level)s一级，不能设在“%(place)s”。请选%(level)s一级的单位。")
        words = {"post": title_of(post), "level": Kind(level).label, "place": place.name}
        raise ValidationError({"post": said % words})


def _guard_period(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise ValidationError({"last": _("止日不能早于起日（%(day)s）。") % {"day": _day(first)}})


def _guard_holder(person: Person, place: Place, post: str, first: date, last: date | None) -> None:
    held = Holding.objects.filter(overlapping(first, last), place=place, post=post).select_related("person")
    if post in SHARED:
        held = held.filter(person=person)
    other = held.order_by("first").first()
    if other is None:
        return
    said = _("%(place)s的%(post)s现由%(who)s担任（%(period)s）。请先办离任，或改任职日，或指定代理。")
    words = {"place": place.name, "post": title_of(post), "who": other.person.name, "period": period(other)}
    raise ValidationError({"post": said % words})


def _guard_deputy(holding: Holding, person: Person, first: date, last: date | None) -> None:
    if person.pk == holding.person_id:
        raise ValidationError({"person": _("代理人不能是本人。请选另一个人。")})
    too_late = holding.last is not None and (last is None or last > holding.last)
    if first < holding.first or too_late:
        said = _("代理期要在%(who)s的任期（%(period)s）之内。")
        raise ValidationError({"first": said % {"who": holding.person.name, "period": period(holding)}})
    other = Deputy.objects.filter(overlapping(first, last), holding=holding).select_related("person").first()
    if other is not None:
        said = _("%(who)s已在代理（%(period)s）。请先结束，或改日期。")
        raise ValidationError({"first": said % {"who": other.person.name, "period": period(other)}})


def _guard_administrators(person: Person, post: str, first: date, last: date | None) -> None:
    """Three people, none of whom holds anything else: an administrator sees no child by another post either."""
    others = _posts_between(person, first, last)
    if post not in ADMINISTRATORS:
        others &= ADMINISTRATORS
    others -= {post}
    if others:
        said = _("%(who)s在这段时间任%(other)s。三个管理员要分开，也不能兼别的岗位。请换一个人。")
        words = {"who": person.name, "other": _("、").join(sorted(title_of(code) for code in others))}
        raise ValidationError({"person": said % words})


def _posts_between(person: Person, first: date, last: date | None) -> set[str]:
    held: QuerySet[Holding] = Holding.objects.filter(overlapping(first, last), person=person)
    acting = Deputy.objects.filter(overlapping(first, last), person=person)
    return {*held.values_list("post", flat=True), *acting.values_list("holding__post", flat=True)}


def period(row: Holding | Deputy) -> str:
    """``2026-09-01 起`` or ``2026-09-01 至 2027-01-20``."""
    if row.last is None:
        return _("%(first)s 起") % {"first": _day(row.first)}
    return _("%(first)s 至 %(last)s") % {"first": _day(row.first), "last": _day(row.last)}


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
