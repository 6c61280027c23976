"""The components every page is made of. What each looks like: the styleguide; how to use them: docs/frontend.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from guixiao.places import wording
from guixiao.web import when

register = template.Library()

STATE_ICONS = {
    "overdue": "alert-triangle-filled",
    "absent": "alert-triangle-filled",
    "absent-today": "alert-triangle-filled",
    "risk": "alert-triangle-filled",
    "today": "clock",
    "later": "clock",
    "late": "clock",
    "missing": "clock",
    "done": "circle-check",
    "present": "circle-check",
    "received": "circle-check",
    "unknown": "help-circle",
    "pending": "hourglass",
    "leave": "calendar-event",
    "sick": "temperature",
    "personal": "file-text",
    "current": "circle-dashed",
    "out": "circle-dashed",
    "against": "circle-x",
    "offline": "wifi-off",
    "holiday": "moon",
    "neutral": "circle-minus",
}

register.filter("day", when.day)
register.filter("day_year", when.day_year)
register.filter("weekday", when.weekday)
register.filter("clock", when.clock)
register.filter("exact", when.exact)
register.filter("post_title", wording.title_of)
register.filter("word", wording.word)


ROLL_MARKS = {
    "present": gettext_noop("到校"),
    "late": gettext_noop("迟到"),
    "sick": gettext_noop("病假"),
    "personal": gettext_noop("事假"),
    "none": gettext_noop("未请假"),
}


@register.simple_tag
def roll_options(mark: str) -> SafeString:
    """The marks to choose from without script. A class has sixty children: made once a language, not for each."""
    return _roll_options(get_language() or "", mark if mark in ("sick", "personal") else "present")


@cache
def _roll_options(_language: str, chosen: str) -> SafeString:
    rows = (
        (code, mark_safe(" selected") if code == chosen != "present" else "", _(word))
        for code, word in ROLL_MARKS.items()
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.filter
def weekday_short(value: date | datetime) -> str:
    return when.weekday(value, short=True)


@register.filter
def moment(value: datetime) -> str:
    """9月28日 08:16."""
    return f"{when.day(value)} {when.clock(value)}"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; with ``label`` it is read aloud, without it is decoration."""
    href = f"{static('build/icons.svg')}#{name}"
    read = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="gx-icon {}" {}><use href="{}"/></svg>', css, read, href)


@register.simple_tag
def state(kind: str, text: str, icon_name: str = "", title: str = "") -> SafeString:
    """A state: icon + word + colour, always all three. Raises ``KeyError`` for a kind nobody declared."""
    drawn = icon(icon_name or STATE_ICONS[kind])
    hint = format_html(' title="{}"', title) if title else ""
    return format_html(
        '<span class="gx-state gx-state-{}"{}>{}<span>{}</span></span>', kind, hint, drawn, text
    )


@register.inclusion_tag("gx/time_left.html", takes_context=True)
def time_left(
    context: Any, due: datetime | None, now: datetime | None = None, short: bool = False
) -> dict[str, Any]:
    """What is left until ``due``, the hour after it; exact seconds in the title and in print."""
    moment_now = now or context.get("now")
    return {"left": when.left(due, moment_now) if due and moment_now else None, "short": short}


@register.inclusion_tag("gx/clause.html")
def clause(title: str, article: str = "", text: str = "", note: str = "", url: str = "") -> dict[str, str]:
    """A clause chip in Song; opens the paraphrase when there is one. ``title`` comes without 《》."""
    named = wording.word(title.strip("《》"))
    return {"title": named, "article": article, "text": wording.word(text), "note": note, "url": url}


@register.inclusion_tag("gx/duty.html", takes_context=True)
def duty_card(context: Any, duty: Any, solid: bool = False) -> dict[str, Any]:
    """time · child · what · why + clause · one button. ``solid`` only for the most urgent one still in time."""
    return {"duty": duty, "solid": solid, "now": context.get("now")}


@register.inclusion_tag("gx/line.html")
def line(steps: Iterable[Any], label: str = "", long: bool = False) -> dict[str, Any]:
    """The line: ``steps`` of {label, state, note, icon, mark}; state walked, now, unknown, waiting, tocome."""
    return {"steps": steps, "label": label, "long": long}


@register.inclusion_tag("gx/line.html")
def wizard(labels: str, current: int) -> dict[str, Any]:
    """Steps of a form: ``{% wizard "出发前 现场 结果 交回" 2 %}``; ``current`` counts from 1."""
    names = labels.split()
    states = [
        "walked" if n < current else "now" if n == current else "tocome" for n in range(1, len(names) + 1)
    ]
    steps = [
        {"label": name, "state": state, "mark": n}
        for n, (name, state) in enumerate(zip(names, states, strict=True), 1)
    ]
    return {
        "steps": steps,
        "label": _("第 {n} 步，共 {all} 步").format(n=current, all=len(names)),
        "long": False,
    }


