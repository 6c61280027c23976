"""An account for everybody; those whose post is shown at start get a password."""

from __future__ import annotations

from guixiao.access.actions import open_account
from guixiao.facts import SYSTEM
from guixiao.facts.posts import POSTS
from guixiao.places.models import Person, Place

from .county import BUILT, County
from .staff import Staff

PASSWORD = "Qinghe-2026"  # noqa: S105 - printed at start: the made-up county has nothing to hide
Login = tuple[str, str, str]
SHOWN = (
    ("class_teacher", "teacher"), ("liaison_leader", "liaison"), ("class_backer", "backer"),
    ("student_affairs", "affairs"), ("dean", "dean"), ("registrar", "registrar"),
    ("vice_principal", "vice"), ("principal", "principal"), ("central_school_head", "central"),
    ("village_head", "village"), ("township_education", "township"), ("basic_education", "county"),
    ("inspectorate", "inspectorate"), ("deputy_director", "deputy"), ("bureau_director", "director"),
    ("prefecture_officer", "prefecture"), ("province_officer", "province"),
    ("system_admin", "sysadmin"), ("security_admin", "secadmin"), ("audit_admin", "auditor"),
)  # fmt: skip


def open_accounts(staff: Staff, county: County) -> tuple[dict[int, int], list[Login]]:
    """``({person id: account id}, [(name to type, person, post)])``."""
    accounts: dict[int, int] = {}
    logins: list[Login] = []
    for username, person, title in _shown(staff, county):
        account = open_account(
            by=SYSTEM, now=BUILT, person=person, username=username, password=PASSWORD, must_change=False
        )
        accounts[person.pk] = account.pk
        logins.append((username, person.name, title))
    for person in staff.people:
        if person.pk not in accounts:
            account = open_account(by=SYSTEM, now=BUILT, person=person, username=person.staff_number)
            accounts[person.pk] = account.pk
    return accounts, logins


def _shown(staff: Staff, county: County) -> list[tuple[str, Person, str]]:
    """One person for each post, at 石板河初级中学, 岩脚村 and above; a teacher elsewhere as the outsider."""
    school = county.school("石板河初级中学")
    seats: dict[str, Place] = {
        "class": next(place for place in school.classes if place.name == "八（3）班"),
        "school": school.place,
        "central_school": county.by_name["石板河中心学校"],
        "village": county.by_name["岩脚村"],
        "township": county.by_name["石板河镇"],
        "county": county.place,
        "prefecture": county.by_name["青禾州"],
        "province": county.by_name["青禾省"],
    }
    rows = []
    for post, username in SHOWN:
        place = seats[POSTS[post].level.value]
        rows.append((username, staff.person(post, place), f"{POSTS[post].zh}（{place.name}）"))
    far = county.school("双河中心小学").classes[0]
    rows.append(("outsider", staff.person("class_teacher", far), "外校班主任（双河中心小学）"))
    return rows
