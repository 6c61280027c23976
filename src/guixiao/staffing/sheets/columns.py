"""The columns of a staff sheet, every way they are headed, and every way a post is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_noop

from guixiao.facts.posts import POSTS
from guixiao.people.imports.columns import plain


@dataclass(frozen=True, slots=True)
class StaffColumn:
    """One column. ``key`` names what it fills; ``must`` columns have to be there."""

    key: str
    header: str
    how: str
    aliases: tuple[str, ...] = ()
    must: bool = False
    sample: str = ""


COLUMNS: tuple[StaffColumn, ...] = (
    StaffColumn(
        "name",
        gettext_noop("姓名"),
        gettext_noop("照身份证填"),
        ("教师姓名", "教职工姓名", "人员姓名", "名字"),
        True,
        "样例老师",
    ),
    StaffColumn(
        "number",
        gettext_noop("工号"),
        gettext_noop("单位发的编号；同名的人靠它分清"),
        ("职工号", "教师编号", "教职工号", "人员编号", "编号"),
        sample="T90001",
    ),
    StaffColumn(
        "phone",
        gettext_noop("手机"),
        gettext_noop("可不填；同时开账号时才登记"),
        ("手机号", "手机号码", "联系电话", "电话"),
        sample="13800000000",
    ),
    StaffColumn(
        "unit",
        gettext_noop("学校/单位"),
        gettext_noop("单位名称或代码；只有一个单位时可不填"),
        ("学校", "单位", "学校名称", "单位名称", "任职单位", "所在单位", "村", "学校单位"),
        sample="某某中学",
    ),
    StaffColumn(
        "grade",
        gettext_noop("年级"),
        gettext_noop("“八年级”或 8；班级里写明了可不填"),
        ("所在年级", "任教年级"),
        sample="八年级",
    ),
    StaffColumn(
        "klass",
        gettext_noop("班级"),
        gettext_noop("“3班”或“八（3）班”；还没有的班会提示新建"),
        ("班", "班名", "任教班级", "所带班级"),
        sample="3班",
    ),
    StaffColumn(
        "post",
        gettext_noop("岗位"),
        gettext_noop("填“岗位代码”页里的名称或代码，一行一个"),
        ("职务", "任职", "任职岗位", "岗位名称", "担任职务"),
        True,
        "班主任",
    ),
    StaffColumn(
        "first",
        gettext_noop("任职日"),
        gettext_noop("如 20260901；空着就用上传时选的日子"),
        ("任职起", "任职日期", "起始日期", "到岗日期", "任职时间"),
        sample="20260901",
    ),
    StaffColumn(
        "last",
        gettext_noop("离任日"),
        gettext_noop("没定就空着"),
        ("离任日期", "任职止", "截止日期", "结束日期", "离岗日期"),
    ),
    StaffColumn(
        "deputy",
        gettext_noop("代理人"),
        gettext_noop("可不填；要是本表里的人或本单位的人"),
        ("代理", "代理人姓名"),
    ),
    StaffColumn("deputy_number", gettext_noop("代理人工号"), gettext_noop("代理人同名时填"), ("代理工号",)),
    StaffColumn(
        "deputy_first",
        gettext_noop("代理起"),
        gettext_noop("空着就从任职日或今天起"),
        ("代理起始日", "代理开始"),
    ),
    StaffColumn(
        "deputy_last", gettext_noop("代理止"), gettext_noop("没定就空着"), ("代理截止日", "代理结束")
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}

# What schools write for a post beside its own title.
ALSO: dict[str, str] = {
    "班主任老师": "class_teacher", "正班主任": "class_teacher", "副班": "deputy_class_teacher",
    "任课教师": "subject_teacher", "任课老师": "subject_teacher",
    "科任": "subject_teacher", "科任老师": "subject_teacher",
    "晨会教师": "morning_teacher", "挂包教师": "class_backer", "班级包保教师": "class_backer",
    "年级主任": "grade_head", "级长": "grade_head", "年级长": "grade_head",
    "心理健康教师": "counsellor", "心理老师": "counsellor", "学籍员": "registrar", "学籍管理人员": "registrar",
    "学生处": "student_affairs", "学生科科长": "student_affairs",
    "学生处主任": "student_affairs", "学生科主任": "student_affairs",
    "教务处": "dean", "教务主任": "dean", "教导主任": "dean", "教导处主任": "dean",
    "政教处": "moral_education", "政教主任": "moral_education",
    "德育主任": "moral_education", "德育处主任": "moral_education",
    "少先队大队辅导员": "young_pioneers", "大队辅导员": "young_pioneers",
    "副校长": "vice_principal", "书记": "party_secretary", "支部书记": "party_secretary",
    "村主任": "village_head", "村长": "village_head", "村委主任": "village_head", "组长": "group_leader",
    "基教股": "basic_education", "督导室": "inspectorate", "副局长": "deputy_director", "局长": "bureau_director",
    "乡长": "township_head", "镇长": "township_head", "中心校校长": "central_school_head",
}  # fmt: skip


@cache
def by_header() -> dict[str, StaffColumn]:
    return {plain(name): column for column in COLUMNS for name in (column.header, *column.aliases)}


@cache
def post_words() -> dict[str, str]:
    """Every way to write a post, made plain → its code."""
    found = {plain(word): code for word, code in ALSO.items()}
    for post in POSTS.values():
        found |= {post.code: post.code, plain(post.zh): post.code, plain(post.en).lower(): post.code}
    return found


def guess(headers: Sequence[str]) -> dict[str, int]:
    """``{column key: index}``: the first header that names each column; nothing is taken twice."""
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        column = by_header().get(plain(header))
        if column is not None:
            found.setdefault(column.key, index)
    return found