@register.inclusion_tag("gx/delivery.html")
def delivery(where: str, receiver: str = "", saved_at: str = "", received_at: str = "") -> dict[str, Any]:
    """On this device → waiting → received. ``where`` is device, waiting or received."""
    return {"where": where, "receiver": receiver, "saved_at": saved_at, "received_at": received_at}


@register.inclusion_tag("gx/day_tile.html")
def day_tile(tile: Any) -> dict[str, Any]:
    """One day of the why page: {day, kind, word, icon, school, tag, count}."""
    kind = _get(tile, "kind") or "neutral"
    return {
        "tile": tile,
        "kind": kind,
        "icon_name": _get(tile, "icon") or STATE_ICONS.get(kind, "circle-minus"),
    }


@register.inclusion_tag("gx/field.html")
def field(bound: BoundField, label: str = "", help_text: str = "", as_chips: bool = False) -> dict[str, Any]:
    """A field with label, help and error, joined by aria-describedby."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    many = (
        hasattr(widget, "subwidgets")
        and kind in ("radio", "checkbox")
        and bool(getattr(widget, "choices", None))
    )
    described = [f"{bound.auto_id}_help"] if help_text or bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help_text or bound.help_text,
        "many": many,
        "chips": as_chips,
        "kind": kind,
        "single_tick": kind == "checkbox" and not many,
        "hidden": widget.is_hidden,
        "widget": "" if many else bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("gx/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary above a form: every mistake, each a link to its field."""
    named = [(form[name], form.errors[name]) for name in form.errors if name in form.fields]
    return {"form": form, "named": named, "general": form.non_field_errors()}


@register.inclusion_tag("gx/choices.html")
def choices(name: str, options: Iterable[Any], chosen: Any = "", legend: str = "") -> dict[str, Any]:
    """Equal choices where a person decides about a child: ``options`` of {value, label, note}."""
    return {"name": name, "options": options, "chosen": str(chosen), "legend": legend}


@register.inclusion_tag("gx/progress.html")
def progress(value: int, total: int, text: str = "", done: bool = False) -> dict[str, Any]:
    return {"value": value, "total": total, "text": text, "done": done}


@register.inclusion_tag("gx/pager.html", takes_context=True)
def pager(context: Any, page: Page[Any], name: str = "page") -> dict[str, Any]:
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "name": name, "request": context.get("request")}


@register.inclusion_tag("gx/sort.html", takes_context=True)
def sort(context: Any, key: str, text: str, name: str = "sort") -> dict[str, Any]:
    """A sorting link for a table head: first up, then down. Reads and writes ``?sort=key`` / ``-key``."""
    request = context.get("request")
    current = request.GET.get(name, "") if request else ""
    going = "up" if current == key else "down" if current == f"-{key}" else ""
    return {
        "request": request,
        "name": name,
        "to": f"-{key}" if going == "up" else key,
        "text": text,
        "going": going,
    }


@register.inclusion_tag("gx/masked.html")
def masked(value: str, reveal_url: str = "", label: str = "") -> dict[str, str]:
    """A masked value with a way to see it, which asks for a reason and is recorded."""
    return {"value": value, "reveal_url": reveal_url, "label": label}


@register.simple_tag
def empty(
    title: str, text: str = "", url: str = "", verb: str = "", icon_name: str = "circle-check"
) -> SafeString:
    """Nothing here: say so, and what to do."""
    button = format_html('<a class="gx-btn" href="{}">{}</a>', url, verb) if url else ""
    said = format_html("<p>{}</p>", text) if text else ""
    return format_html('<div class="gx-empty">{}<b>{}</b>{}{}</div>', icon(icon_name), title, said, button)


@register.simple_tag
def avatar(name: str, now: bool = False) -> SafeString:
    css = "gx-avatar gx-avatar-now" if now else "gx-avatar"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, name[:1])


@register.simple_tag
def counts(items: Iterable[tuple[str, str, int]]) -> SafeString:
    """Counts in a row: (kind, word, number), kind as for states."""
    rows = ((kind, icon(STATE_ICONS[kind]), word, number) for kind, word, number in items)
    body = format_html_join("", '<li class="gx-count gx-count-{}">{}{} <b>{}</b></li>', rows)
    return format_html('<ul class="gx-counts">{}</ul>', body)


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
