"""How a sealed value of a child or guardian is shown to everybody who may see the record."""

from __future__ import annotations

from django.db import models

from guixiao.access import masks


def masked(field: str, value: str) -> str:
    if field.endswith("phone"):
        return masks.phone(value)
    if field.endswith("address"):
        return masks.address(value)
    return masks.id_number(value)


def label(model: models.Model | type[models.Model], name: str) -> str:
    """The word for a column."""
    field = model._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))
