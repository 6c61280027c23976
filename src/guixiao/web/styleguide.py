"""Every component on one page, with made-up data, while developing. In operation these pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from guixiao.facts.clock import at, end_of
from guixiao.web import nav

MONDAY = date(2026, 9, 28)
NOW = at(MONDAY, 8, 12)
CLAUSE = {
    "title": "辍学报告制度",
    "article": "（二）3",
    "text": "第三天还没到校，学校会同村委会一起上门。",
    "note": "县里 2026年8月20日起采用。",
    "url": "#",
}
View = Callable[[HttpRequest], HttpResponse]


def _apart(words: str) -> list[str]:
    return words.split()


NAMES = _apart(
    "陈雨桐 邓志豪 冯小燕 甘文静 何俊杰 黄梓轩 李小满 李思远 廖佳怡 林国强 刘诗涵 龙海波 陆子涵 罗天佑 罗小川 "
    "马晓丽 蒙家豪 莫雨欣 农文博 潘美玲 覃海燕 韦思敏 韦志远 吴俊宇 吴佳慧 谢雨辰 徐浩然 覃晓峰 杨紫萱 杨志鹏 "
    "何美琪 叶子晴 余文杰 岑小雨 张浩宇 张雨薇 赵一鸣 郑欣怡 周子墨 周晓彤 朱家乐 庞文轩 苏婉婷 唐小虎 曾丽娟"
)


def developing(view: View) -> View:
    """404 outside DEBUG."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request)

    return shown


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="孩子姓名", max_length=20, help_text="照户口本写")
    day = forms.DateField(label="哪一天", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(label="在哪里", choices=[("", "请选"), ("home", "家里"), ("phone", "电话")])
    words = forms.CharField(label="孩子自己怎么说", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    met = forms.MultipleChoiceField(
        label="见到了谁",
        choices=[("child", "孩子"), ("gran", "奶奶"), ("father", "爸爸 电话"), ("none", "没人")],
        widget=forms.CheckboxSelectMultiple,
    )
    outcome = forms.ChoiceField(
        label="谈下来怎么样",
        choices=[("back", "答应返校"), ("no", "还不愿返校"), ("away", "没见到孩子")],
        widget=forms.RadioSelect,
    )
    photo = forms.FileField(label="照片", required=False)
    sure = forms.BooleanField(label="已当面核对身份")


@require_GET
@developing
def styleguide(request: HttpRequest) -> HttpResponse:
    form = SampleForm({"name": "", "day": "2026-09-28", "met": ["child", "gran"], "outcome": "back"})
    page = Paginator(range(1, 240), 20).get_page(request.GET.get("page", 4))
    sample = {
        "duties": _duties(),
        "tiles": _tiles(),
        "steps": _steps(),
        "form": form,
        "page": page,
        "rows": _rows(),
    }
    return render(request, "web/styleguide.html", sample | _frame() | {"now": NOW, "options": _options()})


@require_GET
@developing
def roll(request: HttpRequest) -> HttpResponse:
    """The reference roll call. ``?say=409`` (422, 403, 500) makes the made-up server answer so."""
    students = [{"id": n, "name": name} for n, name in enumerate(NAMES, 1)]
    students[27] |= {"off": "辍学在册"}
    students[6] |= {"note": "9月20日、21日也未请假，连今天 3 个上课日"}
    students[30] |= {"mark": "sick", "first": date(2026, 9, 26), "last": MONDAY}
    action = f"{reverse('web:styleguide_hand_in')}?say={request.GET.get('say', '')}"
    sheet = {"students": students, "action": action, "day": MONDAY, "session": "am1", "roster_version": "7"}
    return render(request, "web/styleguide_roll.html", sheet | _frame() | {"now": NOW, "due": at(MONDAY, 9)})


@require_POST
@developing
def hand_in(request: HttpRequest) -> HttpResponse:
    said = request.GET.get("say", "")
    answers: dict[str, tuple[int, dict[str, Any]]] = {
        "409": (409, {"error": "教导主任 08:10 已经替这个班报过了。", "reload": True}),
        "422": (422, {"errors": {"last-31": "最后一天早于第一天，请改一下。"}}),
        "403": (403, {}),
        "500": (500, {}),
    }
    status, body = answers.get(
        said, (200, {"receipt": "0928-0803-7F2C", "redirect": reverse("web:styleguide")})
    )
    return JsonResponse(body, status=status)


def _duties() -> list[dict[str, Any]]:
    def duty(
        due: datetime, who: str, note: str, what: str, why: str, verb: str, **more: Any
    ) -> dict[str, Any]:
        told = {"due": due, "who": who, "who_note": note, "what": what, "why": why, "verb": verb}
        return told | {"url": "#", "why_url": "#", "clause": CLAUSE} | more

    late, soon = end_of(MONDAY - timedelta(days=4)), end_of(MONDAY + timedelta(days=1))
    return [
        duty(late, "罗小川", "15 号", "补交家访记录", "家访当天须交回记录。", "补交"),
        duty(
            at(MONDAY, 9),
            "八（3）班",
            "45 人",
            "清点到校，报教导处",
            "未到校的，1 小时内要报。",
            "去点名",
            new=True,
        ),
        duty(
            soon, "何美琪", "31 号 · 病假第 3 天", "登门或到医院探望", "生病缺席满 3 天要去看望。", "去探望"
        ),
    ]


def _tiles() -> list[dict[str, Any]]:
    kinds = _apart("present sick holiday absent absent unknown sick sick holiday holiday holiday absent")
    words = _apart("到校 病假 周末 未请假 未请假 没点名 病假 病假 中秋 中秋 中秋 未请假")
    tiles = [
        {
            "day": date(2026, 9, 17) + timedelta(days=n),
            "kind": kind,
            "word": word,
            "school": kind != "holiday",
        }
        for n, (kind, word) in enumerate(zip(kinds, words, strict=True))
    ]
    tiles[3]["tag"] = "调休 上课"
    return tiles


def _steps() -> list[dict[str, Any]]:
    walked = [
        {"label": word, "state": "walked", "note": "9月1日"} for word in _apart("发现 联系 家访 方案 劝返")
    ]
    now = {"label": "依法责令", "state": "now", "icon": "gavel", "note": "明天期满"}
    return [*walked, now, *({"label": word, "state": "tocome"} for word in _apart("返校 安置 跟踪 销号"))]


def _options() -> list[dict[str, str]]:
    return [
        {"value": "same", "label": "是同一人", "note": "两条连起来，失学名单少 1 人"},
        {"value": "other", "label": "不是同一人", "note": "覃雨婷记为查无学籍，派人入户"},
        {"value": "ask", "label": "定不了，派人核实", "note": "先不算，核实后再定"},
    ]


def _rows() -> list[dict[str, Any]]:
    late = end_of(MONDAY - timedelta(days=4))
    rows = [
        ("覃志和", "教导主任", "李小满"),
        ("蒙秀兰", "学籍管理员", "吴佳怡"),
        ("黄丽娟", "七（2）班班主任", "罗天宇"),
    ]
    return [{"who": who, "post": post, "child": child, "due": late} for who, post, child in rows]


def _frame() -> dict[str, Any]:
    """A frame as a principal would see it, without signing in."""
    doors = [
        nav.Item("#", door.icon, door.word, n == 0, (2, 0, 0, 6)[n % 4])
        for n, door in enumerate(nav.RAIL[:9])
    ]
    tabs = (*nav.TABS[:2], *nav.TABS[3:5], nav.MORE)
    return {
        "nav": doors,
        "tabs": [nav.Item("#", door.icon, door.word, n == 0, 0) for n, door in enumerate(tabs)],
        "crumbs": [
            {"label": "青禾县", "url": "#"},
            {"label": "石板河镇", "url": "#"},
            {"label": "石板河初级中学"},
        ],
        "actor": {"name": "韦启明", "main": {"title": "校长"}, "account": 1},
        "search_url": "#",
        "notices_url": "#",
        "notices_count": 3,
    }
