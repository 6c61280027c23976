"""Which files belong to what, and who may open them."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404

from guixiao.access.actor import Actor
from guixiao.people.scopes import visible

from .models import NEEDS, Purpose, StoredFile


def of_owner(purpose: Purpose, owner: int) -> list[StoredFile]:
    return list(StoredFile.objects.filter(purpose=purpose, owner=owner).order_by("pk"))


def of_owners(purpose: Purpose, owners: Iterable[int]) -> dict[int, list[StoredFile]]:
    found: dict[int, list[StoredFile]] = {}
    for row in StoredFile.objects.filter(purpose=purpose, owner__in=list(owners)).order_by("pk"):
        found.setdefault(row.owner, []).append(row)
    return found


def file_or_404(actor: Actor, pk: int) -> StoredFile:
    """One file whose visit or case the actor may see. Missing and forbidden look the same."""
    row = StoredFile.objects.select_related("student").filter(pk=pk).first()
    if row is None or not visible(actor, NEEDS[row.purpose]).filter(pk=row.student_id).exists():
        raise Http404
    return row
