"""What an entry of the journal says, in words: its fields named, its codes spelt out, places by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.access.matrix import actions
from guixiao.facts.clock import local
from guixiao.facts.posts import POSTS
from guixiao.journal.models import Entry
from guixiao.places.models import Place
from guixiao.places.wording import title_of

FIELDS = {
    "absent": gettext_noop("未到人数"), "account": gettext_noop("账号"), "act": gettext_noop("要办的事"),
    "arrived_at": gettext_noop("到校时间"), "assignment": gettext_noop("指派"),
    "assignments": gettext_noop("移交的指派"),
    "backdated_by": gettext_noop("补假人岗位"), "bad": gettext_noop("有问题的行"), "batch": gettext_noop("批次"),
    "by_rule": gettext_noop("依据规则"), "case": gettext_noop("个案"), "change": gettext_noop("变动"),
    "changed": gettext_noop("更新人数"), "class_id": gettext_noop("班级"), "classes": gettext_noop("班数"),
    "code": gettext_noop("代码"), "contents": gettext_noop("谈到"), "count": gettext_noop("数量"),
    "day": gettext_noop("日期"), "demanded": gettext_noop("仍需办理"), "device_at": gettext_noop("手机时间"),
    "due": gettext_noop("期限"), "duty": gettext_noop("责任事项"), "field": gettext_noop("项目"),
    "fields": gettext_noop("项目"), "file": gettext_noop("文件"), "first": gettext_noop("起"),
    "first_row": gettext_noop("起始行"), "from_class": gettext_noop("原班级"), "from_class_id": gettext_noop("原班级"),
    "graduated": gettext_noop("毕业人数"), "grant": gettext_noop("紧急查看"), "group": gettext_noop("重点人群"),
    "handover": gettext_noop("交接"), "holding": gettext_noop("任职"), "judged": gettext_noop("已判定"),
    "kind_of_leave": gettext_noop("假别"), "last": gettext_noop("止"), "last_row": gettext_noop("末行"),
    "late": gettext_noop("逾期"), "leave": gettext_noop("请假"), "made": gettext_noop("新增人数"),
    "mark": gettext_noop("标记"), "means": gettext_noop("方式"), "moved": gettext_noop("调动人数"),
    "now": gettext_noop("现为"), "opening": gettext_noop("学年开启"), "outcome": gettext_noop("结果"),
    "overlay": gettext_noop("校历决定"), "pack": gettext_noop("制度"), "people": gettext_noop("人员"),
    "period": gettext_noop("期间"), "person": gettext_noop("人员"), "place": gettext_noop("单位"),
    "post": gettext_noop("岗位"), "posts": gettext_noop("岗位"), "present": gettext_noop("实到人数"),
    "previous": gettext_noop("前一个案"), "reason": gettext_noop("理由"), "report": gettext_noop("报表"),
    "reveal": gettext_noop("查看"), "risk": gettext_noop("风险"), "role": gettext_noop("角色"),
    "roster_version": gettext_noop("名册版本"), "rows": gettext_noop("行数"), "rule": gettext_noop("规则"),
    "rung": gettext_noop("第几级"), "school": gettext_noop("学校"), "school_id": gettext_noop("学校"),
    "session": gettext_noop("时段"), "signing": gettext_noop("签字"), "state": gettext_noop("状态"),
    "staying": gettext_noop("留在原年级人数"), "step": gettext_noop("步骤"), "student": gettext_noop("学生"),
    "successor": gettext_noop("接任人"), "to": gettext_noop("报给"), "to_class": gettext_noop("新班级"),
    "to_person": gettext_noop("接收人"), "transfer": gettext_noop("转班"), "until": gettext_noop("到"),
    "version": gettext_noop("版本"), "village_id": gettext_noop("村"), "visit": gettext_noop("家访"),
    "was": gettext_noop("原为"), "what": gettext_noop("看了什么"), "why": gettext_noop("原因"),
    "with_posts": gettext_noop("同行岗位"), "year": gettext_noop("学年"), "zero": gettext_noop("零报告"),
}  # fmt: skip

CODES = {
    "morning": gettext_noop("上午"), "afternoon": gettext_noop("下午"), "evening": gettext_noop("晚上"),
    "present": gettext_noop("到校"), "late": gettext_noop("迟到"), "sick": gettext_noop("病假"),
    "personal": gettext_noop("事假"), "none": gettext_noop("未请假"), "visit": gettext_noop("家访"),
    "phone": gettext_noop("电话"), "message": gettext_noop("短信或微信"), "hospital": gettext_noop("到医院探望"),
    "will_return": gettext_noop("答应返校"), "returned": gettext_noop("已返校"), "refuses": gettext_noop("拒绝返校"),
    "working": gettext_noop("外出务工"), "moved": gettext_noop("已随迁或转学"), "nobody": gettext_noop("没找到人"),
    "high": gettext_noop("高"), "medium": gettext_noop("中"), "low": gettext_noop("低"),
    "suspected": gettext_noop("疑似辍学"), "confirmed": gettext_noop("辍学登记"), "persuading": gettext_noop("劝返中"),
    "following": gettext_noop("跟踪"), "closing": gettext_noop("待销号核准"), "closed": gettext_noop("已销号"),
    "entered": gettext_noop("入学"), "transferred_in": gettext_noop("转入"), "transferred_out": gettext_noop("转出"),
    "suspended": gettext_noop("休学"), "resumed": gettext_noop("复学"), "dropped_out": gettext_noop("辍学"),
    "repeated": gettext_noop("留级"), "graduated": gettext_noop("毕业"), "moved_class": gettext_noop("调班"),
    "promoted": gettext_noop("升级"), "wrong_child": gettext_noop("点错人"), "wrong_day": gettext_noop("点错天"),
    "was_present": gettext_noop("当时其实在校"), "prepared": gettext_noop("统计"), "checked": gettext_noop("核对"),
    "reviewed": gettext_noop("复核"), "signed": gettext_noop("签发"), "added": gettext_noop("新增"),
    "taken_back": gettext_noop("收回"), "person_added": gettext_noop("新增人员"), "closed_on": gettext_noop("停用"),
}  # fmt: skip
PLACES = frozenset(
    {"class_id", "from_class", "from_class_id", "place", "school", "school_id", "to_class", "village_id"}
)
NUMBERS = frozenset(
    {"student", "account", "case", "duty", "person", "visit", "file", "leave", "holding", "batch"}
)


def place_ids(entries: Iterable[Entry]) -> set[int]:
    """The places that some entries speak of; their names are fetched once."""
    return {
        value
        for entry in entries
        for name, value in entry.payload.items()
        if name in PLACES and isinstance(value, int)
    }


def place_names(ids: set[int]) -> dict[int, str]:
    return dict(Place.objects.filter(pk__in=ids).values_list("pk", "name"))


def in_words(payload: Mapping[str, Any], places: Mapping[int, str]) -> str:
    """``班级 八（3）班，日期 2026-09-14，时段 上午``; what is empty is left out."""
    said = [
        _("%(field)s %(value)s") % {"field": _(FIELDS.get(name, name)), "value": _value(name, value, places)}
        for name, value in payload.items()
        if value not in (None, "", [])
    ]
    return _("，").join(said)


def _value(name: str, value: Any, places: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(_value(name, one, places) for one in value)
    if name in PLACES:
        return places.get(value, f"#{value}")
    if name in NUMBERS:
        return f"#{value}"
    if not isinstance(value, str):
        return str(value)
    if value in POSTS:
        return title_of(value)
    if value in actions():
        return _(actions()[value])
    moment = _moment(value)
    return f"{local(moment):%Y-%m-%d %H:%M:%S}" if moment else _(CODES[value]) if value in CODES else value


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text) if "T" in text else None
    except ValueError:
        return None
