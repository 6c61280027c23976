"""Why children leave (regimes.md §3.9), and what may be wrong with a row, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# code → (the word, other ways to write it). "Cannot be reached" is a state of contact, not a cause.
CAUSES: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "economy": (gettext_lazy("家庭经济困难"), ("贫困", "经济困难", "因贫")),
    "learning": (gettext_lazy("学习困难"), ("学困", "成绩差")),
    "weary": (gettext_lazy("厌学"), ("不愿上学", "不想读")),
    "family": (gettext_lazy("家庭变故"), ("家庭原因", "单亲", "父母离异")),
    "married": (gettext_lazy("早婚早育"), ("早婚", "早育", "结婚")),
    "working": (gettext_lazy("外出打工"), ("务工", "打工", "外出务工")),
    "neglect": (gettext_lazy("家庭不重视"), ("教育无用论", "家长不重视")),
    "school": (gettext_lazy("教师方法不当"), ("教师体罚", "体罚", "学校原因")),
    "illness": (gettext_lazy("因病"), ("生病", "残疾", "因病因事")),
    "far": (gettext_lazy("上学远"), ("路远", "交通不便")),
    "other": (gettext_lazy("其他"), ("其它", "特殊情况")),
}
# Chinese words as sheets write them, whatever language the reader uses.
WRITTEN = {
    "家庭经济困难": "economy", "学习困难": "learning", "厌学": "weary", "家庭变故": "family", "早婚早育": "married",
    "外出打工": "working", "家庭不重视": "neglect", "教师方法不当": "school", "因病": "illness", "上学远": "far",
    "其他": "other",
}  # fmt: skip
NO_CAUSE = ("无法联系", "失联", "联系不上", "不明", "未知")
CONFIRMED = ("", "辍学登记", "辍学", "已辍学", "已确认", "确认辍学", "劝返", "劝返中", "在册辍学")

FAULTS: dict[str, str | Promise] = {
    "name": gettext_lazy("没有姓名。请照证件填。"),
    "no_number": gettext_lazy("库里没有“%(v)s”这个号。请核对；没有把握就把号留空，只填姓名和学校。"),
    "lost": gettext_lazy("号码在表里丢了后几位。请把那一列设成“文本”，照证件重填。"),
    "other_name": gettext_lazy("这个号是另一个孩子的（%(v)s）。请核对号码和姓名。"),
    "nobody": gettext_lazy("您管的学校里没有叫“%(v)s”的在册学生。请核对姓名和学校，或先导入学籍。"),
    "several": gettext_lazy("叫这个名字的有 %(v)s 个。请填班级，或者填学籍号、身份证号。"),
    "no_school": gettext_lazy("没有叫“%(v)s”的学校。请照系统里的校名填。"),
    "needs_school": gettext_lazy("没有号就要填学校。"),
    "day": gettext_lazy("离校日期“%(v)s”读不懂。请写成 2026-03-05。"),
    "no_day": gettext_lazy("没有离校日期。记不清哪天，就填最后一次到校的后一天。"),
    "ahead": gettext_lazy("离校日期在今天之后。请核对。"),
    "long_ago": gettext_lazy("离校日期太早了（%(v)s）。请核对年份。"),
    "no_cause": gettext_lazy("没有原因。请从“说明”表里选。"),
    "contact": gettext_lazy("“%(v)s”是联系状态，不是离校原因。请填原来为什么不来，联系情况写在“目前去向”。"),
    "cause": gettext_lazy("原因“%(v)s”不在表里。请从“说明”表里选，可以填几个，用“、”隔开，主要的在前。"),
    "stage": gettext_lazy("阶段“%(v)s”不在这里登记：疑似的请在学生页立案，已返校、已销号的不用登记。"),
    "not_on_roll": gettext_lazy("这个孩子的学籍是“%(v)s”，不在册。请先请学籍管理员核对。"),
    "has_case": gettext_lazy("这个孩子已有没销号的个案 %(v)s。请在那个个案里接着办。"),
    "present": gettext_lazy("%(v)s还点名到校了，和离校日期不符。请先更正点名，或把离校日期改到那以后。"),
    "twice": gettext_lazy("和第 %(v)s 行是同一个孩子。请只留一行。"),
    "long": gettext_lazy("“%(v)s”太长了。请写短一点。"),
    "refused": gettext_lazy("没有写入：%(v)s"),
}


def explain(faults: Iterable[Iterable[str]]) -> list[str]:
    """What is wrong with a row, each with what to do."""
    found = []
    for code, value in faults:
        found.append(str(FAULTS[code]) % {"v": value} if "%(v)s" in str(FAULTS[code]) else str(FAULTS[code]))
    return found


def cause_of(text: str) -> str:
    """The code of one cause as somebody wrote it; empty for one nobody knows."""
    plain = text.strip()
    if plain in WRITTEN:
        return WRITTEN[plain]
    return next((code for code, (_word, others) in CAUSES.items() if plain in others), "")


def causes_in_words(codes: Iterable[str]) -> str:
    return _("、").join(str(CAUSES[code][0]) for code in codes if code in CAUSES)
