"""制度并排看: two or more regulations beside each other, rule by rule, number by number, or for one child."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guixiao.access.looks import looked
from guixiao.access.middleware import GuixiaoRequest
from guixiao.duties import comparison, rules, triggers
from guixiao.duties.adopted import packs
from guixiao.duties.rehearsal import alone
from guixiao.facts.clock import day_of
from guixiao.packs.example import example
from guixiao.people.scopes import student_or_404
from guixiao.places.wording import word
from guixiao.policy import AdoptedPack, Pack

from .home import names_of

FEW, MOST = 2, 4
LONGEST = timedelta(days=366)
RULES, NUMBERS, EXAMPLE = "rules", "numbers", "example"


class AskForm(forms.Form):
    """Which regulations, and for a child over which days."""

    pack = forms.MultipleChoiceField(
        label=gettext_lazy("比哪几部"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选两部到四部制度。")},
    )
    first = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: object, *, bound: set[str], today: date, first: date) -> None:
        asked = dict(data.lists()) if hasattr(data, "lists") else {}
        chosen = asked.get("pack") or _usual(bound)
        given = {
            "pack": [str(code) for code in chosen],
            "first": (asked.get("first") or [""])[0] or first.isoformat(),
            "last": (asked.get("last") or [""])[0] or today.isoformat(),
        }
        super().__init__(given)
        self.today = today
        field = self.fields["pack"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, _title(pack, code in bound)) for code, pack in packs().items()]

    def clean_pack(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["pack"]
        if not FEW <= len(chosen) <= MOST:
            raise forms.ValidationError(_("请选两部到四部制度。"))
        return chosen

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if not first or not last:
            return
        if last > self.today:
            self.add_error("last", _("还没到的日子不能比，请选今天或以前。"))
        elif last < first:
            self.add_error("last", _("结束的日子在开始以前，请改一下。"))
        elif last - first > LONGEST:
            self.add_error("first", _("一次最多比一年，请把日子选近一点。"))


def _title(pack: Pack, bound: bool) -> str:
    title = f"《{word(pack.title)}》"
    return title if bound else _("%(title)s（这里没有采用）") % {"title": title}


def _usual(bound: set[str]) -> list[str]:
    """What binds here first, then others, until there are two."""
    codes = [*(code for code in packs() if code in bound), *(code for code in packs() if code not in bound)]
    return codes[: max(FEW, min(MOST, len(bound)))]


@require_GET
def compare(request: GuixiaoRequest) -> HttpResponse:
    """Regulations side by side: their rules, their numbers, and what they ask for a made-up child."""
    today = day_of(request.now)
    adoptions = rules.in_force(request.actor, today)
    form = AskForm(request.GET, bound=set(adoptions), today=today, first=today)
    show = request.GET.get("show", RULES)
    context: dict[str, object] = {"form": form, "show": show, "shows": _shows(request, show)}
    if not form.is_valid():
        return render(request, "duties/compare.html", context, status=422)
    chosen = [packs()[code] for code in form.cleaned_data["pack"]]
    context["packs"] = chosen
    if show == NUMBERS:
        context["numbers"] = comparison.numbers(chosen, adoptions, today)
    elif show == EXAMPLE:
        context["side"] = _of_example(chosen, adoptions)
    else:
        context["table"] = triggers.table(chosen, adoptions, request.actor, today)
    return render(request, "duties/compare.html", context)


def _shows(request: GuixiaoRequest, show: str) -> list[dict[str, object]]:
    named = ((RULES, _("一条一条")), (NUMBERS, _("选定的数")), (EXAMPLE, _("放到一个孩子身上")))
    found: list[dict[str, object]] = []
    for code, text in named:
        query = request.GET.copy()
        query["show"] = code
        current = show == code or (code == RULES and show not in (NUMBERS, EXAMPLE))
        found.append({"url": f"?{query.urlencode()}", "text": text, "current": current})
    return found


def _of_example(chosen: list[Pack], adoptions: dict[str, list[AdoptedPack]]) -> comparison.Side:
    made = example()
    found = [
        alone(made, tuple(adoptions.get(pack.code, ())) or (AdoptedPack(pack, 1, made.first),))
        for pack in chosen
    ]
    return comparison.side_by_side(chosen, found, made.facts, made.first, made.last, {})


@require_GET
def of_student(request: GuixiaoRequest, pk: int) -> HttpResponse:
    """What each regulation would have demanded for this child between two days. Nothing is written."""
    actor, today = request.actor, day_of(request.now)
    student = student_or_404(actor, "student.view", pk)
    if not actor.over("regulation.view", student.path, student.home_path):
        raise Http404
    inputs = comparison.inputs_of(student, today, today)
    if inputs is None:
        raise Http404
    term = inputs.calendar.term_of(today)
    first = term.first if term else today - timedelta(days=60)
    bound = {one.pack.code for one in inputs.packs if one.last_day is None or one.last_day >= today}
    form = AskForm(request.GET, bound=bound, today=today, first=first)
    context: dict[str, object] = {"form": form, "student": student}
    if not form.is_valid():
        return render(request, "duties/compare.html", context, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    asked = comparison.inputs_of(student, last, first) or inputs
    chosen = [packs()[code] for code in form.cleaned_data["pack"]]
    found = comparison.rehearsed(replace(asked, packs=inputs.packs), chosen, first, last)
    looked(actor, "student.view", student=student.pk)
    people = names_of(comparison.people_in(found))
    side = comparison.side_by_side(chosen, found, asked.facts, first, last, people)
    adopted = {pack.code: comparison.adoptions_of(inputs, pack) for pack in chosen}
    context |= {"packs": chosen, "side": side, "numbers": comparison.numbers(chosen, adopted, last)}
    return render(request, "duties/compare.html", context)
