"""The lawful reasons to close a case (standards.md §15; a county confirms the list), and what is never one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guixiao.facts.codes import Stage
from guixiao.people.models import Status

ANYWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case may be closed. Empty ``stages`` or ``status`` mean: wherever it stands."""

    code: str
    title: str | Promise
    evidence: str | Promise
    stages: frozenset[str] = ANYWHERE
    status: frozenset[str] = ANYWHERE


@dataclass(frozen=True, slots=True)
class Never:
    """No reason to close, and what to do instead."""

    code: str
    title: str | Promise
    instead: str | Promise


LAWFUL: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        Reason(
            "returned_stays",
            _("已经复学，稳定在校"),
            _("复学后的点名记录和班主任说明"),
            frozenset({Stage.RETURNED.value, Stage.FOLLOWING.value}),
            frozenset({Status.ENROLLED.value}),
        ),
        Reason("transferred", _("已转入外地学校，有学籍"), _("接收学校的学籍证明")),
        Reason("vocational", _("已在职业学校复学班就读"), _("职业学校的接收证明")),
        Reason("special", _("已由特教学校、随班就读或送教上门安置"), _("安置决定和第一次上课的记录")),
        Reason("suspended", _("经批准休学或缓学"), _("乡镇政府或县教育局的批准书、医疗证明")),
        Reason("finished", _("已受完义务教育"), _("毕业或结业证明")),
        Reason("gone", _("死亡、户籍注销或出国出境"), _("公安或出入境的证明")),
        Reason("mistaken", _("误报（重复建档、人籍分离）"), _("核对记录，说明孩子实际在哪里上学")),
    )
}
NEVER: dict[str, Never] = {
    never.code: never
    for never in (
        Never("lost", _("失联"), _("请继续查找：请公安和村组协查，记下每一次查找。")),
        Never("working", _("外出务工"), _("请继续劝返；未满 16 周岁的，同时报告人社部门查处用工单位。")),
        Never("married", _("已婚或订婚"), _("请继续劝返；未成年人订婚结婚的，同时按侵害报告。")),
        Never("refuses", _("拒绝返校"), _("请继续劝返，并请乡镇政府批评教育、责令限期改正。")),
    )
}


def title_of(code: str) -> str:
    found = LAWFUL.get(code)
    return str(found.title) if found else code
