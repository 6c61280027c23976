"""Which village of the county an area code or an address means; only when there is no doubt."""

from __future__ import annotations

from dataclasses import dataclass, field

from guixiao.places import paths
from guixiao.places.models import Kind, Place


@dataclass
class Villages:
    """The villages of one county, by code and by name."""

    codes: dict[str, Place] = field(default_factory=dict)
    names: list[tuple[str, str, Place]] = field(default_factory=list)  # village, township, place
    places: dict[int, Place] = field(default_factory=dict)

    @classmethod
    def around(cls, school: Place) -> Villages:
        """The villages of the county the school lies in."""
        made = cls()
        county = Place.objects.filter(pk__in=paths.ids(school.path), kind=Kind.COUNTY).first()
        if county is None:
            return made
        rows = Place.objects.filter(paths.beneath("path", county.path), kind=Kind.VILLAGE, closed_on=None)
        for place in rows.select_related("parent"):
            made.places[place.pk] = place
            if len(place.code) == 12:
                made.codes[place.code] = place
            if len(place.name) >= 2:
                made.names.append((place.name, place.parent.name if place.parent else "", place))
        return made

    def by_code(self, text: str) -> Place | None:
        """A village by its twelve digits, or by an address that names it."""
        return self.codes.get(text) or (None if text.isdigit() else self.in_address(text))

    def in_address(self, address: str) -> Place | None:
        """The one village named in an address; the township decides between namesakes."""
        if not address:
            return None
        found = [(town, place) for name, town, place in self.names if name in address]
        if len(found) > 1:
            found = [(town, place) for town, place in found if town and town in address]
        return found[0][1] if len(found) == 1 else None

    def path(self, pk: int | None) -> str:
        place = self.places.get(pk or 0)
        return place.path if place else ""
