"""The posts of the forty-two regulations, as data: what they are called, where they sit, who stands above.

Source: regimes.md §3.7 with the additions of §6.3. A duty falls to a post; a vacant post goes to its
deputy, then to ``stands_in`` at the same place, then climbs along ``up`` (policy.md, semantics 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The kind of place a post is held at."""

    CLASS = "class"
    GRADE = "grade"
    SCHOOL = "school"
    CENTRAL_SCHOOL = "central_school"
    VILLAGE = "village"
    HAMLET = "hamlet"
    TOWNSHIP = "township"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Post:
    """One post. ``up`` is the next post on its line; ``stands_in`` takes over at the same level when it
    does not exist there; ``rank`` compares posts: a higher rank may approve what a lower one proposed."""

    code: str
    zh: str
    en: str
    level: Level
    rank: int
    up: str | None = None
    stands_in: str | None = None


def _p(
    code: str,
    zh: str,
    en: str,
    level: Level,
    rank: int,
    up: str | None = None,
    stands_in: str | None = None,
) -> Post:
    return Post(code, zh, en, level, rank, up, stands_in)


_L = Level
POSTS: dict[str, Post] = {
    post.code: post
    for post in (
        # class
        _p("class_teacher", "班主任", "class teacher", _L.CLASS, 10, "grade_head"),
        _p("deputy_class_teacher", "副班主任", "deputy class teacher", _L.CLASS, 9, "class_teacher"),
        _p("subject_teacher", "科任教师", "subject teacher", _L.CLASS, 8, "class_teacher"),
        _p("morning_teacher", "晨会课教师", "morning-session teacher", _L.CLASS, 8, "class_teacher"),
        _p("class_backer", "班级挂包责任教师", "teacher who backs the class", _L.CLASS, 9, "class_teacher"),
        _p(
            "liaison_leader",
            "联系班级的中层领导",
            "liaison leader",
            _L.CLASS,
            25,
            "vice_principal",
            "student_affairs",
        ),
        _p("class_leader", "包班领导", "leader answering for the class", _L.CLASS, 25, "vice_principal"),
        # grade
        _p("grade_head", "年级组长", "head of grade", _L.GRADE, 20, "student_affairs"),
        _p("grade_principal", "年级校长", "principal of the grade", _L.GRADE, 30, "principal"),
        # school
        _p("counsellor", "心理教师", "counsellor", _L.SCHOOL, 12, "student_affairs"),
        _p("tutor", "辅导员", "tutor", _L.SCHOOL, 12, "student_affairs"),
        _p("registrar", "学籍管理员", "registrar", _L.SCHOOL, 15, "dean"),
        _p("monitor_reporter", "监测报告员", "monitoring reporter", _L.SCHOOL, 15, "dean"),
        _p("student_affairs", "学生科", "student affairs office", _L.SCHOOL, 28, "vice_principal", "dean"),
        _p("dean", "教导处", "dean's office", _L.SCHOOL, 28, "vice_principal", "student_affairs"),
        _p("moral_education", "德育处", "moral education office", _L.SCHOOL, 27, "vice_principal", "dean"),
        _p("young_pioneers", "少队处", "young pioneers office", _L.SCHOOL, 26, "vice_principal", "dean"),
        _p("duty_leader", "值班校领导", "leader on duty", _L.SCHOOL, 30, "principal", "vice_principal"),
        _p("vice_principal", "分管副校长", "vice principal in charge", _L.SCHOOL, 35, "principal"),
        _p("party_secretary", "党支部书记", "party branch secretary", _L.SCHOOL, 38, "principal"),
        _p("principal", "校长", "principal", _L.SCHOOL, 40, "central_school_head"),
        _p("parents_committee", "家长委员会", "parents' committee", _L.SCHOOL, 5, "student_affairs"),
        # central school
        _p(
            "central_school_head",
            "中心学校校长",
            "head of the central school",
            _L.CENTRAL_SCHOOL,
            45,
            "township_education",
        ),
        _p(
            "central_school_officer",
            "中心学校控辍专干",
            "officer of the central school",
            _L.CENTRAL_SCHOOL,
            36,
            "central_school_head",
        ),
        # village
        _p("group_leader", "村民小组长", "leader of the villagers' group", _L.HAMLET, 6, "village_cadre"),
        _p("village_cadre", "村干部", "village cadre", _L.VILLAGE, 10, "village_head"),
        _p(
            "village_backer",
            "村委会包保领导",
            "village leader answering for children",
            _L.VILLAGE,
            18,
            "village_head",
            "village_head",
        ),
        _p("village_team", "驻村工作队", "work team in the village", _L.VILLAGE, 18, "village_head"),
        _p("helper", "帮扶联系人", "helping contact", _L.VILLAGE, 10, "village_head"),
        _p(
            "village_head",
            "村委会主任",
            "head of the village committee",
            _L.VILLAGE,
            20,
            "township_education",
        ),
        # township
        _p(
            "township_education",
            "分管教育的乡镇领导",
            "township leader for education",
            _L.TOWNSHIP,
            48,
            "township_head",
        ),
        _p("township_head", "乡镇长", "head of the township", _L.TOWNSHIP, 55, "basic_education"),
        _p(
            "township_secretary",
            "乡镇党委书记",
            "township party secretary",
            _L.TOWNSHIP,
            56,
            "basic_education",
        ),
        _p("police_station", "派出所", "police station", _L.TOWNSHIP, 46, "township_head"),
        _p("justice_office", "司法所", "justice office", _L.TOWNSHIP, 46, "township_head"),
        _p("township_office", "乡镇站所", "township offices", _L.TOWNSHIP, 44, "township_head"),
        # county
        _p(
            "basic_education",
            "县教育局基教股",
            "county basic education section",
            _L.COUNTY,
            60,
            "deputy_director",
        ),
        _p(
            "inspectorate",
            "县政府教育督导室",
            "county education inspectorate",
            _L.COUNTY,
            60,
            "deputy_director",
        ),
        _p("deputy_director", "分管副局长", "deputy director in charge", _L.COUNTY, 65, "bureau_director"),
        _p("bureau_director", "县教育局局长", "director of the county bureau", _L.COUNTY, 70, "county_head"),
        _p("county_head", "县长", "head of the county", _L.COUNTY, 80, None),
        _p("civil_affairs", "县民政局", "civil affairs bureau", _L.COUNTY, 58, "county_head"),
        _p("disabled_federation", "县残联", "disabled persons' federation", _L.COUNTY, 58, "county_head"),
        _p(
            "rural_revitalisation",
            "县乡村振兴局",
            "rural revitalisation bureau",
            _L.COUNTY,
            58,
            "county_head",
        ),
        _p("labour_office", "县人社局", "labour bureau", _L.COUNTY, 58, "county_head"),
        _p("women_federation", "县妇联", "women's federation", _L.COUNTY, 58, "county_head"),
        _p("youth_league", "团县委", "youth league", _L.COUNTY, 58, "county_head"),
        _p("court", "县人民法院", "county court", _L.COUNTY, 58, "county_head"),
        # above
        _p(
            "prefecture_officer",
            "市州教育局",
            "prefecture education bureau",
            _L.PREFECTURE,
            85,
            "province_officer",
        ),
        _p("province_officer", "省教育厅", "province education department", _L.PROVINCE, 90, None),
        # the three administrators: apart from each other and from every child (standards.md §11)
        _p("system_admin", "系统管理员", "system administrator", _L.COUNTY, 0),
        _p("security_admin", "安全管理员", "security administrator", _L.COUNTY, 0),
        _p("audit_admin", "审计管理员", "audit administrator", _L.COUNTY, 0),
    )
}

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
# Posts that several people may hold at one place at a time; every other has one holder (and deputies).
SHARED = frozenset(
    {
        "subject_teacher", "morning_teacher", "class_backer", "counsellor", "tutor", "monitor_reporter",
        "duty_leader", "parents_committee", "central_school_officer", "group_leader", "village_cadre",
        "village_backer", "village_team", "helper", "police_station", "justice_office", "township_office",
        "basic_education", "inspectorate", "deputy_director", "civil_affairs", "disabled_federation",
        "rural_revitalisation", "labour_office", "women_federation", "youth_league", "court",
        "prefecture_officer", "province_officer", *ADMINISTRATORS,
    }
)  # fmt: skip
VILLAGE_POSTS = frozenset(code for code, post in POSTS.items() if post.level in (Level.VILLAGE, Level.HAMLET))


def climb(code: str) -> tuple[str, ...]:
    """The posts above ``code`` on its line, nearest first."""
    line: list[str] = []
    above = POSTS[code].up
    while above is not None and above not in line:
        line.append(above)
        above = POSTS[above].up
    return tuple(line)


def outranks(higher: str, lower: str) -> bool:
    """Whether a post stands above another; equal rank does not."""
    return POSTS[higher].rank > POSTS[lower].rank
