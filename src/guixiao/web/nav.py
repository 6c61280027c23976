"""The doors shown to an actor, declared once. A door whose route does not exist, or that the access matrix
keeps shut for this actor, is not shown; nothing here grants anything."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixiao.access.actor import Actor
from guixiao.access.matrix import may_open
from guixiao.places import paths
from guixiao.places.models import Place


@dataclass(frozen=True, slots=True)
class Door:
    """A page reachable from the frame: its route, icon, word, the key under which a count may come, and pages
    of another area that belong to it."""

    route: str
    icon: str
    word: str
    count: str = ""
    also: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """Every page of the same namespace lights this door up unless a closer one does."""
        return self.route.partition(":")[0]


MOVES = ("staffing:transfer", "staffing:transfers", "staffing:even_out")
RAIL = (
    Door("duties:home", "list-check", gettext_noop("我的待办"), "duties"),
    Door("rollcall:today", "checkbox", gettext_noop("今日点名")),
    Door("rollcall:board", "clipboard-check", gettext_noop("点名进度")),
    Door("people:list", "users-group", gettext_noop("学生"), also=MOVES),
    Door("cases:list", "folder-open", gettext_noop("个案")),
    Door("visits:mine", "walk", gettext_noop("家访")),
    Door("returns:list", "report", gettext_noop("报表")),
    Door("duties:beneath", "scale", gettext_noop("责任")),
    Door("duties:regulations", "book-2", gettext_noop("制度")),
    Door("duties:calendars", "calendar-event", gettext_noop("校历")),
    Door("schoolyear:list", "school", gettext_noop("学年")),
    Door("people:imports", "file-import", gettext_noop("导入学籍")),
    Door("access:tree", "building-community", gettext_noop("机构和任职")),
    Door("staffing:people", "users", gettext_noop("教职工")),
    Door("access:accounts", "key", gettext_noop("账号")),
    Door("access:security", "shield-lock", gettext_noop("安全")),
    Door("access:audit", "eye", gettext_noop("审计")),
    Door("operations:health", "chart-line", gettext_noop("运行状况")),
)

TABS = (
    Door("duties:home", "list-check", gettext_noop("待办"), "duties"),
    Door("rollcall:today", "checkbox", gettext_noop("点名")),
    Door("rollcall:board", "clipboard-check", gettext_noop("点名")),
    Door("visits:mine", "walk", gettext_noop("家访")),
    Door("cases:list", "folder-open", gettext_noop("个案")),
    Door("people:list", "users", gettext_noop("学生")),
    Door("returns:list", "report", gettext_noop("报表")),
)
MORE = Door("web:me", "user-circle", gettext_noop("我的"))
TAB_COUNT = 4
CRUMBS = 3

MENU = (
    Door("access:me", "user-circle", gettext_noop("我的账号")),
    Door("staffing:mine", "user-check", gettext_noop("我的岗位")),
    Door("access:change_password", "lock", gettext_noop("改密码")),
    Door("access:glass", "alert-triangle", gettext_noop("紧急查看")),
    Door("access:second_factor", "device-mobile", gettext_noop("两步验证")),
)

SEARCH = ("people:list",)
NOTICES = ("notify:inbox",)


@dataclass(frozen=True, slots=True)
class Item:
    """A door as a template shows it."""

    url: str
    icon: str
    label: str
    active: bool
    count: int = 0


def address(route: str, actor: Actor | None) -> str:
    """Where ``route`` is, or nothing when it does not exist or is not open to ``actor``."""
    if not may_open(actor, route):
        return ""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def first_address(routes: tuple[str, ...], actor: Actor | None) -> str:
    return next((url for route in routes if (url := address(route, actor))), "")


def items(doors: tuple[Door, ...], actor: Actor, here: str, counts: dict[str, int]) -> list[Item]:
    """The open doors; ``here`` is the route of the page being shown."""
    open_doors = [(door, url) for door in doors if (url := address(door.route, actor))]
    lit = _lit([door for door, _url in open_doors], here)
    return [
        Item(url, door.icon, str(_(door.word)), door.route == lit, counts.get(door.count, 0))
        for door, url in open_doors
    ]


def tabs(actor: Actor, here: str, counts: dict[str, int]) -> list[Item]:
    """Four doors a thumb can reach and 我的, which leads to the rest. No two with the same word."""
    seen: set[str] = set()
    chosen: list[Door] = []
    for door in TABS:
        if door.word not in seen and address(door.route, actor):
            seen.add(door.word)
            chosen.append(door)
    shown = items((*chosen[:TAB_COUNT], MORE), actor, here, counts)
    if not any(item.active for item in shown):
        shown[-1] = replace(shown[-1], active=True)
    return shown


def crumbs(actor: Actor, kept: MutableMapping[str, Any]) -> list[dict[str, str]]:
    """Where the actor stands: the place of the post shown beside the name, and two above it.

    ``kept`` (the session) remembers the names, so that they cost a query once a sign-in.
    """
    if not actor.main:
        return []
    path = actor.main.path
    if kept.get("crumbs", {}).get("path") != path:
        names = Place.objects.filter(pk__in=paths.ids(path)).order_by("path").values_list("name", flat=True)
        kept["crumbs"] = {"path": path, "names": list(names)[-CRUMBS:]}
    return [{"label": name, "url": ""} for name in kept["crumbs"]["names"]]


def _lit(doors: list[Door], here: str) -> str:
    """The door of this page; else of its area, first the one whose name it carries on (imports → import_show)."""
    lent = next((door.route for door in doors if here in door.also), "")
    if lent:
        return lent
    area = here.partition(":")[0]
    near = [door.route for door in doors if door.area == area]
    closer = [
        route
        for route in near
        if here in (route, route.removesuffix("s")) or here.startswith(f"{route.removesuffix('s')}_")
    ]
    return next(iter([*closer, *near]), "")
