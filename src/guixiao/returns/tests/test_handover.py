"""A return that waits for a hand is on the list of who hands the post over, and only of him or her."""

from __future__ import annotations

from datetime import date

import pytest

from guixiao.places.models import Holding
from guixiao.staffing import matters
from guixiao.testing.cast import Cast

from .tools import LATER, checked, compiled, drop_out, signed

pytestmark = pytest.mark.django_db


def waiting(cast: Cast, post: str) -> list[object]:
    holding = Holding.objects.select_related("person", "place").get(pk=cast.holdings[post].pk)
    kept = matters.snapshot(holding, LATER).get("returns", {"ids": []})
    return list(kept["ids"])


def test_whose_hand_is_missing(cast: Cast) -> None:
    drop_out(cast.child, date(2026, 9, 28))
    report = compiled(cast)
    assert waiting(cast, "class_teacher") == [report.pk]
    assert waiting(cast, "vice_principal") == []
    report = checked(cast, report)
    assert waiting(cast, "class_teacher") == []
    assert waiting(cast, "vice_principal") == [report.pk]
    holding = Holding.objects.select_related("person", "place").get(pk=cast.holdings["vice_principal"].pk)
    kept = matters.snapshot(holding, LATER)
    (shown,) = [
        each for each in matters.shown(holding, kept, cast.actor("principal")) if each.kind == "returns"
    ]
    assert "2026年9月月报" in shown.items[0].what
    assert shown.items[0].url == f"/returns/{report.pk}/"


def test_a_signed_return_is_done(cast: Cast) -> None:
    report = compiled(cast)
    holding = Holding.objects.select_related("person", "place").get(pk=cast.holdings["class_teacher"].pk)
    kept = matters.snapshot(holding, LATER)
    signed(cast, report)
    (shown,) = [
        each for each in matters.shown(holding, kept, cast.actor("principal")) if each.kind == "returns"
    ]
    assert shown.items[0].done
