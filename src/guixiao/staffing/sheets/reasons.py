"""Why a row of a staff sheet is refused or remarked on, and what to do: code → (reason, remedy)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.people.imports.reasons import Reason
from guixiao.places.wording import word

from .columns import BY_KEY

REASONS: dict[str, tuple[str, str]] = {
    "empty": (gettext_noop("没有填"), gettext_noop("补上再传")),
    "long": (gettext_noop("太长了"), gettext_noop("写短一些")),
    "name": (gettext_noop("姓名里有不该有的字符"), gettext_noop("照身份证填；公式没有算出来的，改成文字")),
    "number": (gettext_noop("工号只能是字母、数字、点和横线，最多 30 位"), gettext_noop("照工作证填")),
    "number_taken": (gettext_noop("这个工号是另一个人的"), gettext_noop("核对姓名和工号，改掉错的那个")),
    "several": (gettext_noop("同名的有几个人（工号：%s）"), gettext_noop("填上工号")),
    "post": (gettext_noop("没有这个岗位%s"), gettext_noop("填“岗位代码”页里的名称，一行只写一个岗位")),
    "unit": (gettext_noop("没有这个单位%s"), gettext_noop("填全名或代码；新单位请先在“机构和任职”里建")),
    "unit_several": (gettext_noop("同名的单位有几个"), gettext_noop("改填单位代码")),
    "level": (gettext_noop("这个岗位设在%s一级"), gettext_noop("换成那一级的单位，或改岗位")),
    "grade": (gettext_noop("认不出年级"), gettext_noop("写成“八年级”或 8")),
    "class": (gettext_noop("认不出班级"), gettext_noop("写成“3班”或“八（3）班”")),
    "date": (gettext_noop("不是真实的日期"), gettext_noop("写成 20260901 这样的八位数")),
    "order": (gettext_noop("离任日早于任职日"), gettext_noop("照任命文件改其中一个")),
    "longer": (gettext_noop("已定 %s 离任，不能直接延长"), gettext_noop("续任另写一行，任职日写在那天以后")),
    "twice": (gettext_noop("和本表第 %s 行重复"), gettext_noop("留一行，删去另一行")),
    "two_holders": (
        gettext_noop("这个岗位只有一人，第 %s 行已写了别人"),
        gettext_noop("留对的那一行；换人的，前一行写上离任日"),
    ),
    "clash_day": (
        gettext_noop("%s已在这个岗位上，任职日比这里的还晚或同一天"),
        gettext_noop("把任职日改到那以后，再选“交接”"),
    ),
    "clash": (gettext_noop("%s已在这个岗位上"), gettext_noop("选“那天交接”，或先给他办离任")),
    "admin": (gettext_noop("三个管理员由局领导任命"), gettext_noop("请局长或分管副局长在“机构和任职”里任命")),
    "deputy": (gettext_noop("代理人不在本表里，也不在本单位"), gettext_noop("核对姓名；同名的填代理人工号")),
    "deputy_self": (gettext_noop("代理人就是本人"), gettext_noop("换一个人")),
    "phone": (gettext_noop("不像电话号码"), gettext_noop("填手机号，或带区号的座机")),
    "meanwhile": (gettext_noop("写入时没有成：%s"), gettext_noop("改好再传这一行")),
    # remarks: the row is written all the same
    "new_class": (gettext_noop("会新建%s"), gettext_noop("班名不对就先放弃，改表再传")),
    "no_number": (gettext_noop("没有工号，按姓名认人"), gettext_noop("最好补上，免得同名认错")),
    "no_first": (gettext_noop("没有填，从 %s 起"), gettext_noop("不对就补上再传")),
    "phone_unkept": (gettext_noop("手机号没有地方存"), gettext_noop("同时开账号时才登记")),
    "first_differs": (gettext_noop("系统里是从 %s 起任职的"), gettext_noop("以系统为准；要改请撤回任命重来")),
    "no_account": (gettext_noop("账号没有开：%s"), gettext_noop("请账号管理员另开")),
}
Faults = list[list[str]]


def explain(faults: Iterable[Sequence[str]]) -> list[Reason]:
    """Faults or notes in words. What is named inside the reason is not repeated beside it."""
    found = []
    for key, code, value in faults:
        reason, remedy = REASONS[code]
        said = _(reason)
        named = "%s" in said
        column = word(BY_KEY[key].header) if key in BY_KEY else ""
        found.append(Reason(column, "" if named else value, said % value if named else said, _(remedy)))
    return found
