"""Why a row is refused or remarked on, and what to do: code → (reason, remedy)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .cells import Faults
from .columns import by_key

REASONS: dict[str, tuple[str, str]] = {
    "empty": (gettext_noop("没有填"), gettext_noop("照学籍卡补上")),
    "long": (gettext_noop("太长了"), gettext_noop("写短一些")),
    "name": (gettext_noop("姓名里有不该有的字符"), gettext_noop("照证件填汉字；少数民族姓名中间用“·”")),
    "code": (gettext_noop("不在代码表里"), gettext_noop("填模板“说明”页里的代码或名称")),
    "yes_no": (gettext_noop("要填是或否"), gettext_noop("填“是”或“否”")),
    "date": (gettext_noop("不是真实的日期"), gettext_noop("写成 20120302 这样的八位数")),
    "future": (gettext_noop("日期晚于今天"), gettext_noop("照证件改")),
    "month": (gettext_noop("不是真实的年月"), gettext_noop("写成 202409 这样的六位数")),
    "number": (gettext_noop("要填数"), gettext_noop("只填数字，例如 2.5")),
    "lost": (
        gettext_noop("被 Excel 存成了数字，后几位已经丢了"),
        gettext_noop("把这一列设成“文本”，再照证件重填"),
    ),
    "student_number": (
        gettext_noop("学籍号不对：G、J 或 L 加 18 位，末位要对得上"),
        gettext_noop("照学籍卡改；没有正式学籍号就留空"),
    ),
    "phone": (gettext_noop("不像电话号码"), gettext_noop("填手机号，或带区号的座机")),
    "grade": (gettext_noop("认不出年级"), gettext_noop("写成“八年级”或 8")),
    "class": (gettext_noop("认不出班级"), gettext_noop("写成“3班”或 3")),
    "id_form": (
        gettext_noop("身份证号是 17 位数字加 1 位数字或 X"),
        gettext_noop("照证件改；没有身份证就改证件类型"),
    ),
    "id_check": (
        gettext_noop("身份证号末位对不上，多半抄错一位"),
        gettext_noop("照证件核对，不要改区划部分"),
    ),
    "id_date": (gettext_noop("身份证号里的出生日期不是真实日期"), gettext_noop("照证件改")),
    "id_future": (gettext_noop("身份证号里的出生日期晚于今天"), gettext_noop("照证件改")),
    "birth_differs": (gettext_noop("出生日期和身份证号里的不一样"), gettext_noop("照证件改其中一个")),
    "guardian_document": (
        gettext_noop("学生没有身份证件号，监护人的证件号就必须有"),
        gettext_noop("填一位监护人的证件类型和号码"),
    ),
    "twice": (gettext_noop("和本表第 %s 行重复"), gettext_noop("留一行，删去另一行")),
    "other_school": (gettext_noop("该生学籍在%s"), gettext_noop("请对方学校办转出，转学核办后再导入")),
    "two_children": (
        gettext_noop("身份证号和学籍号分别属于两名已有学生：%s"),
        gettext_noop("照证件和学籍卡核对，改掉错的那个"),
    ),
    "likely_elsewhere": (
        gettext_noop("%s有一名同名、同生日、同监护人的学生"),
        gettext_noop("核对是不是同一人：是就请对方办转学，不是就填上身份证件号"),
    ),
    "several": (
        gettext_noop("本校有几名同名、同生日、同监护人的学生"),
        gettext_noop("填上身份证件号或学籍号"),
    ),
    "meanwhile": (gettext_noop("检查以后，别人动过这名学生的信息"), gettext_noop("重新上传这一行，再看一遍")),
    "sex_differs": (gettext_noop("性别和身份证号里的不一样"), gettext_noop("照证件核对；没错就不用管")),
    "same_guardian": (gettext_noop("两位监护人同名"), gettext_noop("核对；没错就不用管")),
    "area": (gettext_noop("区划代码不是 6、9 或 12 位"), gettext_noop("核对；老代码不影响导入")),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A fault as people read it."""

    column: str
    value: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.column}：{self.reason}。{self.remedy}。"


def explain(faults: Faults) -> list[Reason]:
    """Faults or notes in words."""
    found = []
    for key, code, value in faults:
        reason, remedy = REASONS[code]
        said = _(reason)
        named = "%s" in said
        column = by_key()[key].header if key in by_key() else ""
        found.append(Reason(column, "" if named else value, said % value if named else said, _(remedy)))
    return found
