"""Which object each files URL is asked for in the generated matrix tests."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from guixiao.files import actions, blobs
from guixiao.files.intake import Intake
from guixiao.files.models import Purpose, StoredFile
from guixiao.journal.append import append
from guixiao.testing.cast import Cast


def photo(cast: Cast, inside: bool) -> dict[str, object]:
    child = cast.child if inside else cast.children["石远"]
    by = cast.actor("class_teacher" if inside else "outsider").by("visit.record")
    one = Intake(blobs.put(b"picture"), "门口.jpg", "image/jpeg", 7, "0" * 64)
    with transaction.atomic():
        kept = actions.keep(
            by=by, now=cast.now, student=child, purpose=Purpose.VISIT_PHOTO, owner=1, intakes=[one]
        )
        append(kept, by=by, now=cast.now)
    return {"pk": StoredFile.objects.order_by("pk").last().pk}  # type: ignore[union-attr]  # just made


TARGETS: dict[str, Callable[[Cast, bool], dict[str, object]]] = {"files:show": photo}
