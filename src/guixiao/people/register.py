"""What ``access`` may ask about a child, for the record of looks and for emergency looks."""

from __future__ import annotations

from django.db.models import Q

from guixiao.access.actor import Actor
from guixiao.access.children import Child
from guixiao.access.vault import blind_index

from .models import Student
from .scopes import visible


class PeopleRegister:
    """Implements :class:`guixiao.access.children.Register`."""

    def visible(self, actor: Actor, action: str, pk: int) -> Child | None:
        student = visible(actor, action).select_related("klass", "school").filter(pk=pk).first()
        if student is None:
            return None
        where = " ".join(place.name for place in (student.school, student.klass) if place)
        return Child(student.pk, student.name, where)

    def by_number(self, number: str) -> int | None:
        index = blind_index(number)
        if not index:
            return None
        found = Student.objects.filter(Q(id_index=index) | Q(number_index=index))
        return found.values_list("pk", flat=True).first()
