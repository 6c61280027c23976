"""Which kinds of place lie beneath which, and which grades a school has."""

from __future__ import annotations

from guixiao.places.models import Kind, Place, SchoolKind

BENEATH: dict[str, tuple[Kind, ...]] = {
    Kind.COUNTY: (Kind.TOWNSHIP, Kind.CENTRAL_SCHOOL, Kind.SCHOOL),
    Kind.TOWNSHIP: (Kind.VILLAGE, Kind.CENTRAL_SCHOOL, Kind.SCHOOL),
    Kind.VILLAGE: (Kind.HAMLET,),
    Kind.CENTRAL_SCHOOL: (Kind.SCHOOL,),
    Kind.SCHOOL: (Kind.GRADE,),
    Kind.GRADE: (Kind.CLASS,),
}
GRADES_OF = {
    SchoolKind.PRIMARY: range(1, 7),
    SchoolKind.JUNIOR: range(7, 10),
    SchoolKind.NINE_YEAR: range(1, 10),
    SchoolKind.SPECIAL: range(1, 13),
    SchoolKind.VOCATIONAL: range(10, 13),
}


def beneath(place: Place) -> tuple[Kind, ...]:
    return BENEATH.get(place.kind, ()) if place.closed_on is None else ()


def stage_of(school: Place) -> range:
    """The grades of a school of its kind; any grade where the kind is not known."""
    return GRADES_OF.get(SchoolKind(school.school_kind), range(1, 13)) if school.school_kind else range(1, 13)
