"""The words of a visit: codes with what teachers say for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixiao.facts.codes import Means, Outcome, VisitContent

MEANS = {
    Means.VISIT: _("上门家访"),
    Means.PHONE: _("电话"),
    Means.MESSAGE: _("短信或微信"),
    Means.SCHOOL: _("家长到校"),
    Means.HOSPITAL: _("到医院探望"),
}
AT_HOME = (Means.VISIT, Means.HOSPITAL)  # A10-10: at home or at the hospital counts as a visit

OUTCOMES = {
    Outcome.WILL_RETURN: (_("答应返校"), _("以点名到校为准")),
    Outcome.RETURNED: (_("已经返校"), _("以点名到校为准")),
    Outcome.SICK: (_("确实生病"), _("请按病假补手续")),
    Outcome.REFUSES: (_("还不愿返校"), _("继续劝返，不会减少下一步")),
    Outcome.WORKING: (_("在外打工"), _("未满 16 周岁的要报告")),
    Outcome.MOVED: (_("随家迁走或转学"), _("要有接收学校的证明")),
    Outcome.NOBODY: (_("没见到人"), _("写明去了哪里、问了谁")),
    Outcome.OTHER: (_("其他"), _("写在下一步里")),
}

CONTENTS = {
    VisitContent.IN_SCHOOL: (_("在校情况"), _("跟家长说了哪些在校表现")),
    VisitContent.AT_HOME: (_("在家情况"), _("在家做什么、几点睡、谁照看")),
    VisitContent.FAMILY: (_("家庭情况"), _("家里几口人、收入、环境、怎么教育孩子")),
    VisitContent.MEASURES: (_("一起想的办法"), _("学校做什么，家里做什么")),
    VisitContent.RELATION: (_("亲子关系"), _("孩子和家里人处得怎么样")),
    VisitContent.FEELINGS: (_("情感交流"), _("说了哪些心里话、鼓励了什么")),
}

CAUSES = {
    "learning": _("学习困难"),
    "weary": _("厌学"),
    "hardship": _("家庭经济困难"),
    "family": _("家庭变故"),
    "health": _("身心健康"),
    "marriage": _("早婚早育"),
    "work": _("外出打工"),
    "other": _("其他"),
}

MET = {
    "child": _("孩子本人"),
    "father": _("父亲"),
    "mother": _("母亲"),
    "elder": _("爷爷奶奶或外公外婆"),
    "relative": _("其他亲属"),
    "neighbour": _("邻居或村组干部"),
}


class Harm(models.TextChoices):
    """What must be reported at once (未成年人保护法 §11, with §17 and §61)."""

    VIOLENCE = "violence", _("被打、被虐待")
    SEXUAL = "sexual", _("性侵害或性骚扰")
    NEGLECT = "neglect", _("没人照看、被遗弃")
    LABOUR = "labour", _("被迫做工、当童工")
    MARRIAGE = "marriage", _("被迫结婚或订婚")
    DANGER = "danger", _("有自伤或别的危险")
    OTHER = "other", _("其他侵害")


HARM_READERS = ("principal", "basic_education")  # beside the author; nobody else reads a report of harm
TOLD = {
    "police_station": _("公安（110 或派出所）"),
    "civil_affairs": _("民政"),
    "basic_education": _("教育局"),
}
